"""The rule `port-published-twice`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.checking import check

from tightship.rules.compose.correctness.port_published_twice import port_published_twice

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Judge
    from tests.rules.conftest import Found


def two(first: str, second: str, more: str = "") -> str:
    """Return two services with one entry each."""
    return (
        f"services:\n  a: {{image: x, ports: [{first}]{more}}}\n"
        f"  b: {{image: x, ports: [{second}]{more}}}\n"
    )


def test_the_later_one_is_marked_and_the_first_is_shown(judge: Judge) -> None:
    [one] = judge(two("'8080:80'", "'8080:81'"), [port_published_twice])
    assert (one.severity.word, one.span.text) == ("error", "'8080:81'")
    assert one.finding.message == (
        "service `b` publishes port 8080 of the host, which service `a` already publishes"
    )
    [first] = one.finding.because
    assert (first.span.text, first.message) == ("'8080:80'", "it is published here")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("'80:80'", "'80:80'"),
        ("'80:80'", "'0.0.0.0:80:80'"),
        ("'80:80'", "'[::1]:80:80'"),
        ("'[::]:80:80'", "'[::1]:80:80'"),
        ("'0.0.0.0:80:80'", "'127.0.0.1:80:80'"),
        ("'127.0.0.1:80:80'", "'0.0.0.0:80:80'"),
        ("'127.0.0.1:80:80'", "'127.0.0.1:80:81'"),
        ("'53:53/udp'", "'53:5353/udp'"),
        ("'${A:-80}:80'", "'80:81'"),
        ("{target: 1, published: 80}", "{target: 1, published: '80'}"),
        ("'90-92:90-92'", "'92-94:92-94'"),
        ("'8000-9000:8000-9000'", "'9000:1'"),
    ],
)
def test_colliding_ports(found: Found, first: str, second: str) -> None:
    assert found(two(first, second), port_published_twice) == [("error", second)]
    assert found(two(second, first), port_published_twice) == [("error", first)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("'80:80'", "'81:80'"),
        ("'80'", "'80'"),
        ("'53:53'", "'53:53/udp'"),
        ("'0.0.0.0:80:80'", "'[::1]:80:80'"),
        ("'127.0.0.1:80:80'", "'127.0.0.2:80:80'"),
        ("'${A}:80'", "'${A}:80'"),
        ("'${A}:80:80'", "'80:80'"),
        # It may be `81/udp`.
        ("'80:${TARGET}'", "'80:81'"),
        # The engine picks a free one of the range.
        ("'90-92:90'", "'91:91'"),
        ("'90-92:90-92'", "'93:93'"),
        ("'nonsense'", "'nonsense'"),
    ],
)
def test_ports_without_a_collision(found: Found, first: str, second: str) -> None:
    assert found(two(first, second), port_published_twice) == []
    assert found(two(second, first), port_published_twice) == []


def test_a_range_that_meets_another_in_many_ports_is_one_finding(judge: Judge) -> None:
    [one] = judge(two("'80-89:80-89'", "'85-99:85-99'"), [port_published_twice])
    assert "port 85 of the host" in one.finding.message


@pytest.mark.parametrize(
    ("entries", "count"),
    [
        # Compose takes them for one and the same.
        ("'8080:80', '0.0.0.0:8080:80'", 0),
        ("'8080:80', '127.0.0.1:8080:81'", 1),
        ("'8080:80', '8080:81', '8080:82'", 2),
    ],
)
def test_entries_of_one_service_collide_as_well(found: Found, entries: str, count: int) -> None:
    text = f"services: {{a: {{image: x, ports: [{entries}]}}}}\n"
    assert len(found(text, port_published_twice)) == count


@pytest.mark.parametrize(
    ("mine", "theirs", "count"),
    [
        ("[p]", "[q]", 0),
        ("[p]", "[p, q]", 1),
        ("[p]", "[]", 1),
        ("[]", "[p]", 1),
        ("['${P}']", "['${P}']", 0),
    ],
)
def test_profiles_that_are_never_active_together_share_a_port(
    found: Found, mine: str, theirs: str, count: int
) -> None:
    text = f"""
