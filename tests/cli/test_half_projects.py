"""A project with one service that Compose rejects, in each command: the others are reported."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from tests.frontends.compose.refused_services import FILES, FINE, KINDS

from tightship.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

    from tests.frontends.compose.refused_services import Refused

WORSE = FINE.replace("    ports:", "    privileged: true\n    ports:")

SINGLE = {
    "harden": ("harden",),
    "harden --diff": ("harden", "--diff"),
    "harden as json": ("harden", "--output-format", "json"),
    "map": ("map",),
    "map of one": ("map", "web"),
    "map as json": ("map", "--output-format", "json"),
    "map as mermaid": ("map", "--output-format", "mermaid"),
    "isolation": ("explain", "--isolation"),
    "isolation of one": ("explain", "--isolation", "web"),
    "isolation as json": ("explain", "--isolation", "--output-format", "json"),
    "html": ("check", "--output-format", "html"),
}
COMPARED = {
    "text": ("diff", "old", "new"),
    "comment": ("diff", "old", "new", "--output-format", "markdown"),
    "json": ("diff", "old", "new", "--output-format", "json"),
}
CHECKS = ("text", "concise", "json", "sarif", "github", "gitlab", "junit", "checkstyle", "markdown")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for below in ("", "old", "new"):
        (tmp_path / below).mkdir(exist_ok=True)
        for name, text in FILES.items():
            (tmp_path / below / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main([*words])
    out, error = capsys.readouterr()
    return code, out, error


def plain(text: str) -> str:
    """Return a text without the marks of Markdown, HTML and JSON, which reasons have too."""
    text = text.replace("<code>", "`").replace("</code>", "`").replace("&#39;", "'")
    return text.replace("\\", "")


@pytest.mark.parametrize("command", SINGLE)
@pytest.mark.parametrize("kind", KINDS)
def test_the_fine_service_is_there_and_the_other_one_is_not_checked(
    kind: str, command: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    refused = KINDS[kind]
    (folder / "compose.yaml").write_text(WORSE + refused.text)
    code, out, error = printed(capsys, *SINGLE[command])
    assert code == 2 or command == "html"
    assert code
    assert "web" in out or "nginx" in out
    listed = plain(out if command == "html" else error)
    assert "bad" in listed
    assert "not checked" in listed.lower()
    assert refused.reason in listed
    assert "compose.yaml:" in listed or "bad.env:1" in listed


@pytest.mark.parametrize("command", COMPARED)
@pytest.mark.parametrize("kind", KINDS)
def test_a_change_of_the_fine_service_is_seen_next_to_one_that_was_and_is_refused(
    kind: str, command: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    refused = KINDS[kind]
    (folder / "old/compose.yaml").write_text(FINE + refused.text)
    (folder / "new/compose.yaml").write_text(WORSE + refused.text)
    code, out, _ = printed(capsys, *COMPARED[command])
    assert code == 1
    assert "privileged" in out
    assert plain(out).count(refused.reason) == 1
    assert "service `bad`" in plain(out)
    (folder / "old/compose.yaml").write_text(WORSE + refused.text)
    code, out, _ = printed(capsys, *COMPARED[command])
    assert code == 0
    assert plain(out).count(refused.reason) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_refusal_that_a_change_adds_fails_and_one_that_it_repairs_does_not(
    kind: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fine = f"{FINE}  bad: {{image: x}}\n"
    for old, new, expected, side in (
        (fine, FINE + KINDS[kind].text, 2, "after"),
        (FINE + KINDS[kind].text, fine, 0, "before"),
        (FINE, FINE + KINDS[kind].text, 2, "after"),
    ):
        (folder / "old/compose.yaml").write_text(old)
        (folder / "new/compose.yaml").write_text(new)
        code, out, _ = printed(capsys, *COMPARED["text"])
        assert code == expected, out
        assert f"was not checked {side} the change: " in out
        # What is written counts: with the host's network, others reach it.
        assert "  web  " not in out or kind == "contradiction"
        assert "removed" not in out


@pytest.mark.parametrize("form", CHECKS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_check_reports_both(
    kind: str, form: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    refused = KINDS[kind]
    (folder / "compose.yaml").write_text(WORSE + refused.text)
    code, out, _ = printed(capsys, "check", "--output-format", form)
    assert code
    assert "privileged" in out
    name = "bad.env" if kind == "file of variables" else "compose.yaml"
    assert name in out
    assert is_in(refused, out, form)


def is_in(refused: Refused, text: str, form: str) -> bool:
    """Return whether a report has the reason, however the format writes its signs."""
    word = refused.reason.strip("` ").split("`")[0].strip()
    return form == "markdown" or word in plain(text)


@pytest.mark.parametrize("kind", KINDS)
def test_programs_get_the_reason_and_unknown_states(
    kind: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    refused = KINDS[kind]
    (folder / "compose.yaml").write_text(FINE + refused.text)
    _, out, _ = printed(capsys, *SINGLE["isolation as json"])
    data = json.loads(out)
    assert any(refused.reason in one["message"] for one in data["gaps"])
    profiles = {one["service"]: one for one in data["services"]}
    assert {"web", "db"} <= profiles.keys()
    assert profiles["web"]["not_checked"] is None
    assert refused.reason in profiles.get("bad", {}).get("not_checked", refused.reason)
    _, out, _ = printed(capsys, "check", "--output-format", "json")
    assert {one["service"]: one for one in json.loads(out)["profiles"]}.keys() == profiles.keys()
    _, out, _ = printed(capsys, *SINGLE["map as json"])
    found = {one["name"]: one for one in json.loads(out)["services"]}
    assert refused.reason in (found.get("bad", {}).get("unknown") or refused.reason)


def test_harden_writes_the_fine_service_only(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = "  bad:\n    image: nginx:1.29\n    imagee: y\n"
    (folder / "compose.yaml").write_text(FINE + bad)
    code, out, _ = printed(capsys, "harden", "--write")
    text = (folder / "compose.yaml").read_text()
    assert code == 2
    assert "Hardened 2 of 3 services" in out
    assert text.endswith(bad)
    assert text.count("read_only: true") == 2


@pytest.mark.parametrize(
    ("borrowed", "sign"),
    [
        ("network_mode: 'service:bad'", "network namespace"),
        ("pid: 'service:bad'", "pid namespace"),
        ("ipc: 'service:bad'", "ipc namespace"),
    ],
)
def test_what_others_share_with_it_is_unknown(
    borrowed: str, sign: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = "  bad: {image: x, imagee: y}\n"
    text = f"{FINE}{bad}  guest: {{image: x, {borrowed}}}\n"
    (folder / "compose.yaml").write_text(text)
    _, out, _ = printed(capsys, "explain", "--isolation", "guest")
    assert f"? {sign}" in out
    (folder / "compose.yaml").write_text(text.replace(", imagee: y", ""))
    _, out, _ = printed(capsys, "explain", "--isolation", "guest")
    assert f"? {sign}" not in out


def test_the_map_names_a_network_that_is_unknown_through_it(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = f"{FINE}  bad: {{image: x, imagee: y}}\n  guest: {{image: x, network_mode: 'service:bad'}}\n"
    (folder / "compose.yaml").write_text(text)
    _, out, _ = printed(capsys, "map")
    assert "the network of `guest` is not in the files" in out
    assert "\nNot checked\n  bad  Compose rejects service `bad`: `imagee` is not a key" in out


def test_a_known_danger_stays_one(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = "  bad: {image: x, imagee: y, privileged: true}\n"
    (folder / "compose.yaml").write_text(FINE + bad)
    _, out, _ = printed(capsys, "explain", "--isolation")
    assert "\nbad      F      " in out
    (folder / "old/compose.yaml").write_text((FINE + bad).replace(", privileged: true", ""))
    (folder / "new/compose.yaml").write_text(FINE + bad)
    code, out, _ = printed(capsys, *COMPARED["text"])
    assert code == 1
    assert "known only at run time \N{RIGHTWARDS ARROW} " in out or "`privileged`" in out


def test_a_comment_tells_a_part_from_the_whole(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    part = FINE + KINDS["unknown key"].text
    for text, heading in (
        (part, "no change of isolation in what could be checked"),
        (f"{FINE}x: [\n", "isolation could not be compared"),
    ):
        (folder / "old/compose.yaml").write_text(text)
        (folder / "new/compose.yaml").write_text(f"{text}# changed\n")
        code, out, _ = printed(capsys, *COMPARED["comment"])
        assert code == 0
        assert f"## Tightship: {heading}\n" in out


def test_an_accepted_refusal_is_not_listed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = "  bad:\n    image: x\n    # tightship: ignore[not-checked] made by the build\n"
    (folder / "compose.yaml").write_text(f"{FINE}{bad}    build: ./nope\n")
    code, _, error = printed(capsys, "map")
    assert (code, error) == (0, "")
