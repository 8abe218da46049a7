"""Findings whose cause, or whose service, is in another file point there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.rules import every_rule

if TYPE_CHECKING:
    from tests.conftest import Judge

SOCKET = '["/var/run/docker.sock:/var/run/docker.sock"]'


def related(judge: Judge, files: dict[str, str], rule: str) -> list[str]:
    rules = [one for one in every_rule() if one.name == rule]
    return [
        f"{one.span.source.name}:{one.span.source.point(one.span.start)[0] + 1}"
        f" {one.message} ({one.role})"
        for found in judge(files, rules)
        for one in found.finding.because
    ]


def project(keys: str, env: str = "") -> dict[str, str]:
    return {"compose.yaml": f"services: {{web: {{image: x, {keys}}}}}\n", ".env": env}


@pytest.mark.parametrize(
    ("keys", "env", "rule"),
    [
        ("privileged: '${PART}'", "PART=true", "privileged-container"),
        ("pid: $PART", "PART=host", "host-pid-namespace"),
        ("cap_add: ['${PART}']", "PART=SYS_ADMIN", "host-takeover-capability"),
        (
            "volumes: ['${PART}:/var/run/docker.sock']",
            "PART=/var/run/docker.sock",
            "docker-socket-mounted",
        ),
        (
            "volumes: [{type: bind, source: '${PART}', target: /s}]",
            "PART=/var/run/docker.sock",
            "docker-socket-mounted",
        ),
        (
            "command: ['dockerd', '--host=tcp://${PART}']",
            "PART=0.0.0.0:2375",
            "daemon-api-over-tcp",
        ),
        ("read_only: '${PART}'", "PART=false", "writable-root-filesystem"),
    ],
)
def test_a_value_from_a_file_of_variables_points_there(
    judge: Judge, keys: str, env: str, rule: str
) -> None:
    files = project(keys, f"OTHER=1\n{env}\n")
    assert related(judge, files, rule) == [".env:2 `PART` is set here (origin)"]


def test_only_the_used_variable_is_named_and_once(judge: Judge) -> None:
    files = project(
        "privileged: '${PART}', container_name: '${NAME}', cap_drop: ['${PART}']",
        "PART=true\nNAME=x\n",
    )
    assert related(judge, files, "privileged-container") == [".env:1 `PART` is set here (origin)"]


@pytest.mark.parametrize("env", ["", "OTHER=true\n"])
def test_a_default_comes_from_no_other_file(judge: Judge, env: str) -> None:
    files = project("privileged: '${PART:-true}'", env)
    assert related(judge, files, "privileged-container") == []


def test_a_missing_setting_has_no_variable(judge: Judge) -> None:
    files = project("container_name: '${NAME}'", "NAME=x\n")
    assert related(judge, files, "writable-root-filesystem") == []


def test_an_included_project_has_variables_of_its_own(judge: Judge) -> None:
    files = {
        "compose.yaml": "include: [part/compose.yaml]\n",
        "part/compose.yaml": "services: {db: {image: x, privileged: '${PART}'}}\n",
        "part/.env": "PART=true\n",
    }
    assert related(judge, files, "privileged-container") == [
        "part/.env:1 `PART` is set here (origin)"
    ]


def test_values_of_an_extended_file_point_at_the_services(judge: Judge) -> None:
    files = {
        "compose.yaml": """\
services:
  web: {extends: {file: base.yaml, service: base}}
  api: {extends: {file: base.yaml, service: base}}
""",
        "base.yaml": f"services: {{base: {{image: x, volumes: {SOCKET}}}}}\n",
    }
    assert related(judge, files, "docker-socket-mounted") == [
        "compose.yaml:2 service `web` gets it (receiver)",
        "compose.yaml:3 service `api` gets it too (receiver)",
    ]


def test_values_extended_within_a_file_point_into_it(judge: Judge) -> None:
    text = f"""\
services:
  base: {{image: x, volumes: {SOCKET}}}
  web: {{extends: base}}
"""
    assert related(judge, {"compose.yaml": text}, "docker-socket-mounted") == [
        "compose.yaml:3 service `web` gets it too (receiver)"
    ]


def test_values_of_an_override_point_at_the_base_service(judge: Judge) -> None:
    files = {
        "compose.yaml": "services: {app: {image: x}}\n",
        "compose.override.yaml": "services: {app: {pid: host}}\n",
    }
    assert related(judge, files, "host-pid-namespace") == [
        "compose.yaml:1 service `app` gets it (receiver)"
    ]


def test_a_file_is_not_named_twice_as_an_origin(judge: Judge) -> None:
    files = {
        "compose.yaml": "services: {web: {image: x, env_file: web.txt}}\n",
        "web.txt": "API_TOKEN=kf83kd0ajf93ncmvbq72\n",
    }
    assert related(judge, files, "literal-secret-in-environment") == [
        "compose.yaml:1 the file is named here (receiver)"
    ]
