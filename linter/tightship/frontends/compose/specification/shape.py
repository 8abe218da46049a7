"""Shapes: the values that Compose accepts at one place of a file, and how it treats them.

The tables in ``keys``, ``service_keys`` and ``section_keys`` are made of
shapes.
"""

from __future__ import annotations

from tightship.lazy import TYPE_CHECKING, lazy_property

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Literal, TypedDict, Unpack

    Form = Literal[
        "",
        "bool",
        "integer",
        "number",
        "whole number",
        "count",
        "size",
        "duration",
        "pull policy",
        "port",
        "mount",
        "device",
        "host",
        "context",
        "ssh",
    ]
    Canonical = Literal["", "list", "pairs", "hosts", "names", "short"]
    Merge = Literal["", "replace", "whole", "driver", "subnet"]
    Unique = Literal["", "item", "name", "path", "target", "device", "port", "secret", "config"]

    class Given(TypedDict, total=False):
        """What else may be said about a shape."""

        form: Form
        choices: tuple[str, ...]
        low: int
        high: int
        items: Shape | None
        first: tuple[str, ...]
        distinct: bool
        keys: Mapping[str, Shape]
        each: Shape
        what: str
        required: tuple[str, ...]
        open: bool
        named: bool
        canonical: Canonical
        lone: str
        merge: Merge
        unique: Unique
        default: str


NULL, BOOL, INT, FLOAT, DATE, TEXT = 1, 2, 4, 8, 16, 32
"""The kinds of scalars that ``values.scalar.resolve`` returns, as bits."""

ANY = NULL | BOOL | INT | FLOAT | DATE | TEXT


class Shape:
    """The values that one place accepts: a scalar, a list or a mapping, or several of them.

    Accepted values:

    ``scalars``
        bits of the kinds of scalars. Text in the place of a number or a boolean is
        there for ``${…}``; ``form`` says how it is read then.
    ``form``
        the little language of a text, such as ``bool``, ``size`` or ``port``; ``whole
        number`` is a number without a fraction, such as ``1e1``, ``count`` an integer
        or ``all``, ``host`` is ``host=address``, ``context`` is ``name=place``.
    ``choices``, ``low``, ``high``
        the only texts, and the bounds of a number.
    ``items``
        the shape of a list's items; without it there may be no list.
    ``first``
        the choices for the first item of a list.
    ``distinct``
        Compose rejects a list in which two items are equal.
    ``keys``, ``each``
        the shapes below a mapping's keys: by name, or one for any name that the user
        chooses. Without either there may be no mapping.
    ``what``
        the thing that a mapping describes, such as ``a service``.
    ``required``
        keys that a mapping must have.
    ``open``
        Compose ignores unknown keys, instead of rejecting them.
    ``named``
        the names that the user chooses must match ``[a-zA-Z0-9._-]+``.

    Treatment:

    ``canonical``
        the long form of a short one: a string becomes a ``list`` of one; a mapping
        into a list of ``pairs`` (``name=value``), or of ``hosts`` (an item for each
        address); a list of ``names`` into a mapping. ``short`` is a string in a little
        language of its own, such as ``8080:80``.
    ``lone``
        the key of the mapping that a lone string stands for.
    ``merge``
        how the value of a later file merges onto an earlier one. By default mappings
        are merged, lists appended, scalars replaced, and null changes nothing. The
        others are ``replace`` (null clears, too), ``whole`` (a mapping replaces a
        mapping), ``driver`` (merged if both name the same driver or one names none),
        ``subnet`` (items with the same subnet are merged).
    ``unique``
        the identity of items of a merged list, of which the last one wins: equal
        ones (``item``), those with the same text before ``=`` (``name``), the same
        ``path``, the same ``target`` in the container, and so on. By default all are
        kept.
    ``default``
        the value of an absent key.

    A mapping with a ``lone`` key accepts a text, too.
    """

    form: Form = ""
    choices: tuple[str, ...] = ()
    low: int | None = None
    high: int | None = None
    items: Shape | None = None
    first: tuple[str, ...] = ()
    distinct = False
    keys: Mapping[str, Shape] | None = None
    each: Shape | None = None
    what = ""
    required: tuple[str, ...] = ()
    open = False
    named = False
    canonical: Canonical = ""
    lone = ""
    merge: Merge = ""
    unique: Unique = ""
    default: str | None = None

    def __init__(self, scalars: int = 0, **given: Unpack[Given]) -> None:
        self.scalars = scalars | (TEXT if "lone" in given else 0)
        self.__dict__.update(given)

    # Checked for every scalar of a file: whether any fits, and whether any text does.
    @lazy_property
    def anything(self) -> bool:
        """Return whether any scalar fits."""
        return self.scalars == ANY and not self.form and not self.choices

    @lazy_property
    def plain(self) -> bool:
        """Return whether any text fits."""
        return bool(self.scalars & TEXT) and not self.form and not self.choices

    @lazy_property
    def defaults(self) -> tuple[tuple[str, str], ...]:
        """Return the keys that have a default, with it."""
        return tuple(
            (name, below.default)
            for name, below in (self.keys or {}).items()
            if below.default is not None
        )

    def below(self, key: str | int) -> Shape | None:
        """Return the shape under a key, or of a list's item under its index."""
        if isinstance(key, int):
            return self.items
        if self.keys is None:
            return self.each
        return FREE if key.startswith("x-") else self.keys.get(key)

    def but(self, **given: Unpack[Given]) -> Shape:
        """Return a copy with some attributes changed."""
        new = Shape()
        new.__dict__.update(self.__dict__, **given)
        for derived in ("anything", "plain", "defaults"):
            new.__dict__.pop(derived, None)
        return new


