"""The text of a seccomp profile, read as Compose, the engine and runc read it."""

from __future__ import annotations

from tightship.isolation.seccomp_profile import RejectedProfile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, NoReturn

_ARGUMENTS = 6
_UINT32, _UINT64 = 1 << 32, 1 << 64
# Those of the runtime specification, config-linux.md, with the later ones.
_ARCHITECTURES = frozenset(
    [
        "X86",
        "X86_64",
        "X32",
        "ARM",
        "AARCH64",
        "MIPS",
        "MIPS64",
        "MIPS64N32",
        "MIPSEL",
        "MIPSEL64",
        "MIPSEL64N32",
        "PPC",
        "PPC64",
        "PPC64LE",
        "S390",
        "S390X",
        "PARISC",
        "PARISC64",
        "RISCV64",
        "LOONGARCH64",
        "M68K",
        "SH",
        "SHEB",
    ]
)


class _FaultError(Exception):
    """A part of a profile is invalid; the text says which."""


def read_profile(text: str) -> dict[str, Any] | RejectedProfile:
    """Return a profile with the names of fields as moby spells them, or the fault.

    Compose compacts the JSON (docker/compose, pkg/compose/create.go), the engine decodes
    it (moby 26.1.5, profiles/seccomp/seccomp.go), with any case in the names of fields,
    and runc converts it (runc 1.1, libcontainer/seccomp/config.go).
    """
    import json  # few projects have a profile

    try:
        value: Any = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return RejectedProfile("Compose", "the profile is not valid JSON; fix it")
    try:
        return _profile(value)
    except _FaultError as fault:
        return RejectedProfile("the Docker Engine", f"{fault}; fix the profile")


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _profile(value: Any) -> dict[str, Any]:
    read = _object(value, "the profile", _PROFILE)
    if read.get("architectures") and read.get("archMap"):
        raise _FaultError("the profile has both `architectures` and `archMap`")
    rules = read.get("syscalls") or ()
    if read.get("defaultAction") or rules:
        _known_action(read.get("defaultAction") or "")
    return read


def _known_action(name: str) -> None:
    from tightship.isolation.seccomp_filter import ACTIONS

    if name not in ACTIONS:
        raise _FaultError(f"`{name}` is not a seccomp action")


def _object(value: Any, what: str, fields: dict[str, Callable[[Any, str], Any]]) -> dict[str, Any]:
    """Return the known fields of an object; null stands for none."""
    if value is None:
        return {}
    if not issubclass(type(value), dict):
        raise _FaultError(f"{what} is not an object")
    spelled = {name.lower(): name for name in fields}
    return {
        name: fields[name](inner, f"`{name}`")
        for key, inner in value.items()
        if (name := spelled.get(str(key).lower())) is not None
    }


def _text(value: Any, what: str) -> str:
    if value is not None and not isinstance(value, str):
        raise _FaultError(f"{what} is not a text")
    return value or ""


def _number(limit: int) -> Callable[[Any, str], int | None]:
    def read(value: Any, what: str) -> int | None:
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool):
            raise _FaultError(f"{what} is not a number")
        if not 0 <= value < limit:
            raise _FaultError(f"{what} is out of range")
        return value

    return read


def _list(of: Callable[[Any, str], Any]) -> Callable[[Any, str], list[Any] | None]:
    def read(value: Any, what: str) -> list[Any] | None:
        if value is None:
            return None
        if not issubclass(type(value), list):
            raise _FaultError(f"{what} is not a list")
        return [of(one, f"an item of {what}") for one in value]

    return read


def _kernel(value: Any, what: str) -> str:
    text = _text(value, what)
    first, dot, second = text.partition(".")
    small = dot and all(_is_small(one) for one in (first, second))
    if text and not (small and int(first) + int(second)):
        raise _FaultError(f"`{text}` is not a version of the kernel, such as `4.8`")
    return text


def _is_small(text: str) -> bool:
    return text.isascii() and text.isdecimal() and int(text) < 256


def _operator(value: Any, what: str) -> str:
    from tightship.isolation.seccomp_filter import OPERATORS

    name = _text(value, what)
    if name not in OPERATORS:
        raise _FaultError(f"`{name}` is not a seccomp operator")
    return name


def _rule(value: Any, what: str) -> dict[str, Any]:
    """Return a rule; the engine leaves out one whose conditions do not hold."""
    if value is None:
        raise _FaultError("a rule of `syscalls` is null")
    read = _object(value, what, _RULE)
    if read.get("name") and read.get("names"):
        raise _FaultError("a rule has both `name` and `names`")
    if not read.get("includes") and not read.get("excludes"):
        _known_action(read.get("action") or "")
    if "" in (read.get("names") or ()):
        raise _FaultError("a rule names an empty call")
    return read


def _argument(value: Any, what: str) -> dict[str, Any]:
    read = _object(value, what, _ARGUMENT)
    if "op" not in read:
        raise _FaultError(f"{what} has no `op`")
    if (read.get("index") or 0) >= _ARGUMENTS:
        raise _FaultError("the `index` of an argument is at most 5")
    return read


def _fields_of_filter(value: Any, what: str) -> dict[str, Any]:
    return _object(value, what, _FILTER)


def _map(value: Any, what: str) -> dict[str, Any]:
    return _object(value, what, _MAP)


def _architecture(value: Any, what: str) -> str:
    name = _text(value, what)
    if name.removeprefix("SCMP_ARCH_") not in _ARCHITECTURES:
        raise _FaultError(f"`{name}` is not a seccomp architecture")
    return name


_FILTER: dict[str, Callable[[Any, str], Any]] = {
    "caps": _list(_text),
    "arches": _list(_text),
    "minKernel": _kernel,
}
_ARGUMENT: dict[str, Callable[[Any, str], Any]] = {
    "index": _number(_UINT64),
    "value": _number(_UINT64),
    "valueTwo": _number(_UINT64),
    "op": _operator,
}
_MAP: dict[str, Callable[[Any, str], Any]] = {
    "architecture": _text,
    "subArchitectures": _list(_text),
}
_RULE: dict[str, Callable[[Any, str], Any]] = {
    "names": _list(_text),
    "name": _text,
    "action": _text,
    "errnoRet": _number(_UINT32),
    "args": _list(_argument),
    "comment": _text,
    "includes": _fields_of_filter,
    "excludes": _fields_of_filter,
}
_PROFILE: dict[str, Callable[[Any, str], Any]] = {
    "defaultAction": _text,
    "defaultErrnoRet": _number(_UINT32),
    "architectures": _list(_architecture),
    "archMap": _list(_map),
    "flags": _list(_text),
    "syscalls": _list(_rule),
}
