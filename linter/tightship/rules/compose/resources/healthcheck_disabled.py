"""The health check of the container is off.

Without a check, Docker only knows whether the container's process is alive. A process that
hangs, or that an attack has driven out of memory, still counts as running. Monitors
see no difference, and services that wait for `service_healthy` cannot start.

`healthcheck: {disable: true}` and `test: [NONE]` switch off the check of the image, and
so does `HEALTHCHECK NONE` in the Dockerfile. `test: NONE` as a text does not: it runs
a program named `NONE`, which no image has, so the container is never healthy.

If neither Compose nor a Dockerfile decides, an image that is pulled may have a check, so the rule reports nothing.
[no-healthcheck](no-healthcheck.md) is about Dockerfiles without any.

## How to fix

Remove the setting if the image has a check. If it has none, or its check is wrong for this service,
write a `test` that asks the program to do its work, such as `[CMD, /app/server, --check]`.
"""

from tightship.rules import Bad, Container, Finding, Findings, Good, Related, ScalarValue, by_default, rule  # fmt: skip


@rule(
    on=Container,
    severity="info",
    strict=True,
    references=(
        "Compose Specification, services, healthcheck",
        "Dockerfile reference, HEALTHCHECK",
    ),
    advice="remove it, or set `healthcheck.test` to a command that asks the program to do its work",
    examples=(
        Bad("""
            services:
              db:
                image: postgres:17
                healthcheck: {disable: «true»}
              cache:
                image: redis:8
                healthcheck:
                  test: «[NONE]»
        """),
        Bad("""
            services:
              db:
                image: postgres:17
                healthcheck:
                  test: «NONE»
        """).because("This runs a program of that name."),
        Bad("""
            ==> compose.yaml <==
            services:
              «shop»:
                build: .
            ==> Dockerfile <==
            FROM debian:13
            HEALTHCHECK NONE
        """),
        Good("""
            services:
              db:
                image: postgres:17
              web:
                image: nginx:1.29
                healthcheck: {test: [CMD, /check], disable: false}
        """).because("The first image may have a check."),
        Good("""
            services:
              db:
                image: postgres:17
                healthcheck: {disable: "${NO_CHECK}"}
        """),
    ),
)
def healthcheck_disabled(container: Container) -> Findings:
    """Point at what switches the check off, or at a service whose image does."""
    title, disable = container.title, container.flag("healthcheck", "disable")
    test = container.value("healthcheck", "test")
    tests = container.texts("healthcheck", "test")
    first = tests.items[0] if tests.items else None
    if disable.is_surely(True):
        yield Finding(disable.span, f"{title} has no health check{by_default(disable.provenance)}")
    elif test is not None and first is not None and first.is_surely("NONE") and disable.decided:
        is_text = isinstance(test, ScalarValue)
        what = (
            "runs a program named `NONE` as its health check" if is_text else "has no health check"
        )
        yield Finding(test.span, f"{title} {what}{by_default(first.provenance)}")
    elif not tests.items and tests.decided and disable.decided:
        yield from _of_image(container)


def _of_image(container: Container) -> Findings:
    step = container.stage and container.stage.healthcheck
    if step and [word.value.upper() for word in step.instruction.arguments] == ["NONE"]:
        yield Finding(
            container.span,
            f"{container.title} has no health check, because its Dockerfile switches it off",
            because=(Related(step.span, "here"),),
        )
