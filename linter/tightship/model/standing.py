"""The values of settings that a partly known text has, once its variables are empty."""

from __future__ import annotations

from tightship.lazy import TYPE_CHECKING, regex
from tightship.values import capability, device, scalar

if TYPE_CHECKING:
    from collections.abc import Callable

_HOST = regex("host").fullmatch
_NUMBER = regex(r"-?\d+(?:\.\d+)?[bkmg]?").fullmatch
_GIVING: dict[str, Callable[[str], object]] = {
    **dict.fromkeys(("cgroup", "ipc", "network_mode", "pid", "userns_mode", "uts"), _HOST),
    **dict.fromkeys(("driver", "name", "network"), _HOST),
    **dict.fromkeys(("cpus", "mem_limit", "memory", "pids", "pids_limit"), _NUMBER),
    "cap_add": capability.is_known,
    "cgroup_parent": regex("/.*").fullmatch,
    "device_cgroup_rules": device.parse_rule,
    "environment": regex("(?i)0|1|false|no|off|on|true|trust|yes").fullmatch,
    "group_add": regex(r"\w[\w-]*").fullmatch,
    "security_opt": regex(
        r"(?:[a-z-]+[:=])+(?:unconfined|disable|true|false|ALL|type[:=]\w+)|no-new-privileges"
    ).fullmatch,
    "user": regex(r"(?:0+|root)(?::\w*)?").fullmatch,
}


def is_value(key: str, text: str) -> bool:
    """Return whether the text that is left of a partly known one is a value of a key.

    Then the whole can hardly be another: no `${X}true` is a value but `true`. A path, a name
    or a version has any number of others, so those stay open.
    """
    return bool(_GIVING.get(key, _is_flag)(text))


def _is_flag(text: str) -> bool:
    return scalar.as_bool(text) is not None
