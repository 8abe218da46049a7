"""The folder in which a command runs decides what its relative mounts are."""

from __future__ import annotations

import posixpath
import subprocess
from typing import TYPE_CHECKING

import pytest
from tests.frontends.docker_run.commands_of import settings_of

if TYPE_CHECKING:
    from pathlib import Path

MOVES = (
    *("cd /; ", "cd / && ", "cd /etc || exit\n", "pushd / >/dev/null\n", "cd a\n", "cd a/..\n"),
    *("(cd /; ls)\n", "cd /; cd etc; ", "cd -P /; ", "{ cd /; }\n", "true | cd /\n", "cd ./a/\n"),
)
FOLDERS = ("$PWD", "$(pwd)", "`pwd`", '"$PWD"', "${PWD}", ".", "./b", "$PWD/b", "..", "../b")


def sources_of(text: str) -> list[str | None]:
    [made] = settings_of(text)
    return [one.source for one in made.volumes]


@pytest.mark.parametrize("moves", MOVES)
def test_a_mount_is_what_a_shell_makes_of_its_folder(moves: str, tmp_path: Path) -> None:
    start = tmp_path / "x" / "y"
    (start / "a" / "b").mkdir(parents=True)
    print_all = "".join(f"echo {one}; " for one in FOLDERS)
    script = f"{moves}pwd >&2; {print_all}"
    done = subprocess.run(
        ["bash", "-c", script], cwd=start, capture_output=True, text=True, check=True
    )
    folder, printed = done.stderr.strip(), done.stdout.splitlines()[-len(FOLDERS) :]
    for given, path in zip(FOLDERS, printed, strict=True):
        whole = posixpath.normpath(posixpath.join(folder, path).replace("//", "/"))
        [short] = sources_of(f"{moves}docker run -v {given}:/h x:1\n")
        [long] = sources_of(f"{moves}docker run --mount type=bind,source={given},target=/h x:1\n")
        assert short == long
        assert posixpath.normpath(posixpath.join(start, short or "")) == whole


@pytest.mark.parametrize(
    "moves", ["cd $X; ", "cd\n", "cd -; ", "if x; then cd /; fi\n", "cd /; popd; ", "cd a b; "]
)
@pytest.mark.parametrize("mount", ["-v $PWD:/h", "--mount type=bind,src=$PWD/b,dst=/h", "-v .:/h"])
def test_a_folder_that_only_a_run_knows_is_unknown(moves: str, mount: str) -> None:
    [made] = settings_of(f"{moves}docker run {mount} x:1\n")
    [volume] = made.volumes
    assert volume.source is None or "$" in volume.source
    assert volume.target == "/h"


@pytest.mark.parametrize("folder", ["$(CURDIR)", "${CURDIR}"])
def test_the_folder_of_make_stays(folder: str) -> None:
    [made] = settings_of(f"a:\n\tcd / && docker run -v {folder}/b:/h x:1\n", "Makefile")
    assert [one.source for one in made.volumes] == ["./b"]
