"""Names of registries in settings: which images come from them."""

from __future__ import annotations

from tightship.lazy import TYPE_CHECKING, regex
from tightship.values.matching import Wildcard

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tightship.values.image import Image

_PATTERN = regex(r"[A-Za-z0-9*][A-Za-z0-9._*:-]*(?:/[A-Za-z0-9._*-]+)*/?")

# Names under which one and the same registry is known: distribution/reference,
# `splitDockerDomain`, and Docker's own documentation.
_HUB_NAMES = frozenset(("docker.io", "index.docker.io", "registry-1.docker.io", "hub.docker.com"))


def registry_problem(pattern: str) -> str:
    """Return why a text is not the name of a registry, or nothing."""
    if "://" in pattern:
        return "a registry is named without a scheme, as in an image's name"
    if not _PATTERN.fullmatch(pattern):
        return "this names no registry: `docker.io`, `ghcr.io/example` would do"
    first = pattern.partition("/")[0]
    if first != "localhost" and not any(sign in first for sign in ".:*"):
        return (
            f"`{first}` names no registry, since it has no dot: did you mean `docker.io/{pattern}`?"
        )
    return ""


class Registries:
    """Names of registries, and of paths in them.

    A name includes all that is below it. ``*`` is any text within one part, so that a
    path cannot only look like a trusted name.
    """

    def __init__(self, patterns: Iterable[str]) -> None:
        self._patterns = [[*map(Wildcard, _parts(pattern.strip("/")))] for pattern in patterns]

    def trusts(self, image: Image) -> bool | None:
        """Return whether an image comes from one of them; ``None`` if undecided."""
        if "registry" in image.undecided:
            return None
        registry = image.registry or "docker.io"
        path = image.repository
        if registry.lower() in _HUB_NAMES and "/" not in path:
            path = f"library/{path}"
        parts = _parts(f"{registry}/{path}")
        undecided = "repository" in image.undecided
        answers = [_covers(pattern, parts, undecided) for pattern in self._patterns]
        if True in answers:
            return True
        return None if None in answers else False


def _parts(name: str) -> list[str]:
    registry, *path = name.split("/")
    registry = registry.lower()
    return ["docker.io" if registry in _HUB_NAMES else registry, *path]


def _covers(pattern: list[Wildcard], parts: list[str], undecided: bool) -> bool | None:
    """Return whether a name is at or below a pattern; all but its registry may be open."""
    if not pattern[0].matches(parts[0]):
        return False
    if len(pattern) == 1:
        return True
    if undecided:
        return None
    return len(pattern) <= len(parts) and all(map(Wildcard.matches, pattern, parts))
