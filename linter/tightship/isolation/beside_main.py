"""What Compose does in a container beside its main command, which facts do not tell."""

from __future__ import annotations

from tightship.model.items import hooks
from tightship.model.value import MappingValue, ScalarValue

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.isolation.container import Container


def of_root(container: Container) -> str:
    """Return why the capabilities of root are undecided, or nothing.

    A hook runs in the container, with its capabilities and its root file system.
    """
    for hook in hooks(container.settings):
        from tightship.isolation.capability_holders import hold_in  # few have hooks

        if hold_in(container, hook) == "held":
            return f"a command of `{hook.kind}` runs as root, and may need any"
    return ""


def that_writes(container: Container) -> str:
    """Return why a read-only root file system does not work, or nothing.

    `docker compose watch` copies files into the container, and Docker refuses that with a
    read-only root file system (moby 26.1.5, daemon/archive.go).
    """
    for item in container.settings.items("develop", "watch"):
        action = item.get("action") if isinstance(item, MappingValue) else None
        if isinstance(action, ScalarValue) and not action.text.startswith(("rebuild", "restart")):
            return "`develop.watch` copies files into its root file system"
    return of_root(container)
