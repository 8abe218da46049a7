"""Secrets that no rule looks at, by the text around them, and flags that take passwords.

Sources: the manual page of each program. ``redis-cli -a``, ``mongosh -p``, ``curl -u
user:password``, ``ldapsearch -w``, ``cqlsh -p``, ``sqlcmd -P``, ``mosquitto_pub -P``,
``sshpass -p`` and ``mysql -p`` are the password itself.

A parser of the language finds more, and only real values. This serves to redact text
that is shown to others: also a value that another file overrides, a comment, and a
duplicate key.
"""

from __future__ import annotations

from tightship.lazy import TYPE_CHECKING, regex
from tightship.values.secret import (
    HINTS,
    is_placeholder_or_reference,
    known_tokens,
    looks_like_secret,
    url_passwords,
)

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator


_MONGO = "mongo mongosh mongodump mongorestore mongoexport mongoimport mongostat mongotop"
_LDAP = (
    "ldapadd ldapcompare ldapdelete ldapexop ldapmodify ldapmodrdn ldappasswd ldapsearch ldapwhoami"
)
_MYSQL = (
    "mysql mysqladmin mysqlcheck mysqldump mysqlimport mysqlshow mysql-admin mysql-check"
    " mysql-dump mysql-import mysql-show mariadb mariadbadmin mariadbcheck mariadbdump"
    " mariadbimport mariadbshow mariadb-admin mariadb-check mariadb-dump mariadb-import"
    " mariadb-show"
)

# Headers of HTTP that prove who sends them, each with its secret.
_HEADER_NAMES = ("authorization:", "private-token:", "x-api-key:")
_HEADER = regex(
    r"(?i)(?:authorization:\s{0,9}(?:basic|bearer|token)|private-token:|x-api-key:)"
    r"\s{0,9}([^\s\"']{1,4000})"
)


def _all(names: str, *flags: str) -> dict[str, tuple[str, ...]]:
    return dict.fromkeys(names.split(), flags)


PASSWORD_FLAGS = {
    **_all("redis-cli valkey-cli keydb-cli", "-a"),
    **_all(f"{_MONGO} cqlsh sshpass", "-p"),
    **_all(_LDAP, "-w"),
    **_all("sqlcmd mosquitto_pub mosquitto_sub mosquitto_rr zip unzip", "-P"),
}
"""The flags of programs whose next word is a password."""

ACCOUNT_FLAGS = {"curl": ("-u", "--user", "--proxy-user", "-U")}
"""The flags of programs whose next word is ``user:password``."""

GLUED = frozenset(_MYSQL.split())
"""Programs that take a password directly behind ``-p``, and none in the next word."""

_TAKING = GLUED.union(PASSWORD_FLAGS, ACCOUNT_FLAGS)
_GLUED_TO = regex(r"(?s)-p([^\s-].*)")


def takes_password(program: str) -> bool:
    """Return whether a program takes a password after such a flag."""
    return program in _TAKING


def given_password(program: str, before: str, word: str) -> str:
    """Return the password in a word of a program's command line; it may be empty.

    Args:
        program: the name of the program, without its folder.
        before: the word before, which may be the flag.
        word: the word.

    """
    if before in PASSWORD_FLAGS.get(program, ()):
        return word
    if before in ACCOUNT_FLAGS.get(program, ()):
        return word.partition(":")[2]
    if program != "sshpass" and program not in GLUED:
        return ""
    found = _GLUED_TO.fullmatch(word)
    return found[1] if found is not None else ""


def headers(text: str) -> Iterator[re.Match[str]]:
    """Yield the headers of HTTP in a text that prove who sends it, with a secret as group 1."""
    lower = text.lower()
    for name in _HEADER_NAMES:
        if name in lower:
            yield from _HEADER.finditer(text)
            return


def header_secret(text: str) -> str:
    """Return the secret of a text that is such a header, or an empty text."""
    text = text.strip()
    if not text.lower().startswith(_HEADER_NAMES):
        return ""
    found = _HEADER.fullmatch(text)
    return found[1] if found is not None else ""


