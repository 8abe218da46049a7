"""Two entries want the same port of the host, so one of them cannot start.

A port of an address belongs to one socket. Compose does not compare the `ports` of
services with one another; the engine refuses the second container when it starts, and
which one that is depends on the order of the day. Entries of the same service collide
as well, unless Compose takes them for one and the same.

`0.0.0.0` stands for every IPv4 address and `::` for every IPv6 one; an entry without an
address wants both. TCP and UDP do not collide, and neither do services whose profiles
are never active together.

With `scale: 2` or `deploy.replicas: 2` each container of a service wants its port. From a
range for one port of the container (`"8080-8081:80"`) the engine gives each another one.
A Swarm shares one port among replicas, so a file is not judged by `deploy.replicas` where
it has what only a Swarm reads, such as `deploy.placement` or an overlay network.

## How to fix

Give one of them another port of the host (`"8081:80"`), or another address. A port that
only other services use need not be published at all: on a common network they reach the
container by its name. For replicas, publish a range that is large enough, or leave the
port of the host to the engine (`"80"`).
"""

from __future__ import annotations

from tightship.isolation.loaded_project import LoadedProject
from tightship.rules.kit import (
    Bad,
    Finding,
    Findings,
    Good,
    Related,
    Seen,
    Severity,
    rule,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.compose.setting import Setting
    from tightship.isolation.container import Container
    from tightship.isolation.ports import Port

# Keys of `deploy` that Compose ignores.
_OF_SWARM = ("placement", "update_config", "rollback_config", "endpoint_mode", "mode")


@rule(
    on=LoadedProject,
    severity=Severity.ERROR,
    references=("Compose Specification, services, ports",),
    aliases=("dclint:no-duplicate-exported-ports",),
    checked=Seen(
        """
        $ docker compose --progress quiet up -d && echo started
        Error response from daemon: driver failed programming external connectivity on endpoint …-app-1 (…): Error starting userland proxy: listen tcp4 127.0.0.1:18080: bind: address already in use
        """,
        """
        $ docker compose --progress quiet up -d && echo started
        started
        """,
        files={
            "compose.yaml": """
            services:
              app:
                image: busybox
                command: sleep 60
                ports: ["127.0.0.1:18080:80", "18080:81"]
            """,
        },
        control_files={
            "compose.yaml": """
            services:
              app:
                image: busybox
                command: sleep 60
                ports: ["127.0.0.1:18080:80", "18081:81"]
            """,
        },
    ),
    examples=(
        Bad(
            """
            services:
              web:
                image: nginx
                ports: ["8080:80"]
              api:
                image: example/api:2
                ports: [«"127.0.0.1:8080:8000"»]
            """,
            why="The first one wants the port on all addresses, the loopback included.",
        ),
        Bad(
            """
            services:
              web:
                image: nginx
                ports: ["8000-8003:8000-8003"]
              api:
                image: example/api:2
                ports:
                  - «{target: 80, published: "8001"}»
            """,
        ),
        Bad(
            """
            services:
              web:
                image: nginx
                ports: [«"8080:80"»]
                deploy: {replicas: 2}
            """,
        ),
        Good(
            """
            services:
              dns:
                image: example/dns:2
                ports: ["53:53/udp", "53:53/tcp"]
              web:
                image: nginx
                ports: ["127.0.0.1:8080:80", "127.0.0.2:8080:81"]
            """
        ),
        Good(
            """
            services:
              web:
                image: nginx
                ports: ["8080:80", "0.0.0.0:8080:80"]
            """,
            why="Compose takes these two for one.",
        ),
        Good(
            """
            services:
              stable:
                image: example/app:1
                profiles: [stable]
                ports: ["8080:80"]
              next:
                image: example/app:2
                profiles: [next]
                ports: ["8080:80", "${OTHER}:81"]
            """,
            why="Either profile can be active without the other.",
        ),
    ),
)
def port_published_twice(project: LoadedProject) -> Findings:
    """Point at the later of two entries that collide."""
    taken: dict[tuple[str, int], list[Port]] = {}
    for container in project.containers:
        replicas = _replicas(container)
        for port in container.ports:
            if replicas is not None and _is_too_narrow(port, replicas):
                yield _shared(port, replicas)
            collided = False
            for number in _fixed(port):
                others = taken.setdefault((port.parsed.protocol, number), [])
                first = next((o for o in others if _collide(o, port)), None)
                if first is not None and not collided:
                    collided = True
                    yield Finding(
                        port.span,
                        f"service `{container.name}` wants port {number} of the host,"
                        f" which service `{first.container.name}` has taken",
                        because=(Related(first.span, "it is taken here"),),
                    )
                others.append(port)


def _replicas(container: Container) -> Setting[float] | None:
    """Return the number of containers that Compose makes of a service, if it is set."""
    service = container.service
    scale = service.number("scale")
    if scale.is_set:
        return scale
    project = service.project
    in_swarm = any(
        one.value("deploy", key) is not None
        for one in project.services.values()
        for key in _OF_SWARM
    ) or any(
        driver is not None and driver.text == "overlay"
        for name in project.names("networks")
        for driver in (project.text("networks", name, "driver"),)
    )
    return None if in_swarm else service.number("deploy", "replicas")


def _is_too_narrow(port: Port, replicas: Setting[float]) -> bool:
    """Return whether the containers of a service surely want one port of the host."""
    parsed = port.parsed
    first, last = parsed.first, parsed.last
    if not replicas.decided or not port.decided or parsed.undecided or not first:
        return False
    free = 1 if last is None or "-" in parsed.target else last - first + 1
    return (replicas.value or 0) > max(free, 1)


def _shared(port: Port, replicas: Setting[float]) -> Finding:
    return Finding(
        port.span,
        f"the {replicas.value:g} containers of service `{port.container.name}` want the"
        f" same port of the host, {port.parsed.first}",
        because=(Related(replicas.span, "their number is set here"),),
    )


def _fixed(port: Port) -> range:
    """Return the ports of the host that an entry surely binds.

    From a range for a single port of the container, the engine picks a free one.
    """
    parsed, nothing = port.parsed, range(0)
    if not port.decided or parsed.undecided or parsed.first is None:
        return nothing
    last = parsed.last if parsed.last is not None else parsed.first
    if last > parsed.first and "-" not in parsed.target:
        return nothing
    return range(parsed.first, min(last, parsed.first + 1000) + 1)


def _collide(one: Port, other: Port) -> bool:
    if one.container.service is other.container.service and (
        one.parsed.target == other.parsed.target
    ):
        return False
    return _meet(one.host_ip, other.host_ip) and _together(one, other)


def _meet(one: str | None, other: str | None) -> bool:
    """Return whether two host addresses overlap."""
    if not one or not other or one == other:
        return True
    if (":" in one) != (":" in other):
        return False
    return "0.0.0.0" in (one, other) or "::" in (one, other)


def _together(one: Port, other: Port) -> bool:
    """Return whether some profile surely runs both services."""
    mine, theirs = (
        {item.value for item in port.container.service.texts("profiles").items}
        for port in (one, other)
    )
    return not mine or not theirs or bool(mine & theirs - {None})
