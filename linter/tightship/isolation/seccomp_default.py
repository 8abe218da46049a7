"""The calls that the default seccomp profile of an engine allows, by condition.

The calls are in ``facts/seccomp.toml``. They become the data of a profile, so that one reader
serves for it and for the profile of a project.
"""

from __future__ import annotations

from tightship.lazy.modules import facts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_FACTS = facts("seccomp")
_CALLS: dict[str, str] = _FACTS["calls"]
# CLONE_NEW… but for time namespaces, which share a bit with the signal.
_NEW_NAMESPACES = 0x7E020000
_PERSONALITIES = (0x0, 0x8, 0x20000, 0x20008, 0xFFFFFFFF)
# AF_VSOCK is 40, and AF_ALG 38.
_SOCKETS = (("SCMP_CMP_NE", 40),)
_AF_NETLINK, _NETLINK_AUDIT = 16, 9
_SOCKETS_29_4 = (("SCMP_CMP_LT", 38), ("SCMP_CMP_EQ", 39), ("SCMP_CMP_GT", 40))

ENGINES: dict[str, str] = _FACTS["engines"]
"""The engines with another default than the one before, with the source of the facts."""


PODMAN = "Podman"
"""The engine whose default is in a table of its own."""


def known_calls() -> frozenset[str]:
    """Return the calls that Linux has on more than one architecture."""
    tables = (_CALLS, _FACTS["by_capability"], _FACTS["by_capability_29"])
    named = " ".join(calls for table in tables for calls in table.values())
    return frozenset(named.split()) | {"socket", "personality", "clone", "clone3"}


def architecture_calls() -> frozenset[str]:
    """Return the calls that only some architectures have."""
    return frozenset(" ".join(_FACTS["by_architecture"].values()).split())


def default_profile(engine: str) -> dict[str, Any]:
    """Return the default profile of one of :data:`ENGINES`, or of :data:`PODMAN`."""
    if engine == PODMAN:
        return _default_of_podman()
    later = engine != "26.1.5"
    sockets = _SOCKETS_29_4 if engine == "29.4.2" else _SOCKETS
    return {
        "defaultAction": "SCMP_ACT_ERRNO",
        "defaultErrnoRet": 1,
        "syscalls": [
            _allow(_CALLS["allowed"] + (" " + _CALLS["allowed_29"] if later else "")),
            *(_allow("socket", args=[_argument(op, at)]) for op, at in sockets),
            *(_allow("personality", args=[_argument("SCMP_CMP_EQ", at)]) for at in _PERSONALITIES),
            *(
                _allow(calls, includes={"minKernel": version})
                for version, calls in _FACTS["by_kernel"].items()
            ),
            *(
                _allow(calls, includes={"arches": architectures.split()})
                for architectures, calls in _FACTS["by_architecture"].items()
            ),
            *_by_capability("by_capability"),
            *(_by_capability("by_capability_29") if later else ()),
            *_clone(),
        ],
    }


def _default_of_podman() -> dict[str, Any]:
    """Return Podman's default; of sockets, it denies one protocol without a capability."""
    own, audit = _FACTS["podman"], ["CAP_AUDIT_WRITE"]
    allowed = {*_CALLS["allowed"].split(), *own["more"].split()} - {*own["less"].split()}
    return {
        "defaultAction": "SCMP_ACT_ERRNO",
        "defaultErrnoRet": 38,
        "syscalls": [
            _allow(" ".join(sorted(allowed))),
            *(_allow("personality", args=[_argument("SCMP_CMP_EQ", at)]) for at in _PERSONALITIES),
            *(
                _allow(calls, includes={"arches": architectures.split()})
                for architectures, calls in _FACTS["by_architecture"].items()
            ),
            *(
                _allow(calls, includes={"caps": [f"CAP_{one}" for one in names.split()]})
                for names, calls in own["by_capability"].items()
            ),
            _allow("socket", includes={"caps": audit}),
            *(
                _allow("socket", args=[argument], excludes={"caps": audit})
                for argument in (
                    _argument("SCMP_CMP_NE", _AF_NETLINK),
                    _argument("SCMP_CMP_NE", _NETLINK_AUDIT, 2),
                )
            ),
        ],
    }


def _allow(calls: str, **conditions: Any) -> dict[str, Any]:
    return {"names": calls.split(), "action": "SCMP_ACT_ALLOW", **conditions}


def _argument(op: str, value: int, index: int = 0) -> dict[str, Any]:
    return {"index": index, "value": value, "valueTwo": 0, "op": op}


def _by_capability(table: str) -> list[dict[str, Any]]:
    return [
        _allow(calls, includes={"caps": [f"CAP_{name}"]}) for name, calls in _FACTS[table].items()
    ]


def _clone() -> list[dict[str, Any]]:
    """Return the rules for a process without new namespaces; ``clone3`` hides its flags."""
    admin, s390 = ["CAP_SYS_ADMIN"], ["s390", "s390x"]
    first = _argument("SCMP_CMP_MASKED_EQ", _NEW_NAMESPACES)
    second = _argument("SCMP_CMP_MASKED_EQ", _NEW_NAMESPACES, 1)
    return [
        _allow("clone", args=[first], excludes={"caps": admin, "arches": s390}),
        _allow("clone", args=[second], includes={"arches": s390}, excludes={"caps": admin}),
        {
            "names": ["clone3"],
            "action": "SCMP_ACT_ERRNO",
            "errnoRet": 38,
            "excludes": {"caps": admin},
        },
    ]
