"""Limits of memory and processes: from what was asked of a service, or as bounds of the host.

What an idle server uses says nothing of a busy one: no limit comes from that alone.
"""

from __future__ import annotations

from tightship.isolation.needed_limits import beside_heap
from tightship.lazy import Record, regex
from tightship.values.quantity import parse_bytes
from tightship_annexes.trial.bounds import has_limit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from tightship_annexes.trial.guess import Plain

_MEGABYTE = 1 << 20
_LEAST, _PROCESSES = 256 * _MEGABYTE, 2048  # as the rules have it (isolation.needed_limits)
_ROOM, _OF_SEEN = 8, 4
"""A limit has to be that many times what was used while probes asked, and in any case."""

_PROBED = "its probes"
_OF_HOST = "a bound that protects the host, as no load was seen"
_JAVA = regex(r"-Xmx(\d+[kmgt]?)\b")
_NODE = regex(r"--max[-_]old[-_]space[-_]size[= ](\d+)\b")
_GO = regex(r"GOMEMLIMIT=(\d+[KMGT]?)i?B")


class Limits(Record):
    """Limits that a service lacks: ``memory`` in bytes, and ``why`` it is so much."""

    memory: int | None = None
    why: str = ""
    processes: int | None = None


def limits_of(plain: Plain) -> Limits:
    """Return limits for what has none of its own, where its use is known."""
    memory, why = _memory(plain)
    seen = _OF_SEEN * (plain.usage.processes or 0)
    most = max(_PROCESSES, rounded(seen))
    own = has_limit(plain.about, "pids_limit", plain.bounds)
    return Limits(memory, why, None if own else most)


def _memory(plain: Plain) -> tuple[int | None, str]:
    used, key = plain.usage.memory, "mem_limit"
    if used is None or has_limit(plain.about, key, plain.bounds):
        return None, ""
    share, least = plain.bounds.get(key), max(_LEAST, _OF_SEEN * used)
    heap = max(_heaps(plain.about["Config"]), default=None)
    if heap is not None:
        found, why = max(least, heap[0]), f"`{heap[1]}`, and what its program needs more"
    elif plain.is_probed:
        found, why = max(least, _ROOM * used), _PROBED
    elif share is not None:
        found, why = max(least, 1 << share.bit_length() - 1), _OF_HOST
    else:
        return None, ""
    limit = rounded(found)
    # The trial's own bound is less: what works below it does not show that this is enough.
    return (limit, why) if share is None or limit <= share else (None, "")


def _heaps(config: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    """Yield the memory for each heap that settings bound, with the setting."""
    words = [word for key in ("Env", "Entrypoint", "Cmd") for word in config.get(key) or ()]
    text = " ".join(words)
    for one in _JAVA.finditer(text):
        own = parse_bytes(one[1].lower()) or 0
        yield own + beside_heap(own), one[0]
    for one in _NODE.finditer(text):
        own = int(one[1]) * _MEGABYTE
        yield own + max(own // 2, _LEAST), one[0]
    for one in _GO.finditer(text):
        own = parse_bytes(one[1].lower()) or 0
        yield own + max(own // 4, _LEAST // 4), one[0]


def rounded(least: int) -> int:
    """Return the least power of two that is as large."""
    return 1 << max(0, least - 1).bit_length()


def size(limit: int) -> str:
    """Return a limit as people write it."""
    whole, rest = divmod(limit // _MEGABYTE, 1024)
    return f"{whole}g" if whole and not rest else f"{limit // _MEGABYTE}m"
