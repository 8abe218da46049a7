"""A repository names programs for Git to start; ``--changed-since`` starts none of them.

Each trap would write its name into a file outside of the repository.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from tests.attack.conftest import some

from tightship.cli import git as git_module
from tightship.cli.main import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.attack.conftest import Figure

if shutil.which("git") is None or os.name != "posix":
    pytest.skip("needs Git and a shell", allow_module_level=True)

_LIMITED = pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="only Linux has limits")
COMPOSE = "services:\n  web:\n    image: nginx:1.29\n    privileged: true\n"


class Repository:
    """A work tree with a change, and programs that tell that they ran."""

    def __init__(self, folder: Path) -> None:
        self.top = folder
        self.folder = folder / "work"
        self.ran = folder / "ran"
        self.folder.mkdir()
        self.git("init", "--quiet", "--initial-branch=main")
        self.write("web/compose.yaml", COMPOSE)
        self.write("lone/Dockerfile", "FROM alpine:3.22\n")
        self.write(".gitattributes", "* filter=p diff=d merge=m text working-tree-encoding=UTF-8\n")
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message=first")
        self.start = self.git("rev-parse", "HEAD")
        self.write("web/compose.yaml", f"{COMPOSE}    pid: host\n")
        # It looks changed, so that Git has to read it, and is not.
        os.utime(self.folder / "lone/Dockerfile", (1, 1))

    def git(self, *arguments: str, folder: Path | None = None) -> str:
        done = subprocess.run(
            ["git", "-c", "user.name=a", "-c", "user.email=a@b.c", *arguments],
            cwd=folder or self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    @property
    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
        home = {"HOME": str(self.top), "XDG_CONFIG_HOME": str(self.top)}
        return {**kept, **home, "GIT_CONFIG_NOSYSTEM": "1"}

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def program(self, name: str) -> str:
        """Return the path of a program that tells that it ran."""
        path = self.top / f"trap-{name}"
        path.write_text(f'#!/bin/sh\necho "{name} $*" >> {self.ran}\ncat\n', "utf-8")
        path.chmod(0o755)
        return str(path)

    def configure(self, key: str, value: str) -> None:
        self.git("config", key, value)

    def check(self, reference: str, **environment: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "tightship", "check"]
        options = ["--changed-since", reference, "--output-format", "json"]
        return subprocess.run(
            [*command, *options],
            cwd=self.folder,
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )


def configured(*keys: str, value: str = "{}") -> Callable[[Repository], None]:
    """Return what sets keys of the repository's configuration to a program."""

    def set_(repository: Repository) -> None:
        for key in keys:
            program = repository.program(key.replace(".", "-"))
            repository.configure(key, value.format(program))

    return set_


def required_filter(repository: Repository) -> None:
    configured("filter.p.clean")(repository)
    repository.configure("filter.p.required", "true")


def hooks(repository: Repository) -> None:
    folder = repository.folder / ".git" / "hooks"
    folder.mkdir(exist_ok=True)
    for hook in (
        *("post-index-change", "reference-transaction", "fsmonitor-watchman"),
        *("pre-commit", "post-checkout", "post-rewrite", "query-watchman"),
    ):
        shutil.copy(repository.program(hook), folder / hook)


def own_hooks(repository: Repository) -> None:
    hooks(repository)
    shutil.move(repository.folder / ".git/hooks", repository.folder / "hooks")
    repository.configure("core.hooksPath", "hooks")


def included(repository: Repository) -> None:
    """Set keys in files that the configuration includes."""
    program = repository.program("included")
    text = f"[core]\n\tfsmonitor = {program}\n[diff]\n\texternal = {program}\n"
    repository.write("one.config", text)
    repository.write("two.config", text.replace("diff", 'filter "p"]\n\tclean = x\n[diff'))
    repository.configure("include.path", "../one.config")
    repository.configure("includeIf.gitdir:**.path", "../two.config")


def aliases(repository: Repository) -> None:
    for name in ("diff", "rev-parse", "ls-files", "config", "merge-base"):
        repository.configure(f"alias.{name}", f"!{repository.program(f'alias-{name}')}")


