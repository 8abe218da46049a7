"""Programs that take a password after a flag too short to say so.

Sources: the manual page of each program. ``redis-cli -a``, ``mongosh -p``, ``curl -u
user:password``, ``ldapsearch -w``, ``cqlsh -p``, ``sqlcmd -P``, ``mosquitto_pub -P``,
``sshpass -p`` and ``mysql -p`` are the password itself.
"""

from __future__ import annotations

import re

from tightship.lazy.regex import regex

_MONGO = (
    "mongo mongosh mongodump mongorestore mongoexport mongoimport mongostat mongotop"
)
_LDAP = (
    "ldapadd ldapcompare ldapdelete ldapexop ldapmodify ldapmodrdn ldappasswd ldapsearch"
    " ldapwhoami"
)

HEADER = regex(
    r"(?:authorization:\s{0,9}(?:basic|bearer|token)|private-token:|x-api-key:)"
    r"\s{0,9}([^\s\"']{1,4000})",
    re.IGNORECASE,
)
"""A header of HTTP that proves who sends it, with its secret."""


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

GLUED = regex(r"(?:mysql|mariadb)(?:-?(?:admin|check|dump|import|show))?")
"""Programs that take a password directly behind ``-p``, and none in the next word."""

_GLUED_TO = regex(r"-p([^\s-].*)", re.DOTALL)


def takes_password(program: str) -> bool:
    """Return whether a program takes a password after such a flag."""
    return (
        program in PASSWORD_FLAGS
        or program in ACCOUNT_FLAGS
        or GLUED.fullmatch(program) is not None
    )


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
    found = _GLUED_TO.fullmatch(word)
    takes_glued = found is not None and (
        program == "sshpass" or GLUED.fullmatch(program) is not None
    )
    return found[1] if found is not None and takes_glued else ""
