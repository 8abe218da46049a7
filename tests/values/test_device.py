from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import given, strategies as st

from tightship.values.device import Device, parse, parse_rule

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.values.conftest import Case, Compose


def as_printed(device: Device) -> dict[str, str]:
    shown = {"source": device.source, "target": device.target, "permissions": device.permissions}
    return {key: value for key, value in shown.items() if value}


@pytest.mark.parametrize("name", ["81-30-devices", "81-31-devices", "81-32-devices"])
def test_recorded_devices_are_read_as_compose_does(
    oracle: Callable[[str], Case], name: str
) -> None:
    case = oracle(name)
    [text] = yaml.safe_load(case.files["compose.yaml"])["services"]["s"]["devices"]
    assert [as_printed(parse(text))] == case.service()["devices"]


def test_two_parts_are_never_permissions() -> None:
    device = parse("/dev/sda:r")
    assert (device.target, device.permissions) == ("r", "rwm")


@pytest.mark.parametrize(
    "text",
    [
        "/dev/sda:/dev/x:r",
        "/dev/sda:/dev/x:rwmz",
        "/dev/sda:",
        "/dev/sda::r",
        "vendor.com/c=d:/x",
        ":/x",
        "/dev/fuse",
    ],
)
def test_a_device_is_parsed_as_by_compose(compose: Compose, text: str) -> None:
    assert [as_printed(parse(text))] == compose({"devices": [text]})["devices"]


def test_too_many_colons_are_a_problem(compose: Compose) -> None:
    assert parse("a:b:c:d").problem
    assert parse("a:b:c").problem is None
    assert compose({"devices": ["a:b:c:d"]}) is None


@pytest.mark.parametrize(
    ("text", "is_cdi"),
    [
        ("vendor.com/class=device", True),
        ("nvidia.com/gpu=all", True),
        ("nvidia.com/gpu=0:1", True),  # the colon ends the source
        ("/dev/x=1", False),
        ("vendor.com/class", False),
    ],
)
def test_a_name_of_the_device_interface_is_no_path(text: str, is_cdi: bool) -> None:
    assert parse(text).is_cdi is is_cdi


@pytest.mark.parametrize(
    ("text", "undecided"),
    [
        ("${DISK}", "source target"),
        ("${DISK}:/dev/x", "source"),
        ("/dev/sda:${T}:r", "target"),
        ("/dev/sda:/dev/x:${P}", "permissions"),
        ("${D:-/dev/sda:r}:/dev/x", "source"),
    ],
)
def test_a_part_with_a_hole_is_undecided(text: str, undecided: str) -> None:
    assert parse(text).undecided == frozenset(undecided.split())


def test_a_rule_names_a_kind_of_device() -> None:
    rule = parse_rule("c 1:3 rwm")
    assert rule is not None
    assert (rule.type, rule.major, rule.minor, rule.access) == ("c", 1, 3, "rwm")
    rule = parse_rule("b 8:* r")
    assert rule is not None
    assert (rule.type, rule.major, rule.minor, rule.access) == ("b", 8, None, "r")
    rule = parse_rule("a *:* rwm")
    assert rule is not None
    assert (rule.type, rule.major, rule.minor, rule.access) == ("a", None, None, "rwm")


@pytest.mark.parametrize(
    "text", ["", "a", "c 1:3", "c 1:3 rwx", "d 1:3 r", "c  1:3 r", "c 1 r", "c ${M}:3 r"]
)
def test_a_rule_that_the_engine_rejects_is_invalid(text: str) -> None:
    assert parse_rule(text) is None


@given(st.text(alphabet="/adevsr:w=.${}*1 ", max_size=20))
def test_any_text_can_be_read(text: str) -> None:
    device = parse(text)
    assert device.source in text
    assert device.problem is None or text.count(":") > 2
    parse_rule(text)


def test_hostile_texts_cost_little() -> None:
    for text in (":" * 200_000, "a" * 200_000, "a." * 100_000, "c 1" + "1" * 200_000):
        parse(text)
        assert parse_rule(text) is None
