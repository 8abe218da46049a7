"""What one call of Compose is about.

``test_config_oracle`` holds the recorded runs; here are the rules one by one. Each was
compared with docker-compose 2.26.1.
"""

from __future__ import annotations

from itertools import permutations

import pytest

from tightship.frontends.compose.loading.invocation import Invocation, Options, invocation
from tightship.text import Source
from tightship.values.compose_name import MAIN_NAMES, OVERRIDE_NAMES

TOP = "/srv"


def call(
    files: dict[str, str],
    cwd: str = "app",
    options: Options | None = None,
    environment: dict[str, str] | None = None,
) -> Invocation:
    """Call Compose in a folder of a tree of files, given by their path below it."""
    texts = {f"{TOP}/{name}": text for name, text in files.items()}

    def read(path: str) -> object:
        return Source(path, texts[path]) if path in texts else None

    return invocation(
        f"{TOP}/{cwd}",
        (options or Options()).replaced(environment=environment),
        exists=texts.__contains__,
        read=read,
        ceiling=TOP,
    )


def files(found: Invocation) -> list[str]:
    return [path.removeprefix(f"{TOP}/") for path in found.files]


@pytest.mark.parametrize("names", list(permutations(MAIN_NAMES, 2)))
def test_the_first_main_name_wins(names: tuple[str, str]) -> None:
    found = call({f"app/{name}": "" for name in names})
    assert files(found) == [f"app/{min(names, key=MAIN_NAMES.index)}"]


@pytest.mark.parametrize("names", list(permutations(OVERRIDE_NAMES, 2)))
def test_overrides_have_an_order_of_their_own(names: tuple[str, str]) -> None:
    found = call({f"app/{name}": "" for name in ("compose.yaml", *names)})
    winner = min(names, key=OVERRIDE_NAMES.index)
    assert files(found) == ["app/compose.yaml", f"app/{winner}"]


def test_an_override_goes_with_a_main_file_of_any_name() -> None:
    found = call({"app/docker-compose.yml": "", "app/compose.override.yaml": ""})
    assert files(found) == ["app/docker-compose.yml", "app/compose.override.yaml"]


def test_the_main_file_can_be_in_a_folder_above() -> None:
    tree = {"app/compose.yaml": "", "app/compose.override.yml": "", "app/a/b/x": ""}
    found = call(tree, "app/a/b")
    assert files(found) == ["app/compose.yaml", "app/compose.override.yml"]
    assert found.directory == f"{TOP}/app"


def test_no_file_above_the_ceiling_is_looked_up() -> None:
    texts = {"/compose.yaml"}
    found = invocation(
        "/srv/app", Options(), exists=texts.__contains__, read=lambda path: None, ceiling="/srv"
    )
    assert found.files == []


def test_files_that_are_named_leave_out_the_override() -> None:
    tree = {"app/compose.yaml": "", "app/compose.override.yaml": "", "app/b.yml": ""}
    found = call(tree, options=Options(files=["compose.yaml", "../app/b.yml"]))
    assert files(found) == ["app/compose.yaml", "app/b.yml"]


def test_the_folder_is_that_of_the_first_file() -> None:
    tree = {"other/a.yml": "", "app/b.yml": "", "other/.env": "A=other\n"}
    tree["app/.env"] = "A=app\n"
    found = call(tree, options=Options(files=["../other/a.yml", "b.yml"]))
    assert found.directory == f"{TOP}/other"
    assert found.variables.get("A") == "other"


def test_the_folder_may_be_given() -> None:
    tree = {"app/a.yml": "", "other/.env": "A=other\n", "other/compose.yaml": ""}
    options = Options(files=["a.yml"], project_directory="../other")
    found = call(tree, options=options)
    assert (found.directory, found.variables.get("A")) == (f"{TOP}/other", "other")
    assert files(call(tree, options=Options(project_directory="../other"))) == [
        "other/compose.yaml"
    ]


def test_the_environment_file_may_name_the_files() -> None:
    tree = {
        "app/compose.yaml": "",
        "app/.env": "COMPOSE_FILE=sub/a.yml:b.yml\nA=app\nB=app\n",
        "app/sub/a.yml": "",
        "app/sub/.env": "B=sub\nC=sub\n",
    }
    found = call(tree)
    assert files(found) == ["app/sub/a.yml", "app/b.yml"]
    assert found.directory == f"{TOP}/app/sub"
    assert [found.variables.get(name) for name in "ABC"] == ["app", "app", "sub"]


def test_the_environment_sets_the_separator_of_files() -> None:
    environment = {"COMPOSE_FILE": "a.yml;b.yml", "COMPOSE_PATH_SEPARATOR": ";"}
    assert files(call({}, environment=environment)) == ["app/a.yml", "app/b.yml"]


def test_the_environment_is_used_only_if_given() -> None:
    tree = {"app/compose.yaml": "", "app/.env": "A=file\n"}
    assert call(tree).variables.get("A") == "file"
    assert call(tree, environment={"A": "process"}).variables.get("A") == "process"


def test_environment_files_take_the_place_of_the_one_in_the_folder() -> None:
    tree = {"app/.env": "A=env\nB=env\n", "app/1": "A=one\nC=one\n", "app/2": "C=$A-2\n"}
    found = call(tree, options=Options(env_files=["1", "2"]))
    assert [found.variables.get(name) for name in "ABC"] == ["one", None, "one-2"]
    found = call(tree, environment={"COMPOSE_ENV_FILES": "2,1"})
    assert [found.variables.as_compose(name) for name in "ABC"] == ["one", None, "one"]


def test_a_requested_missing_environment_file_is_reported() -> None:
    assert call({}).missing == []
    found = call({"app/1": "A=1\n"}, options=Options(env_files=["1", "nothing"]))
    assert found.missing == [f"{TOP}/app/nothing"]


@pytest.mark.parametrize(("value", "read"), [("1", False), ("true", False), ("0", True)])
def test_the_environment_file_can_be_left_out(value: str, *, read: bool) -> None:
    environment = {"COMPOSE_DISABLE_ENV_FILE": value}
    found = call({"app/.env": "A=1\n"}, environment=environment)
    assert (found.variables.get("A") == "1") is read


def test_profiles_come_from_the_command_line_or_else_the_environment() -> None:
    tree = {"app/.env": "COMPOSE_PROFILES=a, b,\n"}
    assert call(tree).profiles == ("a", "b")
    assert call(tree, options=Options(profiles=["c"])).profiles == ("c",)
    assert call(tree, environment={"COMPOSE_PROFILES": ""}).profiles == ()


@pytest.mark.parametrize(
    ("folder", "written", "name"),
    [("My App.2", "", "myapp2"), ("_-app", "", "app"), ("app", "Shop", "shop"), ("app", "", "app")],
)
def test_a_project_is_named_by_its_files_or_its_folder(
    folder: str, written: str, name: str
) -> None:
    found = call({f"{folder}/compose.yaml": ""}, folder)
    assert found.named(written) == name


def test_a_given_name_wins() -> None:
    tree = {"app/.env": "COMPOSE_PROJECT_NAME=env\n"}
    assert call(tree).named("file") == "env"
    assert call(tree, options=Options(name="line")).named("file") == "line"
