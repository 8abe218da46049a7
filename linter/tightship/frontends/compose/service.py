"""A service of a Compose project: its settings, and the files and bases that set them."""

from __future__ import annotations

from tightship.model.container_settings import ContainerSettings
from tightship.syntax.yaml import nodes as yaml

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from typing import Any, Self

    from tightship.frontends.compose.editor import ComposeEditor
    from tightship.frontends.compose.project import ComposeProject
    from tightship.model.setting import EnvFile
    from tightship.model.value import Entry, MappingValue

# The longest chain of ``extends`` that is followed.
LONGEST_CHAIN = 20


class Service(ContainerSettings):
    """The settings of a service.

    Where several files define it, each is one of its ``layers``, the last first. The first
    of these files has the ``primary_layer``: there absences are reported and settings
    added, so that they hold whatever is merged onto it.
    """

    def __init__(
        self,
        name: str,
        entry: Entry,
        table: MappingValue,
        project: ComposeProject,
        *,
        complete: bool,
        elsewhere: Collection[str] = (),
    ) -> None:
        self._compose = project
        self.layers = [layer for layer in _layers(table) if layer.is_own] or [table]
        source = self.primary_layer.span.source
        keys = [k for k in (entry.key, *entry.earlier) if k.span.source is source]
        key = keys[-1] if keys else entry.key
        complete = complete and table.get("extends") is None
        super().__init__(name, key, table, project, complete=complete, elsewhere=elsewhere)

    @property
    def project(self) -> ComposeProject:
        """Return the project that it is a service of."""
        return self._compose

    def of(self, project: Any, *, complete: bool) -> Self:
        """Return the same settings in another view of the project."""
        made = super().of(project, complete=complete)
        made._compose = project
        return made

    @property
    def editor(self) -> ComposeEditor:
        """Return what edits the service in its files."""
        from tightship.frontends.compose.editor import ComposeEditor  # only findings ask

        return ComposeEditor(self)

    @property
    def env_files(self) -> tuple[EnvFile, ...]:
        """Return the ``env_file`` entries, the one that wins last."""
        if "env_file" not in self._entries:
            return ()
        return self.project.env_files.get(self.name, ())

    @property
    def primary_layer(self) -> MappingValue:
        """Return the service as the first file that defines it has it."""
        return self.layers[-1]

    def defining_service(self, *keys: str) -> Service:
        """Return the service to which absent settings are added.

        It is the base in this project, where that lacks them too: the finding is the
        same there, and one edit does for both.
        """
        found = self
        for _ in range(LONGEST_CHAIN):
            base = found.base
            if base is None or any(key in base.table.entries or found.tagged(key) for key in keys):
                break
            found = base
        return found

    @property
    def base(self) -> Service | None:
        """Return the service of the same project that this one extends, if any."""
        for layer in self.layers:
            node = layer.node.get("extends")
            if isinstance(node, yaml.Mapping) and node.get("file") is None:
                node = node.get("service")
            if isinstance(node, yaml.Scalar):
                found = self.project.services.get(node.value)
                return None if found is self else found
        return None

    def tagged(self, key: str) -> MappingValue | None:
        """Return the layer that tags a key, and so ignores those below."""
        for layer in self.layers:
            node = layer.node.get(key)
            if node is not None and node.tag is not None:
                return layer
            if node is None and layer.inherits(key):
                brought = self.table.get(key)
                if brought is None or brought.node.tag is not None:
                    return layer
        return None


def _layers(table: MappingValue) -> Iterator[MappingValue]:
    layer: MappingValue | None = table
    while layer is not None:
        yield layer
        layer = layer.below
