"""Where the ports of a copy are reached, so that no other machine's answer is taken for its own.

The engine may be elsewhere: in a virtual machine, another network namespace or another machine.
What its host is called does not tell: a socket of this machine may lead anywhere. So the engine
has to show it, by what only an engine of this machine can do.
"""

from __future__ import annotations

import json
import socket

from tightship.lazy import regex
from tightship_annexes.trial import items, mapping
from tightship_annexes.trial.copy import LABEL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any, Literal, TypeAlias

    from tightship_annexes.trial.engine import Engine

    Reach: TypeAlias = Literal["address", "loopback", ""]

_HERE = "127.0.0.1"
_TAKEN = regex(r"(?i)already in use|already allocated|not available|only one usage")


def reach(engine: Engine, label: str, image: str) -> Reach:
    """Return how this machine reaches the containers of a run: nothing if it does not.

    It is by their `address` where the bridge of their network is an interface here: its name
    has random digits of the network's id. Else it is by ports that the engine publishes on
    `loopback`, where the engine cannot publish one that this process has taken.

    Args:
        engine: runs them.
        label: the value of the label of the run.
        image: an image that the engine has; nothing of it is run.

    """
    listing = ("network", "ls", "-q", "--no-trunc", "--filter", f"label={LABEL}={label}")
    ids = engine.docker(*listing).out.split()
    if not ids:
        return ""
    done = engine.docker("network", "inspect", "--format", "{{json .}}", *ids)
    networks = [json.loads(line) for line in done.out.splitlines() if line.startswith("{")]
    if any(_is_here(engine, one) for one in networks):
        return "address"
    return "loopback" if _publishes_here(engine, label, image, ids[0]) else ""


def _is_here(engine: Engine, network: Mapping[str, Any]) -> bool:
    """Return whether a network's bridge is an interface of this machine."""
    if not engine.is_podman:
        return f"br-{network['Id'][:12]}" in (name for _, name in socket.if_nameindex())
    # Podman numbers its bridges, so that their addresses have to tell.
    is_rootless = any("rootless" in one for one in items(engine.info, "SecurityOptions"))
    pools: Sequence[Mapping[str, str]] = items(mapping({**network}, "IPAM"), "Config")
    return not (engine.is_remote or is_rootless) and any(
        _is_own(one.get("Gateway", "")) for one in pools
    )


def _is_own(address: str) -> bool:
    with socket.socket(type=socket.SOCK_DGRAM) as one:
        try:
            one.bind((address, 0))
        except OSError:
            return False
    return bool(address)


def _publishes_here(engine: Engine, label: str, image: str, network: str) -> bool:
    """Return whether a port that this process has taken is taken for the engine, too.

    The container never runs: it has no program, and the engine publishes ports before that shows.
    """
    with socket.socket() as taken:
        taken.bind((_HERE, 0))
        taken.listen()
        own = ("--label", f"{LABEL}={label}", "--network", network, "--pull", "never")
        port = ("--publish", f"{_HERE}:{taken.getsockname()[1]}:9")
        made = engine.docker("create", *own, *port, "--entrypoint", "/none", image, "none")
        if not made.is_done:
            return False
        container = made.out.strip()
        done = engine.docker("start", container)
        engine.docker("rm", "-f", "-v", container)
    return not done.is_done and bool(_TAKEN.search(done.err))


def address(about: Mapping[str, Any], port: int, how: Reach) -> tuple[str, int] | None:
    """Return where a TCP port of a container is asked; nothing where that is not known."""
    settings: Mapping[str, Any] = about["NetworkSettings"]
    if how == "address":
        networks: Sequence[Mapping[str, Any]] = [*settings["Networks"].values()]
        return next(((one["IPAddress"], port) for one in networks if one["IPAddress"]), None)
    published: Mapping[str, Sequence[Mapping[str, str]]] = settings.get("Ports") or {}
    places = published.get(f"{port}/tcp") or () if how else ()
    return next(((_HERE, int(one["HostPort"])) for one in places), None)
