"""The images of a bake file, with what its override files change."""

from __future__ import annotations

import posixpath
from functools import partial

from tightship.findings import Gap
from tightship.frontends.bake.targets import MOST_TARGETS, targets_of
from tightship.frontends.names import DEFAULT_BAKE, is_bake
from tightship.lazy import TYPE_CHECKING, regex
from tightship.model.build import is_remote_context
from tightship.model.container_settings import ContainerSettings
from tightship.model.editor import Editor
from tightship.model.reading import NONE, Reading
from tightship.model.value import MappingValue
from tightship.syntax.hcl.read import read
from tightship.syntax.yaml.nodes import Mapping, Scalar, Sequence
from tightship.text import Edit, Source, Span
from tightship.values.compose_name import MAIN_NAMES
from tightship.values.hcl.scope import Scope
from tightship.values.hcl.value import ItemsValue, TableValue, Value

if TYPE_CHECKING:
    from collections.abc import Sequence as Listed

    from tightship.frontends.bake.targets import Target
    from tightship.model.editor import Edits
    from tightship.model.file_project import FileProject
    from tightship.model.setting import Setting
    from tightship.syntax.hcl.nodes import File
    from tightship.syntax.yaml.nodes import Node

_HERE = "cwd://"
_TABLES = frozenset(("args", "contexts"))
_KINDS = frozenset(("function", "group", "target", "variable"))
_KEYS = {
    "args": "args", "cache-from": "cache_from", "cache-to": "cache_to", "context": "context",
    "contexts": "additional_contexts", "dockerfile": "dockerfile",
    "dockerfile-inline": "dockerfile_inline", "entitlements": "entitlements", "labels": "labels",
    "network": "network", "no-cache": "no_cache", "platforms": "platforms", "pull": "pull",
    "secret": "secrets", "shm-size": "shm_size", "ssh": "ssh", "tags": "tags", "target": "target",
}  # fmt: skip


class TargetSettings(ContainerSettings):
    """The settings of a target."""

    __slots__ = ("_target",)

    def __init__(self, name: str, target: Target, project: FileProject) -> None:
        self._target = target
        entries: list[tuple[Node, Node]] = []
        is_whole = target.is_whole
        for key, value in target.values.items():
            if key in _TABLES and not isinstance(value, TableValue):
                is_whole = False  # it may replace any of them
            elif key in _KEYS:
                node = _node(value, is_text=key == "dockerfile-inline")
                written = target.written.get(key)
                place = written[-1].key if written else value.span
                entries.append((Scalar(place, _KEYS[key]), node))
        folder = _folder(target, project)
        build = Mapping(target.key, entries, flow=True)
        whole: list[tuple[Node, Node]] = [(Scalar(target.key, "build"), build)]
        table = Mapping(target.key, whole, flow=True)
        super().__init__(
            name,
            Scalar(target.key, name),
            MappingValue(table, (), Reading(NONE, directory=folder or "")),
            project,
            complete=is_whole and folder is not None,
        )

    @property
    def title(self) -> str:
        """Return what it is, with its name, for messages."""
        return f"target `{self.name}`"

    @property
    def extent(self) -> Span:
        """Return the place of its block."""
        return self._target.extent

    @property
    def editor(self) -> TargetEditor:
        """Return what edits the target."""
        return TargetEditor(self._target)


def declare(project: FileProject) -> None:
    """Add the targets of a bake file to the project of the file."""
    if not is_bake(project.source.name):
        return
    sources = [*_sources(project)]
    files = [*map(_read, sources)]
    for file in files:
        for problem in file.problems:
            project.gaps.append(Gap(problem.span, f"this part was not checked: {problem.message}"))
    bodies = [file.body for file in files]
    services, are_all = _services(project)
    found = [*targets_of(bodies, Scope(bodies), services)]
    if not are_all:
        found = [one.replaced(is_whole=False) for one in found]
    for target in found:
        project.add_image(target.name, partial(TargetSettings, target=target, project=project))
    written = sum(block.kind == "target" for body in bodies for block in body.blocks)
    if found and max(written, len(found)) >= MOST_TARGETS:
        message = f"only the first {MOST_TARGETS} targets were checked"
        project.gaps.append(Gap(found[-1].key, message))
    if project.images:
        project.also += [one for one in sources if one is not project.source]


def _sources(project: FileProject) -> list[Source]:
    """Return the files that are merged: those of the usual names next to each other."""
    folder, name = posixpath.split(project.source.name)
    if name not in DEFAULT_BAKE:
        return [project.source]
    found = list[Source]()
    for one in DEFAULT_BAKE:
        path = posixpath.join(folder, one)
        source = project.source if one == name else project.disk.read(path)
        if isinstance(source, Source):
            found.append(source)
    return found


