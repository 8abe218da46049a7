"""The engine restarts the container without a limit.

A container that fails because of an attack or a mistake starts again and again: an attacker
can try as often as they like, each start takes processor time, and the log of the first
failure is lost among those of all others. With `on-failure` and a number of attempts, the engine
stops after so many failures, and a monitor sees that the container is down.

`always`, `unless-stopped` and `on-failure` without a number have no limit, nor has
`on-failure:0`. `deploy.restart_policy` wins over `restart`. The rule is in the
strict set, because many services have to come back after each failure.

## How to fix

Write `restart: on-failure:5`. Unlike `always`, this does not start the container again
after it has ended without a failure, or when the daemon starts.
"""

from tightship.rules import Bad, Container, Finding, Findings, Good, MappingValue, Setting, by_default, rule  # fmt: skip

_MOST = 5
_POLICY = ("deploy", "restart_policy")
_UNLIMITED = {
    "always": "without a limit",
    "any": "without a limit",
    "unless-stopped": "without a limit",
}


@rule(
    on=Container,
    keys=("restart", "deploy"),
    severity="info",
    strict=True,
    references=(
        "Compose Specification, services, restart",
        "docker/compose, pkg/compose/create.go (getRestartPolicy)",
        "moby 26.1.5, restartmanager/restartmanager.go",
    ),
    advice="write `restart: on-failure:5`",
    examples=(
        Bad("""
            services:
              web:
                image: nginx:1.29
                restart: «always»
              worker:
                image: example/worker:2.4
                restart: «on-failure:10»
        """),
        Bad("""
            services:
              web:
                image: nginx:1.29
                restart: on-failure:3
                deploy:
                  restart_policy:
                    condition: «on-failure»
        """).because("This wins over `restart`, and has no `max_attempts`."),
        Good("""
            services:
              web:
                image: nginx:1.29
                restart: on-failure:5
              worker:
                image: example/worker:2.4
                deploy:
                  restart_policy: {condition: on-failure, max_attempts: 3}
              job:
                image: example/job:2.4
        """).because("A container without a policy is not restarted."),
        Good("""
            services:
              web:
                image: nginx:1.29
                restart: ${RESTART}
        """),
    ),
)
def unlimited_restarts(container: Container) -> Findings:
    """Point at the policy of restarts, if it is without a limit or above 5."""
    found = container.text("restart")
    attempts: Setting[float] | None = None
    if isinstance(container.value(*_POLICY), MappingValue):
        found = container.text(*_POLICY, "condition")
        attempts = container.number(*_POLICY, "max_attempts")
    if found.value is None or (attempts and not attempts.decided):
        return
    name, _, count = found.value.partition(":")
    most = int(count) if count.isdecimal() else 0
    if attempts and attempts.value:
        most = int(attempts.value)
    if name not in _UNLIMITED and (name != "on-failure" or 0 < most <= _MOST):
        return
    how = _UNLIMITED.get(name) or (
        f"up to {most} times" if most else "after each failure, without a limit"
    )
    yield Finding(
        found.span, f"the engine restarts {container.title} {how}{by_default(found.provenance)}"
    )
