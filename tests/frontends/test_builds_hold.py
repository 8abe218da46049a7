"""The examples of rules about `build`, as targets of bake files, commands and steps of workflows.

What builds an image for no container is judged as the build of a service is.
"""

from __future__ import annotations

import json
import shlex
from functools import cache
from typing import TYPE_CHECKING, Any, cast

import pytest
import yaml
from tests.frontends.docker_run.test_check import put

from tightship.engine.check import check
from tightship.engine.plan.config_files import Configs
from tightship.engine.plan.planning import plan_paths
from tightship.engine.settings import CommandLine
from tightship.isolation.buildable import Buildable
from tightship.rules import every_rule
from tightship.rules.example import Bad, marked
from tightship.text import apply_edits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tightship.engine.verdict import JudgedFinding
    from tightship.rules.definition import Rule

WORKFLOW = ".github/workflows/ci.yml"
_LISTS = {"args": "build-arg", "additional_contexts": "build-context", "entitlements": "allow"}
_TEXTS = ("network", "target", "dockerfile")
_BAKE = {"additional_contexts": "contexts"}


class NoCounterpartError(Exception):
    """A key that has no counterpart."""


def _pairs(value: Any) -> list[str]:
    if isinstance(value, dict):
        given = cast("dict[str, Any]", value)
        return [f"{key}={one}" for key, one in given.items()]
    return [str(one) for one in value]


def _as_command(build: dict[str, Any]) -> str:
    words = ["docker", "build"]
    for key, value in build.items():
        if key in _LISTS:
            words += [word for one in _pairs(value) for word in (f"--{_LISTS[key]}", one)]
        elif key in _TEXTS:
            words += [f"--{key}", str(value)]
        elif key != "context":
            raise NoCounterpartError(key)
    return shlex.join([*words, str(build.get("context", "."))]) + "\n"


def _as_target(build: dict[str, Any]) -> str:
    lines = list[str]()
    for key, value in build.items():
        if key in ("args", "additional_contexts"):
            pairs = (one.partition("=") for one in _pairs(value))
            inner = ", ".join(f"{json.dumps(name)} = {json.dumps(text)}" for name, _, text in pairs)
            lines.append(f"{_BAKE.get(key, key)} = {{ {inner} }}")
        elif key == "entitlements" or key in _TEXTS or key == "context":
            lines.append(f"{key} = {json.dumps(value)}")
        else:
            raise NoCounterpartError(key)
    return 'target "web" {\n  ' + "\n  ".join(lines) + "\n}\n"


def _as_step(build: dict[str, Any]) -> str:
    inputs = dict[str, str]()
    for key, value in build.items():
        if key in ("args", "additional_contexts"):
            name = "build-args" if key == "args" else "build-contexts"
            inputs[name] = "\n".join(_pairs(value))
        elif key == "entitlements":
            inputs["allow"] = ",".join(value)
        elif key in (*_TEXTS, "context"):
            inputs["file" if key == "dockerfile" else key] = str(value)
        else:
            raise NoCounterpartError(key)
    step = {"uses": "docker/build-push-action@v6", "with": inputs}
    return yaml.safe_dump({"jobs": {"a": {"steps": [step]}}})


WAYS: dict[str, Callable[[dict[str, Any]], str]] = {
    "build.sh": _as_command,
    "docker-bake.hcl": _as_target,
    WORKFLOW: _as_step,
}


def _examples(rule: Rule) -> Iterator[dict[str, str]]:
    for one in rule.examples:
        if isinstance(one, Bad):
            files = {"compose.yaml": one.files} if isinstance(one.files, str) else one.files
            yield {name: marked(text)[0] for name, text in files.items()}


@cache
def cases() -> list[tuple[Rule, str, dict[str, str], str]]:
    """Return rule, file, the files of the example and the translation of its only build."""
    found = list[tuple["Rule", str, dict[str, str], str]]()
    about = [rule for rule in every_rule() if Buildable in rule.on]
    for rule, files in ((one, files) for one in about for files in _examples(one)):
        loaded: Any = yaml.safe_load(files.get("compose.yaml", ""))
        services = [*loaded["services"].values()] if loaded else []
        builds = [one["build"] for one in services if "build" in one]
        if len(builds) != 1 or "tightship.toml" in files:
            continue
        is_long = isinstance(builds[0], dict)
        build = cast("dict[str, Any]", builds[0] if is_long else {"context": builds[0]})
        own = f"services: {json.dumps({'web': {'build': build}})}\n"
        for name, translate in WAYS.items():
            try:
                found.append((rule, name, {**files, "compose.yaml": own}, translate(build)))
            except NoCounterpartError:
                continue
    return found


def test_each_rule_about_builds_has_a_case() -> None:
    names = {rule.name for rule, *_ in cases()}
    assert names >= {
        "host-network-build",
        "privileged-build",
        "undeclared-build-argument",
        "unpinned-remote-context",
        "mutable-image-tag",
        "literal-secret-in-environment",
    }


def _found_in(root: Path, name: str, rule: Rule) -> list[JudgedFinding]:
    configs = Configs(CommandLine((rule.name,)), isolated=True)
    verdicts = [*check(plan_paths([str(root / name)], configs))]
    return [one for verdict in verdicts for one in verdict.findings if one.rule.name == rule.name]


@pytest.mark.parametrize(
    ("rule", "name", "files", "text"),
    [pytest.param(*one, id=f"{one[0].name}-{one[1]}-{at}") for at, one in enumerate(cases())],
)
def test_a_rule_finds_the_same(
    rule: Rule, name: str, files: dict[str, str], text: str, tmp_path: Path
) -> None:
    (tmp_path / ".git").mkdir()
    put(tmp_path, {"Dockerfile": "FROM alpine:3.22\n", **files, name: text})
    wanted, found = (_found_in(tmp_path, one, rule) for one in ("compose.yaml", name))
    assert len(found) == len(wanted), text
    usual = [[one.usual or one.severity for one in group] for group in (found, wanted)]
    assert usual[0] == usual[1]
    for one in found:
        assert "service" not in one.finding.message
        fix = one.finding.fix
        assert bool(fix) is bool(wanted[0].finding.fix), text
        if fix is not None:
            (tmp_path / name).write_text(apply_edits(one.span.source, fix.edits))
            assert len(_found_in(tmp_path, name, rule)) == len(found) - 1
            (tmp_path / name).write_text(text)
