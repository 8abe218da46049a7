"""The rule `forceful-stop-signal`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.dockerfile.conftest import image

from tightship.rules.dockerfile.correctness.forceful_stop_signal import forceful_stop_signal

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


@pytest.mark.parametrize("signal", ["SIGKILL", "KILL", "sigkill", "9", "SIGSTOP", "19"])
def test_a_signal_that_cannot_be_handled(found: Found, signal: str) -> None:
    steps = image(f"STOPSIGNAL {signal}")
    assert found(steps, forceful_stop_signal) == [("warning", signal)]


@pytest.mark.parametrize(
    "steps",
    [
        "STOPSIGNAL SIGTERM",
        "STOPSIGNAL SIGQUIT",
        "STOPSIGNAL 15",
        "STOPSIGNAL SIGRTMIN+3",
        "ARG SIGNAL\nSTOPSIGNAL $SIGNAL",
        "STOPSIGNAL SIGKIL",
    ],
)
def test_other_signals_are_silent(found: Found, steps: str) -> None:
    assert found(image(steps), forceful_stop_signal) == []


def test_a_default_is_named(judge: Judge) -> None:
    steps = image("ARG SIGNAL=SIGKILL\nSTOPSIGNAL $SIGNAL")
    [one] = judge(steps, [forceful_stop_signal])
    assert one.finding.message.startswith("SIGKILL ends the program at once")
    assert one.finding.message.endswith("(default of `ARG SIGNAL`)")
