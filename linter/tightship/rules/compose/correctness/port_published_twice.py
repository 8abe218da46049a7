"""Two services publish the same port of the host, so one of them cannot start.

Only one socket can use a port of an address. Compose does not compare the `ports` of
services; the engine rejects the second container that starts, and the order of starting
can change. Entries of the same service collide as well, unless Compose treats them as the
same entry.

`0.0.0.0` means every IPv4 address and `::` every IPv6 address; an entry without an
address uses both. TCP and UDP do not collide, and neither do services whose profiles
are never active together.

With `scale: 2` or `deploy.replicas: 2`, each container of a service needs its own
port. From a range for one port of the container (`"8080-8081:80"`), the engine gives
each container another port. A Swarm shares one port among replicas, so the rule
ignores `deploy.replicas` in a file with settings for a Swarm, such as
`deploy.placement` or an overlay network.

## How to fix

Give one of them another port of the host (`"8081:80"`), or another address. Do not
publish a port that only other services use: on a shared network they reach the
container by its name. For replicas, publish a range that is large enough, or let the
engine choose the port of the host (`"80"`).
"""

from bisect import bisect_left
from itertools import pairwise

from tightship.rules import ALL_PROFILES, ANY_PROFILES, Bad, Container, Finding, Findings, Good, Iterable, LoadedProject, Port, ProfileGroups, Related, Setting, Verified, profile_groups, rule  # fmt: skip

# Keys of `deploy` that Compose ignores.
_OF_SWARM = ("placement", "update_config", "rollback_config", "endpoint_mode", "mode")


@rule(
    on=LoadedProject,
    keys=("ports",),
    severity="error",
    references=("Compose Specification, services, ports",),
    aliases=("dclint:no-duplicate-exported-ports",),
    checked=Verified("""
        $ docker compose --progress quiet up -d && echo started
      - Error response from daemon: driver failed programming external connectivity on endpoint …-app-1 (…): Error starting userland proxy: listen tcp4 127.0.0.1:18080: bind: address already in use
      + started
        ==> compose.yaml <==
        services:
          app:
            image: busybox
            command: sleep 60
      -     ports: ["127.0.0.1:18080:80", "18080:81"]
      +     ports: ["127.0.0.1:18080:80", "18081:81"]
    """),
    examples=(
        Bad("""
            services:
              web:
                image: nginx
                ports: ["8080:80"]
              api:
                image: example/api:2
                ports: [«"127.0.0.1:8080:8000"»]
        """).because("The first one publishes the port on all addresses, including the loopback."),
        Bad("""
            services:
              web:
                image: nginx
                ports: ["8000-8003:8000-8003"]
              api:
                image: example/api:2
                ports:
                  - «{target: 80, published: "8001"}»
        """),
        Bad("""
            services:
              web:
                image: nginx
                ports: [«"8080:80"»]
                deploy: {replicas: 2}
        """),
        Good("""
            services:
              dns:
                image: example/dns:2
                ports: ["53:53/udp", "53:53/tcp"]
              web:
                image: nginx
                ports: ["127.0.0.1:8080:80", "127.0.0.2:8080:81"]
        """),
        Good("""
            services:
              web:
                image: nginx
                ports: ["8080:80", "0.0.0.0:8080:80"]
        """).because("Compose treats these two as one."),
        Good("""
            services:
              stable:
                image: example/app:1
                profiles: [stable]
                ports: ["8080:80"]
              next:
                image: example/app:2
                profiles: [next]
                ports: ["8080:80", "${OTHER}:81"]
        """).because("Either profile can be active without the other."),
    ),
)
def port_published_twice(project: LoadedProject) -> Findings:
    """Point at the later of two entries that collide."""
    in_swarm = _is_for_swarm(project)
    taken = _Taken(p for container in project.containers for p in container.ports)
    for container in project.containers:
        replicas = _replicas(container, in_swarm=in_swarm)
        for port in container.ports:
            is_one = replicas is not None and _is_too_narrow(port, replicas)
            if replicas is not None and is_one and not _has_routing_mesh(container):
                yield Finding(
                    port.span,
                    f"the {replicas.value:g} containers of {port.container.title}"
                    f" publish the same port of the host, {port.parsed.first}",
                    because=(Related(replicas.span, "their number is set here"),),
                )
            collision = taken.take(port)
            if collision is not None:
                number, first = collision
                yield Finding(
                    port.span,
                    f"{container.title} publishes port {number} of the host,"
                    f" which {first.container.title} already publishes",
                    because=(Related(first.span, "it is published here"),),
                )


