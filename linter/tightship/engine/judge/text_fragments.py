"""The texts of a project in which a secret may stand, whatever they are for."""

from __future__ import annotations

from tightship.text import Span
from tightship.values.secret import TextFragment, known_token

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.compose.env_file import EnvFile
    from tightship.compose.project import Project
    from tightship.text import Source


def of_project(project: Project) -> Iterator[TextFragment]:
    """Yield what is written in a project's files, of those that may hold a token."""
    for file in project.files:
        if known_token(file.stream.source.text) is None:
            continue
        from tightship.syntax.yaml.nodes import Scalar, walk

        for node in walk(file.root):
            if isinstance(node, Scalar):
                yield TextFragment(node.value, node.span)
        if file.first:
            for comment in file.stream.comments:
                yield TextFragment(comment.text, comment)
    for variables in {id(f.source): f for f in _shared(project)}.values():
        for entry in variables.entries:
            yield TextFragment(entry.value or "", variables.place(entry))


def text_fragment(source: Source) -> TextFragment:
    """Return the whole text of a Dockerfile; comments and heredocs count as well."""
    return TextFragment(source.text, Span(source, 0, len(source.text)))


def _shared(project: Project) -> Iterator[EnvFile]:
    for files in project.env_files.values():
        yield from (file for file in files if file.shared)
