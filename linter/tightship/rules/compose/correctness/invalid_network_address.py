"""Docker rejects an address of a network.

A `subnet` is an address with a prefix, such as `10.5.0.0/24`, in which the bits after the
prefix are zero. A `gateway`, an `ip_range` and `aux_addresses` are inside of it. A service
can have an `ipv4_address` or `ipv6_address` only in a network with a `subnet`, and only
inside of it. Docker rejects anything else when it creates the network or starts the
container.

## How to fix

Write the subnet with its prefix, and addresses inside of it.
"""

from tightship.rules import Bad, Container, Finding, Findings, Good, Iterator, LoadedProject, MappingValue, Project, ScalarValue, SequenceValue, Verified, by_default, ipaddress, joined_networks, rule  # fmt: skip


@rule(
    on=LoadedProject,
    keys=("networks",),
    severity="error",
    references=(
        "Docker Engine 26.1.5 and Compose 2.26.1, seen to reject these",
        "moby 26.1.5, api/types/network/ipam.go, ValidateIPAM",
    ),
    checked=Verified("""
        $ docker compose --progress quiet up -d && echo started
      - failed to create network … invalid subnet 10.5.0.1/24: it should be 10.5.0.0/24
      + started
        ==> compose.yaml <==
        services:
          app: {image: busybox, networks: [inner]}
        networks:
      -   inner: {ipam: {config: [{subnet: 10.5.0.1/24}]}}
      +   inner: {ipam: {config: [{subnet: 10.5.0.0/24}]}}
    """),
    examples=(
        Bad("""
            services:
              web:
                image: nginx:1.29
                networks: {inner: {ipv4_address: «10.6.0.5»}}
            networks:
              inner: {ipam: {config: [{subnet: 10.5.0.0/24, gateway: «10.6.0.1»}]}}
        """),
        Bad("""
            services:
              web:
                image: nginx:1.29
                networks: {inner: {ipv4_address: «10.5.0.5»}}
              db:
                image: postgres:18
                networks: [outer]
            networks:
              inner: {}
              outer: {ipam: {config: [{subnet: «10.5.0.1/24»}]}}
        """),
        Good("""
            services:
              web:
                image: nginx:1.29
                networks:
                  inner: {ipv4_address: 10.5.0.5}
                  others: {ipv4_address: 10.9.0.5}
            networks:
              inner: {ipam: {config: [{subnet: 10.5.0.0/24, gateway: 10.5.0.1}]}}
              others: {external: true}
        """),
    ),
)
def invalid_network_address(loaded: LoadedProject) -> Findings:
    """Point at each address."""
    project = loaded.compose
    if project is None or not project.complete:
        return
    subnets: dict[str, list[ipaddress.IPv4Network | ipaddress.IPv6Network] | None] = {}
    # Compose makes only the networks that a service joins.
    used = {"default"}
    for service in project.services.values():
        used.update(entry.value or "" for entry in joined_networks(service))
    for name in filter(used.__contains__, project.names("networks")):
        known: list[ipaddress.IPv4Network | ipaddress.IPv6Network] | None = []
        for entry in _configs(project, name):
            subnet = entry.get("subnet")
            if isinstance(subnet, ScalarValue) and subnet.decided:
                made, remedy = _subnet(subnet.text)
                if remedy:
                    yield _finding(f"network `{name}`", subnet, remedy)
                if made is not None and known is not None:
                    known.append(made)
                    yield from _inside(f"network `{name}`", entry, made)
                    continue
            known = None
        subnets[name] = known
    for container, name, leaf in _addresses(loaded):
        remedy = _member(leaf.text, subnets.get(name, [])) if _is_own(project, name) else ""
        if remedy:
            yield _finding(container.title, leaf, remedy)


def _addresses(loaded: LoadedProject) -> Iterator[tuple[Container, str, ScalarValue]]:
    """Yield the addresses of services, each with its network."""
    for container, name, membership in _memberships(loaded):
        for key in ("ipv4_address", "ipv6_address"):
            leaf = membership.get(key)
            if isinstance(leaf, ScalarValue) and leaf.decided and leaf.content:
                yield container, name, leaf


def _memberships(loaded: LoadedProject) -> Iterator[tuple[Container, str, MappingValue]]:
    for container in loaded.containers:
        networks = container.value("networks")
        if isinstance(networks, MappingValue):
            for name, membership in networks.entries.items():
                if isinstance(membership.value, MappingValue):
                    yield container, name, membership.value


def _configs(project: Project, name: str) -> Iterator[MappingValue]:
    definition = project.table("networks", name)
    config = definition.get("ipam", "config") if definition is not None else None
    for entry in config.items if isinstance(config, SequenceValue) else ():
        if isinstance(entry, MappingValue):
            yield entry


def _is_own(project: Project, name: str) -> bool:
    """Return whether the project surely makes a network with its own addresses."""
    definition = project.table("networks", name)
    if definition is None:
        return False
    driver = definition.get("ipam", "driver")
    return definition.get("external") is None and driver is None


def _subnet(text: str) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network | None, str]:
    """Return a subnet, and what to write if it is invalid."""
    try:
        made = ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None, "write an address and a prefix, such as `10.5.0.0/24`"
    if "/" not in text:
        return made, f"write the prefix, such as `{text}/24`"
    if text.partition("/")[0] != str(made.network_address) and made.version == 4:
        return made, f"write `{made}`"
    return made, ""


def _inside(
    who: str, entry: MappingValue, subnet: ipaddress.IPv4Network | ipaddress.IPv6Network
) -> Findings:
    aux = entry.get("aux_addresses")
    others = (one.value for one in aux.entries.values()) if isinstance(aux, MappingValue) else ()
    for leaf in (entry.get("gateway"), entry.get("ip_range"), *others):
        if isinstance(leaf, ScalarValue) and leaf.decided and leaf.content:
            remedy = _member(leaf.text.partition("/")[0], [subnet])
            if remedy:
                yield _finding(who, leaf, remedy)


def _member(text: str, subnets: list[ipaddress.IPv4Network | ipaddress.IPv6Network] | None) -> str:
    """Return what to write if an address is in none of some subnets, if they are known."""
    if subnets is None:
        return ""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return "write an IP address"
    if not subnets:
        return "define a `subnet` for the network"
    if any(address in subnet for subnet in subnets):
        return ""
    return f"write an address in `{subnets[0]}`"


def _finding(who: str, leaf: ScalarValue, remedy: str) -> Finding:
    return Finding(
        leaf.span,
        f"{who} will not start: Docker rejects the address `{leaf.text}`"
        f"{by_default(leaf.provenance)}; {remedy}",
    )
