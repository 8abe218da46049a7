"""Comments in files other than Compose's that start containers or build images."""

from __future__ import annotations

from tightship.config.keys import FRONT_ENDS
from tightship.engine.accept.commented_file import CommentedFile, meaning_of_yaml
from tightship.engine.accept.suppression import of_commands
from tightship.engine.disk.regular import Refusal
from tightship.frontends.declared import declare
from tightship.frontends.devcontainer.reading import without_comments
from tightship.frontends.invocations.kinds import script_kind_of
from tightship.frontends.names import is_devcontainer
from tightship.lazy import TYPE_CHECKING, lazy_property, regex
from tightship.model.file_project import FileProject
from tightship.syntax.yaml import read as yaml_read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.findings import Suppression
    from tightship.model.container_settings import ContainerSettings
    from tightship.text import Source, Span

_OWN_LINE = regex(r"(?m)^[ \t]*(?:#|//)[ \t]*tightship:[^\n]*\n")
_WITHOUT_COMMENTS = (".json", ".md", ".markdown", ".mdx")
_CONTINUED = ("\\", "\\\r")


class _NoFiles:
    """A disk without files: what a file builds changes no comment in it."""

    def read(self, path: str) -> Refusal:
        return Refusal(path, "missing", "does not exist")


class Declared(CommentedFile):
    """A script, a workflow, a bake file, a unit, or JSON with comments."""

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self.mark = "//" if is_devcontainer(source.name) else "#"
        # `make` prints a comment in a recipe, unless it is at the start of the line.
        self.is_indented = script_kind_of(source.name, source.text) != "makefile"

    def read(self, source: Source) -> tuple[list[object], list[Suppression]]:
        """Return what a text declares, and the suppressions in it."""
        project = _declared(source)
        meaning: list[object] = [
            (one.name, one.extent.text, sorted(one.service_keys), one.complete)
            for one in _all(project)
        ]
        if is_devcontainer(source.name):
            meaning += meaning_of_yaml(yaml_read.read(without_comments(source)))
        elif source.name.endswith((".yaml", ".yml")):
            meaning += map(_as_script, meaning_of_yaml(yaml_read.read(source)))
        return meaning, of_commands(project)

    def lines(self, offset: int) -> Iterator[int]:
        """Yield the line of the place itself, and that of the command around it."""
        if self.source.name.endswith(_WITHOUT_COMMENTS) and not is_devcontainer(self.source.name):
            return
        around = (one.start for one in self._extents if one.start <= offset <= one.end)
        for line in dict.fromkeys(self.source.line_start(at) for at in (offset, *around)):
            if not self.source.text[: max(line - 1, 0)].endswith(_CONTINUED):
                yield line

    @lazy_property
    def _extents(self) -> list[Span]:
        return [one.extent for one in _all(_declared(self.source))]


def _as_script(part: object) -> object:
    """Return a part of YAML; in a literal text, a comment of the shell is a part of the text."""
    match part:
        case ("|", str(text)):
            return "|", _OWN_LINE.sub("", text)
        case _:
            return part


def _declared(source: Source) -> FileProject:
    project = FileProject(source, _NoFiles())
    declare(project, FRONT_ENDS)
    return project


def _all(project: FileProject) -> list[ContainerSettings]:
    return [*project.services.values(), *project.images.values()]