def promisor(repository: Repository) -> None:
    """Have Git fetch an object that is missing, with a program."""
    program = repository.program("fetch")
    for key, value in {
        "remote.origin.url": f"ext::{program}",
        "remote.origin.promisor": "true",
        "remote.origin.uploadpack": program,
        "remote.origin.vcs": "trap",
        "extensions.partialClone": "origin",
        "core.repositoryFormatVersion": "1",
        "core.sshCommand": program,
        "core.gitProxy": program,
        "core.alternateRefsCommand": program,
        "protocol.allow": "always",
        "protocol.ext.allow": "always",
        "credential.helper": f"!{program}",
        "core.askPass": program,
    }.items():
        repository.configure(key, value)
    blob = repository.git("rev-parse", f"{repository.start}:web/compose.yaml")
    (repository.folder / f".git/objects/{blob[:2]}/{blob[2:]}").unlink()


def submodule(repository: Repository) -> None:
    """Put a repository with traps of its own into the work tree."""
    inner = repository.folder / "inner"
    inner.mkdir()
    repository.git("init", "--quiet", folder=inner)
    (inner / ".gitattributes").write_text("* filter=p diff=d\n", encoding="utf-8")
    (inner / "compose.yaml").write_text(COMPOSE, encoding="utf-8")
    repository.git("add", "--all", folder=inner)
    repository.git("commit", "--quiet", "--message=inner", folder=inner)
    program = repository.program("submodule")
    for key in ("core.fsmonitor", "filter.p.clean", "diff.external", "diff.d.textconv"):
        repository.git("config", key, program, folder=inner)
    repository.write(
        ".gitmodules",
        '[submodule "inner"]\n\tpath = inner\n\turl = ./x\n\tignore = none\n\tupdate = !touch x\n',
    )
    repository.git("add", "inner", ".gitmodules")
    (inner / "compose.yaml").write_text(COMPOSE + "\n", encoding="utf-8")
    repository.configure("diff.submodule", "diff")
    repository.configure("submodule.recurse", "true")
    repository.configure("status.submoduleSummary", "true")


def alternates(repository: Repository) -> None:
    """Name a store of objects outside of the repository, whose commands would run."""
    other = repository.top / "other"
    other.mkdir()
    repository.git("init", "--quiet", "--bare", folder=other)
    program = repository.program("alternates")
    repository.git("config", "core.fsmonitor", program, folder=other)
    info = repository.folder / ".git/objects/info/alternates"
    info.parent.mkdir(exist_ok=True)
    info.write_text(f"{other}/objects\n../../../other/objects\n", encoding="utf-8")
    repository.configure("core.alternateRefsCommand", program)


TRAPS: dict[str, Callable[[Repository], None]] = {
    "file system monitor": configured("core.fsmonitor"),
    "hooks": hooks,
    "hooks in the work tree": own_hooks,
    "pagers": configured("core.pager", "pager.diff", "pager.config", "pager.ls-files"),
    "editors": configured("core.editor", "sequence.editor", "gpg.program"),
    "external diff": configured("diff.external", "diff.d.command", "diff.d.textconv"),
    "filters": configured("filter.p.clean", "filter.p.smudge", "filter.p.process"),
    "required filter": required_filter,
    "merge driver": configured("merge.m.driver"),
    "transport": configured("core.sshCommand", "core.gitProxy", "core.askPass"),
    "credentials": configured("credential.helper", value="!{}"),
    "interactive diff": configured("interactive.diffFilter"),
    "included configuration": included,
    "aliases": aliases,
    "missing object": promisor,
    "submodule": submodule,
    "alternates": alternates,
}


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


@pytest.mark.parametrize("name", some(TRAPS, ("aliases", "submodule")))
def test_no_program_named_by_a_repository_is_started(
    name: str, repository: Repository, figure: Figure
) -> None:
    TRAPS[name](repository)
    repository.ran.unlink(missing_ok=True)
    done = repository.check(repository.start)
    assert not repository.ran.exists(), repository.ran.read_text("utf-8")
    assert done.returncode in (1, 2), done.stderr
    assert "Traceback" not in done.stderr
    if done.returncode == 1:
        found = {one["path"] for one in json.loads(done.stdout)["findings"]}
        assert "web/compose.yaml" in found
        assert "lone/Dockerfile" not in found
    figure(f"exit {done.returncode}, nothing started")


