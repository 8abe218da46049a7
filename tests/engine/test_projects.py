"""Which files are judged together, and what is said of which."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.checking import check

from tightship.engine import check as engine
from tightship.engine.judge.judge import judge
from tightship.engine.plan.job import USUAL
from tightship.frontends.compose.loading.invocation import Options

if TYPE_CHECKING:
    from pathlib import Path

    from tests.engine.conftest import Tree

    from tightship.engine.judge.judge import Judge, Outcome
    from tightship.engine.plan.job import Job
    from tightship.engine.verdict import Verdict


BASE = "services:\n  web: {image: nginx, read_only: true, user: root}\n"


def verdicts(*paths: Path, options: Options = USUAL) -> list[Verdict]:
    return list(check([str(p) for p in paths], ["strict"], options=options))


def found(verdict: Verdict) -> set[tuple[str, str]]:
    return {(one.rule.name, one.span.source.name) for one in verdict.findings}


def test_an_override_is_judged_with_its_main_file_and_not_again(tree: Tree) -> None:
    root = tree(
        {"compose.yaml": BASE, "compose.override.yaml": "services: {web: {read_only: false}}\n"}
    )
    [verdict] = verdicts(root)
    assert [s.name for s in verdict.sources] == ["compose.yaml", "compose.override.yaml"]
    assert ("root-user", "compose.yaml") in found(verdict)
    assert any(where == "compose.override.yaml" for _, where in found(verdict))


def test_a_named_override_selects_its_project(tree: Tree) -> None:
    root = tree(
        {"compose.yaml": BASE, "compose.override.yaml": "services: {web: {privileged: true}}\n"}
    )
    [verdict] = verdicts(root / "compose.override.yaml")
    assert ("privileged-container", "compose.override.yaml") in found(verdict)
    assert ("root-user", "compose.yaml") in found(verdict)


@pytest.mark.parametrize(
    "names", [("compose.override.yaml",), ("compose.override.yaml", "compose.yaml")]
)
def test_what_the_main_file_makes_irrelevant_is_not_lost(
    tree: Tree, names: tuple[str, ...]
) -> None:
    privileged = BASE.replace("{", "{privileged: true, ")
    root = tree(
        {"compose.yaml": privileged, "compose.override.yaml": "services: {web: {pid: host}}\n"}
    )
    everything = set[tuple[str, str]]().union(*map(found, verdicts(*(root / one for one in names))))
    assert ("privileged-container", "compose.yaml") in everything
    assert everything == found(verdicts(root)[0])


def test_an_overlay_is_judged_over_its_base_and_repeats_nothing_of_it(tree: Tree) -> None:
    root = tree(
        {"compose.yaml": BASE, "compose.prod.yaml": "services: {web: {privileged: true}}\n"}
    )
    base, merged = verdicts(root)
    assert [one.name for one in base.sources] == ["compose.yaml"]
    assert [one.name for one in merged.sources] == ["compose.yaml", "compose.prod.yaml"]
    assert ("privileged-container", "compose.prod.yaml") in found(merged)
    assert not found(base) & found(merged)


def test_an_overlay_of_unknown_files_is_judged_for_what_it_says(tree: Tree) -> None:
    root = tree({"compose.prod.yaml": "services: {web: {privileged: true}}\n"})
    [verdict] = verdicts(root)
    assert found(verdict) == {
        ("judged-as-overlay", "compose.prod.yaml"),
        ("privileged-container", "compose.prod.yaml"),
    }


def test_a_side_file_without_a_main_file_is_judged_alone(tree: Tree) -> None:
    root = tree({"docker-compose.prod.yml": "services: {web: {image: nginx}}\n"})
    [verdict] = verdicts(root)
    name = "docker-compose.prod.yml"
    assert ("writable-root-filesystem", name) in found(verdict)


def test_files_given_together_make_one_project(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tree(
        {
            "compose.yaml": BASE,
            "compose.override.yaml": "services: {web: {privileged: true}}\n",
            "prod.yaml": "services: {web: {pid: host}}\n",
        }
    )
    monkeypatch.chdir(root)
    options = Options(files=("compose.yaml", "prod.yaml"))
    [verdict] = verdicts(options=options)
    names = {rule for rule, _ in found(verdict)}
    assert "host-pid-namespace" in names
    assert "privileged-container" not in names


def test_env_may_name_the_files(tree: Tree) -> None:
    root = tree(
        {
            "compose.yaml": BASE,
            "extra.yaml": "services: {web: {pid: host}}\n",
            ".env": "COMPOSE_FILE=compose.yaml:extra.yaml\n",
        }
    )
    [verdict] = verdicts(root)
    assert ("host-pid-namespace", "extra.yaml") in found(verdict)
    assert verdict.variables == (".env",)


def test_included_files_are_not_judged_again(tree: Tree) -> None:
    root = tree(
        {
            "compose.yaml": f"include: [sub/compose.yaml]\n{BASE}",
            "sub/compose.yaml": "services: {db: {image: postgres, ipc: host}}\n",
        }
    )
    [verdict] = verdicts(root)
    assert ("host-ipc-namespace", "sub/compose.yaml") in found(verdict)
    assert verdict.services == 2


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("include: [missing.yaml]", "does not exist"),
        ("include: [../outside.yaml]", "outside the project root"),
        ("include: ['oci://example.com/x:1']", "not fetched"),
        ("include: ['https://example.com/x.git']", "not fetched"),
        ("include: ['${WHERE}/x.yaml']", "only known when"),
    ],
)
def test_a_missing_include_is_a_gap_at_its_place(tree: Tree, written: str, reason: str) -> None:
    root = tree({"compose.yaml": f"{written}\n{BASE}"})
    [verdict] = verdicts(root)
    assert len(verdict.gaps) == 1
    [gap] = [j for j in verdict.findings if j.rule.name == "not-checked"]
    assert reason in gap.finding.message
    assert gap.span.source.point(gap.span.start)[0] == 0


def test_a_missing_extended_file_is_a_gap_and_no_absence(tree: Tree) -> None:
    text = "services: {web: {extends: {file: nope.yaml, service: x}, pid: host}}\n"
    [verdict] = verdicts(tree({"compose.yaml": text}))
    assert len(verdict.gaps) == 1
    names = {rule for rule, _ in found(verdict)}
    assert names == {"not-checked", "host-pid-namespace"}


def test_a_missing_env_file_is_no_gap(tree: Tree) -> None:
    text = "services: {web: {image: nginx, env_file: [nope.env]}}\n"
    [verdict] = verdicts(tree({"compose.yaml": text}))
    assert len(verdict.gaps) == 0


def test_a_rejected_line_of_env_is_a_gap(tree: Tree) -> None:
    [verdict] = verdicts(tree({"compose.yaml": BASE, ".env": "A B=1\n"}))
    [gap] = [j for j in verdict.findings if j.rule.name == "not-checked"]
    assert gap.span.source.name == ".env"


def test_a_finding_of_an_anchor_is_reported_once_with_its_services(tree: Tree) -> None:
    text = (
        "x-hard: &s {image: nginx, privileged: true}\n"
        "services: {a: *s, b: *s, c: {image: nginx, privileged: true}}\n"
    )
    [verdict] = verdicts(tree({"compose.yaml": text}))
    privileged = [j for j in verdict.findings if j.rule.name == "privileged-container"]
    assert [len(j.finding.because) for j in privileged] == [1, 0]


def test_absorption_is_limited_to_one_container(tree: Tree) -> None:
    text = (
        "x-caps: &caps [SYS_ADMIN]\n"
        "services:\n"
        "  a: {image: nginx, privileged: true, cap_add: *caps}\n"
        "  b: {image: nginx, cap_add: *caps}\n"
    )
    [verdict] = verdicts(tree({"compose.yaml": text}))
    [takeover] = [j for j in verdict.findings if j.rule.name.startswith("host-takeover")]
    assert takeover.subject.name == "b"


def test_missing_settings_are_reported_at_the_service(tree: Tree) -> None:
    root = tree(
        {
            "compose.yaml": "services:\n  web:\n    image: nginx\n",
            "compose.override.yaml": "services:\n  web:\n    ports: ['80:80']\n",
        }
    )
    [verdict] = verdicts(root)
    [absence] = [j for j in verdict.findings if j.rule.name.startswith("writable-root")]
    assert absence.is_absence
    assert absence.span.source.name == "compose.yaml"
    assert absence.finding.fix is not None
    edits = absence.finding.fix.edits
    assert {edit.span.source.name for edit in edits} == {"compose.yaml"}


def test_a_value_is_changed_where_it_is_written(tree: Tree) -> None:
    root = tree(
        {
            "compose.yaml": "services:\n  web: {image: nginx, read_only: false}\n",
            "compose.override.yaml": "services:\n  web: {init: true}\n",
        }
    )
    [verdict] = verdicts(root)
    edits = [e for j in verdict.findings if j.finding.fix for e in j.finding.fix.edits]
    changed = {(e.span.source.name, e.span.text, e.text) for e in edits}
    assert ("compose.yaml", "false", "true") in changed
    assert {name for name, _, _ in changed} == {"compose.yaml"}


def test_without_git_the_current_folder_is_the_root(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "svc").mkdir()
    (tmp_path / "compose.yaml").write_text("services: {s: {build: ./svc}}\n")
    dockerfile = tmp_path / "svc" / "Dockerfile"
    dockerfile.write_text("FROM alpine:3.22\n")
    monkeypatch.chdir(tmp_path)
    [verdict] = verdicts(dockerfile)
    assert verdict.builders == {"svc/Dockerfile": ["s"]}
    monkeypatch.chdir(tmp_path / "svc")
    [verdict] = verdicts(dockerfile)
    assert verdict.builders == {"Dockerfile": ()}


def test_a_bug_in_one_project_does_not_end_the_run(
    tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tree({f"{name}/compose.yaml": BASE for name in "abc"})

    def fails_once(job: Job, above: Judge) -> list[Outcome]:
        if job.candidate.path.endswith("/b/compose.yaml"):
            raise ZeroDivisionError("by nought")
        return judge(job, above)

    monkeypatch.setattr(engine, "judge", fails_once)
    first, second, third = verdicts(root)
    assert {one.rule.name for one in first.findings} >= {"root-user"}
    assert {one.rule.name for one in third.findings} >= {"root-user"}
    [finding] = second.findings
    assert finding.rule.name == "not-checked"
    assert finding.advice.startswith("leave the project out with `exclude`")
    assert finding.span.source.name == "b/compose.yaml"
    assert "ZeroDivisionError: by nought" in finding.finding.message
    assert len(second.gaps) == 1
    assert isinstance(second.failure, ZeroDivisionError)


PRIVILEGED = "services:\n  web: {image: nginx, privileged: true}\n"


@pytest.mark.parametrize(
    "text",
    [
        "x-a: &a\n  services: {web: {image: nginx, privileged: true}}\n<<: *a\n",
        "x-a: &a {services: {web: {image: nginx, privileged: true}}}\n<<: [*a]\n",
        f"x-a: 1\n---\n{PRIVILEGED}",
        f"# only a comment\n---\n{PRIVILEGED}",
    ],
)
def test_services_are_found_wherever_compose_finds_them(tree: Tree, text: str) -> None:
    [verdict] = verdicts(tree({"compose.yaml": text}))
    assert ("privileged-container", "compose.yaml") in found(verdict)
    [side] = verdicts(tree({"compose.yaml": BASE, "compose.ci.yaml": text}))[1:]
    assert ("privileged-container", "compose.ci.yaml") in found(side)


def test_a_main_file_with_a_misspelt_key_is_judged_in_a_search(tree: Tree) -> None:
    root = tree({"compose.yaml": PRIVILEGED.replace("services", "servicess")})
    [verdict] = verdicts(root)
    [finding] = [one for one in verdict.findings if one.rule.name == "unknown-key"]
    assert "did you mean `services`" in finding.finding.message


def test_a_link_is_the_main_file_that_compose_loads(tree: Tree) -> None:
    root = tree({"real/stack.txt": PRIVILEGED, "docker-compose.yml": BASE})
    (root / "compose.yaml").symlink_to("real/stack.txt")
    first = verdicts(root)[0]
    assert ("privileged-container", "compose.yaml") in found(first)


# Empty files

COMMENTS = "# services:\n#   web: {image: nginx}\n"


def test_a_file_of_comments_beside_others_is_no_error(tree: Tree) -> None:
    root = tree(
        {"compose.yaml": COMMENTS, "compose.override.yaml": PRIVILEGED, "compose.ci.yaml": COMMENTS}
    )
    [verdict] = verdicts(root)
    assert len(verdict.gaps) == 0
    assert ("privileged-container", "compose.override.yaml") in found(verdict)


def test_an_override_of_comments_changes_nothing(tree: Tree) -> None:
    root = tree({"compose.yaml": PRIVILEGED, "compose.override.yaml": COMMENTS})
    [verdict] = verdicts(root)
    assert len(verdict.gaps) == 0


def test_a_project_without_content_is_rejected(tree: Tree) -> None:
    [verdict] = verdicts(tree({"compose.yaml": COMMENTS}))
    [finding] = verdict.findings
    assert "this file is empty" in finding.finding.message
    assert len(verdict.gaps) == 1


@pytest.mark.parametrize("path", ["nope.env", "/etc/nope.env", "../../nope.env"])
def test_an_env_file_that_may_be_made_later_is_no_gap(path: str, tree: Tree) -> None:
    text = f"services: {{web: {{image: nginx, env_file: {path}}}}}\n"
    [verdict] = verdicts(tree({"compose.yaml": text}))
    assert len(verdict.gaps) == 0
