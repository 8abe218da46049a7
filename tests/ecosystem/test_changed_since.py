"""``check --changed-since``, on repositories made with the real Git."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from tests.ecosystem.work_tree import WorkTree

from tightship.cli.check_command import Options
from tightship.cli.check_run import Run
from tightship.cli.main import main
from tightship.engine.plan.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

if shutil.which("git") is None:
    pytest.skip("there is no git", allow_module_level=True)

WEB = "services:\n  web:\n    image: nginx:1.29\n    env_file: web.env\n"
BUILT = "services:\n  app:\n    build: .\n"


class Repository(WorkTree):
    """A work tree with three projects and a lonely Dockerfile."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        super().__init__(folder)
        self._capsys = capsys
        self.error = ""
        self.write("web/compose.yaml", WEB)
        self.write("web/compose.override.yaml", "services: {web: {init: true}}\n")
        self.write("app/compose.yaml", BUILT)
        self.write("app/Dockerfile", "FROM alpine:3.22\nCOPY . /\n")
        self.write("app/.dockerignore", "*.md\n")
        self.write("app/run", "true\n")
        self.write("lone/Dockerfile", "FROM alpine:3.22\n")
        self.write(".gitignore", "ignored/\n.env\n")
        self.commit()

    def check(self, reference: str, *paths: str) -> tuple[int, set[str]]:
        """Return the exit code, and the folders of the projects that are checked."""
        code = main(["check", "--changed-since", reference, *paths])
        self.error = self._capsys.readouterr().err
        return code, set() if code == 2 else set(_checked(reference, paths))


def _checked(reference: str, paths: tuple[str, ...]) -> Iterator[str]:
    """Yield the folders of what is found in the projects that a change touches."""
    options = Options([*paths, "--changed-since", reference])
    for verdict in Run(options, lambda: None).verdicts(Scope(), lambda _: None):
        for one in (*verdict.findings, *verdict.earlier):
            yield one.span.source.name.split("/")[0]


