"""The edges of the map that a change adds or removes."""

from __future__ import annotations

import random

import pytest
from tests.review.trees import compared

OLD = """\
services:
  web: {image: nginx:1.29, networks: [front], ports: ["8080:80"]}
  api: {image: example/api:1, networks: [front, back]}
  db: {image: postgres:18, networks: [back], volumes: [data:/var/lib/postgresql]}
networks: {front: {}, back: {}}
volumes: {data: {}}
"""


def edges(before: str, after: str) -> list[str]:
    """Return the edges that differ between two Compose files."""
    found = compared({"compose.yaml": before}, {"compose.yaml": after})
    return [
        f"{'new' if one.is_new else 'gone'} {one.source}"
        f" {'<->' if one.is_mutual else '->'} {one.target}: {one.connection.kind}"
        for project in found.projects
        for one in project.edges
    ]


def changed(old: str, new: str) -> list[str]:
    assert old in OLD
    return edges(OLD, OLD.replace(old, new))


def test_an_added_network_is_an_edge_to_each_newly_reached_member() -> None:
    # `web` is reached by its published port before.
    assert changed("networks: [back],", "networks: [back, front],") == ["new web -> db: network"]


def test_a_removed_network_removes_an_edge() -> None:
    found = changed("networks: [front, back]", "networks: [back]")
    # The port of `web` is published, so that the host passes connections on.
    assert found == ["gone web -> api: network"]


def test_a_port_is_an_edge_from_outside_only() -> None:
    found = changed("networks: [back],", 'networks: [back], ports: ["5432:5432"],')
    assert found == ["new outside -> db: published port"]
    assert changed('"8080:80"', '"127.0.0.1:8080:80"') == ["gone outside -> web: published port"]


def test_each_weakness_is_an_edge_to_the_host() -> None:
    found = changed("networks: [front],", "networks: [front], privileged: true,")
    assert set(found) == {"new web -> host: weakness"}


def test_a_volume_written_by_another_service_is_an_edge() -> None:
    found = changed("networks: [front, back]", "networks: [front, back], volumes: [data:/x]")
    # Nothing but the volume has changed, so that no service is reported.
    assert found == []
    found = changed(
        "networks: [front, back]", "networks: [front, back], pid: host, volumes: [data:/x]"
    )
    assert "new api <-> db: volume" in found


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("front", "edge"),
        ("back", "inner"),
        ("data", "pgdata"),
        ("db:", "database:"),
        ('"8080:80"', '"9090:80"'),
    ],
)
def test_other_names_and_numbers_are_no_edges(old: str, new: str) -> None:
    assert edges(OLD, OLD.replace(old, new)) == []


def test_a_new_service_has_new_edges_and_a_removed_one_takes_them() -> None:
    more = "  cron: {image: busybox, networks: [back]}\nnetworks:"
    new = OLD.replace("networks: {", f"{more} {{")
    assert sorted(edges(OLD, new)) == [
        "new api <-> cron: network",
        "new cron -> web: published port",
        "new db <-> cron: network",
    ]
    assert sorted(edges(new, OLD)) == [
        line.replace("new", "gone") for line in sorted(edges(OLD, new))
    ]


PARTS = {
    "networks": ["[front]", "[back]", "[front, back]"],
    "ports": ["[]", '["80:80"]', '["127.0.0.1:81:81"]'],
    "pid": ["host", '"service:a"'],
    "privileged": ["true", "false"],
    "volumes": ["[data:/x]", '["/srv:/srv"]', '["/:/host"]'],
}


@pytest.mark.parametrize("seed", range(40))
def test_the_reverse_comparison_is_the_opposite(seed: int) -> None:
    choose = random.Random(seed)

    def some() -> str:
        text = "services:\n"
        for name in "abcd"[: choose.randint(2, 4)]:
            keys = choose.sample([*PARTS], choose.randint(0, len(PARTS)))
            if name == "a" and "pid" in keys:
                keys.remove("pid")
            made = "".join(f", {key}: {choose.choice(PARTS[key])}" for key in keys)
            text += f"  {name}: {{image: {name}{made}}}\n"
        return f"{text}networks: {{front: {{}}, back: {{}}}}\nvolumes: {{data: {{}}}}\n"

    one, other = some(), some()
    there, back = edges(one, other), edges(other, one)
    assert edges(one, one) == []
    swapped = {"new": "gone", "gone": "new"}
    opposite = [f"{swapped[line.partition(' ')[0]]} {line.partition(' ')[2]}" for line in back]

    def plain(lines: list[str]) -> list[str]:
        # Which end of an edge in both directions comes first is that of its side.
        return sorted(" ".join(sorted(line.split())) for line in lines)

    assert plain(there) == plain(opposite)
