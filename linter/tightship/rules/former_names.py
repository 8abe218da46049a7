"""The names that rules had: settings, comments and fingerprints keep them.

A former name is also one of the rule's aliases, by which it selects and accepts.
"""

from __future__ import annotations

FORMER_NAMES = {
    "host-control-socket-mounted": "docker-socket-mounted",
    "unauthenticated-service": "unauthenticated-dashboard",
}
"""The first name of each rule that was renamed, or that is a part of an older one."""


def first_name(rule: str) -> str:
    """Return the name under which baselines and services know findings of a rule."""
    return FORMER_NAMES.get(rule, rule)
