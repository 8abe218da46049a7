"""Which texts near a Compose file show that commands merge it over another one.

Alone, the file is a whole project: only what names it tells that it is an overlay.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.engine.disk.git_tree import TextFiles
from tightship.engine.roles.decide import Roles
from tightship.engine.roles.layout import layout_of
from tightship.engine.roles.tree import tree_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tightship.engine.roles.role import Role

_BASE, _HARD = "app/base.yml", "app/ops/hard.yml"
_WHOLE = "services:\n  web:\n    image: nginx:1.29\n"
_BOTH = f"docker compose -f {_BASE} -f {_HARD} up"


def _roles(texts: Mapping[str, str]) -> tuple[Roles, TextFiles]:
    files = TextFiles({_BASE: _WHOLE, _HARD: _WHOLE, **texts})
    layout = layout_of(tree_of(files))
    return Roles(files, lambda: layout), files


def _role(texts: Mapping[str, str], name: str = _HARD) -> Role:
    roles, files = _roles(texts)
    return roles.of(files.path(name))


def _said(role: Role) -> tuple[str, list[str]]:
    return role.loading, [one.place for one in role.evidence]


def test_a_file_that_nothing_names_is_a_project() -> None:
    others = {"up.sh": "docker compose up\n", "README.md": "`docker compose -f x.yml up`\n"}
    assert _role(others).loading == "alone"


@pytest.mark.parametrize(
    "place", ["up.sh", "app/ops/up.sh", "app/up.sh", "scripts/up.sh", "hack/ci/up.sh", "bin/up"]
)
def test_a_script_names_it_from_its_folder_from_above_and_from_folders_for_scripts(
    place: str,
) -> None:
    role = _role({place: f"#!/bin/sh\ncd $(git rev-parse --show-toplevel)\n{_BOTH}\n"})
    assert (role.loading, role.evidence[0].place) == ("overlay", f"{place}:3")


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param(
            {"Makefile": f"up:\n\t @{_BOTH}\n"}, id="a recipe with a blank before its prefix"
        ),
        pytest.param(
            {
                "Makefile": "include mk/files.mk\nup:\n\tdocker compose $(COMPOSE_FILES) up\n",
                "mk/files.mk": f"COMPOSE_FILES = -f {_BASE}\nCOMPOSE_FILES += -f {_HARD}\n",
            },
            id="a Makefile that includes the names",
        ),
        pytest.param(
            {
                "Makefile": "include mk/files.mk\nup:\n\tdocker compose $(FILES) up\n",
                "mk/files.mk": f"ifeq ($(A),)\nFILES := -f {_BASE} -f {_HARD}\nendif\n",
            },
            id="a Makefile that includes names, and no word of Compose",
        ),
        pytest.param(
            {
                "Makefile": "include mk/one.mk\nup:\n\t@$(COMPOSE) up\n",
                "mk/one.mk": "include mk/two.mk\nCOMPOSE = docker compose $(COMPOSE_FILES)\n",
                "mk/two.mk": f"COMPOSE_FILES = -f {_BASE} -f {_HARD}\n",
            },
            id="a Makefile that includes them in two steps",
        ),
        pytest.param(
            {
                "Makefile": "ifeq ($(MODE),ops)\nOVER := app/ops/hard.yml\nelse\nOVER := x.yml\n"
                f"endif\nup:\n\tdocker compose -f {_BASE} -f $(OVER) up\n"
            },
            id="a branch of a Makefile",
        ),
        pytest.param(
            {"Makefile": "up:\n\tcd app && docker compose -f base.yml -f ops/hard.yml up\n"},
            id="a recipe in another folder",
        ),
        pytest.param(
            {"app/Makefile": "up:\n\tdocker compose -f base.yml -f ops/hard.yml up\n"},
            id="a Makefile in a folder above",
        ),
        pytest.param(
            {
                "Makefile": "DIR = app\nNAME ?= hard\nup:\n"
                f"\tdocker compose -f {_BASE} -f $(DIR)/ops/$(NAME).yml up\n"
            },
            id="a name in parts",
        ),
        pytest.param(
            {"up.sh": f"N=hard\ndocker compose -f {_BASE} -f app/ops/$N.yml up\n"},
            id="a name with a variable before its ending",
        ),
        pytest.param(
            {"up.sh": f"N=ha\ndocker compose -f {_BASE} -f app/ops/${{N}}rd.yml up\n"},
            id="a name with a variable at its start",
        ),
        pytest.param(
            {"up.sh": f"E=yml\ndocker compose -f {_BASE} -f app/ops/hard.$E up\n"},
            id="a name without its ending",
        ),
        pytest.param(
            {
                "up.sh": f"for f in {_BASE} app/ops/*.yml; do A=\"$A -f $f\"; done\n"
                "docker compose $A up\n"
            },
            id="a wildcard",
        ),
        pytest.param(
            {
                "up.sh": ". lib/files.sh\ndocker compose -f $BASE -f $HARD up\n",
                "lib/files.sh": f"BASE={_BASE}\nHARD={_HARD}\n# of Compose\n",
            },
            id="a sourced script that has the names",
        ),
        pytest.param(
            {"up.sh": "pushd app/ops\ndocker compose -f ../base.yml -f hard.yml up\npopd\n"},
            id="pushd",
        ),
        pytest.param(
            {"package.json": f'{{"scripts": {{"up": "docker compose --file {_BASE} --file {_HARD} up"}}}}'},
            id="package.json",
        ),
        pytest.param(
            {
                ".github/workflows/ci.yml": "jobs:\n  t:\n    defaults:\n      run:\n"
                "        working-directory: app\n    steps:\n"
                "      - run: docker compose -f base.yml -f ops/hard.yml up\n"
            },
            id="a folder that CI sets",
        ),
        pytest.param(
            {
                ".github/workflows/ci.yml": "jobs:\n  t:\n    strategy:\n      matrix:\n"
                f"        over: [{_HARD}]\n    steps:\n"
                f"      - run: docker compose -f {_BASE} -f ${{{{ matrix.over }}}} up\n"
            },
            id="a matrix",
        ),
        pytest.param(
            {"up.sh": f"docker compose \\\n  --file {_BASE} \\\n  --file {_HARD} \\\n  up\n"},
            id="a command of several lines that begin with options",
        ),
        pytest.param(
            {"up.sh": f"#!/bin/sh\n# docker compose -f {_BASE} -f {_HARD} \\\n#   up\necho up\n"},
            id="a comment that ends with a backslash",
        ),
        pytest.param({".env": f"COMPOSE_FILE={_BASE}:{_HARD}\n"}, id=".env"),
        pytest.param(
            {"up.sh": f"export COMPOSE_FILE={_BASE}\nCOMPOSE_FILE+=:{_HARD}\ndocker compose up\n"},
            id="an exported variable",
        ),
        pytest.param(
            {"env.sh": f"COMPOSE_FILE={_BASE}:{_HARD} docker compose up\n"},
            id="a script that is called env.sh",
        ),
        pytest.param(
            {"app/.devcontainer/devcontainer.json": '{"dockerComposeFile": ["../base.yml", "../ops/hard.yml"]}'},
            id="a development container",
        ),
        pytest.param({"README.md": f"# Start\n\n1. Type\n\n   ```sh\n   {_BOTH}\n   ```\n"}, id="a README"),
        pytest.param({"justfile": f'over := "{_HARD}"\nup:\n  docker compose -f {_BASE} -f {{{{over}}}} up\n'}, id="a justfile"),
    ],
)  # fmt: skip
def test_a_text_near_it_shows_that_it_is_an_overlay(texts: dict[str, str]) -> None:
    assert _role(texts).loading == "overlay"


def test_a_command_near_it_that_leaves_it_lacking_something_is_not_the_last_word() -> None:
    texts = {
        _BASE: f"{_WHOLE}networks:\n  back: {{}}\n",
        _HARD: f"{_WHOLE}    networks: [back]\n",
        "other.yml": _WHOLE,
        ".env": f"COMPOSE_FILE={_HARD}:other.yml\n",
        "far/away/up.sh": "docker compose -f ../../app/base.yml -f ../../app/ops/hard.yml up\n",
    }
    assert _said(_role(texts)) == ("overlay", ["far/away/up.sh:1"])


def test_a_name_that_holds_its_name_is_another_file() -> None:
    longer = {"app/ops/my-hard.yml": _WHOLE, "app/ops/hard.yml.local.yml": _WHOLE}
    script = f"docker compose -f {_BASE} -f app/ops/my-hard.yml -f app/ops/hard.yml.local.yml up\n"
    assert _role({**longer, "up.sh": script}).loading == "alone"
    assert _role({**longer, "up.sh": script}, "app/ops/my-hard.yml").loading == "overlay"


def test_a_part_that_only_a_run_knows_proposes_a_file_and_shows_nothing() -> None:
    names = [f"app/compose.{one}.yml" for one in ("linux", "darwin", "secondary")]
    makefile = (
        f"FILES = -f {_BASE} -f app/compose.$(GOOS).yml\n"
        "up:\n\tdocker compose $(FILES) up\n"
        "dual:\n\t @docker compose $(FILES) -f app/compose.secondary.yml up\n"
    )
    role = _role({**dict.fromkeys(names, _WHOLE), "Makefile": makefile}, names[2])
    assert [one.place for one in role.evidence] == ["Makefile:5"]


def test_the_answer_is_the_same_whatever_was_asked_before() -> None:
    texts = {
        "Makefile": "include mk/files.mk\nup:\n\tdocker compose $(COMPOSE_FILES) up\n",
        "mk/files.mk": f"COMPOSE_FILES = -f {_BASE} -f {_HARD}\n",
        "up.sh": f"for f in {_BASE} app/*/*.yml; do A=\"$A -f $f\"; done\ndocker compose $A up\n",
        "app/x.yml": _WHOLE,
    }  # fmt: skip
    alone = _said(_role(texts))
    roles, files = _roles(texts)
    for name in (_BASE, "app/x.yml", _HARD):
        roles.of(files.path(name))
    assert _said(roles.of(files.path(_HARD))) == alone


@pytest.mark.parametrize("context", ["/tmp/elsewhere", "../elsewhere", "https://example.com/x.git"])
def test_a_build_of_another_folder_builds_none_of_its_files(context: str) -> None:
    roles, _ = _roles({"up.sh": f"docker build -t x {context}\n", "Dockerfile": "FROM debian:12\n"})
    assert [one.dockerfiles for one in roles.builds if one.dockerfiles] == []
