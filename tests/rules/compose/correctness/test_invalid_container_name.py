"""The rule `invalid-container-name`, beyond its examples. Docker Engine 26.1.5 agrees."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.rules.compose.correctness.invalid_container_name import invalid_container_name

if TYPE_CHECKING:
    from tests.conftest import Judge


def project(name: str) -> str:
    return f"services:\n  s:\n    image: example/app:1\n    container_name: {name}\n"


@pytest.mark.parametrize("name", ["my app", "a", "-x", "_x", "ä1", "web/1", "web\u00e9"])
def test_rejected_names(judge: Judge, name: str) -> None:
    [one] = judge(project(name), [invalid_container_name])
    assert (one.span.text, one.severity.word) == (name, "error")
    assert one.finding.message.startswith(f"no container can be called `{name}`")


@pytest.mark.parametrize("name", ["ab", "a.b-c_d", "/ok", "1a", "''", "${NAME}", "x${N}"])
def test_accepted_and_undecided_names(judge: Judge, name: str) -> None:
    assert judge(project(name), [invalid_container_name]) == []


def test_a_default_counts(judge: Judge) -> None:
    [one] = judge(project("${NAME:-my app}"), [invalid_container_name])
    assert one.finding.message.endswith("(default of `${NAME}`)")