def list_of(
    items: Shape, *, scalars: int = 0, unique: Unique = "", distinct: bool = False
) -> Shape:
    """Return the shape of a list, and of the scalars that stand for one."""
    return Shape(
        scalars,
        items=items,
        canonical="list" if scalars & TEXT else "",
        unique=unique,
        distinct=distinct,
    )


def names(each: Shape, *, listed: bool = False) -> Shape:
    """Return the shape of a mapping by names that the user chooses, or of a list of them."""
    return Shape(
        each=each,
        named=True,
        items=STRING if listed else None,
        distinct=listed,
        canonical="names" if listed else "",
    )


FREE = Shape(ANY)
"""Any value, as below ``x-`` keys."""

FREE.items = FREE.each = FREE

STRING = Shape(TEXT)
STRING_OR_NUMBER = Shape(INT | FLOAT | TEXT)
SCALAR = Shape(ANY)
BOOLEAN = Shape(BOOL | TEXT, form="bool")
BOOLEAN_OR_STRING = Shape(BOOL | TEXT)
STRICT_BOOLEAN = Shape(BOOL)
"""No text, and so neither ``yes`` nor ``"true"``."""
NUMBER = Shape(INT | FLOAT | TEXT, form="number")
STRICT_NUMBER = Shape(INT | FLOAT)
INTEGER = Shape(INT | TEXT, form="integer")
NATURAL = Shape(INT | TEXT, form="integer", low=0)
LOOSE_INTEGER = Shape(INT | FLOAT | TEXT, form="integer")
"""The schema takes ``1.5``, too; a text must be an integer."""
LOOSE_NATURAL = Shape(INT | FLOAT | TEXT, form="integer", low=0)
SIZE = Shape(INT | TEXT, form="size")
LOOSE_SIZE = Shape(INT | FLOAT | TEXT, form="size")
SIZE_TEXT = Shape(TEXT, form="size")
DURATION = Shape(TEXT, form="duration")

STRINGS = list_of(STRING)
UNIQUE_STRINGS = list_of(STRING, unique="item")
DISTINCT_STRINGS = list_of(STRING, distinct=True)
STRING_OR_LIST = list_of(STRING, scalars=TEXT)
UNIQUE_STRING_OR_LIST = list_of(STRING, scalars=TEXT, unique="name")

COMMAND = Shape(NULL | TEXT, items=STRING, merge="replace")

PAIRS = Shape(items=STRING, each=SCALAR, canonical="pairs", unique="name")
"""``NAME=value`` in a list, or a mapping: ``environment``, ``labels`` and others."""
DISTINCT_PAIRS = Shape(items=STRING, each=SCALAR, canonical="pairs", distinct=True)
HOSTS = Shape(
    items=Shape(TEXT, form="host"),
    each=STRING_OR_LIST,
    canonical="hosts",
    unique="item",
    distinct=True,
)
OPTIONS = Shape(each=STRING_OR_NUMBER)
DATED_OPTIONS = Shape(each=Shape(INT | FLOAT | DATE | TEXT))
"""Options of drivers, which take a date for its text."""
MAYBE_OPTIONS = Shape(each=Shape(NULL | INT | FLOAT | TEXT))
MAYBE_DATED_OPTIONS = Shape(each=Shape(NULL | INT | FLOAT | DATE | TEXT))


def external(*, open: bool) -> Shape:
    """Return the shape of ``external``."""
    return Shape(
        what="an external resource",
        keys={"name": STRING},
        scalars=BOOL | TEXT,
        form="bool",
        open=open,
    )


ULIMITS = Shape(
    each=Shape(
        what="a limit",
        keys={"soft": INTEGER, "hard": INTEGER},
        scalars=INT | TEXT,
        form="integer",
        required=("soft", "hard"),
        merge="whole",
    )
)


def grants(what: str, unique: Unique) -> Shape:
    """Return the shape of the configs or secrets of a service or a build."""
    keys = {"source": STRING, "target": STRING, "uid": STRING, "gid": STRING, "mode": LOOSE_NATURAL}
    return list_of(Shape(what=what, keys=keys, lone="source"), unique=unique)
