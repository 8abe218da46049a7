"""The files of a project, as its outlines name them, and what its services build.

This is the part of loading that decides which files belong together: includes, the files of
`extends`, files of variables and Dockerfiles. Relative paths start where Compose starts them.
"""

from __future__ import annotations

import posixpath

from tightship.lazy import TYPE_CHECKING, Record
from tightship.model.reading import resolve
from tightship.values import variable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Literal

    from tightship.values.variable import Expansion
    from tightship_lsp.symbols.outline import Include, Outline, ServiceFacts

    # Reads a file, by its absolute path and its language.
    Language = Literal["compose", "dockerfile", "variables"]
    Role = Literal["whole", "extended", "variables", "env_file", "dockerfile"]
    Read = Callable[[str, Language], Outline | None]
    # The texts of settings, each with the folder where its paths start; a Dockerfile that is
    # written in a service, with the path of the file that it is in.
    Settings = dict[str, tuple[str, str]]

_MOST = 400  # files of one project
_DEEPEST = 40  # `extends` after one another
_REMOTE = ("://", "git@", "github.com/")


class Member(Record):
    """A file of a project.

    ``role`` is ``whole`` if each of its services belongs to the project, and ``extended`` if
    only those that another one starts from do; ``env_file`` files set variables of containers,
    and ``variables`` files those of Compose. ``directory`` is where its paths start.
    """

    path: str
    role: Role
    outline: Outline
    directory: str = ""


