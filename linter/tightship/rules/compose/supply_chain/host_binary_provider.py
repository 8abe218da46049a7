"""Each start of the project runs a program on the host.

A service with a `provider` makes no container. Compose looks for a plugin or a
program of the name in `type` on the host, and runs it as the user who runs `docker
compose`, with the service's options as arguments. Nothing isolates the program, and
the programs installed on the host decide which one it is.

## How to fix

Make sure that everyone who runs the project installs the program from a trusted
source. If a container can do the same, use one.
"""

from tightship.rules import Bad, ContainerSettings, Finding, Findings, Good, rule


@rule(
    on=ContainerSettings,
    keys=("provider",),
    severity="info",
    cwe=(829,),
    references=("Compose Specification, services, provider",),
    examples=(
        Bad("""
            services:
              database:
                provider:
                  type: «awesomecloud»
                  options:
                    type: mysql
        """),
        Good("""
            services:
              database:
                image: mysql:8.4
        """),
    ),
)
def host_binary_provider(service: ContainerSettings) -> Findings:
    """Point at the program that stands in for a container."""
    if service.value("provider") is None:
        return
    program = service.text("provider", "type")
    named = f"`{program.value}`" if program.value else "a program"
    yield Finding(program.span, f"{service.title} runs {named} on the host, without any isolation")
