"""``tightship diff`` of revisions, on repositories made with the real Git."""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from tests.ecosystem.work_tree import WorkTree

from tightship.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

if shutil.which("git") is None:
    pytest.skip("there is no git", allow_module_level=True)

WEB = "services:\n  web:\n    image: nginx:1.29\n    user: '101'\n    env_file: web.env\n"
APP = "services:\n  app:\n    build: .\n"


class Repository(WorkTree):
    """A work tree with three projects, all committed."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        super().__init__(folder)
        self._capsys = capsys
        self.error = ""
        self.write("web/compose.yaml", WEB)
        self.write("web/web.env", "A=1\n")
        self.write("app/compose.yaml", APP)
        self.write("app/Dockerfile", "FROM alpine:3.22\nUSER 1000\n")
        self.write("other/compose.yaml", "services: {other: {image: 'redis:8'}}\n")
        self.write(".gitignore", ".env\n")
        self.base = self.commit()

    def text(self, *words: str, code: int = 0) -> str:
        assert main(["diff", *words]) == code
        out, self.error = self._capsys.readouterr()
        return out

    def rows(self, *words: str, code: int = 0) -> list[str]:
        """Return each difference in one line, from the JSON."""
        found: dict[str, Any] = json.loads(self.text(*words, "--output-format=json", code=code))
        return [
            f"{one['direction']} {service['name']} {one['mechanism']}:"
            f" {one['before']['state']} ({_place(one['before'])})"
            f" > {one['after']['state']} ({_place(one['after'])})"
            for project in found["projects"]
            for service in project["services"]
            for one in service["rows"]
        ]


def _place(state: dict[str, Any]) -> str:
    return f"{state['file']}:{state['line']}" if state["file"] else ""


@pytest.fixture
def repository(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Repository:
    made = Repository(tmp_path / "work", capsys)
    made.enter(monkeypatch)
    return made


TO_ROOT = [
    "worse app user: 1000, set by the image (app/Dockerfile:2)"
    " > root, set by the image (app/Dockerfile:2)"
]


def to_root(repository: Repository) -> None:
    repository.write("app/Dockerfile", "FROM alpine:3.22\nUSER root\n")


# -- which sides


def test_without_a_change_nothing_is_printed(repository: Repository) -> None:
    assert repository.text("HEAD") == ""
    assert repository.text("HEAD", "HEAD") == ""


def test_the_work_tree_is_the_other_side(repository: Repository) -> None:
    to_root(repository)
    assert repository.rows("HEAD", code=1) == TO_ROOT
    repository.git("add", "--all")
    assert repository.rows("HEAD", code=1) == TO_ROOT
    assert repository.text("HEAD", "HEAD") == "", "the work tree is not asked"


def test_two_revisions_are_compared_whatever_the_work_tree_has(repository: Repository) -> None:
    to_root(repository)
    repository.commit()
    shutil.rmtree(repository.folder / "app")
    assert repository.rows("HEAD~", "HEAD", code=1) == TO_ROOT


def test_neither_index_nor_work_tree_is_touched(repository: Repository) -> None:
    to_root(repository)
    repository.commit()
    os.utime(repository.folder / "web/compose.yaml", (1, 1))

    def seen() -> list[tuple[str, int, bytes]]:
        return [
            (str(path), path.stat().st_mtime_ns, path.read_bytes())
            for path in sorted(repository.folder.rglob("*"))
            if path.is_file()
        ]

    before = seen()
    repository.text("HEAD~", code=1)
    repository.text("HEAD~", "HEAD", code=1)
    assert seen() == before


def test_later_commits_of_the_base_do_not_count(repository: Repository) -> None:
    repository.git("checkout", "--quiet", "-b", "feature")
    to_root(repository)
    repository.commit()
    repository.git("checkout", "--quiet", "main")
    repository.write("web/compose.yaml", f"{WEB}    read_only: true\n")
    repository.commit()
    assert repository.rows("main", "feature", code=1) == TO_ROOT
    exact = repository.rows("main", "feature", "--exact", code=1)
    assert TO_ROOT[0] in exact
    assert len(exact) == 2
    repository.git("checkout", "--quiet", "feature")
    assert repository.rows("main", code=1) == TO_ROOT


def test_a_file_that_git_ignores_is_on_neither_side(repository: Repository) -> None:
    repository.write("web/compose.yaml", WEB.replace("'101'", "${WHO:-101}"))
    repository.commit()
    repository.write("web/.env", "WHO=0\n")
    repository.write("web/web.env", "A=2\n")
    assert repository.text("HEAD") == ""


def test_an_untracked_file_is_in_the_work_tree(repository: Repository) -> None:
    repository.write("new/compose.yaml", "services: {x: {image: a, privileged: true}}\n")
    text = repository.text("HEAD", code=1)
    assert text.startswith("new/compose.yaml, new\n  x  F  (new)  new/compose.yaml:1\n")


def test_only_some_folders(repository: Repository) -> None:
    to_root(repository)
    repository.write("web/compose.yaml", WEB.replace("    user: '101'\n", ""))
    assert len(repository.rows("HEAD", code=1)) == 2
    assert repository.rows("HEAD", "--only", "app", code=1) == TO_ROOT
    assert repository.text("HEAD", "--only", "other") == ""
    assert repository.rows("HEAD", "app", code=1) == TO_ROOT
    assert repository.rows("HEAD", "HEAD", "app") == []
    assert len(repository.rows("HEAD", "app", "web/compose.yaml", code=1)) == 2


def test_a_path_that_is_a_revision_too_is_an_error(repository: Repository) -> None:
    to_root(repository)
    repository.git("branch", "app")
    repository.text("HEAD", "app", code=2)
    assert "`app` is a path and a revision: `./app` means the path" in repository.error
    assert repository.rows("HEAD", "./app", code=1) == TO_ROOT
    assert repository.rows("HEAD", "app~0") == []


# -- where a project reads


def test_everything_comes_from_the_same_tree(repository: Repository) -> None:
    repository.write(
        "web/compose.yaml",
        "include: [../parts/db.yaml]\nservices:\n  web:\n"
        "    extends: {file: ../parts/base.yaml, service: hard}\n"
        "    user: ${WHO}\n  app:\n    build: ../app\n",
    )
    repository.write(".gitignore", "")
    repository.write("web/.env", "WHO=1000\n")
    repository.write("parts/db.yaml", "services: {db: {image: x, read_only: true}}\n")
    repository.write("parts/base.yaml", "services: {hard: {image: x, read_only: true}}\n")
    repository.commit()
    repository.write("web/.env", "WHO=0\n")
    repository.write("parts/db.yaml", "services: {db: {image: x}}\n")
    repository.write("parts/base.yaml", "services: {hard: {image: x}}\n")
    to_root(repository)
    head = repository.commit()
    for folder in ("web", "parts", "app"):
        shutil.rmtree(repository.folder / folder)
    found = repository.rows("HEAD~", head, "--only", "web", code=1)
    assert sorted(row.partition(":")[0] for row in found) == [
        "worse app user",
        "worse db root file system",
        "worse web root file system",
        "worse web user",
    ]


def test_a_link_is_followed_in_its_tree(repository: Repository) -> None:
    shutil.rmtree(repository.folder / "web")
    repository.write("real/base.yaml", WEB)
    (repository.folder / "web").mkdir()
    (repository.folder / "web/compose.yaml").symlink_to("../real/base.yaml")
    repository.commit()
    repository.write("real/base.yaml", WEB.replace("'101'", "root"))
    assert repository.rows("HEAD", code=1)[0].startswith("worse web user: 101")
    repository.commit()
    assert repository.rows("HEAD~", "HEAD", code=1)[0].startswith("worse web user: 101")


def test_a_link_that_leaves_the_repository_is_not_followed(
    repository: Repository, tmp_path: Path
) -> None:
    (tmp_path / "secret.yaml").write_text("services: {x: {image: secret}}\n")
    (repository.folder / "web/compose.yaml").unlink()
    (repository.folder / "web/compose.yaml").symlink_to(tmp_path / "secret.yaml")
    for words in (["HEAD"], ["HEAD~", "HEAD"]):
        text = repository.text(*words, code=2)
        assert "secret" not in text
        assert "leaves the project root" in text
        if len(words) == 1:
            repository.commit()


def test_files_in_a_submodule_are_a_gap(repository: Repository, tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    repository.git("init", "--quiet", str(inner))
    (inner / "db.yaml").write_text("services: {db: {image: x, privileged: true}}\n")
    for words in (["add", "--all"], ["commit", "--quiet", "--message=a"]):
        repository.git("-C", str(inner), *words)
    repository.git(
        *("-c", "protocol.file.allow=always", "submodule", "--quiet", "add"), *(str(inner), "sub")
    )
    repository.write("web/compose.yaml", f"include: [../sub/db.yaml]\n{WEB}")
    for words in (["HEAD"], ["HEAD~", "HEAD"]):
        text = repository.text(*words, code=2)
        assert "`sub/db.yaml` is in the submodule `sub`, so it is not read" in text
        if len(words) == 1:
            repository.commit()


def test_files_in_large_file_storage_are_a_gap(repository: Repository) -> None:
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 3\n"
    repository.write("app/Dockerfile", pointer)
    text = repository.text("HEAD", code=2)
    assert "`app/Dockerfile` is stored in Git LFS" in text
    assert "after the change" in text


def test_a_blob_that_the_clone_lacks_is_a_gap(repository: Repository) -> None:
    to_root(repository)
    repository.commit()
    blob = repository.git("rev-parse", "HEAD:app/Dockerfile")
    (repository.folder / f".git/objects/{blob[:2]}/{blob[2:]}").unlink()
    text = repository.text("HEAD~", "HEAD", code=2)
    assert "is not in this clone of the repository" in text


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "services: 5\n",
            "web/compose.yaml:1 {}: Compose rejects the whole project: `services` must be",
        ),
        (
            "services: {web: 5}\n",
            "web/compose.yaml:1 {}: Compose rejects service `web`: `web` must",
        ),
        (
            "services:\n  web: [\n",
            "web/compose.yaml:2 {}: Compose rejects the whole project: this `[`",
        ),
        (
            f"{WEB}    prots: []\n",
            "web/compose.yaml:6 {}: Compose rejects service `web`: `prots` is",
        ),
        (
            f"{WEB}    depends_on: [x]\n",
            "web/compose.yaml:6 {}: Compose rejects service `web`: it depends on `x`",
        ),
        ("", "web/compose.yaml:1 {}: this file is empty, and Compose rejects"),
        ("- web\n", "web/compose.yaml:1 {}: this is not a Compose file"),
    ],
)
def test_a_revision_that_compose_rejects_is_not_judged_but_the_rest_is(
    text: str, reason: str, repository: Repository
) -> None:
    repository.write("web/compose.yaml", text)
    repository.write("other/compose.yaml", "services: {other: {image: 'redis:8', pid: host}}\n")
    repository.commit()
    # Backwards, the change repairs the one project and improves the other.
    backwards = ["HEAD", "HEAD~", "--exact"]
    # Where nothing could be checked before, everything that is found is new.
    repaired = int(not text.startswith("services:\n  web:\n"))
    for words, side, code in ((["HEAD~"], "after", 2), (backwards, "before", repaired)):
        output = repository.text(*words, code=code)
        assert reason.format(f"was not checked {side} the change") in output
        # No service is written in `{web: 5}`.
        assert ("(new)" in output) == (side == "before" and "{web" in text)
        assert "removed" not in output
        assert "pid namespace: " in output
        assert "1 part could not be checked." in output


def test_values_known_at_run_time_reject_nothing(repository: Repository) -> None:
    to_root(repository)
    text = WEB.replace("web.env", "ignored/.env").replace("nginx:1.29", "${X:?no}")
    repository.write("web/compose.yaml", text)
    assert repository.text("HEAD", code=1)


def test_a_comment_says_that_nothing_could_be_compared(repository: Repository) -> None:
    repository.write("web/compose.yaml", "services: 5\n")
    comment = repository.text("HEAD", "--output-format=markdown", code=2)
    assert "## Tightship: isolation could not be compared\n" in comment
    assert "`services` must be a mapping" in comment


def test_unusual_file_names_are_read(repository: Repository) -> None:
    repository.write('odd\t"ü\n/compose.yaml', "services: {x: {image: y, user: '1'}}\n")
    repository.commit()
    repository.write('odd\t"ü\n/compose.yaml', "services: {x: {image: y, user: '0'}}\n")
    assert len(repository.rows("HEAD", code=1)) == 1
    repository.commit()
    assert len(repository.rows("HEAD~", "HEAD", code=1)) == 1


# -- renamed and moved


@pytest.mark.parametrize("place", ["web/docker-compose.yml", "deploy/compose.yml"])
def test_another_name_of_its_file_is_no_change(place: str, repository: Repository) -> None:
    repository.write(place, WEB)
    repository.write(f"{place.split('/')[0]}/web.env", "A=1\n")
    (repository.folder / "web/compose.yaml").unlink()
    assert repository.text("HEAD") == ""
    repository.write(place, WEB.replace("'101'", "'0'"))
    assert f"{place} (was web/compose.yaml)" in repository.text("HEAD", code=1) or (
        place.startswith("web/")
    )


def test_a_project_that_another_one_includes_now_is_no_change(repository: Repository) -> None:
    repository.write("compose.yaml", "include: [web/compose.yaml, app/compose.yaml]\n")
    assert repository.text("HEAD") == ""
    repository.commit()
    assert repository.text("HEAD~", "HEAD") == ""
    assert repository.text("HEAD", "HEAD~", "--exact") == ""


def test_a_removed_project_is_no_failure(repository: Repository) -> None:
    shutil.rmtree(repository.folder / "other")
    text = repository.text("HEAD")
    assert text.startswith("other/compose.yaml, removed\n  other  ")
    repository.text("HEAD", "--fail-on=any", code=1)


def test_an_overlay_is_compared_with_what_is_below_it(repository: Repository) -> None:
    over = "services:\n  web:\n    cap_add: [{}]\n"
    repository.write("web/compose.prod.yaml", over.format("NET_ADMIN"))
    repository.commit()
    repository.write("web/compose.yaml", f"{WEB}    pid: host\n")
    found = repository.rows("HEAD", code=1)
    assert found == ["worse web pid namespace: its own () > the host's (web/compose.yaml:6)"], (
        "once, not for the overlay too"
    )
    repository.write("web/compose.prod.yaml", over.format("SYS_ADMIN"))
    found = repository.rows("HEAD", "--only=web/compose.prod.yaml", code=1)
    assert any("SYS_ADMIN" in row and "compose.prod.yaml:3" in row for row in found)


# -- invalid, and hostile


@pytest.mark.parametrize("words", [["none"], ["HEAD", "none"], ["--", "--output=x"]])
def test_an_unknown_revision_exits_with_2(words: list[str], repository: Repository) -> None:
    repository.text(*words, code=2)
    assert "unknown commit" in repository.error


def test_a_folder_outside_of_a_work_tree_exits_with_2(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    repository.text("HEAD", code=2)
    assert "not in a Git repository" in repository.error


def test_an_invalid_configuration_exits_with_2(repository: Repository) -> None:
    repository.write("app/tightship.toml", "selct = []\n")
    to_root(repository)
    repository.text("HEAD", code=2)
    assert "selct" in repository.error


def test_excluded_files_are_left_out_of_their_revision(repository: Repository) -> None:
    to_root(repository)
    repository.write("tightship.toml", "exclude = ['app']\n")
    repository.commit()
    to_root(repository)
    assert repository.text("HEAD") == ""


def test_a_file_set_is_one_project(repository: Repository) -> None:
    repository.write(
        "tightship.toml", "[[project]]\nfiles = ['web/compose.yaml', 'web/over.yaml']\n"
    )
    repository.write("web/over.yaml", "services: {web: {read_only: true}}\n")
    repository.commit()
    repository.write("web/over.yaml", "services: {web: {pid: host}}\n")
    found = repository.rows("HEAD", code=1)
    assert [row.partition(":")[0] for row in found] == [
        "worse web root file system",
        "worse web pid namespace",
    ]


def test_a_configuration_of_another_tool_changes_no_project(repository: Repository) -> None:
    repository.write("web/compose.yaml", f"include: [gone.yaml]\n{WEB}")
    repository.commit()
    repository.write("pyproject.toml", "[project]\nname = 'x'\n")
    assert repository.text("HEAD") == ""
    repository.write("pyproject.toml", "[tool.tightship]\nselect = ['default']\n")
    assert repository.text("HEAD") == ""


def test_a_new_file_set_does_not_apply_to_its_own_change(repository: Repository) -> None:
    repository.write("web/over.yaml", "services: {web: {pid: host}}\n")
    repository.commit()
    repository.write(
        "tightship.toml", "[[project]]\nfiles = ['web/compose.yaml', 'web/over.yaml']\n"
    )
    assert repository.rows("HEAD") == []
    repository.commit()
    repository.write("web/over.yaml", "services: {web: {pid: host, ipc: host}}\n")
    found = repository.rows("HEAD", code=1)
    assert [row.partition(":")[0] for row in found] == ["worse web ipc namespace"]


def test_git_starts_no_program_of_the_repository(repository: Repository, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    script = tmp_path / "evil"
    script.write_text(f'#!/bin/sh\necho "$0 $*" >> {ran}\ncat\n', encoding="utf-8")
    script.chmod(0o755)
    hooks = repository.folder / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    for hook in ("post-index-change", "reference-transaction", "fsmonitor-watchman"):
        shutil.copy(script, hooks / hook)
    repository.write(".gitattributes", "* filter=a=b diff=d\nDockerfile filter=p\n")
    to_root(repository)
    repository.commit()
    for key, value in {
        "core.fsmonitor": str(script),
        "core.hooksPath": str(hooks),
        "core.pager": str(script),
        "pager.diff": str(script),
        "core.alternateRefsCommand": str(script),
        "diff.external": str(script),
        "diff.d.command": str(script),
        "diff.d.textconv": str(script),
        "filter.a=b.clean": str(script),
        "filter.a=b.smudge": str(script),
        "filter.a=b.required": "true",
        "filter.p.process": str(script),
        "remote.origin.url": f"ext::{script}",
        "remote.origin.promisor": "true",
        "extensions.partialClone": "origin",
        "core.repositoryFormatVersion": "1",
        "protocol.ext.allow": "always",
    }.items():
        repository.git("config", key, value)
    ran.unlink(missing_ok=True)
    path = repository.folder / "web/compose.yaml"
    path.write_text(path.read_text("utf-8"), encoding="utf-8")  # looks changed
    os.utime(path, (1, 1))
    assert repository.rows("HEAD~", code=1) == TO_ROOT
    assert repository.rows("HEAD~", "HEAD", code=1) == TO_ROOT
    blob = repository.git("rev-parse", "HEAD:app/Dockerfile")
    ran.unlink(missing_ok=True)
    (repository.folder / f".git/objects/{blob[:2]}/{blob[2:]}").unlink()
    repository.text("HEAD~", "HEAD", code=2)
    assert not ran.exists(), ran.read_text("utf-8")
