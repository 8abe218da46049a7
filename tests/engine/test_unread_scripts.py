"""Scripts in the commands of services: each is judged, or a gap says that it is not."""

from __future__ import annotations

import json
from shlex import quote

import pytest

from tightship.api import check_text
from tightship.frontends.dockerfile.build import Build
from tightship.isolation.entrypoint_script import Startup
from tightship.syntax.dockerfile.read import read
from tightship.text import Source

_BAD = "dockerd -H tcp://0.0.0.0:2375"
_LIMITS = {
    "blocks": "if a; then " * 40 + _BAD + "; fi" * 40,
    "substitutions": "$$(" * 60 + _BAD + ")" * 60,
    "a heredoc, and many lines": "cat <<X\na\nX\n" + "a\n" * 33_340 + _BAD,
    "pipes": "a | " * 49_999 + _BAD,
    "wrappers": "sudo " * 20 + _BAD,
}


def nested(depth: int) -> str:
    text = _BAD
    for _ in range(depth):
        text = f"sh -c {quote(text)}"
    return text


def rules(service: str, head: str = "") -> list[str]:
    text = f"{head}services: {{s: {{image: 'docker:29-dind', {service}}}}}\n"
    return [one.rule for one in check_text(text, "compose.yaml").findings]


@pytest.mark.parametrize("depth", range(8))
@pytest.mark.parametrize("key", ["command", "entrypoint"])
def test_a_script_within_scripts_is_judged_in_a_service(depth: int, key: str) -> None:
    text = json.dumps(nested(depth))
    for value in (text, f"[sh, -c, {text}]"):
        assert "daemon-api-over-tcp" in rules(f"{key}: {value}")


@pytest.mark.parametrize("text", _LIMITS.values(), ids=_LIMITS)
def test_no_limit_of_the_shell_reader_hides_a_flag_of_a_service(text: str) -> None:
    for value in (f"[sh, -c, {json.dumps(text)}]", json.dumps(f"sh -c {quote(text)}")):
        assert "daemon-api-over-tcp" in rules(f"command: {value}")


@pytest.mark.parametrize(
    "service",
    [
        "command: *a",
        "command: [sh, -c, *a]",
        "entrypoint: [*a]",
        "healthcheck: {test: [CMD-SHELL, *a]}",
        "post_start: [{command: [sh, -c, *a]}]",
    ],
)
def test_a_script_that_is_too_long_to_be_read_for_each_service_is_a_gap(service: str) -> None:
    def gaps(length: int) -> int:
        script = json.dumps("a " * length + _BAD)
        return rules(service, f"x-a: &a {script}\n").count("not-checked")

    assert gaps(2_000) == 1
    assert gaps(1_000) == 0


def test_a_long_text_that_no_shell_reads_is_no_gap() -> None:
    text = json.dumps("a " * 2_000)
    assert "not-checked" not in rules("command: [b, *a]", f"x-a: &a {text}\n")
    assert "not-checked" not in rules(f"command: [sh, -c, {text}]")


@pytest.mark.parametrize("depth", [1, 2, 3, 8])
def test_an_unread_start_script_gains_no_privileges_for_certain(depth: int) -> None:
    """What is not read may call `sudo`."""
    text = nested(depth)
    steps = f"FROM a:1\nENTRYPOINT {json.dumps(['sh', '-c', text])}\n"
    built = Build(read(Source("Dockerfile", steps))).stages[0]
    plain = Build(read(Source("Dockerfile", "FROM a:1\n"))).stages[0]
    for startup in (Startup(built), Startup(plain, ["sh", "-c", text])):
        assert startup.gains_privileges() is (False if depth < 3 else None)
