"""The texts of a project that may contain secrets, whatever they are for."""

from __future__ import annotations

from tightship.text import Span
from tightship.values.secret import TextFragment, known_token

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.frontends.compose.project import ComposeProject
    from tightship.text import Source


def of_project(project: ComposeProject) -> Iterator[TextFragment]:
    """Yield the texts in the files of a project that may contain a token."""
    sources = {file.stream.source for file in project.files}
    suspected = {source for source in sources if known_token(source.text)}
    for file in project.files:  # one for each document
        if file.stream.source not in suspected:
            continue
        from tightship.syntax.yaml.nodes import Scalar, walk

        for node in walk(file.root):
            if isinstance(node, Scalar):
                yield TextFragment(node.value, node.span)
        if file.first:
            for comment in file.stream.comments:
                yield TextFragment(comment.text, comment)
    shared = (f for files in project.env_files.values() for f in files if f.shared)
    for variables in {id(f.source): f for f in shared}.values():
        for entry in variables.entries:
            yield TextFragment(entry.value or "", variables.place(entry))


def text_fragment(source: Source) -> TextFragment:
    """Return the whole text of a Dockerfile, with comments and heredocs."""
    return TextFragment(source.text, Span(source, 0, len(source.text)))
