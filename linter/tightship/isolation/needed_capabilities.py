"""The capabilities that containers need after ``cap_drop: [ALL]``."""

from __future__ import annotations

from tightship.model.items import hooks
from tightship.model.value import MappingValue, ScalarValue

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tightship.images.facts import Capability
    from tightship.images.needs import Needs
    from tightship.isolation.container import Container
    from tightship.text import Edit


def needed_capabilities(containers: Iterable[Container] | None) -> dict[str, str] | None:
    """Return what several containers need, with the reasons; ``None`` if that is unknown."""
    if containers is None:
        return None
    found: dict[str, str] = {}
    for container in containers:
        needs = container.image_needs
        capabilities = needs.capabilities if needs else None
        if needs is None or capabilities is None or why_root_is_undecided(container):
            return None
        for capability in capabilities:
            found.setdefault(capability.name, capability.why)
        if _signals_another(container, needs, capabilities):
            found.setdefault("KILL", "`init` runs as root, and passes signals on to another user")
        for name, why in _configured(container, needs):
            found.setdefault(name, why)
        if _every_user_listens(container):
            continue
        low = [port for port in needs.ports if port.number < 1024]
        if low:
            why = f"port {low[0].number} needs it in this network"
            found.setdefault("NET_BIND_SERVICE", why)
    return dict(sorted(found.items()))


def _signals_another(
    container: Container, needs: Needs, capabilities: Iterable[Capability]
) -> bool:
    """Return whether ``init`` stays as root while the entrypoint goes on as another user."""
    if not container.flag("init").could_be(True):
        return False
    from tightship.isolation.base_image import WORKERS_ONLY

    step = needs.step_down
    stays = step is not None and step.by in WORKERS_ONLY
    return not stays and any(one.name == "SETUID" for one in capabilities)


def _every_user_listens(container: Container) -> bool:
    """Return whether every user surely listens on every port.

    In a network namespace of its own the engine sets
    `net.ipv4.ip_unprivileged_port_start=0` (moby 20.10), unless `sysctls` sets it.
    """
    if container.namespace("network").owner not in ("own", "none"):
        return False
    sysctls = container.value("sysctls")
    return sysctls is None or all(
        pair.name != "net.ipv4.ip_unprivileged_port_start" or pair.value.value == "0"
        for pair in container.pairs("sysctls")
    )


def _configured(container: Container, needs: Needs) -> Iterator[tuple[str, str]]:
    """Yield the capabilities that the settings of a project ask for, with the reasons."""
    if not needs.family.names or not needs.family.programs:
        return
    from tightship.images.written_settings import settings_of

    known = settings_of(needs.family.programs)
    for setting in container.own_settings if known.grants else ():
        word, capability = known.grants.get(setting.name, ("", ""))
        if word and word in (setting.value or ""):
            yield capability, f"{setting.written} needs it"


def drop_all_but(container: Container, needed: Iterable[str]) -> tuple[Edit, ...]:
    """Return the edits that drop all capabilities but these, or nothing."""
    capabilities, service = container.capabilities, container.settings
    if not capabilities.added.all_decided:
        return ()
    missing = [name for name in needed if name not in capabilities.added_names]
    dropped = service.editor.add("cap_drop", "ALL")
    added = service.editor.add("cap_add", *missing) if missing else ()
    return (*dropped, *added) if dropped and (added or not missing) else ()


def runs_without_new_privileges(containers: Iterable[Container] | None) -> bool:
    """Return whether several containers surely need no setuid program or similar."""
    return containers is not None and all(
        container.image_needs is not None
        and container.image_needs.new_privileges is not None
        and not container.image_needs.new_privileges.needed
        for container in containers
    )


def why_root_is_undecided(container: Container) -> str:
    """Return why the capabilities of root are undecided, or nothing.

    A hook runs in the container, with its capabilities and its root file system.
    """
    for hook in hooks(container.settings):
        from tightship.isolation.capability_holders import hold_in  # few have hooks

        if hold_in(container, hook) == "held":
            return f"a command of `{hook.kind}` runs as root, and may need any"
    return ""


def why_root_is_written(container: Container) -> str:
    """Return why a read-only root file system does not work, or nothing.

    `docker compose watch` copies files into the container, and Docker refuses that with a
    read-only root file system (moby 26.1.5, daemon/archive.go).
    """
    for item in container.settings.items("develop", "watch"):
        action = item.get("action") if isinstance(item, MappingValue) else None
        if isinstance(action, ScalarValue) and not action.text.startswith(("rebuild", "restart")):
            return "`develop.watch` copies files into its root file system"
    return why_root_is_undecided(container)
