"""What containers ask about the others of their project, noted as they ask it.

A project is judged again and again while somebody types. What was found about a container
still holds if nothing has changed that it has asked about.
"""

from __future__ import annotations

from collections.abc import Mapping

from tightship.text import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any, TypeVar

    from tightship.model.project import Project, Refused

    T = TypeVar("T")
else:
    T = None

SHARED = ("built", "mounting", "new_configs", "sharers")
"""What a project knows of all its services together, to be compared as a whole."""

SECTION = "\n"
"""What the name of a section begins with, among the names of services."""

# What does not depend on other services; an own file of variables is among the files.
_OF_NO_SERVICE = frozenset((
    *("title_of", "has_folder", "paths", "variables", "complete", "is_layered", "is_overlay", "is_side"),
    *("for_commit", "leads_out", "left_out", "tracks", "provides", "lacks", "removed_from", "env_files"),
))  # fmt: skip


class Asked:
    """Which services ask about which others of a project, and about which sections.

    ``names`` are those that a service has asked about, by its name. ``every`` are the
    services that may have asked about all.
    """

    def __init__(self) -> None:
        self.names: dict[str, set[str]] = {}
        self.every: set[str] = set()

    def seen_by(self, name: str, project: Project) -> Any:
        """Return a project for one of its services, whose questions are noted."""
        return AskingProject(project, name, self)

    def add(self, other: Asked) -> None:
        """Add what was asked another time."""
        self.every |= other.every
        for name, asked in other.names.items():
            self.names.setdefault(name, set()).update(asked)

    def affected(self, changed: Iterable[str]) -> set[str]:
        """Return what depends on services and sections, perhaps by way of others."""
        askers: dict[str, list[str]] = {}
        for name, asked in self.names.items():
            for one in asked:
                askers.setdefault(one, []).append(name)
        found: set[str] = set()
        todo = [*changed, *self.every]
        while todo:
            name = todo.pop()
            if name not in found:
                found.add(name)
                todo += askers.get(name, ())
        return found


class AskingProject:
    """A project for one of its services: it notes what that asks about others."""

    __slots__ = ("_asked", "_name", "_project")

    def __init__(self, project: Project, name: str, asked: Asked) -> None:
        self._project = project
        self._name = name
        self._asked = asked

    def __getattr__(self, name: str) -> Any:
        if name not in _OF_NO_SERVICE and name not in SHARED:
            self._asked.every.add(self._name)
        return getattr(self._project, name)

    def noting(self, others: Mapping[str, T]) -> Mapping[str, T]:
        """Return other services, or their containers, by name; what is asked for is noted."""
        return _Noted(others, self._name, self._asked)

    @property
    def services(self) -> Mapping[str, Any]:
        """Return the settings of each container, by its name."""
        return self.noting(self._project.services)

    def read(self, path: str) -> Source | Refused:
        """Return a file by its path."""
        found = self._project.read(path)
        if isinstance(found, Source) and found.name in [s.name for s in self._project.sources]:
            self._asked.every.add(self._name)
        return found

    def table(self, section: str, name: str) -> Any:
        """Return the body of a top-level network, volume, config or secret."""
        return self._in(section, self._project.table)(section, name)

    def text(self, section: str, name: str, *path: str) -> Any:
        """Return a text from a top-level network, volume, config or secret."""
        return self._in(section, self._project.text)(section, name, *path)

    def names(self, section: str) -> Iterator[str]:
        """Yield the names that a top-level section defines."""
        found: Iterator[str] = self._in(section, self._project.names)(section)
        return found

    def section(self, name: str) -> Any:
        """Return a top-level section, unless it is null."""
        return self._in(name, self._project.section)(name)

    def _in(self, section: str, ask: Callable[..., Any]) -> Callable[..., Any]:
        if section == "services":
            self._asked.every.add(self._name)
        self._asked.names.setdefault(self._name, set()).add(SECTION + section)
        return ask


class _Noted(Mapping[str, T]):
    """Services by name, or their containers; one that is asked for is noted."""

    def __init__(self, others: Mapping[str, T], name: str, asked: Asked) -> None:
        self._others = others
        self._name = name
        self._asked = asked

    def __getitem__(self, name: str) -> T:
        self._asked.names.setdefault(self._name, set()).add(name)
        return self._others[name]

    def __iter__(self) -> Iterator[str]:
        self._asked.every.add(self._name)
        return iter(self._others)

    def __len__(self) -> int:
        self._asked.every.add(self._name)
        return len(self._others)
