"""The facts about a project as a whole, and about the file that has something."""

from __future__ import annotations

import posixpath

from tightship.lazy import Record
from tightship.project_facts.definition import Fact, Group
from tightship.project_facts.values import Facts, Items, Scalar, maybe, text, texts
from tightship.text import Source, Span
from tightship.values import scalar

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from tightship.isolation.container import Container
    from tightship.model.project import Project
    from tightship.project_facts.values import Texts


class Whole(Record):
    """A project with its containers."""

    project: Project
    containers: tuple[Container, ...]

    @property
    def span(self) -> Span:
        """Return the start of the first file."""
        root = self.project.root
        source = root.span.source if root is not None else Source(self.project.paths[0], "")
        return Span(source, 0, 0)


class Resource(Record):
    """A network or volume at the top level."""

    project: Project
    section: str
    name: str
    span: Span


def _name(whole: Whole) -> Scalar:
    root = whole.project.root
    leaf = root.get("name") if root is not None else None
    found = getattr(leaf, "text", None)
    if leaf is None or found is None:
        return Scalar(whole.span, None, known=whole.project.complete)
    return text(leaf.span, found)


def _keys(whole: Whole) -> Texts:
    root = whole.project.root
    names = root.entries if root is not None else {}
    return texts(whole.span, names, whole=whole.project.complete)


def _services(whole: Whole) -> Items:
    from tightship.project_facts.services import SERVICE

    made = tuple(Facts(SERVICE, one, one.span) for one in whole.containers)
    return Items(whole.span, made, whole.project.complete and not whole.project.gaps)


def _section(section: str) -> Callable[[Whole], Items]:
    def read(whole: Whole) -> Items:
        found = whole.project.section(section)
        entries = getattr(found, "entries", {})
        made = tuple(
            Facts(RESOURCE, Resource(whole.project, section, name, one.key.span), one.key.span)
            for name, one in entries.items()
        )
        return Items(whole.span, made, whole.project.complete)

    return read


def _text(key: str) -> Callable[[Resource], Scalar]:
    def read(one: Resource) -> Scalar:
        leaf = one.project.text(one.section, one.name, key)
        return Scalar(one.span) if leaf is None else text(leaf.span, leaf.text)

    return read


def _switch(key: str) -> Callable[[Resource], Scalar]:
    def read(one: Resource) -> Scalar:
        table = one.project.table(one.section, one.name)
        found = table.get(key) if table is not None else None
        if found is None:
            return Scalar(one.span, value=False)
        written = getattr(found, "text", None)
        if written is None:  # `external: {name: …}`, the old spelling
            return Scalar(found.span, value=True)
        known = scalar.as_bool(written) if getattr(found, "decided", True) else None
        return maybe(found.span, known)

    return read


RESOURCE = Group(
    "resource",
    "a network, volume, config or secret at the top level",
    {
        "name": Fact("text", "its key", lambda one: Scalar(one.span, one.name)),
        "external": Fact("flag", "whether it is made elsewhere", _switch("external")),
        "real-name": Fact("text", "its `name` at the engine, if that is set", _text("name")),
        "driver": Fact("text", "its driver", _text("driver")),
        "internal": Fact("flag", "whether a network has no way out", _switch("internal")),
        "file": Fact("text", "the `file` of a config or a secret", _text("file")),
    },
)
FILE = Group(
    "file",
    "the file that has something",
    {
        "path": Fact(
            "text",
            "its path, from the folder that is checked",
            lambda span: Scalar(span, span.source.name),
        ),
        "name": Fact(
            "text",
            "its name without folders",
            lambda span: Scalar(span, posixpath.basename(span.source.name)),
        ),
    },
)
PROJECT = Group(
    "project",
    "the project: all files that Compose merges",
    {
        "name": Fact("text", "`name` at the top level", _name),
        "file": Fact("group", "its first file", lambda w: Facts(FILE, w.span, w.span), "file"),
        "keys": Fact("set", "the keys at the top level", _keys),
        "services": Fact("list", "its services", _services, "service"),
        "networks": Fact("list", "its networks", _section("networks"), "resource"),
        "volumes": Fact("list", "its volumes", _section("volumes"), "resource"),
        "configs": Fact("list", "its configs", _section("configs"), "resource"),
        "secrets": Fact("list", "its secrets", _section("secrets"), "resource"),
    },
)
