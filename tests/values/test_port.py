from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given, strategies as st

from tightship.values.port import PublishedPort, is_any, is_loopback, parse

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.values.conftest import Case, Compose

Shown = tuple[str | None, str | None, str, str]


def shown(port: PublishedPort) -> Shown:
    return port.host_ip, port.published, port.target, port.protocol


def one_by_one(short: str) -> list[Shown]:
    """Read a short form and count its range out, as Compose does."""
    ports = parse(short)
    assert ports is not None
    [port] = ports
    first, last = (int(n) for n in (port.target.split("-") * 2)[:2])
    if first == last:
        return [shown(port)]
    return [
        (
            port.host_ip,
            None if port.first is None else str(port.first + i),
            str(first + i),
            port.protocol,
        )
        for i in range(last - first + 1)
    ]


def printed(ports: list[dict[str, Any]]) -> list[Shown]:
    return [(p.get("host_ip"), p.get("published"), str(p["target"]), p["protocol"]) for p in ports]


def test_every_recorded_form_is_read_as_compose_does(oracle: Callable[[str], Case]) -> None:
    case = oracle("48-port-forms")
    written = yaml.safe_load(case.files["compose.yaml"])["services"]["s"]["ports"]
    ports = [p for short in written if isinstance(short, str) for p in one_by_one(short)]
    assert len(ports) == 7
    assert set(ports) <= set(printed(case.service()["ports"]))


READ: dict[str, Shown] = {
    "83": (None, None, "83", "tcp"),
    "80/": (None, None, "80", "tcp"),
    "80/UDP": (None, None, "80", "udp"),
    "80:80/udp/x": (None, "80", "80", "udp"),
    "00080:080": (None, "80", "80", "tcp"),
    "1-2-3": (None, None, "1-2", "tcp"),
    ":86:86": (None, "86", "86", "tcp"),
    "127.0.0.1::82": ("127.0.0.1", None, "82", "tcp"),
    "[::1]:81:81": ("::1", "81", "81", "tcp"),
    "[::1]::81": ("::1", None, "81", "tcp"),
    "[::ffff:0.0.0.0]:80:80": ("::ffff:0.0.0.0", "80", "80", "tcp"),
    "8000-8002:84": (None, "8000-8002", "84", "tcp"),
    "127.0.0.1:81-83:80": ("127.0.0.1", "81-83", "80", "tcp"),
    "3000-3005:3000-3005": (None, "3000-3005", "3000-3005", "tcp"),
    "7000-7001": (None, None, "7000-7001", "tcp"),
    "80-80:81": (None, "80", "81", "tcp"),
}
REFUSED = [
    "",
    "80:",
    "0",
    "70000:80",
    "80:70000",
    "80-79",
    "80/foo",
    "+80",
    " 80",
    "0x50",
    "3000-3002:80-81",
    "127.0.0.1:80",
    "127.0.1:8080:80",
    "127.0.0.01:8080:80",
    "localhost:80:80",
    "[127.0.0.1:80:80",
    "[fe80::1%eth0]:80:80",
    "a:b:c",
    "http://x",
]


@pytest.mark.parametrize("short", READ)
def test_a_short_form_is_parsed(short: str) -> None:
    ports = parse(short)
    assert ports is not None
    assert [shown(port) for port in ports] == [READ[short]]


@pytest.mark.parametrize("short", REFUSED)
def test_a_rejected_form_is_invalid(short: str) -> None:
    assert parse(short) is None


def test_the_record_of_short_forms_still_holds(compose: Compose) -> None:
    asked = compose({"ports": list(READ)})["ports"]
    assert {p for short in READ for p in one_by_one(short)} == set(printed(asked))


@pytest.mark.parametrize("short", REFUSED)
def test_compose_still_rejects_them(compose: Compose, short: str) -> None:
    assert compose({"ports": [short]}) is None


