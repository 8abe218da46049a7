"""What a document, and the projects that it is part of, declare: the names in scope.

The index of symbols has them; it is made of the texts alone, so an answer does not depend on
what was judged before.
"""

from __future__ import annotations

import os

from tightship.lazy import lazy_property
from tightship.syntax.yaml.nodes import Mapping, Scalar, Sequence, follow
from tightship.syntax.yaml.read import read
from tightship.text import Source
from tightship_lsp.judging.files import files_for

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.engine.disk.recorded import RecordedFiles
    from tightship.images.needs import Needs
    from tightship.syntax.dockerfile.nodes import Dockerfile
    from tightship.syntax.yaml.nodes import Node
    from tightship_lsp.features.queries import View
    from tightship_lsp.indexing.project import IndexedProject
    from tightship_lsp.symbols.index import Placed
    from tightship_lsp.symbols.members import Member

_MOST = 500
_ROOT = ("0", "root")


class Scope:
    """The names that may be used in a document, and what is known of services."""

    def __init__(self, view: View) -> None:
        self.document = view.document
        self.folder = os.path.dirname(view.document.path or "")
        self._view = view

    @lazy_property
    def files(self) -> RecordedFiles | None:
        """Return the files below the root of the document, with open texts."""
        path = self.document.path
        return None if path is None else files_for(path, self._view.now)

    @property
    def root(self) -> str:
        """Return the folder above which nothing is read."""
        return self.files.root if self.files is not None else ""

    def names(self, kind: str, service: str = "") -> dict[str, str]:
        """Return the names of a kind, each with the file that declares it, if that is another.

        ``service`` is the one that builds the Dockerfile with the names.
        """
        found: dict[str, str] = {}
        for name, placed in self.placed(kind, service).items():
            paths = [one.path for one in placed]
            other = os.path.relpath(paths[0], self.folder) if paths and self.folder else ""
            found[name] = "" if self._view.path in paths else other
        return found

    def placed(self, kind: str, service: str = "") -> dict[str, list[Placed]]:
        """Return the names of a kind that are in scope, with their declarations."""
        found: dict[str, list[Placed]] = {}
        for project in self._view.projects:
            for name, placed in project.index.names(kind, self._view.path, service).items():
                if len(found) < _MOST:
                    found.setdefault(name, placed)
        return found

    def setting(self, service: str, *path: str) -> str:
        """Return a text of a service, as the last file of the project has it."""
        found = self._node(service, *path)
        return found.value if isinstance(found, Scalar) else ""

    def _node(self, service: str, *path: str) -> Node | None:
        found: Node | None = None
        for _, member in self._members():
            if member.role not in ("whole", "extended") or member.outline.tree is None:
                continue
            for document in getattr(member.outline.tree, "documents", ()):
                node = below(document, "services", service, *path)
                found = node if node is not None else found
        return found

    def _members(self) -> Iterator[tuple[IndexedProject, Member]]:
        for project in self._view.projects[:1]:
            for member in project.members.by_path.values():
                yield project, member

    def described(self, service: str) -> str:
        """Return a few words about a service."""
        image = self.setting(service, "image")
        is_built = self._node(service, "build") is not None
        return image or ("built here" if is_built else "service")

    def free_of(self, service: str) -> list[str]:
        """Return the services that a service may depend on: not itself, and without a cycle."""
        edges: dict[str, set[str]] = {}
        for _, member in self._members():
            for one in member.outline.occurrences:
                is_use = one.kind == "service" and one.service and not one.is_declaration
                if is_use and one.scope == "project" and not one.is_tentative:
                    edges.setdefault(one.service, set()).add(one.name)
        return [name for name in self.names("service") if not _reaches(edges, name, service)]

    def services_of(self, path: str) -> list[str]:
        """Return the services of another file, relative to the folder of this one."""
        source = self.read(os.path.join(self.folder, path))
        documents = read(source).documents if source is not None else ()
        tables = (below(one, "services") for one in documents)
        return [
            key.value
            for table in tables
            if isinstance(table, Mapping)
            for key, _ in table.entries
            if isinstance(key, Scalar)
        ]

    def variables(self) -> dict[str, tuple[str | None, str]]:
        """Return the variables of `.env`, each with its value and its origin."""
        found: dict[str, tuple[str | None, str]] = {}
        members = self._view.projects[0].members.by_path
        for name, placed in self.placed("variable").items():
            for one in placed:
                values = members[one.path].outline.values if one.path in members else {}
                if name in values:
                    span = one.occurrence.span
                    line = span.source.point(span.start)[0] + 1
                    found[name] = values[name], f"{os.path.basename(one.path)}:{line}"
        return found

    # Images and builds.

    def needs(self, service: str) -> Needs | None:
        """Return what is known of the image of a service, as far as its texts tell."""
        from tightship.images import lookup
        from tightship.images.conditions import Start
        from tightship.images.needs import Needs
        from tightship.values.image import parse

        written = self.setting(service, "image")
        image = parse(written) if written and "$" not in written.rpartition(":")[0] else None
        family = lookup.find(image) if image is not None else None
        if image is None or family is None or self._node(service, "build") is not None:
            return None
        user = self.setting(service, "user")
        is_root: bool | None = user.partition(":")[0] in _ROOT
        if not user:
            own = family.user or ()
            is_root = {one.name for one in own} == {"root"} if own else None
        elif "$" in user:
            is_root = None
        start = Start(
            None if "$" in written else lookup.known_tag(image),
            is_root,
            more_environment=True,
            entrypoint_replaced=self._node(service, "entrypoint") is not None,
        )
        return Needs(family, start)

    def context(self, service: str, written: str = "") -> str | None:
        """Return the folder that a service is built from, if it is one.

        ``written`` is what a line says about it that no parser can read yet.
        """
        for project in self._view.projects[:1]:
            member = project.members.by_path.get(self._view.path)
            if member is not None:
                known = project.members.context(member, service)
                if known is None and written:
                    return project.members.path(member.directory, written)
                return known
        return None

    def dockerfile(self, service: str, context: str = "", name: str = "") -> Dockerfile | None:
        """Return the Dockerfile that a service builds, or its inline one.

        ``context`` and ``name`` are what a line says about them that no parser can read yet.
        """
        from tightship.syntax.dockerfile.read import read as read_dockerfile

        inline = self.setting(service, "build", "dockerfile_inline")
        if inline:
            return read_dockerfile(Source("Dockerfile", inline))
        folder = self.context(service, context)
        name = self.setting(service, "build", "dockerfile") or name or "Dockerfile"
        source = self.read(os.path.join(folder, name)) if folder is not None else None
        return read_dockerfile(source) if source is not None else None

    def read(self, path: str) -> Source | None:
        """Return the text of a file, if it is inside the root."""
        found = self.files.read(path) if self.files is not None else None
        return found if isinstance(found, Source) else None


def below(node: Node | None, *path: str) -> Node | None:
    """Return what is at a path below a node, aliases and merged mappings included."""
    for key in path:
        node = _get(node, key)
    return node


def _get(node: Node | None, key: str) -> Node | None:
    node = follow(node) if node is not None else None
    if not isinstance(node, Mapping):
        return None
    found = node.get(key)
    if found is None:
        merged = node.get("<<")
        merged = follow(merged) if merged is not None else None
        for one in merged.items if isinstance(merged, Sequence) else (merged,):
            target = follow(one) if one is not None else None
            found = target.get(key) if isinstance(target, Mapping) else None
            if found is not None:
                break
    return follow(found) if found is not None else None


def _reaches(edges: dict[str, set[str]], start: str, end: str) -> bool:
    seen, pending = set[str](), [start]
    while pending:
        name = pending.pop()
        if name == end:
            return True
        if name not in seen:
            seen.add(name)
            pending += edges.get(name, ())
    return False
