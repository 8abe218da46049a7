"""Files of variables: which are read, from where, and what is a gap."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from tightship.compose.loading.load import Loading
from tightship.compose.project import Project
from tightship.engine.disk.files import Files

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def project(
    root: Path,
    files: dict[str, str],
    main: str = "compose.yaml",
    left_out: Callable[[str], bool] | None = None,
) -> Project:
    disk = Files(str(root), {name: dedent(text) for name, text in files.items()})
    directory = main.rpartition("/")[0]
    return Project(Loading(disk), [main], directory=directory, left_out=left_out)


def variables(made: Project, service: str = "s") -> dict[str, str | None]:
    files = made.env_files.get(service, ())
    return {pair.name: pair.value.value for file in files for pair in file.pairs()}


@pytest.mark.parametrize(
    "written",
    [
        "a.env",
        "[a.env]",
        "./a.env",
        "[{path: a.env}]",
        "'${DIR:-.}/a.env'",
        "x/../a.env",
    ],
)
def test_every_way_to_name_a_file_is_followed(tmp_path: Path, written: str) -> None:
    text = f"services: {{s: {{image: x, env_file: {written}}}}}"
    made = project(tmp_path, {"compose.yaml": text, "a.env": "A=1\nexport B='2'\n"})
    assert variables(made) == {"A": "1", "B": "2"}
    assert made.gaps == []


def test_of_several_files_the_last_wins(tmp_path: Path) -> None:
    text = "services: {s: {image: x, env_file: [a.env, b.env]}}"
    files = {"compose.yaml": text, "a.env": "A=1\nB=1", "b.env": "B=2"}
    assert variables(project(tmp_path, files)) == {"A": "1", "B": "2"}


def test_a_path_starts_where_the_file_that_names_it_is(tmp_path: Path) -> None:
    files = {
        "app/compose.yaml": "services: {s: {extends: {file: ../base/b.yaml, service: b}}}",
        "base/b.yaml": "services: {b: {image: x, env_file: v.env}}",
        "base/v.env": "A=1",
    }
    assert variables(project(tmp_path, files, "app/compose.yaml")) == {"A": "1"}


def test_what_is_not_in_the_file_is_undecided(tmp_path: Path) -> None:
    text = "services: {s: {image: x, env_file: a.env}}"
    made = project(tmp_path, {"compose.yaml": text, "a.env": "A\nB=${X}\nC=${X:-c}\n"})
    [file] = made.env_files["s"]
    found = {pair.name: pair.value for pair in file.pairs()}
    assert [found[n].decided for n in "ABC"] == [False, False, True]
    assert found["C"].value == "c"


@pytest.mark.parametrize("written", ["gone.env", "'${WHICH}'", "'${WHICH}.env'"])
def test_a_file_that_is_not_there_yet_is_no_gap(tmp_path: Path, written: str) -> None:
    text = f"services: {{s: {{image: x, env_file: {written}}}}}"
    made = project(tmp_path, {"compose.yaml": text})
    [file] = made.env_files["s"]
    assert (file.source, file.shared, list(file.pairs())) == (None, False, [])
    assert made.gaps == []


@pytest.mark.parametrize("written", ["../out.env", "/etc/hostname", "folder"])
def test_a_file_that_may_not_be_read_is_a_gap(tmp_path: Path, written: str) -> None:
    (tmp_path / "folder").mkdir()
    text = f"services: {{s: {{image: x, env_file: {written}}}}}"
    made = project(tmp_path, {"compose.yaml": text})
    [gap] = made.gaps
    assert gap.span.text == written
    assert variables(made) == {}


def test_a_file_that_is_kept_out_of_the_repository_is_not_shared(
    tmp_path: Path,
) -> None:
    text = "services: {s: {image: x, env_file: [a.env, b/b.env]}}"
    files = {"compose.yaml": text, "a.env": "A=1", "b/b.env": "B=2"}
    made = project(tmp_path, files, left_out=lambda path: path.startswith("b/"))
    assert [file.shared for file in made.env_files["s"]] == [True, False]
    assert variables(made) == {"A": "1", "B": "2"}


def test_the_place_of_a_value_is_without_its_quotes(tmp_path: Path) -> None:
    text = "services: {s: {image: x, env_file: a.env}}"
    made = project(tmp_path, {"compose.yaml": text, "a.env": 'A="one two"  # so\n'})
    [file] = made.env_files["s"]
    [pair] = file.pairs()
    assert pair.value.span.text == "one two"
    assert pair.value.span.source.name == "a.env"


def test_a_large_file_for_many_services_has_bounds(tmp_path: Path) -> None:
    lines = "".join(f"A{i}=1\n" for i in range(30_000))
    services = "".join(f"  s{i}: {{image: x, env_file: a.env}}\n" for i in range(9))
    files = {"compose.yaml": f"services:\n{services}", "a.env": lines}
    made = project(tmp_path, files)
    read = [file.source is not None for f in made.env_files.values() for file in f]
    assert read == [True] * 3 + [False] * 6
    [gap] = made.gaps
    assert gap.span.text == "a.env"


def test_a_file_that_is_named_twice_counts_where_it_is_last(tmp_path: Path) -> None:
    text = "services: {s: {image: x, env_file: [a.env, b.env, ./a.env]}}"
    made = project(tmp_path, {"compose.yaml": text, "a.env": "A=1", "b.env": "A=2"})
    assert [file.asked.text for file in made.env_files["s"]] == ["b.env", "./a.env"]
    assert variables(made) == {"A": "1"}
