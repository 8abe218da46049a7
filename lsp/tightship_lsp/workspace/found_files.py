"""The files that a search has found, and whether a change outdates the search."""

from __future__ import annotations

import os

from tightship.engine.disk.regular import Refusal, read_regular
from tightship.engine.plan.candidates import language_of, main_file
from tightship.engine.roles.compose_text import is_compose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from tightship.engine.plan.candidates import Candidate
    from tightship_lsp.workspace.snapshot import Snapshot


class FoundFiles:
    """Compose files and Dockerfiles on the disk, by their name or their content.

    Files that a search leaves out are known as well, once they have changed, so that each
    change of one of them outdates a search only once. Any change of a file with one of the
    names in ``inputs`` does so, too.
    """

    def __init__(self, inputs: Collection[str] = ()) -> None:
        self._inputs = inputs
        self._known = set[str]()
        self._mains = dict[str, str | None]()
        self._clock = 0
        self._are_outdated = True

    def found(self, candidates: Iterable[Candidate], now: Snapshot) -> None:
        """Note what a search has found."""
        found = {one.path: one for one in candidates}
        left_out = {path for path in self._known - found.keys() if _is_candidate(path)}
        self._known = left_out | found.keys()
        self._mains |= {one.folder: path for path, one in found.items() if one.kind == "main"}
        self._clock, self._are_outdated = now.clock, False

    def __contains__(self, path: str) -> bool:
        """Return whether a file is known."""
        return path in self._known

    def are_outdated(self, now: Snapshot) -> bool:
        """Return whether another search would find other files than the last one."""
        if self._are_outdated or now.is_outdated((), self._clock):
            return True
        # Each change is looked at, so that it counts once.
        news = [self._is_news(path) for path in now.changed_since(self._clock)]
        self._clock, self._are_outdated = now.clock, any(news)
        return self._are_outdated

    def _is_news(self, path: str) -> bool:
        folder, name = os.path.split(path)
        if name in self._inputs:
            return True
        if name == ".env":  # it may name the main file
            main = main_file(folder)
            before = self._mains.get(folder)
            self._mains[folder] = main
            return main != before
        is_one = _is_candidate(path)
        if is_one == (path in self._known):
            return False
        (self._known.add if is_one else self._known.discard)(path)
        return True


def _is_candidate(path: str) -> bool:
    name = os.path.basename(path)
    if language_of(name):
        return os.path.lexists(path)
    if name[:1] == "." or not name.endswith((".yml", ".yaml")):
        return False
    text = read_regular(path)
    return not isinstance(text, Refusal) and is_compose(text)
