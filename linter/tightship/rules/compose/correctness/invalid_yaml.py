"""The file is not YAML.

Compose stops at the first thing that is not YAML and starts nothing. Until that is
mended nobody can tell what the rest of the file would do: a line that is read under
another key than it was meant for can take a service's whole hardening away.

Tightship reads on past the mistake and judges what it still understands, and
`not-checked` says that this is not all.

## How to fix

Mend the line that the finding points at, or the one above it, where what is pointed
at began. Most often it is a tab where YAML wants spaces, a quote or bracket that is
never closed, a `: ` inside a value without quotes, or a line that is not indented as
far as those around it.
"""

from __future__ import annotations

from tightship.compose.project import ComposeFile
from tightship.rules.kit import (
    Bad,
    Finding,
    Findings,
    Good,
    Seen,
    Severity,
    rule,
)


@rule(
    on=ComposeFile,
    severity=Severity.ERROR,
    references=("YAML 1.2, Compose Specification, Compose file",),
    aliases=("dclint:invalid-yaml",),
    absorbs_here=("not-checked", "wrong-type"),
    checked=Seen(
        """
        $ docker compose config --quiet && echo accepted
        yaml: unknown anchor 'defaults' referenced
        """,
        """
        $ docker compose config --quiet && echo accepted
        accepted
        """,
    ),
    examples=(
        Bad(
            """
            services:
              web:
                image: nginx
                environment: «*defaults»
            """,
        ),
        Good(
            """
            services:
              web:
                image: nginx
                command: ["echo", "a: b"]
            """,
        ),
    ),
)
def invalid_yaml(file: ComposeFile) -> Findings:
    """Point at each place that is not YAML."""
    if file.first:
        for problem in file.stream.problems:
            yield Finding(problem.span, problem.message)
