"""The containers that an edit of one service's settings reaches."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.isolation.container import Container

_MOST = 100
"""The most services that are looked at; with more, the answer is unknown."""


def reached(container: Container, *keys: str) -> tuple[Container, ...] | None:
    """Return the containers that get what an edit adds to a service.

    Settings without image and build run nothing, and are left out. ``None`` stands for
    too many.
    """
    names = container.editor.reached(keys)
    if len(names) > _MOST:
        return None
    found = (container.siblings.get(name) for name in names)
    others = [
        other for other in found if other is not None and other is not container and _runs(other)
    ]
    return (container, *others)


def _runs(container: Container) -> bool:
    return container.value("image") is not None or container.value("build") is not None
