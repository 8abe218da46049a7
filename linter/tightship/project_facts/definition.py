"""What defines a fact: its group, its type, its meaning, and the function that reads it."""

from __future__ import annotations

from tightship.lazy import Record
from tightship.project_facts.values import Facts, Items, Scalar, Texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from tightship.project_facts.values import Value

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
    others begin with a word and a colon.
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
