"""What the Compose files of a repository define, need and take from each other."""

from __future__ import annotations

import posixpath

from tightship.engine.roles.compose_text import is_compose
from tightship.engine.roles.content import Content, content_of, lacking, only_hardens, relative
from tightship.engine.roles.role import HARDENED
from tightship.engine.roles.tree import is_image, upwards
from tightship.lazy import TYPE_CHECKING, lazy_property, regex
from tightship.syntax.yaml.read import read
from tightship.text import Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from tightship.engine.disk.files import Files
    from tightship.engine.disk.names import Names
    from tightship.engine.roles.content import Name

_MOST_INCLUDED = 100
_MOST_COMPLETE = 50
_MOST_BESIDE = 50
_YAML = (".yml", ".yaml")
_TEST = regex(r"(?:.*/)?(?:test_[^/]+|[^/]+[._-](?:test|spec))\.(?:go|py|rb|[cm]?[jt]s|rs|ex)")
_BASE = regex(r"\b(?:base|common)\b")


class Contents:
    """The contents of files, each read once.

    ``names`` gives those of the files of the repository.
    """

    def __init__(self, files: Files, names: Callable[[], Names]) -> None:
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

    def is_compose(self, name: str) -> bool:
        """Return whether a file without the name of YAML is one of Compose's, by its text."""
        content = None if is_image(name) else self.of(name)
        return content is not None and bool(content.services or content.included)

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
        return sorted(filter(_is_compose_name, self._names().yaml))

    def compose_in(self, folder: str) -> list[str]:
        """Return the names of the files in a folder that seem to be Compose's by their names."""
        return [*filter(_is_compose_name, self._beside(folder))]

    def compose_near(self, folder: str, is_asked: Callable[[str], bool]) -> Iterator[str]:
        """Yield the names of Compose's files in a folder and those above it.

        Folders next to them with names that are asked for count with those right below.
        """
        for above in upwards(folder):
            asked = filter(is_asked, self._names().folders_in(above))
            below = (one for top in asked for one in (top, *self._names().folders_in(top)))
            for one in (above, *below):
                yield from self.compose_in(one)

    def near(self, folder: str) -> Iterator[str]:
        """Yield the paths of the YAML files of a folder, and of Compose's right below it."""
        yield from map(self._files.path, self._beside(folder))
        for below in self._names().folders_in(folder)[:_MOST_BESIDE]:
            yield from map(self._files.path, self.compose_in(below))

    def users(self, name: str) -> dict[str, str]:
        """Return the files that extend services of a file, by the service.

        For ``*``, there is one that includes the whole file. Files without Compose in their
        names count if they are in its folder or above.
        """
        found = {**self._users.get(name, {})}
        for folder in upwards(posixpath.dirname(name)):
            if folder not in self._users_beside:
                others = [one for one in self._beside(folder) if one not in self._known_names]
                self._users_beside[folder] = self._users_in(others[:_MOST_BESIDE])
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

    def _beside(self, folder: str) -> list[str]:
        return [one for one in self._names().files_in(folder) if one.endswith(_YAML)]

    @lazy_property
    def _known_names(self) -> frozenset[str]:
        return frozenset(self.compose_names)

    def reader(self, name: str) -> str | None:
        """Return the test in the folder of a file that names it, if there is one."""
        folder, last = posixpath.split(name)
        tests = [*filter(_TEST.fullmatch, self._names().files_in(folder))]
        for one in tests[:_MOST_BESIDE]:
            source = self._files.read(one)
            text = source.text.replace("'", '"') if isinstance(source, Source) else ""
            if f'"{last}"' in text or f'/{last}"' in text:
                return one
        return None

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
            paths = map(self._files.path, self.compose_in(folder))
            found = [one for one in paths if not self.lacks([one])]
            if len(found) > _MOST_COMPLETE:
                found = [*filter(_is_base, found)][:_MOST_COMPLETE]
            self._complete[folder] = found
        return self._complete[folder]


def _is_compose_name(name: str) -> bool:
    return name.endswith(_YAML) and "compose" in posixpath.basename(name)


def is_hardened(files: Files, merged: Sequence[str]) -> bool:
    """Return whether `tightship harden` wrote the last of merged files, and it hides nothing."""
    *bases, last = map(files.read, merged)
    if not isinstance(last, Source) or not last.text.startswith(HARDENED):
        return False
    if any(mark in last.text for mark in ("!reset", "!override", "$")):
        return False
    below = (files.parsed(one, read) for one in bases if isinstance(one, Source))
    return only_hardens(files.parsed(last, read), below)


def _is_base(path: str) -> bool:
    return _BASE.search(posixpath.basename(path)) is not None
