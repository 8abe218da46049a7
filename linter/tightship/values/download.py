"""What a command fetches from elsewhere, and where it puts it.

The flags are those of the manuals of curl, GNU Wget, aria2 and HTTPie.
"""

from __future__ import annotations

import posixpath

from tightship.text.regex import regex

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.syntax.shell import Word
    from tightship.syntax.shell_calls import Call
    from tightship.syntax.shell_run import Flag, Run

VALUED: dict[str, frozenset[str]] = {
    "curl": frozenset(
        ["-A", "-b", "-C", "-c", "-D", "-d", "-E", "-e", "-F", "-H", "-h", "-K", "-m", "-o", "-P", "-Q", "-r", "-T", "-t", "-U", "-u", "-w", "-X", "-x", "-Y", "-y", "-z", "--cacert", "--capath", "--cert", "--connect-timeout", "--continue-at", "--cookie", "--cookie-jar", "--data", "--data-binary", "--data-raw", "--data-urlencode", "--form", "--header", "--key", "--limit-rate", "--max-redirs", "--max-time", "--noproxy", "--output", "--output-dir", "--pinnedpubkey", "--proto", "--proto-default", "--proto-redir", "--proxy", "--proxy-user", "--referer", "--request", "--resolve", "--retry", "--retry-delay", "--retry-max-time", "--unix-socket", "--upload-file", "--url", "--user", "--user-agent", "--write-out"]
    ),
    "wget": frozenset(
        ["-A", "-a", "-B", "-D", "-e", "-I", "-i", "-l", "-O", "-o", "-P", "-Q", "-R", "-T", "-t", "-U", "-w", "-X", "--accept", "--append-output", "--ca-certificate", "--connect-timeout", "--directory-prefix", "--dns-timeout", "--execute", "--header", "--http-password", "--http-user", "--input-file", "--limit-rate", "--load-cookies", "--method", "--output-document", "--output-file", "--password", "--post-data", "--post-file", "--read-timeout", "--referer", "--reject", "--secure-protocol", "--timeout", "--tries", "--user", "--user-agent", "--wait", "--waitretry"]
    ),
    "aria2c": frozenset(["-d", "-i", "-j", "-k", "-m", "-o", "-s", "-t", "-x", "--dir", "--out", "--header"]),
    "http": frozenset(["-a", "-o", "-s", "--auth", "--download-as", "--output", "--timeout", "--verify"]),
}  # fmt: skip
"""The flags of each program that fetches files which take the next word."""
VALUED["https"] = VALUED["http"]

_OUTPUT = {
    "curl": ("-o", "--output"),
    "wget": ("-O", "--output-document"),
    "aria2c": ("-o", "--out"),
    "http": ("-o", "--output"),
    "https": ("-o", "--output"),
}
# curl and HTTPie print what they get unless told otherwise.
_SAVES = {
    "curl": frozenset(("-O", "--remote-name", "--remote-name-all")),
    "http": frozenset(("-d", "--download")),
    "https": frozenset(("-d", "--download")),
}
_HOST = regex(
    r"(?:[A-Za-z][A-Za-z0-9+.-]*+://)?+(?:[^/?#@\s]*+@)?+(\[[^]/]*+\]|[^:/?#\s]++)"
    r"(\Z|[:/?#])"
)
_LOOPBACK = regex(
    r"(?:.+\.)?localhost\.?|ip6-localhost|127(?:\.[0-9]{1,3}){3}|0\.0\.0\.0|\[?::1\]?",
    2,
)
_QUOTES = str.maketrans("", "", "\"'{}")


class Download:
    """One command that fetches files.

    ``urls`` are its operands. ``files`` are the names of what it saves, as
    :func:`file_name` gives them; ``is_printed`` tells that it writes what it gets to
    its output, and that this is not sent to a file.
    """

    __slots__ = ("arguments", "call", "files", "is_printed", "run", "urls")

    def __init__(self, call: Call, run: Run) -> None:
        """Read the arguments of a program that ``VALUED`` knows."""
        self.call = call
        self.run = run
        self.arguments = run.arguments(VALUED[run.name])
        flag = self.arguments.flag("--url")
        named = [flag.source] if flag and flag.source else []
        self.urls: list[Word] = named + self.arguments.operands
        self.files: list[str] = []
        self.is_printed = False
        self._place()

    @classmethod
    def of(cls, call: Call) -> Download | None:
        """Return what a command fetches, if it is one that does."""
        run = call.run
        if run is None or run.name not in VALUED:
            return None
        found = cls(call, run)
        return found if found.urls else None

    @property
    def is_local(self) -> bool:
        """Tell whether all that it fetches is from the machine itself."""
        return all(is_loopback(url) for url in self.urls)

    @property
    def host(self) -> str:
        """Return the host that is asked first, or nothing if that is not certain."""
        return next((found for url in self.urls if (found := host(url))), "")

    def _place(self) -> None:
        name, arguments = self.run.name, self.arguments
        outputs = [flag for flag in arguments.flags if flag.name in _OUTPUT[name]]
        for output in outputs:
            self._take(output)
        saves = _SAVES.get(name)
        if not outputs:
            if saves is None or arguments.flag(*saves):
                self.files += [_saved_as(url) for url in self.urls]
            else:
                self.is_printed = True
        for redirection in self.call.command.redirections:
            if (
                redirection.descriptor in ("", "1")
                and redirection.operator in (">", ">>", ">|", "&>", "&>>")
                and self.is_printed
                and redirection.target is not None
            ):
                self.is_printed = False
                self.files.append(file_name(redirection.target))

    def _take(self, output: Flag) -> None:
        if output.source is None:
            return
        if output.value in ("-", "/dev/stdout"):
            self.is_printed = True
        elif output.source is output.word and output.value is not None:
            self.files.append(posixpath.normpath(output.value))
        elif output.source is not output.word:
            self.files.append(file_name(output.source))


def file_name(word: Word) -> str:
    """Return a path to compare with others; variables stand in it as written."""
    path = word.raw.translate(_QUOTES) if word.value is None else word.value
    return posixpath.normpath(path) if path else ""


def same_file(one: str, other: str) -> bool:
    """Tell whether two paths in one script most likely name one file.

    A path without a folder is that in whatever folder the script has gone to.
    """
    if one == other:
        return True
    is_bare = "/" not in one or "/" not in other
    return is_bare and posixpath.basename(one) == posixpath.basename(other)


def host(url: Word) -> str:
    """Return the host of a URL, or nothing if it is not certain."""
    found = _HOST.match(url.head)
    if found is None or (not found[2] and url.value is None):
        return ""
    return found[1]


def is_loopback(url: Word) -> bool:
    """Tell whether a URL is surely one of the machine itself."""
    return is_loopback_name(host(url)) or url.head.startswith("file:")


def is_loopback_name(name: str) -> bool:
    """Tell whether a host is the machine itself (RFC 6761, RFC 1122, RFC 4291).

    Linux connects to ``0.0.0.0`` there as well.
    """
    return _LOOPBACK.fullmatch(name) is not None


def is_plain_http(url: Word) -> bool:
    """Tell whether curl surely asks for a URL without TLS at first.

    It takes HTTP where no scheme is written (curl(1), URL).
    """
    if url.head[:7].lower() == "http://":
        return True
    return url.value is not None and "://" not in url.value


def _saved_as(url: Word) -> str:
    """Return the last part of a URL, under which it is saved."""
    return posixpath.basename(file_name(url).partition("#")[0].partition("?")[0])
