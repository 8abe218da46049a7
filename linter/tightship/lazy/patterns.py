"""Compiled regular expressions, kept where Python keeps bytecode.

To import ``re`` takes a tenth of a run over one file, and to compile the patterns of such
a run up to another tenth. Python keeps the code of functions, but not that of patterns. So
a run that has compiled some adds them to the bytecode of ``kept_patterns.py``: for this
version of Python, where bytecode may be written, and only patterns of Tightship's own.
"""

from __future__ import annotations

import sys

from tightship.lazy import cache
from tightship.lazy.modules import keeper

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from typing import Any

    # The flags, the code, the number of groups, and the names of groups.
    Entry = tuple[int, bytes, int, tuple[tuple[str, int], ...]]

    _new: dict[str | bytes, re.Pattern[Any]]

_KEEPER = keeper("kept_patterns") if sys.implementation.name == "cpython" else None
_WORD = 4  # bytes of an unsigned integer in C
_new = {}


def _read() -> dict[str | bytes, Entry]:
    try:
        kept: dict[str | bytes, Entry] = _KEEPER.run()["DATA"][sys.version] if _KEEPER else {}
    except Exception:  # of another version, or damaged bytecode, which may raise anything
        return {}
    return kept


_kept = _read()


@cache
def compiled(pattern: str | bytes) -> re.Pattern[Any]:
    """Return the compiled pattern, from what is kept if it is there."""
    entry = _kept.get(pattern)
    if entry is not None:
        return _restored(pattern, *entry)
    import re

    made = _new[pattern] = re.compile(pattern)
    return made


def keep() -> None:
    """Keep what this process has compiled, where it may and can."""
    if _KEEPER is None or not _new or not _KEEPER.may_keep():
        return
    try:
        new = {key: _entry(key, made) for key, made in _new.items()}
    except (AttributeError, ImportError, TypeError):  # these parts of `re` are not public
        return
    sound = {key: one for key, one in new.items() if _restored(key, *one) == _new[key]}
    _KEEPER.keep(f"DATA = { ({sys.version: _read() | sound})!r}")


def _entry(pattern: str | bytes, made: re.Pattern[Any]) -> Entry:
    """Return what :func:`_restored` makes an equal pattern of."""
    compiler: Any = __import__("re._compiler", fromlist=["_code"])
    words = compiler._code(compiler._parser.parse(pattern, 0), 0)
    code = b"".join(word.to_bytes(_WORD, sys.byteorder) for word in words)
    return made.flags, code, made.groups, (*made.groupindex.items(),)


def _restored(
    pattern: str | bytes, flags: int, code: bytes, groups: int, named: tuple[tuple[str, int], ...]
) -> re.Pattern[Any]:
    """Return a pattern as the last step of ``re.compile`` does."""
    names: list[str | None] = [None] * (groups + 1)
    for name, number in named:
        names[number] = name
    words = memoryview(code).cast("I").tolist()
    made: re.Pattern[Any] = __import__("_sre").compile(
        pattern, flags, words, groups, dict(named), tuple(names)
    )
    return made
