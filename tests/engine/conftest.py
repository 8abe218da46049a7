"""Trees of files for the tests of what touches the disk."""

from __future__ import annotations

import pytest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Snapshot = Callable[[Path], dict[str, bytes | str]]
    Tree = Callable[[dict[str, str]], Path]


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Return what makes files in the current folder, by their paths or their texts."""
    monkeypatch.chdir(tmp_path)

    def made(*paths: str, **texts: str) -> None:
        for path in (*paths, *texts):
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(texts.get(path, ""))

    return made


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    """Return what makes files, by their names and texts, in a project; it returns the root."""

    def make(files: dict[str, str]) -> Path:
        (tmp_path / ".git").mkdir(exist_ok=True)
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return tmp_path

    return make


@pytest.fixture
def snapshot() -> Snapshot:
    """Return what tells everything that is in a folder: bytes, and where links lead."""

    def taken(folder: Path) -> dict[str, bytes | str]:
        return {
            str(path.relative_to(folder)): f"-> {path.readlink()}"
            if path.is_symlink()
            else path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_symlink() or not path.is_dir()
        }

    return taken
