"""A program of the host runs whenever this project is started.

A service with a `provider` makes no container. Compose looks for a plugin or a program
of the name in `type` on the host, and runs it as the user who runs `docker compose`,
with the service's options as arguments. Nothing isolates it, and which program it is
depends on what is installed there.

## How to fix

Make sure that everybody who runs the project has the program from a source that they
trust. Where a container does as well, use one.
"""

from __future__ import annotations

from tightship.compose.service import Service
from tightship.rules.kit import Bad, Finding, Findings, Good, Severity, rule


@rule(
    on=Service,
    severity=Severity.INFO,
    cwe=(829,),
    references=("Compose Specification, services, provider",),
    examples=(
        Bad(
            """
            services:
              database:
                provider:
                  type: «awesomecloud»
                  options:
                    type: mysql
            """,
        ),
        Good(
            """
            services:
              database:
                image: mysql:8.4
            """,
        ),
    ),
)
def host_binary_provider(service: Service) -> Findings:
    """Point at the program that stands in for a container."""
    if service.value("provider") is None:
        return
    program = service.text("provider", "type")
    named = f"`{program.value}`" if program.value else "a program"
    yield Finding(
        program.span,
        f"service `{service.name}` runs {named} on the host, without any isolation",
    )
