"""What `check` advises about files that it cannot read: comments help nowhere there."""

from __future__ import annotations

import json

import pytest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tests.cli.conftest import InFolder

BY_PATH = "fix the cause, or accept it with a reason in `[[per-path]]` of tightship.toml"
COMPOSE = "services: {web: {image: alpine}}\n"


def helps(run: InFolder, *arguments: str) -> dict[str, str]:
    """Return the advice on each gap, by its path."""
    run("check", "--select", "not-checked", "--output-format", "json", *arguments)
    return {one["path"]: one["help"] for one in json.loads(run.out)["findings"]}


@pytest.mark.parametrize("name", ["gone.yaml", "gone/compose.yaml", "./Dockerfile"])
def test_a_missing_path_is_shown_as_written_and_where_it_was_looked_for(
    in_folder: InFolder, name: str
) -> None:
    path = in_folder.folder / name
    assert in_folder("check", name) == 2
    lines = " ".join(in_folder.out.split())
    assert f"error: `{name}` does not exist [not-checked]" in lines
    advice = f"correct the path, or name a folder to search; looked for `{path}`"
    assert f"help: {advice}" in lines
    assert "ignore" not in in_folder.out


def test_a_link_to_nothing_is_missing_too(in_folder: InFolder) -> None:
    link = in_folder.folder / "Dockerfile"
    link.symlink_to("gone")
    assert helps(in_folder, "Dockerfile") == {
        "Dockerfile": f"correct the path, or name a folder to search; looked for `{link}`"
    }


def test_a_missing_second_file_of_a_command_shows_its_path(in_folder: InFolder) -> None:
    in_folder.write("compose.yaml", COMPOSE)
    first = helps(in_folder, "-f", "gone.yaml")
    assert "looked for" in first["gone.yaml"]
    assert helps(in_folder, "-f", "compose.yaml", "-f", "gone.yaml") == {
        "gone.yaml": "correct the path in `-f` or `COMPOSE_FILE`"
    }


UNREADABLE = {
    "a/compose.yaml": "services: \0",
    "b/Dockerfile": "FROM scratch\0\n",
    "c/compose.yaml": "# tightship: ignore[not-checked] it is empty\n",
    "d/.env": "A B=1\n",
    "d/compose.yaml": COMPOSE,
}


def test_a_file_without_comments_is_accepted_by_its_path(in_folder: InFolder) -> None:
    for name, text in UNREADABLE.items():
        in_folder.write(name, text)
    gaps = UNREADABLE.keys() - {"d/compose.yaml"}
    assert helps(in_folder, ".") == dict.fromkeys(gaps, BY_PATH)
    settings = f'[[per-path]]\npaths = {[*gaps]}\nignore = ["not-checked"]\nreason = "x"\n'
    in_folder.write("tightship.toml", settings)
    assert helps(in_folder, ".") == {}


def test_each_hint_is_printed_once(in_folder: InFolder) -> None:
    for name, text in UNREADABLE.items():
        in_folder.write(name, text)
    in_folder("check", "--select", "not-checked", ".", "gone")
    assert in_folder.out.count(BY_PATH) == 1
    assert in_folder.out.count("looked for") == 1


def test_a_comment_is_suggested_only_if_it_would_be_read(in_folder: InFolder) -> None:
    in_folder.write("compose.yaml", f"include: [gone.yaml]\n{COMPOSE}")
    advice = helps(in_folder, ".")["compose.yaml"]
    assert advice.startswith("fix the cause, or ignore the finding here")
    in_folder.write(
        "compose.yaml",
        f"# tightship: ignore[not-checked] made later\ninclude: [gone.yaml]\n{COMPOSE}",
    )
    assert helps(in_folder, ".") == {}
