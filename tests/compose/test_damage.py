"""Services beside a syntax error keep their findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from tests.conftest import VerdictOn

FILE = """x-log: &log {driver: local}
services:
  web:
    image: nginx:1.29
    ports: ["80:80"]
  db:
    image: mysql:8.4.1
    restart: always
  cache:
    image: redis:8.2
    restart: always
  other:
    image: x:1
    logging: *log
volumes:
  data: {}
"""
ABSENCE = "unlimited-resources"
LINES = FILE.splitlines(keepends=True)


def without_limits(text: str, verdict_on: VerdictOn) -> set[str]:
    verdict = verdict_on(text)
    names = set[str]()
    for one in verdict.findings:
        if one.rule.name == ABSENCE:
            names |= {one.subject.name, *one.services}
    return names


def damaged(number: int, line: str) -> str:
    return "".join([*LINES[:number], line, *LINES[number:]])


@pytest.mark.parametrize(
    "line",
    ["    enviro\n", '    ports: ["81:81"\n', "    a: b: c\n", '    x: "y\n', "  db\n"],
)
def test_an_error_in_a_service_costs_the_others_nothing(
    line: str, verdict_on: VerdictOn
) -> None:
    assert without_limits(FILE, verdict_on) == {"web", "db", "cache", "other"}
    found = without_limits(damaged(7, line), verdict_on)
    # What takes something from elsewhere may have lost it.
    assert found & {"web", "db", "cache"} >= {"web"}
    assert "db" not in found
    if not line.startswith('    x: "'):
        assert found == {"web", "cache"}


def test_an_error_behind_the_services_costs_the_last_one_nothing(
    verdict_on: VerdictOn,
) -> None:
    found = without_limits(FILE + "  more\n", verdict_on)
    assert found == {"web", "db", "cache"}


def test_an_error_in_a_file_of_several_documents_costs_all(
    verdict_on: VerdictOn,
) -> None:
    text = damaged(7, "    enviro\n") + "---\nservices: {cache: {mem_limit: 1g}}\n"
    assert without_limits(text, verdict_on) == set()


@settings(
    max_examples=settings().max_examples // 2,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    number=st.integers(2, len(LINES)),
    indent=st.sampled_from(("", "  ", "    ", "      ")),
    word=st.sampled_from(
        ("x", "[", "x: [", "x: {", "- y", "a: b: c", "}", "*", "&", "'")
    ),
)
def test_no_absence_is_found_that_the_rest_of_the_file_would_not_have(
    number: int, indent: str, word: str, verdict_on: VerdictOn
) -> None:
    """A limit that is written anywhere in the file counts, whatever is broken."""
    lines = [
        line + "    mem_limit: 1g\n    cpus: 1\n    pids_limit: 9\n"
        if line.startswith("    image")
        else line
        for line in LINES
    ]
    text = "".join([*lines[:number], f"{indent}{word}\n", *lines[number:]])
    assert without_limits(text, verdict_on) == set()
