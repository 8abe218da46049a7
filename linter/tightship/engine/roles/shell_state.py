"""The variables and the folder of a shell at a place of a script.

A variable may have several values: each branch of the script gives it one. A value is a
list of words, as an array has; that of another variable is one word.
"""

from __future__ import annotations

import posixpath

from tightship.engine.roles.tree import ARGUMENTS, UNKNOWN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from typing import TypeAlias, TypeVar

    from tightship.engine.roles.tree import Tree

    Value: TypeAlias = tuple[str, ...]
    Values: TypeAlias = tuple[Value, ...]
    T = TypeVar("T")

MOST_WAYS = 16
"""How many values of a variable, or forms of a command, are followed."""

LONGEST = 10_000
"""The length of the longest value, in characters."""

BREAK = "\x1f"
"""The character between the words that one word of a script becomes."""

UNSET: Values = ((),)


class State:
    """Variables by name, and the folders in which the shell may be.

    ``folders`` are names in the tree, or None if the folder is unknown. ``is_over`` is
    true after ``exit`` or ``return``.
    """

    __slots__ = ("folders", "is_over", "variables")

    def __init__(
        self,
        variables: dict[str, Values],
        folders: tuple[str, ...] | None,
        *,
        is_over: bool = False,
    ) -> None:
        self.variables = variables
        self.folders = folders
        self.is_over = is_over

    def copy(self) -> State:
        """Return a state that changes by itself."""
        return State(dict(self.variables), self.folders, is_over=self.is_over)

    def become(self, states: Iterable[State]) -> None:
        """Become what all of some states have in common, or have as one possibility."""
        every = [*states]
        if every == [self]:
            return
        going = [one for one in every if not one.is_over] or every
        self.is_over = going[0].is_over
        self.variables = joined([one.variables for one in going])
        folders = [one.folders for one in going]
        known = dict.fromkeys(name for one in folders if one is not None for name in one)
        self.folders = None if None in folders else tuple(known)

    def join(self, other: State | None) -> None:
        """Become what both have in common, or have as one possibility."""
        if other is not None:
            self.become([self, other])

    def enter(self, tree: Tree, folder: str) -> None:
        """Change the folder, as ``cd`` does."""
        if folder == tree.root or folder.startswith(f"{tree.root}/"):
            bases: Iterable[str] = ("",)
            folder = folder[len(tree.root) + 1 :]
        else:
            bases = self.folders or ()
        if UNKNOWN in folder or ARGUMENTS in folder or folder[:1] in ("/", "~", "-"):
            self.folders = None
            return
        below = (posixpath.normpath(posixpath.join(base, folder)) for base in bases)
        found = ("" if one == "." else one for one in below)
        self.folders = tuple(one for one in dict.fromkeys(found) if one in tree.folders) or None


def spread(branches: Sequence[tuple[T, ...]], unknown: T) -> tuple[T, ...]:
    """Return the values of all branches.

    Of too many, there are some of each, the last, which is that of no branch, and an
    unknown one.
    """
    found = tuple(dict.fromkeys(value for values in branches for value in values))
    if len(found) <= MOST_WAYS:
        return found
    turns = (values[at] for at in range(MOST_WAYS) for values in branches if at < len(values))
    known = [one for one in dict.fromkeys(turns) if one != unknown][: MOST_WAYS - 2]
    last = next(one for one in reversed(found) if one != unknown)
    return (*dict.fromkeys((*known, last)), unknown)


def joined(every: Sequence[dict[str, Values]]) -> dict[str, Values]:
    """Return variables with the values that they have in any of some states."""
    first = every[0]
    if all(one == first for one in every[1:]):
        return dict(first)
    made = dict[str, "Values"]()
    for name in dict.fromkeys(name for one in every for name in one):
        made[name] = spread([one.get(name, UNSET) for one in every], (UNKNOWN,))
    return made


def combined(options: Iterable[Collection[str]]) -> list[str]:
    """Return each way to join one text of each of some collections.

    Where there would be too many, a text is unknown if it may name a file.
    """
    ways = [""]
    for texts in options:
        if len(ways) * len(texts) > MOST_WAYS:
            texts = [UNKNOWN] if any(".y" in one for one in texts) else [*texts][:1]
        ways = [before + text for before in ways for text in texts]
        ways = [one if len(one) <= LONGEST else UNKNOWN for one in dict.fromkeys(ways)]
    return ways
