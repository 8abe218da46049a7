"""What defines a fact, and what is known of it: a value, a part, or nothing before a run."""

from __future__ import annotations

from tightship.lazy import TYPE_CHECKING, Record
from tightship.model.value import ScalarValue
from tightship.values.hole import mask

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any, TypeAlias, TypeVar

    from tightship.frontends.dockerfile.argument import Argument
    from tightship.isolation.container import Container
    from tightship.isolation.loaded_project import Surroundings
    from tightship.model.setting import Setting
    from tightship.text import Span

    Plain: TypeAlias = str | float | bool
    Entry = TypeVar("Entry")


class Scalar(Record):
    """A text, a number or a flag; ``value`` is none where the project has none.

    Where it is not ``known``, only a run decides. ``beginning`` is then the part of a text
    that is certain, and ``lowest`` and ``highest`` are the bounds of a number.
    """

    span: Span
    value: Plain | None = None
    known: bool = True
    beginning: str = ""
    lowest: float | None = None
    highest: float | None = None


class Texts(Record):
    """A set of texts: those that are surely in it, and those that may be.

    ``possibly`` holds the first ones, too; it is none where any text may be in the set.
    ``places`` has where some of them are written, if that is not the place of the set.
    """

    span: Span
    surely: frozenset[str]
    possibly: frozenset[str] | None
    places: Mapping[str, Span] | None = None


class Items(Record):
    """A list of things of one group; ``whole`` is false where there may be more.

    In a table, such as that of labels, the things have names. Not all may be there: those
    that are not sure may be replaced by another one.
    """

    span: Span
    items: tuple[Facts, ...] = ()
    whole: bool = True

    @property
    def known(self) -> bool:
        """Return whether these things are there, and no others."""
        return self.whole and all(one.is_sure for one in self.items)

    def named(self, name: str) -> Scalar:
        """Return the value of the thing with a name."""
        for one in self.items:
            found = one.get("name")
            if isinstance(found, Scalar) and found.value == name:
                value = one.get("value")
                assert isinstance(value, Scalar)
                return value
        return Scalar(self.span, None, known=self.whole)


class Facts:
    """The facts about one thing, each read when it is first asked for.

    ``source`` is what they are read from: none where there is no such thing. Where it is
    not ``known`` whether there is one, no fact of it is. One in a list that is not sure may
    be replaced. ``around`` is what is known beyond the files of the project.
    """

    __slots__ = ("_read", "around", "group", "is_sure", "known", "source", "span")

    def __init__(
        self,
        group: Group,
        source: object,
        span: Span,
        *,
        known: bool = True,
        is_sure: bool = True,
        given: Mapping[str, Value] | None = None,
    ) -> None:
        """Begin; ``given`` are facts that are read already."""
        self.group = group
        self.source = source
        self.span = span
        self.known = known
        self.is_sure = is_sure
        self.around: Surroundings | None = None
        self._read: dict[str, Value] = dict(given or {})

    def within(self, around: Surroundings | None) -> Facts:
        """Return the same facts, with what is known beyond the files of the project."""
        self.around = around
        for one in self._read.values():
            _hand_on(one, around)
        return self

    def get(self, name: str) -> Value:
        """Return a fact of the group, by its name."""
        found = self._read.get(name)
        if found is None:
            fact = self.group.facts[name]
            found = self._read[name] = fact.value(self)
            if fact.of in _WITH_FILES:
                _hand_on(found, self.around)
        return found


# The groups of facts of which some are about files.
_WITH_FILES = frozenset(("file", "project", "service", "stage", "hook"))


def _hand_on(value: Value, around: Surroundings | None) -> None:
    for one in value.items if isinstance(value, Items) else [value]:
        if isinstance(one, Facts):
            one.within(around)


Value = Scalar | Texts | Items | Facts


def scalar(setting: Setting[str] | Setting[float] | Setting[int]) -> Scalar:
    """Return a setting as a fact."""
    if setting.decided:
        return Scalar(setting.span, setting.value)
    source = setting.source
    beginning = begins(source.text) if isinstance(source, ScalarValue) else ""
    return Scalar(setting.span, None, known=False, beginning=beginning)


def flag(setting: Setting[bool], *, default: bool = False) -> Scalar:
    """Return a switch as a fact; ``default`` is its value where it is absent."""
    if not setting.decided:
        return unknown(setting.span)
    return Scalar(setting.span, default if setting.value is None else setting.value)


def setting(*path: str) -> Callable[[Container], Scalar]:
    """Return what reads a setting of a service."""
    return lambda container: scalar(container.text(*path))


