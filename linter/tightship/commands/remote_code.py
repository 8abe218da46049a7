"""Code that a script downloads and executes without a check.

The forms are a pipe into a shell, ``sh -c "$(curl …)"`` and ``. <(curl …)``, and a file
that is downloaded and executed in the same script. It is no remote code if a checksum
or a signature is checked in between.
"""

from __future__ import annotations

import posixpath
from bisect import bisect_left

from tightship.commands.download import Download, file_name, same_file
from tightship.commands.interpreter import code, substitutions
from tightship.syntax.shell.nodes import Simple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tightship.commands.calls import Call, Nesting
    from tightship.syntax.shell.nodes import Pipeline, Substitution, Word
    from tightship.syntax.shell.text import Text
    from tightship.text import Span

_SUMS = frozenset(
    (
        *("sha1sum", "sha224sum", "sha256sum", "sha384sum", "sha512sum", "shasum"),
        *("md5sum", "b2sum", "b3sum", "sha256", "sha512"),
    )
)
_CHECKS_SUM = ("-c", "--check")
_VERIFIERS = {
    "gpg": ("--verify", "-d", "--decrypt", "--verify-files"),
    "gpg2": ("--verify", "-d", "--decrypt", "--verify-files"),
    "minisign": ("-V",),
    "signify": ("-V", "-C"),
    "signify-openbsd": ("-V", "-C"),
    "openssl": ("-verify", "--verify"),
}
_ALWAYS_VERIFY = frozenset(
    ("gpgv", "cosign", "slsa-verifier", "sigstore", "rekor-cli", "notation")
)
_MOST_FILES = 100
_MOST_LOOKED_AT = 2_000
_ECHOES = frozenset(("echo", "printf", "cat"))


class RemoteCode:
    """A download that is executed; ``runner`` is the word that executes it."""

    __slots__ = ("download", "runner")

    def __init__(self, download: Download, runner: Word) -> None:
        self.download = download
        self.runner = runner

    @property
    def place(self) -> Span:
        """Return the place of the program that downloads it."""
        return self.download.program.word.span


def remote_code(calls: Sequence[Call]) -> Iterator[RemoteCode]:
    """Yield the downloads that the commands of a script execute."""
    downloads = list[Download]()
    for call in calls:
        found = Download.of(call)
        if found is not None and not found.is_local:
            downloads.append(found)
    if downloads:
        yield from _piped(calls, downloads)
        yield from _substituted(calls, downloads)
        yield from _saved(calls, downloads)


def verifies(call: Call) -> bool:
    """Return whether a command compares a checksum or checks a signature."""
    program = call.program
    if program is None:
        return False
    if program.name in _ALWAYS_VERIFY:
        return True
    if program.name in _SUMS:
        is_compared = call.nesting.within("substitution")
        is_piped_on = call.position + 1 < len(call.pipeline.commands)
        return (
            is_compared
            or is_piped_on
            or program.arguments().flag(*_CHECKS_SUM) is not None
        )
    wanted = _VERIFIERS.get(program.name)
    if wanted is None:
        return False
    if program.name == "openssl":
        return any(word.value in wanted for word in program.words)
    return program.arguments().flag(*wanted) is not None


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
    verified = {id(call.command) for call in calls if verifies(call)}
    done = set[int]()
    for call in calls:
        pipeline = call.pipeline
        if not call.position or id(pipeline) in done:
            continue
        found = code(call)
        if found is None or not found.stdin or call.program is None:
            continue
        done.add(id(pipeline))
        before = pipeline.commands[: call.position]
        if any(id(command) in verified for command in before):
            continue
        download = _source(printed, pipeline, call)
        if download is not None:
            yield RemoteCode(download, call.program.word)


def _source(printed: _Printed, pipeline: Pipeline, sink: Call) -> Download | None:
    """Return the download whose output comes down a pipeline."""
    start, end = pipeline.commands[0].start, sink.command.start
    around = _substitution(sink)
    for download in printed.within(sink.command.text, start, end):
        inner = _substitution(download.call)
        if inner is around:
            return download
        holder = inner.call if inner is not None else None
        if holder is not None and holder.program and holder.program.name in _ECHOES:
            return download
    return None


def _substitution(call: Call) -> Nesting | None:
    """Return the innermost substitution around a command, in its own script."""
    place: Nesting | None = call.nesting
    while place is not None and place.kind != "substitution":
        outer = place.outer
        place = outer if outer is not None and outer.script is place.script else None
    return place


def _holder(call: Call) -> Call | None:
    """Return the command that gets the output of another one as a word."""
    place = _substitution(call)
    return place.call if place is not None else None


def _substituted(
    calls: Sequence[Call], downloads: list[Download]
) -> Iterator[RemoteCode]:
    """Yield the commands that execute ``$(…)`` or the file of ``<(…)``."""
    printed = {id(one.call): one for one in downloads if one.is_printed}
    held = dict[int, list[Download]]()
    for call in calls:
        if id(call) in printed:
            holder = _holder(call)
            if holder is not None:
                held.setdefault(id(holder), []).append(printed[id(call)])
    for call in calls:
        if id(call) not in held:
            continue
        for part in substitutions(call):
            download = next(
                (one for one in held[id(call)] if _is_in(one.call, part)), None
            )
            if download is not None:
                runner = call.program.word if call.program else call.command.words[0]
                yield RemoteCode(download, runner)
                break


def _is_in(call: Call, part: Substitution) -> bool:
    # Commands in backquotes have their own text.
    text = part.body.text
    start, end = part.body.start, part.body.end
    return call.command.text is text and start <= call.command.start <= end


def _saved(calls: Sequence[Call], downloads: list[Download]) -> Iterator[RemoteCode]:
    """Yield the files that are executed after they were downloaded, and not checked."""
    saves = {id(one.call): one for one in downloads if one.files}
    if not saves:
        return
    files = dict[str, tuple[str, Download]]()
    for call in calls:
        download = saves.get(id(call))
        if download is not None:
            for name in filter(None, download.files[:_MOST_FILES]):
                if len(files) < _MOST_FILES:
                    files[posixpath.basename(name)] = name, download
        elif files and verifies(call):
            for name in verified_files(list(files), call):
                del files[name]
        elif files:
            yield from _executed(files, call)


def verified_files(files: Sequence[str], check: Call) -> Sequence[str]:
    """Return the files that a check has checked, of some that it may have.

    A list of checksums may name the files elsewhere: a command that names none of the
    files is assumed to check them all.
    """
    outer = _holder(check)
    raw = _beginning(check) + (_beginning(outer) if outer is not None else "")
    return [name for name in files if name in raw] or files


def _beginning(call: Call) -> str:
    """Return a pipeline and its command's input; long ones are cut."""
    start, end = call.pipeline.start, call.pipeline.end
    texts = [call.command.text.value[start : min(end, start + _MOST_LOOKED_AT)]]
    for redirection in call.command.redirections[:_MOST_FILES]:
        if redirection.body is not None:
            texts.append(redirection.body.raw[:_MOST_LOOKED_AT])
    return "\n".join(texts)


def _executed(
    files: dict[str, tuple[str, Download]], call: Call
) -> Iterator[RemoteCode]:
    found = code(call)
    if found is None:
        return
    word = found.file or (_input(call) if found.stdin else None)
    if word is None:
        return
    name = file_name(word)
    saved = files.get(posixpath.basename(name))
    if saved is not None and same_file(saved[0], name):
        del files[posixpath.basename(name)]
        yield RemoteCode(saved[1], call.program.word if call.program else word)


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
