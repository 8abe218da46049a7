from __future__ import annotations

from functools import cached_property

from tightship.lazy import lazy_property


class Folder:
    asked = 0

    @lazy_property
    def size(self) -> int:
        """Return how large it is."""
        self.asked += 1
        return 3


def test_an_attribute_is_computed_once_for_each_object() -> None:
    one, other = Folder(), Folder()
    assert (one.size, one.size, other.size) == (3, 3, 3)
    assert (one.asked, other.asked) == (1, 1)


def test_a_failed_computation_is_repeated() -> None:
    class Door:
        locked = True

        @lazy_property
        def opened(self) -> bool:
            if self.locked:
                raise LookupError
            return True

    door = Door()
    try:
        assert door.opened is None
    except LookupError:
        door.locked = False
    assert door.opened


def test_it_is_documented_as_the_function_is() -> None:
    assert Folder.__dict__["size"].__doc__ == "Return how large it is."
    assert not isinstance(Folder.__dict__["size"], cached_property)
