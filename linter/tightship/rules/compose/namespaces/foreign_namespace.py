"""The container joins a container that this project does not define.

`container:NAME` puts a service into the namespace of whatever container has that name
when it starts. What isolates that one, and who may change it, is written elsewhere: it
may be in the host's network, or replaced by another container of the same name. With
the process namespace the two see and may signal each other's processes, with the
network they share `localhost`, with `ipc` their shared memory.

## How to fix

Bring the other container into the project and join it with `service:NAME`, so that its
settings can be judged along with this one's. Or let the two talk over a network.
"""

from __future__ import annotations

from tightship.isolation.container import Container
from tightship.rules.kit import (
    Bad,
    Finding,
    Findings,
    Good,
    Severity,
    by_default,
    rule,
)

_WORDS = {"pid": "processes", "network": "network", "ipc": "shared memory"}


@rule(
    on=Container,
    keys=("pid", "network_mode", "ipc"),
    severity=Severity.INFO,
    strict=True,
    cwe=(653,),
    references=("Compose Specification, services, pid, network_mode and ipc",),
    examples=(
        Bad(
            """
            services:
              torrent:
                image: transmission
                network_mode: «container:gluetun»
            """,
        ),
        Bad(
            """
            services:
              debug:
                image: debug-tools
                pid: «"container:${TARGET}"»
                ipc: «"container:${TARGET}"»
            """,
            why="Whatever the name is, it is not a service of this project.",
        ),
        Good(
            """
            services:
              gluetun:
                image: gluetun
                cap_add: [NET_ADMIN]
              torrent:
                image: transmission
                network_mode: service:gluetun
            """,
        ),
    ),
)
def foreign_namespace(container: Container) -> Findings:
    """Point at the service's own `pid`, `network_mode` and `ipc`."""
    for kind, words in _WORDS.items():
        namespace = container.namespace(kind)
        if namespace.container is not None:
            yield Finding(
                namespace.span,
                f"service `{container.name}` shares the {words} of container"
                f" `{namespace.container}`, which this project does not"
                f" define{by_default(namespace.setting.provenance)}",
                because=namespace.because,
            )
