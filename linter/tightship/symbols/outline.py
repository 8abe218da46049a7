"""The outline of one text: the names in it, and what it says about its services."""

from __future__ import annotations

from tightship.lazy import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.symbols.occurrence import Link, Occurrence
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
