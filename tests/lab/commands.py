"""`docker run` and the Compose service that it is converted to, as an engine reports both.

``python -m tests.lab.commands 400 7`` makes 400 commands by a seed, creates a container of each
and one of its conversion, and prints what differs in the isolation that the engine has for them.
Nothing is started.
"""

from __future__ import annotations

import json
import random
import sys
from typing import TYPE_CHECKING, Any, cast

from tests.frontends.docker_run.commands_of import settings_of
from tests.frontends.docker_run.test_convert import PARTS
from tests.lab.prepared import prepared_engine
from tests.lab.transcripts import IMAGES

from tightship.frontends.docker_run.convert import as_service

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.lab.engine import Engine

# What the lab's engine lacks: a runtime, GPUs, another platform, another container.
_LACKING = ("--runtime", "--gpus", "--platform", "--volumes-from", "--storage-opt", "--userns")
_HOST = (
    *("Privileged", "ReadonlyRootfs", "CapAdd", "CapDrop", "SecurityOpt", "PidMode", "IpcMode"),
    *("UTSMode", "UsernsMode", "CgroupnsMode", "Memory", "MemorySwap", "NanoCpus", "PidsLimit"),
    *("Devices", "DeviceCgroupRules", "GroupAdd", "OomKillDisable", "OomScoreAdj", "Sysctls"),
    *("Ulimits", "Tmpfs", "Dns", "CgroupParent", "ShmSize", "Runtime", "LogConfig", "Init"),
    *("RestartPolicy", "PortBindings", "ExtraHosts", "Annotations"),
)
_CONFIG = ("User", "Entrypoint", "Cmd", "Env", "WorkingDir", "Healthcheck")


def commands(number: int, seed: int) -> Iterator[str]:
    """Yield commands of random flags."""
    chance = random.Random(seed)
    parts = [one for one in PARTS if not one.startswith(_LACKING)]
    for _ in range(number):
        chosen = chance.sample(parts, chance.randint(1, 8))
        yield " ".join(("docker create", *_once(chosen), IMAGES["busybox"], "true"))


def _once(parts: list[str]) -> Iterator[str]:
    """Yield flags without those that the engine rejects together."""
    taken = set[str]()
    for part in parts:
        key = part.replace("=", " ").split(" ")[0]
        key = {"--net": "--network", "-u": "--user", "--read-only=false": "--read-only"}.get(
            key, key
        )
        if key in ("--network", "--user", "--read-only", "--health-cmd", "--no-healthcheck"):
            key = "health" if "health" in key else key
            if key in taken:
                continue
            taken.add(key)
        yield part


def differences(engine: Engine, command: str, number: int) -> list[str] | None:
    """Return what differs for a command; None if the engine rejects it."""
    made = engine.run("bash", "-c", command)
    if made.returncode:
        return None
    first = made.stdout.strip()
    [settings] = settings_of(command + "\n")
    folder = engine.folder / f"command-{number}"
    folder.mkdir()
    (folder / "compose.yaml").write_text(as_service(settings))
    up = engine.run("docker-compose", "-p", f"c{number}", "create", folder=folder)
    try:
        if up.returncode:
            return [f"Compose rejects it: {up.stderr.strip()[-200:]}"]
        second = engine.run("docker-compose", "-p", f"c{number}", "ps", "-aq", folder=folder)
        return [*_compared(_seen(engine, first), _seen(engine, second.stdout.strip()))]
    finally:
        engine.run("docker", "rm", "-f", first)
        engine.run("docker-compose", "-p", f"c{number}", "down", folder=folder)


def _compared(one: dict[str, Any], two: dict[str, Any]) -> Iterator[str]:
    for key in {**one, **two}:
        if one.get(key) != two.get(key):
            yield f"{key}: {one.get(key)!r} by the command, {two.get(key)!r} by Compose"


def _seen(engine: Engine, container: str) -> dict[str, Any]:
    """Return the isolation of a container as the engine reports it, in one form."""
    [found] = json.loads(engine.docker("inspect", container))
    host, config = found["HostConfig"], found["Config"]
    seen = {key: _plain(host.get(key)) for key in _HOST} | {
        key: _plain(config.get(key)) for key in _CONFIG
    }
    mode = host["NetworkMode"]
    seen["network"] = mode if mode in ("host", "none") else "bridge"
    seen["labels"] = {
        key: value
        for key, value in cast("dict[str, str]", config["Labels"] or {}).items()
        if not key.startswith("com.docker.compose.")
    }
    keys = ("Type", "Destination", "RW", "Propagation")
    mounts = [
        [one.get(key) for key in keys] + [one.get("Name") or one["Source"]]
        for one in found["Mounts"]
    ]
    seen["mounts"] = sorted(map(str, mounts))
    return seen


def _plain(value: Any) -> Any:
    """Return a value without the difference between nothing and an empty one."""
    if isinstance(value, list):
        return sorted(map(str, cast("list[object]", value))) or None
    if isinstance(value, dict):
        entries = cast("dict[str, object]", value).items()
        return {key: _plain(one) for key, one in entries if one not in (None, "", [], {})} or None
    return value or None


def main(number: int = 40, seed: int = 1) -> int:
    """Compare commands and print the figures."""
    made = same = rejected = 0
    with prepared_engine() as engine:
        engine.docker("network", "create", "back")
        for command in commands(number, seed):
            found = differences(engine, command, made + rejected)
            if found is None:
                rejected += 1
                continue
            made += 1
            same += not found
            for one in found:
                print(f"{command}\n    {one}", flush=True)
    print(f"{same} of {made} the same; the engine rejects {rejected} of {number}")
    return 0 if same == made else 1


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
