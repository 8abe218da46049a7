"""Parts that something else than the files provides: by the configuration, or a platform."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, strategies

import tightship
from tightship.config.keys import PLATFORMS, PROVIDED
from tightship.frontends.compose.loading.fault import Fault
from tightship.frontends.compose.project import ComposeProject
from tightship.frontends.compose.provided import ProvidedParts, Provider
from tightship.lazy.modules import facts
from tightship.report.report import Summary
from tightship.report.wording import provided_lines, shared_sentence
from tightship.text import Source, Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.config.conftest import Run

_FACTS = Path(tightship.__file__).parent / "facts" / "platforms"
_KINDS = {key.name for key in PROVIDED} - {"platform"}
_MISSING = {"undefined-reference", "incomplete-definition", "unknown-key", "unset-variable"}
_OF_FILES = {"missing-file", "obsolete-version", "invalid-variable"}


def missing(run: Run, files: Mapping[str, str]) -> set[str]:
    """Return the rules that say that something is missing, and no others."""
    found = {one.rule.name for verdict in run({**files}) for one in verdict.findings}
    return found & (_MISSING | _OF_FILES)


PARTS = {
    "services": ("services: {web: {image: 'a:1', depends_on: [db]}}", "undefined-reference"),
    "networks": ("services: {web: {image: 'a:1', networks: [db]}}", "undefined-reference"),
    "volumes": ("services: {web: {image: 'a:1', volumes: ['db:/x']}}", "undefined-reference"),
    "secrets": ("services: {web: {image: 'a:1', secrets: [db]}}", "undefined-reference"),
    "configs": ("services: {web: {image: 'a:1', configs: [db]}}", "undefined-reference"),
    "variables": ("services: {web: {image: 'a:1', hostname: '${db}'}}", "unset-variable"),
    "keys": ("services: {web: {image: 'a:1', db: 1}}", "unknown-key"),
    "files": ("services: {web: {image: 'a:1', env_file: db}}", "missing-file"),
}


@pytest.mark.parametrize("kind", PARTS)
@pytest.mark.parametrize("names", ["db", "d*", "?b"])
def test_a_named_part_is_not_missing(run: Run, kind: str, names: str) -> None:
    text, rule = PARTS[kind]
    assert missing(run, {"compose.yaml": text}) == {rule}
    config = f"[provided]\n{kind} = ['{names}']\n"
    assert missing(run, {"compose.yaml": text, "tightship.toml": config}) == set()


@pytest.mark.parametrize("kind", PARTS)
def test_another_name_or_kind_is_still_missing(run: Run, kind: str) -> None:
    text, rule = PARTS[kind]
    others = "".join(f"{one} = ['db']\n" for one in PARTS if one != kind)
    config = f"[provided]\n{kind} = ['other']\n{others}"
    assert missing(run, {"compose.yaml": text, "tightship.toml": config}) == {rule}


def test_every_kind_has_a_key() -> None:
    assert PARTS.keys() == _KINDS


def test_a_provided_service_lacks_nothing_and_says_nothing_of_absent_settings(run: Run) -> None:
    text = "services: {proxy: {environment: {A: b}}, web: {image: 'a:1'}}"
    config = {"tightship.toml": "[provided]\nservices = ['proxy']\n"}
    [before] = run({"compose.yaml": text})
    [after] = run({"compose.yaml": text, **config})
    about = {one.rule.name for one in before.findings if one.subject.name == "proxy"}
    assert "incomplete-definition" in about
    assert not [one for one in after.findings if one.subject.name == "proxy"]
    assert [one for one in after.findings if one.subject.name == "web"]


def test_a_required_variable_is_provided(run: Run) -> None:
    def faults(files: dict[str, str]) -> list[str]:
        [verdict] = run(files)
        assert verdict.project is not None
        assert isinstance(verdict.project.compose, ComposeProject)
        return [one.kind for one in verdict.project.compose.faults]

    text = "services: {web: {image: 'a:1', hostname: '${APP_NAME:?}'}}"
    assert faults({"compose.yaml": text}) == ["required"]
    config = "[provided]\nvariables = ['APP_*']\n"
    assert faults({"compose.yaml": text, "tightship.toml": config}) == []


def test_the_path_of_a_key_is_a_pattern(run: Run) -> None:
    text = "services: {web: {image: 'a:1', routes: 1}}\nroutes: 1\n"
    config = "[provided]\nkeys = ['services.*.routes']\n"
    [found] = run({"compose.yaml": text, "tightship.toml": config})
    lines = [one.span.start for one in found.findings if one.rule.name == "unknown-key"]
    assert lines == [text.index("routes: 1\n", 30)]


def test_a_table_of_a_path_counts_there_only(run: Run) -> None:
    text = "services: {web: {image: 'a:1', networks: [proxy]}}"
    config = (
        "[[per-path]]\npaths = ['shop']\nprovided = {networks = ['proxy']}\nreason = 'the proxy'\n"
    )
    files = {"shop/compose.yaml": text, "blog/compose.yaml": text, "tightship.toml": config}
    places = [
        one.span.source.name
        for verdict in run(files)
        for one in verdict.findings
        if one.rule.name in _MISSING
    ]
    assert places == ["blog/compose.yaml"]


def of_platform(name: str) -> dict[str, str]:
    """Return files that lack a part of each kind that a platform provides, and its evidence."""
    signs: Mapping[str, Any] = facts(f"platforms/{name}")["evidence"]
    parts: Mapping[str, tuple[str, ...]] = facts(f"platforms/{name}")["provided"]
    sample = {kind: names[0].replace("*", "x") for kind, names in parts.items()}
    lines = [*signs.get("comments", ())[:2], "services:", "  web:", "    image: 'a:1'"]
    if "networks" in sample:
        lines.append(f"    networks: [{sample['networks']}]")
    if "variables" in sample:
        lines.append(f"    hostname: ${{{sample['variables']}}}")
    if "files" in sample:
        lines.append(f"    env_file: {sample['files']}")
    if "services" in sample:
        lines.append(f"  {sample['services']}: {{environment: {{A: b}}}}")
    key = sample.get("keys", "")
    if key.startswith("services.x."):
        lines.append(f"    {key.rpartition('.')[2]}: x")
    elif key:
        lines.append(f"{key}: '3.8'")
    files = {"a/compose.yaml": "\n".join((*lines, ""))}
    if "manifest" in signs:
        files[f"a/{signs['manifest']}"] = f"{{{signs['holds']}: 1}}"
    elif "texts" in signs:
        files["a/compose.yaml"] += f"# {signs['texts'][0]}\n"
    elif "keys" in signs:
        files["a/compose.yaml"] += f"{signs['keys'][0]}: {{}}\n"
    return files


@pytest.mark.parametrize("name", PLATFORMS)
def test_a_platform_is_found_by_its_evidence_and_provides_its_parts(run: Run, name: str) -> None:
    files = of_platform(name)
    assert missing(run, files) == set()
    summary = Summary()
    for verdict in run(files):
        summary.add(verdict)
    [one] = summary.provided
    assert one.provider == facts(f"platforms/{name}")["name"]
    assert one.names or one.keys
    assert one.evidence
    assert one.projects == 1
    off = {"tightship.toml": "[provided]\nplatform = 'none'\n"}
    assert missing(run, {**files, **off}), "nothing is missing without the platform"


@pytest.mark.parametrize("name", PLATFORMS)
def test_a_platform_is_named_by_the_configuration(run: Run, name: str) -> None:
    text = of_platform(name)["a/compose.yaml"]
    config = {"tightship.toml": f"[provided]\nplatform = '{name}'\n"}
    assert missing(run, {"a/compose.yaml": text, **config}) == set()


@pytest.mark.parametrize("name", PLATFORMS)
def test_a_platform_has_a_source_and_known_kinds(name: str) -> None:
    known = facts(f"platforms/{name}")
    assert known.keys() <= {"name", "source", "named", "evidence", "provided"}
    assert known["name"]
    assert known["source"]
    assert known["provided"]
    assert known["provided"].keys() <= _KINDS
    signs = known["evidence"]
    assert signs
    assert signs.keys() <= {"manifest", "holds", "keys", "comments", "texts"}
    assert ("manifest" in signs) == ("holds" in signs)
    assert "named" not in known or re.compile(known["named"]).groups == 1


def test_every_file_of_a_platform_is_listed() -> None:
    assert {one.stem for one in _FACTS.glob("*.toml")} == {*PLATFORMS}


def test_a_manifest_of_another_program_is_no_evidence(run: Run) -> None:
    text = "services: {web: {image: 'a:1', hostname: '${APP_PORT}'}}"
    files = {"compose.yaml": text, "config.json": '{"version": 3}'}
    assert missing(run, files) == {"unset-variable"}


def test_a_manifest_names_the_variables_that_its_user_sets(run: Run) -> None:
    text = "services: {web: {image: 'a:1', hostname: '${TOKEN}', domainname: '${OTHER}'}}"
    manifest = '{"tipi_version": 1, "form_fields": [{"env_variable": "TOKEN"}]}'
    [verdict] = run({"compose.yaml": text, "config.json": manifest})
    [message] = [one.finding.message for one in verdict.findings if one.rule.name in _MISSING]
    assert "`OTHER`" in message
    assert "`TOKEN`" not in message


def test_what_a_platform_does_not_provide_is_still_missing(run: Run) -> None:
    text = "services: {app_proxy: {}, web: {image: 'a:1', depends_on: [db], networks: [n]}}"
    files = {"compose.yaml": text, "umbrel-app.yml": "manifestVersion: 1\n"}
    [verdict] = run(files)
    found = [one.finding.message for one in verdict.findings if one.rule.name in _MISSING]
    assert len(found) == 2
    assert "`db`" in "".join(found)
    assert "`n`" in "".join(found)


def test_the_summary_counts_projects_and_shows_some_names(run: Run) -> None:
    summary = Summary()
    assert [*provided_lines(summary)] == []
    text = "services: {{web: {{image: 'a:1', routes: 1, networks: [{}, shared]}}}}"
    files = {f"{name}/compose.yaml": text.format(name) for name in "abcd"}
    config = "[provided]\nnetworks = ['?', 'shared']\nkeys = ['routes']\n"
    for verdict in run({**files, "tightship.toml": config}):
        summary.add(verdict)
    assert [*provided_lines(summary)] == [
        "tightship.toml:1 provides `a`, `shared`, `b` and 2 more, and reads `routes` in 4 projects."
    ]


def test_a_name_that_many_projects_lack_is_one_sentence(run: Run) -> None:
    text = "services: {web: {image: 'a:1', networks: [proxy], depends_on: [db]}}"
    verdicts = run({f"{name}/compose.yaml": text for name in "abc"})
    found = [one for verdict in verdicts for one in verdict.findings if one.rule.name in _MISSING]
    assert len({one.cause for one in found}) == 2
    assert {shared_sentence(one, 3) for one in found} == {
        f"`{name}` is defined in none of 3 projects; if something else provides it, set"
        f" `provided.{kind}`"
        for name, kind in (("proxy", "networks"), ("db", "services"))
    }


def test_a_typo_is_no_key_that_something_else_reads(run: Run) -> None:
    [verdict] = run({"compose.yaml": "services: {web: {image: 'a:1', prots: 1, routes: 1}}"})
    keys = [one for one in verdict.findings if one.rule.name == "unknown-key"]
    assert [one.finding.cause for one in keys] == [(), ("keys", "routes")]
    assert shared_sentence(keys[0], 2) == ""


_NAMES = strategies.text(strategies.characters(codec="ascii", exclude_characters="*?"), max_size=9)


@given(strategies.lists(_NAMES), strategies.lists(_NAMES))
def test_a_fault_stays_unless_its_part_is_provided(provided: list[str], asked: list[str]) -> None:
    place = Span(Source("compose.yaml", ""), 0, 0)
    faults = [Fault("undefined", place, one, missing=("networks", one)) for one in asked]
    faults.append(Fault("cycle", place, "cycle"))
    parts = ProvidedParts([Provider("p", {"networks": provided, "volumes": asked})])
    left = [one.message for one in parts.left(faults)]
    assert left == [one for one in asked if one not in provided] + ["cycle"]
    names = {name for use in parts.uses for name in use.names}
    assert names == {one for one in asked if one in provided}


def store(apps: str, without: str) -> dict[str, str]:
    """Return a store of Umbrel, in which some apps have no manifest."""
    text = "services: {app_proxy: {environment: {A: b}}, web: {image: 'a:1'}}"
    files = {f"{app}/docker-compose.yml": text for app in apps}
    return files | {
        f"{app}/umbrel-app.yml": "manifestVersion: 1" for app in apps if app not in without
    }


def test_five_manifests_in_sibling_folders_show_a_platform(run: Run) -> None:
    assert missing(run, store("abcdefg", without="g")) == set()
    [role] = {
        verdict.role for verdict in run({}) if verdict.sources[0].name == "g/docker-compose.yml"
    }
    assert role.loading == "supplied"
    assert role.platform == ("umbrel", "`umbrel-app.yml` in other folders")


def test_a_stack_that_a_command_deploys_has_its_version(run: Run) -> None:
    text = "version: '3.8'\nservices:\n  web:\n    image: a:1\n"
    assert missing(run, {"stack.yml": text}) == {"obsolete-version"}
    make = "up:\n\tdocker stack deploy -c stack.yml shop\n"
    files = {"stack.yml": text, "Makefile": make, "values.yaml": "a: b\n"}
    assert missing(run, files) == set()


def test_four_manifests_in_sibling_folders_show_no_platform(run: Run) -> None:
    assert missing(run, store("abcde", without="e")) == {"incomplete-definition"}


def test_a_manifest_of_another_level_shows_no_platform(run: Run) -> None:
    files = {f"apps/{name}": text for name, text in store("abcdef", without="").items()}
    text = "services: {app_proxy: {environment: {A: b}}}"
    assert missing(run, {**files, "g/docker-compose.yml": text}) == {"incomplete-definition"}


def test_an_app_is_no_overlay_of_the_platform_above_it(run: Run) -> None:
    files = {
        "docker-compose.yml": "services: {t: {image: 'a:1'}}\nnetworks: {tipi_main_network: {}}",
        "apps/a/docker-compose.yml": "services: {web: {image: 'a:1', networks: [tipi_main_network]}}",
        "apps/a/config.json": '{"tipi_version": 1}',
    }
    verdicts = {one.sources[0].name: one for one in run(files)}
    assert verdicts["apps/a/docker-compose.yml"].role.loading == "supplied"
    assert len(verdicts["apps/a/docker-compose.yml"].sources) == 1
