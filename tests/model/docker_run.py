"""A front end for lines of ``docker run`` in a text, as small as a front end can be.

`linter/docs/adding-a-front-end.md` explains it. It knows a few flags, and its editor can set
and remove a flag and rewrite a value.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tightship.engine.disk.regular import Refusal
from tightship.isolation.containers import containers
from tightship.model.container_settings import ContainerSettings
from tightship.model.editor import Editor
from tightship.model.project import Project
from tightship.model.reading import NONE, Reading
from tightship.model.value import MappingValue, ScalarValue
from tightship.syntax.yaml import nodes as yaml
from tightship.text import Edit, Source, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.isolation.container import Container
    from tightship.model.value import Value
    from tightship.syntax.yaml.layout import Plain

SWITCHES = {"--privileged": "privileged", "--read-only": "read_only"}
TEXTS = {"--user": "user", "--network": "network_mode", "--memory": "mem_limit"}
LISTS = {
    "--publish": "ports",
    "--volume": "volumes",
    "--cap-add": "cap_add",
    "--cap-drop": "cap_drop",
    "--security-opt": "security_opt",
}
COMMAND = re.compile(r"^docker run (.*)$", re.MULTILINE)
WORD = re.compile(r"\S+")


class NoFiles:
    """A disk without files."""

    def read(self, path: str) -> Refusal:
        return Refusal(path, "missing", "does not exist")


class DockerRun(Project):
    """The containers of the lines of a text; the line is the name of a container."""

    def __init__(self, source: Source) -> None:
        self._source = source
        start = Span(source, 0, 0)
        root = MappingValue(yaml.Mapping(start, [], flow=False), (), Reading(NONE))
        self._made: dict[str, ContainerSettings] = {}
        super().__init__(root, self._made, NoFiles(), names=(source.name,))
        for found in COMMAND.finditer(source.text):
            made = Line(self, source, found)
            self._made[made.name] = made

    @property
    def sources(self) -> tuple[Source, ...]:
        return (self._source,)

    def title_of(self, name: str) -> str:
        return f"`docker run` in {self._source.name}:{name}"


class Line(ContainerSettings):
    """One line: each flag becomes the key that the Compose Specification has for it."""

    def __init__(self, project: Project, source: Source, found: re.Match[str]) -> None:
        self.flags: dict[str, Span] = {}
        self.image = Span(source, found.end(), found.end())
        entries = [*self._entries_in(source, found)]
        span = Span(source, *found.span(1))
        table = MappingValue(yaml.Mapping(span, entries, flow=True), (), Reading(NONE))
        name = str(source.point(found.start())[0] + 1)
        command = Span(source, found.start(), found.start() + len("docker run"))
        super().__init__(name, yaml.Scalar(command, name), table, project)

    @property
    def editor(self) -> LineEditor:
        return LineEditor(self)

    def _entries_in(
        self, source: Source, found: re.Match[str]
    ) -> Iterator[tuple[yaml.Node, yaml.Node]]:
        lists: dict[str, yaml.Sequence] = {}
        words = WORD.finditer(source.text, *found.span(1))
        for word in words:
            flag, span = word.group(), Span(source, *word.span())
            if not flag.startswith("-"):
                self.image = span
                yield yaml.Scalar(span, "image"), yaml.Scalar(span, flag, '"')
                break
            if flag in SWITCHES:
                self.flags[SWITCHES[flag]] = span
                yield yaml.Scalar(span, SWITCHES[flag]), yaml.Scalar(span, "true")
                continue
            argument = next(words)
            value = yaml.Scalar(Span(source, *argument.span()), argument.group(), '"')
            if flag in TEXTS:
                self.flags[TEXTS[flag]] = Span(source, word.start(), argument.end())
                yield yaml.Scalar(span, TEXTS[flag]), value
            else:
                key = LISTS[flag]
                lists.setdefault(key, yaml.Sequence(span, [], flow=True)).items.append(value)
        yield from ((yaml.Scalar(node.span, key), node) for key, node in lists.items())


class LineEditor(Editor):
    """Edits of one line: flags are added before the image."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def put(self, key: str, value: Plain) -> tuple[Edit, ...]:
        flag = next((flag for flag, name in SWITCHES.items() if name == key), None)
        if flag is None or value != "true" or key in self._line.flags:
            return ()
        place = self._line.image
        return (Edit(Span(place.source, place.start, place.start), f"{flag} "),)

    def remove(self, key: str) -> tuple[Edit, ...]:
        span = self._line.flags.get(key)
        return () if span is None else (Edit(Span(span.source, span.start, span.end + 1), ""),)

    def add(self, key: str, *items: str) -> tuple[Edit, ...]:
        flag = next((flag for flag, name in LISTS.items() if name == key), None)
        if flag is None:
            return ()
        place = self._line.image
        text = "".join(f"{flag} {item} " for item in items)
        return (Edit(Span(place.source, place.start, place.start), text),)

    def replace_item(self, key: str, item: Value | None, text: str) -> tuple[Edit, ...]:
        return (Edit(item.span, text),) if isinstance(item, ScalarValue) else ()


def containers_in(text: str) -> list[Container]:
    """Return the containers of the lines of ``docker run`` in a text."""
    return [*containers(DockerRun(Source("README.md", text)))]
