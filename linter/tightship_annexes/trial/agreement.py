"""Whether a container works as the plain one does, and what differs."""

from __future__ import annotations

import socket
from itertools import takewhile

from tightship.lazy import Record, regex
from tightship_annexes.trial.observation import KILLED, unchanging

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Literal, TypeAlias

    from tightship_annexes.trial.observation import Observation

    Phase: TypeAlias = str
    Life: TypeAlias = Mapping[Phase, Observation]
    Signal: TypeAlias = Literal[
        "engine",
        "end",
        "memory",
        "exit code",
        "restarts",
        "health",
        "users",
        "ports",
        "log",
        "probe",
        "stop",
    ]


_REQUEST = b"GET / HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\nConnection: close\r\n\r\n"
_WORDS = regex(r"[ -~]{4,}")
_STATUS = regex(rb"HTTP/\d[.\d]* (\d{3})")
_NUMBERS = regex(r"\d+")
_CONNECT_SECONDS = 0.5
_FIRST_SECONDS = 0.4
_ANSWER_SECONDS = 1.5

OPEN = "it takes connections"
"""The answer of a port that says nothing to a request of HTTP."""


def answer(
    host: str,
    port: int,
    known: str = "",
    seconds: float = _ANSWER_SECONDS,
    masked: Callable[[str], str] = str,
) -> str | None:
    """Return what a port says, ``None`` if it takes no connection.

    Args:
        host: an address.
        port: a port.
        known: what it said before: a server that waits for a request is asked at once.
        seconds: how long it has to answer.
        masked: hides in a text what is not to be shown.

    """
    try:
        with socket.create_connection((host, port), _CONNECT_SECONDS) as server:
            waits = known == OPEN or known.startswith("HTTP")
            said = b"" if waits else _received(server, _FIRST_SECONDS)
            if not said:
                server.sendall(_REQUEST)
                # One that said nothing before need not say more now.
                said = _received(server, _FIRST_SECONDS if known == OPEN else seconds)
    except ConnectionResetError:
        return OPEN
    except OSError:
        return None
    return _normal(said, masked)


def _received(server: socket.socket, seconds: float) -> bytes:
    server.settimeout(seconds)
    try:
        return server.recv(512)
    except TimeoutError:
        return b""


def _normal(said: bytes, masked: Callable[[str], str]) -> str:
    status = _STATUS.match(said)
    if status:
        return f"HTTP {status[1].decode()}"
    words = _WORDS.search(masked(said.decode("latin-1")))
    return _NUMBERS.sub("", words[0])[:60].strip() if words else OPEN


START, STOP, AGAIN = "start", "stop", "second start"
RESTART, RECREATE = "restart", "a new container on the old data"

_MOST_LINES = 5
_HTTP, _CHANGES = "HTTP ", "\u2026"
_PARTS = regex(r"[a-zA-Z0-9]+|.")
_FACTOR, _ROOM = 2, 5.0
"""How much longer a container may take to stop: times the plain time, and seconds."""


class Difference(Record):
    """A difference from the plain run: the signal, the phase, a clause, and the end of the log."""

    signal: Signal
    phase: Phase
    text: str
    words: tuple[str, ...] = ()


def differences(plain: Life, seen: Life) -> tuple[Difference, ...]:
    """Return what differs in the phases that were seen; with nothing, the service works.

    A restart and a new container are compared with the second start.
    """
    known = frozenset[str]().union(*(one.refusals for one in plain.values()))
    optional = frozenset[str]().union(*(one.optional for one in plain.values()))
    lines = {unchanging(line) for one in plain.values() for line in one.words}
    found = list[Difference]()
    for phase, now in seen.items():
        before = plain.get(phase) or plain.get(AGAIN) or plain[START]
        own = [*_compared(before, now, phase, now.cause(lines))]
        found += (Difference(signal, phase, text, now.words) for signal, text in own)
        refused = sorted(now.refusals - known)
        new = [one for one in refused if not any(path in one for path in optional)][:_MOST_LINES]
        found += (Difference("log", phase, f"its log has `{line}`") for line in new)
        known |= now.refusals
        if before.running and not now.running:
            break  # What it would do next is not seen.
    return tuple(found)


def _compared(
    before: Observation, now: Observation, phase: Phase, cause: str
) -> Iterator[tuple[Signal, str]]:
    if now.refused:
        yield "engine", f"the engine does not start it: {now.refused}"
        return
    if now.out_of_memory and not before.out_of_memory:
        yield "memory", "it runs out of memory"
    if phase == STOP:
        yield from _stopped(before, now)
        return
    said = f": {cause}" if cause else ""
    if before.running and not now.running:
        yield "end", f"it ends with code {now.exit_code}{said}"
        return
    if now.running and not before.running:
        yield "end", "it does not end"
    elif before.exit_code != now.exit_code:
        yield "exit code", f"it ends with code {now.exit_code}, not {before.exit_code}{said}"
    if now.restarts > before.restarts:
        yield "restarts", f"it restarts {now.restarts} times{said}"
    if before.health == "healthy" and now.health != "healthy":
        yield "health", f"its health is `{now.health}`"
    yield from _served(before, now)


def _served(before: Observation, now: Observation) -> Iterator[tuple[Signal, str]]:
    if before.processes != now.processes:
        yield "users", f"it runs {_named(now)}, not {_named(before)}"
    for port, said in before.answers.items():
        answer = now.answers.get(port)
        if answer is None:
            yield "ports", f"port {port} does not answer"
        elif not _says(answer, said):
            yield "ports", f"port {port} says `{answer}`, not `{said}`"
    for probe in now.failed_probes:
        if probe not in before.failed_probes:
            yield "probe", f"the probe `{probe}` fails"


def settled_answers(first: Mapping[int, str], second: Mapping[int, str]) -> dict[int, str]:
    """Return what ports say in each start; of words that change, how they begin."""
    return {port: _common(said, second.get(port, said)) for port, said in first.items()}


def _common(one: str, other: str) -> str:
    if one == other or one.startswith(_HTTP):
        return one
    pairs = zip(_PARTS.findall(one), _PARTS.findall(other), strict=False)
    return "".join(part for part, _ in takewhile(lambda pair: pair[0] == pair[1], pairs)) + _CHANGES


def _says(answer: str, said: str) -> bool:
    if said.endswith(_CHANGES):
        return answer.startswith(said.removesuffix(_CHANGES)) and not answer.startswith(_HTTP)
    return said in (answer, OPEN)


def _stopped(before: Observation, now: Observation) -> Iterator[tuple[Signal, str]]:
    if now.exit_code == KILLED != before.exit_code:
        yield "stop", "it has to be killed"
    elif before.exit_code != now.exit_code:
        yield "stop", f"it stops with code {now.exit_code}, not {before.exit_code}"
    elif now.seconds > _FACTOR * before.seconds + _ROOM:
        yield "stop", f"it stops after {now.seconds:.0f} seconds, not {before.seconds:.0f}"


def _named(one: Observation) -> str:
    named = sorted(f"`{program}` as {user}" for user, program in one.processes)
    return ", ".join(named) or "nothing"
