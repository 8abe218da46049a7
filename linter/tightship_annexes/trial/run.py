"""One run: it starts copies of a project, each in place of the one before."""

from __future__ import annotations

import json
import os
from contextlib import suppress

from tightship.lazy import Record
from tightship_annexes.trial import items, mapping
from tightship_annexes.trial.copy import LABEL
from tightship_annexes.trial.danger import needs, with_needed
from tightship_annexes.trial.engine import EngineError
from tightship_annexes.trial.filling import fill, with_variants
from tightship_annexes.trial.observation import inspected
from tightship_annexes.trial.requests import place_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from typing import Any, Literal

    from tightship_annexes.trial import Tree
    from tightship_annexes.trial.copy import ProjectCopy
    from tightship_annexes.trial.engine import Completed, Engine
    from tightship_annexes.trial.filling import Start, Variants
    from tightship_annexes.trial.reach import Reach

    Data = Literal["fresh", "plain"]

START_SECONDS = 180
"""How long a start may take, with the health checks that others wait for."""

_UP = ("up", "-d", "--no-build", "--pull", "never", "--no-recreate")
_NAME = "com.docker.compose.service"


class Started(Record):
    """What a start made: its containers by service.

    ``failed`` tells why the engine did not start containers, or Compose waited in vain for those
    that they need, by service. The other containers were started, and may have ended.
    """

    containers: Mapping[str, str]
    failed: Mapping[str, str]


def _waiting_for(services: Collection[str], service: Tree) -> Tree:
    """Return a service that waits for no other ones than these."""
    waits = mapping(service, "depends_on")
    kept = {k: v for k, v in waits.items() if k in services}
    return {**service, "depends_on": kept} if waits else {**service}


def _reason(done: Completed) -> str:
    return "it takes too long" if done.code is None else done.reason


def _named(port: Tree) -> str:
    return f"{port['target']}/{port['protocol']}"


