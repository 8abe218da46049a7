"""What was seen to work, and how much each setting of a hardening was exercised by it.

There are three words. A service *starts* where it came up, stopped and came up again, on old
and new data. It *answers* where a port replied to a question, or a health check asked for a
reply. It is *used* where work was seen: by a probe, by a person, by a health check that
writes, or by a program that ran to its end. Only what was used is proved.
"""

from __future__ import annotations

from tightship.lazy import Record
from tightship_annexes.trial.agreement import OPEN, START
from tightship_annexes.trial.hardening import MECHANISMS
from tightship_annexes.trial.health import word_of_check, word_of_probe
from tightship_annexes.trial.observation import ports_of
from tightship_annexes.trial.reach import address

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from typing import Any, Literal, TypeAlias

    from tightship_annexes.trial.agreement import Life
    from tightship_annexes.trial.guess import Plain
    from tightship_annexes.trial.hardening import Hardening, Mechanism
    from tightship_annexes.trial.probes import Probe
    from tightship_annexes.trial.reach import Reach

    Word: TypeAlias = Literal["starts", "answers", "used"]
    Ports: TypeAlias = Collection[tuple[int, str]]

WORDS: tuple[Word, ...] = ("starts", "answers", "used")
"""The words, the weakest first."""


class Exercise(Record):
    """Something that was seen to work on each copy of a service: its word, and a phrase.

    ``hardening`` is what the copies had, if not the one that was found in the end, and
    ``beyond`` are the mechanisms of which it shows nothing but that the service starts.
    """

    word: Word
    text: str
    hardening: Hardening | None = None
    beyond: frozenset[Mechanism] = frozenset()

    def word_for(self, mechanism: Mechanism, found: Hardening) -> Word:
        """Return what it says of a mechanism, with which the service is left."""
        others: list[Mechanism] = [one for one in MECHANISMS if one != mechanism]
        seen = self.hardening or found
        is_same = seen.without(others) == found.without(others)
        return self.word if is_same and mechanism not in self.beyond else "starts"


def words(hardening: Hardening, exercises: Sequence[Exercise]) -> dict[Mechanism, Word]:
    """Return the strongest word of each mechanism that a hardening changes."""
    found: dict[Mechanism, Word] = {}
    for mechanism in hardening.mechanisms:
        every: list[Word] = [one.word_for(mechanism, hardening) for one in exercises]
        found[mechanism] = max((*every, WORDS[0]), key=WORDS.index)
    return found


def exercises(
    plain: Plain, life: Life, probes: Mapping[Probe, bool], published: Ports
) -> Iterator[Exercise]:
    """Yield what works in the plain life of a service, and so with its hardening.

    Args:
        plain: what is known of the service.
        life: what was seen of it.
        probes: those that succeed, and whether each is one of this service alone.
        published: the ports that the project publishes, with their protocols.

    """
    first = life[START]
    # One port in use says little of a service that also publishes another one.
    is_whole = not any(pair in published for pair, _ in _unasked(plain, life, probes))
    answers: Word = "answers" if is_whole else "starts"
    for port, said in _said(life).items():
        yield Exercise(answers if _is_reply(said) else "starts", f"port {port}: `{said}`")
    if users := sorted({user for user, _ in first.processes}):
        yield Exercise("starts", f"processes of users {', '.join(map(str, users))}")
    if first.health == "healthy":
        check: Mapping[str, Any] = plain.about["Config"].get("Healthcheck") or {}
        word = word_of_check(check.get("Test") or ())
        # It is one small request at a time, and no load.
        yield Exercise(
            answers if word == "answers" else word,
            "its health check",
            beyond=frozenset(("limits",)),
        )
    for probe, is_own in probes.items():
        word = _word_of(probe) if is_own else "starts"
        yield Exercise(word, f"`{probe.command}`")
    if not first.running:
        yield Exercise("used", "its run to the end")
    yield Exercise(
        "starts", "stop, start, restart and a new container on old data, on new data too"
    )


def _word_of(probe: Probe) -> Word:
    asks = probe.request is not None or probe.word == "answers"
    return probe.word if asks else word_of_probe(probe.command)


def unexercised(plain: Plain, life: Life, probes: Collection[Probe], how: Reach) -> Iterator[str]:
    """Yield the ports of a service that gave no reply, as phrases.

    Args:
        plain: what is known of the service.
        life: what was seen of it.
        probes: those that succeed.
        how: how ports are reached from this machine.

    """
    for (port, kind), text in _unasked(plain, life, probes):
        is_asked = kind == "udp" or address(plain.about, port, how)
        yield text if is_asked else f"port {port}, which is not reached from this machine"


def _unasked(
    plain: Plain, life: Life, probes: Collection[Probe]
) -> Iterator[tuple[tuple[int, str], str]]:
    said = _said(life)
    open_ports = ports_of(plain.about)
    for port in open_ports if life[START].running else ():
        if any(one.names(port) for one in probes):
            continue
        if port not in said:
            waited = f" in {life[START].waited:.0f} s" if life[START].waited else ""
            yield (port, "tcp"), f"port {port}, which did not answer{waited}"
        elif not _is_reply(said[port]):
            text = "only takes connections" if said[port] == OPEN else f"says `{said[port]}`"
            yield (port, "tcp"), f"port {port}, which {text}"
    for port in plain.udp_ports:
        if not any(one.asks_udp(port, open_ports) for one in probes):
            yield (port, "udp"), f"UDP port {port}"


def _said(life: Life) -> dict[int, str]:
    return {port: text for one in life.values() for port, text in one.answers.items()}


def _is_reply(said: str) -> bool:
    """Return whether a port replied: a connection alone is none, nor is a failure of the server."""
    return said != OPEN and not said.startswith("HTTP 5")
