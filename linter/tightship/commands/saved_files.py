"""Downloads that scripts save to files, and whether these are verified when used.

The commands may be those of several steps, in which a file is known by its name. A file
is not verified if some way through the scripts leads from its download to its use and
not past a check that has passed.
"""

from __future__ import annotations

import posixpath

from tightship.commands.download import MOST_FILES, absolute, same_file
from tightship.commands.verification import LATER, verdict, verified_files, verifies
from tightship.lazy import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tightship.commands.calls import Call, ScriptRun
    from tightship.commands.control_flow import Effect
    from tightship.commands.download import Download
    from tightship.commands.verification import Verdict
    from tightship.syntax.shell.nodes import Word


# The last downloads to one name that its use is about: they overwrite earlier ones.
_MOST_RIVALS = 20


class SavedFile(Record, frozen=False):
    """A file that a download saves.

    ``fact`` is that it is not verified; ``failures`` that a certain check has failed.
    ``rivals`` are the downloads to the same name, this one included.
    """

    name: str
    download: Download
    rivals: list[SavedFile]
    fact: int = 0
    failures: int = 0

    @property
    def facts(self) -> int:
        """Return the facts with each of which it is not verified."""
        return self.fact | self.failures


class Use(Record):
    """The use of a saved file by a command; ``how`` is as in "is unpacked"."""

    file: SavedFile
    call: Call
    how: str
    word: Word


class _Check(Record, frozen=False):
    """A check of files; ``files`` are ``None`` for any file, as in a function.

    ``failure`` is the fact that it has failed.
    """

    call: Call
    verdict: Verdict | None
    files: list[SavedFile] | None
    failure: int = 0


class SavedFiles:
    """The files that scripts save, check and use, in the order of the text."""

    def __init__(self) -> None:
        self._files: dict[str, list[SavedFile]] = {}
        self._every: list[SavedFile] = []
        self._checks: list[_Check] = []
        self._uses: list[Use] = []

    def __bool__(self) -> bool:
        """Return whether there are files."""
        return bool(self._files)

    def keep(self, download: Download) -> None:
        """Note the files of a download."""
        for name in filter(None, download.files[:MOST_FILES]):
            base = posixpath.basename(name)
            if base not in self._files and len(self._files) >= MOST_FILES:
                del self._files[next(iter(self._files))]
            rivals = self._files.setdefault(base, [])
            rivals.append(SavedFile(name, download, rivals))
            self._every.append(rivals[-1])
            if len(rivals) > _MOST_RIVALS:
                del rivals[0]

    def check(self, calls: Sequence[Call], place: int) -> bool:
        """Note a command of a script, if it is a check, and return whether it is."""
        call = calls[place]
        if not verifies(call):
            return False
        found = verdict(call, calls[place + 1 : place + LATER])
        if call.nesting.within("function"):
            self._checks.append(_Check(call, found, None))
            return True
        names = verified_files(list(self._files), call)
        files = [file for name in names for file in self._files[name]]
        self._checks.append(_Check(call, found, files))
        return True

    def named(self, name: str) -> list[SavedFile]:
        """Return the files that a name or a pattern may stand for."""
        folder, base = posixpath.split(name)
        if "*" in base:
            from fnmatch import fnmatchcase  # most names are whole

            return [
                file
                for key, files in self._files.items()
                if fnmatchcase(key, base)
                for file in files
                if same_file(file.name, posixpath.join(folder, key))
            ]
        return [file for file in self._files.get(base, ()) if same_file(file.name, name)]

    def below(self, folder: str) -> list[SavedFile]:
        """Return the files in a folder, and in the folders in it."""
        start = absolute(folder).rstrip("/") + "/"
        return [
            file
            for files in self._files.values()
            for file in files
            if absolute(file.name).startswith(start)
        ]

    def rename(self, name: str, new: str) -> None:
        """Note that files get a new name."""
        files = self.named(name)
        for file in files:
            file.name = new
            self._files.pop(posixpath.basename(name), None)
        if files:
            self._files[posixpath.basename(new)] = files

    def use(self, file: SavedFile, call: Call, how: str, word: Word) -> None:
        """Note the use of a file."""
        self._uses.append(Use(file, call, how, word))

    def unverified(self, runs: Sequence[ScriptRun]) -> Iterator[Use]:
        """Yield the first use of each file that may not have been verified."""
        # Most files are downloaded once and checked nowhere.
        is_open = {id(file) for check in self._checks for file in self._checked(check)}
        is_open.update(id(one) for one in self._every if len(one.rivals) > 1)
        reached: dict[int, int] | None = None
        done: set[int] = set()
        for use in self._uses:
            file = use.file
            if id(file) in done:
                continue
            if id(file) in is_open:
                if reached is None:
                    reached = self._reached(runs)
                if not reached.get(id(use.call.command), 0) & file.facts:
                    continue
            done.add(id(file))
            yield use

    def _reached(self, runs: Sequence[ScriptRun]) -> dict[int, int]:
        """Return the facts with which commands may start, by their ``id``."""
        from tightship.commands.control_flow import Flow
        from tightship.commands.shell_states import ShellOptions

        flow = Flow(self._effects(), (call for run in runs for call in run.calls))
        for run in runs:
            flow.run(run.script, ShellOptions.of(run.words))
        return flow.reached

    def _effects(self) -> dict[int, Effect]:
        from tightship.commands.control_flow import Effect

        place = 0
        for file in self._every:
            file.fact = 1 << place
            place += 1
        for check in self._checks:
            check.failure = 1 << place
            place += 1
            for file in self._checked(check):
                file.failures |= check.failure
        effects: dict[int, Effect] = {}
        groups: dict[int, int] = {}
        for file in self._every:
            key = id(file.rivals)
            if key not in groups:
                groups[key] = _all_facts(file.rivals)
            effect = effects.setdefault(id(file.download.call.command), Effect())
            # The file is another one now, whatever a check has said.
            lost = groups[key] & ~file.fact | file.failures
            effect.add((lost, file.fact), (file.failures, 0))
        for check in self._checks:
            files = self._checked(check)
            facts, found = _all_facts(files), check.verdict
            node = check.call.command if found is None else found.command
            checked = _joined(file.fact for file in files)
            effect = effects.setdefault(id(node), Effect())
            # In a loop it may pass for one file after it has failed for another.
            passed, failed = (facts & ~check.failure, 0), (0, check.failure)
            if found is None:
                effect.add((facts, 0), (facts, 0), checked)
            elif found.passes_by_failure:
                effect.add(failed, passed, checked)
            else:
                effect.add(passed, failed, checked)
        return effects

    def _checked(self, check: _Check) -> list[SavedFile]:
        """Return the files of a check; in a loop, one may be downloaded after it."""
        if check.files is None:
            return self._every
        groups = {id(file.rivals): file.rivals for file in check.files}
        return [file for rivals in groups.values() for file in rivals]


def _all_facts(files: list[SavedFile]) -> int:
    return _joined(file.facts for file in files)


def _joined(facts: Iterable[int]) -> int:
    every = 0
    for one in facts:
        every |= one
    return every
