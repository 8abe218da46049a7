"""A stage has a name that means something else to BuildKit.

`scratch` is the empty image and `context` are the files that the build is given. A stage
of that name takes their place: `FROM scratch` below a stage called `scratch` is not empty
any more, but holds all that this stage holds, with its shell and its packages. Who reads
that line, or a tool that judges it, believes the image to have nothing an attacker could
use. BuildKit builds such a file with a warning.

## How to fix

Give the stage another name.
"""

from __future__ import annotations

from tightship.dockerfile.stage import Stage
from tightship.rules.kit import Bad, Finding, Findings, Good, Severity, rule

_RESERVED = {
    "scratch": "`FROM scratch` below means this stage, and not the empty image",
    "context": "`context` stands for the files that the build is given",
}


@rule(
    on=Stage,
    severity=Severity.WARNING,
    references=("BuildKit, build checks, ReservedStageName",),
    aliases=("DL3063", "buildkit:ReservedStageName"),
    examples=(
        Bad(
            """
            FROM alpine:3.22 AS «scratch»
            RUN apk add --no-cache ca-certificates

            FROM scratch
            COPY app /app
            """,
        ),
        Bad(
            """
            FROM alpine:3.22 AS «Context»
            COPY . /src
            """,
        ),
        Good(
            """
            FROM scratch AS empty
            COPY app /app
            """,
        ),
    ),
)
def reserved_stage_name(stage: Stage) -> Findings:
    """Point at the name."""
    why = _RESERVED.get(stage.name)
    if why is not None and stage.label is not None:
        yield Finding(
            stage.label.span,
            f"a stage should not be called `{stage.label.value}`: {why}",
        )
