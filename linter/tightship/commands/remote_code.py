"""Code that a script downloads and executes without a check.

The forms are a pipe into a shell, ``sh -c "$(curl …)"`` and ``. <(curl …)``, a file that is
downloaded and executed in the same script, and each of them in a text that is decoded first. A
function that prints a download is one. It is no remote code if a checksum or a signature is
checked in between.
"""

from __future__ import annotations

from bisect import bisect_left

from tightship.commands.calls import MAX_SCRIPTS, ScriptRun, calls as every_call, may_run_output
from tightship.commands.download import Download, file_name
from tightship.commands.program import code, substitutions
from tightship.lazy import LazyModule, Record
from tightship.syntax.shell.nodes import Simple
from tightship.syntax.shell.read import read

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tightship.commands import decoded, saved_files, streams, verification
    from tightship.commands.calls import Call
    from tightship.syntax.shell.nodes import Pipeline, Substitution, Word
    from tightship.syntax.shell.text import Text
    from tightship.text import Span
else:
    decoded = LazyModule("tightship.commands.decoded")
    streams = LazyModule("tightship.commands.streams")
    saved_files = LazyModule("tightship.commands.saved_files")
    verification = LazyModule("tightship.commands.verification")

_SOCKETS = frozenset(("nc", "ncat", "netcat"))
_ECHOES = frozenset(("echo", "printf", "cat"))


class RemoteCode(Record):
    """A download that is executed; ``runner`` is the word that executes it."""

    download: Download
    runner: Word

    @property
    def place(self) -> Span:
        """Return the place of the program that downloads it."""
        return self.download.program.word.span


def remote_code(run: ScriptRun, depth: int = 0) -> Iterator[RemoteCode]:
    """Yield the downloads that the commands of a script execute; ``depth`` scripts are around it."""
    calls = run.calls
    downloads: list[Download] = []
    for call in calls:
        found = Download.of(call)
        if found is None and _may_receive(call):
            found = streams.stream(call, calls)
        if found is not None and not found.is_local:
            downloads.append(found)
            if isinstance(found, streams.Stream) and found.is_run:
                yield RemoteCode(found, found.program.word)
    if downloads:
        downloads += streams.of_functions(calls, downloads)
        yield from _piped(calls, downloads)
        yield from _substituted(calls, downloads)
        yield from _saved(run, downloads)
    runners = [one for one in calls if depth < MAX_SCRIPTS and may_run_output(one)]
    for call, text in decoded.scripts(runners) if runners else ():
        script = read(text)
        inner = ScriptRun(script, run.words, tuple(every_call(script)))
        for one in remote_code(inner, depth + 1):
            yield one.replaced(runner=call.program.word if call.program else one.runner)


def _may_receive(call: Call) -> bool:
    if call.command.redirections or call.nesting.kind == "substitution":
        return True
    is_alone = len(call.pipeline.commands) == 1
    return not is_alone or (call.program is not None and call.program.name in _SOCKETS)


class _Printed:
    """The downloads that go to the output of their command, by text and place."""

    def __init__(self, downloads: Sequence[Download]) -> None:
        self._downloads: dict[int, list[Download]] = {}
        for one in downloads:
            if one.is_printed:
                self._downloads.setdefault(id(one.call.command.text), []).append(one)
        self._starts: dict[int, list[int]] = {}
        for key, found in self._downloads.items():
            found.sort(key=_start)
            self._starts[key] = [_start(one) for one in found]

    def within(self, text: Text, start: int, end: int) -> Iterator[Download]:
        """Yield the downloads in a part of a text."""
        starts = self._starts.get(id(text), [])
        for at in range(bisect_left(starts, start), len(starts)):
            if starts[at] >= end:
                return
            yield self._downloads[id(text)][at]


def _start(download: Download) -> int:
    return download.call.command.start


def _piped(calls: Sequence[Call], downloads: list[Download]) -> Iterator[RemoteCode]:
    printed = _Printed(downloads)
    verified: set[int] | None = None
    done: set[int] = set()
    for call in calls:
        pipeline = call.pipeline
        if not call.position or id(pipeline) in done:
            continue
        found = code(call)
        if found is None or not found.stdin or call.program is None:
            continue
        done.add(id(pipeline))
        download = _source(printed, pipeline, call)
        if download is None:
            continue
        if verified is None:
            verified = {id(one.command) for one in calls if verification.verifies(one)}
        if verified.isdisjoint(map(id, pipeline.commands[: call.position])):
            yield RemoteCode(download, call.program.word)


def _source(printed: _Printed, pipeline: Pipeline, sink: Call) -> Download | None:
    """Return the download whose output comes down a pipeline."""
    start, end = pipeline.commands[0].start, sink.command.start
    around = verification.substitution(sink)
    for download in printed.within(sink.command.text, start, end):
        inner = verification.substitution(download.call)
        if inner is around:
            return download
        outer = inner.call if inner is not None else None
        if outer is not None and outer.program and outer.program.name in _ECHOES:
            return download
    return None


def _substituted(calls: Sequence[Call], downloads: list[Download]) -> Iterator[RemoteCode]:
    """Yield the commands that execute ``$(…)`` or the file of ``<(…)``."""
    printed = {id(one.call): one for one in downloads if one.is_printed}
    held: dict[int, list[Download]] = {}
    for call in calls:
        if id(call) in printed:
            outer = verification.holder(call)
            if outer is not None:
                held.setdefault(id(outer), []).append(printed[id(call)])
    for call in calls:
        if id(call) not in held:
            continue
        for part in substitutions(call):
            download = next((one for one in held[id(call)] if _is_in(one.call, part)), None)
            if download is not None:
                runner = call.program.word if call.program else call.command.words[0]
                yield RemoteCode(download, runner)
                break


def _is_in(call: Call, part: Substitution) -> bool:
    # Commands in backquotes have their own text.
    text = part.body.text
    start, end = part.body.start, part.body.end
    return call.command.text is text and start <= call.command.start <= end


def _saved(run: ScriptRun, downloads: list[Download]) -> Iterator[RemoteCode]:
    """Yield the files that are executed after they were downloaded, and not checked."""
    saves = {id(one.call): one for one in downloads if one.files}
    if not saves:
        return
    files = saved_files.SavedFiles()
    for place, call in enumerate(run.calls):
        download = saves.get(id(call))
        if download is not None:
            files.keep(download)
        elif not files.check(run.calls, place) and files:
            _execute(files, call)
    for use in files.unverified([run]):
        yield RemoteCode(use.file.download, use.word)


def _execute(files: saved_files.SavedFiles, call: Call) -> None:
    found = code(call)
    if found is None:
        return
    word = found.file or (_input(call) if found.stdin else None)
    if word is None:
        return
    runner = call.program.word if call.program else word
    for file in files.named(file_name(word)):
        files.use(file, call, "is executed", runner)


def _input(call: Call) -> Word | None:
    """Return the file that a command reads, by ``<`` or from a ``cat`` before it."""
    for redirection in call.command.redirections:
        if redirection.operator == "<" and redirection.descriptor in ("", "0"):
            return redirection.target
    before = call.pipeline.commands[call.position - 1] if call.position else None
    if isinstance(before, Simple) and len(before.words) == 2:
        program_name, file = before.words
        return file if program_name.value == "cat" else None
    return None
