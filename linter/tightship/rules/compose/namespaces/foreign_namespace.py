"""The container joins a container that this project does not define.

`container:NAME` puts a service into the namespace of whatever container has that name
when it starts. The isolation of that container is defined elsewhere: it may be in the
host's network, or another container may replace it under the same name. Containers
that share a process namespace see and can signal each other's processes; those that
share a network share `localhost`; those that share `ipc` share memory.

## How to fix

Declare the other container in the project, too, and join it with `service:NAME`.
Then both are checked together. Or let the two communicate over a network.
"""

from tightship.rules import Bad, Container, Finding, Findings, Good, by_default, rule

_WORDS = {"pid": "processes", "network": "network", "ipc": "shared memory"}


_ELSEWHERE = "start both in one file, or let them communicate over a network"


@rule(
    on=Container,
    keys=("pid", "network_mode", "ipc"),
    severity="info",
    strict=True,
    cwe=(653,),
    references=("Compose Specification, services, pid, network_mode and ipc",),
    examples=(
        Bad("""
            services:
              torrent:
                image: transmission
                network_mode: «container:gluetun»
        """),
        Bad("""
            services:
              debug:
                image: debug-tools
                pid: «"container:${TARGET}"»
                ipc: «"container:${TARGET}"»
        """).because("The name is unknown, but it is not a service of this project."),
        Good("""
            services:
              gluetun:
                image: gluetun
                cap_add: [NET_ADMIN]
              torrent:
                image: transmission
                network_mode: service:gluetun
        """),
    ),
)
def foreign_namespace(container: Container) -> Findings:
    """Point at the service's own `pid`, `network_mode` and `ipc`."""
    is_compose = container.settings.program == "Compose"
    lacks = "this project does not define" if is_compose else "this file does not start"
    for kind, words in _WORDS.items():
        namespace = container.namespace(kind)
        if namespace.container is not None:
            yield Finding(
                namespace.span,
                f"{container.title} shares the {words} of container"
                f" `{namespace.container}`, which {lacks}"
                f"{by_default(namespace.setting.provenance)}",
                because=namespace.because,
                advice="" if is_compose else _ELSEWHERE,
            )
