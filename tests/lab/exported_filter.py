"""The filter that libseccomp itself makes of rules, run as the kernel runs it."""

from __future__ import annotations

import ctypes
import struct
import tempfile
from ctypes.util import find_library
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

ALLOW, TRAP = 0x7FFF0000, 0x00030000
_X86_64 = 0xC000003E
_OPERATORS = ("NE", "LT", "LE", "EQ", "GE", "GT", "MASKED_EQ")

Conditions = list[dict[str, Any]]
Program = list[tuple[int, int, int, int]]


class _Comparison(ctypes.Structure):
    _fields_ = (
        ("index", ctypes.c_uint),
        ("operator", ctypes.c_int),
        ("value", ctypes.c_uint64),
        ("second", ctypes.c_uint64),
    )


@cache
def library() -> ctypes.CDLL | None:
    """Return libseccomp, or none where it is not installed."""
    found = find_library("seccomp")
    if found is None:
        return None
    loaded = ctypes.CDLL(found)
    loaded.seccomp_init.restype = ctypes.c_void_p
    return loaded


def exported(number: int, rules: Sequence[Conditions]) -> Program | None:
    """Return the program that stops a call by these rules, or none where one is rejected."""
    made = library()
    assert made is not None
    context = ctypes.c_void_p(made.seccomp_init(ctypes.c_uint32(ALLOW)))
    try:
        for conditions in rules:
            compared = (_Comparison * len(conditions))(*map(_comparison, conditions))
            action = ctypes.c_uint32(TRAP)
            if made.seccomp_rule_add_array(context, action, number, len(conditions), compared):
                return None
        with tempfile.TemporaryFile() as file:
            assert made.seccomp_export_bpf(context, file.fileno()) == 0
            file.seek(0)
            return list(struct.iter_unpack("HBBI", file.read()))
    finally:
        made.seccomp_release(context)


def _comparison(one: dict[str, Any]) -> _Comparison:
    operator = _OPERATORS.index(one["op"].removeprefix("SCMP_CMP_")) + 1
    return _Comparison(one["index"], operator, one["value"], one.get("valueTwo", 0))


def stops(program: Program, number: int, arguments: Sequence[int]) -> bool:
    """Return whether the program stops a call (Linux, kernel/bpf, the classic machine)."""
    data = struct.pack("<IIQ6Q", number, _X86_64, 0, *arguments)
    at, loaded = 0, 0
    while True:
        code, true, false, constant = program[at]
        at += 1
        match code:
            case 0x20:
                [loaded] = struct.unpack_from("<I", data, constant)
            case 0x54:
                loaded &= constant
            case 0x06:
                return constant != ALLOW
            case 0x05:
                at += constant
            case _:
                at += true if _jumps(code, loaded, constant) else false


def _jumps(code: int, loaded: int, constant: int) -> bool:
    compared = {0x15: loaded == constant, 0x25: loaded > constant, 0x35: loaded >= constant}
    return compared[code]
