"""Who reaches what, in words that text and HTML share."""

from __future__ import annotations

from tightship.isolation.connection import OUTSIDE, Node
from tightship.isolation.reach_map import way_to
from tightship.lazy import TYPE_CHECKING, Record
from tightship.report.redaction import without_secrets
from tightship.report.terminal import brief
from tightship.report.wording import counted
from tightship.text import first_of
from tightship_annexes.review.report.mermaid import connection_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tightship.findings import Gap
    from tightship.isolation.connection import Connection
    from tightship.isolation.reach_map import ReachMap, Step
    from tightship.isolation.reach_paths import Path
    from tightship.isolation.separation import Separation

_MOST_NAMED = 12
_LONGEST = 160
_POSSIBLE = "possible"
_NETWORKING = ("network", "network namespace", "host network")


class Line(Record):
    """One line about a connection: what it is, who has part in it, and where."""

    what: str
    who: str
    place: str = ""


class Section(Record):
    """Lines under a title."""

    title: str
    lines: Sequence[Line]


def sections(found: ReachMap) -> Iterator[Section]:
    """Yield what connects the nodes of a map, by what it is; empty ones are left out."""
    every = found.connections
    outside = [one for one in every if OUTSIDE in one.sources]
    inside = [one for one in every if OUTSIDE not in one.sources]
    made = (
        Section("Not checked", [_not_checked(*one) for one in found.unchecked.items()]),
        Section("Reached from outside", [x for one in outside for x in _each(one)]),
        Section("Leads to the host", [*_to_host(found)]),
        Section("Networks", [_line(one) for one in inside if one.kind.startswith("network")]),
        Section(
            "Through the host's network",
            [
                *(_line(one) for one in inside if one.kind == "host network"),
                *_by_published_ports(inside),
            ],
        ),
        Section(
            "Namespaces",
            [_line(one) for one in inside if one.kind in ("PID namespace", "IPC namespace")],
        ),
        Section("Shared files", [*_shared(inside)]),
        Section(
            "Secrets and configs",
            [_line(one) for one in inside if one.kind in ("secret", "config")],
        ),
    )
    return (one for one in made if one.lines)


def _not_checked(service: str, gap: Gap) -> Line:
    where = f"{brief(gap.span.source.name, _LONGEST)}:{gap.span.line}"
    return Line(brief(service, _LONGEST), brief(without_secrets(gap.reason), _LONGEST), where)


def doubts(found: ReachMap, only: Node | None = None) -> list[str]:
    """Return what is known only at run time, for a node or for all; each sentence once."""
    every = found.doubts.items()
    return [
        *dict.fromkeys(
            why
            for name, why in every
            if name not in found.unchecked and (only is None or name == only.name)
        )
    ]


def _each(one: Connection) -> Iterator[Line]:
    """Yield a line for each target."""
    for target in one.targets:
        what = one.reason(target) + ("" if one.certain else f" ({_POSSIBLE})")
        yield Line(name(target), brief(what, _LONGEST), place_of(one, target, target))


def _to_host(found: ReachMap) -> Iterator[Line]:
    for one in found.connections:
        if one.kind == "weakness":
            [source], [target] = one.sources, one.targets
            what = one.reason(target) + ("" if one.certain else f" ({_POSSIBLE})")
            if source in found.proxies:
                what += "; a proxy, which passes only allowed requests"
            yield Line(name(source), brief(what, _LONGEST), place_of(one, source, target))


def _by_published_ports(inside: Sequence[Connection]) -> Iterator[Line]:
    """Yield who reaches a published port of another one by no other way."""
    near: dict[Node, set[Node]] = {}
    for one in inside:
        if one.kind in _NETWORKING and one.certain:
            for target in one.targets:
                near.setdefault(target, set()).update(one.sources)
    for one in inside:
        if one.kind != "published port":
            continue
        strangers: dict[tuple[Node, ...], list[str]] = {}
        for target in one.targets:
            known = near.get(target, set())
            far = tuple(n for n in one.sources if n not in known and n != target)
            if far:
                port = f"{name(target)} {one.notes.get(target, '')}".rstrip()
                strangers.setdefault(far, []).append(port)
        what = "published ports" + ("" if one.certain else f" ({_POSSIBLE})")
        for far, ports in strangers.items():
            yield Line(what, f"{names(far)} -> {first_of(ports, _MOST_NAMED)}")


