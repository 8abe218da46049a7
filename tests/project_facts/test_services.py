"""Services: who counts as one, and what their settings come to."""

from __future__ import annotations

import pytest
from tests.project_facts.views import listed, of_service, plain, service, things

from tightship.project_facts.groups import GROUPS
from tightship.project_facts.values import Facts, Items


def test_a_provider_and_a_job_are_services() -> None:
    text = """\
services:
  a: {image: x}
  p: {provider: {type: model}}
jobs:
  j: {image: y, privileged: true}
"""
    found = things(text, "service")
    assert [plain(one.get("name")) for one in found] == ["a", "p", "j"]
    assert plain(service(text, "p").get("provider")) == "model"
    assert plain(service(text, "j").get("privileged")) is True
    [project] = things(text, "project")
    assert listed(project.get("services"), "name") == ["a", "p", "j"]


def test_a_hook_may_have_a_container_of_its_own() -> None:
    body = "pre_start: [{image: y, command: c, privileged: true, volumes: ['/:/h']}]"
    hooks = of_service(f"{body}, post_start: [{{command: c, user: root}}]").get("hooks")
    assert isinstance(hooks, Items)
    first, second = (one.get("container") for one in hooks.items)
    assert isinstance(first, Facts)
    assert plain(first.get("privileged")) is True
    assert listed(first.get("mounts"), "kind") == ["socket"]
    assert plain(second) is None


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("A: 1", {"A": "1"}),
        ("A: ''", {"A": ""}),
        ("A: ", {"A": ...}),  # from the environment of Compose
        ("A: '${X:-b}'", {"A": "b"}),
        ("A: 'a${X}'", {"A": ...}),
    ],
)
def test_variables(body: str, expected: dict[str, object]) -> None:
    environment = of_service(f"environment: {{{body}}}").get("environment")
    assert listed(environment, "name", "value") == [*expected.items()]


def test_a_file_that_nobody_has_seen_may_replace_variables_of_the_image() -> None:
    texts = {
        "compose.yaml": "services: {s: {build: ., env_file: secret.env, environment: {B: 2}}}",
        "Dockerfile": "FROM scratch\nENV A=1 B=1\n",
    }
    environment = service(texts).get("environment")
    assert isinstance(environment, Items)
    assert not environment.whole
    assert listed(environment, "name", "value") == [("A", ...), ("B", "2")]


def test_an_item_of_an_unknown_name_may_replace_those_before_it() -> None:
    environment = of_service("environment: [A=1, '${X}', B=2]").get("environment")
    assert isinstance(environment, Items)
    assert not environment.whole
    assert listed(environment, "name", "value") == [("A", ...), ("B", "2")]


def test_the_beginning_of_a_value_is_that_of_the_value() -> None:
    labels = of_service("labels: ['a=b${X}']").get("labels")
    assert isinstance(labels, Items)
    assert (labels.named("a").known, labels.named("a").beginning) == (False, "b")


LABELS = {
    "a.labels": "one=1\ntwo=2\nthree=${UNSET:-3}\n# no label\n",
    "d/b.labels": "two='2 b'\nfour=${one}${UNSET}\none\n",
    "wrong": "one=1\n?=2\n",
}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("label_file: a.labels", {"one": "1", "two": "2", "three": "3"}),
        ("label_file: a.labels, labels: {one: x, five: '5'}",
         {"one": "x", "two": "2", "three": "3", "five": "5"}),
        ("label_file: [./a.labels, d/b.labels]",
         {"one": ..., "two": "2 b", "three": "3", "four": ...}),
        ("label_file: [a.labels, '${X}']", {"one": ..., "two": ..., "three": ...}),
    ],
)  # fmt: skip
def test_labels_of_files_lose_against_later_ones(body: str, expected: dict[str, object]) -> None:
    texts = {**LABELS, "compose.yaml": f"services: {{s: {{image: x, {body}}}}}"}
    labels = service(texts).get("labels")
    assert isinstance(labels, Items)
    assert listed(labels, "name", "value") == [*expected.items()]
    assert labels.whole == ("X" not in body)


def test_a_file_of_labels_that_compose_rejects_says_nothing() -> None:
    texts = {**LABELS, "compose.yaml": "services: {s: {image: x, label_file: wrong}}"}
    assert plain(service(texts).get("labels")) is ...


@pytest.mark.parametrize("text", ["a=1\n" * 1001, f"a=1\n#{'#' * 100_000}\n"])
def test_a_file_of_labels_that_is_too_long_says_nothing(text: str) -> None:
    files = {"l": text, "compose.yaml": "services: {s: {image: x, label_file: l}}"}
    assert plain(service(files).get("labels")) is ...


