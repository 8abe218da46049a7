"""The ``build`` of a service: from which Dockerfile its image is made, and how."""

from __future__ import annotations

import posixpath

from tightship.compose.loading.state import resolve
from tightship.compose.loading.tree import Leaf, Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.compose.service import Pair, Service
    from tightship.compose.setting import Setting
    from tightship.text import Span

_REMOTE = ("https://", "http://", "git://", "ssh://", "github.com/", "git@")


class BuildSection:
    """What a service says about the build of its image.

    Paths are relative to the project's root, as far as they are below it.
    """

    __slots__ = ("service",)

    def __init__(self, service: Service) -> None:
        self.service = service

    @classmethod
    def of(cls, service: Service) -> BuildSection | None:
        """Return the section of a service, if it has one."""
        return cls(service) if service.value("build") is not None else None

    def _leaf(self, key: str) -> Leaf | None:
        written = self.service.value("build")
        if isinstance(written, Leaf):  # `build: folder`
            return written if key == "context" else None
        found = written.get(key) if isinstance(written, Table) else None
        return found if isinstance(found, Leaf) and not found.is_null else None

    @property
    def span(self) -> Span:
        """Return the place of what names the Dockerfile, or of the section."""
        leaf = self._leaf("dockerfile") or self._leaf("context")
        if leaf is not None:
            return leaf.span
        written = self.service.value("build")
        return written.span if written is not None else self.service.span

    @property
    def inline(self) -> Leaf | None:
        """Return the Dockerfile that stands in the section itself."""
        return self._leaf("dockerfile_inline")

    @property
    def is_decided(self) -> bool:
        """Tell whether the files alone say what is built."""
        keys = ("context", "dockerfile", "dockerfile_inline", "target")
        leaves = [leaf for key in keys if (leaf := self._leaf(key)) is not None]
        return self.service.complete and all(leaf.decided for leaf in leaves)

    @property
    def remote(self) -> Leaf | None:
        """Return the context, where it would be fetched from elsewhere."""
        leaf = self._leaf("context")
        if leaf is None:
            return None
        text = leaf.text
        is_remote = "://" in text or text.startswith(("service:", *_REMOTE))
        return leaf if is_remote else None

    @property
    def context(self) -> str:
        """Return the folder that files are copied from."""
        leaf = self._leaf("context")
        if leaf is not None:
            return resolve(leaf.reading.directory, leaf.text)
        written = self.service.value("build")
        return written.reading.directory if written is not None else ""

    @property
    def dockerfile(self) -> str:
        """Return the path of the Dockerfile, which starts from the context."""
        leaf = self._leaf("dockerfile")
        name = leaf.text if leaf is not None and leaf.text else "Dockerfile"
        return posixpath.normpath(posixpath.join(self.context, name))

    @property
    def target(self) -> Setting[str]:
        """Return the stage that is built; by default the last one."""
        return self.service.text("build", "target")

    @property
    def arguments(self) -> tuple[Pair, ...]:
        """Return the build arguments that are passed.

        Those without a value take it from the environment of whoever builds.
        """
        return self.service.pairs("build", "args")

    @property
    def contexts(self) -> tuple[str, ...]:
        """Return the names of the contexts that take the place of stages and images."""
        return tuple(
            pair.name for pair in self.service.pairs("build", "additional_contexts")
        )
