"""Changes that concern nothing of ours: nothing is walked, read or judged for them."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings, strategies as st
from tests.ecosystem.work_tree import WorkTree

import tightship.cli.check_run
from tightship.cli.check_command import Options
from tightship.cli.check_run import Run
from tightship.cli.main import main
from tightship.config.key import ConfigError
from tightship.engine.change import changes
from tightship.engine.disk import regular
from tightship.engine.plan.scope import Scope
from tightship.engine.plan.walk import Walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.cli.git_changes import GitChanges
    from tightship.engine.disk.git_tree import UndoneChange


if shutil.which("git") is None:
    pytest.skip("there is no git", allow_module_level=True)

COMPOSE = "services:\n  web:\n    image: nginx:1.29\n"
FILES = {
    "compose.yaml": f"{COMPOSE}    env_file: web.conf\n",
    "compose.override.yaml": "services: {web: {env_file: [local.conf], privileged: true}}\n",
    "deploy/docker-compose.yml": f"{COMPOSE}    env_file: ${{MODE}}.conf\n    privileged: true\n",
    "deploy/.env": "MODE=live\n",
    "deploy/live.conf": "PASSWORD=hunter2hunter2\n",
    "stack/all.yml": "services: {a: {image: a, extends: {file: ../base.json, service: b}}}\n",
    "base.json": '{"services": {"b": {"image": "b", "user": "root"}}}\n',
    "stack/compose.yaml": "include: [all.yml]\n",
    "over/docker-compose.dev.yml": "services: {web: {privileged: true}}\n",
    "over/docker-compose.data.yml": COMPOSE,
    "over/test_data.py": "open('docker-compose.data.yml')\n",
    "app/compose.yaml": "services: {app: {build: ., volumes: ['./data.csv:/d']}}\n",
    "app/Dockerfile": "FROM alpine:3.22\nCOPY . /app/\nENTRYPOINT ['/app/start']\n".replace(
        "'", '"'
    ),
    "app/start": "#!/bin/sh\nexec /app/run.sh\n",
    "app/run.sh": "#!/bin/sh\n. /app/rights.bash\nexec /app/main.py entrypoint.rb\n",
    "app/rights.bash": "chmod 777 /app\n",
    "app/main.py": "print('main')\n",
    "app/data.csv": "1,2\n",
    "app/.dockerignore": "*.md\n",
    "lone/Dockerfile": "FROM alpine:3.22\nVOLUME /src/state\nCOPY state.db main.c /src/\n",
    "lone/main.c": "int main() {}\n",
    "web/Makefile": "up:\n\tdocker compose -f ../compose.yaml -f ../over/docker-compose.dev.yml up\n",
    "web/run.sh": "#!/bin/sh\nsource ./names.inc\ndocker compose $FILES up\n",
    "web/names.inc": "FILES='-f compose.yaml -f over/docker-compose.dev.yml'\n",
    "web/package.json": '{"scripts": {"up": "docker-compose -f over/docker-compose.dev.yml up"}}\n',
    "docs/guide.md": "# Guide\n\nRun `docker compose -f over/docker-compose.dev.yml up`.\n",
    "docs/other.md": "# Other\n\nNothing.\n",
    "over/README.md": "# Example\n\nThis is an example for tests.\n",
    "README.md": "# Product\n",
    "src/a.go": "package a\n",
    "src/b.go": "package b\n",
    "examples/c.go": "package c\n",
    "examples/compose.yaml": COMPOSE,
    "vendor/modules.txt": "# a\n",
    "vendor/a/compose.yaml": COMPOSE,
    "tightship.toml": "exclude = ['src/known.go']\n",
    "src/known.go": "package known\n",
}
TEXTS = (
    "package other\n",
    "PASSWORD=secret1secret1\n",
    "docker compose -f compose.yaml -f over/docker-compose.dev.yml up\n",
    "docker build -t app app\n",
    "read('docker-compose.data.yml')\n",
    "#!/bin/sh\nchmod 777 /\n",
    COMPOSE,
)
NEW = ("src/new.go", "app/id_rsa", "app/state.db", "lone/state.db", "over/x_test.go", "local.conf")


class JudgedError(Exception):
    """Something was walked through."""


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WorkTree:
    made = WorkTree(tmp_path / "work")
    for name, text in FILES.items():
        made.write(name, text)
    made.write(".gitignore", "compose.override.yaml\n")
    made.commit()
    made.enter(monkeypatch)
    return made


def touched(*paths: str) -> list[object]:
    """Return what a run says of the changes since the last commit, for each file that it judges."""
    options = Options([*paths, "--changed-since", "HEAD"])
    verdicts = Run(options, lambda: None).verdicts(Scope(), lambda _: None)
    return [
        (source.name, [(one.rule.name, one.severity, one.finding.message) for one in found])
        for verdict in verdicts
        for source in verdict.sources
        for found in (verdict.findings, verdict.earlier)
    ]


def refuse(*_: object) -> Iterator[None]:
    raise JudgedError


def refuse_silence(_path: str, _change: UndoneChange) -> bool:
    return False


def place_of(path: str, folder: int | None) -> str:
    above = "" if folder is None else os.readlink(f"/proc/self/fd/{folder}")
    return os.path.join(above, path)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the files that are read from the disk; a walk is refused."""
    found: list[str] = []
    usual = regular.bytes_of

    def counted(path: str, limit: int, *, folder: int | None = None) -> bytes:
        found.append(os.path.relpath(place_of(path, folder)))
        return usual(path, limit, folder=folder)

    monkeypatch.setattr(regular, "bytes_of", counted)
    monkeypatch.setattr(Walk, "below", refuse)
    return found


