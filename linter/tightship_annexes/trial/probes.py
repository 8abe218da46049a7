"""The user's probes: on this host, or in separate containers in the network of a copy."""

from __future__ import annotations

from tightship.lazy import Record, regex
from tightship_annexes.trial import items
from tightship_annexes.trial.copy import LABEL
from tightship_annexes.trial.engine import run
from tightship_annexes.trial.observation import inspected
from tightship_annexes.trial.requests import fault, place_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from typing import Any, Literal

    from tightship_annexes.trial import Tree
    from tightship_annexes.trial.copy import ProjectCopy
    from tightship_annexes.trial.requests import Request
    from tightship_annexes.trial.run import Run

_SECONDS = 20.0
_WORDS = regex(r"[^a-z0-9]+")
_VARIABLE = regex(r"[^A-Z0-9]+")
# What a container for a probe has: nothing that a service of the project might lack.
_CONFINED = (
    *("--rm", "--pull", "never", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"),
    *("--read-only", "--tmpfs", "/tmp", "--memory", "256m", "--pids-limit", "256"),
    *("--log-driver", "none", "--entrypoint", "sh"),
)


class Probe(Record):
    """A command for the shell that has to succeed, or a request to a port of a service.

    With a service, a command runs in the network of each copy of it, in a separate container: of
    ``image``, or of the service's. Without, it runs on this host. There, one that names the
    ports of a service is for each copy of it; the others are for the project as a whole.
    A request has its title in place of a command. ``word`` is what a success shows.
    """

    command: str
    service: str = ""
    image: str = ""
    request: Request | None = None
    word: Literal["answers", "used"] = "used"

    def names(self, port: int) -> bool:
        """Return whether it names a port by its number."""
        return str(port) in _WORDS.split(self.command.lower())

    def asks_udp(self, port: int, others: Collection[int]) -> bool:
        """Return whether it names a UDP port: by its number, and as UDP where TCP has it too."""
        if self.request is not None:
            return self.request.kind == "udp" and self.request.port == port
        words = _WORDS.split(self.command.lower())
        return self.names(port) and (port not in others or "udp" in words)


class Probes:
    """Runs probes of copies, and tells which fail; ``why`` has the last fault of each request."""

    def __init__(self, run: Run, services: Sequence[str], probes: Sequence[Probe]) -> None:
        self._run, self._services, self._probes = run, services, probes
        self.why: dict[str, str] = {}

    def of(self, service: str, *, whole: bool = True) -> list[Probe]:
        """Return the probes of a service, and those of the project if ``whole``."""
        owners = {one: self._owners(one) for one in self._probes}
        return [p for p, own in owners.items() if service in own or (whole and not own)]

    def _owners(self, probe: Probe) -> list[str]:
        if probe.service:
            return [probe.service]
        return [one for one in self._services if f"PORT_{_variable(one)}_" in probe.command]

    def failing(
        self, service: str, name: str, containers: Mapping[str, str]
    ) -> Callable[[Mapping[str, Any]], tuple[str, ...]] | None:
        """Return what runs the probes of a copy, and returns those that fail.

        Args:
            service: the service.
            name: that of its copy.
            containers: all that run, by their names.

        """
        probes = self.of(service, whole=name == service)
        if not probes:
            return None

        def failed(about: Mapping[str, Any]) -> tuple[str, ...]:
            ports = {**self._ports(containers), **_ports(service, about)}
            return tuple(one.command for one in probes if not self._succeeds(one, about, ports))

        return failed

    def _succeeds(self, probe: Probe, about: Mapping[str, Any], ports: Mapping[str, str]) -> bool:
        if probe.request is None:
            return self._inside(probe, about) if probe.service else self._on_host(probe, ports)
        # Where the copy is elsewhere, this would ask somebody else.
        place = place_of(about, probe.request.name) if self._run.reach else None
        wrong = fault(probe.request, place)
        if wrong:
            self.why[probe.command] = wrong
        return not wrong

    def _inside(self, probe: Probe, about: Mapping[str, Any]) -> bool:
        """Run a probe in the network of a container; return whether it succeeds."""
        engine, name = self._run.engine, f"{self._run.name}-probe-{about['Id'][:12]}"
        own = ("--name", name, "--network", f"container:{about['Id']}")
        label = ("--label", f"{LABEL}={self._run.label}")
        what = ("--", probe.image or about["Image"], "-c", probe.command)
        done = engine.docker("run", *own, *label, *_CONFINED, *what, timeout=_SECONDS)
        if done.code is None:
            engine.docker("rm", "-f", "-v", name)
        return done.is_done

    def _on_host(self, probe: Probe, ports: Mapping[str, str]) -> bool:
        """Run a probe here; where the copy is elsewhere, it would ask somebody else."""
        variables = [f"{key}={value}" for key, value in ports.items()]
        command = ["env", *variables, "sh", "-c", probe.command]
        return bool(self._run.reach) and run(command, timeout=_SECONDS).is_done

    def _ports(self, containers: Mapping[str, str]) -> dict[str, str]:
        own = {containers[one]: one for one in self._services if one in containers}
        found = inspected(self._run.engine, own)
        return {k: v for one, about in found.items() for k, v in _ports(own[one], about).items()}


def _ports(service: str, about: Mapping[str, Any]) -> dict[str, str]:
    """Return the published ports of a container, as variables of probes."""
    published: Mapping[str, Sequence[Any]] = about["NetworkSettings"].get("Ports") or {}
    found: dict[str, str] = {}
    for name, places in sorted(published.items()):  # `53/tcp` before `53/udp`
        port, _, protocol = name.partition("/")
        variable = f"PORT_{_variable(service)}_{port}"
        for place in places[:1] if places else ():
            found[f"{variable}_UDP" if protocol == "udp" else variable] = place["HostPort"]
            found.setdefault(variable, place["HostPort"])
    return found


def _variable(service: str) -> str:
    return _VARIABLE.sub("_", service.upper())


def published(copy: ProjectCopy, probes: Sequence[Probe]) -> ProjectCopy:
    """Return a copy that also publishes the ports that requests of probes go to."""
    services: Tree = dict(copy.config["services"])
    for one in probes:
        service, request = services.get(one.service), one.request
        if service is None or request is None or "network_mode" in service:
            continue
        port, _, protocol = request.name.partition("/")
        ports = items(service, "ports")
        if not any((str(p["target"]), p["protocol"]) == (port, protocol) for p in ports):
            new = {"target": int(port), "protocol": protocol, "host_ip": "127.0.0.1"}
            services[one.service] = {**service, "ports": [*ports, new]}
    return copy.replaced(config=copy.config | {"services": services})
