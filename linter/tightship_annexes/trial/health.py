"""What a command that checks a service shows of it, by the programs that the command runs.

A check of health is written by people who know the service, but most ask it for a sign of
life. So it counts as work only if it writes or sends something. A probe is asked for as
proof, and counts as work unless it asks the service nothing.
"""

from __future__ import annotations

import posixpath

from tightship.lazy import regex

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tightship_annexes.trial.exercise import Word

_LONGEST = 2_000  # of a check that anybody's image may have
_COMMANDS = regex(r"[;&|\n(){}]+")
_ALWAYS_SUCCEEDS = regex(r"(?:\|\||;)\s*(?:true|:|exit\s+0)\s*;?\s*$")
_ASSIGNED = regex(r"\w+=\S*")
_BEFORE = frozenset(("env", "exec", "if", "then", "time", "!"))

_CLIENTS = frozenset((
    *("amqp-publish", "clickhouse-client", "cqlsh", "curl", "dig", "drill", "grpc_health_probe"),
    *("grpcurl", "host", "http", "https", "keydb-cli", "ldapadd", "ldapmodify", "ldapsearch"),
    *("ldapwhoami", "mariadb", "mariadb-admin", "mongo", "mongosh", "mosquitto_pub", "mysql"),
    *("mysqladmin", "nslookup", "pg_isready", "psql", "rabbitmq-diagnostics", "rabbitmqctl"),
    *("redis-cli", "rsync", "smbclient", "sqlcmd", "swaks", "valkey-cli", "wget"),
))  # fmt: skip
"""Programs that fail unless a server replies to them."""

_WRITES = regex(
    r"(?i)\b(?:curl|wget|https?)\s(?:.*\s)?(?:"
    r"-(?-i:d|F|T)\b|--(?:data|form|json|upload-file|post-data|post-file|body-data|body-file)\b"
    r"|(?:-X ?|--request[ =]|--method[ =])?(?:POST|PUT|PATCH)\b)"
    r"|\b(?:clickhouse-client|cqlsh|mariadb|mysql|psql|sqlcmd)\s.*\b(?:insert|update|create|replace)\b"
    r"|\b(?:redis|valkey|keydb)-cli\s(?:.*\s)?(?:set|hset|incr|[lr]push|xadd|publish)\b"
    r"|\bmongo(?:sh)?\s.*\b(?:insert|update|replace)(?:One|Many)\b|\bsmbclient\s.*\bput\b"
    r"|\b(?:amqp-publish|ldapadd|ldapmodify|mosquitto_pub|swaks)\s"
)
"""Clients with words that make them write or send something to the server."""

_IDLE = frozenset((
    *(":", "[", "[[", "cat", "echo", "exit", "false", "grep", "kill", "ls", "netstat", "pgrep"),
    *("pidof", "ps", "sleep", "ss", "stat", "test", "true"),
))  # fmt: skip
"""Programs that ask no server anything."""

_ONLY_OPENS = regex(r"\b(?:nc|ncat|netcat)\s(?:.*\s)?-\w*z|/dev/tcp/|telnet://")


def word_of_check(test: Sequence[str]) -> Word:
    """Return what a health check shows, by its `test` as an engine knows it."""
    kind, *words = test or ("NONE",)
    command = " ".join(words) if kind in ("CMD", "CMD-SHELL") else ""
    if len(command) > _LONGEST or not {*_programs(command)} & _CLIENTS:
        return "starts"
    if _ALWAYS_SUCCEEDS.search(command) or _ONLY_OPENS.search(command):
        return "starts"
    return "used" if _WRITES.search(command) else "answers"


def word_of_probe(command: str) -> Word:
    """Return what a probe shows: that the service is used, unless it asks it nothing."""
    is_idle = {*_programs(command)} <= _IDLE or _ONLY_OPENS.search(command)
    return "starts" if is_idle or _ALWAYS_SUCCEEDS.search(command) else "used"


def _programs(command: str) -> Iterator[str]:
    """Yield the names of the programs at the beginnings of simple commands, roughly.

    A word that only looks like one makes no check stronger than what it then has to write.
    """
    for part in _COMMANDS.split(command):
        words = part.replace('"', " ").replace("'", " ").split()
        while words and (_ASSIGNED.fullmatch(words[0]) or words[0] in _BEFORE):
            del words[0]
        if words and words[0] in ("timeout", "sh", "bash", "/bin/sh", "/bin/bash"):
            # The command is behind options and a time.
            rest = [one for one in words[1:] if not one.startswith("-") and not one[:1].isdigit()]
            words = [*rest[:1]] or words
        if words:
            yield posixpath.basename(words[0])