@pytest.mark.parametrize("name", ["src/a.go", "src/new.go", "docs/other.md", "README.rst"])
def test_no_folder_is_walked_for_code_and_documents(
    tree: WorkTree, read: list[str], name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if name != "README.rst":
        tree.write(name, "nothing of ours\n")
    assert main(["check", "--changed-since", "HEAD"]) == 0
    assert "nothing to check has changed since HEAD\n" in capsys.readouterr().err
    assert not [
        one
        for one in read
        if one.endswith((".go", ".md", ".csv", ".json")) and one not in (name, "base.json")
    ], "but for what a project extends"
    assert not [one for one in read if read.count(one) > 1 and one != "tightship.toml"]


def test_without_a_change_nothing_is_read(tree: WorkTree, read: list[str]) -> None:
    assert main(["check", "--changed-since", "HEAD"]) == 0
    assert read == ["tightship.toml"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("compose.yaml", ""),
        ("web.conf", "A=1\n"),
        ("deploy/live.conf", "A=1\n"),
        ("base.json", "{}\n"),
        ("app/start", "#!/bin/sh\n"),
        ("app/main.py", "print()\n"),
        ("docs/other.md", "Run `docker compose -f compose.yaml up`.\n"),
        ("over/test_data.py", "pass\n"),
        ("app/id_rsa", "key\n"),
        ("local.conf", "A=1\n"),
        ("src/known.vars", "# a command may give them\n\nexport A=1\n"),
        ("tightship.toml", ""),
        ("vendor/modules.txt", None),
    ],
)
def test_what_a_project_may_read_is_judged(
    tree: WorkTree, read: list[str], name: str, text: str | None
) -> None:
    if text is None:
        (tree.folder / name).unlink()
    else:
        tree.write(name, text)
    with pytest.raises(JudgedError):
        touched()


@pytest.mark.parametrize(
    ("written", "may_mean"),
    [
        (r"w\x65b.conf", True),
        (r"web\u002econf", True),
        (r"we\U00000062.conf", True),
        ("${A}b.conf", True),
        ("$A/we$B", True),
        (r"\x1b[0m", False),
        (r"\uXY", False),
        (r"\033[0;36m", False),
        ("${argv[$at]}", False),
        ("$A$B", True),
        ("$A", False),
    ],
)
def test_a_name_may_have_an_escape_or_a_value(
    tree: WorkTree, read: list[str], written: str, may_mean: bool
) -> None:
    (tree.folder / "compose.override.yaml").unlink()
    tree.write("compose.yaml", f'{COMPOSE}    env_file: "{written}"\n')
    tree.write("deploy/docker-compose.yml", COMPOSE)
    tree.commit()
    tree.write("web.conf", "listen on 80\n")
    with pytest.raises(JudgedError) if may_mean else nullcontext():
        touched()


def test_commands_are_searched_once_if_none_has_changed(
    tree: WorkTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, usual = list[str](), regular.bytes_of

    def counted(path: str, limit: int, *, folder: int | None = None) -> bytes:
        read.append(os.path.relpath(place_of(path, folder)))
        return usual(path, limit, folder=folder)

    monkeypatch.setattr(regular, "bytes_of", counted)
    before = touched("compose.yaml")
    assert not before
    assert not [one for one in read if one.startswith("web/")], "no role is asked for"
    tree.write("compose.yaml", COMPOSE.replace("1.29", "latest"))
    assert touched("deploy", "over", "compose.yaml")
    assert read.count("web/run.sh") == 1
    tree.write("web/Makefile", FILES["web/Makefile"] + "# more\n")
    read.clear()
    touched("deploy", "over")
    assert read.count("web/run.sh") == 2, "on both sides"


@settings(max_examples=settings().max_examples // 2, deadline=None)
@given(
    kept=st.sets(st.sampled_from(sorted(FILES)), min_size=12),
    edited=st.lists(
        st.tuples(st.sampled_from([*sorted(FILES), *NEW]), st.sampled_from([*TEXTS, None])),
        min_size=1,
        max_size=2,
    ),
    is_link=st.booleans(),
)
def test_what_is_not_judged_is_touched_by_no_change(
    kept: set[str], edited: list[tuple[str, str | None]], is_link: bool
) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        tree = WorkTree(Path(folder).resolve() / "work")
        for name in kept:
            tree.write(name, FILES[name])
        tree.write("src/filler.go", "package filler\n")
        tree.write(".gitignore", "compose.override.yaml\n")
        if is_link:
            (tree.folder / "web.conf").symlink_to("src/a.go")
        tree.commit()
        tree.enter(patch)
        for name, text in edited:
            if text is not None:
                tree.write(name, text)
            elif (tree.folder / name).exists():
                (tree.folder / name).unlink()
        asked: list[bool] = []
        usual = Run._is_apart

        def noted(run: Run, git: GitChanges) -> bool:
            asked.append(usual(run, git))
            return False

        patch.setattr(tightship.cli.check_run.Run, "_is_apart", noted)
        found: list[object] = []
        with suppress(ConfigError):
            found += touched()
            assert not (found and asked[0]), found
            patch.setattr(changes, "is_silent", refuse_silence)
            assert found == touched(), "roles before are those of a whole search"
