"""The ``build`` of a service: its Dockerfile, and what is passed to it."""

from __future__ import annotations

import posixpath

from tightship.lazy import Record
from tightship.model.reading import resolve
from tightship.model.value import MappingValue, ScalarValue

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.model.container_settings import ContainerSettings
    from tightship.model.setting import Pair, Setting
    from tightship.text import Span

# Any text with `://` is remote, too.
_REMOTE = ("service:", "github.com/", "git@")


def is_remote_context(text: str) -> bool:
    """Return whether a context is no folder, but a service or a URL."""
    return "://" in text or text.startswith(_REMOTE)


class BuildSection(Record):
    """The ``build`` section of a service.

    Paths are relative to the project's root, as far as they are below it.
    """

    service: ContainerSettings

    @classmethod
    def of(cls, service: ContainerSettings) -> BuildSection | None:
        """Return the section of a service, if it has one."""
        return cls(service) if service.value("build") is not None else None

    def _leaf(self, key: str) -> ScalarValue | None:
        written = self.service.value("build")
        if isinstance(written, ScalarValue):  # `build: folder`
            return written if key == "context" else None
        found = written.get(key) if isinstance(written, MappingValue) else None
        return found if isinstance(found, ScalarValue) and not found.is_null else None

    @property
    def span(self) -> Span:
        """Return the place of the Dockerfile's name, of the context, or of the section."""
        leaf = self._leaf("dockerfile") or self._leaf("context")
        if leaf is not None:
            return leaf.span
        written = self.service.value("build")
        return written.span if written is not None else self.service.span

    @property
    def inline(self) -> ScalarValue | None:
        """Return the Dockerfile that is written in the section itself."""
        return self._leaf("dockerfile_inline")

    @property
    def is_decided(self) -> bool:
        """Return whether the files alone decide the build."""
        keys = ("context", "dockerfile", "dockerfile_inline", "target")
        leaves = [leaf for key in keys if (leaf := self._leaf(key)) is not None]
        return not self.service.may_have("build") and all(leaf.decided for leaf in leaves)

    @property
    def remote(self) -> ScalarValue | None:
        """Return the context, where the builder would fetch it from elsewhere."""
        leaf = self._leaf("context")
        return leaf if leaf is not None and is_remote_context(leaf.text) else None

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
        """Return the build arguments; one without a value takes it from the environment."""
        return self.service.pairs("build", "args")

    @property
    def contexts(self) -> tuple[str, ...]:
        """Return the names of the contexts that replace stages and images."""
        return tuple(pair.name for pair in self.service.pairs("build", "additional_contexts"))
