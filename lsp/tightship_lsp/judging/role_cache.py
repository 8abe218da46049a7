"""The roles of files in a session, each decided again when it may be another one.

What the commands of a repository merge is read once, and again when a file changes that may
have such a command. Roles are decided with open texts in place of those on the disk.
"""

from __future__ import annotations

import os
from functools import partial

from tightship.engine.disk.regular import Refusal, read_regular
from tightship.engine.disk.root import holds, project_root, real_path
from tightship.engine.plan.candidates import Candidate, language_of
from tightship.engine.plan.role_order import given_role
from tightship.engine.roles.compose_text import is_compose
from tightship.engine.roles.decide import Roles
from tightship.engine.roles.layout import Layout, layout_on_disk
from tightship.engine.roles.role import PROJECT
from tightship.text import Source
from tightship_lsp.judging.files import files_for

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any, TypeVar

    from tightship.engine.disk.recorded import RecordedFiles
    from tightship.engine.roles.role import Role
    from tightship_lsp.judging.configuration import Configuration
    from tightship_lsp.workspace.snapshot import Snapshot

    T = TypeVar("T")

_MOST = 256


class _Entry:
    """The answers about a file so far, and the files that they depend on, as of a time.

    ``seen`` is the last time at which none of them had changed.
    """

    def __init__(self, files: RecordedFiles, roles: Roles, clock: int) -> None:
        self.files = files
        self.roles = roles
        self.clock = self.seen = clock
        self.answers: dict[str, Any] = {}

    def is_outdated(self, now: Snapshot) -> bool:
        """Return whether one of the files has changed."""
        is_new = now.clock == self.clock
        return not is_new and now.is_outdated(self.files.recorded_paths, self.clock)


class RoleCache:
    """Decides roles, and keeps them as long as they hold."""

    def __init__(self, configuration: Configuration, log: Callable[[str], None]) -> None:
        """Begin; ``log`` gets errors, after which a file counts as a project."""
        self._configuration = configuration
        self._log = log
        self._entries: dict[str, _Entry] = {}
        self._layouts: dict[str, tuple[Layout, int]] = {}
        self._texts: dict[str, str | bytes] = {}

    def of(self, path: str, now: Snapshot) -> Role:
        """Return the role of the file at a path."""
        usual: Role = PROJECT
        return self._answer(path, now, "role", usual, lambda one: one.roles.of(path))

    def over(self, path: str, now: Snapshot) -> list[Candidate]:
        """Return the overlays of a file."""

        def find(one: _Entry) -> list[Candidate]:
            found = one.roles.over(path, partial(_is_found, files=one.files)).items()
            return [Candidate(it, "side", None, "compose", role=role) for it, role in found]

        none: list[Candidate] = []
        return self._answer(path, now, "overlays", none, find)

    def users(self, path: str, now: Snapshot) -> Sequence[str]:
        """Return the paths of the files that a file is a part of."""
        none: Sequence[str] = ()
        return self._answer(path, now, "users", none, lambda one: one.roles.users(path))

    def learn(self, path: str, now: Snapshot) -> None:
        """Find what a verdict on a file asks for, and what the repository builds and pushes."""
        self.of(path, now)
        self.over(path, now)
        self.users(path, now)
        self._answer(path, now, "releases", False, lambda one: one.roles.releases(path))

    def may_merge(self, base: str, path: str, now: Snapshot) -> bool:
        """Return whether an invocation may merge a file over a base, or what that lacks."""

        def find(one: _Entry) -> bool:
            return bool(one.roles.contents.lacks([base])) or any(
                base in it.files for it in one.roles.naming(path)
            )

        may = True
        return self._answer(path, now, f"over {base}", may, find)

    def among(self, files: RecordedFiles, now: Snapshot) -> Roles:
        """Return the roles of some files, whose record then has what they depend on."""
        return self._roles(files, self._layout(files.root, now))

    def _roles(self, files: RecordedFiles, layout: Layout) -> Roles:
        def given(path: str, decided: Callable[[str], Role]) -> Role | None:
            settings = self._configuration.settings(os.path.dirname(path), files)
            return given_role(path, settings, decided)

        return Roles(files, lambda: layout, given)

    def _answer(
        self, path: str, now: Snapshot, question: str, usual: T, find: Callable[[_Entry], T]
    ) -> T:
        """Return the answer to a question about a file; ``usual`` is that after an error."""
        entry = self._entry(path, now)
        if question not in entry.answers:
            entry.answers[question] = usual
            try:
                entry.answers[question] = find(entry)
            except Exception as error:
                self._log(f"failed to decide the role of {path}, a bug in Tightship: {error!r}")
            if entry.is_outdated(now):
                # It has just read a file that has changed since the questions before.
                return self._answer(path, now, question, usual, find)
        answer: T = entry.answers[question]
        return answer

    def _entry(self, path: str, now: Snapshot) -> _Entry:
        layout = self._layout(project_root(path, workspace=now.folder_of(path)), now)
        entry = self._entries.pop(path, None)
        if entry is None or (entry.seen < now.clock and entry.is_outdated(now)):
            files = files_for(path, now)
            entry = _Entry(files, self._roles(files, layout), now.clock)
        entry.seen = now.clock
        self._entries[path] = entry
        while len(self._entries) > _MOST:
            del self._entries[next(iter(self._entries))]
        return entry

    def _layout(self, root: str, now: Snapshot) -> Layout:
        """Return what is known of a repository, read again if a command may have changed."""
        self._texts.clear()
        self._texts.update(now.overlay)
        known = self._layouts.get(root)
        if known is None or _is_outdated(*known, root, now):
            self._layouts.pop(root, None)
            asked = [one for one in map(real_path, now.folders) if one == root]
            known = layout_on_disk(root, self._texts, asked=asked), now.clock
            self._entries.clear()
        self._layouts[root] = known[0], now.clock
        return known[0]


def _is_found(path: str, files: RecordedFiles) -> bool:
    """Return whether a search would find a Compose file, by its name or its content."""
    name = os.path.basename(path)
    if language_of(name) == "compose":
        return True
    source = files.read(path) if name[0] != "." else None
    return isinstance(source, Source) and is_compose(source.text.encode("utf-8", "replace"))


def _is_outdated(layout: Layout, clock: int, root: str, now: Snapshot) -> bool:
    """Return whether a change may be one of the files or the commands of a repository."""
    if now.is_outdated((), clock):  # no client watches the disk
        return True
    below = (one for one in now.changed_since(clock) if holds(root, one))
    return any(_may_command(one, os.path.relpath(one, root), layout, now) for one in below)


def _may_command(path: str, name: str, layout: Layout, now: Snapshot) -> bool:
    """Return whether a file that has changed came, went, or may have commands that were asked for.

    One that is Compose's has none, and other YAML or JSON only if it mentions Compose or a
    build, or did so before: no script takes anything else from there.
    """
    from tightship.engine.roles.tree import encoded, mentions_builds, mentions_compose
    from tightship.frontends.invocations.kinds import kind_of

    name = name.replace(os.sep, "/")
    kind, is_open, was_there = kind_of(name), path in now.overlay, layout.names.known(name)
    if kind is None or was_there is None:
        return False
    if (is_open or os.path.lexists(path)) != was_there:
        return True
    if not layout.has_read(name):
        return False
    if kind != "structure" or language_of(os.path.basename(path)) is not None:
        return language_of(os.path.basename(path)) is None
    if layout.has_command(name):
        return True
    text = now.overlay[path] if is_open else read_regular(path)
    if isinstance(text, Refusal):
        return False
    data = encoded(text)
    return mentions_compose(data) or mentions_builds(data)
