"""Commands of Makefiles whose first words are in a variable of make."""

from __future__ import annotations

import pytest
from tests.frontends.docker_run.commands_of import settings_of, shown

from tightship.text import apply_edits


@pytest.mark.parametrize(
    "text",
    [
        "R = docker run --pid host\na:\n\t$(R) x:1\n",
        "D ?= docker\nR := $(D) run\na:\n\tcd b && ${R} --pid host x:1\n",
        "R = docker run\nP = $(R) --pid host\na:\n\t@sudo $(P) \\\n\t  x:1\n",
        "R = docker run\nR += --pid host\na:\n\t$(R) x:1\n",
        "ifdef A\nR = docker run\nR += --pid host\nendif\na:\n\t$(R) x:1\n",
    ],
)
def test_a_recipe_has_the_words_of_its_variables(text: str) -> None:
    [made] = settings_of(text, "Makefile")
    assert shown(made) == {"pid": "host", "image": "x:1"}
    assert made.complete
    assert made.text("pid").span.text == "host"
    after = apply_edits(made.span.source, made.editor.put("read_only", "true"))
    between = made.extent.text.partition("x:1")[0]
    joint = between[len(between.rstrip(" \t\\\n")) :]
    assert after == text.replace(f"{joint}x:1", f"{joint}--read-only{joint}x:1")


def test_each_recipe_is_a_container_at_its_place() -> None:
    text = "R = docker run --rm\na:\n\t$(R) x:1 $@\nb: ; true\n\tcd c && $(R) -t y:1\n"
    found = settings_of(text, "Makefile")
    assert [one.extent.text for one in found] == ["$(R) x:1 $@", "$(R) -t y:1"]
    assert [one.span.text for one in found] == ["$(R)", "$(R)"]


@pytest.mark.parametrize(
    ("text", "images"),
    [
        ("R = docker run --pid host\n", [None]),
        ("R = docker run y:1\nR = podman run z:1\na:\n\t$(R) x:1\n", ["y:1", "z:1"]),
        ("R = $(R) docker run\na:\n\t$(R) x:1\n", []),
    ],
)
def test_other_variables_are_commands_by_themselves(text: str, images: list[str | None]) -> None:
    found = settings_of(text, "Makefile")
    assert [shown(one).get("image") for one in found] == images


def test_what_a_condition_adds_may_be_any_words() -> None:
    text = "R = docker run\nifdef T\nR += --pid host\nendif\na:\n\t$(R) x:1\n"
    [made] = settings_of(text, "Makefile")
    assert shown(made) == {"image": "x:1"}
    assert not made.complete


def test_many_variables_are_read_in_time() -> None:
    chain = "".join(f"V{n} = $(V{n - 1}) $(V{n - 1}) docker run x\n" for n in range(1, 300))
    recipes = "".join(f"\t$(V{n})\n" for n in range(300))
    assert len(settings_of(f"{chain}a:\n{recipes}", "Makefile")) < 5_000


@pytest.mark.parametrize(
    "text",
    [
        "a: ; docker run --privileged x:1",
        "a b: c; @docker run --privileged x:1",
        "a:: ;-docker run --privileged x:1\n\ttrue",
        "a:\n\t @docker run --privileged x:1",
        "a:\n\t- @ docker run --privileged x:1",
    ],
)
def test_a_recipe_may_be_on_the_line_of_its_rule(text: str) -> None:
    [made] = settings_of(f"{text}\n", "Makefile")
    assert shown(made) == {"privileged": "true", "image": "x:1"}


def test_a_comment_is_no_recipe() -> None:
    assert settings_of("# a: ; docker run x:1\nb:\n\ttrue\n", "Makefile") == []
