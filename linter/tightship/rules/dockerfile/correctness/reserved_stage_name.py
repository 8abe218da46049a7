"""A stage has a name that means something else to BuildKit.

`scratch` is the empty image and `context` means the files of the build context. A
stage of that name replaces them: `FROM scratch` below a stage called `scratch` is no
longer empty, but contains that stage with its shell and its packages. A reader or a
tool believes that the image contains nothing useful for an attacker. BuildKit builds
such a file with a warning.

## How to fix

Give the stage another name.
"""

from tightship.rules import Bad, Finding, Findings, Good, Stage, rule

_RESERVED = {
    "scratch": "`FROM scratch` below means this stage, not the empty image",
    "context": "`context` means the files of the build context",
}


@rule(
    on=Stage,
    severity="warning",
    references=("BuildKit, build checks, ReservedStageName",),
    aliases=("DL3063", "buildkit:ReservedStageName"),
    when=("name",),
    examples=(
        Bad("""
            FROM alpine:3.22 AS «scratch»
            RUN apk add --no-cache ca-certificates

            FROM scratch
            COPY app /app
        """),
        Bad("""
            FROM alpine:3.22 AS «Context»
            COPY . /src
        """),
        Good("""
            FROM scratch AS empty
            COPY app /app
        """),
    ),
)
def reserved_stage_name(stage: Stage) -> Findings:
    """Point at the name."""
    why = _RESERVED.get(stage.name)
    if why is not None and stage.label is not None:
        yield Finding(
            stage.label.span, f"a stage should not be called `{stage.label.value}`: {why}"
        )
