"""Compare what the model says of pairs of containers with what was seen of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.lab.comparison import containers_of
from tests.lab.networks import aliases

from tightship.isolation.reach import reach

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.isolation.container import Container
    from tightship.isolation.reach import NetworkPath, Reach

    Record = dict[str, Any]


class Comparison:
    """The comparison of some records; ``pairs`` counts those that are decided."""

    def __init__(self) -> None:
        self.disagreements: list[str] = []
        self.pairs = 0
        self.open = 0

    def add(self, record: Record) -> None:
        """Compare each service of a project with each other one."""
        top = {"networks": record["networks"]} if record["networks"] else {}
        containers = containers_of({"services": record["services"], "top": top})
        shared = _shared_names(record)
        for source, (_, seen) in record["services"].items():
            answers: dict[str, str] = seen or {}
            for target, text in answers.items():
                said = reach(containers[source], containers[target])
                if said.doubt:
                    self.open += 1
                    continue
                self.pairs += 1
                where = f"{record['name']} {source} -> {target}"
                own = int(record["services"][target][0]["entrypoint"][2])
                seen_of = _Seen(containers[source], own, text, shared)
                for line in seen_of.differences(said):
                    self.disagreements.append(f"{where}: {line}")


class _Seen:
    """What was seen of a pair: which ways worked, and which names there were.

    ``own`` is the port on which the target listens, and ``shared`` are the names that
    several services have, of which the name server gives one.
    """

    def __init__(self, source: Container, own: int, text: str, shared: frozenset[str]) -> None:
        words = text.split()
        self.is_from_host = source.namespace("network").is_host
        self.own = own
        self.ways = {word for word in words if not word.startswith("=")}
        self.shared = shared
        self.names = {word[1:] for word in words if word.startswith("=")} - shared

    def differences(self, said: Reach) -> Iterator[str]:
        """Yield where the model says something else."""
        ways = {
            self._called(way)
            for way in said.ways
            if way.port is None or way.port.parsed.reaches(self.own)
        }
        if ways != self.ways:
            yield f"{said.ways}; seen: {sorted(self.ways)}"
        names = set(said.names) - self.shared
        if names != self.names:
            yield f"names {sorted(names)}; seen: {sorted(self.names)}"

    def _called(self, way: NetworkPath) -> str:
        """Return what a way is called in records."""
        if way.kind == "host":
            return "address" if self.is_from_host else "host"
        kinds = {"network namespace": "loopback", "network": "address"}
        return kinds.get(way.kind, "published")


def _shared_names(record: Record) -> frozenset[str]:
    names = [name for body, _ in record["services"].values() for name in set(aliases(body))]
    return frozenset(name for name in names if names.count(name) > 1)


def compare(records: list[Record]) -> Comparison:
    """Compare all pairs of some records."""
    made = Comparison()
    for record in records:
        made.add(record)
    return made
