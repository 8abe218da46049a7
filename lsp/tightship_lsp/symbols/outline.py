"""The outline of one text: the names in it, and what it says about its services."""

from __future__ import annotations

from tightship.lazy import TYPE_CHECKING, Record

if TYPE_CHECKING:
    from typing import Literal

    from tightship.text import Span

    Kind = Literal[
        "service",
        "network",
        "volume",
        "secret",
        "config",
        "model",
        "profile",
        "anchor",
        "variable",  # of Compose: `${NAME}`
        "stage",
        "argument",  # of a build: ARG
        "environment",  # of an image: ENV
        "context",  # a named one of a build
        "heredoc",
    ]
    # What decides which symbol a name is:
    #   project   the project that the file belongs to; with `near`, a secret that the build
    #             of that service gets
    #   extends   the file with the path `near`
    #   build     the Dockerfile that the service `near` builds
    #   file      the file itself; `near` tells symbols of the same name apart. A secret is
    #             that of the service that builds it
    #   inline    the Dockerfile that is written in the service `service`; with `near`, too
    Scope = Literal["project", "extends", "build", "file", "inline"]
    LinkKind = Literal[
        "include", "extends", "env_file", "context", "dockerfile", "file", "copy", "image"
    ]
    from tightship.syntax.dockerfile.nodes import Dockerfile
    from tightship.syntax.yaml.nodes import Stream
    from tightship.text import Source


class Include(Record):
    """An entry of ``include``: its paths, folder and files of variables, as written."""

    paths: tuple[str, ...]
    folder: str | None
    env_files: tuple[str, ...]


class ServiceFacts:
    """What one file says about a service, as far as the names in it depend on that.

    ``settings`` has texts by the words of ``compose_places.FACTS``, and ``lists`` those by
    the words of ``compose_places.LISTS``.
    """

    __slots__ = ("lists", "settings")

    def __init__(self) -> None:
        self.settings: dict[str, str] = {}
        self.lists: dict[str, set[str]] = {}


class Outline:
    """The names in one text.

    ``tree`` is its syntax tree; there is none for a file of variables. ``values`` are those
    of the variables that such a file sets.
    """

    __slots__ = ("includes", "links", "occurrences", "services", "source", "tree", "values")

    def __init__(self, source: Source, tree: Stream | Dockerfile | None = None) -> None:
        self.source = source
        self.tree = tree
        self.occurrences: list[Occurrence] = []
        self.links: list[Link] = []
        self.services: dict[str, ServiceFacts] = {}
        self.includes: list[Include] = []
        self.values: dict[str, str] = {}


class Occurrence:
    """A name at a place: its declaration, or a use of it.

    ``span`` covers the name alone, without quotes. ``name`` is the name as it is compared:
    of a stage, in lower case. ``is_exact`` is false if the text of the span is not the name,
    as with an escape or a number. ``is_bare`` tells that it has no value, and so that of the
    variable of its name; a secret of a build, that it has no path, and so one with its name. ``is_tentative`` tells that it is a use only if the name is
    declared. ``service`` is the one that it is written in, and ``extent`` the whole node. ``target`` is the declaration that a use means, if the
    text alone decides it.
    """

    __slots__ = (
        "extent", "is_bare", "is_declaration", "is_exact", "is_tentative",
        "kind", "name", "near", "scope", "service", "span", "target",
    )  # fmt: skip

    def __init__(
        self,
        kind: Kind,
        name: str,
        span: Span,
        *,
        is_declaration: bool = False,
        scope: Scope = "project",
        near: str = "",
        is_exact: bool = True,
        is_bare: bool = False,
        is_tentative: bool = False,
        service: str = "",
        extent: Span | None = None,
        target: Occurrence | None = None,
    ) -> None:
        self.kind: Kind = kind
        self.name = name
        self.span = span
        self.is_declaration = is_declaration
        self.scope: Scope = scope
        self.near = near
        self.is_exact = is_exact
        self.is_bare = is_bare
        self.is_tentative = is_tentative
        self.service = service
        self.extent = extent
        self.target = target

    def __repr__(self) -> str:
        role = "declares" if self.is_declaration else "uses"
        return f"Occurrence({role} {self.kind} {self.name!r} at {self.span!r})"


class Link(Record):
    """A place that names a file, a folder or an image; ``service`` is where it is."""

    kind: LinkKind
    text: str
    span: Span
    service: str = ""


class RenameError(Exception):
    """A symbol cannot have another name; the message is for the user."""