services:
  a: {{image: x, ports: ["80:80"], profiles: {mine}}}
  b: {{image: x, ports: ["80:80"], profiles: {theirs}}}
"""
    assert len(found(text, port_published_twice)) == count


@pytest.mark.parametrize("mode", ["host", "none", "'service:c'", "'${MODE}'"])
def test_a_service_that_may_publish_nothing_uses_no_port(found: Found, mode: str) -> None:
    text = two("'80:80'", "'80:80'", f", network_mode: {mode}")
    assert found(f"{text}  c: {{image: x}}\n", port_published_twice) == []


def test_an_override_collides_with_the_base(judge: Judge) -> None:
    files = {
        "compose.yaml": two("'80:80'", "'81:80'"),
        "compose.override.yaml": "services: {b: {ports: ['80:1']}}\n",
    }
    [one] = judge(files, [port_published_twice])
    assert (one.span.source.name, one.span.text) == ("compose.override.yaml", "'80:1'")


@pytest.mark.parametrize(
    ("keys", "count"),
    [
        ("scale: 2, ports: ['80:80']", 1),
        ("scale: 2, ports: ['127.0.0.1:80:80', '81:81']", 2),
        ("scale: 2, ports: [{target: 80, published: '80'}]", 1),
        ("deploy: {replicas: 2}, ports: ['80:80']", 1),
        ("deploy: {replicas: 3}, ports: ['80-81:80']", 1),
        ("deploy: {replicas: 2}, ports: ['80-81:80-81']", 1),
        ("scale: '${N:-2}', ports: ['80:80']", 1),
        ("deploy: {replicas: 2}, ports: ['80-81:80']", 0),
        ("scale: 1, ports: ['80:80']", 0),
        ("scale: 0, ports: ['80:80']", 0),
        ("scale: '${N}', ports: ['80:80']", 0),
        ("scale: 2, ports: ['80', '0:81', '${PORT}:80']", 0),
        ("scale: 2, ports: ['80:80'], network_mode: host", 0),
        ("scale: 2, ports: ['80:80'], network_mode: none", 0),
        ("deploy: {replicas: 2, placement: {}}, ports: ['80:80']", 0),
        ("deploy: {replicas: 2, mode: replicated}, ports: ['80:80']", 0),
    ],
)
def test_the_containers_of_a_service_collide(found: Found, keys: str, count: int) -> None:
    text = f"services: {{s: {{image: x, {keys}}}}}\n"
    assert len(found(text, port_published_twice)) == count


def test_a_swarm_shares_a_port_among_replicas(found: Found) -> None:
    text = """
services: {s: {image: x, deploy: {replicas: 2}, ports: ['80:80']}}
networks: {n: {driver: %s}}
"""
    assert found(text % "bridge", port_published_twice) == [("error", "'80:80'")]
    assert found(text % "overlay", port_published_twice) == []


@pytest.mark.parametrize(
    ("command", "keys", "count"),
    [
        ("docker stack deploy -c stack.yml app", "deploy: {replicas: 2}", 0),
        ("docker stack deploy -c stack.yml app", "scale: 2", 1),
        ("docker compose -f stack.yml up", "deploy: {replicas: 2}", 1),
    ],
)
def test_a_document_deploys_to_a_swarm(command: str, keys: str, count: int, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    text = f"services: {{s: {{image: x, {keys}, ports: ['80:80']}}}}\n"
    (tmp_path / "stack.yml").write_text(text)
    (tmp_path / "README.md").write_text(f"```console\n$ {command}\n```\n")
    [verdict] = check([str(tmp_path / "stack.yml")], ["port-published-twice"])
    assert len(verdict.findings) == count


def test_the_number_of_containers_is_named(judge: Judge) -> None:
    text = "services: {s: {image: x, scale: 2, ports: ['80:80']}}\n"
    [one] = judge(text, [port_published_twice])
    assert one.finding.message == (
        "the 2 containers of service `s` publish the same port of the host, 80"
    )
    assert [related.span.text for related in one.finding.because] == ["2"]
