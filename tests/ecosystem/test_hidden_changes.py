"""``tightship diff``: a change cannot hide what it does by its own settings."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from tests.ecosystem.work_tree import WorkTree

from tightship.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

if shutil.which("git") is None:
    pytest.skip("there is no git", allow_module_level=True)

BASE = 'services:\n  a:\n    image: "x:1"\n    init: true\n    read_only: true\n'
PRIVILEGED = f"{BASE}    privileged: true\n"
DECIDES = "the settings before it decide."


class Repository(WorkTree):
    """A work tree with a service, committed."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        super().__init__(folder)
        self._capsys = capsys
        self.write("compose.yaml", BASE)
        self.commit()

    def text(self, *words: str, code: int) -> str:
        assert main(["diff", *(words or ("HEAD",))]) == code
        out = self._capsys.readouterr()
        return out.out + out.err

    def hidden(self, *words: str, code: int = 1) -> str | None:
        """Return by what the one project that differs is hidden."""
        made = self.text(*(words or ("HEAD",)), "--output-format=json", code=code)
        data: dict[str, Any] = json.loads(made)
        [project] = data["projects"]
        [service] = project["services"]
        assert service["direction"] == "worse"
        hidden: str | None = project["hidden"]
        return hidden


@pytest.fixture
def repository(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Repository:
    made = Repository(tmp_path / "work", capsys)
    made.enter(monkeypatch)
    return made


@pytest.mark.parametrize(
    "settings",
    ['exclude = ["*"]', '[[project]]\nfiles = ["other.yaml"]'],
    ids=["exclude", "project"],
)
@pytest.mark.parametrize("name", ["tightship.toml", ".tightship.toml", "pyproject.toml"])
@pytest.mark.parametrize("is_committed", [True, False], ids=["committed", "not"])
def test_settings_of_a_change_hide_nothing(
    repository: Repository, settings: str, name: str, is_committed: bool
) -> None:
    line = 1
    if name == "pyproject.toml":
        settings = settings.replace("[[", "[[tool.tightship.")
        if not settings.startswith("["):
            settings, line = f"[tool.tightship]\n{settings}", 2
    repository.write("compose.yaml", PRIVILEGED)
    repository.write("other.yaml", "services: {}\n")
    repository.write(name, f"{settings}\n")
    base = "HEAD"
    if is_committed:
        repository.commit()
        base = "HEAD~1"
    hidden = f"hidden by {name}:{line} of this change"
    assert repository.hidden(base) == hidden
    assert f"compose.yaml ({hidden})\n" in repository.text(base, code=1)
    assert hidden in repository.text(base, "--output-format=markdown", code=1)


def test_settings_of_a_folder_hide_nothing(repository: Repository) -> None:
    repository.write("web/compose.yaml", BASE)
    repository.commit()
    repository.write("web/compose.yaml", PRIVILEGED)
    repository.write("web/tightship.toml", '# none\nexclude = ["*"]\n')
    assert repository.hidden() == "hidden by web/tightship.toml:2 of this change"


@pytest.mark.parametrize("name", ["compose.example.yaml", "old/compose.yaml"])
def test_a_project_moves_to_an_excluded_place(repository: Repository, name: str) -> None:
    repository.write("tightship.toml", 'exclude = ["*.example.yaml", "old/"]\n')
    repository.commit()
    (repository.folder / "compose.yaml").unlink()
    repository.write(name, PRIVILEGED)
    hidden = "hidden by this change, which moves it from compose.yaml"
    assert repository.hidden() == hidden


def test_a_new_project_in_an_excluded_place_does_not_count(repository: Repository) -> None:
    repository.write("tightship.toml", 'exclude = ["old/"]\n')
    repository.commit()
    (repository.folder / "compose.yaml").unlink()
    other = "services: {z: {image: 'other:2', privileged: true}}\n"
    repository.write("old/compose.yaml", other)
    assert "old/compose.yaml" not in repository.text(code=0)


def test_the_named_configuration_is_that_before(repository: Repository) -> None:
    repository.write("compose.yaml", PRIVILEGED)
    repository.write("ci.toml", 'exclude = ["*"]\n')
    option = "--config=ci.toml"
    hidden = "hidden by ci.toml:1 of this change"
    assert repository.hidden("HEAD", option) == hidden


def test_folders_are_compared_by_the_settings_of_the_first(repository: Repository) -> None:
    repository.write("old/compose.yaml", BASE)
    repository.write("new/compose.yaml", PRIVILEGED)
    repository.write("new/tightship.toml", 'exclude = ["*"]\n')
    hidden = repository.hidden("old", "new")
    assert hidden == "hidden by tightship.toml:1 of this change"


def test_exclusions_of_the_first_folder_apply_to_both(repository: Repository) -> None:
    repository.write("old/compose.yaml", BASE)
    repository.write("old/tightship.toml", 'exclude = ["*"]\n')
    repository.write("new/compose.yaml", PRIVILEGED)
    assert "privileged" not in repository.text("old", "new", code=0)


def test_settings_that_hide_nothing_are_one_line(repository: Repository) -> None:
    repository.write("tightship.toml", 'exclude = ["vendor/"]\n')
    text = repository.text(code=0)
    assert text == (f"This change edits which files are compared (tightship.toml:1): {DECIDES}\n")


def test_unrelated_settings_are_not_mentioned(repository: Repository) -> None:
    repository.write("tightship.toml", 'ignore = ["root-user"]\n')
    assert repository.text(code=0) == ""


def test_removed_settings_count(repository: Repository) -> None:
    repository.write("vendor/compose.yaml", BASE)
    repository.write("tightship.toml", 'exclude = ["vendor/"]\n')
    repository.commit()
    (repository.folder / "tightship.toml").unlink()
    assert DECIDES in repository.text(code=0)


def test_a_change_repairs_invalid_settings(repository: Repository) -> None:
    repository.write("tightship.toml", "exclude = [\n")
    repository.commit()
    repository.write("tightship.toml", "exclude = []\n")
    repository.write("compose.yaml", PRIVILEGED)
    assert repository.hidden() is None


def test_invalid_settings_in_a_change_give_2(repository: Repository) -> None:
    repository.write("compose.yaml", PRIVILEGED)
    repository.write("tightship.toml", "exclude = [\n")
    assert "tightship.toml:" in repository.text(code=2)
