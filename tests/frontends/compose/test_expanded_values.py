"""What a variable comes to: Compose refuses what does not fit the place, and so do we."""

from __future__ import annotations

import json
import os
import re
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from tests.frontends.compose.test_config_differential import assemble

from tightship.frontends.compose.fast_path import is_plain
from tightship.frontends.compose.specification.keys import FILE
from tightship.rules.compose.correctness.invalid_variable import invalid_variable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.conftest import Judge

    from tightship.frontends.compose.specification.shape import Shape

    Keys = tuple[str | int, ...]
    Refused = Callable[[Path, str], bool]

# What docker-compose 2.26.1 does not know yet.
YOUNGER = {"jobs", "models", "pre_start"}


def _choosy(shape: Shape, path: Keys = (), above: tuple[Shape, ...] = ()) -> Iterator[Keys]:
    """Yield the places that do not take any text."""
    if any(shape is one for one in above) or YOUNGER.intersection(map(str, path)):
        return
    if shape.merge == "replace" or (shape.scalars and not shape.plain and not shape.anything):
        yield path
    chosen = "web" if path == ("services",) else "name"
    below: list[tuple[str | int, Shape | None]] = [*(shape.keys or {}).items()]
    below += [(chosen, shape.each), (0, shape.items)]
    for key, one in below:
        if one is not None:
            yield from _choosy(one, (*path, key), (*above, shape))


PLACES = sorted(_choosy(FILE), key=str)


def _project(path: Keys, value: str) -> str:
    written: Any = value
    for key in reversed(path):
        written = [written] if key == 0 else {key: written}
    if path[:2] != ("services", "web"):
        written.setdefault("services", {"web": {}})
    if isinstance(written["services"], dict) and len(path) != 2:
        written["services"]["web"].setdefault("image", "n")
    return json.dumps(written)


@pytest.fixture(scope="module")
def refused(docker_compose: str) -> Refused:
    """Tell whether docker-compose refuses a file."""

    def ask(folder: Path, text: str) -> bool:
        (folder / "compose.yaml").write_text(text)
        environment = {"PATH": os.environ["PATH"], "HOME": str(folder)}
        command = [docker_compose, "config", "-q"]
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, check=False
        )
        return done.returncode != 0

    return ask


@pytest.mark.parametrize("value", ["maybe", "-1"])
@pytest.mark.parametrize("path", PLACES, ids=lambda path: ".".join(map(str, path)))
def test_compose_rejects_all_invalid_values(
    refused: Refused, tmp_path: Path, path: Keys, value: str
) -> None:
    text = _project(path, f"${{X:-{value}}}")
    theirs = refused(tmp_path, text)
    ours = assemble(tmp_path, [])
    casts = [fault for fault in ours.faults if fault.kind == "cast"]
    assert theirs or not casts, casts[0].message
    if casts:
        assert ours.root is not None
        assert not is_plain(ours.root)


SERVICE = "services: {{web: {{image: n, {}}}}}"
UNFIT = (
    "read_only: '${X:-maybe}'",
    "read_only: '${X:-tru}'",
    "privileged: '${X:-}'",
    "init: '${X-2}'",
    "tty: '${X:-${Y:-si}}'",
    "oom_score_adj: '${X:-low}'",
    "pids_limit: '${X:-1.5}'",
    "scale: '${X:-two}'",
    "mem_limit: '${X:-much}'",
    "shm_size: '${X:-64mega}'",
    "stop_grace_period: '${X:-soon}'",
    "healthcheck: {test: a, interval: '${X:-30}'}",
    "healthcheck: {test: a, retries: '${X:-few}'}",
    "cpus: '${X:-half}'",
    "cpus: '${X:-1__0}'",
    "cpu_percent: '${X:-1.5}'",
    "cpu_percent: '${X:-101}'",
    "cgroup: '${X:-hots}'",
    "pull_policy: '${X:-sometimes}'",
    "ports: ['${X:-http}:80']",
    "ports: [{target: '${X:-http}'}]",
    "volumes: [{type: bind, source: /a, target: /a, read_only: '${X:-maybe}'}]",
    "depends_on: {web: {condition: '${X:-ready}'}}",
    "command: '${X:-a \"b}'",
)
FIT = (
    "read_only: '${X:-true}'",
    "read_only: '${X:-YES}'",
    "pids_limit: '${X:--1}'",
    "mem_limit: '${X:-1.5g}'",
    "stop_grace_period: '${X:-1m30s}'",
    "cpus: '${X:-.5}'",
    "cpus: '${X:-1_000}'",
    "cpus: '${X:-0x1p4}'",
    "cpu_percent: '${X:-1e1}'",
    "cpu_percent: '${X:-5.}'",
    "cgroup: '${X:-host}'",
    "pull_policy: '${X:-missing}'",
    "ports: ['${X:-8080}:80', '${IP:-127.0.0.1}:${P:-1}-${Q:-2}:1-2']",
    "command: '${X:-a \"b\"}'",
    "restart: '${X:-maybe}'",
    "environment: {A: '${X:-maybe}'}",
)


@pytest.mark.parametrize("body", UNFIT)
def test_an_invalid_default_is_found(judge: Judge, body: str) -> None:
    [one] = judge(SERVICE.format(body), [invalid_variable])
    assert "X" in one.span.text
    assert one.finding.message.endswith("default of `${X}`)")


@pytest.mark.parametrize("body", UNFIT)
def test_compose_still_rejects_it(refused: Refused, tmp_path: Path, body: str) -> None:
    assert refused(tmp_path, SERVICE.format(body))


@pytest.mark.parametrize("body", FIT)
def test_a_valid_default_is_not_found(judge: Judge, body: str) -> None:
    assert not judge(SERVICE.format(body), [invalid_variable])


@pytest.mark.parametrize("body", FIT)
def test_compose_still_accepts_it(refused: Refused, tmp_path: Path, body: str) -> None:
    assert not refused(tmp_path, SERVICE.format(body))


@pytest.mark.parametrize("body", UNFIT)
def test_values_of_the_environment_are_not_found(judge: Judge, body: str) -> None:
    undecided = re.sub(r"'\$\{X[^']*'", "'${X}'", body)
    assert not judge(SERVICE.format(undecided), [invalid_variable])


def test_an_invalid_value_of_env_is_found(judge: Judge) -> None:
    files = {"compose.yaml": SERVICE.format("tty: $X"), ".env": "X=si\n"}
    [one] = judge(files, [invalid_variable])
    assert one.finding.message == (
        "`tty` must be true or false; the value is not (`${X}` from `.env`)"
    )
