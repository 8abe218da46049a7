"""What Git's index lists, and what a folder really has."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from tightship.engine.disk.files import Files
from tightship.engine.roles.decide import Roles
from tightship.engine.roles.layout import layout_on_disk

if TYPE_CHECKING:
    from pathlib import Path

    from tightship.engine.roles.role import Role

_WHOLE = "services:\n  web:\n    image: nginx:1.29\n"
_GLOB = 'for f in docker/*.yml; do A="$A -f $f"; done\ndocker compose $A up\n'
_SHAPES = ("", "--index-version 4", "--split-index")


@pytest.fixture(params=_SHAPES, ids=lambda one: one or "usual")
def root(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Return a repository whose index has one of several formats."""
    (tmp_path / "docker").mkdir()
    for name in ("a", "b", "c"):
        (tmp_path / f"docker/{name}.yml").write_text(_WHOLE, encoding="utf-8")
    (tmp_path / "up.sh").write_text(_GLOB, encoding="utf-8")
    _git(tmp_path, "init", "-q")
    _git(tmp_path, "add", "-A")
    if request.param:
        _git(tmp_path, "update-index", *request.param.split())
    return tmp_path.resolve()


def _git(folder: Path, *words: str) -> None:
    subprocess.run(["git", "-C", str(folder), *words], check=True, capture_output=True)


def _role(root: Path, name: str) -> Role:
    return Roles(Files(str(root)), lambda: layout_on_disk(str(root))).of(str(root / name))


def _merged(root: Path, name: str) -> list[list[str]]:
    start = len(str(root)) + 1
    return [[one[start:] for one in chain.files] for chain in _role(root, name).chains]


def test_a_wildcard_means_what_is_there(root: Path) -> None:
    assert _merged(root, "docker/b.yml") == [["docker/a.yml", "docker/b.yml", "docker/c.yml"]]


def test_a_file_that_is_gone_is_not_meant_though_the_index_has_it(root: Path) -> None:
    (root / "docker/c.yml").unlink()
    assert _merged(root, "docker/b.yml") == [["docker/a.yml", "docker/b.yml"]]


def test_a_new_script_near_a_file_speaks_of_it_though_the_index_lacks_it(root: Path) -> None:
    (root / "up.sh").unlink()
    assert _role(root, "docker/b.yml").loading == "alone"
    script = "docker compose -f docker/a.yml -f docker/b.yml up\n"
    (root / "docker/local.sh").write_text(script, encoding="utf-8")
    assert _merged(root, "docker/b.yml") == [["docker/a.yml", "docker/b.yml"]]
