"""Who reaches what: edges with reasons, compared with a real engine and with `reach`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, strategies as st
from tests.bounded import within
from tests.lab.comparison import containers_of as containers_of_record
from tests.lab.networks import ORACLE
from tests.lab.records import load

from tightship.isolation.connection import HOST, OUTSIDE, Connection, Node
from tightship.isolation.profile import Profile
from tightship.isolation.reach import reach
from tightship.isolation.reach_map import ReachMap, way_to

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.isolation.conftest import ContainersOf

    from tightship.isolation.container import Container

_, RECORDS = load(ORACLE)

NETWORKING = ("network", "network namespace", "host network", "published port")


def mapped(containers: Iterable[Container]) -> ReachMap:
    return ReachMap([Profile(one) for one in containers])


@pytest.fixture(scope="session")
def map_of(containers_of: ContainersOf) -> Any:
    def made(text: str) -> ReachMap:
        return mapped(containers_of(text).values())

    return made


def pairs(found: ReachMap, *kinds: str) -> set[tuple[str, str]]:
    """Return who reaches whom directly, by connections of these kinds, or of all."""
    return {
        (str(edge.source), str(edge.target))
        for edge in found.edges()
        if not kinds or any(one.kind in kinds for one in edge.connections)
    }


def between(found: ReachMap, source: str, target: Node) -> list[Connection]:
    edges = [*found.direct(Node("service", source))]
    return [one for edge in edges if edge.target == target for one in edge.connections]


@pytest.mark.parametrize("record", [pytest.param(one, id=one["name"]) for one in RECORDS])
def test_the_map_agrees_with_a_real_engine(record: dict[str, Any]) -> None:
    top = {"networks": record["networks"]} if record["networks"] else {}
    made = containers_of_record({"services": record["services"], "top": top})
    found = mapped(made.values())
    assert not found.doubts
    for source, (_, seen) in record["services"].items():
        answers: dict[str, str] = seen or {}
        for target, text in answers.items():
            own = int(record["services"][target][0]["entrypoint"][2])
            # By a port, only what listens on it is reached.
            listens = any(p.parsed.reaches(own) for p in made[target].reachable_ports)
            claimed = [
                one
                for one in between(found, source, Node("service", target))
                if one.kind in NETWORKING and (one.kind != "published port" or listens)
            ]
            worked = [word for word in text.split() if not word.startswith("=")]
            assert bool(claimed) == bool(worked), (source, target, claimed)


NAMES = "abcde"
NETWORKS = {
    "n": "{}",
    "m": "{internal: true}",
    "k": "{driver_opts: {com.docker.network.bridge.enable_icc: 'false'}}",
    "x": "{external: true}",
    "l": "{driver: macvlan}",
}
PORTS = ("'80:80'", "'127.0.0.1:81:80'", "'[::1]:82:80'", "'[fd00::1]:83:80'", "'80'")


@st.composite
def bodies(draw: st.DrawFn) -> dict[str, dict[str, Any]]:
    """Draw the networking of some services."""
    found: dict[str, dict[str, Any]] = {}
    for name in NAMES[: draw(st.integers(2, 5))]:
        others = [f"service:{one}" for one in NAMES if one != name]
        mode = draw(st.sampled_from(["", "", "", "", "host", "none", "bridge", *others[:1]]))
        networks = draw(st.sets(st.sampled_from(sorted(NETWORKS))))
        ports = draw(st.lists(st.sampled_from(PORTS), max_size=2, unique=True))
        found[name] = {"mode": mode, "networks": networks, "ports": ports}
    return found


def text_of(bodies: dict[str, dict[str, Any]]) -> str:
    lines = ["services:"]
    for name, body in bodies.items():
        parts = ["image: x", f"ports: [{', '.join(body['ports'])}]"]
        if body["mode"]:
            parts.append(f"network_mode: '{body['mode']}'")
        elif body["networks"]:
            parts.append(f"networks: [{', '.join(sorted(body['networks']))}]")
        lines.append(f"  {name}: {{{', '.join(parts)}}}")
    lines += ["networks:", *(f"  {key}: {it}" for key, it in NETWORKS.items())]
    return "\n".join(lines) + "\n"


@given(bodies())
def test_the_map_agrees_with_reach_for_each_pair(
    containers_of: ContainersOf, given_bodies: dict[str, dict[str, Any]]
) -> None:
    made = containers_of(text_of(given_bodies))
    found = mapped(made.values())
    for source, one in made.items():
        for target, other in made.items():
            if source == target:
                continue
            connections = [
                it
                for it in between(found, source, Node("service", target))
                if it.kind in NETWORKING
            ]
            verdict = reach(one, other).verdict
            certain = any(it.certain for it in connections)
            assert certain == (verdict == "yes"), (source, target, connections)
            if verdict == "no":
                assert not connections
            if verdict == "unknown" and not connections:
                assert source in found.doubts or target in found.doubts


@given(bodies(), st.sampled_from(sorted(NETWORKS)))
def test_removing_a_network_adds_no_edge(
    containers_of: ContainersOf, given_bodies: dict[str, dict[str, Any]], removed: str
) -> None:
    before = pairs(mapped(containers_of(text_of(given_bodies)).values()))
    for body in given_bodies.values():
        if removed in body["networks"] and not body["mode"]:
            body["networks"] -= {removed}
            # A service without a network would join the default one.
            body["mode"] = "" if body["networks"] else "none"
    after = pairs(mapped(containers_of(text_of(given_bodies)).values()))
    assert after <= before


@given(bodies())
def test_networks_and_namespaces_go_both_ways(
    containers_of: ContainersOf, given_bodies: dict[str, dict[str, Any]]
) -> None:
    found = mapped(containers_of(text_of(given_bodies)).values())
    # From outside, a network of the LAN is entered one way.
    both = {pair for pair in pairs(found, "network", "network namespace") if "outside" not in pair}
    assert both == {(target, source) for source, target in both}


def test_depends_on_is_no_edge_and_a_shared_network_is(map_of: Any) -> None:
    found = map_of(
        """\
        services:
          web: {image: a, depends_on: [db], networks: [front]}
          db: {image: b, networks: [back]}
          worker: {image: c, networks: [back]}
        networks: {front: {}, back: {}}
        """
    )
    assert pairs(found) == {("db", "worker"), ("worker", "db")}
    [one] = between(found, "db", Node("service", "worker"))
    assert one.reason(Node("service", "worker")) == "network `back`"
    place = one.place(Node("service", "db"), Node("service", "worker"))
    assert place is not None
    assert place.source.text[place.start : place.end] == "back"


@pytest.mark.parametrize(
    ("ports", "mode", "certain"),
    [
        ("ports: ['80:80']", "", True),
        ("ports: ['127.0.0.1:80:80']", "", None),
        ("ports: ['${IP}:80:80']", "", False),
        ("expose: ['80']", "", None),
        ("command: x", "network_mode: host", True),
        ("ports: ['80:80']", "network_mode: none", None),
        ("command: x", "networks: [l]", False),
    ],
)
def test_published_ports_are_reached_from_outside(
    map_of: Any, ports: str, mode: str, certain: bool | None
) -> None:
    keys = ", ".join(filter(None, ("image: a", ports, mode)))
    found = map_of(f"services:\n  s: {{{keys}}}\nnetworks: {{l: {{driver: macvlan}}}}\n")
    edges = [*found.direct(OUTSIDE)]
    assert [edge.certain for edge in edges] == ([] if certain is None else [certain])
    assert bool(found.published) == (certain is not None)


def test_a_port_may_belong_to_a_service_that_shares_the_network(map_of: Any) -> None:
    found = map_of(
        "services:\n"
        "  vpn: {image: a, ports: ['80:80']}\n"
        "  app: {image: b, network_mode: 'service:vpn'}\n"
    )
    assert [node.name for node in found.published] == ["vpn", "app"]
    assert ("app", "vpn") in pairs(found, "network namespace")


@pytest.mark.parametrize(
    ("first", "second", "expected", "certain"),
    [
        ("data:/d", "data:/e", {"ab", "ba"}, True),
        ("data:/d", "data:/e:ro", {"ab", "ba"}, True),
        ("data:/d:ro", "data:/e:ro", set[str](), True),
        ("data:/d", "other:/e", set[str](), True),
        ("data:/d", "same:/e", {"ab", "ba"}, True),
        ("./d:/d", "./d:/e:ro", {"ab", "ba"}, True),
        ("./d:/d", "./d/sub:/e:ro", {"ab", "ba"}, True),
        ("./d:/d", "./dd:/e", set[str](), True),
        ("/etc/localtime:/etc/localtime", "/etc/localtime:/e", set[str](), True),
        ("'${D}:/d'", "'${D}:/e'", {"ab", "ba"}, True),
        ("'data:/d:${MODE}'", "data:/e:ro", {"ab", "ba"}, False),
    ],
)
def test_files_written_by_one_and_mounted_by_both_are_an_edge(
    map_of: Any, first: str, second: str, expected: set[str], certain: bool
) -> None:
    found = map_of(
        "services:\n"
        f"  a: {{image: x, network_mode: none, volumes: [{first}]}}\n"
        f"  b: {{image: x, network_mode: none, volumes: [{second}]}}\n"
        "volumes: {data: {}, other: {}, same: {name: data}}\n"
    )
    services = {"a", "b"}
    edges = [e for e in found.edges() if {str(e.source), str(e.target)} == services]
    assert {f"{edge.source}{edge.target}" for edge in edges} == expected
    assert all(edge.certain == certain for edge in edges)


def test_a_reader_of_a_volume_reaches_nothing_through_it(map_of: Any) -> None:
    found = map_of(
        """\
        services:
          backup: {image: x, network_mode: none, volumes: ["data:/d:ro"]}
          db: {image: postgres, networks: [back], volumes: ["data:/d"]}
          api: {image: x, networks: [back]}
        networks: {back: {}}
        volumes: {data: {}}
        """
    )
    backup, db, api = (Node("service", name) for name in ("backup", "db", "api"))
    assert set(found.ways_from(backup)) == {db}
    assert set(found.ways_from(api)) == {db, backup}
    assert found.ways_from(db)[backup].connection.kind == "volume"


def test_volumes_from_shares_all_volumes(map_of: Any) -> None:
    found = map_of(
        """\
        services:
          a: {image: x, network_mode: none, volumes: ["/data"]}
          b: {image: x, network_mode: none, volumes_from: [a]}
        """
    )
    assert pairs(found, "volume") == {("a", "b"), ("b", "a")}


def test_namespaces_are_edges(map_of: Any) -> None:
    found = map_of(
        """\
        services:
          a: {image: x, network_mode: none, ipc: shareable}
          b: {image: x, network_mode: none, pid: "service:a"}
          c: {image: x, network_mode: none, ipc: "service:a"}
          d: {image: x, network_mode: none, pid: host}
        """
    )
    assert pairs(found) == {
        *(("a", "b"), ("b", "a"), ("a", "c"), ("c", "a")),
        *(("d", "a"), ("d", "b"), ("d", "c")),
    }


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("privileged: true", {"privileged"}),
        ("cap_add: [SYS_ADMIN]", {"capability over the host"}),
        ("volumes: ['/run/docker.sock:/s:ro']", {"control socket"}),
        ("volumes: ['/:/host:ro']", {"root of the host"}),
        ("devices: [/dev/sda]", {"raw disk or memory"}),
        ("privileged: '${P}'", {"privileged"}),
        ("cap_add: [NET_ADMIN]", set[str]()),
        ("volumes: ['./d:/d']", set[str]()),
    ],
)
def test_a_weakness_that_gives_away_the_host_leads_to_it(
    map_of: Any, body: str, names: set[str]
) -> None:
    found = map_of(f"services: {{s: {{image: x, {body}}}}}\n")
    ways = between(found, "s", HOST)
    assert {one.name for one in ways} == names
    assert all(one.certain == ("${" not in body) for one in ways)


def test_the_capability_that_leads_to_the_host_is_named(map_of: Any) -> None:
    found = map_of("services: {s: {image: x, cap_add: [NET_ADMIN, SYS_MODULE]}}\n")
    [way] = between(found, "s", HOST)
    assert way.reason(HOST) == "capability over the host: SYS_MODULE"


def test_secrets_configs_and_host_paths_are_reached_and_lead_nowhere(map_of: Any) -> None:
    found = map_of(
        """\
        services:
          a: {image: x, network_mode: none, secrets: [s, {source: t}], configs: [c]}
          b: {image: x, network_mode: none, secrets: [s], volumes: ["/srv:/srv:ro"]}
        secrets: {s: {file: ./s}, t: {file: ./t}}
        configs: {c: {file: ./c}}
        """
    )
    assert pairs(found) == {
        *(("a", "secret s"), ("a", "secret t"), ("a", "config c")),
        *(("b", "secret s"), ("b", "host path /srv")),
    }


def test_the_shortest_path_is_found_and_certain_ones_come_first(map_of: Any) -> None:
    found = map_of(
        """\
        services:
          a: {image: x, networks: [n, x]}
          b: {image: x, networks: [n, m]}
          c: {image: x, networks: [m, x]}
        networks: {n: {}, m: {}, x: {external: true}}
        """
    )
    a, c = Node("service", "a"), Node("service", "c")
    certain = way_to(c, found.ways_from(a, certain=True))
    assert [str(target) for _, _, target in certain] == ["b", "c"]
    [(_, one, _)] = way_to(c, found.ways_from(a))
    assert (one.name, one.certain) == ("x", False)


def test_a_service_named_host_is_not_the_host(map_of: Any) -> None:
    found = map_of("services: {host: {image: x}, outside: {image: x}}\n")
    assert HOST not in found.ways_from(Node("service", "outside"))
    assert pairs(found) == {("host", "outside"), ("outside", "host")}


def test_hundreds_of_services_take_no_time() -> None:
    services = {f"s{n}": [{"image": "x", "ports": [f"{n + 1}:80"]}, {}] for n in range(400)}
    made = containers_of_record({"services": services, "top": {}})
    with within(2):
        found = mapped(made.values())
        assert len(found.ways_from(OUTSIDE)) == 400
        assert len(found.connections) < 10


def test_the_volumes_of_a_container_outside_of_the_project_are_unknown(map_of: Any) -> None:
    text = "services: {a: {image: x, volumes_from: ['container:other']}, b: {image: y}}\n"
    found = map_of(text)
    assert found.doubts == {"a": "`volumes_from` of `a` names a container outside of the project"}


@pytest.mark.parametrize(
    ("first", "second", "share"),
    [
        ("a", "b", False),
        ("a", "a/", True),
        ("a", "a/b", True),
        ("a", "ab", False),
        ("a", "${PART}", True),
        ("", "b", True),
    ],
)
def test_folders_of_a_volume_are_shared_if_one_contains_the_other(
    map_of: Any, first: str, second: str, share: bool
) -> None:
    def service(name: str, part: str) -> str:
        more = f", volume: {{subpath: '{part}'}}" if part else ""
        mount = f"{{type: volume, source: data, target: /data{more}}}"
        return f"{name}: {{image: x, network_mode: none, volumes: [{mount}]}}"

    text = f"services: {{{service('one', first)}, {service('two', second)}}}\n"
    found = map_of(text + "volumes: {data: }\n")
    assert (("one", "two") in pairs(found, "volume")) is share
