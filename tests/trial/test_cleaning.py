"""Cleaning waits for what appears late, where a client may have been killed."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tightship_annexes.trial.cleaning import clean
from tightship_annexes.trial.engine import Completed


class Late:
    """Lists one container, and a second one after that is removed."""

    def __init__(self) -> None:
        self.found = [["one"], ["two"]]
        self.removed = list[str]()

    def docker(self, *words: str) -> Completed:
        if words[0] == "rm":
            self.removed += self.found.pop(0)
        now = self.found[0] if words[0] == "ps" and self.found else ()
        return Completed(0, "\n".join(now), "")


@pytest.mark.parametrize("is_whole", [False, True])
def test_nothing_is_left_in_the_end(monkeypatch: pytest.MonkeyPatch, *, is_whole: bool) -> None:
    slept = list[float]()
    monkeypatch.setattr(time, "sleep", slept.append)
    late = Late()
    engine: Any = late
    assert clean(engine, "run", is_whole=is_whole) == []
    assert late.removed == ["one", "two"]
    assert any(slept) != is_whole
