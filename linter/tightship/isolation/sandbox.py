"""Runtimes that put more than namespaces between a container and the host's kernel.

The name of a runtime is one that the daemon of the host gives it, so that only the host
decides what it is: the row is unknown, and changes no grade. Mounts, devices and sockets
of the host reach the host through each of these, as through `runc`.
"""

from __future__ import annotations

from tightship.isolation.mechanism_state import MechanismState

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.isolation.container import Container

_IF_CONFIGURED = "if the host's daemon has it under this name"
# The names of their documentation, and the names of their shims for containerd.
_RUNTIMES = (
    # gVisor documentation, user guide, Docker quick start; README, "What is gVisor?".
    (("runsc", "gvisor"), "gVisor, a kernel in user space"),
    # Kata Containers documentation, design, architecture; how-to, containerd.
    (("kata",), "Kata Containers, a virtual machine with its own kernel"),
    # Sysbox user guide, security: all namespaces, a user namespace always.
    (("sysbox",), "Sysbox, the host's kernel with a user namespace"),
)
_SHIM = "io.containerd."


def sandbox_rows(container: Container) -> Iterator[MechanismState]:
    """Yield the boundary that the ``runtime`` of a service adds, if its name has one."""
    setting = container.text("runtime")
    what = boundary(setting.value or "")
    if what is not None:
        yield MechanismState("runtime", "unknown", f"{what}, {_IF_CONFIGURED}", setting.span)


def boundary(runtime: str) -> str | None:
    """Return what a runtime puts around a container, if its name has it."""
    name = runtime.removeprefix(_SHIM)
    first = name.partition("-")[0].partition(".")[0]
    return next((what for names, what in _RUNTIMES if first in names), None)
