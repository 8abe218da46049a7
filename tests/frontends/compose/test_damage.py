"""Services beside a syntax error keep their findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

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
    "line", ["    enviro\n", '    ports: ["81:81"\n', "    a: b: c\n", '    x: "y\n', "  db\n"]
)
def test_an_error_in_a_service_costs_the_others_nothing(line: str, verdict_on: VerdictOn) -> None:
    assert without_limits(FILE, verdict_on) == {"web", "db", "cache", "other"}
    found = without_limits(damaged(7, line), verdict_on)
    # What takes something from elsewhere may have lost it.
    assert found & {"web", "db", "cache"} >= {"web"}
    assert "db" not in found
    if not line.startswith('    x: "'):
        assert found == {"web", "cache"}


def test_an_error_after_the_services_costs_the_last_one_nothing(verdict_on: VerdictOn) -> None:
    found = without_limits(FILE + "  more\n", verdict_on)
    assert found == {"web", "db", "cache"}


def test_an_error_in_a_file_of_several_documents_costs_all(verdict_on: VerdictOn) -> None:
    text = damaged(7, "    enviro\n") + "---\nservices: {cache: {mem_limit: 1g}}\n"
    assert without_limits(text, verdict_on) == set()


@settings(
    max_examples=settings().max_examples // 2,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    number=st.integers(2, len(LINES)),
    indent=st.sampled_from(("", "  ", "    ", "      ")),
    word=st.sampled_from(("x", "[", "x: [", "x: {", "- y", "a: b: c", "}", "*", "&", "'")),
)
def test_damage_causes_no_false_absence(
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


def kinds(text: str, verdict_on: VerdictOn) -> set[tuple[str, str]]:
    """Return rules about the form of the file, with the text that each marks."""
    return {
        (one.rule.name, one.span.text)
        for one in verdict_on(text).findings
        if one.rule.name in {"unknown-key", "wrong-type"}
    }


@pytest.mark.parametrize("line", ["    enviro\n", '    ports: ["81:81"\n', "  db\n"])
def test_a_misspelt_key_is_found_where_the_damage_is_not(line: str, verdict_on: VerdictOn) -> None:
    text = damaged(7, line).replace("image: redis:8.2", "image: redis:8.2\n    tty: 3")
    text = text.replace("  cache:", "  cache:\n    readonly: true")
    assert kinds(text, verdict_on) == {("unknown-key", "readonly"), ("wrong-type", "3")}


def test_a_misspelt_key_of_a_section_is_found_beside_a_damaged_service(
    verdict_on: VerdictOn,
) -> None:
    text = damaged(7, "    enviro\n").replace("data: {}", "data: {drivr: local}")
    assert kinds(text, verdict_on) == {("unknown-key", "drivr")}


@pytest.mark.parametrize(
    "text",
    [
        # `db` is lost, and what follows looks like services.
        "services:\n  db: : [\n    image: mysql:8.4.1\n    restart: always\n",
        # `volumes` is lost, and `data` looks like a service.
        "services:\n  web: {image: nginx:1.29}\nvolumes: : [\n  data: {driver: local}\n",
        # The key at fault has lost its line.
        "services:\n  web:\n    image: nginx:1.29\n    build: [\n    target: x\n",
    ],
)
def test_misplaced_parts_are_not_judged(text: str, verdict_on: VerdictOn) -> None:
    assert kinds(text, verdict_on) == set()
    assert without_limits(text, verdict_on) <= {"web"}
