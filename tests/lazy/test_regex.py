from __future__ import annotations

import re

import pytest

from tightship.lazy import regex


def test_a_pattern_is_compiled_at_its_first_use(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    really = re.compile

    def compile_(pattern: str, flags: int = 0) -> re.Pattern[str]:
        asked.append(pattern)
        return really(pattern, flags)

    monkeypatch.setattr(re, "compile", compile_)
    digits = regex("[0-9]+(?#compiled by this test)")
    assert asked == []
    assert digits.fullmatch("12")
    assert digits.sub("#", "a1b22") == "a#b#"
    assert asked == ["[0-9]+(?#compiled by this test)"]


def test_a_lazy_pattern_behaves_like_a_compiled_one() -> None:
    lazy, eager = regex("(?i)a(b)?"), re.compile("(?i)a(b)?")
    text = "xABa"
    assert lazy.pattern == eager.pattern
    assert lazy.findall(text) == eager.findall(text)
    assert lazy.split(text) == eager.split(text)
    assert [m.span() for m in lazy.finditer(text)] == [(1, 3), (3, 4)]
    found = lazy.search(text)
    assert found
    assert found[1] == "B"
    assert lazy.match(text) is None
    assert regex(b"a+").fullmatch(b"aa")


def test_a_broken_pattern_is_an_error_at_its_first_use() -> None:
    broken = regex("(")
    with pytest.raises(re.error):
        broken.match("")
