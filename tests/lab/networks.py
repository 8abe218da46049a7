"""Networks, pair by pair: which service reaches which, and by which names.

Projects are made at random. In each, every service listens on a port of its own, and
asks for all ports of all others by every way that there may be. What worked is recorded
in ``tests/oracles/networks.json``, for each service that asks and each that is asked:

- ``loopback``: by 127.0.0.1, so that both have one network namespace
- ``address``: by an address of the other one
- ``host``: by an address of the host, at the port on which the other one listens
- ``published``: by an address of the host, at a port that it publishes
- ``names``: by which of the project's names the other one's address is found
"""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from tests.lab.run import IMAGE, project_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tests.lab.engine import Engine

ORACLE = Path(__file__).parents[1] / "oracles" / "networks.json"

Body = dict[str, Any]
Record = dict[str, Any]

SERVICES = 9
_FIRST = 20000
_PUBLISHED = 1000
# The address of the engine's default bridge.
_HOST = "10.199.0.1"
_ICC = "com.docker.network.bridge.enable_icc"


def listener(port: int, **body: Any) -> Body:
    """Return a service that listens on a port."""
    return {"image": IMAGE, "entrypoint": ["/bin/network", "listen", str(port)], **body}


def cases() -> dict[str, Body]:
    """Return projects by hand: what chance seldom makes."""
    inner: Body = {"internal": True}
    return {
        "from an internal network only": {
            "services": {
                "inside": listener(20000, networks=["inner"]),
                "host": listener(20001, network_mode="host"),
                "published": listener(20002, networks=["open"], ports=["21002:20002"]),
                "both": listener(20003, networks=["inner", "open"]),
            },
            "networks": {"inner": inner, "open": {}},
        },
        "spellings of icc": {
            "services": {
                f"{word}-{side}": listener(20000 + index, networks=[word])
                for index, (word, side) in enumerate(
                    (word, side) for word in ("zero", "f", "one") for side in "ab"
                )
            },
            "networks": {
                "zero": {"driver_opts": {_ICC: "0"}},
                "f": {"driver_opts": {_ICC: "F"}},
                "one": {"driver_opts": {_ICC: "1"}},
            },
        },
        "links do not open what icc shuts": {
            "services": {
                "a": listener(20000, networks=["apart"], expose=["20000"]),
                "b": listener(20001, networks=["apart"], links=["a:other"]),
            },
            "networks": {"apart": {"driver_opts": {_ICC: "false"}}},
        },
    }


def project(seed: int) -> Body:
    """Return a project of several services on several networks."""
    random = Random(seed)
    networks: Body = {
        "open": {},
        "other": None,
        "inner": {"internal": True},
        "apart": {"driver_opts": {_ICC: "false"}},
        "inner-apart": {"internal": True, "driver_opts": {_ICC: "false"}},
    }
    if random.random() < 0.3:
        networks["default"] = random.choice(
            [{"internal": True}, {"driver_opts": {_ICC: "false"}}, {"driver": "bridge"}]
        )
    services: dict[str, Body] = {}
    for index in range(SERVICES):
        name = f"s{index}"
        port = _FIRST + index
        body = _body(random, port, services, networks)
        services[name] = listener(port, **body)
    used = {key for one in services.values() for key in one.get("networks", ())}
    kept = {key: networks[key] for key in networks if key in used | {"default"}}
    return {"services": services, "networks": kept} if kept else {"services": services}


def _body(random: Random, port: int, others: dict[str, Body], networks: Body) -> Body:
    body: Body = {}
    outer = port + _PUBLISHED
    ports = [
        f"{outer}:{port}",
        f"127.0.0.1:{outer}:{port}",
        {"target": port, "published": str(outer)},
        f"{_HOST}:{outer}:{port}",
    ]
    chance = random.random()
    if chance < 0.35:
        modes = ["host", "none", "bridge", "bridge", *(f"service:{one}" for one in others)]
        body["network_mode"] = random.choice(modes)
        if body["network_mode"] != "bridge":
            return body
    elif chance < 0.9:
        names = random.sample([*networks, "open"], random.randint(1, 3))
        listed: Body = dict.fromkeys(names)
        if random.random() < 0.5:
            aliases = random.sample([f"alias-{port}", "shared"], random.randint(1, 2))
            listed[names[0]] = {"aliases": aliases}
            body["networks"] = listed
        else:
            body["networks"] = list(listed)
    if random.random() < 0.5:
        body["ports"] = [random.choice(ports)]
    if random.random() < 0.2:
        body["expose"] = [str(port)]
    if random.random() < 0.15:
        body["container_name"] = f"lab-named-{port}"
    if random.random() < 0.1:
        body["hostname"] = f"host-{port}"
    able = [n for n, one in others.items() if "network_mode" not in one]
    if able and "network_mode" not in body and random.random() < 0.25:
        other = random.choice(able)
        body["links"] = [random.choice([other, f"{other}:link-{other}"])]
    return body


