"""The search finds what a simulated service needs, in few starts."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings, strategies as st
from tests.trial.simulated import (
    OLD_DATA,
    PHASES,
    PLAIN,
    Service,
    SimulatedTrials,
    guess_of,
    solved,
)

from tightship.values.capability import DEFAULT_CAPABILITIES
from tightship_annexes.trial.agreement import AGAIN, RECREATE, RESTART, START, STOP, differences
from tightship_annexes.trial.guess import Guess
from tightship_annexes.trial.observation import Observation
from tightship_annexes.trial.search import (
    MOST_MORE,
    MOST_STARTS,
    Budget,
    reasons,
    retreat,
    search,
    searched,
    together,
)

if TYPE_CHECKING:
    from tightship_annexes.trial.hardening import Hardening

CAPABILITIES = sorted(DEFAULT_CAPABILITIES)
PATHS = ("/cache", "/home/app", "/spool", "/srv/files")
SEEN = (START, STOP, AGAIN)
WHENS = st.sampled_from((*SEEN, RESTART, RECREATE, OLD_DATA, "never"))
SERVICES = st.builds(
    Service,
    st.dictionaries(st.sampled_from(CAPABILITIES), WHENS, max_size=6),
    st.dictionaries(st.sampled_from(PATHS), WHENS, max_size=3),
    gains_privileges=st.booleans(),
    memory=st.sampled_from((1 << 26, 1 << 29, 1 << 31)),
    speaks=st.booleans(),
)
GUESSES = st.builds(
    guess_of,
    st.frozensets(st.sampled_from(CAPABILITIES), max_size=6),
    st.lists(st.sampled_from(PATHS), unique=True, max_size=3),
)


def works(service: Service, hardening: Hardening) -> bool:
    phases = (*PHASES, RESTART, RECREATE, OLD_DATA)
    return not any(service.missing(hardening, phase) for phase in phases)


@settings(max_examples=300, deadline=None)
@given(SERVICES, GUESSES, st.sampled_from((3, 5, 99)))
def test_what_is_proved_works_and_the_starts_are_bounded(
    service: Service, guess: Guess, room: int
) -> None:
    _found, proved, starts = solved(service, guess, room)
    assert starts <= MOST_STARTS + MOST_MORE
    if proved is not None:
        assert works(service, proved.hardening)
        assert (proved.hardening.capabilities or frozenset()) <= guess.had


@settings(max_examples=200, deadline=None)
@given(SERVICES, st.data())
def test_a_guess_that_is_right_takes_three_starts(service: Service, data: st.DataObject) -> None:
    more = data.draw(st.frozensets(st.sampled_from(CAPABILITIES), max_size=4))
    late = (RESTART, RECREATE, OLD_DATA)
    service = Service(
        {name: when for name, when in service.capabilities.items() if when not in late},
        service.paths,
    )
    guess = guess_of(frozenset(service.capabilities) | more, [*service.paths])
    _found, proved, starts = solved(service, guess)
    assert starts == 3
    assert proved is not None
    needed = {name for name, when in service.capabilities.items() if when in SEEN}
    assert proved.hardening == guess.hardening.replaced(capabilities=frozenset(needed))


@settings(max_examples=100, deadline=None)
@given(SERVICES, GUESSES, st.sampled_from(CAPABILITIES))
def test_what_the_image_suggests_stays(service: Service, guess: Guess, name: str) -> None:
    own = guess.hardening.capabilities or frozenset()
    guess = Guess(guess.hardening.replaced(capabilities=own | {name}), guess.had, {name: "cron"})
    _found, proved, _starts = solved(service, guess)
    if proved is not None and proved.hardening.capabilities is not None:
        assert name in proved.hardening.capabilities


def test_a_wrong_guess_costs_a_few_starts_where_logs_name_what_is_missing() -> None:
    starts = [
        solved(Service({first: START, second: STOP}, {path: START}), guess_of(frozenset(), []))[2]
        for first in ("CHOWN", "SETUID", "DAC_OVERRIDE")
        for second in ("KILL", "CHOWN")
        for path in PATHS
    ]
    assert median(starts) <= 6
    assert max(starts) < MOST_STARTS


def test_a_path_that_may_be_needless_is_left_out_if_nothing_fails() -> None:
    guess = guess_of(frozenset(), PATHS[:2], optional=PATHS[:2])
    _found, proved, _starts = solved(Service(paths={PATHS[0]: START}), guess)
    assert proved is not None
    assert proved.hardening.data == PATHS[:1]


def test_one_mechanism_that_fails_does_not_cost_the_others() -> None:
    guess = guess_of(frozenset(), [])
    found, proved, _starts = solved(Service(gains_privileges=True), guess)
    assert found is not None
    assert proved is not None
    assert proved.hardening == guess.hardening.replaced(no_new_privileges=False)
    assert "sudo" in found.left["setuid programs"]


def test_where_a_control_fails_fewer_copies_run_beside_it() -> None:
    service = Service(dict.fromkeys(("CHOWN", "SETGID", "SETUID"), START))
    guess = guess_of(frozenset(("CHOWN", "KILL", "SETGID", "SETUID")), [])
    _found, proved, starts = solved(service, guess, room=5)
    assert proved is not None
    assert proved.hardening.capabilities == frozenset(service.capabilities)
    assert starts == 6


def test_services_share_their_starts() -> None:
    services = {
        "app": Service({"SETUID": START}),
        "db": Service({"DAC_OVERRIDE": AGAIN}),
        "web": Service({"CHOWN": START}),
    }
    trials = SimulatedTrials(services)
    plain = dict.fromkeys(services, PLAIN)
    guesses = {n: guess_of(frozenset(one.capabilities), []) for n, one in services.items()}
    searches = {name: search(guess, PLAIN) for name, guess in guesses.items()}
    budget = Budget(7)
    found = searched(trials, searches, plain, budget)
    assert trials.starts == 1
    retreats = {n: retreat(one, guesses[n]) for n, one in found.items() if one is not None}
    proved = together(trials, retreats, plain, {"app": frozenset(("db",))}, budget)
    assert trials.starts == 2
    for name, one in services.items():
        last = proved[name]
        assert last is not None
        assert last.hardening.capabilities == frozenset(one.capabilities)


def test_what_only_old_data_shows_is_taken_back_and_said() -> None:
    guess = guess_of(frozenset(("FOWNER",)), [])
    _found, proved, starts = solved(Service({"FOWNER": OLD_DATA}), guess)
    assert proved is not None
    assert proved.hardening == guess.hardening
    assert "chmod" in proved.why
    assert starts == 4


def test_what_the_image_suggests_is_needed_if_something_fails_without_it() -> None:
    guess = Guess(
        guess_of(frozenset(("NET_RAW", "SETUID")), []).hardening,
        DEFAULT_CAPABILITIES,
        {"NET_RAW": "`ping` has it", "SETUID": "`cron` runs"},
    )
    found, _proved, _starts = solved(Service({"NET_RAW": START, "SETUID": "never"}), guess)
    assert found is not None
    assert found.needed.keys() == {"NET_RAW"}
    assert found.hardening.capabilities == frozenset(("NET_RAW", "SETUID"))


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("SETGID", "unable to setgid: Operation not permitted"),
        ("CHOWN", "chown of a.log: Operation not permitted"),
        ("KILL", "cannot overwrite the pid file: Permission denied"),
    ],
)
def test_a_reason_is_the_line_about_the_capability(name: str, line: str) -> None:
    words = (
        "chown of a.log: Operation not permitted",
        "unable to setgid: Operation not permitted",
        "cannot overwrite the pid file: Permission denied",
        "ready in 17 s",
        "bye",
    )
    plain = Observation(running=True, words=("ready in 4 s",))
    ended = Observation(running=False, exit_code=1, words=words)
    found = differences({START: plain}, {START: ended})
    assert reasons({name: found}) == {name: f"it ends with code 1: {line}"}
