"""COPY takes the whole file system of another stage.

`COPY --from=build / /` copies compilers, package lists, caches and any secret that a
step left behind, and it replaces `/etc/passwd`, libraries and certificates of the
base image. The separate stage no longer keeps anything out of the image.

The rule accepts a stage from `scratch` that begins with such a COPY: it is the same
image in one layer. It also accepts `tonistiigi/xx`, an image that has nothing but scripts
to copy.

## How to fix

Copy only the files that the image needs: `COPY --from=build /app /app`.
"""

import posixpath

from tightship.rules import Add, Argument, Bad, Copy, Finding, Findings, Good, passed, rule, with_defaults  # fmt: skip


@rule(
    on=Copy,
    severity="info",
    references=("Docker documentation, multi-stage builds",),
    aliases=("DL3067",),
    examples=(
        Bad("""
            FROM golang:1.25 AS build
            RUN go build -o /app

            FROM alpine:3.22
            COPY --from=build «/» /
        """),
        Good("""
            FROM golang:1.25 AS build
            RUN go build -o /app

            FROM alpine:3.22
            COPY --from=build /app /app
        """),
        Good("""
            FROM debian:13 AS build
            RUN apt-get update && apt-get install -y nginx

            FROM scratch
            COPY --from=build / /
        """),
        Good("""
            FROM scratch AS files
            COPY conf /etc/app/

            FROM alpine:3.22
            COPY --from=files / /
        """).because("This stage contains only the needed files."),
        Good("""
            FROM tonistiigi/xx:1.6.1 AS xx

            FROM golang:1.25
            COPY --from=xx / /
        """).because("This image contains only scripts."),
    ),
)
def whole_file_system_copied(copy: Copy) -> Findings:
    """Point at the source."""
    origin, to = copy.origin, copy.destination
    if origin is None or to is None or not _is_root(to, "/"):
        return
    stage = copy.stage.build.stage(origin.text)
    if stage is None or stage.is_from_scratch:
        return
    if stage.image is not None and stage.image.familiar == "tonistiigi/xx":
        return
    if copy.stage.is_from_scratch and not any(
        isinstance(step, (Add, Copy)) and step.index < copy.index
        for step in copy.stage.effective_steps
    ):
        return
    for source in copy.sources:
        if _is_root(source, "/", "/*"):
            yield Finding(
                source.span,
                f"everything in {stage.title} is copied into the image{with_defaults(source)}",
                because=passed(source),
            )


def _is_root(argument: Argument, *targets: str) -> bool:
    if not argument.decided or not argument.text.startswith("/"):
        return False
    return posixpath.normpath(argument.text).replace("//", "/") in targets
