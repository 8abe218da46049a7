"""Profiles: which services a run has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.frontends.compose.conftest import Put

FILE = """
services:
  web: {image: w}
  shell: {image: s, profiles: [debug, tools]}
  trace: {image: t, profiles: [debug]}
"""


def names(put: Put, files: str | dict[str, str], *profiles: str) -> list[str]:
    configuration = put(files, *profiles).configuration
    assert configuration is not None
    services = configuration.effective.get("services")
    assert services is not None
    return list(services.entries)


@pytest.mark.parametrize(
    ("profiles", "services"),
    [
        ((), ["web"]),
        (("tools",), ["web", "shell"]),
        (("debug",), ["web", "shell", "trace"]),
        (("*",), ["web", "shell", "trace"]),
        (("other",), ["web"]),
    ],
)
def test_a_service_with_profiles_needs_an_active_one(
    put: Put, profiles: tuple[str, ...], services: list[str]
) -> None:
    assert names(put, FILE, *profiles) == services


def test_profiles_may_be_listed_in_the_environment_file(put: Put) -> None:
    files = {"compose.yaml": FILE, ".env": "COMPOSE_PROFILES=other, tools\n"}
    assert names(put, files) == ["web", "shell"]
    assert names(put, files, "debug") == ["web", "shell", "trace"]


def test_inactive_services_are_known(put: Put) -> None:
    configuration = put(FILE).configuration
    assert configuration is not None
    assert list(configuration.inactive) == ["shell", "trace"]


def test_networks_of_services_that_do_not_run_are_not_printed(put: Put) -> None:
    text = """
    services:
      web: {image: w, networks: [front]}
      shell: {image: s, profiles: [p], networks: [back]}
    networks: {front: , back: }
    """
    configuration = put(text).configuration
    assert configuration is not None
    networks = configuration.printed().config["networks"]
    assert networks == {"front": {"name": "project_front"}}


def test_a_needed_service_must_be_part_of_the_run(put: Put) -> None:
    text = """
    services:
      web: {image: w, depends_on: [db]}
      db: {image: d, profiles: [p]}
    """
    [fault] = put(text).faults
    assert fault.kind == "disabled"
    assert fault.span.text == "db"
    assert put(text, "p").faults == []


def test_an_optional_dependency_can_be_inactive(put: Put) -> None:
    text = """
    services:
      web: {image: w, depends_on: {db: {condition: service_started, required: false}}}
      db: {image: d, profiles: [p]}
    """
    assert not put(text).refused


def test_references_of_inactive_services_are_not_checked(put: Put) -> None:
    text = """
    services:
      web: {image: w}
      shell: {image: s, profiles: [p], networks: [nowhere], env_file: nothing}
    """
    assert not put(text).refused
    assert [fault.kind for fault in put(text, "p").faults] == ["undefined", "env-file"]