class Members:
    """The files of a project, by absolute path, in the order in which Compose merges them."""

    def __init__(
        self, read: Read, files: Iterable[str], directory: str, env_files: Iterable[str] = ()
    ) -> None:
        self._read = read
        self._variables: dict[str, str] = {}
        self._built: dict[tuple[str, str], str | None] = {}
        self.by_path: dict[str, Member] = {}
        for path in env_files:
            self._read_variables(path)
        self._whole(files, directory)
        for member in list(self.by_path.values()):
            self._extended(member)
        for member in list(self.by_path.values()):
            self._named_files(member)

    @classmethod
    def of_one(cls, read: Read, path: str, language: Language) -> Members:
        """Return a file that is no Compose file, and belongs to no project."""
        made = cls(read, (), "")
        role: Role = "dockerfile" if language == "dockerfile" else "variables"
        made._add(path, role, language, "")
        return made

    def _add(self, path: str, role: Role, language: Language, directory: str) -> Member | None:
        if path in self.by_path or len(self.by_path) >= _MOST:
            return None
        outline = self._read(path, language)
        if outline is None:
            return None
        member = self.by_path[path] = Member(path, role, outline, directory)
        return member

    def _read_variables(self, path: str) -> None:
        member = self._add(path, "variables", "variables", "")
        for name, value in member.outline.values.items() if member else ():
            self._variables.setdefault(name, value)

    def _whole(self, files: Iterable[str], directory: str) -> None:
        """Add files of which each service belongs to the project, and what they include."""
        todo = [(path, directory) for path in files]
        while todo:
            path, directory = todo.pop(0)
            member = self._add(path, "whole", "compose", directory)
            for include in member.outline.includes if member else ():
                todo += self._included(include, directory)

    def _included(self, include: Include, directory: str) -> Iterator[tuple[str, str]]:
        paths = [self.path(directory, text) for text in include.paths]
        known = [path for path in paths if path is not None]
        if not known:
            return
        folder = posixpath.dirname(known[0])
        if include.folder is not None:
            folder = self.path(directory, include.folder) or folder
        named = [self.path(directory, text) for text in include.env_files]
        for path in filter(None, named or [posixpath.join(folder, ".env")]):
            self._read_variables(path)
        yield from ((path, folder) for path in known)

    def _extended(self, member: Member) -> None:
        """Add the files with the services that those of a file start from."""
        todo = [member]
        while todo:
            one = todo.pop()
            for facts in one.outline.services.values():
                path = self.path(one.directory, facts.settings.get("extends_file", ""))
                if path is not None:
                    folder = posixpath.dirname(path)
                    added = self._add(path, "extended", "compose", folder)
                    todo += [added] if added else []

    def _named_files(self, member: Member) -> None:
        """Add the Dockerfiles and files of variables that services of a file name."""
        for link in member.outline.links:
            if link.kind == "env_file":
                path = self.path(member.directory, link.text)
                if path is not None:
                    self._add(path, "env_file", "variables", "")
        for name in member.outline.services:
            path = self.dockerfile(member, name)
            if path is not None:
                self._add(path, "dockerfile", "dockerfile", "")

    def expanded(self, text: str) -> str | None:
        """Return a text with the values of its variables; none if it is not known."""
        if "$" not in text:
            return text
        expansion = self.expansion(text)
        return expansion.text if expansion.decided else None

    def expansion(self, text: str) -> Expansion:
        """Return the expansion of a text with the variables that files set."""
        return variable.expand(variable.parse(text), self._variables.get)

    def path(self, directory: str, text: str) -> str | None:
        """Return the absolute path of a local file that a text names, if that is known."""
        known = self.expanded(text)
        if not known or any(one in known for one in _REMOTE):
            return None
        return resolve(directory, known)

    def home(self, member: Member) -> str:
        """Return what the services of a file belong to: the project, or the file alone."""
        return member.path if member.role == "extended" else ""

    def dockerfile(self, member: Member, service: str) -> str | None:
        """Return the path of the Dockerfile that a service builds, if that is known."""
        key = self.home(member), service
        if key not in self._built:
            self._built[key] = self._dockerfile(*key)
        return self._built[key]

    def build_home(self, member: Member, service: str) -> str | None:
        """Return what the stages and arguments of a service's build belong to, if it is known."""
        inline = self.settings(self.home(member), service).get("inline")
        if inline is not None:
            return f"{inline[1]}\0{service}"
        return self.dockerfile(member, service)

    def _dockerfile(self, home: str, service: str) -> str | None:
        found = self.settings(home, service)
        context, folder = found.get("context", (".", ""))
        file, other = found.get("dockerfile", ("Dockerfile", ""))
        if "inline" in found or not found.keys() & {"context", "dockerfile"}:
            return None
        root = self.path(folder or other, context)
        name = self.expanded(file)
        return None if root is None or not name else resolve(root, name)

    def context(self, member: Member, service: str) -> str | None:
        """Return the path of the folder that a service builds, if that is known."""
        found = self.settings(self.home(member), service)
        if not found.keys() & {"context", "dockerfile"}:
            return None
        text, folder = found.get("context", (".", found.get("dockerfile", ("", ""))[1]))
        return self.path(folder, text)

    def settings(self, home: str, service: str) -> Settings:
        """Return the settings of a service, those of its bases included."""
        return self._settings(home, service, 0)

    def _settings(self, home: str, service: str, depth: int) -> Settings:
        found: Settings = {}
        for member in self.by_path.values():
            if member.role not in ("whole", "extended") or self.home(member) != home:
                continue
            facts = member.outline.services.get(service)
            if facts is not None:
                found.update(self._own_settings(member, facts, depth))
        return found

    def _own_settings(self, member: Member, facts: ServiceFacts, depth: int) -> Settings:
        """Return the settings of a service in one file, over those of its base."""
        own = facts.settings
        found: Settings = {}
        base = self._base(member, facts)
        if base is not None and depth < _DEEPEST:
            found = self._own_settings(*base, depth + 1)
        if "context" in own or "dockerfile" in own:
            found.pop("inline", None)
        if "inline" in own:
            found.pop("dockerfile", None)
        found.update((key, (text, member.directory)) for key, text in own.items())
        if "inline" in own:
            found["inline"] = own["inline"], member.path
        return found

    def _base(self, member: Member, facts: ServiceFacts) -> tuple[Member, ServiceFacts] | None:
        """Return the service that another one starts from, and its file."""
        name, file = facts.settings.get("extends"), facts.settings.get("extends_file")
        other: Member | None = member
        if file is not None:
            other = self.by_path.get(self.path(member.directory, file) or "")
        if not name or other is None:
            return None
        below = other.outline.services.get(name)
        return None if below is None or below is facts else (other, below)

    def listed(self, home: str, service: str, what: str) -> set[str]:
        """Return what a list of a service has, those of its bases included."""
        found = set[str]()
        for member in self.by_path.values():
            if member.role in ("whole", "extended") and self.home(member) == home:
                facts = member.outline.services.get(service)
                one = None if facts is None else (member, facts)
                for _ in range(_DEEPEST):
                    if one is None:
                        break
                    found |= one[1].lists.get(what, set())
                    one = self._base(*one)
        return found
