"""The map of what a change adds and removes, as a comment shows it."""

from __future__ import annotations

import re

from tightship.isolation.connection import HOST, OUTSIDE, Connection, Node
from tightship_annexes.review.compare.change import EdgeChange
from tightship_annexes.review.report.mermaid import changed_map

EVIL = 'a"]; click s0 "javascript:x" %%{init}%% <img src=x> `b` \u202e ```\n|#quot;'


def service(name: str) -> Node:
    return Node("service", name)


def edge(
    source: Node,
    target: Node,
    name: str = "back",
    *,
    is_new: bool = True,
    is_mutual: bool = False,
    certain: bool = True,
) -> EdgeChange:
    to_host = target == HOST
    one = Connection(
        "weakness" if to_host else "network", name, [source], [target], certain=certain
    )
    return EdgeChange(source, target, one, is_new=is_new, is_mutual=is_mutual)


def test_without_an_edge_there_is_no_map() -> None:
    assert changed_map([]) == []


def test_new_edges_are_thick_and_removed_ones_dotted() -> None:
    web, db = service("web"), service("db")
    assert changed_map(
        [
            edge(web, db, is_mutual=True),
            edge(web, HOST, "control socket"),
            edge(OUTSIDE, db, is_new=False),
            edge(db, web, "inner", certain=False, is_new=False, is_mutual=True),
        ]
    ) == [
        "flowchart LR",
        '  s0["web"]',
        '  host{{"host"}}',
        '  outside(("outside"))',
        '  s1["db"]',
        '  s0 ==>|"new: control socket"| host',
        '  outside -.->|"gone: network back"| s1',
        '  s0 == "new: network back" === s1',
        '  s1 -. "gone: network inner (possible)" .- s0',
    ]


def test_a_service_that_joins_many_has_one_new_line() -> None:
    first, second, *others = (service(name) for name in ("x", "y", *"abcd"))
    pairs = [(first, one) for one in others]
    pairs += [(second, one) for one in (first, *others)]
    lines = changed_map([shared(x, y, {x, y} & {first, second}) for x, y in pairs])
    assert '  n0(["network back"])' in lines
    assert sum(line.endswith(' == "new" === n0') for line in lines) == 2
    assert sum(line.endswith(" --- n0") for line in lines) == len(others)


def test_edges_of_an_unchanged_network_stay() -> None:
    a, b, c, d = (service(name) for name in "abcd")
    pairs = [(a, b), (b, c), (c, d), (d, a)]
    lines = changed_map([shared(x, y, set()) for x, y in pairs])
    assert sum('== "new: network back" ===' in line for line in lines) == len(pairs)


def test_a_service_that_reaches_many_has_one_new_line() -> None:
    one, *others = (service(name) for name in ("x", *"abcd"))
    lines = changed_map([edge(one, other, is_new=False) for other in others])
    assert '  s0 -.->|"gone"| n0' in lines
    assert sum(line.startswith("  n0 -.-> s") for line in lines) == len(others)


def shared(one: Node, other: Node, moved: set[Node]) -> EdgeChange:
    """Return an edge of a network that both are in, and that some of them joined."""
    both = [one, other]
    connection = Connection("network", "back", both, both)
    return EdgeChange(
        *(one, other, connection), is_new=True, is_mutual=True, moved=frozenset(moved)
    )


def test_a_map_has_a_dozen_edges_and_those_to_the_host_among_them() -> None:
    edges = [edge(service(f"s{n}"), service(f"t{n}"), f"w{n}") for n in range(200)]
    lines = changed_map([*edges, edge(service("last"), HOST, "control socket")])
    assert lines[-1] == '  more(["189 more edges"])'
    drawn = [line for line in lines if "==>" in line]
    assert len(drawn) == 12
    assert drawn[0].endswith('|"new: control socket"| host')
    # A box without an edge is left out.
    assert sum("[" in line for line in lines) == 11 * 2 + 2


def test_a_hub_without_room_for_its_edges_is_left_out() -> None:
    one, *others = (service(name) for name in ("x", *(f"y{n}" for n in range(30))))
    to_host = [edge(other, HOST, "control socket") for other in others[:12]]
    lines = changed_map([*to_host, *(edge(one, other) for other in others)])
    assert not any("network back" in line for line in lines)
    assert lines[-1] == '  more(["31 more edges"])'


def test_no_name_is_markup() -> None:
    lines = changed_map([edge(service(EVIL), service("db"), EVIL), edge(service(EVIL), HOST, EVIL)])
    for line in lines:
        assert "\n" not in line
        texts = re.findall(r'"([^"]*)"', line)
        rest = re.sub(r'"[^"]*"', "", line)
        assert re.fullmatch(r"[\w\s\[\](){}|=>.-]*", rest), line
        for text in texts:
            assert re.fullmatch(r"(?:[\w \-.,/:()]|#\d+;)*", text, re.ASCII), text
