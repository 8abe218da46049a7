"""Programs that take a password after a flag too short to say so.

Sources: the manual page of each program. ``redis-cli -a``, ``mongosh -p``, ``curl -u
user:password``, ``ldapsearch -w``, ``cqlsh -p``, ``sqlcmd -P``, ``mosquitto_pub -P``,
``sshpass -p`` and ``mysql -p`` are the password itself.
"""

from __future__ import annotations

import re

from tightship.lazy import regex

TYPE_CHECKING = False
if TYPE_CHECKING:
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
    r"(?:authorization:\s{0,9}(?:basic|bearer|token)|private-token:|x-api-key:)"
    r"\s{0,9}([^\s\"']{1,4000})",
    re.IGNORECASE,
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
_GLUED_TO = regex(r"-p([^\s-].*)", re.DOTALL)


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
