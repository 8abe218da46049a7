"""The user that a process runs as, and the signals that Docker knows by name."""

from __future__ import annotations

from tightship.lazy import regex
from tightship.values.hole import mask

_ZERO = regex(r"[+-]?0+")


def is_root(text: str) -> bool | None:
    """Return whether ``user`` or ``user:group`` is root; ``None`` if a hole decides.

    Neither is ``toor`` decided, which images have as a second name of root.

    Root is the name and every spelling of 0 that Go's strconv.Atoi reads. A group alone
    (``:0``) leaves the user at its default, which is 0 (moby's user package,
    GetExecUser). An empty text leaves the user to the image.
    """
    user, colon, _ = mask(text).partition(":")
    if "\0" in user or user == "toor":
        return None
    group_alone = colon != "" and not user
    return user == "root" or _ZERO.fullmatch(user) is not None or group_alone


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
