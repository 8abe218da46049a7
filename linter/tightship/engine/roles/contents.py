"""What the Compose files of a repository define, need and take from each other."""

from __future__ import annotations

import posixpath

from tightship.engine.roles.compose_text import is_compose
from tightship.engine.roles.content import Content, content_of, lacking, relative
from tightship.lazy import lazy_property, regex
from tightship.syntax.yaml.read import read
from tightship.text import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from tightship.engine.disk.files import Files
    from tightship.engine.roles.content import Name

_MOST_INCLUDED = 100
_MOST_COMPLETE = 50
_MOST_BESIDE = 50
_YAML = (".yml", ".yaml")
_TEST = regex(r"(?:.*/)?(?:test_[^/]+|[^/]+[._-](?:test|spec))\.(?:go|py|rb|[cm]?[jt]s|rs|ex)")
_BASE = regex(r"\b(?:base|common)\b")


class Contents:
    """The contents of files, each read once.

    ``names`` gives those of all files of the repository, relative to its root, with ``/``.
    """

    def __init__(self, files: Files, names: Callable[[], Collection[str]]) -> None:
        self._files = files
        self._names = names
        self._known: dict[str, Content | None] = {}
        self._complete: dict[str, list[str]] = {}
        self._users_beside: dict[str, dict[str, dict[str, str]]] = {}

    def of(self, name: str) -> Content | None:
        """Return what a file defines and needs; None if it cannot be read."""
        if name not in self._known:
            source = self._files.read(name)
            self._known[name] = None
            if isinstance(source, Source):
                self._known[name] = content_of(self._files.parsed(source, read))
        return self._known[name]

    def lacks(self, merged: Iterable[str]) -> frozenset[Name]:
        """Return the names that files need together, and that none of them defines."""
        contents, seen = list[Content](), set[str]()
        pending = [self._files.name(path) or path for path in merged]
        while pending and len(seen) < _MOST_INCLUDED:
            name = pending.pop()
            content = self.of(name) if name not in seen else None
            seen.add(name)
            if content is not None:
                contents.append(content)
                pending += (relative(name, one) for one in content.included)
        return lacking(contents)

    @lazy_property
    def compose_names(self) -> list[str]:
        """Return the names of the files that seem to be Compose's by their names, sorted."""
        names = (one for one in self._names() if one.endswith(_YAML))
        return sorted(one for one in names if "compose" in posixpath.basename(one))

    def users(self, name: str) -> dict[str, str]:
        """Return the files that extend services of a file, by the service.

        For ``*``, there is one that includes the whole file. Files without Compose in their
        names count if they are in its folder or above.
        """
        found = {**self._users.get(name, {})}
        for folder in _upwards(posixpath.dirname(name)):
            if folder not in self._users_beside:
                others = self._others.get(folder, ())[:_MOST_BESIDE]
                self._users_beside[folder] = self._users_in(others)
            for service, user in self._users_beside[folder].get(name, {}).items():
                found.setdefault(service, user)
        return found

    @lazy_property
    def _users(self) -> dict[str, dict[str, str]]:
        return self._users_in(self.compose_names)

    def _users_in(self, names: Iterable[str]) -> dict[str, dict[str, str]]:
        """Return what some files include, and extend from: by the file, its services."""
        found: dict[str, dict[str, str]] = {}
        for name in names:
            content = self.of(name) if self._may_use_others(name) else None
            for written, service in content.extended if content is not None else ():
                found.setdefault(relative(name, written), {}).setdefault(service, name)
            for written in content.included if content is not None else ():
                found.setdefault(relative(name, written), {}).setdefault("*", name)
        return found

    def _may_use_others(self, name: str) -> bool:
        source = self._files.read(name)
        text = source.text if isinstance(source, Source) else ""
        if "extends" not in text and "include" not in text:
            return False
        return "compose" in posixpath.basename(name) or is_compose(text.encode("utf-8", "replace"))

    @lazy_property
    def _others(self) -> dict[str, list[str]]:
        """Return the YAML files without Compose in their names, by their folders."""
        known = {*self.compose_names}
        return _by_folder(
            one for one in sorted(self._names()) if one.endswith(_YAML) and one not in known
        )

    def reader(self, name: str) -> str | None:
        """Return the test in the folder of a file that names it, if there is one."""
        folder, last = posixpath.split(name)
        for one in self._tests.get(folder, ())[:_MOST_BESIDE]:
            source = self._files.read(one)
            text = source.text.replace("'", '"') if isinstance(source, Source) else ""
            if f'"{last}"' in text or f'/{last}"' in text:
                return one
        return None

    @lazy_property
    def _tests(self) -> dict[str, list[str]]:
        return _by_folder(filter(_TEST.fullmatch, sorted(self._names())))

    def sibling(self, path: str) -> str | None:
        """Return the only other Compose file of a folder that completes a file."""
        beside = self._completing(posixpath.dirname(self._files.name(path) or path))
        found = [one for one in beside if not self.lacks([one, path])]
        named = [one for one in found if _is_base(one)]
        only = named or found
        return only[0] if len(only) == 1 else None

    def _completing(self, folder: str) -> list[str]:
        """Return the paths of the Compose files of a folder that lack nothing.

        Of too many, there are those that have the name of a base.
        """
        if folder not in self._complete:
            paths = map(self._files.path, self._by_folder.get(folder, ()))
            found = [one for one in paths if not self.lacks([one])]
            if len(found) > _MOST_COMPLETE:
                found = [*filter(_is_base, found)][:_MOST_COMPLETE]
            self._complete[folder] = found
        return self._complete[folder]

    @lazy_property
    def _by_folder(self) -> dict[str, list[str]]:
        return _by_folder(self.compose_names)


def _by_folder(names: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in names:
        found.setdefault(posixpath.dirname(name), []).append(name)
    return found


def _upwards(folder: str) -> Iterator[str]:
    """Yield a folder, and those above it."""
    yield folder
    while folder:
        folder = posixpath.dirname(folder)
        yield folder


def _is_base(path: str) -> bool:
    return _BASE.search(posixpath.basename(path)) is not None