class Run:
    """Starts copies, one at a time; who makes it removes what its label has in the end.

    ``label`` is the value of the label of all that it makes. ``starts`` counts. ``reach`` is how
    its ports are reached from this machine, as far as that is known.
    """

    def __init__(self, engine: Engine, copy: ProjectCopy, label: str, folder: str) -> None:
        self.engine, self.copy, self.label = engine, copy, label
        self.name: str = copy.config["name"]
        self.starts = 0
        self.reach: Reach = ""
        self._folder = folder
        self._now: Start | None = None
        self._plain: Start | None = None
        self._failed: dict[str, str] = {}

    def start(self, variants: Variants | None = None, data: Data = "fresh") -> Started:
        """Start the copy with variants, in place of what runs.

        Args:
            variants: Compose keys that are laid over services; entry 0 is the service itself,
                each further one runs beside it as `NAME--1`, `NAME--2` and so on.
            data: `fresh` for empty volumes, with the content that the project gives them; with
                `plain`, entries 0 get copies of the volumes that the first start left.

        Raises:
            EngineError: the engine does not take it.

        """
        self._remove_last()
        self._failed = {}
        self.starts += 1
        made = with_variants(self.copy, variants or {}, self.starts)
        plain: Mapping[str, str] = self._plain.volumes if self._plain is not None else {}
        self._now = fill(self, made, plain if data == "plain" else {})
        if self._plain is None:
            self._plain = self._now
        return self._up()

    def stop(self, *services: str, seconds: int | None = None) -> Completed:
        """Stop containers, each within its own grace period or these seconds."""
        grace = () if seconds is None else ("-t", str(seconds))
        return self._compose("stop", *grace, *services)

    def start_again(self) -> Started:
        """Start the stopped containers, with what is in their layers."""
        return self._up(self._startable())

    def restart(self) -> Started:
        """Restart the containers."""
        done = self._compose("restart")
        failed = {} if done.is_done else dict.fromkeys(self._config["services"], done.reason)
        return Started(self.containers(), failed)

    def recreate(self) -> Started:
        """Remove the containers, and start new ones on the same volumes."""
        self._remove_containers()
        return self._up(self._startable())

    def change(self, variants: Variants) -> Started:
        """Start services with other variants, on the volumes and at the ports that they have."""
        now, found = self._config, self.containers()
        made = with_variants(self.copy, variants, self.starts)
        services = {**made.config["services"]}
        for name, one in services.items():
            if ports := now["services"].get(name, {}).get("ports"):
                services[name] = one | {"ports": ports}
        changed = [name for name, one in services.items() if one != now["services"].get(name)]
        containers = [found[name] for name in changed if name in found]
        if containers:
            self.engine.asked("rm", "-f", "-v", *containers)
        volumes = made.config["volumes"] | now["volumes"]  # some are marked as filled
        self._now = made.replaced(config=made.config | {"services": services, "volumes": volumes})
        return self._up()

    def keep_ports(self) -> dict[str, dict[str, int]]:
        """Keep the ports of this machine until the next start; return them by service and port.

        A port has its protocol, as in `53/udp`.
        """
        found, kept = self.containers(), dict[str, dict[str, int]]()
        about = inspected(self.engine, found.values())
        services = {**self._config["services"]}
        for name, service in services.items():
            known = about.get(found.get(name, ""), {})
            own = [(one, place_of(known, _named(one))) for one in items(service, "ports") if known]
            kept[name] = {_named(one): place[1] for one, place in own if place}
            ports = [one | ({"published": str(place[1])} if place else {}) for one, place in own]
            services[name] = service | ({"ports": ports} if ports else {})
        if self._now is not None:
            self._now = self._now.replaced(config=self._config | {"services": services})
        return kept

    def leave_out(self, services: Collection[str]) -> None:
        """Remove services that no other one needs, until the next start."""
        found = self.containers() if services else {}
        containers = [found[name] for name in services if name in found]
        if self._now is None or not containers:
            return
        self.engine.asked("rm", "-f", "-v", *containers)
        left = {n: one for n, one in self._config["services"].items() if n not in services}
        self._now = self._now.replaced(config=self._config | {"services": left})

    def without(self, services: Collection[str]) -> None:
        """Leave services out of all further starts, but for those that others need."""
        config = self.copy.config
        every = config["services"]
        kept = with_needed(every, [name for name in every if name not in services])
        left = {name: _waiting_for(kept, every[name]) for name in kept}
        if left:
            self.copy = self.copy.replaced(config=config | {"services": left})

    def _up(self, services: Sequence[str] = ()) -> Started:
        done = self._compose(*_UP, *services)
        if not done.is_done:
            self._failed |= self._with_the_rest(_reason(done))
        return Started(self.containers(), self._failed)

    def _startable(self) -> list[str]:
        """Return the services whose containers the engine made; all of them if it made none.

        With one that it does not make, Compose would start no other.
        """
        services = self._config["services"].items()
        return [n for n, one in services if not self._failed.keys() & {n, *needs(one)}]

    def containers(self) -> dict[str, str]:
        """Return the containers by service."""
        return {name: one[0] for name, one in self._listed("{{.ID}}").items()}

    def _listed(self, template: str) -> dict[str, list[str]]:
        """Return words about each container, by its service."""
        listing = ("ps", "-a", "--no-trunc", "--filter", f"label={LABEL}={self.label}")
        template = f'{{{{.Label "{_NAME}"}}}} {template}'
        lines = self.engine.asked(*listing, "--format", template).splitlines()
        return {name: words for name, *words in (line.split() for line in lines) if words}

    def _with_the_rest(self, reason: str) -> dict[str, str]:
        """Start what Compose left when another container failed; return why each failed.

        Compose stops at the first error, and the other containers are innocent.
        """
        failed = self._refused()
        for _ in self._config["services"]:
            left = self._left(failed)
            if not left:
                return failed
            done = self._compose(*_UP, *left)
            if done.is_done:
                return failed
            found = self._refused()
            if found.keys() <= failed.keys():
                break
            failed |= found
        for name in self._left(failed):
            done = self._compose(*_UP, name)
            failed |= {} if done.is_done else {name: _reason(done)}
        return failed or dict.fromkeys(self._left({}), reason)

    def _left(self, failed: Mapping[str, str]) -> list[str]:
        """Return the services that have not started, and whose dependencies have not failed."""
        states = self._listed("{{.State}}")
        return [
            name
            for name, service in self._config["services"].items()
            if states.get(name, ["created"])[0] == "created"
            and name not in failed
            and not failed.keys() & {*needs(service)}
        ]

    def _refused(self) -> dict[str, str]:
        """Return why the engine did not start containers, by their services."""
        found = self.containers()
        template = f'{{{{index .Config.Labels "{_NAME}"}}}} {{{{.State.Error}}}}'
        lines = self.engine.docker("inspect", "--format", template, *found.values()).out
        pairs = (line.partition(" ") for line in lines.splitlines())
        return {name: error for name, _, error in pairs if error}

    @property
    def _config(self) -> dict[str, Any]:
        if self._now is None:
            raise EngineError("nothing was started")
        return self._now.config

    def _compose(self, *words: str) -> Completed:
        """Run Compose on the copy, which it reads from its standard input."""
        project = ("-p", self.name, "--project-directory", self._folder, "--env-file", os.devnull)
        text = json.dumps(self._config).encode()
        return self.engine.compose(*project, "-f", "-", *words, stdin=text, timeout=START_SECONDS)

    def _remove_containers(self) -> None:
        containers: Sequence[str] = [*self.containers().values()]
        if containers:
            self.engine.asked("rm", "-f", "-v", *containers)

    def _remove_last(self) -> None:
        self._remove_containers()
        last = self._now
        if last is not None and last is not self._plain and last.volumes:
            with suppress(EngineError):
                self.engine.asked("volume", "rm", "-f", *last.volumes.values())