_FIRST = "".join(one[0] for one in HINTS)
# Every line with a secret has one of these: words in its name, or the `@` of a URL. The set
# of first characters, also of those that are the same without case, lets `re` skip others.
_HINT = regex(
    rf"[@{_FIRST}{_FIRST.upper()}\u017f\u212a](?i:(?<=@)|"
    + "|".join(rf"(?<={one[0]}){one[1:]}" for one in HINTS)
    + ")"
)
_LINE_END = regex(r"[\r\n]")
# ``NAME=value``, ``"name": "value"``, ``--name value``, ``ENV NAME value``. The value is
# looked at only: if it is no secret, it may hold a name with its value itself.
_NAMED = regex(
    r"""(?:(?<![\w.-])(?<!\$\{)-{0,2}(?P<name>[A-Za-z_][\w.-]{0,199})["']?\]?[ \t]{0,40}(?:=>|[:=])[ \t]{0,40}"""
    r"""|(?<![\w-])(?:--|(?i:ENV)[ \t]{1,40})(?P<word>[A-Za-z_][\w.-]{0,199})[ \t]{1,40})"""
    r"""(?=(?P<value>"[^"\n]*"|'[^'\n]*'|[^\s,;}\]"']+))"""
)
# A flag too short to name its value, which is behind it, or in the next word or item.
_FLAG = regex(
    r"""-(?<![\w-]-)(?P<flag>[apuwPU])"""
    r"""(?P<gap>["']?(?:[ \t]{0,40},|\\\r?\n|[ \t]+-[ \t]|(?=[ \t"'\r\n]))\s{0,40}(?:-[ \t]{1,9})?["']?)?"""
    r"""(?P<value>[^\s"',;&|<>()\[\]{}`-][^\s"',;&|<>()\[\]{}`]{0,255})"""
)
# Of any program; the other flags are only read behind those that are known.
_OF_ANY = regex(r"-(?<![\w-]-)[pP]")
_PROGRAMS = (*PASSWORD_FLAGS, *ACCOUNT_FLAGS)
_PROGRAM = regex(r"[a-z][a-z_0-9-]*")
_BEFORE_FLAG = 200
# Of an unknown program, `-p` is a port, a path, a protocol: what has letters and digits is
# hidden.
_RANDOM = regex(r"(?=.*[A-Za-z])(?=.*[0-9])[^/:=.]{6,}")
_MAKES_FOLDERS = regex(r"(?:mkdir|cp|install|rmdir)[ \t]{1,9}")
# `docker run --name mongo -p 27017:27017`: ports, of another program.
_PORTS = regex(r"(?:[\d.]+:|\[[\da-fA-F:]+\]:)?[\d-]{1,11}:[\d-]{1,11}(?:/[a-z]{3,4})?")
# What follows the name of a file in a mount: `/etc/passwd:/etc/passwd:ro`.
_MOUNTED = regex(r"/.*|(?:ro|rw|z|Z)(?:,\w+)*")
_DEFAULT = regex(r"\$\{\w{1,200}:?-")
_LONGEST_LINE = 4_000
# Longer lines are read in parts that overlap.
_WINDOW = 3_600


def secrets_in(text: str) -> Iterator[tuple[int, int]]:
    """Find what looks like a secret, each with its start and its end.

    They are in no order, and may overlap.
    """
    yield from ((token.start, token.end) for token in known_tokens(text))
    yield from _after_flags(text)
    end = 0
    while (found := _HINT.search(text, end)) is not None:
        start, end = _line_at(text, found.start(), end)
        for at in range(start, end, _WINDOW):
            line = text[at : min(end, at + _LONGEST_LINE)]
            yield from ((at + a, at + b) for a, b in _in_line(line))


def _line_at(text: str, at: int, least: int) -> tuple[int, int]:
    """Return the start and end of the line at an offset; it starts at ``least`` or later."""
    start = max(least, *(text.rfind(one, least, at) + 1 for one in "\r\n"))
    found = _LINE_END.search(text, at)
    return start, len(text) if found is None else found.start()


def _in_line(line: str) -> Iterator[tuple[int, int]]:
    yield from url_passwords(line)
    for header in headers(line):
        if not is_placeholder_or_reference(header[1]):
            yield header.span(1)
    at = 0
    while (found := _NAMED.search(line, at)) is not None:
        at = found.end()
        name, (start, end) = found["name"] or found["word"], found.span("value")
        is_path = line[found.start() - 1 : found.start()] == "/"
        if is_path and _MOUNTED.fullmatch(line, start, end):
            continue
        if line[start] in "\"'":
            start, end = start + 1, end - 1
        default = line.startswith("${", start) and _DEFAULT.match(line, start, end)
        if default:
            start, end = default.end(), end - (line[end - 1] == "}")
        if looks_like_secret(name, line[start:end]):
            yield start, end
            at = end


def _after_flags(text: str) -> Iterator[tuple[int, int]]:
    """Find passwords after short flags, also on the next line or in the next item."""
    for name in _PROGRAMS:
        if name in text:
            break
    else:
        if not _OF_ANY.search(text):
            return
    for found in _FLAG.finditer(text):
        flag, value, end = f"-{found['flag']}", found["value"], found.end()
        before = text[max(0, found.start() - _BEFORE_FLAG) : found.start()]
        names = reversed(_PROGRAM.findall(before))
        last = next(filter(takes_password, names), "")
        is_next = found["gap"] is not None
        word = value if is_next else flag + value
        secret = given_password(last, flag if is_next else "", word)
        if (
            not secret
            and flag in ("-p", "-P")
            and _RANDOM.fullmatch(value)
            and not _MAKES_FOLDERS.fullmatch(before[before.rfind("\n") + 1 :].lstrip())
        ):
            secret = value
        if secret and not _PORTS.fullmatch(secret) and not is_placeholder_or_reference(secret):
            yield end - len(secret), end
