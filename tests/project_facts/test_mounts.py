"""Mounts: each route, what is sure of it, and what is not."""

from __future__ import annotations

import pytest
from tests.project_facts.views import listed, of_service, service

from tightship.project_facts.values import Items

BIND = "volumes: {vol: {driver_opts: {type: none, o: bind, device: /srv}}}\n"


@pytest.mark.parametrize(
    ("body", "more", "kind", "route", "source"),
    [
        ("volumes: ['/srv:/t']", "", "bind", "volumes", "/srv"),
        ("volumes: ['/srv/../etc:/t']", "", "bind", "volumes", "/etc"),
        ("volumes: ['./d:/t']", "", "bind", "volumes", "./d"),
        ("volumes: ['../d:/t']", "", "bind", "volumes", "../d"),
        ("volumes: [{type: bind, source: /srv, target: /t}]", "", "bind", "volumes", "/srv"),
        ("volumes: ['vol:/t']", BIND, "bind", "driver_opts", "/srv"),
        ("volumes: ['vol:/t']", "volumes: {vol: }\n", "volume", "volumes", None),
        ("volumes: ['/t']", "", "anonymous", "volumes", None),
        ("volumes: ['/:/t']", "", "socket", "volumes", "/"),
        ("volumes: ['/var/run/docker.sock:/t']", "", "socket", "volumes", "/run/docker.sock"),
        ("use_api_socket: true", "", "socket", "use_api_socket", "/run/docker.sock"),
        ("configs: [c]", "configs: {c: {file: /etc/passwd}}\n", "bind", "configs", "/etc/passwd"),
        ("secrets: [c]", "secrets: {c: {file: ./k}}\n", "bind", "secrets", "./k"),
        ("secrets: [c]", "secrets: {c: {environment: K}}\n", "secret", "secrets", None),
        ("tmpfs: /t", "", "tmpfs", "tmpfs", None),
        ("volumes: [{type: image, source: a, target: /t}]", "", "image", "volumes", None),
        ("volumes: ['/srv/${X}:/t']", "", ..., "volumes", ...),
        ("volumes: ['./${X}/../q:/t']", "", ..., "volumes", ...),
        ("volumes: ['${HOME}/q:/t']", "", ..., "volumes", ...),
        ("volumes: ['${X}']", "", ..., "volumes", ...),
        ("volumes: ['vol:/t']", "volumes: {vol: {driver_opts: {o: '${X}', device: /a}}}\n", ..., "volumes", ...),
    ],
)  # fmt: skip
def test_each_route_is_seen(body: str, more: str, kind: object, route: str, source: object) -> None:
    mounts = of_service(body, more).get("mounts")
    assert listed(mounts, "kind", "route", "source") == [(kind, route, source)]


@pytest.mark.parametrize(
    ("other", "kind"),
    [
        ("volumes: ['/srv:/t']", "bind"),
        ("use_api_socket: true", "socket"),
        ("secrets: [k]", "bind"),
        ("volumes_from: [p]", "bind"),
    ],
)
def test_volumes_from_brings_all_that_another_service_mounts(other: str, kind: str) -> None:
    text = f"""\
services:
  s: {{image: x, volumes_from: [o]}}
  o: {{image: x, {other}}}
  p: {{image: x, volumes: ['/etc:/e']}}
secrets: {{k: {{file: /root/key}}}}
"""
    mounts = service(text).get("mounts")
    assert listed(mounts, "kind", "route") == [(kind, "volumes_from")]
    assert isinstance(mounts, Items)
    assert mounts.whole


@pytest.mark.parametrize(
    ("mode", "read_only"), [("o", False), ("o:rw", False), ("o:ro", ...), ("container:c", None)]
)
def test_not_every_compose_keeps_the_mode_of_volumes_from(mode: str, read_only: object) -> None:
    text = f"""\
services:
  s: {{image: x, volumes_from: ['{mode}']}}
  o: {{image: x, volumes: ['/srv:/t']}}
"""
    mounts = service(text).get("mounts")
    assert isinstance(mounts, Items)
    assert mounts.whole is (read_only is not None)
    assert listed(mounts, "read-only") == ([] if read_only is None else [read_only])


def test_the_last_entry_with_a_target_wins() -> None:
    mounts = of_service("volumes: ['/etc:/t', '/srv:/t/']").get("mounts")
    assert listed(mounts, "source") == ["/srv"]


def test_a_volume_driver_is_a_fact() -> None:
    more = "volumes: {v1: {driver: local-persist}, w1: {external: true}, u1: }\n"
    mounts = of_service("volumes: ['v1:/v', 'w1:/w', 'u1:/u']", more).get("mounts")
    assert listed(mounts, "driver", "external") == [
        ("local-persist", False), (..., True), ("local", False),
    ]  # fmt: skip


def test_an_included_file_has_its_own_folder() -> None:
    texts = {
        "compose.yaml": "include: [a/inc.yaml]\nservices: {o: {image: x}}\n",
        "a/inc.yaml": "services: {s: {image: x, volumes: ['./d:/t']}}\n",
    }
    assert listed(service(texts).get("mounts"), "source") == ["./a/d"]


@pytest.mark.parametrize("target", ["${X}", "/t${X}"])
def test_a_target_may_be_unknown(target: str) -> None:
    mounts = of_service(f"volumes: ['/srv:{target}']").get("mounts")
    assert listed(mounts, "source", "target") == [("/srv", ...)]


def test_a_variable_may_bring_the_socket_of_the_engine() -> None:
    mounts = of_service("use_api_socket: '${A}'").get("mounts")
    assert isinstance(mounts, Items)
    assert (mounts.items, mounts.whole) == ((), False)


@pytest.mark.parametrize(
    ("body", "sure"),
    [
        ("volumes: ['vol:/t', '${X}:/u']", [False, True]),
        ("volumes: ['vol:/t', '/a:${X}']", [False, True]),
        ("volumes: ['vol:/t', {type: bind, source: '${X}', target: /u}]", [True, True]),
        ("volumes: ['/a:${X}', 'vol:/t']", [False, True]),
        ("volumes: ['/a:${X}']", [True]),
        ("volumes: ['/a:${X}', '/b:${X}', 'vol:/t']", [False, False, True]),
        ("volumes: ['/a:${X}'], volumes_from: [o]", [True, False]),
        ("volumes: ['/a:/t'], volumes_from: [o]", [True, True]),
        ("devices: ['/dev/a:/dev/x', '/dev/b:${X}']", [False, True]),
        ("devices: ['/dev/a:/dev/x', '/dev/b:/dev/y']", [True, True]),
    ],
)
def test_a_later_one_of_an_unknown_target_may_replace_one(body: str, sure: list[bool]) -> None:
    found = of_service(body, "  o: {image: y, volumes: ['w:/w']}\n")
    value = found.get("devices" if "devices" in body else "mounts")
    assert isinstance(value, Items)
    assert [one.is_sure for one in value.items] == sure
    assert value.whole
