"""Compose cannot replace a variable, or what it comes to does not fit its place.

Compose replaces variables in the whole file before it looks at what they are for, and
refuses all of it when one of them is written wrong: an operator that it does not know, a
brace that is never closed. It starts nothing then.

Most are shell syntax, which Compose knows only in parts: `:-`, `-`, `:?`, `?`, `:+` and `+`,
but no `${NAME/a/b}` or `${NAME%.*}`. Others are a `$` that was meant as such, in a password
or in a script that the container runs.

What a variable comes to is refused like what is written there: `maybe` for true or false,
`64mega` for a size. A default such as the one in `${READ_ONLY:-maybe}` counts as long as
`.env` does not set the variable. What only your environment could set is left alone.

## How to fix

Write the variable in one of the forms that Compose has, or double the `$`: `$$` is a
single one for the container. Give it a default, or a value in `.env`, that its place takes.
"""

from __future__ import annotations

from tightship.compose.loading.fault import Fault
from tightship.compose.loading.tree import Leaf
from tightship.rules.kit import (
    Bad,
    Finding,
    Findings,
    Good,
    Seen,
    Severity,
    by_default,
    rule,
)


@rule(
    on=Fault,
    severity=Severity.ERROR,
    references=(
        "Compose Specification, interpolation",
        "compose-go, template/template.go",
    ),
    checked=Seen(
        """
        $ docker compose config --quiet && echo accepted
        invalid interpolation format for services.app.hostname.
        You may need to escape any $ with another $.
        ${NAME
        """,
        """
        $ docker compose config --quiet && echo accepted
        accepted
        """,
        files={
            "compose.yaml": """
            services:
              app:
                image: busybox
                hostname: "${NAME"
            """,
        },
        control_files={
            "compose.yaml": """
            services:
              app:
                image: busybox
                hostname: "${NAME:-app}"
            """,
        },
    ),
    examples=(
        Bad(
            """
            services:
              web:
                image: nginx:1.29
                environment:
                  NAME: web-«${SITE%.example}»
            """,
        ),
        Bad(
            """
            services:
              web:
                image: nginx:1.29
                read_only: «${READ_ONLY:-maybe}»
                pids_limit: ${PIDS}
            """,
            why="What `PIDS` will be, the file does not say.",
        ),
        Good(
            """
            services:
              web:
                image: nginx:${TAG:-1.29}
                user: ${WEB_UID:?}
                environment:
                  NAME: web-$${SITE%.example}
                  PRICE: 5$
            """,
        ),
    ),
)
def invalid_variable(fault: Fault) -> Findings:
    """Point at the `$`, or at the value that a variable gives."""
    if fault.kind == "template":
        yield Finding(fault.span, fault.message, because=fault.because)
    value = fault.value
    if fault.kind != "cast" or not isinstance(value, Leaf):
        return
    # `wrong-type` reports values without a variable.
    if value.templated and value.decided:
        message = f"{fault.message}, and is not{by_default(value.provenance)}"
        yield Finding(fault.span, message, because=fault.because)