def test_random_short_forms_are_read_as_compose_does(compose: Compose) -> None:
    chance = random.Random(11)
    parts = ["127.0.0.1", "[::1]", "0.0.0.0", "", "80", "81-83", "90-92", "9", "70000"]
    good: dict[str, list[Shown]] = {}
    for _ in range(400):
        short = ":".join(chance.choices(parts, k=chance.randint(1, 3)))
        short += chance.choice(["", "", "/udp", "/tcp", "/"])
        if parse(short):
            good[short] = one_by_one(short)
    assert len(good) > 40
    asked = compose({"ports": list(good)})
    assert asked is not None
    # No address and 0.0.0.0 are one to Compose, which keeps the last of equal ports.
    ours, theirs = (
        {(host_ip or "0.0.0.0", *rest) for host_ip, *rest in ports}
        for ports in ((p for ports in good.values() for p in ports), printed(asked["ports"]))
    )
    assert ours == theirs


def test_an_address_needs_no_brackets() -> None:
    # Compose 2.26 wants them; later releases do not.
    for short, host_ip in (
        (":::80:80", "::"),
        ("::1:81:81", "::1"),
        ("::ffff:0.0.0.0:80:80", "::ffff:0.0.0.0"),
    ):
        ports = parse(short)
        assert ports is not None
        assert ports[0].host_ip == host_ip


@pytest.mark.parametrize(
    ("short", "expected", "undecided"),
    [
        ("${BIND}:80:80", ("${BIND}", "80", "80", "tcp"), "host_ip"),
        ("${PORT}:80", (None, "${PORT}", "80", "tcp"), "published"),
        ("80${X}:80", (None, "80${X}", "80", "tcp"), "published"),
        ("127.0.0.1:${P}:${Q}", ("127.0.0.1", "${P}", "${Q}", "tcp"), "published target"),
        ("80/${PROTO}", (None, None, "80", "${PROTO}"), "protocol"),
        ("${A:-1:2}:80", (None, "${A:-1:2}", "80", "tcp"), "published"),
        ("[${V6}]:80:80", ("${V6}", "80", "80", "tcp"), "host_ip"),
    ],
)
def test_a_part_with_a_hole_is_undecided(short: str, expected: Shown, undecided: str) -> None:
    ports = parse(short)
    assert ports is not None
    assert shown(ports[0]) == expected
    assert ports[0].undecided == frozenset(undecided.split())
    assert not is_any("${BIND}")
    assert not is_loopback("${BIND}")


def test_a_wrong_part_beside_a_hole_is_still_rejected() -> None:
    assert parse("${BIND}:99999:80") is None
    assert parse("${P}:80/foo") is None


def test_a_range_covers_its_ports_and_stays_one() -> None:
    ports = parse("1-65535:1-65535")
    assert ports is not None
    [port] = ports
    assert (port.first, port.last) == (1, 65535)
    assert port.covers(1)
    assert port.covers(65535)
    assert port.reaches(8080)
    assert not port.covers(0)


def test_an_undecided_range_covers_no_port() -> None:
    for short in ("80", "${P}:80"):
        ports = parse(short)
        assert ports is not None
        assert not ports[0].covers(80)
        assert ports[0].reaches(80)
        assert ports[0].first is None
        assert ports[0].last is None


@pytest.mark.parametrize(
    "host_ip", ["127.0.0.1", "127.1.2.3", "::1", "0:0:0:0:0:0:0:1", "::ffff:127.0.0.1"]
)
def test_loopback_addresses(host_ip: str) -> None:
    assert is_loopback(host_ip)
    assert not is_any(host_ip)


@pytest.mark.parametrize(
    "host_ip", [None, "", "0.0.0.0", "::", "0:0:0:0:0:0:0:0", "::ffff:0.0.0.0", "::0"]
)
def test_no_address_and_the_zero_addresses_are_all_interfaces(host_ip: str | None) -> None:
    assert is_any(host_ip)
    assert not is_loopback(host_ip)


@pytest.mark.parametrize("host_ip", ["10.0.0.1", "128.0.0.1", "fe80::1", "::2", "junk"])
def test_other_addresses_are_neither_loopback_nor_all(host_ip: str) -> None:
    assert not is_any(host_ip)
    assert not is_loopback(host_ip)


@given(st.text(alphabet="0189:.-/[]${}aAé%", max_size=24))
def test_any_text_is_read_or_rejected(short: str) -> None:
    for port in parse(short) or ():
        assert port.undecided or port.reaches(int(port.target.split("-")[0]))


def test_hostile_texts_cost_little() -> None:
    for text in (":" * 200_000, "1" * 200_000, "${" * 100_000, "[" + ":" * 100_000):
        parse(text)
        is_any(text)
        is_loopback(text)
