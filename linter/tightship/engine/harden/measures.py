"""The measures that harden a service: a rule about what it lacks, and what its fix sets."""

from __future__ import annotations

from tightship.isolation import hardening_knowledge as knowledge
from tightship.lazy import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from tightship.isolation.container import Container
    from tightship.isolation.hardening_knowledge import Knowledge


class Measure(Record):
    """A measure: its title, the mechanism that it makes strong, and the knowledge behind it.

    ``keys`` are the keys of a service that the fix sets.
    """

    title: str
    mechanism: str
    keys: tuple[str, ...]
    known: Callable[[Container], Knowledge]


MEASURES = {
    "writable-root-filesystem": Measure(
        "read-only root file system",
        "root file system",
        ("read_only", "tmpfs", "volumes"),
        knowledge.of_read_only_root,
    ),
    "default-capabilities-kept": Measure(
        "fewer capabilities", "capabilities", ("cap_drop", "cap_add"), knowledge.of_capabilities
    ),
    "privilege-escalation-allowed": Measure(
        "no new privileges", "setuid programs", ("security_opt",), knowledge.of_new_privileges
    ),
    "unlimited-resources": Measure(
        "limits", "limits", ("mem_limit", "pids_limit", "deploy"), knowledge.of_limits
    ),
}
"""The measure of each rule with the tag ``hardening``."""
