"""Invocations with parts that only a run knows: which files they may still mean."""

from __future__ import annotations

import pytest
from tests.engine.roles.trees_of_texts import chains_of, merged, shown

MANY = {f"ci/{one}/compose.yaml": "" for one in ("a", "b", "c", "d", "e")}


def test_an_unknown_folder_that_only_one_place_has_is_known() -> None:
    script = 'docker compose -f "$ROOT/base.yml" -f "$ROOT/dev.yml" up'
    assert merged("up.sh", script) == ["docker/base.yml docker/dev.yml"]


def test_an_unknown_folder_of_many_is_each_of_them_and_not_whole() -> None:
    script = 'docker compose -f compose.yaml -f "ci/$X/compose.yaml" up'
    found = [shown(one) for one in chains_of({"up.sh": script, **MANY})]
    assert found == [f"compose.yaml ci/{one}/compose.yaml ?" for one in "abcde"]
    script = 'docker compose -f hard.yml -f "$X/compose.yaml" up'
    found = [shown(one) for one in chains_of({"up.sh": script, **MANY})]
    assert found == [
        "hard.yml compose.yaml ?",
        *(f"hard.yml ci/{one}/compose.yaml ?" for one in "abcde"),
    ]


def test_an_unknown_part_of_a_name_is_each_of_a_few() -> None:
    code = 'Up([]string{"compose.yaml", "front.{}.yml", // for all\n "back.{}.yml"}) // compose'
    texts = dict.fromkeys(("front.dev.yml", "front.dist.yml", "back.dev.yml", "back.dist.yml"), "")
    found = [shown(one) for one in chains_of({"a.go": code, **texts})]
    assert found == [
        "compose.yaml front.dev.yml back.dev.yml",
        "compose.yaml front.dist.yml back.dist.yml",
    ]


@pytest.mark.parametrize(
    ("name", "script", "expected"),
    [
        ("up.sh", 'cd "$X"\ndocker compose -f compose.yaml -f hard.yml up', "compose.yaml hard.yml"),
        ("up.sh", 'cd "$X"\ndocker compose -f hard.yml up', "hard.yml ?"),
        ("up.sh", 'cd "$X"\ndocker compose -f hard.yml -f mine.yml up', "hard.yml mine.yml ?"),
        ("a.md", "```\ngit clone https://x/shop\ncd shop\ndocker compose -f hard.yml up\n```",
         "hard.yml"),
    ],
)  # fmt: skip
def test_in_an_unknown_folder_files_side_by_side_are_those(
    name: str, script: str, expected: str
) -> None:
    assert merged(name, script) == [expected]


def test_a_script_may_get_the_program_from_another_one() -> None:
    [chain] = chains_of({"a/test.sh": '"${docker[@]:?}" --file=hard.yml up -d'})
    assert (shown(chain), chain.evidence.message) == (
        "hard.yml ?",
        "runs `… --file=hard.yml up -d`",
    )


def test_a_function_may_print_options() -> None:
    script = 'with() {\n  echo "--file=./docker/$1.yml"\n}\ndocker compose "$(with base)" "$(with dev)" up'
    assert merged("up.sh", script) == ["docker/base.yml docker/dev.yml"]


def test_a_matrix_of_ci_has_each_value() -> None:
    text = (
        "jobs:\n  a:\n    strategy:\n      matrix:\n        over: [hard, docker/dev]\n"
        "    steps:\n      - run: docker compose -f compose.yaml -f ${{ matrix.over }}.yml up\n"
    )
    found = merged(".github/workflows/ci.yml", text)
    assert found == ["compose.yaml hard.yml", "compose.yaml docker/dev.yml"]


