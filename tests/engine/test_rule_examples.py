"""Examples and promises of rules, as authors of other packages test them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.engine.rule_examples import broken_promises, problems
from tightship.rules import every_rule
from tightship.rules.kit import (
    Bad,
    Container,
    Finding,
    Findings,
    Fix,
    Good,
    ImageReference,
    LoadedProject,
    Source,
    Stage,
    facts_of,
    read,
    rule,
)

if TYPE_CHECKING:
    from tightship.rules.definition import Rule

PAGE = "It is wrong.\n\nWhy it matters.\n\n## How to fix\n\nDo it.\n"
BAD, GOOD = "services:\n  web:\n    init: «yes»\n", "services:\n  web: {image: x}\n"

FIXED = "  services:\n    web:\n      image: x\n-     init: «yes»\n"


def made(bad: Bad, *, fix: bool = False, doc: str = PAGE) -> Rule:
    @rule(
        on=Container,
        severity="warning",
        fix="tightens" if fix else None,
        doc=doc,
        url="https://example.com",
        examples=(bad, Good(GOOD)),
    )
    def init_process(container: Container) -> Findings:
        init = container.flag("init")
        if init.is_surely(True):
            edits = container.editor.remove("init")
            offered = Fix.tightens("Remove it", edits, may_break="zombies") if fix else None
            yield Finding(init.span, "it has an init", fix=offered)

    return init_process


BUILT_IN = {
    # They lack a file that their examples name: what is about that one is known, and shown.
    "does not exist",
    # Another rule of the set `strict` refuses what a fix makes.
    "a fix is not applied",
}
SPECIAL = {
    *("not-checked", "unused-suppression", "shellcheck-finding", "grade-below-target"),
    *("missing-label", "invalid-label-value", "untrusted-registry", "invalid-dockerfile"),
    *("image-past-end-of-life", "base-image-past-end-of-life"),
}
"""Rules about gaps, settings, comments or days that their examples need."""


def test_the_examples_of_tightship_are_true_by_the_same_test() -> None:
    found = {one.name: [*problems(one)] for one in every_rule() if one.name not in SPECIAL}
    wrong = {name: all_ for name, all_ in found.items() if all_}
    told = [one for name in wrong for one in wrong[name]]
    odd = [one for one in told if not any(known in one for known in BUILT_IN)]
    # What a refused fix would have made is told, too.
    assert [one for one in odd if "after the fix" not in one] == []
    assert len(wrong) < 20


def test_a_rule_with_true_examples_has_no_problem() -> None:
    assert [*problems(made(Bad(BAD)))] == []
    assert [*problems(made(Bad(FIXED), fix=True))] == []


def test_a_diff_shows_both_sides() -> None:
    text = """
          ==> compose.yaml <==
          services:
            a:
        -     init: «yes»
        +     tty: true

              image: x
        -
        -   b:
        -     image: x
          ==> list <==
          - a
          b
          ==> none <==
        - ==> old <==
        - + x
        + ==> new <==
        + x
    """
    example = Bad(text)
    assert example.files == {
        "compose.yaml": "services:\n  a:\n    init: «yes»\n\n    image: x\n\n  b:\n    image: x\n",
        "list": "- a\nb\n",
        "none": "",
        "old": "+ x\n",
    }
    assert example.fixed == {
        "compose.yaml": "services:\n  a:\n    tty: true\n\n    image: x\n",
        "list": "- a\nb\n",
        "none": "",
        "new": "x\n",
    }
    assert Bad(BAD).files == BAD
    assert Bad(BAD).fixed is None


@pytest.mark.parametrize(
    ("example", "told"),
    [
        (BAD.replace("«", "").replace("»", ""), "the rule finds `yes` in line 3 of `compose.yaml`"),
        (BAD.replace("yes", "no"), "the rule does not find `no` in line 3 of `compose.yaml`"),
        ("==> notes.txt <==\nx\n", "no Compose file and no Dockerfile is in it"),
        (BAD + "  x: [\n", "a part of this file is lost to a syntax error"),
    ],
)
def test_an_untrue_example_is_told(example: str, told: str) -> None:
    assert f"example 1: {told}" in [*problems(made(Bad(example)))]


def test_a_wrong_severity_and_a_wrong_fix_are_told() -> None:
    [lower, _] = problems(made(Bad(BAD).at("info")))
    assert lower == "no `Bad` example has the severity of the rule"
    [wrong] = problems(made(Bad(f"{FIXED}+     tty: yes\n"), fix=True))
    assert wrong.startswith("example 1: `compose.yaml` is this after the fix")
    [missing, _] = problems(made(Bad(BAD), fix=True))
    assert missing.startswith("`fix=` promises a fix")


@pytest.mark.parametrize(
    ("doc", "told"),
    [
        ("It is wrong\n\nWhy.\n\n## How to fix\n\nDo.", "full stop"),
        ("It is wrong.\n\n## How to fix\n\nDo.", "why it matters"),
        ("It is wrong.\n\nWhy.\n", "no chapter"),
        ("It is wrong.\n\nWhy.\n\n## How to fix\n", "no chapter"),
    ],
)
def test_a_page_that_lacks_a_part_is_told(doc: str, told: str) -> None:
    assert any(told in one for one in broken_promises(made(Bad(BAD), doc=doc)))


def test_files_are_read_through_the_project() -> None:
    seen = list[str]()

    def look(start: LoadedProject | Container | Stage) -> None:
        for path in ("VERSION", "none", "../x", "/etc/passwd", "."):
            found = read(start, path)
            seen.append(found.text if isinstance(found, Source) else found.reason)

    @rule(on=(LoadedProject, Container, Stage), severity="info", examples=())
    def reading(about: object, /) -> Findings:
        assert isinstance(about, LoadedProject | Container | Stage)
        look(about)
        yield from ()

    refused = ["missing", "outside-root", "outside-root", "directory"]
    text = "services:\n  web: {build: .}\n"
    reading.examples = (
        Good(f"==> compose.yaml <==\n{text}==> Dockerfile <==\nFROM x\n==> VERSION <==\n1"),
        Good("==> Dockerfile <==\nFROM x\n==> VERSION <==\n2"),
    )
    assert not any(one.startswith("example ") for one in problems(reading))
    from_context = ["unknown"] * 4
    assert seen == [*2 * ["1", *refused], "1", *from_context, "2", *from_context]


def test_facts_are_those_of_policies() -> None:
    seen = list[object]()

    @rule(on=Container, severity="info", examples=(Good("services:\n  web: {privileged: true}\n"),))
    def asking(container: Container) -> Findings:
        facts = facts_of(container)
        seen.extend((facts.get("name"), facts.get("privileged")))
        yield from ()

    assert not any(one.startswith("example ") for one in problems(asking))
    assert [getattr(one, "value", None) for one in seen] == ["web", True]


def test_facts_of_images_and_projects_are_those_of_policies() -> None:
    seen = list[object]()

    @rule(on=(ImageReference, LoadedProject), severity="info", examples=())
    def asking(about: object, /) -> Findings:
        assert isinstance(about, ImageReference | LoadedProject)
        facts = facts_of(about)
        names = ("name", "tag") if isinstance(about, ImageReference) else ("name", "keys")
        seen.extend(facts.get(name) for name in names)
        yield from ()

    asking.examples = (
        Good("""
            ==> compose.yaml <==
            name: shop
            services:
              a: {build: .}
            ==> Dockerfile <==
            FROM x:1
        """),
    )
    assert not any(one.startswith("example ") for one in problems(asking))
    known = [getattr(one, "value", None) or sorted(getattr(one, "surely", ())) for one in seen]
    assert known == ["shop", ["name", "services"], "x", "1"]
