"""Paths to the host and to data stores, and the change that cuts most of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, strategies as st

from tightship.isolation.connection import HOST, OUTSIDE, Node
from tightship.isolation.image_roles import is_store_image
from tightship.isolation.profile import Profile
from tightship.isolation.reach_map import ReachMap
from tightship.isolation.reach_paths import count_pairs, paths, targets_of
from tightship.isolation.separation import best_separation, needed_services
from tightship.values import image

if TYPE_CHECKING:
    from tests.isolation.conftest import ContainersOf


@pytest.fixture(scope="session")
def map_of(containers_of: ContainersOf) -> Any:
    def made(text: str) -> ReachMap:
        return ReachMap([Profile(one) for one in containers_of(text).values()])

    return made


def routes(found: ReachMap) -> list[str]:
    return [" ".join(map(str, path.nodes[1:])) for path in paths(found)]


SHOP = """\
services:
  web: {image: nginx, ports: ["80:80"], networks: [front], environment: {API: "http://api:80"}}
  api: {image: x, networks: [front, back], environment: {DB: "postgres://u:${PW}@db/app"}}
  db: {image: "postgres:18", networks: [back]}
  agent: {image: y, networks: [back], volumes: ["/run/docker.sock:/run/docker.sock"]}
networks: {front: {}, back: {}}
"""


def test_paths_lead_to_the_host_and_to_data_shortest_first(map_of: Any) -> None:
    found = map_of(SHOP)
    assert routes(found) == ["web api db", "web api agent host"]
    assert all(path.certain for path in paths(found))


def test_a_published_store_is_a_path_of_its_own(map_of: Any) -> None:
    found = map_of("services: {db: {image: mariadb, ports: ['3306:3306']}}\n")
    [path] = paths(found)
    assert [str(node) for node in path.nodes] == ["outside", "db"]
    best = best_separation(found)
    assert best is not None
    assert best.title == "the ports of `db` on 127.0.0.1 only"
    assert (best.cuts, best.of) == (1, 1)


def test_the_change_that_cuts_most_is_named(map_of: Any) -> None:
    found = map_of(SHOP)
    best = best_separation(found)
    assert best is not None
    assert best.title == "`agent` without its control socket"
    assert (best.cuts, best.of) == (1, 2)


def test_a_separate_network_is_proposed_for_services_that_need_each_other(map_of: Any) -> None:
    found = map_of(
        """\
        services:
          one: {image: a, ports: ["1:1"], depends_on: [cache]}
          two: {image: a, ports: ["2:1"], depends_on: [cache]}
          cache: {image: redis}
          worker: {image: b, depends_on: [db, queue]}
          db: {image: postgres}
          queue: {image: rabbitmq}
        """
    )
    best = best_separation(found)
    assert best is not None
    assert best.title == "a separate network for `worker`, `db` and `queue`"
    assert (best.cuts, best.of) == (4, 6)


def test_a_service_may_leave_the_network_of_the_host(map_of: Any) -> None:
    found = map_of(
        "services:\n"
        "  exporter: {image: a, network_mode: host}\n"
        "  web: {image: b, ports: ['80:80'], environment: {DB: db}, networks: [n]}\n"
        "  db: {image: postgres, networks: [n]}\n"
        "networks: {n: {}}\n"
    )
    assert routes(found) == ["exporter db", "web db"]
    best = best_separation(found)
    assert best is not None
    assert best.title == "`exporter` outside of the network namespace of the host"
    assert (best.cuts, best.of) == (1, 2)


@pytest.mark.parametrize(
    "need",
    [
        "depends_on: [db]",
        "depends_on: {db: {condition: service_started}}",
        "links: ['db:database']",
        "environment: {DATABASE_URL: 'postgres://u:${PW}@db:5432/app'}",
        "environment: ['DB_HOST=db']",
        "command: ['--database', 'db']",
        "environment: {HOST: store}",
    ],
)
def test_no_change_separates_services_that_need_each_other(map_of: Any, need: str) -> None:
    found = map_of(
        "services:\n"
        f"  web: {{image: a, ports: ['80:80'], {need}}}\n"
        "  db: {image: postgres, hostname: store}\n"
        "  other: {image: c}\n"
    )
    assert routes(found) == ["web db"]
    assert best_separation(found) is None


def test_a_proxy_with_unknown_needs_keeps_its_networks(map_of: Any) -> None:
    found = map_of(
        "services:\n"
        "  proxy: {image: nginx, ports: ['80:80']}\n"
        "  api: {image: b, depends_on: [db]}\n"
        "  db: {image: postgres}\n"
    )
    assert best_separation(found) is None


def test_without_an_end_there_is_no_path(map_of: Any) -> None:
    found = map_of("services: {a: {image: nginx, ports: ['80:80']}, b: {image: x}}\n")
    assert paths(found) == []
    assert best_separation(found) is None


def test_needs_are_mutual_and_within_this_project(containers_of: ContainersOf) -> None:
    made = containers_of(
        "services:\n"
        "  a: {image: x, depends_on: [b, gone], environment: {X: 'b a'}}\n"
        "  b: {image: x}\n  c: {image: x, environment: {Y: bb}}\n"
    )
    needed = needed_services([*made.values()])
    assert needed == {"a": {"b"}, "b": {"a"}, "c": set()}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("postgres:18", True),
        ("docker.io/library/mysql", True),
        ("ghcr.io/someone/postgres:16", True),
        ("bitnami/redis", True),
        ("mcr.microsoft.com/mssql/server:2022-latest", True),
        ("prometheuscommunity/postgres-exporter", False),
        ("mongo-express", False),
        ("example/server", False),
        ("nginx", False),
        ("${REPO}:18", False),
    ],
)
def test_data_stores_are_known_by_the_last_part_of_their_name(name: str, expected: bool) -> None:
    assert is_store_image(image.parse(name)) == expected


KEYS = (
    "ports: ['1:1']",
    "networks: [n]",
    "networks: [m]",
    "networks: [n, m]",
    "networks: [x]",
    "volumes: ['data:/d']",
    "volumes: ['data:/d:ro']",
    "privileged: true",
    "cap_add: ['${C}']",
    "pid: host",
    "network_mode: host",
)
IMAGES = ("nginx", "postgres", "redis")


@given(
    st.lists(
        st.tuples(
            st.sampled_from(IMAGES),
            st.lists(
                st.sampled_from(KEYS),
                max_size=3,
                unique_by=lambda key: key.split(":")[0].replace("network_mode", "networks"),
            ),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_counting_together_agrees_with_counting_each(
    map_of: Any, drawn: list[tuple[str, list[str]]]
) -> None:
    services = "".join(
        f"  s{number}: {{{', '.join([f'image: {name}', *keys])}}}\n"
        for number, (name, keys) in enumerate(drawn)
    )
    found = map_of(
        f"services:\n{services}"
        "networks: {n: {}, m: {internal: true}, x: {external: true}}\n"
        "volumes: {data: {}}\n"
    )
    every = paths(found)
    counted = count_pairs(found.connections, targets_of(found))
    for target in targets_of(found):
        assert counted[target] == sum(path.target == target for path in every)
    for path in every:
        assert path.nodes[0] == OUTSIDE
        assert path.target == HOST or path.target in found.stores
        assert len(set(path.nodes)) == len(path.nodes)
        assert all(one.leads_on for _, one, _ in path.steps[:-1])
    lengths = [len(path.steps) for path in every]
    assert lengths == sorted(lengths)
    best = best_separation(found)
    if best is not None:
        assert 0 < best.cuts <= best.of == len(every)
        assert all(isinstance(node, Node) for node in best.services)
