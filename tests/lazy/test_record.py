from __future__ import annotations

import pickle
from types import new_class
from typing import TYPE_CHECKING, Any

import pytest

from tightship.lazy import Generic, Record, lazy_property

if TYPE_CHECKING:
    from collections.abc import Iterable


class Place(Record):
    name: str
    line: int = 1


class NamedPlace(Place):
    label: str = ""

    @lazy_property
    def title(self) -> str:
        return f"{self.label}: {self.name}"


class Box(Record, Generic):
    content: object


class Doubled(Place):
    """Has an ``__init__`` of its own."""

    def __init__(self, name: str) -> None:
        super().__init__(name * 2)


def test_fields_are_stored_in_their_order() -> None:
    place = Place("web", 3)
    assert (place.name, place.line) == ("web", 3)


def test_fields_are_given_by_name_or_by_default() -> None:
    assert Place(name="web").line == 1


def test_a_missing_or_unknown_field_is_an_error() -> None:
    make: Any = Place  # type checkers reject both calls
    with pytest.raises(TypeError, match=r"Place\.__init__\(\) missing .* 'name'"):
        make()
    with pytest.raises(TypeError, match="column"):
        make("web", column=3)


def test_fields_are_slots() -> None:
    assert not hasattr(Place("web"), "__dict__")
    assert not hasattr(Box(1), "__dict__")


def test_a_subclass_adds_fields_after_those_of_its_base() -> None:
    place = NamedPlace("web", 3, "service")
    assert (place.name, place.line, place.label) == ("web", 3, "service")
    assert place.title == "service: web"


def test_an_own_init_is_kept() -> None:
    assert Doubled("a").name == "aa"


def test_replaced_changes_fields_and_keeps_the_others() -> None:
    place = NamedPlace("web", 3, "service")
    other = place.replaced(line=4)
    assert isinstance(other, NamedPlace)
    assert (other.name, other.line, other.label) == ("web", 4, "service")
    assert place.line == 3
    with pytest.raises(TypeError, match="column"):
        place.replaced(column=3)


def test_records_go_to_other_processes() -> None:
    place = NamedPlace("web", 3, "service")
    assert place.title
    copy = pickle.loads(pickle.dumps(place))
    assert (copy.name, copy.line, copy.title) == ("web", 3, place.title)


def test_records_are_equal_only_to_themselves() -> None:
    assert Place("web") != Place("web")
    assert len({Place("web"), Place("web")}) == 2


def with_fields(names: Iterable[str]) -> type:
    fields = dict.fromkeys(names, "int")
    return new_class("Made", (Record,), exec_body=lambda body: body.update(__annotations__=fields))


@pytest.mark.parametrize("count", range(1, 20))
def test_any_number_of_fields(count: int) -> None:
    fields = {f"field_{number}": number for number in range(count)}
    made = with_fields(fields)
    for one in (made(*fields.values()), made(**fields)):
        assert {name: getattr(one, name) for name in fields} == fields


def test_many_fields_are_checked_as_few_are() -> None:
    made = with_fields(f"field_{number}" for number in range(12))
    with pytest.raises(TypeError, match=r"Made\.__init__\(\) takes field_0, field_1"):
        made(*range(13))
    with pytest.raises(TypeError):
        made(*range(11))
    with pytest.raises(TypeError):
        made(*range(11), column=1)