def _services(project: FileProject) -> tuple[Listed[Target], bool]:
    """Return the targets of Compose files next to a bake file, and whether these are all."""
    folder, name = posixpath.split(project.source.name)
    paths, are_all = list[str](), True
    for one in MAIN_NAMES if name in DEFAULT_BAKE else ():
        path = posixpath.join(folder, one)
        found = project.disk.read(path)
        if isinstance(found, Source):
            paths.append(path)
        elif found.reason != "missing":
            are_all = False
            start = Span(project.source, 0, 0)
            message = "bake merges a file that was not read, so no target was checked as a whole"
            project.gaps.append(Gap(start, f"{message}: {found.message}"))
    if not paths:
        return (), are_all
    from tightship.frontends.bake.services import targets_of_services  # few files have any

    made, is_whole = targets_of_services(project, paths)
    return made, are_all and is_whole


def _read(source: Source) -> File:
    if source.name.endswith(".json"):
        from tightship.syntax.hcl.read import read_json  # most files are in HCL

        return read_json(source, _KINDS)
    return read(source)


def _node(value: Value, *, is_text: bool = False) -> Node:
    """Return a value as a node."""
    if isinstance(value, ItemsValue):
        # Bake leaves empty items out.
        items = [_node(_as_text(one)) for one in value.items if not one.is_empty]
        return Sequence(value.span, items, flow=True)
    if isinstance(value, TableValue):
        entries: list[tuple[Node, Node]] = []
        for key, (place, one) in value.entries.items():
            if type(one) is Value and not one.is_null:
                entries.append((Scalar(place, key), _node(one)))
        return Mapping(value.span, entries, flow=True)
    text = value.text.replace(_HERE, "", 1) if value.text.startswith(_HERE) else value.text
    is_plain = value.is_known and not isinstance(value.plain, str)
    is_block = is_text and value.span.text.startswith("<<")
    return Scalar(value.span, text, "|" if is_block else "" if is_plain else '"')


def _as_text(value: Value) -> Value:
    """Return an item that is an object, such as a cache, as the text that means the same."""
    if not isinstance(value, TableValue):
        return value
    parts = [f"{key}={one.text}" for key, (_, one) in value.entries.items()]
    return Value(value.span, ",".join(parts))


def _folder(target: Target, project: FileProject) -> str | None:
    """Return the folder in which bake runs; none if that is unknown.

    It is that of a file that bake finds by itself. It may be the root for all others, if the
    Dockerfile is there, and not in their folder.
    """
    own, name = posixpath.split(project.source.name)
    values = [target.values.get(key) for key in ("context", "dockerfile")]
    context, file = (one.shown.removeprefix(_HERE) if one is not None else "" for one in values)
    is_apart = "dockerfile-inline" in target.values or is_remote_context(context)
    if is_apart or not all(one is None or one.is_known for one in values):
        return own
    there = list[str]()
    for folder in dict.fromkeys((own, "")):
        path = posixpath.normpath(posixpath.join(folder, context, file or "Dockerfile"))
        if path.startswith(("/", "..")):
            continue
        found = project.disk.read(path)
        if isinstance(found, Source) or found.reason != "missing":
            there.append(folder)
    if name in DEFAULT_BAKE and (own in there or not own):
        return own
    return there[0] if len(there) == 1 else None


_COMMA = regex(r"[ \t]*,")
_LINE_END = regex(r"[ \t]*(?:\r?\n|\Z)")
_COMMA_BEFORE = regex(r",\s*\Z")


class TargetEditor(Editor):
    """Edits of what one target has, or inherits."""

    __slots__ = ("_target",)

    def __init__(self, target: Target) -> None:
        self._target = target

    def remove_nested(self, path: Listed[str], key: str) -> Edits:
        """Return the edit that removes an attribute, if nothing below it has another value."""
        written = self._target.written.get(key.replace("_", "-"), ())
        return (_without(written[0].span),) if len(written) == 1 else ()

    def remove_nested_item(self, path: Listed[str], item: Setting[str]) -> Edits:
        """Return the edit that removes an item of a list, and the attribute with its only one."""
        known = self._target.values.get(path[-1].replace("_", "-"))
        if isinstance(known, ItemsValue) and len(known.items) == 1:
            return self.remove_nested(path[:-1], path[-1])
        span = item.span
        quoted = Span(span.source, span.start - 1, span.end + 1)
        if span.text == item.value and quoted.text == f'"{span.text}"':
            return (_without(quoted),)
        return (_without(span),) if span.text == f'"{item.value}"' else ()


def _without(span: Span) -> Edit:
    """Return the edit that removes a part with its comma, and its line if nothing else is there."""
    text, start, end = span.source.text, span.start, span.end
    comma = _COMMA.match(text, end)
    if comma is not None:
        end = comma.end()
    begin = text.rfind("\n", 0, start) + 1
    rest = _LINE_END.match(text, end)
    if comma is None and (before := _COMMA_BEFORE.search(text[max(0, start - 1_000) : start])):
        start -= len(before[0])
    elif rest is not None and not text[begin:start].strip():
        start, end = begin, rest.end()
    elif comma is not None:
        end += len(text[end:]) - len(text[end:].lstrip(" \t"))
    return Edit(Span(span.source, start, end), "")
