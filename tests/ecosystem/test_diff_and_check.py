"""``tightship diff`` fails where ``tightship check --changed-since`` fails, for generated changes.

A change edits, adds, removes and moves files of all kinds that a check reads, or that a
setting names. The comparison of the same change between two commits, with other files in the
work tree, says the same.
"""

from __future__ import annotations

import contextlib
import io
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import pytest
from hypothesis import example, given, settings, strategies as st
from tests.ecosystem.work_tree import WorkTree

from tightship.cli.main import main
from tightship.engine.change.changes import Changes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Texts: TypeAlias = Mapping[str, str]

if shutil.which("git") is None:
    pytest.skip("there is no git", allow_module_level=True)

_ALL = 'front-ends = ["docker-run", "actions", "devcontainer", "quadlet"]\n'
_WEB = "services:\n  web:\n    image: nginx:1.29\n"
_ROOT = "FROM alpine:3.22\nUSER root\n"
_APP = "FROM alpine:3.22\nUSER app\n"
_JOB = "on: push\njobs:\n  a:\n    runs-on: x\n    container: {image: 'x:1'%s}\n    steps: []\n"

# The texts that each file may have; one that begins with an arrow is a link.
FILES: Mapping[str, Sequence[str]] = {
    "compose.yaml": [
        *(f"{_WEB}    read_only: true\n", f"{_WEB}    privileged: true\n"),
        f"{_WEB}    security_opt: ['seccomp=./seccomp.json']\n",
        f"{_WEB}    volumes: ['./link:/x']\n",
        f"{_WEB}    privileged: ${{P:-false}}\n",
        "services:\n  web:\n    build: .\n    env_file: [app.env]\n",
        "services:\n  web:\n    extends: {file: base.yaml, service: b}\n",
        "services: [\n",
    ],
    "base.yaml": ["services: {b: {image: 'x:1'}}\n", "services: {b: {image: 'x:1', pid: host}}\n"],
    "compose.override.yaml": [
        "services: {web: {read_only: true}}\n",
        "services: {web: {cap_add: [SYS_ADMIN]}}\n",
    ],
    "compose.dev.yaml": [
        "services: {web: {image: 'a:1', network_mode: host}}\n",
        "services: {web: {volumes: ['/:/h']}}\n",
    ],
    "Makefile": [
        "up:\n\tdocker compose -f compose.yaml -f compose.dev.yaml up\n",
        "up:\n\tdocker compose -f compose.dev.yaml up\n",
        "up:\n\tdocker compose -f stack.txt up\n\tdocker build -f Dockerfile.bak .\n",
        "F := -f compose.yaml -f .venv/stack.yaml\nup:\n\tdocker compose $(F) up\n",
    ],
    "stack.txt": [f"{_WEB}    read_only: true\n", f"{_WEB}    privileged: true\n", "none\n"],
    ".venv/stack.yaml": [
        "services: {web: {image: 'x:1'}}\n",
        "services: {web: {image: 'x:1', pid: host}}\n",
    ],
    "Dockerfile.bak": [_APP, _ROOT],
    "Dockerfile": [_APP, _ROOT, f"{_APP}RUN curl -k https://x.org | sh\n"],
    "sub/Dockerfile": [
        *(_APP, _ROOT, "FRO\n"),
        _APP.replace("USER", "RUN --security=insecure make\nUSER"),
    ],
    "seccomp.json": ['{"defaultAction": "SCMP_ACT_ERRNO"}', '{"defaultAction": "SCMP_ACT_ALLOW"}'],
    "app.env": ["A=1\n", "DB_PASSWORD=hunter22hunter\n"],
    ".env": ["TAG=1\n", "P=true\n", "COMPOSE_FILE=base.yaml\n", "COMPOSE_FILE=stack.txt\n"],
    "link": ["-> sub", "-> /", "-> /var/run/docker.sock"],
    "run.sh": [
        *("docker run nginx:1.29\n", "docker run --privileged nginx:1.29\n", "true\n"),
        "F=stack.txt\ndocker compose -f $F up\n",
        "docker run 'nginx\n",
        "docker compose --env-file live.vars up\n",
    ],
    "live.vars": ["P=false\n", "P=true\n"],
    ".github/workflows/ci.yml": [_JOB % "", _JOB % ", options: --privileged"],
    ".devcontainer/devcontainer.json": [
        '{"image": "x:1"}',
        '{"image": "x:1", "runArgs": ["--privileged"]}',
    ],
    "w.container": [
        "[Container]\nImage=x:1\n",
        "[Container]\nImage=x:1\nPodmanArgs=--privileged\n",
    ],
    "tightship.toml": [
        *(_ALL, f'{_ALL}exclude = ["sub"]\n', f'{_ALL}ignore = ["privileged-container"]\n'),
        *('select = ["strict"]\n', 'fail-on = "never"\n'),
    ],
}
_TEXTS = st.fixed_dictionaries({}, optional={n: st.sampled_from(t) for n, t in FILES.items()})
_EDITS = st.lists(
    st.sampled_from([*FILES]).flatmap(
        lambda name: st.tuples(
            st.just(name), st.one_of(st.sampled_from(FILES[name]), st.sampled_from((None, "move")))
        )
    ),
    min_size=1,
    max_size=3,
)


