"""Which paths `.gitignore` files leave out: Git's pattern language.

Git itself is not asked: in an untrusted work tree it may run what the repository's
configuration names. The quirks below are those of Git 2.47 (`dir.c`, `wildmatch.c`),
and the tests compare with it.
"""

from __future__ import annotations

from tightship.lazy import TYPE_CHECKING, regex

if TYPE_CHECKING:
    import re

MAX_BYTES = 500_000
"""A larger file of patterns is not read, so that it leaves nothing out."""

MAX_WILD = 2_000
"""How many patterns with wildcards may hold for one path.

A file that brings more, or one that is too long, leaves nothing out either: to drop
single lines might hide what a later one takes in again.
"""

MAX_WILD_BYTES = 4_096
"""How long a pattern with wildcards may be; so much is the longest path on Linux."""

_WILD = regex(rb"[*?\[\\]")


class _Wild:
    """A pattern with wildcards, translated when it is first needed."""

    __slots__ = ("_compiled", "folders_only", "number", "pattern", "suffix", "whole")

    def __init__(self, pattern: bytes, number: int, *, whole: bool, folders_only: bool) -> None:
        self.pattern = pattern
        self.number = number
        self.whole = whole
        self.folders_only = folders_only
        # `*.log` and its like are most of them, and need no regular expression.
        rest = pattern[1:]
        ends = pattern.startswith(b"*") and not whole and not _WILD.search(rest)
        self.suffix: bytes | None = rest if ends else None
        self._compiled: re.Pattern[bytes] | None = None

    def matches(self, text: bytes) -> bool:
        if self.suffix is not None:
            return text.endswith(self.suffix)
        if self._compiled is None:
            import re

            self._compiled = re.compile(_translated(self.pattern), re.DOTALL)
        return self._compiled.fullmatch(text) is not None


class Patterns:
    """The patterns of one file, in its order; paths are relative to its folder.

    Paths are bytes with ``/``, as Git compares them: ``?`` is one byte.
    """

    __slots__ = ("_folders", "_literal", "_verdicts", "_wild")

    def __init__(self, text: bytes) -> None:
        """Read the lines of a `.gitignore`; none of them can be wrong."""
        # Most patterns are plain: those are looked up, each under the number of the
        # last line that has it. A key with a slash is a whole path.
        self._literal: dict[bytes, int] = {}
        self._folders: dict[bytes, int] = {}
        self._wild: list[_Wild] = []
        self._verdicts: list[bool] = []
        for line in text.removeprefix(b"\xef\xbb\xbf").split(b"\n"):
            self._add(line.removesuffix(b"\r").partition(b"\0")[0])
        self._wild.reverse()

    def __bool__(self) -> bool:
        return bool(self._verdicts)

    @property
    def wild(self) -> int:
        """Return how many patterns have wildcards: those are tried one by one.

        One that is too long counts as more than may hold.
        """
        if any(len(wild.pattern) > MAX_WILD_BYTES for wild in self._wild):
            return MAX_WILD + 1
        return len(self._wild)

    def verdict(self, path: bytes, *, folder: bool) -> bool | None:
        """Tell what the last pattern that matches says; None if none does.

        True leaves the path out, False (from a ``!`` pattern) takes it in.
        """
        name = path[path.rfind(b"/") + 1 :]
        best = -1
        for table in (self._literal, self._folders) if folder else (self._literal,):
            if table:
                best = max(best, table.get(name, -1), table.get(b"/" + path, -1))
        for wild in self._wild:
            if wild.number < best:
                break
            if wild.folders_only and not folder:
                continue
            if wild.matches(path if wild.whole else name):
                best = wild.number
                break
        return self._verdicts[best] if best >= 0 else None

    def _add(self, line: bytes) -> None:
        if line.startswith(b"#"):
            return
        pattern = _without_trailing_spaces(line)
        ignores = not pattern.startswith(b"!")
        if not ignores:
            pattern = pattern[1:]
        folders_only = pattern.endswith(b"/")
        if folders_only:
            pattern = pattern[:-1]
        if not pattern:
            return
        # A slash, be it in brackets, ties the pattern to the folder of its file.
        whole = b"/" in pattern
        pattern = pattern.removeprefix(b"/")
        number = len(self._verdicts)
        self._verdicts.append(ignores)
        if _WILD.search(pattern):
            self._wild.append(_Wild(pattern, number, whole=whole, folders_only=folders_only))
        else:
            table = self._folders if folders_only else self._literal
            table[b"/" + pattern if whole else pattern] = number


class Level:
    """The patterns that hold in a folder: its own file's, and those above it."""

    __slots__ = ("_above", "_patterns", "_start", "_wild")

    def __init__(self, text: bytes, start: int, above: Level | None = None) -> None:
        """Put a file's patterns before those above.

        ``start`` is how many bytes of a path lead to the file's folder, the slash
        included.
        """
        self._patterns = Patterns(text)
        self._start = start
        self._above = above
        self._wild: int = above._wild if above is not None else 0
        self._wild += self._patterns.wild
        if self._wild > MAX_WILD:
            self._wild -= self._patterns.wild
            self._patterns = Patterns(b"")

    @property
    def or_above(self) -> Level | None:
        """Return the level, or that above it if the file has no patterns."""
        return self if self._patterns else self._above

    def ignores(self, path: bytes, *, folder: bool) -> bool:
        """Return whether a path is left out, given that no folder above it is."""
        level: Level | None = self
        while level is not None:
            verdict = level._patterns.verdict(path[level._start :], folder=folder)
            if verdict is not None:
                return verdict
            level = level._above
        return False


