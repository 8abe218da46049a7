"""Whatever settings make sense, a run with them ends, and hides nothing by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings, strategies as st
from tests.config.conftest import WORDS, dumped

from tightship.config.keys import SEVERITIES, with_options
from tightship.config.read import read
from tightship.engine.check import check
from tightship.engine.disk.files import Files
from tightship.engine.plan.candidates import named
from tightship.engine.plan.config_files import Configs
from tightship.engine.plan.plan import Inputs, Plan, main_files_above
from tightship.rules import every_option, every_rule
from tightship.text import Source

if TYPE_CHECKING:
    from tightship.config.key import Key
    from tightship.engine.verdict import Verdict

COMPOSE = """\
x-all: &all {user: root, network_mode: host}
services:
  a: {<<: *all, image: nginx, cap_add: [SYS_TIME]}
  b: {<<: *all, build: ., privileged: true, userns_mode: host}
  c: {build: {dockerfile_inline: "FROM quay.io/x/y\\nUSER root\\n"}}
"""
DOCKERFILE = "FROM alpine AS x\nCOPY --from=ghcr.io/a/b /c /c\nENTRYPOINT x\n"
ROOT = "/no-such-folder"
FILES = {"compose.yaml": COMPOSE, "Dockerfile": DOCKERFILE, "extra.yaml": "services: {}"}

KEYS = with_options(every_option())
rules = st.sampled_from(
    [
        # ShellCheck may not be installed, and then a run that selects it ends at once.
        *(rule.name for rule in every_rule() if rule.set != "shellcheck"),
        "default",
        "strict",
        "users",
        "supply_chain",
    ]
)
VALUES = {
    "words": st.lists(rules, max_size=3),
    "severities": st.dictionaries(rules, st.sampled_from(SEVERITIES), max_size=3),
    "flag": st.booleans(),
    "text": st.text("ab", min_size=1, max_size=3),
    "path": st.just(""),
    "paths": st.lists(st.sampled_from(["compose.yaml", "extra.yaml", "gone"]), min_size=1),
    "patterns": st.lists(st.sampled_from(["*.yaml", "!compose.*", "**/x", "D*", "[a"]), min_size=1),
    "names": st.lists(st.sampled_from(["a", "*", "?", "b*"]), min_size=1),
    "registries": st.lists(st.sampled_from(["docker.io", "ghcr.io/a", "*.io/x"])),
}


def value_of(key: Key) -> st.SearchStrategy[object]:
    if key.form == "choice":
        return st.sampled_from(list(key.choices))
    if key.form == "several":
        return st.lists(st.sampled_from(list(key.choices)), max_size=2)
    if key.form == "choices":
        names = st.sampled_from(["web", "*", "b?"])
        return st.dictionaries(names, st.sampled_from(list(key.choices)), max_size=2)
    if key.form == "integer":
        return st.integers(*(key.bounds or (0, 9)))
    if key.form == "table":
        return table_of(key.keys)
    if key.form == "tables":
        return st.lists(table_of(key.keys), max_size=2)
    return VALUES[key.form]


def table_of(keys: tuple[Key, ...]) -> st.SearchStrategy[dict[str, object]]:
    wanted = {key.name: value_of(key) for key in keys if key.needed}
    # Files that have to be there and valid end a run.
    named = {key.name for key in keys if key.form == "path" or key.name in ("facts", "policies")}
    others = {key.name: value_of(key) for key in keys if not {key.name} & named and not key.needed}
    return st.fixed_dictionaries(wanted, optional=others)


def verdicts(config: str | None) -> list[Verdict]:
    files = Files(ROOT, {f"{ROOT}/{name}": text for name, text in FILES.items()})
    given = None
    if config is not None:
        given = read(Source("tightship.toml", config), ROOT, WORDS)
    configs = Configs(given=given, isolated=True)
    inputs = Inputs([named(f"{ROOT}/compose.yaml")], lambda _: files, main_files_above)
    return list(check(Plan(inputs, configs)))


@settings(max_examples=settings().max_examples // 8)
@given(table_of(KEYS))
def test_a_run_ends_with_any_settings(table: dict[str, object]) -> None:
    text = "".join(f"{key} = {dumped(value)}\n" for key, value in table.items())
    for verdict in verdicts(text):
        for one in (*verdict.findings, *verdict.accepted):
            assert one.severity.word in SEVERITIES
        assert all(one.accepted is not None for one in verdict.accepted)
        assert all(one.accepted is None for one in verdict.findings)


@settings(max_examples=settings().max_examples // 16)
@given(table_of(next(key for key in KEYS if key.name == "host").keys))
def test_a_host_changes_grades_only_and_only_downwards(table: dict[str, object]) -> None:
    [usual], [found] = verdicts(None), verdicts(f"host = {dumped(table)}")
    pairs = zip(usual.findings, found.findings, strict=True)
    for before, after in pairs:
        assert (before.rule, before.span) == (after.rule, after.span)
        assert before.fingerprint == after.fingerprint
        assert before.severity - 1 <= after.severity <= before.severity
        told = len(after.finding.because) > len(before.finding.because)
        assert told == (after.severity < before.severity)
