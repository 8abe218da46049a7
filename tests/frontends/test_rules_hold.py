"""The examples of rules for Compose files, in the language of each front end.

Where flags can say the same as an example, a rule finds the same, and its fix means the same.
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any, cast

import pytest
import yaml
from tests.frontends.translations import NAMES, NoFlag, translated

from tightship.engine.check import check
from tightship.engine.plan.config_files import Configs
from tightship.engine.plan.planning import plan_text
from tightship.engine.settings import CommandLine
from tightship.frontends.flags.flags import flags_by_key
from tightship.rules import every_rule
from tightship.rules.example import Bad, marked
from tightship.text import apply_edits

if TYPE_CHECKING:
    from pathlib import Path

    from tightship.engine.verdict import JudgedFinding
    from tightship.rules.definition import Rule

_SUBJECTS = {"Container", "Mount", "Port", "Device", "DeviceRule", "AddedCapability"}
# What Compose's own edits can do and flags cannot.
_WITHOUT_FIX = {"default-bridge-network"}
# `--device` takes permissions in the place of the target.
_OF_COMPOSE_ALONE = {"device-permission-as-target"}
# What Compose or Docker rejects and others take: `builtin` is a name to Docker itself, and Podman
# has no least limit, no daemon that maps users, private namespaces by name, and slices of its own.
_OF_COMPOSE = ("seccomp=builtin",)
_OTHERWISE = {
    "docker-run": _OF_COMPOSE,
    "actions": _OF_COMPOSE,
    "devcontainer": _OF_COMPOSE,
    "quadlet": ("mem_limit: 4m", 'userns_mode: "host"', "pid: private", "user.slice"),
}
# What a text about a container without Compose must not have: a key that a flag stands for, as
# code that no name comes before, and Compose's word for a container.
_KEYS = {path[0] for path in flags_by_key()} - {"tmpfs", "image", "command"} | {"network_mode"}
_OWN_KEYS = {"actions": {"ports", "volumes"}, "devcontainer": {"privileged", "init"}}
_CODE = re.compile(r"(\w+ )?`([a-z_]+)(?:[.:][^`]*)?`")
_BEFORE_NAMES = ("container ", "group ", "user ")
_SERVICE = re.compile(r"(?<![\w-])[Ss]ervices?(?![\w-])")


@cache
def cases() -> list[tuple[Rule, str, str, str]]:
    """Return rule, front end, the example and its translation."""
    found = list[tuple["Rule", str, str, str]]()
    for rule in every_rule():
        if rule.language != "compose" or _SUBJECTS.isdisjoint(one.__name__ for one in rule.on):
            continue
        if rule.name in _OF_COMPOSE_ALONE:
            continue
        for example in rule.examples:
            if not isinstance(example, Bad) or not isinstance(example.files, str):
                continue
            text = marked(example.files)[0]
            service = _only_service(text)
            for front_end in NAMES if service is not None else ():
                try:
                    found.append((rule, front_end, text, translated(front_end, service or {})))
                except NoFlag:
                    continue
    return found


def _only_service(text: str) -> dict[str, Any] | None:
    try:
        loaded: Any = yaml.safe_load(text)
        assert [*loaded] == ["services"]
        [service] = loaded["services"].values()
        assert isinstance(service, dict)
    except (yaml.YAMLError, AssertionError, AttributeError, TypeError, ValueError):
        return None
    return cast("dict[str, Any]", service)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    return tmp_path


def found_in(root: Path, name: str, text: str, rule: Rule) -> list[JudgedFinding]:
    configs = Configs(CommandLine((rule.name,)), isolated=True)
    verdicts = [*check(plan_text(str(root / name), text, configs))]
    return [one for verdict in verdicts for one in verdict.findings if one.rule.name == rule.name]


@pytest.mark.parametrize(
    ("rule", "front_end", "example", "text"),
    [pytest.param(*one, id=f"{one[0].name}-{one[1]}-{at}") for at, one in enumerate(cases())],
)
def test_a_rule_finds_the_same(
    rule: Rule, front_end: str, example: str, text: str, root: Path
) -> None:
    wanted = found_in(root, "compose.yaml", example, rule)
    if any(one in example for one in _OTHERWISE[front_end]):
        wanted = []
    found = found_in(root, NAMES[front_end], text, rule)
    assert len(found) == len(wanted), text
    fixed, expected = ([bool(one.finding.fix) for one in group] for group in (found, wanted))
    if front_end in ("docker-run", "actions") and rule.name not in _WITHOUT_FIX:
        assert fixed == expected, text
    for one in found:
        if one.finding.fix is not None:
            after = apply_edits(one.span.source, one.finding.fix.edits)
            if NAMES[front_end].endswith(".json"):
                assert all(isinstance(word, str) for word in json.loads(after)["runArgs"])
            left = found_in(root, NAMES[front_end], after, rule)
            before = sorted(each.severity for each in found)
            assert sorted(each.severity for each in left) < before, after


@pytest.mark.parametrize("front_end", NAMES)
def test_texts_name_what_is_to_be_typed(front_end: str, root: Path) -> None:
    texts = set[str]()
    for rule, language, _, text in cases():
        if language == front_end:
            for one in found_in(root, NAMES[front_end], text, rule):
                texts.update((one.finding.message, one.advice))
                if one.finding.fix is not None:
                    texts.update((one.finding.fix.title, one.finding.fix.may_break))
    assert len(texts) > 100
    wrong = _KEYS - _OWN_KEYS.get(front_end, set())
    for text in texts:
        code = {key for before, key in _CODE.findall(text) if before not in _BEFORE_NAMES}
        assert not code & wrong, text
        assert not _SERVICE.search(text), text
        assert front_end != "quadlet" or "Docker's" not in text, text
