"""The image has no health check.

Docker knows of a container without one only whether its process lives. One that hangs, that
an attack has driven into a loop or out of memory, or whose worker was replaced by something
else, counts as running: nothing restarts it, and what depends on it is started all the same.

A check in the Compose file does as well, and so does `HEALTHCHECK NONE`, which says that
there shall be none. The rule is in the strict set, since many images are jobs that end by
themselves, and Kubernetes does not look at HEALTHCHECK.

## How to fix

Ask the program for what it is there for, with what the image has:
`HEALTHCHECK --interval=30s --timeout=3s CMD ["/app/server", "--check"]`.
"""

from __future__ import annotations

from tightship.isolation.image import BuiltImage
from tightship.rules.kit import (
    Bad,
    Finding,
    Findings,
    Good,
    Related,
    Severity,
    rule,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.isolation.container import Container


@rule(
    on=BuiltImage,
    severity=Severity.INFO,
    strict=True,
    cis=("4.6",),
    references=("Dockerfile reference, HEALTHCHECK",),
    aliases=(
        "DL3057",
        "trivy:DS-0026",
        "checkov:CKV_DOCKER_2",
        "kics:b03a748a",
    ),
    examples=(
        Bad(
            """
            FROM golang:1.25 AS build
            RUN go build -o /server

            FROM «debian:13»
            COPY --from=build /server /server
            CMD ["/server"]
            """,
        ),
        Good(
            """
            FROM debian:13 AS base
            HEALTHCHECK CMD ["/server", "--check"]

            FROM base
            CMD ["/server"]
            """,
            why="A stage gets it from the one that it is based on.",
        ),
        Good(
            """
            FROM debian:13
            HEALTHCHECK NONE
            CMD ["/job"]
            """,
            why="Somebody has decided.",
        ),
        Good(
            {
                "compose.yaml": """
                services:
                  shop:
                    build: .
                    healthcheck: {test: [CMD, /server, --check]}
                """,
                "Dockerfile": """
                FROM debian:13
                CMD ["/server"]
                """,
            },
        ),
        Good(
            """
            FROM golang:1.25 AS build
            RUN go build -o /server

            FROM scratch
            COPY --from=build /server /
            """,
            why="Nothing runs in it: it holds files for others.",
        ),
    ),
)
def no_healthcheck(image: BuiltImage) -> Findings:
    """Point at the stage that is built."""
    stage = image.stage
    if stage.healthcheck is not None or stage.build.file.template is not None:
        return
    if stage.is_from_scratch and stage.entrypoint is None and stage.command is None:
        return
    without = [one for one in image.containers if not _has_its_own(one)]
    if image.containers and not without:
        return
    base = "" if stage.is_from_scratch else ", unless the base image brings one"
    yield Finding(
        image.span,
        f"{stage.title} has no health check{base}",
        because=tuple(
            Related(one.span, f"service `{one.name}` sets none either")
            for one in without
        ),
    )


def _has_its_own(container: Container) -> bool:
    service = container.service
    return service.value("healthcheck") is not None or service.may_have("healthcheck")