def test_many_traps_at_once_start_no_program(repository: Repository) -> None:
    last = ("external diff", "filters", "hooks", "file system monitor", "pagers")
    for trap in ("submodule", "alternates", "included configuration", *last):
        TRAPS[trap](repository)
    repository.ran.unlink(missing_ok=True)
    done = repository.check(repository.start)
    assert not repository.ran.exists(), repository.ran.read_text("utf-8")
    assert done.returncode == 1, done.stderr


def test_the_traps_are_real(repository: Repository) -> None:
    """Git itself falls into some of them, or the test above would prove nothing."""
    for name in ("file system monitor", "external diff", "filters"):
        TRAPS[name](repository)
    repository.git("diff", repository.start)
    ran = repository.ran.read_text("utf-8")
    assert {line.split()[0] for line in ran.splitlines()} >= {
        *("core-fsmonitor", "diff-d-command", "filter-p-process")
    }


def test_a_work_tree_elsewhere_is_not_judged(repository: Repository) -> None:
    other = repository.top / "elsewhere"
    shutil.copytree(repository.folder / "web", other / "web")
    repository.configure("core.worktree", str(other))
    done = repository.check(repository.start)
    assert str(other) not in done.stdout
    assert "elsewhere" not in done.stdout


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give folders away")
def test_a_repository_of_another_user_is_rejected(repository: Repository) -> None:
    """Git decides that; nothing tells it to trust what it does not."""
    configured("core.fsmonitor")(repository)
    for path in (repository.folder, *repository.folder.rglob("*")):
        os.chown(path, 12_345, 12_345)
    done = repository.check(repository.start)
    assert done.returncode == 2
    assert "safe.directory" in done.stderr or "ownership" in done.stderr
    assert not repository.ran.exists()


def changed(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.chdir(repository.folder)
    start = time.monotonic()
    code = main(["check", "--changed-since", repository.start])
    assert time.monotonic() - start < 20
    return code


@pytest.mark.parametrize("name", ["HEAD", "config", "packed-refs", "info/exclude", "refs/heads/x"])
@pytest.mark.parametrize("is_pipe", [True, False])
def test_git_waits_for_no_pipe_and_reads_no_device(
    name: str,
    is_pipe: bool,
    repository: Repository,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = repository.folder / ".git" / name
    path.unlink(missing_ok=True)
    path.parent.mkdir(exist_ok=True)
    if is_pipe:
        os.mkfifo(path)
    else:
        path.symlink_to("/dev/zero")
    assert changed(repository, monkeypatch) == 2
    what = (
        "pipe or a device" if is_pipe or "refs/" not in name else "link that leaves the repository"
    )
    assert f"{path} is a {what}" in capsys.readouterr().err


def test_a_socket_of_git_is_no_fault(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository.folder / ".git")
    with socket.socket(socket.AF_UNIX) as made:
        made.bind("fsmonitor--daemon.ipc")
        assert changed(repository, monkeypatch) == 1


@_LIMITED
def test_git_fills_only_so_much_memory(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(git_module, "_MEMORY", 100_000_000)
    with (repository.folder / ".git/objects/info/alternates").open("wb") as file:
        file.truncate(300_000_000)
    assert changed(repository, monkeypatch) == 2
    assert "rev-parse failed (fatal: Out of memory" in capsys.readouterr().err


@_LIMITED
def test_git_computes_only_so_long(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(git_module, "_PROCESSOR", 1)
    repository.write(".gitignore", "/**" + "/a/**" * 20 + "/b\n")
    repository.write("a/" * 100 + "x", "")
    assert changed(repository, monkeypatch) == 2
    error = capsys.readouterr().err
    assert "git ls-files takes more than 1 seconds of a processor; patterns with" in error


@pytest.mark.parametrize("name", [".gitignore", ".git/objects/{}/{}"])
def test_git_waits_only_so_long(
    name: str,
    repository: Repository,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Where a pipe is not found before, such as an object, the time ends."""
    monkeypatch.setattr(git_module, "_SECONDS", 2)
    blob = repository.git("rev-parse", "HEAD:web/compose.yaml")
    path = repository.folder / name.format(blob[:2], blob[2:])
    path.unlink(missing_ok=True)
    os.mkfifo(path)
    assert changed(repository, monkeypatch) == 2
    assert "did not answer within 2 seconds" in capsys.readouterr().err
