"""Whether a script can go on after a command has failed, as real shells decide it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from tests.commands.shell_runs import SHELLS, Runner, has_shells, is_exact, shell_scripts

from tightship.commands import compound_flow, shell_states
from tightship.commands.calls import ScriptRun, calls
from tightship.commands.control_flow import Effect, Flow
from tightship.commands.shell_states import ShellOptions
from tightship.syntax.shell.read import read
from tightship.syntax.shell.text import Text
from tightship.text import Source

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.commands.shell_runs import Ran

    from tightship.syntax.shell.nodes import Command, Simple

Words = tuple[str, ...]
SETTINGS = settings(
    deadline=None,
    suppress_health_check=(
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.filter_too_much,
        HealthCheck.large_base_example,
        HealthCheck.function_scoped_fixture,
    ),
)


def run_of(value: str, words: Words) -> ScriptRun:
    script = read(Text(Source("x", value), [(value, 0, len(value))]))
    assert script.problem is None, value
    return ScriptRun(script, words, list(calls(script)))


def can_go_on(run: ScriptRun, command: Command) -> bool | None:
    """Return whether a script can succeed after one of its commands has failed.

    ``None`` is unknown.
    """
    flow = Flow({id(command): Effect(failure=(0, 1))}, run.calls)
    flow.run(run.script, ShellOptions.of(run.words))
    return True if flow.facts else None if flow.unsure_facts else False


def named(run: ScriptRun, name: str) -> Simple | None:
    found = (c for c in run.calls if c.program and c.program.word.raw == name)
    return next((c.command for c in found), None)


def answer(value: str, words: Words = ("sh", "-c")) -> bool | None:
    """Return the model's answer: can the script succeed after `check` has failed?"""
    run = run_of(value, words)
    check = named(run, "check")
    assert check is not None
    return can_go_on(run, check)


def contradiction(value: str, words: Words, ran: Ran) -> str:
    """Return how the shells contradict the model, if they do."""
    run = run_of(value, words)
    use = named(run, "use")
    flow = Flow({id(named(run, "check")): Effect(failure=(0, 1))}, run.calls)
    flow.run(run.script, ShellOptions.of(words))
    is_known = bool(flow.facts) or not flow.unsure_facts
    used = bool(use is not None and flow.reached.get(id(use)))
    if ran.succeeded and not flow.facts and is_known:
        return "it succeeds"
    if is_exact(value) and flow.facts and not ran.succeeded:
        return "it does not succeed"
    if " | " in value:  # the commands of a pipe run in no order
        return ""
    if ran.used and not used and is_known:
        return "it runs `use`"
    if is_exact(value) and used and not ran.used:
        return "it does not run `use`"
    return ""


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Runner:
    if not has_shells():
        pytest.skip("bash or dash is not installed")
    return Runner(tmp_path_factory.mktemp("shells"))


# One script for each decision, for chance may leave one out.
SCRIPTS = (
    "check\nuse",
    "check | true\nuse",
    "true | check | : x",
    "! check",
    "if check; then exit 1; fi; use",
    "( exit 1; check )\ncheck",
    "( check; true ) && use",
    "x=$(check; true); use",
    "set -e; check; use",
    "set +e; check; use",
    "check || exit 1; use",
    "f() { check; use; }; f && use",
    "check &\nwait; use",
)


@pytest.mark.parametrize("words", SHELLS)
@pytest.mark.parametrize("value", SCRIPTS)
def test_bash_and_dash_agree_about_each_decision(runner: Runner, value: str, words: Words) -> None:
    assert contradiction(value, words, runner.run(value, words)) == ""


@given(shell_scripts(), st.sampled_from(sorted(SHELLS)))
@SETTINGS
def test_bash_and_dash_agree_with_the_answer(runner: Runner, value: str, words: Words) -> None:
    assert contradiction(value, words, runner.run(value, words)) == ""


def _keep(states: shell_states.States) -> shell_states.States:
    return states


def _no_subshell(
    self: object,
    states: shell_states.States,
    walk: Callable[[shell_states.States], shell_states.States],
) -> shell_states.States:
    del self
    return walk(states)


_COMMANDS = compound_flow.CompoundFlow.commands


def _never_tested(self: Any, body: Any, states: Any, *, tested: bool) -> Any:
    del tested
    return _COMMANDS(self, body, states, tested=False)


