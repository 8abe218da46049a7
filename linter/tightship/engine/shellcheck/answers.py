"""What ShellCheck answers about scripts: each script is asked about once."""

from __future__ import annotations

import os
from functools import cache
from itertools import islice
from time import monotonic

from tightship.engine.settings.selection import MissingExtraError
from tightship.engine.shellcheck.program import SECONDS, NoAnswerError, Process
from tightship.findings import Gap
from tightship.lazy import TYPE_CHECKING, regex
from tightship.scripts.of_dockerfile import snippets_of_build
from tightship.scripts.snippet import comments

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tightship.isolation.loaded_project import LoadedProject
    from tightship.scripts.snippet import Answer, ShellComment, Snippet


# While ShellCheck reads some scripts, others are found and judged.
_TOGETHER = 200
_PARENTHESES = regex(r"[$<>]?\(|\)")
_LENGTH_TOGETHER = 100_000
# The time and the memory that ShellCheck takes for a script grow with its square: 17,000
# characters may take 6 seconds and 1.4 GB.
_LONGEST = 16_384
# The time doubles with each substitution of a command in another one: 14 take 5 seconds.
_DEEPEST = 8
# Answers that are kept; those asked for longest ago go first.
_MOST_KEPT = 20_000
# A script that ends a process for many is looked for one by one, for so many seconds each,
# and for SECONDS in all.
_SECONDS_ALONE = 10.0


class ShellCheck:
    """ShellCheck's answers by script.

    Scripts that are announced by :meth:`expect` are read by processes in the background.
    """

    def __init__(self) -> None:
        self._known: dict[str, Sequence[Answer] | NoAnswerError] = {}
        self._waiting: dict[str, None] = {}
        self._processes: list[tuple[Process, list[str]]] = []
        self._asked: dict[str, Process] = {}

    def expect(self, scripts: Iterable[str]) -> None:
        """Note scripts that answers will be asked about; begin once there are many."""
        for script in scripts:
            if script not in self._known and script not in self._asked:
                self._ask(script)
        while len(self._waiting) >= _TOGETHER and not self._is_busy():
            self._start()

    def begin(self) -> None:
        """Begin with the scripts that are expected, be they many or few."""
        while self._waiting and not self._is_busy():
            self._start()

    def answers(self, script: str) -> Sequence[Answer]:
        """Return the comments on a script.

        Raises:
            NoAnswerError: if ShellCheck has none to give.
            MissingExtraError: if there is no ShellCheck.

        """
        if script not in self._known and script not in self._asked:
            self._ask(script)
            while script in self._waiting:
                self._start()
        if script not in self._known:
            self._finish(self._asked[script])
            self.begin()
        known = self._known[script]
        if isinstance(known, NoAnswerError):
            raise known
        return known

    def end(self) -> None:
        """End all processes; what is not answered is forgotten."""
        for process, _ in self._processes:
            process.end()
        self._processes.clear()
        self._waiting.clear()
        self._asked.clear()

    def _ask(self, script: str) -> None:
        """Let a script wait for a process, unless it is too long for one."""
        if len(script) > _LONGEST:
            reason = f"it is longer than {_LONGEST:,} characters"
            self._known[script] = NoAnswerError(reason)
        elif _depth(script) > _DEEPEST:
            reason = f"commands are inside one another in more than {_DEEPEST} levels"
            self._known[script] = NoAnswerError(reason)
        else:
            self._waiting[script] = None

    def _is_busy(self) -> bool:
        running = sum(process.is_running for process, _ in self._processes)
        return running >= (os.cpu_count() or 1)

    def _start(self) -> None:
        """Start a process for the scripts that wait, or for some of many."""
        scripts, length = list[str](), 0
        while self._waiting and len(scripts) < _TOGETHER and length < _LENGTH_TOGETHER:
            script = next(iter(self._waiting))
            del self._waiting[script]
            scripts.append(script)
            length += len(script)
        try:
            process = Process(scripts)
        except NoAnswerError as error:
            self._known.update(dict.fromkeys(scripts, error))
            return
        self._processes.append((process, scripts))
        self._asked.update(dict.fromkeys(scripts, process))

    def _finish(self, wanted: Process) -> None:
        at = next(n for n, one in enumerate(self._processes) if one[0] is wanted)
        process, scripts = self._processes.pop(at)
        found: list[Sequence[Answer] | NoAnswerError]
        try:
            found = [*process.answers()]
        except NoAnswerError as error:
            found = [error]
            if len(scripts) > 1:
                end = monotonic() + SECONDS
                found = [_alone(script, end) for script in scripts]
        for script, answers in zip(scripts, found, strict=True):
            del self._asked[script]
            self._known[script] = answers
        while len(self._known) > _MOST_KEPT:
            del self._known[next(iter(self._known))]


def _depth(script: str) -> int:
    """Return how many substitutions of commands are inside one another."""
    inside, deepest, opened = list[bool](), 0, 0
    for match in _PARENTHESES.finditer(script):
        if match[0] != ")":
            inside.append(len(match[0]) > 1)
            opened += inside[-1]
            deepest = max(deepest, opened)
        elif inside:
            opened -= inside.pop()
    return deepest


def _alone(script: str, end: float) -> Sequence[Answer] | NoAnswerError:
    """Return the answers about one of several scripts that had none together."""
    seconds = min(_SECONDS_ALONE, end - monotonic())
    if seconds <= 0:
        return NoAnswerError("too many scripts need a long time")
    try:
        return Process([script], seconds).answers()[0]
    except NoAnswerError as own:
        return own


@cache
def shellcheck() -> ShellCheck:
    """Return the one ShellCheck of this process, which keeps its answers."""
    return ShellCheck()


_MOST = 5_000


def shell_comments(loaded: LoadedProject) -> Iterator[ShellComment | Gap]:
    """Yield the comments on the scripts of a project, and a gap for each without answer."""
    found = _snippets(loaded)
    snippets = list(islice(found, _MOST))
    asked = shellcheck()
    for left in islice(found, 1):
        reason = f"ShellCheck reads the first {_MOST:,} scripts of a project only"
        yield Gap(left.whole, reason)
    try:
        asked.expect(one.script for one in snippets)
        for snippet in snippets:
            try:
                answers = asked.answers(snippet.script)
            except NoAnswerError as error:
                yield Gap(snippet.whole, f"ShellCheck has not read this script: {error}")
            else:
                yield from comments(snippet, answers)
    except MissingExtraError as error:
        yield Gap(snippets[0].whole, f"no script was checked: {error}")


def expect(loaded: LoadedProject) -> None:
    """Announce the scripts of a project, which will be judged later."""
    shellcheck().expect(one.script for one in islice(_snippets(loaded), _MOST))


def _snippets(loaded: LoadedProject) -> Iterator[Snippet]:
    if loaded.compose is not None:
        from tightship.scripts.of_compose import snippets_of_container

        for container in loaded.containers:
            yield from snippets_of_container(container)
    if loaded.built is not None:
        for build in loaded.built.builds:
            yield from snippets_of_build(build)
