"""Connections: what lets the owner of one container reach others, the host, or a file."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Final, Literal, TypeAlias

    from tightship.text import Span

    NodeKind: TypeAlias = Literal["outside", "service", "host", "host path", "secret", "config"]
    ConnectionKind: TypeAlias = Literal[
        "network",
        "network namespace",
        "host network",
        "published port",
        "PID namespace",
        "IPC namespace",
        "volume",
        "host path",
        "secret",
        "config",
        "weakness",
    ]


class Node(tuple[str, str]):
    """One that reaches or is reached; two of the same kind and name are equal.

    It is a ``service``, the ``outside`` (other machines), the ``host``, or a ``host
    path``, ``secret`` or ``config``, from where nothing else is reached.
    """

    # A tuple is compared and hashed in C, and maps compare nodes all the time.
    __slots__ = ()

    def __new__(cls, kind: NodeKind, name: str) -> Node:
        """Name a node."""
        return super().__new__(cls, (kind, name))

    @property
    def kind(self) -> str:
        """Return what it is."""
        return self[0]

    @property
    def name(self) -> str:
        """Return the name of the service, path, secret or config."""
        return self[1]

    def __repr__(self) -> str:
        return f"Node({self})"

    def __str__(self) -> str:
        """Return its name, and what it is where that is not clear."""
        if self.kind in ("secret", "config", "host path"):
            return f"{self.kind} {self.name}"
        return self.name


OUTSIDE = Node("outside", "outside")
"""Other machines that reach an address of the host."""
HOST = Node("host", "host")
"""The host as a whole: everything that root on it may do."""


class Connection:
    """One thing through which each source reaches each target, apart from itself.

    ``name`` is that of the network, volume, secret, path or weakness, and empty where
    ``notes`` tell more, such as the ports of each target. ``places`` are the lines that
    make a node part of it; Docker's defaults have none. Who takes it may go on from its
    target, unless ``leads_on`` is false: a reader of a volume reads what another one
    wrote there, and no more. It is not ``certain`` if it depends on the run.
    """

    __slots__ = ("certain", "kind", "leads_on", "name", "notes", "places", "sources", "targets")

    def __init__(
        self,
        kind: ConnectionKind,
        name: str,
        sources: Iterable[Node],
        targets: Iterable[Node],
        *,
        places: Mapping[Node, Span] | None = None,
        notes: Mapping[Node, str] | None = None,
        leads_on: bool = True,
        certain: bool = True,
    ) -> None:
        self.kind: Final[ConnectionKind] = kind
        self.name: Final = name
        self.sources: Final = tuple(sources)
        self.targets: Final = tuple(targets)
        self.places: Final[Mapping[Node, Span]] = places or {}
        self.notes: Final[Mapping[Node, str]] = notes or {}
        self.leads_on: Final = leads_on
        self.certain: Final = certain

    def __repr__(self) -> str:
        return f"Connection({self.kind} {self.name}: {self.sources} -> {self.targets})"

    @property
    def is_mutual(self) -> bool:
        """Return whether all who are part of it reach one another."""
        return self.sources == self.targets

    @property
    def joins(self) -> bool:
        """Return whether it joins any two."""
        both = {*self.sources, *self.targets}
        return bool(self.sources and self.targets) and len(both) > 1

    def place(self, source: Node, target: Node) -> Span | None:
        """Return the line that tells most of one pair."""
        for node in (target, source):
            if node in self.places:
                return self.places[node]
        return None

    def reason(self, target: Node) -> str:
        """Return why a target is reached, as a noun phrase."""
        note = self.notes.get(target, "")
        if target.kind in ("secret", "config"):
            return "which it gets"
        if target.kind == "host path":
            return note or "mounted"
        if self.kind == "published port":
            return f"port {note}" if note else "published port"
        if self.kind == "weakness":
            return f"{self.name}: {note}" if note else self.name
        if self.kind == "host network":
            return "network of the host"
        whole = f"{self.kind} `{self.name}`" if self.name else self.kind
        return f"{whole}, {note}" if note else whole

    def without(self, *, sources: Iterable[Node] = (), targets: Iterable[Node] = ()) -> Connection:
        """Return the connection without some of its sources and targets."""
        less_sources, less_targets = frozenset(sources), frozenset(targets)
        return Connection(
            self.kind,
            self.name,
            (one for one in self.sources if one not in less_sources),
            (one for one in self.targets if one not in less_targets),
            places=self.places,
            notes=self.notes,
            leads_on=self.leads_on,
            certain=self.certain,
        )
