"""The settings of a container that flags of an engine give, by the names of Compose's keys."""

from __future__ import annotations

from tightship.frontends.flags.values import network_of
from tightship.model.container_settings import ContainerSettings
from tightship.model.reading import NONE, Reading
from tightship.model.value import MappingValue
from tightship.syntax.yaml.nodes import Mapping, Scalar

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tightship.frontends.flags.entries import Entries
    from tightship.frontends.flags.flags import Arguments, Given
    from tightship.model.file_project import FileProject
    from tightship.text import Span


class FlagSettings(ContainerSettings):
    """The settings of a container as flags of an engine, and keys of a file, have them."""

    __slots__ = ("arguments",)

    def __init__(
        self,
        name: str,
        key: Span,
        arguments: Arguments,
        entries: Entries,
        project: FileProject,
        *,
        complete: bool = True,
    ) -> None:
        self.arguments = arguments
        entries.read(arguments)
        for volume, definition in entries.volumes.items():
            project.define("volumes", volume, definition)
        table = MappingValue(Mapping(key, entries.nodes, flow=True), (), Reading(NONE))
        super().__init__(
            name,
            Scalar(key, name),
            table,
            project,
            complete=complete and arguments.unknown is None,
            elsewhere=entries.hidden,
        )

    @property
    def program(self) -> str:
        """Return the engine, which reads its own flags."""
        return self.engine

    @property
    def secrets_kept(self) -> str:
        """Return how the engine gets a secret that is not in the file."""
        if self.engine == "Podman":
            return "keep it with `podman secret create`, and pass it with `--secret`"
        return (
            "move it to an uncommitted file, and pass that with `--env-file`, or mount it for a"
            " `…_FILE` variable"
        )

    def worded(self, text: str) -> str:
        """Return a text about it, with flags and the file's own keys in place of Compose's."""
        from tightship.frontends.flags.wording import of_podman, worded  # only findings ask

        made = worded(text, self.spelled)
        return of_podman(made) if self.engine == "Podman" else made

    def spelled(self, key: str, flag: str, values: Sequence[str]) -> str:
        """Return how the file spells a key of Compose: as a flag, with its values, if any."""
        from tightship.frontends.flags.wording import as_flags

        return as_flags(flag, values)


def network_names(flags: Iterable[Given]) -> Iterator[str]:
    """Yield the networks that flags name, which they do not create."""
    for given in flags:
        if given.flag.kind == "network":
            found = network_of(given)
            if found is not None and found[0] == "networks":
                yield found[1].value
