"""``check_texts``: as a run over a folder, and without a disk."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

import tightship

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tightship.api import Finding, Result

CORPUS = (Path(__file__).parents[3] / "shared" / "corpus").resolve()
PROJECT = {
    "compose.yaml": "services:\n  web:\n    build: ./web\n  db:\n    image: postgres:${V}\n",
    "compose.override.yaml": "services:\n  db:\n    privileged: true\n",
    ".env": "V=17.2\n",
    "web/Dockerfile": "FROM alpine:3.22\nUSER root\n",
    "lone/Dockerfile": "FROM alpine:3.22\nRUN curl -k https://example.org/x | sh\n",
    "other/stack.yml": "services:\n  x:\n    image: x:1\n    pid: host\n",
    "node_modules/a/Dockerfile": "FROM alpine\n",
    "elsewhere/.env": "COMPOSE_FILE=main.yml\n",
    "elsewhere/main.yml": "services:\n  m:\n    build: .\n    cap_add: [SYS_ADMIN]\n",
    "elsewhere/Dockerfile": "FROM alpine:3.22\nUSER 1000\n",
}


def of_folder(folder: Path) -> Result:
    return relative(tightship.check(folder, options=tightship.Options(no_config=True)), folder)


def relative(result: Result, folder: Path) -> Result:
    """Return the result as that of texts would be."""

    def bare(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
        return tuple(replace(one, root="") for one in findings)

    def below(paths: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(os.path.relpath(path, folder) for path in paths)

    return replace(
        result,
        findings=bare(result.findings),
        accepted=bare(result.accepted),
        known=bare(result.known),
        profiles=tuple(replace(one, root="") for one in result.profiles),
        files=below(result.files),
        skipped=(),
    )


def written(folder: Path, texts: Mapping[str, str]) -> Path:
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def test_texts_are_judged_like_a_folder_with_the_same_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(written(tmp_path, PROJECT))
    result = tightship.check_texts(PROJECT)
    assert result == of_folder(tmp_path)
    found = {(one.path, one.rule) for one in result.findings}
    assert ("compose.override.yaml", "privileged-container") in found
    assert ("web/Dockerfile", "image-runs-as-root") in found
    assert ("lone/Dockerfile", "download-piped-to-shell") in found
    assert ("other/stack.yml", "host-pid-namespace") in found
    assert not [path for path, _ in found if "node_modules" in path]
    assert {one.service for one in result.profiles} == {"web", "db", "x", "m"}
    assert result.gaps == 0


# The modules of rules, which are on the disk, are loaded first.
WATCHED = """
import builtins, io, json, os, sys, tightship
texts = json.load(sys.stdin)
before = tightship.check_texts(texts)
tightship.check_texts({"compose.yaml": "include: [x]"})
asked = []
def watch(module, name):
    real = getattr(module, name)
    def call(*given, **options):
        asked.append((name, *map(repr, given)))
        return real(*given, **options)
    setattr(module, name, call)
for name in ("open", "stat", "lstat", "scandir", "listdir", "readlink", "getcwd"):
    watch(os, name)
watch(io, "open")
watch(builtins, "open")
again = tightship.check_texts(texts)
missing = tightship.check_texts({"compose.yaml": "include: [/etc/passwd, ../x]"})
for one in asked:
    if "ud800" not in one[1]:  # Python refuses it before it asks the system
        print(*one)
assert again == before and missing.gaps == 2
"""


def test_nothing_is_read_from_the_disk() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WATCHED], input=json.dumps(PROJECT), capture_output=True, text=True
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_missing_text_is_a_gap() -> None:
    result = tightship.check_texts(
        {"a/compose.yaml": "include: [../b.yaml]\nservices: {w: {image: 'x:1'}}\n"}
    )
    assert result.gaps == 1
    [gap] = [one for one in result.findings if one.rule == "not-checked"]
    assert gap.message == "`b.yaml` does not exist"
    assert (gap.root, gap.path, gap.file) == ("", "a/compose.yaml", "a/compose.yaml")


def test_bytes_are_decoded_like_a_file() -> None:
    text = PROJECT["other/stack.yml"]
    wanted = tightship.check_texts({"compose.yaml": text})
    assert tightship.check_texts({"compose.yaml": text.encode("utf-16")}) == wanted
    [refused] = tightship.check_texts({"compose.yaml": b"\xff"}).findings
    assert refused.rule == "not-checked"


@pytest.mark.parametrize(
    "path", ["", "/compose.yaml", "../compose.yaml", "a/./b", "a//b", "a/", "a\0b"]
)
def test_a_path_that_leaves_the_folder_is_an_error(path: str) -> None:
    with pytest.raises(ValueError, match="not a path below the folder"):
        tightship.check_texts({path: ""})


def test_rules_can_be_selected() -> None:
    result = tightship.check_texts(
        PROJECT, options=tightship.Options(select=["privileged-container"])
    )
    assert {one.rule for one in result.findings} == {"privileged-container"}
    with pytest.raises(ValueError, match="privilegd"):
        tightship.check_texts(PROJECT, options=tightship.Options(select=["privilegd"]))


def test_options_about_files_are_an_error() -> None:
    for options in (
        tightship.Options(env_files=["a.env"]),
        tightship.Options(environment={}),
        tightship.Options(config="tightship.toml"),
    ):
        with pytest.raises(ValueError, match="no options but `select`, `ignore` and `rules_from`"):
            tightship.check_texts(PROJECT, options=options)


@given(
    st.dictionaries(
        st.sampled_from(["compose.yaml", "Dockerfile", ".env", "a/compose.yml", "a"]),
        st.text(max_size=40) | st.binary(max_size=40),
    )
)
def test_no_text_raises(texts: dict[str, str | bytes]) -> None:
    tightship.check_texts(texts)


@pytest.mark.skipif(not CORPUS.is_dir(), reason="there is no corpus")
def test_real_projects_are_judged_as_on_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    count = 0
    folders = filter(Path.is_dir, sorted((CORPUS / "awesome-compose").iterdir()))
    for folder in [*folders][::6]:
        files = [path for path in folder.rglob("*") if path.is_file()]
        texts = {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
        monkeypatch.chdir(folder)
        assert tightship.check_texts(texts) == of_folder(folder), folder
        count += len(texts)
    assert count
