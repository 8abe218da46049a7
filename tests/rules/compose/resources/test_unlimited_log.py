"""The rule `unlimited-log`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.compose.conftest import service

from tightship.rules.compose.resources.logging_disabled import logging_disabled
from tightship.rules.compose.resources.unlimited_log import unlimited_log

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Fixed


@pytest.mark.parametrize(
    "body",
    [
        "logging: {driver: local}",
        "logging: {driver: syslog}",
        "logging: {driver: none}",
        "logging: {options: {max-size: 1m}}",
        "logging: {driver: json-file, options: {max-size: '${SIZE}'}}",
        "logging: {driver: '${DRIVER}'}",
    ],
)
def test_a_bounded_log_is_silent(judge: Judge, body: str) -> None:
    assert judge(service(body), [unlimited_log]) == []


def test_options_without_a_size_are_completed(fixed: Fixed) -> None:
    text = service("logging: {options: {labels: a}}")
    wanted = text.replace("labels: a", 'labels: a, max-size: 10m, max-file: "3"')
    assert fixed(text, unlimited_log) == wanted


def test_a_log_of_an_anchor_is_not_edited(judge: Judge) -> None:
    text = "x: &l {driver: json-file}\nservices:\n  s: {image: x, logging: *l}\n"
    [one] = judge(text, [unlimited_log])
    assert one.finding.fix is None
    assert judge(text.replace("json-file", "none"), [logging_disabled]) != []
