"""Units of Podman: the keys of a file and of its drop-ins, as Podman reads them.

`w-x.container` is merged with `container.d/*.conf`, `w-.container.d/*.conf` and
`w-x.container.d/*.conf` next to it, in the order of their names; of two with one name, that of
the later folder counts (podman-systemd.unit(5)). ``facts/quadlet.toml`` has what the keys mean.
systemd replaces `%x`, and `${NAME}` by the `Environment=` of the service, when the unit starts.
"""

from __future__ import annotations

import posixpath
from functools import cache

from tightship.findings import Gap
from tightship.frontends.flags.options import flag, option_words, whole_word, with_unknown
from tightship.frontends.names import kind_of_unit
from tightship.lazy import TYPE_CHECKING, Record, regex
from tightship.lazy.modules import facts
from tightship.syntax.shell.text import UNKNOWN, Text
from tightship.text import Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tightship.frontends.flags.flags import Given
    from tightship.model.file_project import FileProject
    from tightship.syntax.shell.nodes import Word

_JOINT = r"\\\r?\n(?:[ \t]*[#;][^\n]*\n)*"
_LINE = regex(
    r"(?m)^[ \t]*(?:\[([^\]\n]*)\][ \t]*\r?$"
    rf"|([\w-]+)[ \t]*=[ \t]*((?:{_JOINT}|[^\r\n])*))"
)
_CONTINUED = regex(_JOINT)
_REPLACED = regex(r"%[A-Za-z%]|\$\$|\$\{\w+\}|(?<!\S)\$\w+(?!\S)")
_TRUE = frozenset(("1", "yes", "true", "on"))
_MANY = ("items", "words")


class UnitLine(Record):
    """A key of a unit with its value, a text without line ends."""

    key: Word
    value: Text

    @property
    def name(self) -> str:
        """Return the name of the key."""
        return self.key.value or ""

    @property
    def words(self) -> Iterable[Word]:
        """Return its words, as systemd splits them."""
        return option_words(self.value)


class Unit(Record):
    """The lines that count in the section of a unit, whose ``kind`` is the ending of its name.

    ``name`` is that of its file, without the ending, and ``unknown`` the first key that is not
    understood.
    """

    name: str
    kind: str
    lines: Sequence[UnitLine]
    unknown: Word | None

    def word(self, name: str) -> Word | None:
        """Return the value of a key, if it has one."""
        return next((_unquoted(one.value) for one in self.lines if one.name == name), None)

    def words(self, name: str) -> list[Word]:
        """Return the words of all lines of a key."""
        return [word for one in self.lines if one.name == name for word in one.words]

    def values(self) -> Iterator[tuple[UnitLine, str, Word | None]]:
        """Yield each value with its line, and what the key stands for; a true switch has none."""
        for line in self.lines:
            kind, _, meaning = keys(self.kind)[line.name].partition(" ")
            if kind == "switch":
                if meaning and line.value.value.strip('"').lower() in _TRUE:
                    yield line, meaning, None
                continue
            one = whole_word(line.value) if kind == "items" else _unquoted(line.value)
            for word in line.words if kind == "words" else (one,):
                if meaning and word.value != "":
                    yield line, meaning, word

    def flags(self, of: str = "docker_run") -> Iterator[Given]:
        """Yield the flags that the keys stand for."""
        for line, meaning, word in self.values():
            name, _, before = meaning.partition(" ")
            value = _headed(line, before, word) if before else word
            # `-/dev/dri` is a device if the host has it.
            is_optional = name == "device" and word is not None and word.head.startswith("-")
            yield flag(name, line.key, value, "podman", of).replaced(skip=int(is_optional))


@cache
def keys(kind: str) -> Mapping[str, str]:
    """Return what each key means in the section of a kind of unit."""
    found = dict[str, str]()
    for way, text in facts("quadlet").get(kind.capitalize(), {}).items():
        for word in text.split():
            key, _, meaning = word.partition("=")
            found[key] = f"{way} {meaning.replace(':', ' ', 1)}".strip()
    return found


