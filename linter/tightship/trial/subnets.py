"""Free subnets for the networks of a copy."""

from __future__ import annotations

import json
from ipaddress import IPv4Network
from itertools import islice
from secrets import randbelow

from tightship.trial.engine import EngineError
from tightship.trial.identity import from_kernel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tightship.trial.engine import Engine

# First the part of the private ranges that engines do not take by themselves, and few networks
# use. A virtual private network often has all of 10.0.0.0/8.
_RANGES = tuple(map(IPv4Network, ("10.192.0.0/10", "172.16.0.0/12", "192.168.0.0/16")))


def free_subnets(
    count: int, taken: Iterable[IPv4Network], number: Callable[[int], int] = randbelow
) -> list[str]:
    """Return subnets of 256 addresses that overlap with none that is taken.

    Two runs at the same time choose others, very likely: the place is random.

    Raises:
        EngineError: there are too few.

    """
    used = [*taken]
    free = (one for one in _subnets(number) if not any(map(one.overlaps, used)))
    found = [str(one) for one in islice(free, count)]
    if len(found) < count:
        raise EngineError("no private subnet is free: remove networks, or add `--network`")
    return found


def _subnets(number: Callable[[int], int]) -> Iterator[IPv4Network]:
    """Yield the subnets of each range, from a random one on."""
    for whole in _RANGES:
        count = 1 << (24 - whole.prefixlen)
        first = number(count)
        for step in range(count):
            yield IPv4Network((int(whole[0]) + ((first + step) % count << 8), 24))


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
