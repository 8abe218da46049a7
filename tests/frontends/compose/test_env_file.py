"""Files of variables: which are read, from where, and what is a gap."""

from __future__ import annotations

import subprocess
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from tightship.engine.disk.files import Files
from tightship.frontends.compose.loading.load import Loading
from tightship.frontends.compose.project import ComposeProject
from tightship.rules.any.correctness.not_checked import not_checked

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Judge


def project(
    root: Path,
    files: dict[str, str],
    main: str = "compose.yaml",
    left_out: Callable[[str], bool] = lambda _: False,
) -> ComposeProject:
    disk = Files(str(root), {name: dedent(text) for name, text in files.items()})
    directory = main.rpartition("/")[0]
    return ComposeProject(Loading(disk), [main], directory=directory, left_out=left_out)


def variables(made: ComposeProject, service: str = "s") -> dict[str, str | None]:
    files = made.env_files.get(service, ())
    return {pair.name: pair.value.value for file in files for pair in file.pairs()}


@pytest.mark.parametrize(
    "written", ["a.env", "[a.env]", "./a.env", "[{path: a.env}]", "'${DIR:-.}/a.env'", "x/../a.env"]
)
def test_every_way_to_name_a_file_is_followed(tmp_path: Path, written: str) -> None:
    text = f"services: {{s: {{image: x, env_file: {written}}}}}"
    made = project(tmp_path, {"compose.yaml": text, "a.env": "A=1\nexport B='2'\n"})
    assert variables(made) == {"A": "1", "B": "2"}
    assert made.gaps == []


def test_the_last_of_several_files_wins(tmp_path: Path) -> None:
    text = "services: {s: {image: x, env_file: [a.env, b.env]}}"
    files = {"compose.yaml": text, "a.env": "A=1\nB=1", "b.env": "B=2"}
    assert variables(project(tmp_path, files)) == {"A": "1", "B": "2"}


def test_a_path_is_relative_to_its_file(tmp_path: Path) -> None:
    files = {
        "app/compose.yaml": "services: {s: {extends: {file: ../base/b.yaml, service: b}}}",
        "base/b.yaml": "services: {b: {image: x, env_file: v.env}}",
        "base/v.env": "A=1",
    }
    assert variables(project(tmp_path, files, "app/compose.yaml")) == {"A": "1"}


def test_a_name_missing_from_the_file_is_undecided(tmp_path: Path) -> None:
    text = "services: {s: {image: x, env_file: a.env}}"
    made = project(tmp_path, {"compose.yaml": text, "a.env": "A\nB=${X}\nC=${X:-c}\n"})
    [file] = made.env_files["s"]
    found = {pair.name: pair.value for pair in file.pairs()}
    assert [found[n].decided for n in "ABC"] == [False, False, True]
    assert found["C"].value == "c"


@pytest.mark.parametrize("written", ["gone.env", "'${WHICH}'", "'${WHICH}.env'"])
def test_a_file_made_later_is_no_gap(tmp_path: Path, written: str) -> None:
    text = f"services: {{s: {{image: x, env_file: {written}}}}}"
    made = project(tmp_path, {"compose.yaml": text})
    [file] = made.env_files["s"]
    assert (file.source, file.shared, list(file.pairs())) == (None, False, [])
    assert made.gaps == []