def read_unit(project: FileProject, path: str, source: Source | None) -> Unit:
    """Return a unit with its drop-ins; what is not understood is a gap of the project.

    ``source`` is its file, or a drop-in where the unit itself is elsewhere.
    """
    sources = dict.fromkeys([source] if source is not None else ())
    sources |= dict.fromkeys(_drop_ins(project, path))
    project.also += [one for one in sources if one not in project.sources]
    every = [one for source in sources for one in _lines(source)]
    kind = kind_of_unit(path)
    known, environment = keys(kind), _environment(line for part, line in every if part == "Service")
    kept = dict[str, list[UnitLine]]()
    unknown: Word | None = None
    for section, line in every:
        if section != kind.capitalize():
            continue
        meaning = known.get(line.name)
        if meaning is None:
            unknown = unknown or line.key
            reason = f"`{line.name}` was not understood: it may set anything"
            project.gaps.append(Gap(line.key.span, reason))
            continue
        same = kept.setdefault(line.name, [])
        if not line.value.value or not meaning.startswith(_MANY):
            same.clear()
        if line.value.value:
            same.append(line.replaced(value=_replaced(line.value, environment)))
    name = posixpath.basename(path).removesuffix(f".{kind}")
    return Unit(name, kind, [one for lines in kept.values() for one in lines], unknown)


def _drop_ins(project: FileProject, path: str) -> Iterator[Source]:
    """Yield the drop-ins of a unit, in order."""
    folder, last = posixpath.split(path)
    stem, dot, kind = last.rpartition(".")
    parts = stem.split("-") if stem else []
    names = ["-".join((*parts[:at], "")) for at in range(1, len(parts))]
    found = dict[str, str]()
    for one in (kind, *(f"{name}.{kind}" for name in names), *([last] if dot else ())):
        below = posixpath.join(folder, f"{one}.d")
        for name in project.names_in(below):
            if name.endswith(".conf"):
                found[name] = f"{below}/{name}"
    for _, file in sorted(found.items()):
        source = project.disk.read(file)
        if isinstance(source, Source):
            yield source


def _environment(lines: Iterable[UnitLine]) -> dict[str, str] | None:
    """Return the variables that a service sets; None if something else may set them."""
    known = dict[str, str]()
    for line in lines:
        if line.name in ("EnvironmentFile", "PassEnvironment"):
            return None
        if line.name == "Environment":
            pairs = (one.value.partition("=") for one in line.words if one.value is not None)
            known = known | {name: value for name, _, value in pairs} if line.value.value else {}
    return known


def _replaced(text: Text, environment: Mapping[str, str] | None) -> Text:
    """Return a value as systemd makes it, in which what only the host knows is unknown."""
    known = environment or {}
    return with_unknown(text, _REPLACED, lambda name: known.get(name.strip("${}"), UNKNOWN))


def _unquoted(text: Text) -> Word:
    """Return a value without quotation marks around it, as Podman takes them away."""
    value = text.value
    start = len(value) - len(value.lstrip('"'))
    return whole_word(text.replaced(0, 0, [(None, start, max(start, len(value.rstrip('"'))))]))


def _headed(line: UnitLine, before: str, word: Word | None) -> Word:
    """Return a value with what it begins with."""
    key = line.key.span
    pieces = [(before, key.start, key.end)]
    if word is not None:
        span = word.span
        pieces.append((word.value if word.value is not None else UNKNOWN, span.start, span.end))
    return whole_word(Text(key.source, pieces))


def _lines(source: Source) -> Iterator[tuple[str, UnitLine]]:
    """Yield the keys of a file, each with its section."""
    section = ""
    for found in _LINE.finditer(source.text):
        if found[1] is not None:
            section = found[1]
            continue
        key = Text(source, [(found[2], *found.span(2))])
        start, end = found.span(3)
        pieces = list["tuple[str, int, int]"]()
        for joint in _CONTINUED.finditer(source.text, start, end):
            pieces.append((source.text[start : joint.start()], start, joint.start()))
            start = joint.end()
        value = source.text[start:end].rstrip()
        yield (
            section,
            UnitLine(whole_word(key), Text(source, [*pieces, (value, start, start + len(value))])),
        )
