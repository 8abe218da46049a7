"""Image references: ``registry/repository:tag@digest``."""

from __future__ import annotations

from tightship.values.variable import mask

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_HUB = ("docker.io", "index.docker.io")


class Image:
    """The parts of an image reference; a missing part is ``None``.

    ``undecided`` names the parts that a hole may change: ``registry``, ``repository``,
    ``tag``, ``digest``.
    """

    __slots__ = ("digest", "registry", "repository", "tag", "undecided")

    def __init__(
        self,
        registry: str | None,
        repository: str,
        tag: str | None,
        digest: str | None,
        undecided: Iterable[str] = (),
    ) -> None:
        self.registry = registry
        self.repository = repository
        self.tag = tag
        self.digest = digest
        self.undecided = frozenset(undecided)

    @property
    def name(self) -> str:
        """Return the last part of the repository: ``nginx`` of ``bitnami/nginx``."""
        return self.repository.rpartition("/")[2]

    @property
    def familiar(self) -> str:
        """Return registry and repository as people write them, without Hub's parts."""
        if self.registry is not None and self.registry not in _HUB:
            return f"{self.registry}/{self.repository}"
        return self.repository.removeprefix("library/")

    def __repr__(self) -> str:
        return (
            f"Image({self.registry}, {self.repository}, {self.tag}, {self.digest}, "
            f"undecided={sorted(self.undecided)})"
        )


def tagged(found: Image) -> str:
    """Return ``name:tag``, with the tag that counts where there is none."""
    return f"{found.familiar}:{found.tag or 'latest'}"


def is_registry(first: str) -> bool:
    """Return whether the part before the first slash is a registry.

    It has a dot or a port, is ``localhost``, or has an upper-case letter
    (distribution/reference, ``splitDockerDomain``).
    """
    return "." in first or ":" in first or first == "localhost" or first != first.lower()


def parse(ref: str) -> Image:
    """Split a reference into its parts; every text has a reading.

    A hole at the end of a reference may hold a tag and a digest.
    """
    masked = mask(ref)
    undecided = set[str]()
    end = len(ref)
    digest = tag = registry = None

    at = masked.find("@")
    if at >= 0:
        digest = ref[at + 1 :]
        if "\0" in masked[at:]:
            undecided.add("digest")
        end = at
    elif masked.endswith("\0"):
        undecided |= {"tag", "digest"}
    if masked[:end].endswith("\0"):
        undecided.add("tag")

    slash = masked.rfind("/", 0, end)
    colon = masked.find(":", slash + 1, end)
    if colon >= 0:
        tag = ref[colon + 1 : end] or None
        if "\0" in masked[colon:end]:
            undecided.add("tag")
        end = colon

    start = 0
    slash = masked.find("/", 0, end)
    first = masked[: max(slash, 0)]
    if "\0" in first:
        undecided.add("registry")
    if slash > 0 and (is_registry(first) or first.strip("\0") == ""):
        registry, start = ref[:slash], slash + 1
    if "\0" in masked[start:end]:
        undecided.add("repository")
        if start == 0:
            # The hole may bring a registry too, even if a path follows it.
            undecided.add("registry")
    return Image(registry, ref[start:end], tag, digest, undecided)