def test_a_variable_of_make_counts_for_compose_if_it_is_exported() -> None:
    makefile = "COMPOSE_FILE := compose.yaml:hard.yml\nup:\n\tdocker compose up\n"
    assert merged("Makefile", makefile) == ["compose.yaml"]
    assert "compose.yaml hard.yml" in merged("Makefile", f"export COMPOSE_FILE\n{makefile}")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.sh", "OPTIONS='-f compose.yaml -f hard.yml' # for Compose"),
        ("a.md", "After compose.yaml, as in `-f compose.yaml -f hard.yml`."),
        ("a.ps1", '$compose = "docker-compose -f compose.yaml -f hard.yml"'),
    ],
)
def test_options_without_a_program(name: str, text: str) -> None:
    assert merged(name, text) == ["compose.yaml hard.yml"]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("docker compose -f compose.yaml $(more) -f hard.yml up", True),
        ("docker compose $(more) -f compose.yaml -f hard.yml up", False),
        ("docker compose -f $X -f hard.yml up", False),
        ("docker compose -f compose.yaml -f $X -f hard.yml up", True),
        ("$COMPOSE -f compose.yaml -f hard.yml up", False),
    ],
)
def test_the_base_is_known_if_it_is_the_first_element(script: str, expected: bool) -> None:
    [chain] = chains_of({"up.sh": f"# compose\n{script}"})
    assert (chain.is_whole, chain.has_base) == (False, expected)


PLATFORMS = ("darwin.", "linux.", "windows.")
START = "dev/docker-compose"
DEPENDENCIES = f"""\
FILES := -f ./{START}.yml -f ./{START}.$(GOOS).yml
CDC_FILES := -f ./{START}.cdc.yml -f ./{START}.cdc.$(GOOS).yml
start:
\tdocker compose $(FILES) up
start-cdc:
\tdocker compose $(FILES) $(CDC_FILES) up
start-dual:
\tdocker compose $(FILES) -f ./{START}.secondary-es.yml up
"""


def test_an_unknown_part_is_none_with_which_the_same_file_names_another() -> None:
    parts = ("", *PLATFORMS, "cdc.", *(f"cdc.{one}" for one in PLATFORMS), "secondary-es.")
    names = [f"{START}.{part}yml" for part in parts]
    found = chains_of({"Makefile": DEPENDENCIES, **dict.fromkeys(names, "")})
    tails = [shown(one).replace(f"{START}.", "") for one in found]
    assert tails == [
        *(f"yml {one}yml" for one in PLATFORMS),
        *(f"yml {one}yml cdc.yml cdc.{one}yml" for one in PLATFORMS),
        *(f"yml {one}yml secondary-es.yml" for one in PLATFORMS),
    ]
    dual = found[-3:]
    assert len({one.evidence for one in dual}) == 1
    assert not any(one.also for one in found)
    assert [[*one.proposed] for one in dual] == [[one.files[1]] for one in dual]


@pytest.mark.parametrize(
    ("script", "names", "expected"),
    [
        # All of them are named: then the unknown part is one of these.
        ("# front.dev.yml\ndocker compose -f front.$X.yml up", ("front.dev.yml",), ["front.dev.yml"]),
        ("docker compose -f front.$X.yml up", ("front.a.yml", "front.a.b.yml"), ["front.a.yml"]),
        ("docker compose -f front.$X.yml up", ("front.a.b.yml",), ["front.a.b.yml"]),
        ("docker compose -f ci/$X/c.yml up\ndocker compose -f ci/a/c.yml up",
         ("ci/a/c.yml", "ci/b/c.yml"), ["ci/b/c.yml", "ci/a/c.yml"]),
    ],
)  # fmt: skip
def test_an_unknown_part_has_no_dot_if_another_has_none(
    script: str, names: tuple[str, ...], expected: list[str]
) -> None:
    found = chains_of({"up.sh": script, **dict.fromkeys(names, "")})
    assert [shown(one) for one in found] == expected


@pytest.mark.parametrize("part", ["...", "<file>", "{file}", "[...]"])
def test_what_a_reader_fills_in_is_unknown(part: str) -> None:
    text = f"```sh\n$ docker compose -f {part} -f hard.yml up\n```\n"
    assert merged("README.md", text) == ["hard.yml ?"]


def test_what_an_included_file_names_is_no_unknown_part() -> None:
    texts = {
        "Makefile": "include more.mk\nup:\n\tdocker compose -f front.$(X).yml up\n",
        "more.mk": "dev:\n\tdocker compose -f front.dev.yml up\n",
        "front.dev.yml": "",
        "front.prod.yml": "",
    }
    assert "front.prod.yml" in [shown(one) for one in chains_of(texts)]
    [own] = [one for one in chains_of(texts) if one.proposed]
    assert shown(own) == "front.prod.yml"
