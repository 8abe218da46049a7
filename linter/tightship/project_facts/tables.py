"""The entries of tables: labels, options, variables, and what is at the top level."""

from __future__ import annotations

from functools import lru_cache

from tightship.lazy import TYPE_CHECKING
from tightship.model.reading import NONE, resolve
from tightship.model.value import MappingValue, ScalarValue, SequenceValue
from tightship.project_facts.values import (
    Fact,
    Group,
    Items,
    Scalar,
    begins,
    maybe,
    scalar,
    table,
    text,
    unknown,
)
from tightship.text import Source, Span
from tightship.values import dotenv
from tightship.values.hole import has_hole
from tightship.values.scalar import as_bool
from tightship.values.secret import is_secret_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from tightship.isolation.container import Container
    from tightship.model.project import Project
    from tightship.model.reading import Variables
    from tightship.model.setting import EnvFile, Pair
    from tightship.model.value import Value
    from tightship.values.dotenv import Entry


_MOST_LABELS = 1_000  # of one file, which many services may name
_LONGEST = 100_000  # characters of such a file, which take a tenth of a second

_NAME = Fact("text", "the name", lambda entry: Scalar(entry[1].span, entry[0]))
_VALUE = Fact("text", "the value", lambda entry: entry[1])

ENTRY = Group("entry", "an entry of a table", {"name": _NAME, "value": _VALUE})
VARIABLE = Group(
    "variable",
    "an environment variable",
    {
        "name": _NAME,
        "value": _VALUE,
        "secret": Fact(
            "flag",
            "whether its name is that of a secret: `DB_PASSWORD`, and not `DB_PASSWORD_FILE`",
            lambda entry: Scalar(entry[1].span, is_secret_name(entry[0])),
        ),
    },
)


class Entries:
    """The values of a table by name, as one entry after another is put into it."""

    def __init__(self) -> None:
        self.values: dict[str, Scalar] = {}
        self.whole = True

    def put(self, pairs: Iterable[Pair], *, null: str | None = "") -> None:
        """Put entries; ``null`` is the value of one without: none for one from outside."""
        for pair in pairs:
            if has_hole(pair.name):
                self.blur(pair.span)
            else:
                self.values[pair.name] = _of_pair(pair, null)

    def blur(self, span: Span) -> None:
        """Let something that only a run decides replace any of the entries so far."""
        self.whole = False
        self.values = dict.fromkeys(self.values, unknown(span))

    def made(self, group: Group, span: Span, *, whole: bool) -> Items:
        """Return the table."""
        return table(group, span, self.values, whole=whole and self.whole)


def pairs(span: Span, found: Iterable[Pair], *, whole: bool, null: str | None = "") -> Items:
    """Return entries such as ``{A: b}`` or ``[A=b]`` as a table."""
    entries = Entries()
    entries.put(found, null=null)
    return entries.made(ENTRY, span, whole=whole)


def _of_pair(pair: Pair, null: str | None) -> Scalar:
    value, source = pair.value, pair.value.source
    if value.surely_absent:
        return Scalar(value.span, null, known=null is not None)
    if value.decided or not isinstance(source, ScalarValue):
        return scalar(value)
    if source.text == pair.name:  # an item of a list without `=`
        return Scalar(value.span, null, known=null is not None)
    return Scalar(value.span, None, known=False, beginning=begins(written(pair)))


def written(pair: Pair) -> str:
    """Return the value of an entry as it is written, with holes."""
    source = pair.value.source
    if not isinstance(source, ScalarValue):
        return ""
    # An item `NAME=value` of a list; where lists are merged, the item is only the place.
    is_item = pair.span == source.span and source.text.startswith(f"{pair.name}=")
    return source.text[len(pair.name) + 1 :] if is_item else source.text


def settings_table(key: str, *below: str) -> Callable[[Container], Items]:
    """Return what reads a table of a service."""

    def read(container: Container) -> Items:
        found = container.value(key, *below)
        span = container.span if found is None else found.span
        return pairs(span, container.pairs(key, *below), whole=not container.may_have(key))

    return read


