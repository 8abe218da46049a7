"""A token that opens something elsewhere stands in the file.

Cloud providers, code hosts and others give their tokens a shape that is hard to mistake,
so that leaked ones can be found. Others look for the same shapes: a token that is pushed
to a public repository is tried within minutes. It counts wherever it is: under a name
that says nothing, in an anchor that no service uses, in a comment.

## How to fix

Revoke the token where it was made, and make a new one with as few rights as will do.
Hand that over with `secrets:`, or from the environment of whoever starts the project.
Removing it from the file is not enough: it stays in the history.
"""

from __future__ import annotations

from tightship.compose.project import Project
from tightship.rules.kit import Bad, Finding, Findings, Good, Severity, rule
from tightship.syntax.yaml import Scalar, walk
from tightship.values.secret import known_token

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.compose.env_file import EnvFile
    from tightship.text import Span


@rule(
    on=Project,
    severity=Severity.WARNING,
    cis=("4.10",),
    owasp=("R12",),
    cwe=(798,),
    references=("GitHub documentation, supported secret scanning patterns",),
    absorbs_here=("literal-secret-in-environment",),
    examples=(
        Bad(
            """
            services:
              backup:
                image: example/backup:2.4
                environment:
                  BACKUP_USER: «AKIAQX7RTZ2MVNW3PLB5»
            """,
            why="The shape is that of an AWS access key.",
        ),
        Good(
            """
            services:
              backup:
                image: example/backup:2.4
                environment:
                  BACKUP_USER: AKIAIOSFODNN7EXAMPLE
            """,
            why="This is the one that Amazon's own documentation shows.",
        ),
    ),
)
def secret_literal(project: Project) -> Findings:
    """Point at each token, and never repeat it."""
    for text, span in _texts(project):
        token = known_token(text)
        if token is not None:
            yield Finding(
                span.part(text[token.start : token.end]),
                f"{_article(token.kind)} {token.kind} stands here as plain text",
            )


def _texts(project: Project) -> Iterator[tuple[str, Span]]:
    """Yield what is written in the project's files, of those that may hold a token."""
    for file in project.files:
        if known_token(file.stream.source.text) is None:
            continue
        for node in walk(file.root):
            if isinstance(node, Scalar):
                yield node.value, node.span
        if file.first:
            for comment in file.stream.comments:
                yield comment.text, comment
    for variables in {id(f.source): f for f in _shared(project)}.values():
        for entry in variables.entries:
            yield entry.value or "", variables.place(entry)


def _shared(project: Project) -> Iterator[EnvFile]:
    for files in project.env_files.values():
        yield from (file for file in files if file.shared)


def _article(noun: str) -> str:
    return "an" if noun[0] in "AEIOU" else "a"
