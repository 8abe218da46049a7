"""An engine that runs no container: it answers the commands that a trial sends."""

from __future__ import annotations

import io
import json
import tarfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.trial.simulated import WORKS

from tightship_annexes.trial.agreement import AGAIN, RECREATE, RESTART, START, STOP
from tightship_annexes.trial.engine import Completed, Engine
from tightship_annexes.trial.hardening import Hardening
from tightship_annexes.trial.observation import Observation

if TYPE_CHECKING:
    from collections.abc import Collection, Generator, Mapping
    from typing import IO

    from tests.trial.simulated import Service

DONE = Completed(0, "", "")


@dataclass
class Container:
    """A container: the service of the copy, what it runs with, and what is seen of it."""

    name: str
    keys: Mapping[str, Any]
    seen: Observation = WORKS
    phases: list[str] = field(default_factory=list[str])
    log: list[str] = field(default_factory=list[str])

    @property
    def hardening(self) -> Hardening:
        """Return what is left to it, by its keys in Compose."""
        keys = self.keys
        return Hardening(
            frozenset(keys.get("cap_add") or ()) if "cap_drop" in keys else None,
            bool(keys.get("read_only")),
            (*keys.get("tmpfs", ()),),
            tuple(one["target"] for one in keys.get("volumes", ())),
            bool(keys.get("security_opt")),
            keys.get("mem_limit"),
            keys.get("pids_limit"),
        )


class SimulatedEngine(Engine):
    """Starts what Compose is given; each container lives as its service needs.

    ``lives`` are all containers that there were. Those of ``broken`` services end, and those
    of ``refused`` ones are not made: then Compose starts nothing.
    """

    refused: Collection[str] = ()

    def __init__(self, services: Mapping[str, Service], broken: Collection[str] = ()) -> None:
        self.info = {"ServerVersion": "0", "NCPU": 4, "MemTotal": 1 << 34}
        self.services, self.broken = services, broken
        self.containers = dict[str, Container]()
        self.lives = list[Container]()
        self._made = set[tuple[str, bytes]]()

    def docker(self, *words: str, stdin: bytes | None = None, timeout: float = 0) -> Completed:
        own = [one for one in self.containers if one in words]
        if words[0] == "ps":
            lines = (f"{one.name} {key}" for key, one in self.containers.items())
            return Completed(0, "\n".join(lines), "")
        if words[0] == "rm":
            for one in own:
                del self.containers[one]
        if words[0] == "create":
            return Completed(0, "never-started", "")
        if words[:2] == ("context", "inspect"):
            return Completed(0, "unix:///run/simulated.sock", "")
        if any("State.Error" in one for one in words):
            return DONE
        if words[0] == "image" or not own:
            return Completed(1, "", "no such object")
        answers = {
            "inspect": self._inspected, "top": self._top, "logs": self._logged, "diff": self._diff,
        }  # fmt: skip
        answer = answers.get(words[0])
        return Completed(0, "\n".join(map(answer, own)), "") if answer else DONE

    def compose(self, *words: str, stdin: bytes | None = None, timeout: float = 0) -> Completed:
        text = stdin or b"{}"
        services: Mapping[str, Any] = json.loads(text)["services"]
        verb = next(one for one in words if one in ("up", "stop", "restart"))
        running = {one.name: one for one in self.containers.values()}
        wanted = services.keys() & {*words} or services.keys()
        if verb == "up" and wanted & {*self.refused}:
            return Completed(1, "", "no such mount")
        if verb == "up":
            for name, keys in services.items():
                if name not in wanted:
                    continue
                self._up(name, keys, running.get(name), text)
        for name in services.keys() & running.keys() if verb != "up" else ():
            self._go_on(running[name], STOP if verb == "stop" else RESTART)
        return DONE

    @contextmanager
    def reading(self, *words: str) -> Generator[IO[bytes]]:
        archive = io.BytesIO()
        with tarfile.open(fileobj=archive, mode="w") as tar:
            for path in ("etc", "tmp"):
                folder = tarfile.TarInfo(path)
                folder.type, folder.mode = tarfile.DIRTYPE, 0o755
                tar.addfile(folder)
        archive.seek(0)
        yield archive

    def _up(self, name: str, keys: Mapping[str, Any], known: Container | None, text: bytes) -> None:
        if known is None:
            known = Container(name, keys)
            self.containers[f"id-{len(self.lives)}"] = known
            self.lives.append(known)
            self._go_on(known, RECREATE if (name, text) in self._made else START)
            self._made.add((name, text))
        elif not known.seen.running:
            self._go_on(known, AGAIN)

    def _go_on(self, one: Container, phase: str) -> None:
        one.phases.append(phase)
        one.seen = self._service(one.name).seen(one.hardening, phase)
        if one.name in self.broken:
            one.seen = Observation(running=False, exit_code=3, words=("no database",))
        one.log += [one.seen.last_words] if one.seen.last_words else []

    def _service(self, name: str) -> Service:
        return self.services[name.partition("--")[0]]

    def _inspected(self, container: str) -> str:
        one = self.containers[container]
        state = {"Running": one.seen.running, "ExitCode": one.seen.exit_code, "Pid": 1}
        host = {
            "CapAdd": one.keys.get("cap_add"), "CapDrop": one.keys.get("cap_drop"),
            "Privileged": False,
        }  # fmt: skip
        return json.dumps({
            "Id": container, "Image": "sha256:0", "State": state, "HostConfig": host,
            "Config": {"Cmd": ["main"]}, "NetworkSettings": {"Networks": {}},
        })  # fmt: skip

    def _diff(self, container: str) -> str:
        paths = self._service(self.containers[container].name).paths
        return "\n".join(line for path in paths for line in (f"C {path}", f"A {path}/file"))

    def _top(self, container: str) -> str:
        pairs = sorted(self.containers[container].seen.processes)
        rows = (f"{n} {min(n - 1, 1)} {user} {name}" for n, (user, name) in enumerate(pairs, 1))
        return "\n".join(("PID PPID UID COMMAND", *rows))

    def _logged(self, container: str) -> str:
        return "\n".join(self.containers[container].log)
