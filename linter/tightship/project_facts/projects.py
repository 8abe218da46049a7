"""The facts about a project as a whole, and about the file that has something."""

from __future__ import annotations

import posixpath

from tightship.isolation.container import Container
from tightship.lazy import TYPE_CHECKING, Record, lazy_property
from tightship.model.container_settings import ContainerSettings
from tightship.model.value import MappingValue, ScalarValue
from tightship.project_facts.tables import ENTRY, extensions, labels, top_level_switch
from tightship.project_facts.values import (
    Beyond,
    Fact,
    Facts,
    Group,
    Items,
    Scalar,
    table,
    text,
    texts,
)
from tightship.text import Source, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tightship.isolation.loaded_project import Surroundings
    from tightship.model.project import Project
    from tightship.project_facts.values import Texts

    Asked = tuple[Span, Surroundings]


def _told(kind: str) -> Callable[[Asked], Scalar]:
    def read(asked: Asked) -> Scalar:
        span, around = asked
        found, place = getattr(around, kind)(span.source.name)
        return Scalar(place or span, found, known=found is not None)

    return read


def _of_file(asked: Asked) -> Scalar:
    span, around = asked
    found = around.change(span.source.name)
    return Scalar(span, found, known=found is not None)


def read_files(container: Container) -> None:
    """Read the files of a service that facts alone may ask for, so that a change of them counts."""
    labels(container)
    _ = container.seccomp_profile


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
        "folder": Fact(
            "text",
            "the folder of its path; `.` at the top",
            lambda span: Scalar(span, posixpath.dirname(span.source.name) or "."),
        ),
        "purpose": Beyond(
            "text",
            "its purpose: `product`, `development`, `test`, `fixture` (which tests only read),"
            " `build` (an image that only builds), `example` or `vendored`",
            _told("purpose"),
            words="product development test fixture build example vendored",
        ),
        "loading": Beyond(
            "text",
            "how it loads: `alone` (a project), `overlay` (merged over other files), `part`"
            " (included, or extended from), `supplied` (a platform adds what it lacks),"
            " `template`, or `other` (not of Compose)",
            _told("loading"),
            words="alone overlay part supplied template other",
        ),
        "change": Beyond(
            "text",
            "what a change does to it: `added`, `changed`, `removed` or `unchanged`",
            _of_file,
            words="added changed removed unchanged",
        ),
    },
)


class Whole(Record, frozen=False):
    """A project with its containers."""

    project: Project
    containers: tuple[Container, ...]

    @lazy_property
    def services(self) -> tuple[Container, ...]:
        """Return the services, with those of a provider, and the jobs."""
        siblings = {one.name: one for one in self.containers}
        others = [one for name, one in self.project.services.items() if name not in siblings]
        others += self._jobs()
        return (*self.containers, *(Container(one, None, siblings) for one in others))

    def _jobs(self) -> Iterator[ContainerSettings]:
        jobs = self.project.section("jobs")
        for name, entry in jobs.entries.items() if isinstance(jobs, MappingValue) else ():
            if isinstance(entry.value, MappingValue):
                complete = self.project.complete and entry.value.get("extends") is None
                yield ContainerSettings(
                    name, entry.key, entry.value, self.project, complete=complete
                )

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
    from tightship.project_facts.services import service

    made = tuple(map(service, whole.services))
    return Items(whole.span, made, whole.project.complete and not whole.project.gaps)


def _extensions(whole: Whole) -> Items:
    root, complete = whole.project.root, whole.project.complete
    if root is None:
        return Items(whole.span, whole=complete)
    return extensions(root, whole.span, whole=complete)


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
    return lambda one: top_level_switch(one.project, one.section, one.name, key, one.span)


def _change(asked: tuple[Whole, Surroundings]) -> Scalar:
    whole, around = asked
    for one in whole.containers:
        read_files(one)
    found = around.change_of_project(whole.project)
    return Scalar(whole.span, found, known=found is not None)


def _changed(asked: tuple[Whole, Surroundings]) -> Items:
    whole, around = asked
    names = around.changed_files()
    spans = [Span(Source(name, ""), 0, 0) for name in names or ()]
    return Items(whole.span, tuple(Facts(FILE, one, one) for one in spans), names is not None)


def _options(one: Resource) -> Items:
    body = one.project.table(one.section, one.name)
    found = body.get("driver_opts") if body is not None else None
    entries = found.entries if isinstance(found, MappingValue) else {}
    values = {name: entry.value for name, entry in entries.items()}
    known = {name: text(v.span, v.text) for name, v in values.items() if isinstance(v, ScalarValue)}
    return table(ENTRY, one.span, known)


RESOURCE = Group(
    "resource",
    "a network, volume, config or secret at the top level",
    {
        "name": Fact("text", "its key", lambda one: Scalar(one.span, one.name)),
        "external": Fact("flag", "whether it is made elsewhere", _switch("external")),
        "real-name": Fact("text", "its `name` at the engine, if that is set", _text("name")),
        "driver": Fact("text", "its driver", _text("driver")),
        "options": Fact("table", "the options of its driver", _options, "entry"),
        "internal": Fact("flag", "whether a network has no way out", _switch("internal")),
        "file": Fact("text", "the `file` of a config or a secret", _text("file")),
    },
)
PROJECT = Group(
    "project",
    "the project: all files that Compose merges",
    {
        "name": Fact("text", "`name` at the top level", _name),
        "file": Fact("group", "its first file", lambda w: Facts(FILE, w.span, w.span), "file"),
        "keys": Fact("set", "the keys at the top level", _keys),
        "extensions": Fact(
            "table", "the keys at the top level that begin with `x-`", _extensions, "entry"
        ),
        "change": Beyond(
            "text",
            "whether a change adds it (`added`), touches a file that decides it (`changed`), or"
            " not (`unchanged`)",
            _change,
            words="added changed unchanged",
        ),
        "changed-files": Beyond(
            "list", "all files that the change touches, of whatever project", _changed, "file"
        ),
        "services": Fact("list", "its services, and its jobs", _services, "service"),
        "networks": Fact("list", "its networks", _section("networks"), "resource"),
        "volumes": Fact("list", "its volumes", _section("volumes"), "resource"),
        "configs": Fact("list", "its configs", _section("configs"), "resource"),
        "secrets": Fact("list", "its secrets", _section("secrets"), "resource"),
    },
)