def _without_trailing_spaces(line: bytes) -> bytes:
    bare = line.rstrip(b" ")
    if len(bare) == len(line):
        return line
    backslashes = len(bare) - len(bare.rstrip(b"\\"))
    return bare + b" " if backslashes % 2 else bare


_NEVER = b"(?!)"

# `**/` is any folders or none; other `**` are any text.
_DEEP = {b"**/": b"(?:.*?/)??", b"**": b".*?"}


def _translated(pattern: bytes) -> bytes:
    """Return a regular expression for a pattern that has wildcards.

    The text that a wildcard matches is found from the left and then kept (by an atomic
    group) wherever a further wildcard of its kind follows: going back could not help,
    and the time for a name stays bounded.
    """
    tokens = _tokens(pattern)
    if tokens is None:
        return _NEVER
    # Parts lie between two `**`, and in them, pieces between two `*`.
    parts: list[bytes] = []
    part, piece, star = b"", b"", False
    for token in (*tokens, b""):
        ends = token in (b"", b"/") or token in _DEEP
        if not ends and token != b"*":
            piece += token
            continue
        if star:
            piece = b"[^/]*" + piece if ends else b"(?>[^/]*?" + piece + b")"
        part, piece, star = part + piece, b"", token == b"*"
        if token == b"/":
            part += token
        elif token in _DEEP:
            parts.append(part)
            part = _DEEP[token]
    if parts:
        parts[1:] = [b"(?>" + inner + b")" for inner in parts[1:]]
    return b"".join(parts) + part


def _tokens(pattern: bytes) -> list[bytes] | None:
    """Split a pattern into wildcards and regular expressions for one byte."""
    tokens: list[bytes] = []
    at, end = 0, len(pattern)
    # Git compares what stands before the first wildcard by itself, so that a `**`
    # there counts as if a slash came before it: `a**/b` matches `ax/y/b`.
    first = _WILD.search(pattern)
    begin = first.start() if first else end
    while at < end:
        char = pattern[at : at + 1]
        start, at = at, at + 1
        if char == b"?":
            tokens.append(b"[^/]")
        elif char == b"[":
            found = _bracket(pattern, at)
            if found is None:
                return None
            members, at = found
            tokens.append(members)
        elif char == b"*":
            while pattern[at : at + 1] == b"*":
                at += 1
            rest = pattern[at : at + 2]
            free = start == begin or pattern[start - 1 : start] == b"/"
            if at - start == 1 or not free:
                tokens.append(b"*")
            elif rest[:1] == b"/":
                tokens.append(b"**/")
                at += 1
            elif not rest or rest == b"\\/":
                tokens.append(b"**")
            else:
                tokens.append(b"*")
        else:
            if char == b"\\":
                char, at = pattern[at : at + 1], at + 1
                if not char:
                    return None
            tokens.append(char if char.isalnum() or char == b"/" else b"\\" + char)
    return tokens


_OPEN, _CLOSE, _DASH, _COLON, _BACKSLASH = b"[]-:\\"
_CLASSES = {
    name: [(ord(pair[0]), ord(pair[-1])) for pair in pairs]
    for name, pairs in {
        b"alnum": ("09", "AZ", "az"),
        b"alpha": ("AZ", "az"),
        b"blank": ("\t", " "),
        b"cntrl": ("\0\x1f", "\x7f"),
        b"digit": ("09",),
        b"graph": ("!~",),
        b"lower": ("az",),
        b"print": (" ~",),
        b"punct": ("!/", ":@", "[`", "{~"),
        b"space": ("\t\n", "\r", " "),
        b"upper": ("AZ",),
        b"xdigit": ("09", "AF", "af"),
    }.items()
}


def _bracket(pattern: bytes, at: int) -> tuple[bytes, int] | None:
    """Read a set of bytes after its ``[``; None if it is not well formed."""
    negated = pattern[at : at + 1] in (b"!", b"^")
    at += negated
    ranges: list[tuple[int, int]] = []
    before = -1  # the byte that a range may start from
    begin, close = at, -1
    while at < len(pattern):
        char = pattern[at]
        after = pattern[at + 1 : at + 2]
        if char == _CLOSE and at > begin:
            return _set(ranges, negated=negated), at + 1
        if char == _DASH and before >= 0 and after not in (b"", b"]"):
            at += 2 if after == b"\\" else 1
            if at < len(pattern):
                ranges.append((before, pattern[at]))
            at, before = at + 1, -1
            continue
        if char == _OPEN and after == b":":
            if close < at + 2:
                close = pattern.find(b"]", at + 2)
            if close < 0:
                return None
            if close > at + 2 and pattern[close - 1] == _COLON:
                named = _CLASSES.get(pattern[at + 2 : close - 1])
                if named is None:
                    return None
                ranges += named
                at, before = close + 1, -1
                continue
        at += char == _BACKSLASH
        if at < len(pattern):
            before = pattern[at]
            ranges.append((before, before))
        at += 1
    return None


def _set(ranges: list[tuple[int, int]], *, negated: bool) -> bytes:
    """Return the regular expression for one byte of a set, never a slash."""
    kept = [rb"\x%02x-\x%02x" % pair for pair in ranges if pair[0] <= pair[1]]
    if negated:
        return b"[^/" + b"".join(kept) + b"]"
    return b"(?!/)[" + b"".join(kept) + b"]" if kept else _NEVER