def labels(container: Container) -> Items:
    """Return the labels of a service: those of each `label_file`, and its own."""
    entries = Entries()
    if container.may_have("label_file"):
        entries.blur(container.span)
    files = container.value("label_file")
    for one in files.items if isinstance(files, SequenceValue) else [files]:
        if one is not None:
            _put_labels(entries, container.project, one)
    own = container.value("labels")
    entries.put(container.pairs("labels"))
    is_whole = not container.may_have("labels")
    return entries.made(ENTRY, container.span if own is None else own.span, whole=is_whole)


def _put_labels(entries: Entries, project: Project, path: Value) -> None:
    """Put the labels of a file, in which variables are those of the files so far."""
    found = None
    if isinstance(path, ScalarValue) and path.decided:
        found = project.disk.read(resolve(path.reading.directory, path.text))
    read = _label_file(found) if isinstance(found, Source) else None
    if not isinstance(found, Source) or read is None:
        entries.blur(path.span)
        return
    for one in read:
        span = Span(found, one.start, one.end)
        if one.value is not None:
            entries.values[one.key] = text(span, one.value)
        elif one.key in entries.values:  # that of this file, or of one above
            entries.values[one.key] = unknown(span)


@lru_cache(maxsize=8)
def _label_file(source: Source) -> Sequence[Entry] | None:
    """Return the labels of a file; none where Compose rejects it, or where it is too long."""
    if len(source.text) > _LONGEST:
        return None
    found = dotenv.parse(source.text)
    return None if found.problems or len(found.entries) > _MOST_LABELS else found.entries


def environment(container: Container) -> Items:
    """Return the variables: those of the image, of each `env_file`, and the service's own."""
    entries = Entries()
    entries.put(container.image_environment, null=None)
    entries.whole = container.stage is not None or container.value("build") is None
    if container.may_have("env_file"):
        entries.blur(container.span)
    asked = container.value("env_file")
    for file in container.env_files:
        _put_file(entries, file, asked.reading.variables if asked is not None else NONE)
    entries.put(container.pairs("environment"), null=None)
    is_whole = not container.may_have("environment")
    return entries.made(VARIABLE, container.span, whole=is_whole)


def _put_file(entries: Entries, file: EnvFile, variables: Variables) -> None:
    """Put the variables of a file, in which those of Compose win over its own."""
    if file.source is None:
        entries.blur(file.asked)
    elif "$" in file.source.text and not file.is_raw:
        settles = variables.are_settled
        found = dotenv.parse(file.source.text, variables.get, settles=settles)
        file = file.replaced(entries=tuple(found.entries))
    entries.put(file.pairs(), null=None)


def extensions(owner: MappingValue, span: Span, *, whole: bool) -> Items:
    """Return the keys that begin with ``x-``; a mapping or a list is there, and empty."""
    entries = {
        name: text(one.value.span, one.value.text)
        if isinstance(one.value, ScalarValue)
        else Scalar(one.value.span, "")
        for name, one in owner.entries.items()
        if name.startswith("x-")
    }
    return table(ENTRY, span, entries, whole=whole)


_IMPLIED = ("default", "")  # the network of each project, and those of the engine


def is_external(project: Project, section: str, name: str, span: Span) -> Scalar:
    """Return whether a part is made elsewhere; ``external: {name: …}`` is the old spelling."""
    return top_level_switch(project, section, name, "external", span)


def top_level_switch(project: Project, section: str, name: str, key: str, span: Span) -> Scalar:
    """Return a switch of a part, which is off where it is absent; ``span`` is then its place.

    Of a part that no file declares, nothing is known: Compose refuses to start, unless a file
    of the platform declares it.
    """
    table = project.table(section, name)
    found = table.get(key) if table is not None else None
    if isinstance(found, MappingValue):
        return Scalar(found.span, value=True)
    if not isinstance(found, ScalarValue) or found.is_null:
        is_declared = name in _IMPLIED or (project.root and project.root.get(section, name))
        known = table is not None or bool(project.complete and is_declared)
        return Scalar(span, False if known else None, known=known)
    return maybe(found.span, as_bool(found.text) if found.decided else None)