def _line(one: Connection) -> Line:
    what = brief(connection_name(one), _LONGEST)
    if not one.certain:
        what += f" ({_POSSIBLE})"
    if one.is_mutual or one.targets[0].kind in ("secret", "config"):
        return Line(what, names(one.sources))
    targets = [f"{name(node)} {one.notes.get(node, '')}".rstrip() for node in one.targets]
    return Line(what, f"{names(one.sources)} -> {first_of(targets, _MOST_NAMED)}")


def _shared(inside: Sequence[Connection]) -> Iterator[Line]:
    """Yield a line for each volume or path of the host that several share."""
    for one in inside:
        if one.kind not in ("volume", "host path") or one.targets[0].kind != "service":
            continue
        what = f"{one.kind} {brief(one.name, _LONGEST)}"
        if not one.certain:
            yield Line(f"{what} ({_POSSIBLE})", names(one.targets))
        elif one.leads_on:
            who = f"{names(one.sources)} {'writes' if len(one.sources) == 1 else 'write'}"
            readers = [node for node in one.targets if node not in one.sources]
            if readers:
                who += f", {names(readers)} {'reads' if len(readers) == 1 else 'read'}"
            yield Line(what, who)


def name(node: Node) -> str:
    """Return the name of a node for display."""
    return brief(str(node), _LONGEST)


def names(nodes: Sequence[Node]) -> str:
    """Return the names of nodes, the first dozen of them."""
    return first_of([name(node) for node in nodes], _MOST_NAMED)


def place_of(one: Connection, source: Node, target: Node) -> str:
    """Return the file and line that make a pair reach each other, or nothing."""
    span = one.place(source, target)
    if span is None:
        return ""
    return f"{brief(span.source.name, _LONGEST)}:{span.line}"


def reasons(steps: Sequence[tuple[Node, Connection, Node]]) -> list[str]:
    """Return the reason of each step of a way."""
    return [
        brief(one.reason(target), _LONGEST) + ("" if one.certain else f" ({_POSSIBLE})")
        for _, one, target in steps
    ]


def route(path: Path) -> str:
    """Return the nodes of a path with arrows."""
    return " -> ".join(name(node) for node in path.nodes)


def heading(found: ReachMap) -> str:
    """Return a sentence that counts what matters."""
    total = len(found.services)
    every = iter(found.profiles.values())
    kind = next((one.container.settings.worded("service") for one in every), "service")
    holders = {one.sources for one in found.connections if one.kind == "weakness" and one.certain}
    parts = [
        counted(total, kind),
        f"{len(found.published)} reached from outside",
        f"{len(holders)} that {'controls' if len(holders) == 1 else 'control'} the host"
        if holders
        else "",
        counted(len(found.stores), "data store") if found.stores else "",
        f"{len(found.unchecked)} not checked" if found.unchecked else "",
    ]
    return ", ".join(filter(None, parts))


def change(best: Separation | None, total: int) -> str:
    """Return a sentence about the change that cuts most paths."""
    if not total:
        return ""
    if best is None:
        return (
            "No single change cuts a path: those on it need each other, or there are several ways."
        )
    cut = "the only path" if best.of == 1 else f"{best.cuts} of {counted(best.of, 'path')}"
    return f"One change, {brief(best.title, 300)}, cuts {cut}."


def counts(every: Sequence[Path]) -> str:
    """Return how many paths lead to the host, and how many to data stores."""
    host = sum(path.target.kind == "host" for path in every)
    return (
        f"{counted(host, 'path')} to the host, {len(every) - host} to data stores"
        if every
        else "No path from outside to the host or to a data store."
    )


def steps_from(found: ReachMap, start: Node) -> Iterator[tuple[Node, list[str], str]]:
    """Yield what a node reaches, with the way in words and the place of its last step."""
    ways: dict[Node, Step] = found.ways_from(start, certain=True)
    possible = found.ways_from(start)
    for target in (*ways, *(node for node in possible if node not in ways)):
        way = way_to(target, ways if target in ways else possible)
        source, one, _ = way[-1]
        through = [name(node) for node, _, _ in way[1:]]
        yield target, [*reasons(way)[-1:], *through], place_of(one, source, target)
