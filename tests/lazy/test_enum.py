"""Members of an `Enum` and what `functools` gives behave as those of the library."""

from __future__ import annotations

import copy
import enum
import pickle

import pytest

from tightship import lazy
from tightship.findings import FixEffect, Severity


class Ours(lazy.Enum):
    """A few members."""

    FIRST = "the first"
    SECOND = "the second"

    @property
    def short(self) -> str:
        """Return the last word."""
        return self.value.split()[-1]


class Theirs(enum.Enum):
    """The same, of the library."""

    FIRST = "the first"
    SECOND = "the second"


def test_members_are_found_as_those_of_the_library_are() -> None:
    for own, other in zip(Ours, Theirs, strict=True):
        assert (own.name, own.value) == (other.name, other.value)
        assert Ours[own.name] is own
        assert Ours(own.value) is own
        assert repr(own) == repr(other).replace("Theirs", "Ours")
    assert len(Ours) == 2
    assert [*reversed(Ours)] == [Ours.SECOND, Ours.FIRST]
    assert Ours.FIRST.short == "first"
    assert len({Ours.FIRST, Ours.SECOND, Ours("the first")}) == 2
    with pytest.raises(ValueError, match="third"):
        Ours("the third")
    with pytest.raises(KeyError):
        _ = Ours["THIRD"]


@pytest.mark.parametrize("one", [*Severity, *FixEffect])
def test_a_copy_is_the_member_itself(one: Severity | FixEffect) -> None:
    assert pickle.loads(pickle.dumps(one)) is one
    assert copy.deepcopy(one) is one


def test_numbers_are_numbers() -> None:
    assert Severity.ERROR > Severity.INFO
    assert max(Severity) is Severity.ERROR
    assert f"{Severity.WARNING}" == str(int(Severity.WARNING))


def test_a_cache_asks_once() -> None:
    asked: list[int] = []

    @lazy.lru_cache(maxsize=1)
    def double(number: int) -> int:
        asked.append(number)
        return 2 * number

    assert [double(one) for one in (1, 1, 2, 1)] == [2, 2, 4, 2]
    assert asked == [1, 2, 1]
    double.cache_clear()
    double(1)
    assert asked == [1, 2, 1, 1]
