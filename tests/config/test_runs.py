"""What settings mean for a run: which file counts, and what becomes of findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.bounded import within
from tests.checking import check

from tightship.config.key import ConfigError
from tightship.engine.disk.files import Files
from tightship.engine.plan.config_files import Configs

if TYPE_CHECKING:
    from tests.config.conftest import Run, Tree

    from tightship.engine.verdict import JudgedFinding, Verdict

WEB = """\
services:
  web: {image: nginx:1.29, user: root, read_only: true}
"""


def names(verdicts: list[Verdict]) -> set[tuple[str, str]]:
    """Return the rules that found something, each with the file."""
    return {(one.rule.name, one.span.source.name) for one in every(verdicts)}


def every(verdicts: list[Verdict]) -> list[JudgedFinding]:
    return [one for verdict in verdicts for one in verdict.findings]


def accepted(verdicts: list[Verdict]) -> list[tuple[str, str]]:
    return [
        (one.rule.name, one.accepted.reason)
        for verdict in verdicts
        for one in verdict.accepted
        if one.accepted is not None
    ]


def rules(verdicts: list[Verdict]) -> set[str]:
    return {name for name, _ in names(verdicts)}


# Which file counts.


def test_only_the_nearest_file_applies(run: Run) -> None:
    found = run(
        {
            "tightship.toml": "select = ['root-user']",
            "a/tightship.toml": "select = ['unlimited-resources']",
            "a/b/compose.yaml": WEB,
            "c/compose.yaml": WEB,
        }
    )
    assert names(found) == {
        ("unlimited-resources", "a/b/compose.yaml"),
        ("root-user", "c/compose.yaml"),
    }


def test_file_names_have_an_order_of_precedence(run: Run) -> None:
    files = {
        "tightship.toml": "select = ['root-user']",
        ".tightship.toml": "select = ['unlimited-resources']",
        "pyproject.toml": "[tool.tightship]\nselect = ['secrets']",
        "compose.yaml": WEB,
    }
    assert rules(run(files)) == {"root-user"}


@pytest.mark.parametrize(
    "text",
    [
        "[project]\nname = 'tightship'",
        "[project]\ntightship = 'tool.tightship'\n[tool]\nx = 1",
        "this is [no TOML, but nobody asked\n",
        "[tool.tightship-x]\ny = 1",
    ],
)
def test_a_pyproject_without_our_table_is_skipped(run: Run, text: str) -> None:
    files = {
        "tightship.toml": "select = ['root-user']",
        "a/pyproject.toml": text,
        "a/compose.yaml": WEB,
    }
    assert rules(run(files)) == {"root-user"}


@pytest.mark.parametrize(
    "text",
    [
        "[tool.tightship]\nselect = ['root-user']",
        "[tool]\ntightship.select = ['root-user']",
        "tool.tightship.select = ['root-user']",
        "tool = { tightship = { select = ['root-user'] } }",
        "['tool'.'tightship']\nselect = ['root-user']",
        " [ tool . tightship ]\nselect = ['root-user']",
        "[[tool.tightship.per-path]]\npaths = ['/*']\nselect = ['root-user']\nreason = 'x'",
    ],
)
def test_the_table_of_a_pyproject_is_found_in_every_way_to_write_it(run: Run, text: str) -> None:
    assert rules(run({"pyproject.toml": text, "compose.yaml": WEB})) == {"root-user"}


def test_nothing_above_the_work_tree_is_read(run: Run, tree: Tree) -> None:
    folder = tree({"tightship.toml": "select = ['nothing there", "in/compose.yaml": WEB})
    (folder / "in" / ".git").mkdir()
    assert "root-user" in rules(run({}, "in"))


def test_a_link_out_of_the_work_tree_is_rejected(run: Run, tree: Tree) -> None:
    folder = tree({"in/compose.yaml": WEB, "out.toml": "select = ['root-user']"})
    (folder / "in" / ".git").mkdir()
    (folder / "in" / "tightship.toml").symlink_to("../out.toml")
    with pytest.raises(ConfigError, match="leaves the project root"):
        run({}, "in")


def test_the_baseline_of_a_builder_is_not_read_for_its_dockerfile(run: Run) -> None:
    files = {
        "tightship.toml": "baseline = 'gone.json'\n",
        "compose.yaml": "services: {a: {build: app}}\n",
        "app/tightship.toml": "fail-on = 'never'\n",
        "app/Dockerfile": "FROM alpine:3.22\n",
    }
    assert "image-runs-as-root" in rules(run(files, "app/Dockerfile"))


def test_an_invalid_file_anywhere_stops_the_run(tree: Tree) -> None:
    tree({"compose.yaml": WEB, "z/tightship.toml": "x = 1", "z/compose.yaml": WEB})
    with pytest.raises(ConfigError, match=r"^z/tightship\.toml:1:1: unknown key"):
        check(["."], configured=True)


def test_a_buffer_replaces_the_file(tree: Tree) -> None:
    folder = tree({"tightship.toml": "x = 1", "a/compose.yaml": WEB})
    overlay = {str(folder / "tightship.toml"): "fail-on = 'error'"}
    files = Files(str(folder), overlay)
    settings = Configs().of(str(folder / "a"), files)
    assert settings is not None
    assert settings.fail_on == "error"
    new = Files(str(folder), {str(folder / "a/tightship.toml"): "fail-on = 'info'"})
    settings = Configs().of(str(folder / "a"), new)
    assert settings is not None
    assert settings.fail_on == "info"


def test_without_files_the_defaults_apply(tree: Tree) -> None:
    folder = tree({"compose.yaml": WEB})
    files = Files(str(folder))
    configs = Configs()
    assert configs.of(str(folder), files) is None
    assert configs.runner(str(folder), files) is configs.runner(str(folder), files)
    assert configs.runner(str(folder), files).rule_settings is None


# What is looked for.


def test_the_command_line_replaces_select_and_adds_to_ignore(run: Run) -> None:
    files = {"tightship.toml": "select = ['secrets']\nignore = ['root-user']", "compose.yaml": WEB}
    found = run(files, select=("users", "resources"), ignore=("unlimited-log",))
    assert rules(found) == {"unlimited-resources"}


def test_excluded_files_are_not_found_but_can_be_named(run: Run) -> None:
    files = {
        "tightship.toml": "exclude = ['vendor/', '*.dev.yaml', '!b/compose.dev.yaml']",
        "vendor/compose.yaml": WEB,
        "a/compose.dev.yaml": WEB,
        "b/compose.dev.yaml": WEB,
    }
    assert {file for _, file in names(run(files))} == {"b/compose.dev.yaml"}
    named = run({}, "vendor/compose.yaml")
    assert {file for _, file in names(named)} == {"vendor/compose.yaml"}


def test_excluded_patterns_begin_at_the_folder_of_their_file(run: Run) -> None:
    files = {"a/tightship.toml": "exclude = ['/x']", "a/x/compose.yaml": WEB, "x/compose.yaml": WEB}
    assert {file for _, file in names(run(files))} == {"x/compose.yaml"}


def test_paths_can_have_their_own_selection(run: Run) -> None:
    config = """
    select = ["root-user"]
    [[per-path]]
    paths = ["a/**", "b/"]
    select = ["unlimited-resources"]
    reason = "these run as root on purpose"
    """
    files = {
        "tightship.toml": config,
        "a/compose.yaml": WEB,
        "b/compose.yaml": WEB,
        "c/compose.yaml": WEB,
    }
    assert names(run(files)) == {
        ("unlimited-resources", "a/compose.yaml"),
        ("unlimited-resources", "b/compose.yaml"),
        ("root-user", "c/compose.yaml"),
    }
    # Whoever names rules on the command line wants these.
    assert rules(run({}, select=("root-user",))) == {"root-user"}


# What is accepted.

ACCEPTED = """
[[per-path]]
paths = ["old/**"]
ignore = ["users"]
reason = "goes away"
[[per-service]]
services = ["db*"]
ignore = ["unlimited-resources"]
reason = "sized by hand"
"""


def test_paths_and_services_accept_findings_with_a_reason(run: Run) -> None:
    files = {
        "tightship.toml": ACCEPTED,
        "old/compose.yaml": WEB,
        "new/compose.yaml": WEB.replace("web", "db1"),
    }
    found = run(files)
    assert ("root-user", "old/compose.yaml") not in names(found)
    assert ("root-user", "new/compose.yaml") in names(found)
    assert ("unlimited-resources", "new/compose.yaml") not in names(found)
    assert ("unlimited-resources", "old/compose.yaml") in names(found)
    assert ("root-user", "goes away") in accepted(found)
    assert ("unlimited-resources", "sized by hand") in accepted(found)


def test_an_accepted_finding_still_absorbs_others(run: Run) -> None:
    config = """
    [[per-service]]
    services = ["web"]
    ignore = ["privileged-container"]
    reason = "it manages the host"
    """
    privileged = "services:\n  web: {image: nginx:1.29, privileged: true}\n"
    found = run({"tightship.toml": config, "compose.yaml": privileged})
    assert "default-capabilities-kept" not in rules(found)
    found = run({"tightship.toml": "ignore = ['privileged-container']"})
    assert "privilege-escalation-allowed" in rules(found)


def test_a_service_that_shares_an_anchor_is_not_accepted_with_another(run: Run) -> None:
    config = """
    select = ["root-user"]
    [[per-service]]
    services = ["db"]
    ignore = ["root-user"]
    reason = "its files"
    """
    shared = """\
    x-all: &all {image: nginx:1.29, user: root}
    services:
      db: {<<: *all}
      web: {<<: *all}
    """
    found = run({"tightship.toml": config, "compose.yaml": shared})
    [one] = every(found)
    assert one.subject.name == "web"
    assert accepted(found) == [("root-user", "its files")]


def test_a_dockerfile_in_a_compose_file_is_at_that_path(run: Run) -> None:
    config = """
    [[per-path]]
    paths = ["compose.yaml"]
    ignore = ["latest-base-image"]
    severity = { image-runs-as-root = "info" }
    reason = "a toy"
    """
    inline = """\
    services:
      web:
        build:
          dockerfile_inline: |
            FROM alpine:latest
            CMD x
    """
    found = run({"tightship.toml": config, "compose.yaml": inline})
    assert ("latest-base-image", "a toy") in accepted(found)
    grades = {one.rule.name: one.severity.word for one in every(found)}
    assert grades["image-runs-as-root"] == "info"


def test_services_can_be_limited_to_some_files(run: Run) -> None:
    config = """
    [[per-service]]
    services = ["web"]
    files = ["a/**"]
    ignore = ["root-user"]
    reason = "there it has to"
    """
    found = run({"tightship.toml": config, "a/compose.yaml": WEB, "b/compose.yaml": WEB})
    assert ("root-user", "a/compose.yaml") not in names(found)
    assert ("root-user", "b/compose.yaml") in names(found)


def test_a_gap_can_be_accepted(run: Run) -> None:
    files = {"compose.yaml": "services:\n  web: {build: ./gone}\n"}
    [verdict] = run(files)
    assert len(verdict.gaps) == 1
    config = """
    [[per-path]]
    paths = ["compose.yaml"]
    ignore = ["not-checked"]
    reason = "made by a script"
    """
    [verdict] = run({"tightship.toml": config})
    assert len(verdict.gaps) == 0
    assert ("not-checked", "made by a script") in accepted([verdict])


def test_comments_can_require_a_reason(run: Run) -> None:
    with_comments = """\
    services:
      a: {image: nginx:1.29, user: root}  # tightship: ignore[root-user]
      b: {image: nginx:1.29, user: root}  # tightship: ignore[root-user] its files
    """
    files = {"compose.yaml": with_comments}
    assert "root-user" not in rules(run(files, select=("root-user",)))
    found = run({"tightship.toml": "require-reason = true"}, select=("root-user",))
    assert [one.subject.name for one in every(found)] == ["a"]
    found = run({}, select=("unused-suppression", "root-user"))
    messages = [o.finding.message for o in every(found) if "reason" in o.finding.message]
    assert len(messages) == 1


def test_a_baseline_can_be_configured(run: Run, tree: Tree) -> None:
    from tightship.engine.accept.baseline import written

    found = run({"compose.yaml": WEB})
    assert every(found)
    tree({"ci/known.json": written(every(found)), "tightship.toml": "baseline = 'ci/known.json'"})
    assert every(run({})) == []


@pytest.mark.parametrize("path", ["gone.json", "../up.json", "tightship.toml"])
def test_an_invalid_baseline_is_reported_where_it_is_configured(run: Run, path: str) -> None:
    config = f"fail-on = 'info'\nbaseline = '{path}'"
    with pytest.raises(ConfigError, match=r"tightship\.toml:2:1: `baseline`: "):
        run({"tightship.toml": config, "compose.yaml": WEB})


# How bad it is.


def test_the_narrowest_word_decides_the_severity(run: Run) -> None:
    config = """
    severity = { resources = "error", unlimited-log = "warning", DL3002 = "info" }
    [[per-path]]
    paths = ["a/**"]
    severity = { unlimited-resources = "info", unlimited-open-files = "info" }
    reason = "small"
    [[per-service]]
    services = ["web"]
    severity = { unlimited-open-files = "warning" }
    reason = "not that one"
    """
    files = {"tightship.toml": config, "a/compose.yaml": WEB, "b/compose.yaml": WEB}
    found = run(files, select=("strict",))
    grades = {(one.rule.name, one.span.source.name[0]): one.severity.word for one in every(found)}
    assert grades["unlimited-resources", "b"] == "error"
    assert grades["unlimited-resources", "a"] == "info"
    assert grades["unlimited-log", "a"] == grades["unlimited-log", "b"] == "warning"
    assert grades["unlimited-open-files", "a"] == "warning"


def test_each_project_has_its_own_fail_on(run: Run) -> None:
    files = {
        "tightship.toml": "fail-on = 'never'",
        "compose.yaml": WEB,
        "a/tightship.toml": "fail-on = 'info'",
        "a/compose.yaml": WEB,
    }
    assert [one.fail_on for one in run(files)] == ["never", "info"]


# Projects that are put together.

PROD = "services:\n  web: {privileged: true}\n"
DEV = "services:\n  web: {network_mode: host}\n"
SETS = """
[[project]]
files = ["compose.yaml", "compose.prod.yaml"]
[[project]]
files = ["compose.yaml", "compose.dev.yaml"]
"""


def test_each_set_of_files_is_a_project(run: Run) -> None:
    files = {
        "tightship.toml": SETS,
        "compose.yaml": WEB,
        "compose.override.yaml": "services:\n  web: {pid: host}\n",
        "compose.prod.yaml": PROD,
        "compose.dev.yaml": DEV,
    }
    found = run(files)
    assert [[source.name for source in one.sources] for one in found] == [
        ["compose.yaml", "compose.prod.yaml"],
        ["compose.yaml", "compose.dev.yaml"],
    ]
    assert "host-pid-namespace" not in rules(found)
    assert {"privileged-container", "host-network-namespace"} <= rules(found)
    # What both have in common is told once.
    assert [one.rule.name for one in every(found)].count("root-user") == 1


def test_a_file_alone_and_in_a_project_of_several_is_reported_once(run: Run) -> None:
    config = """
    [[project]]
    files = ["compose.yaml"]
    [[project]]
    files = ["compose.yaml", "compose.dev.yaml"]
    """
    found = run({"tightship.toml": config, "compose.yaml": WEB, "compose.dev.yaml": DEV})
    assert [len(one.sources) for one in found] == [1, 2]
    assert [one.rule.name for one in every(found)].count("root-user") == 1


def test_a_named_file_selects_its_file_sets(run: Run, tree: Tree) -> None:
    tree(
        {
            "tightship.toml": SETS,
            "compose.yaml": WEB,
            "compose.prod.yaml": PROD,
            "compose.dev.yaml": DEV,
        }
    )
    [verdict] = run({}, "compose.dev.yaml")
    assert {one.span.source.name for one in verdict.findings} == {"compose.dev.yaml"}
    assert len(run({}, "compose.yaml")) == 2


def test_a_file_set_can_have_any_names_and_its_own_variables(run: Run) -> None:
    config = """
    [[project]]
    files = ["stack/base.yml"]
    env-files = ["stack/prod.env"]
    """
    files = {
        "tightship.toml": config,
        "stack/base.yml": "services:\n  web: {image: nginx:1, user: '${WHO}'}\n",
        "stack/prod.env": "WHO=root\n",
    }
    assert ("root-user", "stack/base.yml") in names(run(files))


def test_files_are_judged_as_a_platform_runs_them(run: Run) -> None:
    files = {
        "apps/a/compose.yaml": "services:\n  web:\n    image: nginx:${TAG}\n    pid: host\n",
        "apps/b/compose.yaml": "services:\n  web:\n    image: nginx:1\n    ipc: host\n",
        "base.yaml": "services:\n  web:\n    privileged: true\n",
        "after.yaml": "services:\n  web:\n    pid: !reset null\n",
        "p.env": "TAG=latest\n",
        "tightship.toml": (
            'select = ["host-pid-namespace", "host-ipc-namespace", "mutable-image-tag"]\n'
            '[[platform]]\npaths = ["apps/a/"]\nbefore = ["base.yaml"]\n'
            'after = ["after.yaml"]\nenv-files = ["p.env"]\n'
        ),
    }
    found = names(run(files))
    assert ("mutable-image-tag", "apps/a/compose.yaml") in found
    assert ("host-ipc-namespace", "apps/b/compose.yaml") in found
    assert not any(rule == "host-pid-namespace" for rule, _ in found)


def test_a_set_that_leaves_the_project_is_not_read(run: Run) -> None:
    config = "[[project]]\nfiles = ['compose.yaml', '../../etc/compose.yaml']\n"
    [verdict] = run({"tightship.toml": config, "compose.yaml": WEB})
    assert len(verdict.gaps) == 1
    assert "not-checked" in rules([verdict])


def test_a_dockerfile_is_judged_with_the_sets_that_build_it(run: Run) -> None:
    files = {
        "tightship.toml": SETS,
        "compose.yaml": "services:\n  web: {build: .}\n",
        "compose.prod.yaml": "services:\n  web: {build: {args: {TAG: latest}}}\n",
        "compose.dev.yaml": "services: {}\n",
        "Dockerfile": "ARG TAG=3.22\nFROM alpine:${TAG}\nUSER 1000\n",
    }
    [found] = [one for one in run(files, "Dockerfile") if one.findings]
    assert found.builders == {"Dockerfile": ["web"]}
    assert "latest-base-image" in rules([found])


def test_registries_are_checked_only_if_some_are_trusted(run: Run) -> None:
    files = {"compose.yaml": "services:\n  web: {image: 'quay.io/a/b:1'}\n"}
    assert "untrusted-registry" not in rules(run(files, select=("strict",)))
    found = run({"tightship.toml": "trusted-registries = []"}, select=("strict",))
    assert "untrusted-registry" in rules(found)


OPTION = "[rules.untrusted-registry]\ntrusted = {}\n"


@pytest.mark.parametrize(
    ("config", "is_found"),
    [
        (OPTION.format("['docker.io']"), True),
        (OPTION.format("['quay.io/a']"), False),
        ("trusted-registries = ['docker.io']\n" + OPTION.format("['quay.io']"), False),
        ("trusted-registries = ['quay.io']\n" + OPTION.format("[]"), True),
    ],
)
def test_trusted_registries_are_an_option_of_their_rule(
    run: Run, config: str, is_found: bool
) -> None:
    files = {"compose.yaml": "services:\n  web: {image: 'quay.io/a/b:1'}\n"}
    found = rules(run(files | {"tightship.toml": config}))
    assert ("untrusted-registry" in found) is is_found


def test_a_hostile_configuration_takes_little_time(run: Run) -> None:
    names = ",".join(f"'{'*a' * 45}b{n}'" for n in range(200))
    paths = ",".join(f"'{'**/*a*' * 8}[b]{n}'" for n in range(1_999))
    services = "".join(f"  {'a' * 200}{n}: {{image: x}}\n" for n in range(300))
    config = f"""
    [[per-service]]
    services = [{names}]
    ignore = ["strict"]
    reason = "x"
    [[per-path]]
    paths = [{paths}]
    ignore = ["strict"]
    reason = "x"
    """
    files = {"tightship.toml": config, "compose.yaml": f"services:\n{services}"}
    with within(10):
        [verdict] = run(files)
        assert verdict.services == 300