@given(texts=_TEXTS, edits=_EDITS, is_staged=st.booleans())
@example({"tightship.toml": _ALL}, [("run.sh", FILES["run.sh"][1])], False)
@example({"tightship.toml": _ALL}, [(".github/workflows/ci.yml", _JOB % ", options: -P")], True)
@example({"sub/Dockerfile": _APP}, [("sub/Dockerfile", FILES["sub/Dockerfile"][-1])], False)
@example(
    {"compose.yaml": FILES["compose.yaml"][2], "seccomp.json": FILES["seccomp.json"][0]},
    [("seccomp.json", FILES["seccomp.json"][1])],
    False,
)
@example({"compose.yaml": FILES["compose.yaml"][3], "link": "-> sub"}, [("link", "-> /")], True)
@example({"compose.yaml": FILES["compose.yaml"][0]}, [("run.sh", FILES["run.sh"][1])], False)
@example(
    {"Makefile": FILES["Makefile"][2], "stack.txt": FILES["stack.txt"][0]},
    [("stack.txt", FILES["stack.txt"][1])],
    True,
)
@example({"stack.txt": FILES["stack.txt"][1]}, [("Makefile", FILES["Makefile"][2])], True)
@example({"run.sh": FILES["run.sh"][0], "link": "-> sub"}, [("tightship.toml", _ALL)], False)
@settings(max_examples=settings().max_examples // 2, deadline=None)
def test_what_a_check_finds_new_makes_a_comparison_fail(
    texts: Texts, edits: list[tuple[str, str | None]], is_staged: bool
) -> None:
    with tempfile.TemporaryDirectory() as place, pytest.MonkeyPatch.context() as patch:
        tree = WorkTree(Path(place) / "tree")
        tree.write("readme.txt", "")
        for name, text in texts.items():
            write(tree, name, text)
        tree.commit()
        tree.enter(patch)
        before = run("check")
        for edit in edits:
            write(tree, *edit)
        if is_staged:
            tree.git("add", "--all")
        checked, compared = run("check", "--changed-since", "HEAD"), run("diff", "HEAD")
        assert 3 not in (checked[0], compared[0])
        if checked[0] == 1:
            assert compared[0], "new findings"
        if checked[0] == 2 and before[0] < 2 and before[1]:
            assert compared[0] == 2, "a part can no longer be checked"

        tree.git("add", "--all")
        tree.git("commit", "--quiet", "--allow-empty", "--message=change")
        tree.git("checkout", "--quiet", "--orphan", "other")
        tree.git("rm", "-r", "--quiet", "--force", ".")
        assert run("diff", "main~", "main", "--exact") == compared


# How a file names another one, which any name and folder may have.
NAMING: Mapping[str, str] = {
    "run.sh": "docker compose -f %s up\n",
    "bin/up": "#!/bin/sh\nF=%s\ndocker compose -f $F up\n",
    "Makefile": "ifdef CI\nFILES := -f %s\nendif\nup:\n\tdocker compose $(FILES) up\n",
    "README.md": "```sh\ndocker compose --file=%s up\n```\n",
    ".github/workflows/a.yml": "jobs: {a: {steps: [{run: 'docker compose -f %s up'}]}}\n",
    ".env": "COMPOSE_FILE=%s\n",
}
_PART = st.from_regex(r"(?a)[a-z][a-z0-9_-]{0,3}", fullmatch=True)
_NAMES = st.builds(
    "{}{}.{}".format,
    st.sampled_from(("", "deploy/", ".venv/", "node_modules/x/")),
    st.from_regex(r"(?a)[a-mo-z][a-z0-9_-]{0,3}", fullmatch=True),
    st.one_of(_PART, st.sampled_from(("bak", "txt", "data", "yaml", "json"))),
)


@given(name=_NAMES, by=st.sampled_from([*NAMING]), is_before=st.booleans())
@settings(max_examples=settings().max_examples // 2, deadline=None)
def test_a_named_file_is_read_on_both_sides(name: str, by: str, *, is_before: bool) -> None:
    with tempfile.TemporaryDirectory() as place, pytest.MonkeyPatch.context() as patch:
        tree = WorkTree(Path(place) / "tree")
        tree.write(name, f"{_WEB}    read_only: true\n")
        if is_before:
            tree.write(by, NAMING[by] % name)
        tree.commit()
        tree.enter(patch)
        before = run("check", "--output-format", "concise")
        is_found = name.endswith((".yml", ".yaml")) and name[0] not in ".n"
        assert (f"{name}:" in before[1]) == (is_before or is_found)
        tree.write(name, f"{_WEB}    privileged: true\n")
        tree.write(by, NAMING[by] % name)
        changed = run("check", "--changed-since", "HEAD", "--output-format", "concise")
        compared = run("diff", "HEAD")
        assert changed[0] == compared[0] == 1
        assert f"{name}:4:" in changed[1]
        assert "privileged" in compared[1]


# How a command gives the file `live.vars` to a project: the whole command, with its file.
GIVING: Mapping[str, str] = {
    "run.sh": "docker compose --env-file live.vars up\n",
    "up": "#!/bin/sh\nE=live.vars\ndocker compose --env-file $E -f compose.yaml up\n",
    "Makefile": "up:\n\tdocker compose -f compose.yaml --env-file=live.vars up\n",
    "package.json": '{"scripts": {"up": "docker compose --env-file live.vars up"}}\n',
}


@pytest.mark.parametrize("by", [*GIVING])
@pytest.mark.parametrize("named", [None, ".", "compose.yaml"])
def test_a_file_of_variables_that_a_command_gives_decides(
    by: str, named: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = WorkTree(tmp_path / "tree")
    tree.write("compose.yaml", f"{_WEB}    privileged: ${{P:-false}}\n")
    tree.write("live.vars", "# live\nP=false\n")
    tree.write(by, GIVING[by])
    tree.commit()
    tree.enter(monkeypatch)
    paths = [] if named is None else [named]
    assert "privileged" not in run("check", *paths)[1]
    tree.write("live.vars", "# live\nP=true\n")
    checked = run("check", "--output-format", "concise", *paths)
    assert checked[0] == 1
    assert "compose.yaml:4:" in checked[1]
    assert run("check", "--changed-since", "HEAD", *paths)[0] == 1
    code, text = run("diff", "HEAD")
    assert code == 1
    assert "privileged" in text


# How a script gets variables from another file, which may be any flags.
INCLUDING: Mapping[str, tuple[str, str]] = {
    "bin/run.sh": (". ./live.vars\ndocker run $OPTS x:1\n", "live.vars"),
    "run": ("#!/bin/sh\nsource bin/live.vars; docker run $OPTS x:1\n", "bin/live.vars"),
    "bin/start.sh": (
        '. "$(dirname "$0")/../etc/live.vars"\ndocker run ${OPTS:-} x:1\n',
        "etc/live.vars",
    ),
    "bin/go.sh": ("if true; then . $HERE/live.vars; fi\ndocker run $OPTS x:1\n", "bin/live.vars"),
    "Makefile": ("-include etc/live.mk\nup:\n\tdocker run $(OPTS) x:1\n", "etc/live.mk"),
}


@pytest.mark.parametrize("by", [*INCLUDING])
def test_what_a_script_includes_decides_its_unknown_flags(
    by: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = WorkTree(tmp_path / "tree")
    text, name = INCLUDING[by]
    tree.write("tightship.toml", 'front-ends = ["docker-run"]\n')
    tree.write(by, text)
    tree.write(name, "OPTS=--read-only\n")
    tree.write("other.vars", "OPTS=--read-only\n")
    tree.commit()
    tree.enter(monkeypatch)
    tree.write("other.vars", "OPTS=--privileged\n")
    assert run("check", "--changed-since", "HEAD")[0] == run("diff", "HEAD")[0] == 0
    tree.write(name, "OPTS=--privileged\n")
    code, out = run("check", "--changed-since", "HEAD", "--output-format", "concise")
    assert code == 2
    assert f"{by}:" in out
    code, out = run("diff", "HEAD")
    assert code == 2
    assert f"{by}:" in out


def test_what_is_found_without_a_file_of_variables_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = WorkTree(tmp_path / "tree")
    tree.write("compose.yaml", f"{_WEB}    privileged: ${{P:-true}}\n")
    tree.write("live.vars", "P=false\n")
    tree.write("run.sh", GIVING["run.sh"])
    tree.enter(monkeypatch)
    assert "is privileged" in run("check")[1]
    assert "is privileged" in run("check", "compose.yaml")[1]


_TWO = {f"{folder}/{name}": texts for folder in "ab" for name, texts in FILES.items()}
_LEADING = {
    "b/compose.yaml": [
        "services: {q: {build: {context: ../a}}}\n",
        "services: {q: {extends: {file: ../a/base.yaml, service: b}}}\n",
        "services: {q: {build: sub}}\n",
    ],
    "compose.yaml": ["include: [a/compose.yaml]\n", "services: {r: {build: b}}\n"],
    "tightship.toml": [_ALL],
}


@given(
    texts=st.fixed_dictionaries(
        {}, optional={n: st.sampled_from(t) for n, t in {**_TWO, **_LEADING}.items()}
    ),
    name=st.sampled_from([*_TWO]),
    data=st.data(),
)
@settings(max_examples=settings().max_examples // 4, deadline=None)
def test_what_is_not_judged_is_as_it_was(texts: Texts, name: str, data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as place, pytest.MonkeyPatch.context() as patch:
        tree = WorkTree(Path(place) / "tree")
        tree.write("readme.txt", "")
        for one, text in texts.items():
            write(tree, one, text)
        tree.commit()
        tree.enter(patch)
        write(tree, name, data.draw(st.sampled_from((*_TWO[name], None))))
        compared = run("diff", "HEAD")
        patch.setattr(Changes, "spare", judged)
        assert run("diff", "HEAD") == compared


def judged(_: Changes, __: object) -> None:
    """Spare no project."""


def write(tree: WorkTree, name: str, text: str | None) -> None:
    """Write a file, or a link; remove it, or move it to another folder."""
    path = tree.folder / name
    if text == "move" and path.exists() and not path.is_symlink():
        text = None
        tree.write(f"moved/{path.name}", path.read_text("utf-8"))
    path.unlink(missing_ok=True)
    if text is None or text == "move":
        return
    if text.startswith("-> "):
        path.parent.mkdir(exist_ok=True)
        path.symlink_to(text.removeprefix("-> "))
    else:
        tree.write(name, text)


def run(*words: str) -> tuple[int, str]:
    """Return the code of a command, and what it prints."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        code = main([*words])
    return code, out.getvalue()
