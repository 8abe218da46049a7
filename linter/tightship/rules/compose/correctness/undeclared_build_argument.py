"""The Dockerfile does not declare the build argument.

BuildKit passes an argument to the stages that declare it with `ARG`. It drops all others,
with a warning that is easy to miss, and builds the image with the default or without a
value: with another version than in the Compose file, or with a setting for development.

Arguments that BuildKit itself reads need no `ARG`: those for proxies, `SOURCE_DATE_EPOCH`,
and names that begin with `BUILDKIT_`.

## How to fix

Write `ARG NAME` in the stage that uses it, after its `FROM`, or remove the argument.
Names are case-sensitive.
"""

from tightship.rules import PLATFORM_VARIABLES, Bad, Buildable, Finding, Findings, Good, rule

# BuildKit, frontend/dockerfile/dockerfile2llb, defaultargs.go and convert.go.
_PREDEFINED = frozenset((
    "HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY",
    "SOURCE_DATE_EPOCH",
))  # fmt: skip


@rule(
    on=Buildable,
    keys=("build",),
    severity="info",
    references=("Dockerfile reference, ARG, predefined ARGs", "Compose Build Specification, args"),
    examples=(
        Bad("""
            ==> compose.yaml <==
            services:
              web:
                build:
                  context: .
                  args:
                    «NODE_VERSION»: 24
                    HTTP_PROXY: http://proxy.example
            ==> Dockerfile <==
            ARG NODE_VER=22
            FROM node:${NODE_VER}
        """),
        Good("""
            ==> compose.yaml <==
            services:
              web:
                build:
                  context: .
                  args: [NODE_VERSION=24, UID=1000, BUILDKIT_INLINE_CACHE=1]
            ==> Dockerfile <==
            ARG NODE_VERSION=22
            FROM node:${NODE_VERSION}
            ARG UID
        """),
    ),
)
def undeclared_build_argument(owner: Buildable) -> Findings:
    """Point at the argument that no ARG takes."""
    stage = owner.stage
    if stage is None or stage.build.file.template is not None:
        return
    for pair in owner.pairs("build", "args"):
        if pair.name.upper() in _PREDEFINED or pair.name.startswith("BUILDKIT_"):
            continue
        if pair.name in PLATFORM_VARIABLES or "$" in pair.name:
            continue
        if pair.name not in stage.build.argument_names:
            yield Finding(
                pair.span,
                f"`{pair.name}` has no effect: `{stage.build.source.name}` declares no"
                " `ARG` of this name",
            )
