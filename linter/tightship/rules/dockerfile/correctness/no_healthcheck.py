"""The image has no health check.

Without one, Docker only knows whether the container's process is alive. A process
that hangs, that an attack has driven into a loop or out of memory, or whose worker
was replaced, still counts as running: nothing restarts it, and Compose starts the
services that depend on it anyway.

The rule also accepts a check in the Compose file, and `HEALTHCHECK NONE`, an explicit
decision against one. The rule is in the strict set, since many images are jobs that
end by themselves, and Kubernetes ignores HEALTHCHECK.

## How to fix

Add a check that asks the program to do its work, with a program of the image:
`HEALTHCHECK --interval=30s --timeout=3s CMD ["/app/server", "--check"]`.
"""

from tightship.rules import Bad, BuiltImage, Finding, Findings, Good, Related, rule


@rule(
    on=BuiltImage,
    severity="info",
    strict=True,
    references=("Dockerfile reference, HEALTHCHECK",),
    aliases=("DL3057", "trivy:DS-0026", "checkov:CKV_DOCKER_2", "kics:b03a748a"),
    advice='add a check, such as `HEALTHCHECK CMD ["/app/server", "--check"]`',
    examples=(
        Bad("""
            FROM golang:1.25 AS build
            RUN go build -o /server

            FROM «debian:13»
            COPY --from=build /server /server
            CMD ["/server"]
        """),
        Good("""
            FROM debian:13 AS base
            HEALTHCHECK CMD ["/server", "--check"]

            FROM base
            CMD ["/server"]
        """).because("A stage gets it from the one that it is based on."),
        Good("""
            FROM debian:13
            HEALTHCHECK NONE
            CMD ["/job"]
        """).because("This is an explicit decision."),
        Good("""
            ==> compose.yaml <==
            services:
              shop:
                build: .
                healthcheck: {test: [CMD, /server, --check]}
            ==> Dockerfile <==
            FROM debian:13
            CMD ["/server"]
        """),
        Good("""
            FROM golang:1.25 AS build
            RUN go build -o /server

            FROM scratch
            COPY --from=build /server /
        """).because("Nothing runs in it: it only contains files for other stages."),
    ),
)
def no_healthcheck(image: BuiltImage) -> Findings:
    """Point at the stage that is built."""
    stage = image.stage
    if stage.healthcheck is not None or stage.build.file.template is not None:
        return
    if stage.is_from_scratch and stage.entrypoint is None and stage.command is None:
        return
    without = [
        one
        for one in image.containers
        if one.value("healthcheck") is None and not one.may_have("healthcheck")
    ]
    if image.containers and not without:
        return
    base = "" if stage.is_from_scratch else "; its base image may have one"
    yield Finding(
        image.span,
        f"{stage.title} has no health check{base}",
        because=tuple(Related(one.span, f"{one.title} sets none either") for one in without),
    )