@pytest.mark.parametrize("key", ["label_file: l.env", "labels: ['${X}']"])
def test_there_may_be_more_labels(key: str) -> None:
    labels = of_service(key).get("labels")
    assert isinstance(labels, Items)
    assert not labels.whole


@pytest.mark.parametrize(
    ("body", "seccomp", "apparmor"),
    [
        ("", None, None),
        ("privileged: true", "unconfined", "unconfined"),
        ("privileged: '${P}'", ..., ...),
        ("security_opt: ['seccomp=p.json', 'apparmor:a']", "p.json", "a"),
        ("security_opt: ['seccomp:${X}'], privileged: true", ..., "unconfined"),
        ("security_opt: ['${X}']", ..., ...),
    ],
)
def test_profiles(body: str, seccomp: object, apparmor: object) -> None:
    found = of_service(body)
    assert (plain(found.get("seccomp")), plain(found.get("apparmor"))) == (seccomp, apparmor)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("devices: ['/dev/a:/dev/x:r', '/dev/b:/dev/x']", [("/dev/b", "devices", "rwm")]),
        ("devices: ['/dev/x:${Y}']", [("/dev/x", "devices", ...)]),
        ("devices: ['${X}']", [(..., "devices", ...)]),
        ("gpus: all", [("gpus: all", "request", None)]),
        ("volumes: ['/dev/kvm:/k']", [("/dev/kvm", "mounts", None)]),
    ],
)
def test_devices(body: str, expected: list[object]) -> None:
    devices = of_service(body).get("devices")
    assert isinstance(devices, Items)
    assert devices.whole
    assert listed(devices, "source", "route", "permissions") == expected


@pytest.mark.parametrize(
    "body", ["gpus: '${G:-all}'", "volumes: ['${V:-/dev/kvm:/k}']", "runtime: '${R:-nvidia}'"]
)
def test_a_variable_may_bring_a_device(body: str) -> None:
    from tests.project_facts.views import loaded

    project = loaded({"compose.yaml": f"services: {{s: {{image: x, {body}}}}}"})
    devices = service(project.unsettled).get("devices")
    assert isinstance(devices, Items)
    assert not devices.whole


def test_every_fact_can_be_read_of_an_empty_service() -> None:
    for group in ("project", "service", "image"):
        for one in things("services: {s: {image: x}}", group):
            assert [name for name in GROUPS[group].facts if one.get(name) is None] == []


def test_extensions_are_facts() -> None:
    text = "x-a: {b: 1}\nservices: {s: {image: x, x-b: yes, x-c: [1]}}\n"
    assert listed(service(text).get("extensions"), "name", "value") == [("x-b", "yes"), ("x-c", "")]
    [project] = things(text, "project")
    assert listed(project.get("extensions"), "name", "value") == [("x-a", "")]


@pytest.mark.parametrize(
    ("dockerfile", "interval", "expected"),
    [
        (None, "10s", 10),
        (None, "0s", ...),  # a pulled image may set one
        ("FROM alpine\nHEALTHCHECK --interval=5m CMD x\n", "0s", 300),
        ("FROM alpine\nHEALTHCHECK --interval=5m CMD x\n", "", 300),
        ("FROM alpine\nHEALTHCHECK CMD x\n", "", 30),
        ("FROM scratch\n", "0s", 30),
        ("FROM alpine\n", "", ...),
    ],
)
def test_a_time_of_the_health_check_that_is_not_set_is_that_of_the_image(
    dockerfile: str | None, interval: str, expected: object
) -> None:
    where = "image: x" if dockerfile is None else "build: ."
    check = f"test: [CMD, x], interval: {interval}" if interval else "test: [CMD, x]"
    texts = {"compose.yaml": f"services: {{s: {{{where}, healthcheck: {{{check}}}}}}}"}
    texts |= {} if dockerfile is None else {"Dockerfile": dockerfile}
    health = service(texts).get("health")
    assert isinstance(health, Facts)
    assert plain(health.get("interval")) == expected


@pytest.mark.parametrize("build", ["'${DIR}'", "https://example.org/a.git"])
def test_the_name_of_an_image_says_nothing_of_the_user_of_a_build(build: str) -> None:
    user = service(f"services: {{s: {{image: 'nginx:1', build: {build}}}}}").get("user")
    assert isinstance(user, Facts)
    assert [plain(user.get(one)) for one in ("name", "uid", "root")] == [...] * 3
