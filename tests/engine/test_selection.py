from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.engine.settings.selection import Selection, UnknownWordError, named, vocabulary
from tightship.findings import Finding
from tightship.rules.definition import Rule, rule
from tightship.text import Source, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.rules.definition import Tag


def make(
    name: str,
    theme: str,
    *,
    strict: bool = False,
    aliases: tuple[str, ...] = (),
    tags: tuple[Tag, ...] = (),
) -> Rule:
    def check(subject: object) -> Iterator[Finding]:
        yield from ()

    check.__name__ = name.replace("-", "_")
    check.__module__ = f"tightship.rules.compose.{theme}.{check.__name__}"
    return rule(
        on=object, severity="warning", strict=strict, aliases=aliases, tags=tags, examples=()
    )(check)


WRITABLE = make("writable-root", "filesystem", aliases=("CL-0007", "semgrep:Writable_FS"))
WEAK_TMPFS = make("weak-tmpfs", "filesystem", strict=True)
PIDS = make("host-pid", "namespaces", aliases=("CL-0010", "kics:ae5b6871"))
IPC = make("host-ipc", "namespaces", aliases=("CL-0010",))
NO_DIGEST = make("no-digest", "supply_chain", strict=True)
MOVING = make("moving-tag", "supply_chain", aliases=("DL3007",))
HYGIENE = make("unpinned-package", "hygiene", aliases=("DL3008",))
GAPS = make("not-checked", "correctness", tags=("gap",))
EVERY = (WRITABLE, WEAK_TMPFS, PIDS, IPC, NO_DIGEST, MOVING, HYGIENE, GAPS)


def selected(select: str = "", ignore: str = "") -> list[Rule]:
    """Return what words select, without `not-checked`, which is always there."""
    rules = Selection([select], [ignore]).rules(EVERY)
    assert rules.pop() is GAPS
    return rules


def finding(*, strict: bool) -> Finding:
    return Finding(Span(Source("f", ""), 0, 0), "", strict=strict)


def test_the_default_set_is_selected_if_nothing_is() -> None:
    assert selected() == [WRITABLE, PIDS, IPC, MOVING]
    assert selected("default") == selected()
    assert Selection().rules(EVERY) == [*selected(), GAPS]


def test_the_strict_set_is_every_rule() -> None:
    assert selected("strict") == list(EVERY[:-1])


@pytest.mark.parametrize(
    "word",
    [
        "writable-root",
        "writable_root",
        "Writable-Root",
        " writable-root ",
        "CL-0007",
        "cl_0007",
        "semgrep:writable-fs",
    ],
)
def test_a_rule_is_selected_by_any_name_in_any_spelling(word: str) -> None:
    assert selected(word) == [WRITABLE]


def test_an_id_of_another_linter_selects_all_its_rules() -> None:
    assert selected("CL-0010") == [PIDS, IPC]
    assert selected("kics:AE5B6871") == [PIDS]


def test_a_theme_selects_its_rules_of_the_default_set() -> None:
    assert selected("filesystem") == [WRITABLE]
    assert selected("supply_chain") == selected("supply-chain") == [MOVING]


def test_a_strict_rule_is_selected_by_its_name() -> None:
    assert selected("no-digest") == [NO_DIGEST]


def test_words_add_up_in_the_order_of_the_rules() -> None:
    assert selected("no-digest,namespaces, writable-root") == [WRITABLE, PIDS, IPC, NO_DIGEST]
    words = ["no-digest", "writable-root"]
    assert Selection(words).rules(EVERY) == [WRITABLE, NO_DIGEST, GAPS]


@pytest.mark.parametrize("word", ["writable-root", "filesystem", "CL-0007"])
def test_an_ignored_rule_is_off_however_it_was_selected(word: str) -> None:
    assert WRITABLE not in selected("default,writable-root,filesystem", word)


