"""Options of volumes that the local driver rejects, as it did on Docker Engine 26.1.5."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.rules.compose.correctness.invalid_volume_options import invalid_volume_options

if TYPE_CHECKING:
    from tests.conftest import Judge


def messages(judge: Judge, options: str, more: str = "") -> list[str]:
    text = f"""
services:
  s: {{image: x, volumes: ["vol:/data"]}}
  t: {{image: x, volumes: ["vol:/data"]}}
volumes:
  vol: {{driver_opts: {options}{more}}}
"""
    return [one.finding.message for one in judge(text, (invalid_volume_options,))]


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ("{type: none, o: bind}", "needs `device` in"),
        ("{o: bind}", "needs `device` and `type` in"),
        ("{device: /srv}", "needs `type` in"),
        ("{device: /srv, o: bind}", "needs `type` in"),
        ("{type: tmpfs, o: size=1m}", "needs `device` in"),
        ("{type: tmpfs, size: 1m}", "needs `device` in"),
        ("{type: bind, device: /srv}", "`type: bind` and no `o: bind`"),
        ("{type: none, device: /srv, o: ro}", "`type: none` and no `o: bind`"),
        ("{type: none, device: /srv, o: ' bind'}", "`type: none` and no `o: bind`"),
        ("{foo: bar}", "has no option `foo`"),
        ("{Type: none, device: /srv, o: bind}", "has no option `Type`"),
        ("{type: none, device: /srv, o: bind, mode: x}", "has no option `mode`"),
    ],
)
def test_rejected_volume_options(judge: Judge, options: str, what: str) -> None:
    [message] = messages(judge, options)
    assert message.startswith("service `s` will not start: ")
    assert what in message
    assert messages(judge, options, ", driver: local") == [message]


@pytest.mark.parametrize(
    "options",
    [
        "{type: none, device: /srv, o: bind}",
        "{type: bind, device: /srv, o: bind}",
        "{type: none, device: /srv, o: 'rbind,ro'}",
        "{type: '', device: /srv, o: bind}",
        "{type: tmpfs, device: tmpfs}",
        "{type: nfs, device: ':/x', o: addr=nas}",
        "{type: none, device: /srv, o: '${OPTIONS}'}",
        "{type: '${TYPE}', device: /srv}",
        "{size: 1m}",
        "{}",
    ],
)
def test_volume_options_decided_by_driver_or_host(judge: Judge, options: str) -> None:
    assert messages(judge, options) == []


@pytest.mark.parametrize("driver", ["rclone", "${DRIVER}", "example/nfs"])
def test_another_driver_has_other_options(judge: Judge, driver: str) -> None:
    assert messages(judge, "{foo: bar}", f", driver: '{driver}'") == []


def test_a_volume_that_no_service_uses_is_not_created(judge: Judge) -> None:
    text = "services: {s: {image: x}}\nvolumes: {vol: {driver_opts: {foo: x}}}\n"
    assert judge(text, (invalid_volume_options,)) == []


def test_another_file_adds_what_is_missing(judge: Judge) -> None:
    files = {
        "compose.yaml": """
services: {s: {image: x, volumes: ["vol:/data"]}}
volumes: {vol: {driver_opts: {device: /srv, o: bind}}}
""",
        "compose.override.yaml": "volumes: {vol: {driver_opts: {type: none}}}\n",
    }
    assert judge(files, (invalid_volume_options,)) == []
