"""The container of a unit of Podman, whose keys are flags of `podman run`."""

from __future__ import annotations

from tightship.frontends.flags.entries import Entries
from tightship.frontends.flags.flags import Arguments, Given, arguments
from tightship.frontends.flags.options import flag, option_words, whole_word, with_unknown
from tightship.frontends.flags.settings import FlagSettings, network_names
from tightship.frontends.flags.values import text_node
from tightship.lazy import Record, cache, regex
from tightship.lazy.modules import facts
from tightship.syntax.shell.text import Text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from tightship.frontends.quadlet.editor import UnitEditor
    from tightship.model.file_project import FileProject
    from tightship.syntax.shell.nodes import Word
    from tightship.text import Source

ENDING = ".container"
_LINE = regex(
    r"(?m)^[ \t]*(?:\[([^\]\n]*)\][ \t]*\r?$|([\w-]+)[ \t]*=[ \t]*((?:\\\r?\n|[^\r\n])*))"
)
_CONTINUED = regex(r"\\\r?\n(?:[ \t]*[#;][^\n]*\n)*")
_SPECIFIER = regex(r"%[A-Za-z%]")
_TRUE = frozenset(("1", "yes", "true", "on"))


class UnitLine(Record):
    """A key of a unit with its value, a text without line ends."""

    key: Word
    value: Text


class UnitSettings(FlagSettings):
    """The settings of the container of a unit."""

    __slots__ = ()

    @property
    def engine(self) -> str:
        """Return the engine that runs the unit."""
        return "Podman"

    @property
    def secrets_kept(self) -> str:
        """Return how a unit gets a secret that is not in the file."""
        return (
            "keep it with `podman secret create`, and pass it with"
            " `Secret=NAME,type=env,target=VARIABLE`"
        )

    @property
    def editor(self) -> UnitEditor:
        """Return what edits the unit."""
        from tightship.frontends.quadlet.editor import UnitEditor

        return UnitEditor(self.arguments, self.span)

    def spelled(self, key: str, flag: str, values: Sequence[str]) -> str:
        """Return the key of a unit for a flag, or what gives Podman the flag."""
        from tightship.frontends.quadlet.wording import key_of, line_of

        if values:
            return " ".join(line_of(flag, "" if one == "true" else one) for one in values)
        name, _, value = flag.partition(" ")
        own = key_of(name)
        return f"{own}={value}".rstrip("=") if own is not None else f"--{flag}"


def declare(project: FileProject) -> None:
    """Add the container of a unit to the project of the file."""
    source = project.source
    if not source.name.endswith(ENDING):
        return
    lines = [*_lines(source)]
    image = next((one for one in lines if one.key.value == "Image"), None)
    if image is None:
        return
    given = [one for line in lines for one in _flags(line)]
    extra = [
        arguments(option_words(one.value), "podman") for one in lines if _is(one, "PodmanArgs")
    ]
    given += [one for found in extra for one in found.flags]
    unknown = next((one.unknown for one in extra if one.unknown is not None), None)
    command = [word for one in lines if _is(one, "Exec") for word in option_words(one.value)]
    made = Arguments(given, None, command, unknown)
    entries = Entries()
    entries.set("image", text_node(whole_word(image.value)))
    name = source.name.rpartition("/")[2].removesuffix(ENDING)
    key = image.key.span
    project.add(
        name, lambda free: UnitSettings(free, key, made, entries, project), network_names(given)
    )


def _is(line: UnitLine, name: str) -> bool:
    return line.key.value == name


def _flags(line: UnitLine) -> Iterator[Given]:
    """Yield the flags that a key stands for."""
    known, name = keys(), line.key.value or ""
    if name in known["values"]:
        given = flag(known["values"][name], line.key, whole_word(line.value), "podman")
        # `-/dev/dri` is a device if the host has it.
        is_optional = name == "AddDevice" and line.value.value.startswith("-")
        yield given.replaced(skip=int(is_optional))
    elif name in known["lists"]:
        for word in option_words(line.value):
            yield flag(known["lists"][name], line.key, word, "podman")
    elif name in known["switches"] and _is_true(line):
        yield flag(known["switches"][name], line.key, None, "podman")
    elif name in known["security"]:
        head = (known["security"][name], *_place(line))
        value = line.value.pieces(0, len(line.value.value))
        yield flag(
            "security-opt", line.key, whole_word(Text(line.value.source, [head, *value])), "podman"
        )
    elif name in known["options"] and _is_true(line):
        text = Text(line.value.source, [(known["options"][name], *_place(line))])
        yield flag("security-opt", line.key, whole_word(text), "podman")


@cache
def keys() -> Mapping[str, Any]:
    """Return the facts about the keys of units."""
    return facts("quadlet")


def _place(line: UnitLine) -> tuple[int, int]:
    span = line.key.span
    return span.start, span.end


def _is_true(line: UnitLine) -> bool:
    return line.value.value.strip().lower() in _TRUE


def _lines(source: Source) -> Iterator[UnitLine]:
    """Yield the keys of the section for the container."""
    section = ""
    for found in _LINE.finditer(source.text):
        if found[1] is not None:
            section = found[1]
        elif section == "Container":
            key = Text(source, [(found[2], *found.span(2))])
            start, end = found.span(3)
            pieces = list["tuple[str, int, int]"]()
            for joint in _CONTINUED.finditer(source.text, start, end):
                pieces += (
                    (source.text[start : joint.start()], start, joint.start()),
                    (" ", *joint.span()),
                )
                start = joint.end()
            value = source.text[start:end].rstrip()
            pieces.append((value, start, start + len(value)))
            yield UnitLine(whole_word(key), with_unknown(Text(source, pieces), _SPECIFIER))