def _nothing_ends(*_given: object) -> bool:
    return False


def _fails(states: shell_states.States) -> shell_states.States:
    return shell_states.with_result(states, succeeded=False)


def _takes_nothing(*_given: object) -> None:
    return


def _goes_on(states: object, _how: object) -> object:
    return states


# Decisions of the model, each with a wrong one in its place.
MUTATIONS: dict[str, tuple[object, str, object]] = {
    "errexit ends nothing": (compound_flow, "_ends_shell", _nothing_ends),
    "errexit ends also what is tested": (compound_flow.CompoundFlow, "commands", _never_tested),
    "pipefail is always set": (shell_states, "after_pipe", _fails),
    "pipefail is never set": (shell_states, "after_pipe", _keep),
    "`!` changes nothing": (shell_states, "negated", _keep),
    "a subshell ends its shell": (compound_flow.CompoundFlow, "subshell", _no_subshell),
    "bash passes errexit to substitutions": (shell_states, "without_errexit", _keep),
    "`set` sets nothing": (ShellOptions, "take", _takes_nothing),
    "`exit` goes on": (shell_states, "ended", _goes_on),
}


@pytest.fixture(scope="module")
def recorded(runner: Runner) -> list[tuple[str, Words, Ran]]:
    """Return scripts with what the shells do with them."""
    found = [(v, words, runner.run(v, words)) for v in SCRIPTS for words in SHELLS]

    @given(shell_scripts(), st.sampled_from(sorted(SHELLS)))
    @settings(SETTINGS, max_examples=100, database=None, derandomize=True)
    def record(value: str, words: Words) -> None:
        found.append((value, words, runner.run(value, words)))

    record()
    return found


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", MUTATIONS)
def test_the_shells_contradict_a_broken_model(
    name: str, recorded: list[tuple[str, Words, Ran]], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not any(contradiction(*one) for one in recorded)
    owner, attribute, wrong = MUTATIONS[name]
    monkeypatch.setattr(owner, attribute, wrong)
    assert any(contradiction(*one) for one in recorded)


@pytest.mark.parametrize(
    ("value", "goes_on"),
    [
        ("check", False),
        ("check; ls", True),
        ("check && ls", False),
        ("check || true", True),
        ("check || exit 1; ls", False),
        ("check | tee log", True),
        ("set -o pipefail; check | tee log", False),
        ("set -e; check; ls", False),
        ("set -e; check && ls; ls", True),
        ("set -e; trap 'rm x' EXIT; check; ls", False),
        ("set -e; exec sh -c 'check; ls'", True),
        ("exec check; ls", False),
        ("check & ls", True),
        ("check; case $? in 0) ls;; *) exit 1;; esac", True),
        ("su app -c 'check; ls'", True),
        ("su app -c check", False),
        # What decides is unknown.
        ("if ls; then check || return; fi; exit 0", None),
        ("trap 'exit 0' EXIT; check", None),
        (". ./options; check; ls", None),
        ("eval $x; check; ls", None),
        ("set $x; check; ls", None),
        ("check; s=$?; if [ $s != 0 ]; then exit 1; fi; ls", None),
        ("check; ls )", None),
        # But what follows cannot help after this.
        (". ./options; check && ls", False),
    ],
)
def test_the_deciding_command_is_found(value: str, goes_on: bool | None) -> None:
    if value.endswith(")"):
        script = read(Text(Source("x", value), [(value, 0, len(value))]))
        run = ScriptRun(script, ("sh", "-c"), list(calls(script)))
        assert can_go_on(run, run.calls[0].command) is goes_on
        return
    assert answer(value) is goes_on


def test_an_unknown_shell_leaves_it_unknown() -> None:
    assert answer("check; ls", ("${SHELL}", "-c")) is None
    assert answer("check && ls", ("${SHELL}", "-c")) is False


@pytest.mark.parametrize(
    "value",
    [
        "f() { f; f; }; check; f",
        "trap 'exit 0' EXIT; check",
        "check; " + "ls; " * 40_000,
        "check; " + "( " * 35 + "ls" + " )" * 35,
        "".join(f"f{n}() {{ f{n - 1}; f{n - 1}; }}; " for n in range(1, 40)) + "check; f39",
    ],
)
def test_an_overlong_script_is_unknown(value: str) -> None:
    assert answer(value) in (None, True)
