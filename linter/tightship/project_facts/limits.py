"""The facts about the limits of a container."""

from __future__ import annotations

from tightship.project_facts.values import Scalar, scalar, unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from tightship.isolation.container import Container


def limit(name: str) -> Callable[[Container], Scalar]:
    """Return what reads a limit by its name in the model."""
    return lambda container: scalar(getattr(container.limits, name).setting)


def memory_reservation(container: Container) -> Scalar:
    """Return the memory that is reserved, in bytes."""
    own = container.size("mem_reservation")
    if own.is_set or not own.decided:
        return scalar(own)
    return scalar(container.size("deploy", "resources", "reservations", "memory"))


def cpus(container: Container) -> Scalar:
    """Return the processors, as a number; a quota is a part of its period."""
    for path in (("cpus",), ("deploy", "resources", "limits", "cpus")):
        found = container.number(*path)
        if found.is_set or not found.decided:
            return Scalar(found.span, found.value or None, known=found.decided)
    quota = container.number("cpu_quota")
    period = container.number("cpu_period")
    if not quota.decided or not period.decided:
        return unknown(quota.span)
    if quota.value is None or quota.value <= 0:
        return Scalar(quota.span)
    return Scalar(quota.span, quota.value / (period.value or 100_000))