@pytest.fixture
def repository(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Repository:
    made = Repository(tmp_path / "work", capsys)
    made.enter(monkeypatch)
    return made


def test_without_a_change_nothing_is_checked(repository: Repository) -> None:
    assert repository.check("HEAD") == (0, set())
    assert repository.error == ("tightship: nothing to check has changed since HEAD\n")


@pytest.mark.parametrize(
    ("name", "projects"),
    [
        ("web/compose.yaml", {"web"}),
        ("web/compose.override.yaml", {"web"}),
        ("web/.env.example", set[str]()),
        ("app/Dockerfile", {"app"}),
        ("app/.dockerignore", {"app"}),
        ("app/Dockerfile.dockerignore", {"app"}),
        ("app/README.md", set[str]()),
        ("app/run", set[str]()),
        ("lone/Dockerfile", {"lone"}),
        ("lone/.dockerignore", {"lone"}),
        ("lone/tightship.toml", {"lone"}),
        ("app/compose.override.yml", {"app"}),
    ],
)
@pytest.mark.parametrize("is_committed", [True, False], ids=["committed", "not"])
def test_a_change_selects_the_projects_that_depend_on_the_file(
    repository: Repository, name: str, projects: set[str], is_committed: bool
) -> None:
    start = repository.git("rev-parse", "HEAD")
    path = repository.folder / name
    before = path.read_text("utf-8") if path.exists() else ""
    repository.write(name, f"{before}# more\n")
    if is_committed:
        repository.commit()
    assert repository.check(start)[1] == projects


@pytest.mark.parametrize(
    "text",
    [
        "include: [../web/compose.yaml]\n",
        "services: {own: {extends: {file: ../web/compose.yaml, service: web}}}\n",
    ],
)
def test_an_included_or_extended_file_selects_its_project(
    repository: Repository, text: str
) -> None:
    repository.write("own/compose.yaml", text)
    repository.commit()
    assert repository.check("HEAD", "own") == (0, set())
    repository.write("web/compose.yaml", f"{WEB}    privileged: true\n")
    code, checked = repository.check("HEAD", "own")
    assert code == 1
    assert "web" in checked, "where the fault is"


def test_a_removed_file_selects_its_project(repository: Repository) -> None:
    (repository.folder / "web/compose.override.yaml").unlink()
    assert repository.check("HEAD", "web")[1] == {"web"}
    start = repository.git("rev-parse", "HEAD")
    repository.commit()
    assert repository.check(start, "web")[1] == {"web"}


def test_a_renamed_file_counts_under_both_names(repository: Repository) -> None:
    repository.git("mv", "web/compose.override.yaml", "app/compose.override.yaml")
    assert repository.check("HEAD")[1] >= {"web", "app"}


def test_a_copied_file_counts_when_added_or_removed(repository: Repository) -> None:
    key = repository.write("app/id_rsa", "key\n")
    assert repository.check("HEAD")[1] == {"app"}
    repository.commit()
    repository.write("app/run", "false\n")
    assert repository.check("HEAD")[1] == set(), "its content decides nothing"
    key.write_text("another key\n", encoding="utf-8")
    assert repository.check("HEAD")[1] == {"app"}, "its content may be no secret"
    key.unlink()
    assert repository.check("HEAD")[1] == {"app"}


def test_tracked_variable_files_count(repository: Repository) -> None:
    repository.write(".gitignore", "")
    start = repository.commit()
    repository.write("app/.env", "A=1\n")
    assert repository.check(start)[1] == {"app"}


def test_ignored_files_do_not_count(repository: Repository) -> None:
    repository.write("ignored/compose.yaml", WEB)
    repository.write("app/.env", "A=1\n")
    assert repository.check("HEAD") == (0, set())


MERGED = "up:\n\tdocker compose -f two/compose.base.yml -f two/compose.over.yml up\n"
ALONE = "up:\n\tdocker compose -f two/compose.over.yml up\n"


@pytest.mark.parametrize(
    ("before", "after", "projects"),
    [
        (MERGED, ALONE, {"two"}),
        (ALONE, MERGED, {"two"}),
        (MERGED, None, {"two"}),
        (None, MERGED, {"two"}),
        (MERGED, f"# A comment\n\n{MERGED}", set[str]()),
    ],
    ids=["alone", "merged", "removed", "added", "moved"],
)
def test_a_command_selects_the_files_that_it_merges(
    before: str | None, after: str | None, projects: set[str], repository: Repository
) -> None:
    repository.write(
        "two/compose.base.yml", "services: {web: {image: nginx:1.29, read_only: true}}\n"
    )
    repository.write("two/compose.over.yml", "services: {web: {image: nginx:latest}}\n")
    if before is not None:
        repository.write("Makefile", before)
    repository.commit()
    if after is None:
        (repository.folder / "Makefile").unlink()
    else:
        repository.write("Makefile", after)
    assert repository.check("HEAD")[1] == projects


def test_findings_of_another_command_are_new_only_once(repository: Repository) -> None:
    repository.write(
        "two/compose.base.yml", "services: {web: {image: nginx:1.29, privileged: true}}\n"
    )
    repository.write("two/compose.over.yml", "services: {web: {image: nginx:latest}}\n")
    repository.write("Makefile", ALONE)
    repository.commit()
    repository.write("Makefile", MERGED)
    options = Options(["--changed-since", "HEAD"])
    verdicts = [*Run(options, lambda: None).verdicts(Scope(), lambda _: None)]
    new = [one.rule.name for verdict in verdicts for one in verdict.findings]
    assert "privileged-container" not in new  # compose.base.yml was judged by itself, and still is
    earlier = [one.rule.name for verdict in verdicts for one in verdict.earlier]
    assert "mutable-image-tag" in {*earlier} - {*new}


@pytest.mark.parametrize("by", [".env", "compose.override.yaml"])
def test_what_an_overlay_gives_is_new_where_compose_loads_it_now(
    by: str, repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.write("side/compose.yaml", "services: {app: {image: 'alpine:3.22'}}\n")
    overlay = "services: {app: {privileged: true}}\n"
    repository.write("side/extra.yaml", overlay)
    repository.commit()
    text = "COMPOSE_FILE=compose.yaml:extra.yaml\n" if by == ".env" else overlay
    repository.write(f"side/{by}", text)
    repository.git("add", "--force", ".")
    assert main(["check", "--changed-since", "HEAD", "--ignore", "hygiene"]) == 1
    assert "[privileged-container]" in capsys.readouterr().out


def test_later_commits_of_the_other_branch_do_not_count(repository: Repository) -> None:
    repository.git("switch", "--quiet", "--create", "topic")
    repository.write("lone/Dockerfile", "FROM alpine:3.21\n")
    repository.commit()
    repository.git("switch", "--quiet", "main")
    repository.write("app/Dockerfile", "FROM alpine:3.21\n")
    repository.commit()
    repository.git("switch", "--quiet", "topic")
    assert repository.check("main")[1] == {"lone"}


def test_without_a_common_ancestor_the_commit_itself_is_compared(repository: Repository) -> None:
    repository.git("switch", "--quiet", "--orphan", "new")
    repository.write("lone/Dockerfile", "FROM alpine:3.22\n")
    repository.write("new/Dockerfile", "FROM alpine:3.22\n")
    repository.commit()
    assert repository.check("main")[1] == {"new"}


def test_named_files_are_checked_if_they_changed(repository: Repository) -> None:
    repository.write("app/.dockerignore", "*\n")
    assert repository.check("HEAD", "app/Dockerfile")[1] == {"app"}
    assert repository.check("HEAD", "lone/Dockerfile") == (0, set())


def test_files_given_together_are_one_project(repository: Repository) -> None:
    repository.write("web/prod.yaml", "services: {web: {privileged: true}}\n")
    start = repository.commit()
    files = ("-f", "web/compose.yaml", "-f", "web/prod.yaml")
    assert repository.check(start, *files) == (0, set())
    repository.write("web/prod.yaml", "services: {web: {pid: host}}\n")
    assert repository.check(start, *files)[1] == {"web"}


def test_a_removed_main_file_selects_the_files_beside_it(repository: Repository) -> None:
    repository.write("web/compose.prod.yaml", "services: {web: {image: 'x:1'}}\n")
    start = repository.commit()
    (repository.folder / "web/compose.yaml").unlink()
    assert repository.check(start)[1] == {"web"}


def test_a_subfolder_is_checked_alone(repository: Repository) -> None:
    repository.write("app/Dockerfile", "FROM alpine:3.21\n")
    repository.write("lone/Dockerfile", "FROM alpine:3.21\n")
    os.chdir("app")
    assert repository.check("HEAD")[1] == {"app"}
    assert repository.check("HEAD", "../lone")[1] == {"lone"}


def test_the_target_of_a_link_counts(repository: Repository) -> None:
    (repository.folder / "linked").mkdir()
    (repository.folder / "linked/compose.yaml").symlink_to("../web/compose.yaml")
    start = repository.commit()
    repository.write("web/compose.yaml", f"{WEB}    privileged: true\n")
    assert repository.check(start, "linked/compose.yaml")[1] == {"linked"}


def test_unusual_file_names_are_read(repository: Repository) -> None:
    repository.write('o"d\n ß/Dockerfile', "FROM alpine:3.22\n")
    assert repository.check("HEAD")[1] == {'o"d\n ß'}


def test_a_moved_submodule_counts_with_its_files(repository: Repository) -> None:
    other = repository.folder / "sub"
    other.mkdir()
    for line in ("init --quiet", "add --all", "commit --quiet -m a --allow-empty"):
        repository.git("-C", "sub", *line.split())
    start = repository.commit()
    repository.write("sub/Dockerfile", "FROM alpine:3.22\nEXPOSE 80\n")
    for line in ("add --all", "commit --quiet -m b"):
        repository.git("-C", "sub", *line.split())
    code = main(["check", "--changed-since", start, "--output-format=concise"])
    assert code == 1


# -- what cannot be


@pytest.mark.parametrize("reference", ["nowhere", "-x", "--output=x", "HEAD:web", "a b"])
def test_an_unknown_commit_exits_with_2_and_is_named(
    repository: Repository, reference: str
) -> None:
    code = main(["check", f"--changed-since={reference}"])
    assert code == 2
    assert not (repository.folder / "x").exists()


def test_a_folder_outside_of_a_work_tree_exits_with_2(
    tmp_path: Path, repository: Repository
) -> None:
    assert repository.check("HEAD", str(tmp_path))[0] == 2
    assert repository.error.endswith("is not in a Git repository\n"), "said once"


def test_a_missing_git_exits_with_2(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = repository.write("git", "#!/bin/sh\ntouch ran\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", os.pathsep.join(("", ".", "/nowhere")))
    assert repository.check("HEAD")[0] == 2
    assert "`git` is missing" in repository.error
    assert not (repository.folder / "ran").exists(), "one in the folder is not taken"


@pytest.mark.parametrize("option", ["-", "--write-baseline"])
def test_changed_since_excludes_options_that_need_everything(
    repository: Repository, option: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import io
    import sys

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
    assert main(["check", "--changed-since", "HEAD", option]) == 2


def test_the_environment_of_a_hook_does_not_lead_elsewhere(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", "false")
    repository.write("lone/Dockerfile", "FROM alpine:3.21\n")
    assert repository.check("HEAD")[1] == {"lone"}


def test_git_is_started_only_on_request(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr(subprocess, "run", run)
    assert main(["check"]) == 1