class Asked:
    """The containers of a project that runs, and what they answer."""

    def __init__(self, engine: Engine, name: str, compose: Body) -> None:
        self.engine = engine
        self.services: Mapping[str, Body] = compose["services"]
        self.names = sorted(_names(compose))
        self.inspected: dict[str, Any] = {}
        of_project = f"label=com.docker.compose.project=lab-{name}"
        for identifier in engine.docker("ps", "-q", "--filter", of_project).split():
            [one] = json.loads(engine.docker("inspect", identifier))
            service = one["Config"]["Labels"]["com.docker.compose.service"]
            self.inspected[service] = one
        self.gateways: dict[str, str] = {}
        if found := engine.docker("network", "ls", "-q", "--filter", of_project).split():
            for network in json.loads(engine.docker("network", "inspect", *found)):
                self.gateways[network["Id"]] = network["IPAM"]["Config"][0]["Gateway"]

    def holder(self, service: str) -> str:
        """Return the service whose network namespace a service has."""
        mode = self.services[service].get("network_mode", "")
        name = mode.removeprefix("service:")
        return service if name == mode else self.holder(name)

    def addresses(self, service: str) -> list[str]:
        """Return the addresses of the container."""
        networks = self.inspected[self.holder(service)]["NetworkSettings"]["Networks"]
        return [one["IPAddress"] for one in networks.values() if one["IPAddress"]]

    def hosts(self, service: str) -> list[str]:
        """Return the addresses of the host that a container may know of.

        A container on an internal network has no route, but the bridge has an address.
        """
        networks = self.inspected[self.holder(service)]["NetworkSettings"]["Networks"]
        identifiers = {one["NetworkID"] for one in networks.values()}
        return sorted({_HOST, *(self.gateways.get(one, _HOST) for one in identifiers)})

    def published(self, service: str) -> list[str]:
        """Return the ports of the host that lead to a service's own port."""
        own = self.services[service]["entrypoint"][2]
        ports: Mapping[str, list[dict[str, str]] | None]
        ports = self.inspected[self.holder(service)]["NetworkSettings"]["Ports"] or {}
        return sorted({one["HostPort"] for one in ports.get(f"{own}/tcp") or ()})

    def ask(self, source: str) -> Record:
        """Return what a service reaches, by the service that it reaches."""
        plan: dict[str, dict[str, list[str]]] = {}
        for target, body in self.services.items():
            port = body["entrypoint"][2]
            hosts = self.hosts(source)
            plan[target] = {
                "loopback": [f"127.0.0.1:{port}"],
                "address": [f"{one}:{port}" for one in self.addresses(target)],
                "host": [f"{one}:{port}" for one in hosts],
                "published": [
                    f"{one}:{outer}"
                    for one in ("127.0.0.1", *hosts)
                    for outer in self.published(target)
                ],
            }
        words = {w for ways in plan.values() for tried in ways.values() for w in tried}
        container = self.inspected[source]["Id"]
        command = ("exec", container, "/bin/network", "ask", *sorted(words), *self.names)
        answer = json.loads(self.engine.docker(*command))
        found: Record = {}
        for target, ways in plan.items():
            if target == source:
                continue
            worked = [
                way
                for way, tried in ways.items()
                if any(answer["connections"][one] == "ok" for one in tried)
            ]
            # What is reached without the network says nothing of the network.
            worked = ["loopback"] if "loopback" in worked else worked
            addresses = set(self.addresses(target))
            known = [n for n, got in answer["names"].items() if addresses & set(got)]
            found[target] = " ".join([*worked, *(f"={name}" for name in known)])
        return found


def _names(compose: Body) -> Iterator[str]:
    """Yield every name that a service may have in a project."""
    for service, body in compose["services"].items():
        yield service
        for key in ("container_name", "hostname"):
            if key in body:
                yield body[key]
        yield from (link.partition(":")[2] or service for link in body.get("links", ()))
        yield from aliases(body)


def aliases(body: Body) -> Iterator[str]:
    """Yield the aliases of a service on all of its networks."""
    listed: Any = body.get("networks")
    if isinstance(listed, list):
        return
    each: Mapping[str, Body | None] = listed or {}
    for options in each.values():
        yield from (options or {}).get("aliases", ())


def record(engine: Engine, name: str, compose: Body) -> Record:
    """Run a project, and return who reached whom."""
    files = {"compose.yaml": json.dumps(compose)}
    made: Record = {"name": name, "networks": compose.get("networks", {})}
    name = name.replace(" ", "-")
    with project_of(engine, name, files) as refused:
        if refused:
            services = {one: [body, None] for one, body in compose["services"].items()}
            return {**made, "refused": refused, "services": services}
        asked = Asked(engine, name, compose)
        bodies = compose["services"]
        with ThreadPoolExecutor(len(bodies)) as pool:
            answers = list(pool.map(asked.ask, bodies))
        services = {one: [bodies[one], answer] for one, answer in zip(bodies, answers, strict=True)}
    return {**made, "services": services}


def records(engine: Engine, seeds: Iterable[int]) -> list[Record]:
    """Run the projects by hand and those of some seeds, one after the other.

    While the engine makes a network, its rules between networks are not in force.
    """
    by_hand = [record(engine, name, compose) for name, compose in cases().items()]
    return [*by_hand, *(record(engine, f"network-{seed}", project(seed)) for seed in seeds)]
