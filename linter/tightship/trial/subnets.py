"""Free subnets for the networks of a copy."""

from __future__ import annotations

import json
from ipaddress import IPv4Network
from secrets import randbelow

from tightship.trial.identity import from_kernel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tightship.trial.engine import Engine

# Parts of the private ranges that engines do not take by themselves, and few networks use.
_RANGE = 10 << 24 | 192 << 16  # 10.192.0.0/10
_COUNT = 1 << 14  # of subnets with 256 addresses


def free_subnets(
    count: int, taken: Iterable[IPv4Network], number: Callable[[int], int] = randbelow
) -> list[str]:
    """Return subnets of 256 addresses that overlap with none that is taken.

    Two runs at the same time choose others, very likely: the place is random.
    """
    used, found, first = [*taken], list[str](), number(_COUNT)
    for step in range(_COUNT):
        if len(found) == count:
            break
        one = IPv4Network((_RANGE + ((first + step) % _COUNT << 8), 24))
        if not any(one.overlaps(other) for other in used):
            found.append(str(one).removesuffix("/24").rpartition(".")[0] + ".0/24")
    return found


def taken(engine: Engine) -> Iterator[IPv4Network]:
    """Yield the subnets of the engine's networks, and of this machine's routes."""
    names = engine.asked("network", "ls", "-q").split()
    done = engine.docker("network", "inspect", *names, "--format", "{{json .IPAM.Config}}")
    for line in done.out.splitlines():
        for one in json.loads(line) or ():
            if ":" not in one.get("Subnet", ":"):
                yield IPv4Network(one["Subnet"], strict=False)
    yield from _routes()


def _routes() -> Iterator[IPv4Network]:
    for line in from_kernel("/proc/net/route").splitlines()[1:]:
        fields = line.split()
        address, mask = (int.from_bytes(bytes.fromhex(fields[one]), "little") for one in (1, 7))
        if mask:
            yield IPv4Network((address, mask.bit_count()))
