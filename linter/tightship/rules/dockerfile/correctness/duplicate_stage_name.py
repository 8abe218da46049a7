"""Two stages of a Dockerfile have the same name.

The meaning of the name depends on its use: FROM takes the last stage above it, `COPY
--from` and a build's target take the last stage of the file. A change to the first
stage, such as another user or a package update, may affect an image that is never
built, without any message. BuildKit builds such a file with a warning. It rejects the
file only if a `COPY --from` between the two stages uses the name: the name then means
the second stage, which does not exist yet. `undefined-stage` reports that.

Case does not matter: `Build` and `build` are one name.

## How to fix

Give each stage its own name, and use the right one in `COPY --from` and `--target`.
"""

from tightship.rules import Bad, Build, Finding, Findings, Good, Related, Word, rule


@rule(
    on=Build,
    severity="warning",
    references=("Dockerfile reference, FROM", "BuildKit, build checks, DuplicateStageName"),
    aliases=(
        "DL3024",
        "buildkit:DuplicateStageName",
        "trivy:DS-0012",
        "checkov:CKV_DOCKER_11",
        "kics:f2daed12",
    ),
    when=("stage_names",),
    examples=(
        Bad("""
            FROM golang:1.25 AS build
            RUN go build -o /app

            FROM node:22 AS «Build»
            RUN npm ci

            FROM scratch
            COPY --from=build /app /app
        """).because("The files come from the second one."),
        Good("""
            FROM golang:1.25 AS build
            RUN go build -o /app

            FROM node:22 AS assets
            RUN npm ci

            FROM scratch
            COPY --from=build /app /app
        """),
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
                f"an earlier stage is also called `{other.value}`, and the name then"
                " refers to the last one",
                because=(Related(other.span, "this stage has the same name"),),
            )