def test_a_file_that_may_not_be_read_is_a_gap(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    text = "services: {s: {image: x, env_file: folder}}"
    made = project(tmp_path, {"compose.yaml": text})
    [gap] = made.gaps
    assert gap.span.text == "folder"
    assert variables(made) == {}


def test_a_file_of_labels_that_may_not_be_read_is_a_gap(tmp_path: Path) -> None:
    (tmp_path / "l").symlink_to("/etc/shadow")
    text = "services: {s: {image: x, label_file: [l, gone, ok]}}"
    made = project(tmp_path, {"compose.yaml": text, "ok": "A=1"})
    assert [gap.span.text for gap in made.gaps] == ["l"]
    assert variables(made) == {}


def test_an_ignored_file_is_not_shared(tmp_path: Path) -> None:
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


def refused(made: ComposeProject) -> list[tuple[str, int, str]]:
    return [(place.source.name, place.start, message) for place, message in made.loading.refused]


def test_problems_of_a_file_are_kept_once_for_all_services(tmp_path: Path) -> None:
    text = """
        services:
          s: {image: x, env_file: a.env}
          t: {image: x, env_file: [{path: ./a.env, required: false}, b.env]}
    """
    files = {"compose.yaml": text, "a.env": "A=1\nB C=2\nD=${E:?}\n", "b.env": "F='\n"}
    made = project(tmp_path, files)
    assert refused(made) == [
        ("a.env", 5, "a name cannot hold a space"),
        ("b.env", 2, "this quote is not closed"),
    ]
    assert made.gaps == []
    assert variables(made) == {"A": "1", "D": None}


@pytest.mark.parametrize(
    "written", ["'${WHICH}.env'", "{path: gone.env, required: false}", "../a.env"]
)
def test_a_missing_file_has_no_problems(tmp_path: Path, written: str) -> None:
    text = f"services: {{s: {{image: x, env_file: [{written}]}}}}"
    files = {"compose.yaml": text, ".env": "A B=1", "a.env": "A B=1"}
    assert refused(project(tmp_path, files)) == []


def test_an_overridden_file_is_not_read(tmp_path: Path) -> None:
    text = "services: {s: {image: x, env_file: a.env}}"
    over = "services: {s: {env_file: !override []}}"
    disk = Files(str(tmp_path), {"1.yaml": text, "2.yaml": over, "a.env": "A B=1"})
    assert refused(ComposeProject(Loading(disk), ["1.yaml"]))
    assert not refused(ComposeProject(Loading(disk), ["1.yaml", "2.yaml"]))


def test_a_raw_file_is_read_literally(tmp_path: Path) -> None:
    text = "services: {s: {image: x, env_file: [{path: a.env, format: raw}]}}"
    lines = "A='1'\r\n# B=2\n C = $D \nE F=\"x\nbare\n"
    made = project(tmp_path, {"compose.yaml": text, "a.env": lines})
    assert variables(made) == {"A": "'1'", "C": " $D ", "E F": '"x'}
    assert refused(made) == []
    [file] = made.env_files["s"]
    places = [file.place(entry).text for entry in file.entries]
    assert places == ["'1'", " $D ", '"x']


def test_an_undecided_format_leaves_the_file_undecided(tmp_path: Path) -> None:
    text = "services: {s: {image: x, env_file: [{path: a.env, format: '${F}'}]}}"
    made = project(tmp_path, {"compose.yaml": text, "a.env": "A B=1\n"})
    [file] = made.env_files["s"]
    assert file.source is None
    assert refused(made) == []


@pytest.mark.parametrize(
    ("compose", "named"),
    [
        ("include: [{path: in/c.yaml, env_file: a.env}]", "a.env"),
        ("include: [in/c.yaml]", "in/.env"),
    ],
)
def test_problems_of_an_included_file_are_kept_once(
    tmp_path: Path, compose: str, named: str
) -> None:
    included = "services: {s: {image: x}}"
    files = {"compose.yaml": compose, "in/c.yaml": included, named: "A B=1\n"}
    made = project(tmp_path, files)
    assert refused(made) == [(named, 1, "a name cannot hold a space")]


def test_a_file_is_reported_once_for_all_readers(judge: Judge) -> None:
    text = """
        services:
          s: {image: x, env_file: .env}
          t: {image: x, env_file: ./.env}
    """
    found = judge({"compose.yaml": dedent(text), ".env": "A=1\nB C=2\n"}, [not_checked])
    assert [(one.span.source.name, one.span.start, one.finding.message) for one in found] == [
        (".env", 5, "Compose rejects this file of variables: a name cannot hold a space")
    ]


LINES = {
    "A B=1": True,
    "A='x": True,
    'if [ -z "$X" ]; then': True,
    "; comment": True,
    '"A"=1': True,
    "A=${B/c}": True,
    "A='${B/c}'": False,
    "A=x'y": False,
    'A="x" y': False,
    "=1": False,
    "export A=1 B=2": False,
}


def with_env_file(required: str) -> str:
    return f"services: {{s: {{image: x, env_file: [{{path: e, required: {required}}}]}}}}"


@pytest.mark.parametrize("required", ["true", "false"])
@pytest.mark.parametrize("line", LINES)
def test_a_line_is_rejected(tmp_path: Path, line: str, required: str) -> None:
    made = project(tmp_path, {"compose.yaml": with_env_file(required), "e": f"{line}\n"})
    assert bool(refused(made)) is LINES[line]


@pytest.mark.parametrize("required", ["true", "false"])
@pytest.mark.parametrize("line", LINES)
def test_compose_rejects_the_same_lines(
    tmp_path: Path, line: str, required: str, docker_compose: str
) -> None:
    (tmp_path / "compose.yaml").write_text(with_env_file(required))
    (tmp_path / "e").write_text(f"{line}\n")
    command = [docker_compose, "config", "-q"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert (done.returncode != 0) is LINES[line]
