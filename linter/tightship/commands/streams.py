"""Downloads by other programs than those for it: `nc`, `ssh`, `/dev/tcp`, functions of the script."""

from __future__ import annotations

from tightship.commands.download import Download, is_loopback_name
from tightship.commands.file_writes import WRITERS
from tightship.commands.program import Arguments, code
from tightship.commands.verification import substitution
from tightship.lazy import regex

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tightship.commands.calls import Call
    from tightship.commands.program import Program
    from tightship.syntax.shell.nodes import Redirection

# Programs that print what a host sends, each with its options that take a value.
_RECEIVERS = {
    **dict.fromkeys(("nc", "ncat", "netcat"), "-I -i -M -m -O -P -p -q -s -T -V -W -w -X -x"),
    "ssh": "-B -b -c -D -E -e -F -I -i -J -L -l -m -o -p -Q -R -S -W -w",
    "telnet": "-b -e -l -n -S -X",
}
# An address in a word of another program: a URL, one of socat, `s_client -connect`.
_ADDRESS = regex(
    r"(?i)(?:\b(?:https?|ftps?|s3|gs|sftp)://"
    r"|\b(?:openssl|ssl|tcp|udp)[46]?(?:-connect)?:|\A(?=[\w.-]+:\d+\Z))([^\s:/\"'()]++)"
)
_DEVICE = regex(r"[\"']?/dev/(?:tcp|udp)/([^/]++)/")
_IDLE = WRITERS | {"awk", "cut", "grep", "head", "jq", "tail", "tr"}
_SCRIPT = regex(r"\$\(|`")
_EXECUTES = regex(r"-[a-z]*e|--(?:sh-)?exec")
_MOST_WORDS, _MOST_FUNCTIONS = 50, 100


class Stream(Download):
    """A command that prints what a host sends."""

    __slots__ = ("_host",)

    def __init__(self, call: Call, program: Program, name: str) -> None:
        """Begin with the host, or nothing if that is not certain."""
        self.call, self.program, self._host = call, program, name
        self.arguments = Arguments([], [])
        self.urls, self.files, self.is_printed = [], [], True
        self.redirect()

    @property
    def host(self) -> str:
        """Return the host, or nothing if that is not certain."""
        return self._host

    @property
    def is_local(self) -> bool:
        """Return whether the host is the machine itself."""
        return is_loopback_name(self._host)

    @property
    def is_run(self) -> bool:
        """Return whether the command itself runs what it gets: `sh </dev/tcp/…`, `nc -e /bin/sh`."""
        if self.program.name in _RECEIVERS:
            return any(_EXECUTES.fullmatch(one.head) for one in self.program.words)
        found = code(self.call)
        return found is not None and found.stdin


def stream(call: Call, every: Sequence[Call]) -> Stream | None:
    """Return what a command prints of the network; ``every`` are the commands of its script."""
    program = call.program
    if program is None:
        return None
    for one in call.command.redirections:
        name = _device(one) or (_opened(one, every) if one.operator == "<&" else None)
        if name is not None:
            return Stream(call, program, name)
    if program.name in _RECEIVERS:
        given = program.arguments(_RECEIVERS[program.name].split(), mixed=False)
        is_test = given.flag("-z") is not None  # of a port
        return (
            Stream(call, program, given.operands[0].value or "")
            if given.operands and not is_test
            else None
        )
    if program.name in _IDLE or not (_is_taken(call)):
        return None
    for word in program.words[:_MOST_WORDS]:
        found = None if _SCRIPT.search(word.raw) else _ADDRESS.search(word.raw)
        if found is not None:
            return Stream(call, program, found[1] if "$" not in found[1] else "")
    return None


def _is_taken(call: Call) -> bool:
    """Return whether another command gets what this one prints."""
    return call.position + 1 < len(call.pipeline.commands) or substitution(call) is not None


def _device(given: Redirection) -> str | None:
    """Return the host that a redirection to `/dev/tcp` connects to."""
    found = _DEVICE.match(given.target.raw) if given.target is not None else None
    return None if found is None else found[1] if "$" not in found[1] else ""


def _opened(given: Redirection, every: Sequence[Call]) -> str | None:
    """Return the host to which another command has connected a descriptor: `exec 3<>/dev/tcp/…`."""
    number = given.target.value if given.target is not None else None
    for call in every:
        for one in call.command.redirections:
            if one.descriptor == number and (name := _device(one)) is not None:
                return name
    return None


def of_functions(calls: Sequence[Call], downloads: Sequence[Download]) -> Iterator[Download]:
    """Yield the calls of functions that print a download, as downloads."""
    printed = [one for one in downloads if one.is_printed and one.call.nesting.within("function")]
    by_name: dict[str, Download] = {}
    for one in printed[:_MOST_FUNCTIONS]:
        name = _function(one.call)
        if name:
            by_name.setdefault(name, one)
    before = -1
    while by_name and len(by_name) > before:  # functions that call such a function
        before = len(by_name)
        for call in calls:
            found = by_name.get(call.command.words[0].value or "") if call.command.words else None
            if found is not None and (name := _function(call)):
                by_name.setdefault(name, found)
    for call in calls if by_name else ():
        found = by_name.get(call.command.words[0].value or "") if call.command.words else None
        if found is not None:
            yield _Called(call, found)


def _function(call: Call) -> str:
    """Return the name of the function around a command, if what this prints is its output."""
    for place in call.nesting.chain:
        if place.kind == "function" and place.compound is not None and place.compound.words:
            return place.compound.words[0].value or ""
        if place.kind == "substitution":
            return ""
    return ""


class _Called(Stream):
    """The call of a function that prints a download."""

    __slots__ = ()

    def __init__(self, call: Call, inner: Download) -> None:
        super().__init__(call, inner.program, inner.host)
        self.urls = inner.urls
