"""A rule of another package that takes too long is named, and the run goes on."""

from __future__ import annotations

import re
import signal
import threading
import time
from typing import TYPE_CHECKING

import pytest

from tightship.findings import Finding, Gap
from tightship.rules import own
from tightship.rules.definition import Rule
from tightship.rules.own import TimeUpError, call_within, guarded
from tightship.text import Source, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SPAN = Span(Source("compose.yaml", "x"), 0, 1)
FOUND = Finding(SPAN, "x")
pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timer here")


class Subject:
    span = SPAN


def sleeping(_: object) -> Iterator[Finding]:
    yield FOUND
    time.sleep(30)


def looping(_: object) -> Iterator[Finding]:
    yield FOUND
    while True:
        pass


def matching(_: object) -> Iterator[Finding]:
    yield FOUND
    re.match(r"(a|aa)+\Z", "a" * 60 + "b")


def catching(_: object) -> Iterator[Finding]:
    yield FOUND
    for _number in range(2):
        try:
            time.sleep(30)
        except Exception:
            continue


def rule_of(package: str = "corp_rules") -> Rule:
    made = object.__new__(Rule)
    made.__dict__.update(name="corp/slow", package=package)
    return made


@pytest.mark.parametrize("check", [sleeping, looping, matching, catching])
def test_a_rule_that_takes_too_long_is_a_gap_with_its_name(
    check: Callable[[object], Iterator[Finding]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own, "MOST_SECONDS", 0.1)
    failures: dict[str, Gap] = {}
    start = time.monotonic()
    assert [*guarded(check, rule_of(), failures)(Subject())] == [FOUND]
    assert time.monotonic() - start < 5
    [gap] = failures.values()
    assert "`corp/slow` of the package `corp_rules` took more than 0.1 seconds" in gap.reason
    assert signal.getsignal(signal.SIGALRM) is signal.SIG_DFL
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_a_rule_that_takes_too_long_in_all_runs_no_more_and_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(own, "MOST_SECONDS", 0.1)
    monkeypatch.setattr(own, "_LONGEST", 0.15)
    failures: dict[str, Gap] = {}
    check = guarded(sleeping, rule_of(), failures)
    for expected in ([FOUND], [FOUND], [], []):
        failures.clear()
        assert [*check(Subject())] == expected
        [gap] = failures.values()
        assert ("was not run here" in gap.reason) == (not expected)


def test_a_server_that_goes_on_for_days_keeps_its_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own, "_LONGEST", 0.01)
    failures: dict[str, Gap] = {}
    found: list[Finding] = []

    def slow(_: object) -> Iterator[Finding]:
        time.sleep(0.02)
        yield FOUND

    def judge() -> None:
        check = guarded(slow, rule_of(), failures)
        for _ in range(3):
            found.extend(check(Subject()))

    thread = threading.Thread(target=judge)
    thread.start()
    thread.join()
    assert found == [FOUND] * 3
    assert not failures


def test_who_waits_for_the_same_signal_keeps_it_and_so_does_another_thread() -> None:
    called = list[str]()

    def work() -> None:
        called.append("done")

    before = signal.signal(signal.SIGALRM, signal.SIG_IGN)
    try:
        call_within(0.01, work)
    finally:
        signal.signal(signal.SIGALRM, before)
    thread = threading.Thread(target=call_within, args=(0.01, work))
    thread.start()
    thread.join()
    assert called == ["done", "done"]
    with pytest.raises(TimeUpError):
        call_within(0.01, lambda: time.sleep(5))
