"""Two stages of a Dockerfile have the same name.

Which of them a name stands for depends on where it is used: FROM takes the last one above
it, `COPY --from` and a build's target take the last one of all. Whoever changes the first
one, to drop a root user or to update a package, changes an image that is not built, and
nobody is told. BuildKit builds such a file with a warning. Only a `COPY --from` between
the two is refused, since it means the second one, which stands below; that is an error of
`undefined-stage`.

Case does not count: `Build` and `build` are one name.

## How to fix

Give each stage a name of its own, and name in `COPY --from` and `--target` the one that is
meant.
"""

from __future__ import annotations

from tightship.dockerfile.build import Build
from tightship.rules.kit import Bad, Finding, Findings, Good, Related, Severity, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.syntax.dockerfile.nodes import Word


@rule(
    on=Build,
    severity=Severity.WARNING,
    references=(
        "Dockerfile reference, FROM",
        "BuildKit, build checks, DuplicateStageName",
    ),
    aliases=(
        "DL3024",
        "buildkit:DuplicateStageName",
        "trivy:DS-0012",
        "checkov:CKV_DOCKER_11",
        "kics:f2daed12",
    ),
    examples=(
        Bad(
            """
            FROM golang:1.25 AS build
            RUN go build -o /app

            FROM node:22 AS «Build»
            RUN npm ci

            FROM scratch
            COPY --from=build /app /app
            """,
            why="The files come from the second one.",
        ),
        Good(
            """
            FROM golang:1.25 AS build
            RUN go build -o /app

            FROM node:22 AS assets
            RUN npm ci

            FROM scratch
            COPY --from=build /app /app
            """,
        ),
    ),
)
def duplicate_stage_name(build: Build) -> Findings:
    """Point at each name that a stage above has already."""
    if build.file.template is not None:
        return
    first: dict[str, Word] = {}
    for stage in build.stages:
        label = stage.label
        if label is None:
            continue
        other = first.setdefault(stage.name, label)
        if other is not label:
            yield Finding(
                label.span,
                f"a stage above is called `{other.value}` already, and a name stands"
                " for the last one",
                because=(Related(other.span, "this stage has the same name"),),
            )
