"""The signals that Docker knows by name."""

from __future__ import annotations

from tightship.lazy import regex

_WORDS = """
ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT SEGV
STKFLT STOP SYS TERM TRAP TSTP TTIN TTOU URG USR1 USR2 VTALRM WINCH XCPU XFSZ
"""

_NAMES = frozenset(_WORDS.split())
_REAL_TIME = regex(r"RTMIN(?:\+(?:[1-9]|1[0-5]))?|RTMAX(?:-(?:[1-9]|1[0-4]))?")
_NUMBER = regex(r"[+-]?[0-9]{1,18}")

SIGNALS = tuple(sorted(f"SIG{name}" for name in _NAMES))
"""The names, without those of real-time signals."""


def is_signal(word: str) -> bool:
    """Return whether Docker takes a word for a signal, with or without ``SIG``.

    Any number but 0 will do (moby/sys/signal, ``ParseSignal``; verified with
    BuildKit 0.13).
    """
    if _NUMBER.fullmatch(word):
        return int(word) != 0
    name = word.upper().removeprefix("SIG")
    return name in _NAMES or _REAL_TIME.fullmatch(name) is not None
