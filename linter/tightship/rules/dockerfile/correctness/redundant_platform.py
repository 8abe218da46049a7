"""FROM sets the platform that it uses by default.

`--platform=$TARGETPLATFORM` is the default of FROM. It looks like a decision but has
no effect, and builders other than BuildKit reject it, because they do not know the
variable.

BuildKit reports the same as `RedundantTargetPlatform`.

## How to fix

Remove the flag. For a stage that compiles for other platforms on the build machine,
use `--platform=$BUILDPLATFORM`.
"""

from tightship.rules import Bad, Finding, Findings, Fix, Good, Stage, remove_flag, rule

_TARGET = "TARGETPLATFORM"


@rule(
    on=Stage,
    severity="info",
    fix="keeps-behaviour",
    references=(
        "Dockerfile reference, automatic platform ARGs in the global scope",
        "BuildKit, build checks, RedundantTargetPlatform",
    ),
    aliases=("DL3065", "buildkit:RedundantTargetPlatform"),
    when=("platform",),
    examples=(
        Bad("""
          - FROM «--platform=$TARGETPLATFORM» alpine:3.22
          + FROM alpine:3.22
        """),
        Good("""
            FROM --platform=$BUILDPLATFORM golang:1.25 AS build
            FROM --platform=linux/$TARGETARCH alpine:3.22
        """),
        Good("""
            ARG TARGETPLATFORM=linux/amd64
            FROM --platform=$TARGETPLATFORM alpine:3.22
        """).because("This ARG replaces the variable that BuildKit sets."),
    ),
)
def redundant_platform(stage: Stage) -> Findings:
    """Point at the flag."""
    flag, platform = stage.instruction.flag("platform"), stage.platform
    if flag is None or platform is None or platform.decided:
        return
    if platform.text != f"${{{_TARGET}}}":
        return
    if any(r.variable is None or r.variable.kind != "platform" for r in platform.reads):
        return
    edits = remove_flag(stage.instruction, "platform", stage.build.escape)
    yield Finding(
        flag.span,
        f"without `--platform=${_TARGET}`, FROM uses the same image",
        fix=Fix.keeps("Remove the flag", edits),
    )