def test_ignoring_a_theme_ignores_its_strict_rules_too() -> None:
    assert selected("strict", "filesystem") == [PIDS, IPC, NO_DIGEST, MOVING, HYGIENE]


def test_ignoring_the_strict_set_leaves_the_default_one() -> None:
    assert selected("strict", "strict") == selected()


def test_a_gap_is_reported_with_any_selection() -> None:
    for select, ignore in [("writable-root", ""), ("", "default"), ("", "strict")]:
        assert GAPS in Selection([select], [ignore]).rules(EVERY)


@pytest.mark.parametrize("word", ["not-checked", "not_checked", "correctness"])
def test_gaps_are_ignored_by_name_or_theme(word: str) -> None:
    assert GAPS not in Selection(["strict"], [word]).rules(EVERY)


@pytest.mark.parametrize(
    ("word", "guess"),
    [
        ("writeable-root", "writable-root"),
        ("Writable_Rot", "writable-root"),
        ("namespace", "namespaces"),
        ("strickt", "strict"),
        ("something-else", None),
        ("CL-0011", None),
    ],
)
def test_an_unknown_word_is_an_error_that_names_a_near_one(word: str, guess: str | None) -> None:
    for select, ignore in ([f"default,{word}"], []), ([], [word]):
        with pytest.raises(UnknownWordError) as caught:
            Selection(select, ignore).rules(EVERY)
        assert caught.value.word == word
        assert caught.value.guess == guess
        assert f"`{word}`" in str(caught.value)


def test_an_overlong_unknown_word_is_rejected() -> None:
    with pytest.raises(UnknownWordError):
        Selection(["x" * 1_000_000]).rules(EVERY)


def test_a_strict_finding_needs_the_strict_set_or_the_rule_by_name() -> None:
    strict, plain = finding(strict=True), finding(strict=False)
    for words, wanted in [
        ([], False),
        (["default"], False),
        (["filesystem"], False),
        (["strict"], True),
        (["writable-root"], True),
        (["cl-0007"], True),
    ]:
        selection = Selection(words)
        assert selection.wants(WRITABLE, plain)
        assert selection.wants(WRITABLE, strict) is wanted


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("kics:ae5b6871", True),
        ("CL-0010", False),
        ("CL-0010,kics:ae5b6871", True),
        ("CL-0010,host-pid", True),
        ("namespaces,CL-0010", True),
        ("strict,CL-0010", True),
    ],
)
def test_an_id_selects_the_findings_that_it_means(words: str, *, wanted: bool) -> None:
    known = Finding(Span(Source("f", ""), 0, 0), "", known_as=("kics:ae5b6871",))
    assert Selection([words]).wants(PIDS, known) is wanted
    assert Selection([words]).wants(PIDS, finding(strict=False))


def test_a_strict_finding_goes_when_the_strict_set_is_ignored() -> None:
    selection = Selection(["writable-root"], ["strict"])
    assert not selection.wants(WRITABLE, finding(strict=True))
    assert selection.wants(WRITABLE, finding(strict=False))


def test_every_word_of_the_vocabulary_selects_something() -> None:
    for word in vocabulary(EVERY):
        assert Selection([word]).rules(EVERY)


def test_rules_are_found_by_name_or_by_another_linters_id() -> None:
    assert named("writable_root", EVERY) == [WRITABLE]
    assert named("cl-0010", EVERY) == [PIDS, IPC]
    assert named("namespaces", EVERY) == []


def test_hygiene_is_a_set_that_is_off_by_default() -> None:
    assert HYGIENE.set == "hygiene"
    assert HYGIENE not in selected()
    assert selected("hygiene") == [HYGIENE]
    assert {*selected("default,hygiene")} == {*selected(), HYGIENE}
    assert HYGIENE in selected("strict")
    assert HYGIENE not in selected("strict", "hygiene")
    assert HYGIENE not in selected("hygiene", "strict")
    assert selected("DL3008") == [HYGIENE]
    assert selected("default,hygiene", "unpinned-package") == selected()