def switch(*path: str) -> Callable[[Container], Scalar]:
    """Return what reads a switch of a service, which is off where it is absent."""
    return lambda container: flag(container.flag(*path))


def setting_texts(*path: str) -> Callable[[Container], Texts]:
    """Return what reads a list of texts of a service as a set."""

    def read(container: Container) -> Texts:
        found = container.texts(*path)
        names = [item.value for item in found.items if item.value is not None]
        return texts(found.span, names, whole=found.all_decided)

    return read


def argument(word: Argument | None, span: Span) -> Scalar:
    """Return a word of a Dockerfile as a fact."""
    if word is None:
        return Scalar(span)
    if word.decided:
        return Scalar(word.span, word.text)
    return Scalar(word.span, None, known=False, beginning=begins(word.text))


def text(span: Span, written: str) -> Scalar:
    """Return a text as a fact; it is unknown behind its first hole."""
    beginning = begins(written)
    if beginning == written:
        return Scalar(span, written)
    return Scalar(span, None, known=False, beginning=beginning)


def unknown(span: Span) -> Scalar:
    """Return a fact that only a run decides."""
    return Scalar(span, None, known=False)


def maybe(span: Span, found: bool | None) -> Scalar:
    """Return a flag that is unknown where it is none."""
    return Scalar(span, found, known=found is not None)


def texts(span: Span, names: Iterable[str], *, whole: bool = True) -> Texts:
    """Return a set that holds some texts, and others where it is not whole."""
    surely = frozenset(names)
    return Texts(span, surely, surely if whole else None)


def last_ones(
    entries: Sequence[Entry], target_of: Callable[[Entry], object]
) -> list[tuple[Entry, bool]]:
    """Return the entries that no later one of the same target replaces, and whether none may.

    The target is none where only a run decides it.
    """
    kept: list[tuple[Entry, bool]] = []
    seen, is_open = set[object](), False
    for one in reversed(entries):
        target = target_of(one)
        if target is None or target not in seen:
            may_go = is_open or (target is None and bool(kept))
            kept.append((one, not may_go))
            seen.add(target)
            is_open = is_open or target is None
    return kept[::-1]


def table(group: Group, span: Span, entries: Mapping[str, Scalar], *, whole: bool = True) -> Items:
    """Return a table as a fact, from its values by name."""
    items = tuple(Facts(group, entry, entry[1].span) for entry in entries.items())
    return Items(span, items, whole)


def begins(written: str) -> str:
    """Return the part of a text before its first hole."""
    hole = mask(written).find("\0")
    return written if hole < 0 else written[:hole]


TYPES = {
    "text": "a text",
    "path": "a path of the host, in one spelling, without `..`",
    "number": "a number",
    "size": "a number of bytes, which a policy may write as `512m`",
    "duration": "a number of seconds, which a policy may write as `1m30s`",
    "flag": "`true` or `false`",
    "set": "a set of texts",
    "table": "values by name",
    "list": "a list",
    "group": "a thing with facts of its own",
}
"""The types of facts, with their meaning."""


class Fact(Record):
    """One fact about a thing.

    ``type`` is a key of :data:`TYPES`. ``of`` is the name of the group that a thing, or the
    things in a list or a table, belong to. ``read`` takes what the facts are read from.
    ``words`` are all texts that it can be, with blanks between them, where these are few;
    one with a colon at its end begins others.
    """

    type: str
    doc: str
    read: Callable[[Any], Value]
    of: str = ""
    words: str = ""

    def value(self, facts: Facts) -> Value:
        """Return what is known of it; of a thing that is absent, all facts are absent."""
        if facts.source is not None:
            return self.read(facts.source)
        span, known = facts.span, facts.known
        if self.type == "set":
            return Texts(span, frozenset(), frozenset() if known else None)
        if self.type in ("list", "table"):
            return Items(span, whole=known)
        if self.type == "group":
            from tightship.project_facts.groups import GROUPS

            return Facts(GROUPS[self.of], None, span, known=known)
        return Scalar(span, None, known=known)


class Beyond(Fact):
    """A fact that no file of the project has; ``read`` takes a source, and what is around it."""

    def value(self, facts: Facts) -> Value:
        """Return what is known of it: nothing, where nothing around it is."""
        if facts.source is not None and facts.around is not None:
            return self.read((facts.source, facts.around))
        hidden = Facts(facts.group, None, facts.span, known=False)
        return super().value(hidden if facts.source is not None else facts)


class Group(Record):
    """The facts about one kind of thing, by name.

    ``title`` is the thing in words, such as "a service".
    """

    name: str
    title: str
    facts: Mapping[str, Fact]