def _replicas(container: Container, *, in_swarm: bool) -> Setting[float] | None:
    """Return the number of containers that Compose makes of a service, if it is set."""
    scale = container.number("scale")
    if scale.is_set:
        return scale
    return None if in_swarm else container.number("deploy", "replicas")


def _is_for_swarm(project: LoadedProject) -> bool:
    """Return whether a project has what only a Swarm reads."""
    compose = project.compose
    return compose is not None and (
        any(
            service.value("deploy", key) is not None
            for service in compose.services.values()
            for key in _OF_SWARM
        )
        or any(
            driver is not None and driver.text == "overlay"
            for name in compose.names("networks")
            for driver in (compose.text("networks", name, "driver"),)
        )
    )


def _has_routing_mesh(container: Container) -> bool:
    """Return whether a Swarm runs the containers, and publishes their port once."""
    is_scaled = container.number("scale").is_set
    return not is_scaled and container.project.provides("keys", "deploy.replicas")


def _is_too_narrow(port: Port, replicas: Setting[float]) -> bool:
    """Return whether the containers of a service surely want one port of the host."""
    parsed = port.parsed
    first, last = parsed.first, parsed.last
    if not replicas.decided or not port.decided or parsed.undecided or not first:
        return False
    free = 1 if last is None or "-" in parsed.target else last - first + 1
    return (replicas.value or 0) > max(free, 1)


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


class _Taken:
    """The ports of the host that entries want, in runs that all entries treat alike.

    Hundreds of entries may want thousands of ports each. So of each run of ports it is
    known which entry was first, by address and by profile, and no two are compared.
    """

    def __init__(self, ports: Iterable[Port]) -> None:
        cuts: dict[str, set[int]] = {}
        self._fixed: dict[Port, range] = {}
        for port in ports:
            fixed = _fixed(port)
            if fixed:
                self._fixed[port] = fixed
                own = cuts.setdefault(port.parsed.protocol, set())
                own |= {fixed.start, fixed.stop}
        self._are_apart = _are_apart(self._fixed)
        self._cuts = {protocol: sorted(own) for protocol, own in cuts.items()}
        self._first: dict[tuple[str, int, str, str], list[tuple[int, Port]]] = {}
        self._count = 0

    def take(self, port: Port) -> tuple[int, Port] | None:
        """Note what an entry wants; return a port that an earlier one surely binds."""
        fixed, protocol = self._fixed.get(port), port.parsed.protocol
        if fixed is None or self._are_apart:
            return None
        cuts = self._cuts[protocol]
        runs = cuts[bisect_left(cuts, fixed.start) : bisect_left(cuts, fixed.stop)]
        addresses, profiles = (_addresses(port.host_ip), profile_groups(port.container.settings))
        collision = None
        for run in runs:
            if collision is None:
                earlier = [
                    one
                    for address in addresses.meets
                    for profile in profiles.meets
                    for one in self._first.get((protocol, run, address, profile), ())
                    if not _is_same(one[1], port)
                ]
                if earlier:
                    collision = run, min(earlier, key=lambda one: one[0])[1]
            for address in addresses.own:
                for profile in profiles.own:
                    place = protocol, run, address, profile
                    first = self._first.setdefault(place, [])
                    # Two that are not the same: one of them is not the same as a third.
                    if len(first) < 2 and not any(_is_same(o, port) for _, o in first):
                        first.append((self._count, port))
        self._count += 1
        return collision


def _are_apart(fixed: dict[Port, range]) -> bool:
    """Return whether no two entries want one number, as in most projects."""
    wanted = sorted((one.start, one.stop) for one in fixed.values())
    return all(before[1] <= after[0] for before, after in pairwise(wanted))


_WILDCARDS = {"IPv4": "0.0.0.0", "IPv6": "::"}


def _addresses(host_ip: str | None) -> ProfileGroups:
    if not host_ip:
        return ProfileGroups((ALL_PROFILES, ANY_PROFILES), (ALL_PROFILES,))
    family = "IPv6" if ":" in host_ip else "IPv4"
    wildcard = _WILDCARDS[family]
    meets = (ANY_PROFILES, family) if host_ip == wildcard else (ANY_PROFILES, host_ip, wildcard)
    return ProfileGroups((ALL_PROFILES, family, host_ip), meets)


def _is_same(one: Port, other: Port) -> bool:
    """Return whether Compose may take two entries for one."""
    return one.container.settings is other.container.settings and (
        one.parsed.target == other.parsed.target
    )
