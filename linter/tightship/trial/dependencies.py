"""Which services start with those that are asked for, and which are left out with others."""

from __future__ import annotations

from tightship.trial.tree import items, mapping

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from tightship.trial.danger import Danger

    Tree = dict[str, Any]


def left_out(
    services: Tree, refused: Iterable[Danger], missing: Iterable[tuple[str, str]]
) -> dict[str, str]:
    """Return why services are not started, by name: they, or one that they need, may not be."""
    reasons: dict[str, str] = {}
    for one in refused:
        for name in [one.service] if one.service else services:
            reasons.setdefault(name, one.text + (f" (`--allow {one.word}`)" if one.word else ""))
    for name, text in missing:
        reasons.setdefault(name, text)
    is_more = True
    while is_more:
        is_more = False
        for name, service in services.items():
            needed = next((one for one in needs(service) if one in reasons), None)
            if needed is not None and name not in reasons:
                reasons[name], is_more = f"it needs {needed}", True
    return reasons


def needs(service: Tree) -> list[str]:
    """Return the services that one cannot start without."""
    found = [k for k, v in mapping(service, "depends_on").items() if v.get("required", True)]
    for key in ("network_mode", "pid", "ipc"):
        kind, _, name = (service.get(key) or "").partition(":")
        found += [name] if kind == "service" else []
    for one in items(service, "volumes_from"):
        found += [one.split(":")[0]] if not one.startswith("container:") else []
    return [*dict.fromkeys([*found, *(one.split(":")[0] for one in items(service, "links"))])]


def with_needed(services: Tree, wanted: Sequence[str]) -> list[str]:
    """Return some services and all that they need, in the order of the project."""
    found = dict.fromkeys(wanted)
    queue = [*found]
    while queue:
        for one in needs(mapping(services, queue.pop())):
            if one not in found and one in services:
                found[one] = None
                queue.append(one)
    return [one for one in services if one in found]
