"""The assembly of a project: from an invocation to its configuration."""

from __future__ import annotations

from tightship.frontends.compose.effective.configuration import Configuration
from tightship.frontends.compose.loading.invocation import project_name
from tightship.frontends.compose.loading.load import Loading
from tightship.frontends.compose.project import ComposeProject
from tightship.frontends.compose.specification.validate import validate
from tightship.model.reading import Variables
from tightship.model.value import ScalarValue
from tightship.syntax.yaml import nodes as yaml

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tightship.frontends.compose.loading.fault import Fault
    from tightship.frontends.compose.loading.invocation import Invocation
    from tightship.frontends.compose.provided import Provider
    from tightship.frontends.compose.specification.violation import Violation
    from tightship.model.project import Disk
    from tightship.model.value import MappingValue


class Assembly:
    """An invocation of Compose, loaded and assembled.

    ``project`` is the model of its files, ``root`` their merged tree, and
    ``configuration`` what Compose makes of that; both are None without any file.
    ``loading`` holds what was read.
    """

    def __init__(
        self,
        invocation: Invocation,
        disk: Disk,
        *,
        top: str,
        home: str | None = None,
        providers: Callable[[MappingValue | None], Iterable[Provider]] = lambda _: (),
    ) -> None:
        """Load and assemble a project.

        Args:
            invocation: the files, folder, variables and profiles.
            disk: gives files by their path relative to ``top``.
            top: the absolute path of the folder that nothing is read above.
            home: the user's home, for ``~``.
            providers: finds what else provides parts of the merged tree.

        """
        self.invocation = invocation
        self.loading = Loading(disk)
        self.configuration: Configuration | None = None
        paths = [relative(path, top) for path in invocation.files]
        self.name = invocation.named(self._written(paths, invocation.variables))
        variables = Variables(invocation.variables)
        variables.put("COMPOSE_PROJECT_NAME", self.name)
        directory = relative(invocation.directory, top)
        self.project = ComposeProject(
            *(self.loading, paths),
            variables=variables,
            directory=directory,
            providers=providers,
            reads_env_files=False,
        )
        self.root = self.project.root
        if self.root is not None:
            self.configuration = Configuration(
                self.root,
                name=self.name,
                directory=top,
                variables=variables,
                disk=disk,
                home=home,
                profiles=invocation.profiles,
            )

    @property
    def faults(self) -> list[Fault]:
        """Return the faults of the load and of the configuration."""
        own = self.configuration.faults if self.configuration is not None else []
        return self.project.without_provided([*self.loading.faults, *own])

    @property
    def refused(self) -> bool:
        """Return whether Compose rejects the project, for whatever reason."""
        return (
            self.configuration is None
            or bool(self.invocation.missing)
            or bool(self.invocation.variables.rejected)
            or bool(self.loading.refused)
            or bool(self.loading.gaps)
            or any(fault.refused for fault in self.faults)
            or any(stream.problems for stream in self.loading.streams.values())
            or any(self.violations)
        )

    @property
    def violations(self) -> Iterator[Violation]:
        """Yield the violations of the specification that Compose rejects."""
        for place, stream in enumerate(self.loading.streams.values()):
            for number, document in enumerate(stream.documents):
                found = [*validate(document, partial=number > 0 or place > 0)]
                for violation in self.project.without_provided_keys(found):
                    if not violation.ignored:
                        yield violation

    def _written(self, names: list[str], variables: Variables) -> str:
        """Return the name in the files; the last one wins."""
        name = ""
        for path in names:
            stream = self.loading.stream(path, None)
            for document in stream.documents if stream else ():
                found = document.get("name") if isinstance(document, yaml.Mapping) else None
                if isinstance(found, yaml.Scalar) and found.value:
                    reading = self.loading.reading(variables, "")
                    name = ScalarValue(found, (), reading).as_compose
        return project_name(name)


def relative(path: str, top: str) -> str:
    """Return an absolute path relative to the top, as files are asked for."""
    if path == top:
        return ""
    return path.removeprefix(top.rstrip("/") + "/")
