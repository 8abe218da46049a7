"""The user of the program that an entrypoint leaves running.

Only the program that stays counts: the one that ``exec`` starts, or the last one. It is
another user only if every way through the entrypoint ends with one.
"""

from __future__ import annotations

from tightship.commands.program import is_wrapper
from tightship.isolation.accounts import could_switch_user, switches_user
from tightship.lazy import TYPE_CHECKING, regex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from tightship.commands.calls import Call, ScriptRun
    from tightship.commands.control_flow import Effect, Flow
    from tightship.syntax.shell.nodes import Command, Script

# Facts: the last program that stays is root's, or another user's; the arguments of the
# script are a command that root runs, or another user.
_ROOT, _OTHER, _MAYBE, _ARGUMENTS, _OTHER_ARGUMENTS = 1, 2, 4, 8, 16
_ANY = _ROOT | _OTHER | _MAYBE

_IS_ROOT = regex(
    r"[\s\"(]*(?:\$\(\s*id -u\s*\)|`id -u`|\$\{?E?UID\}?|E?UID)\"?\s*"
    r"(===?|=|==|-eq|!=|-ne|-gt)\s*[\"']?0[\"']?[\s)]*"
)
_IS_FIRST = regex(r"\s*\"?\$\{?1\}?\"?\s*(=|==|!=)\s*[\"']?([A-Za-z0-9_./-]+)[\"']?\s*")
_BRACKETS = regex(r"(?s)(?:\[\[|\[|\(\(|test\b)(.*?)(?:\]\]|\]|\)\))?\s*")
_AND = regex(r"\s-a\s|&&")
_OR = regex(r"\s-o\s|\|\|")
_ARGUMENTS_WORD = ("$@", "$*", "${@}")
_LONGEST_TEST = 300


def goes_on_as_another(
    run: ScriptRun,
    started: Mapping[int, Script],
    calls: Sequence[Call],
    arguments: Sequence[Call],
    passive: Callable[[Call], bool],
) -> bool | None:
    """Return whether a script that root starts always leaves another user's program.

    ``None`` is undecided: only some of the ways do so.

    Args:
        run: the script.
        started: the scripts of the project that commands start, by their ``id``.
        calls: all commands, those of these scripts included.
        arguments: the command that the script gets as its arguments.
        passive: whether a command ends before the one that stays.

    """
    # Few entrypoints name a program that switches the user.
    from tightship.commands.control_flow import Flow
    from tightship.commands.shell_states import ShellOptions

    effects = _effects(calls, started, passive)
    flow = Flow(effects, calls, _known(calls, arguments))
    for call in calls:
        script = started.get(id(call.command))
        if script is not None and call.program is not None:
            kind = "eval" if call.program.name in (".", "source") else "shell"
            flow.inner[id(call.command)] = kind, script
    by_other = any(switches_user(call) for call in arguments)
    flow.facts = _ROOT | (_OTHER_ARGUMENTS if by_other else _ARGUMENTS)
    flow.run(run.script, ShellOptions.of(run.words))
    ends = _ends(flow, calls)
    if not ends & _ANY or ends & _MAYBE:
        return None
    if not ends & _ROOT:
        return True
    return None if ends & _OTHER else False


def _ends(flow: Flow, calls: Sequence[Call]) -> int:
    """Return whose programs the ways through a script end with."""
    ends = flow.facts | flow.unsure_facts
    for call in calls:
        if _runs_arguments(call):
            key = id(call.command)
            facts = flow.reached.get(key, 0) | flow.unsurely_reached.get(key, 0)
            ends |= _ROOT if facts & _ARGUMENTS else 0
            ends |= _OTHER if facts & _OTHER_ARGUMENTS else 0
    return ends


def _effects(
    calls: Sequence[Call], started: Mapping[int, Script], passive: Callable[[Call], bool]
) -> dict[int, Effect]:
    from tightship.commands.control_flow import Effect

    effects: dict[int, Effect] = {}
    meanwhile = False
    holding = {*started, *_holders(calls)}
    for call in calls:
        change: tuple[int, int] | None = None
        program = call.program
        if is_within_switch(call):
            continue
        if program is not None and program.name == "set" and _sets_arguments(call):
            change = (_ARGUMENTS, _OTHER_ARGUMENTS) if sets_switch(call) else None
        elif program is not None and program.name == "wait" and meanwhile:
            change = _ANY, _OTHER
        elif switches_user(call):
            meanwhile |= _is_in_background(call)
            change = _ANY, _OTHER
        elif could_switch_user(call):
            change = _ANY, _MAYBE
        elif _runs_arguments(call):
            change = _ANY, 0
        elif not passive(call) and id(call.command) not in holding and call.command.words:
            change = _ANY, _ROOT
        if change is not None:
            effects[id(call.command)] = Effect(change, change)
    return effects


def _holders(calls: Sequence[Call]) -> Iterator[int]:
    """Yield the ``id`` of each command whose words are a script."""
    for call in calls:
        place = call.nesting
        while place.outer is not None:
            if place.call is not None and place.kind != "substitution":
                yield id(place.call.command)
            place = place.outer


def is_within_switch(call: Call) -> bool:
    """Return whether a command is in a script that another user runs."""
    place = call.nesting
    while place.outer is not None:
        if place.kind == "substitution":
            return True
        if place.call is not None and switches_user(place.call):
            return True
        place = place.outer
    return False


def _is_in_background(call: Call) -> bool:
    after = call.command.text.value[call.pipeline.end : call.pipeline.end + 20].lstrip()
    return after.startswith("&") and not after.startswith("&&")


def _runs_arguments(call: Call) -> bool:
    """Return whether a command is the arguments of the script, as ``exec "$@"``."""
    words = call.command.words
    if not any(word.raw.strip('"') in _ARGUMENTS_WORD for word in words):
        return False
    program = call.program
    return program is None or (is_wrapper(program.name) and not switches_user(call))


def _sets_arguments(call: Call) -> bool:
    return any(word.value == "--" for word in call.command.words)


def sets_switch(call: Call) -> bool:
    """Return whether ``set --`` puts a program such as ``gosu`` before the arguments."""
    from tightship.commands.calls import Call as Made
    from tightship.syntax.shell.nodes import Simple

    words = call.command.words
    place = next((n for n, word in enumerate(words) if word.value == "--"), None)
    if place is None:
        return False
    command = Simple(call.command.text, call.command.start, call.command.end)
    command.words = words[place + 1 :]
    return switches_user(Made(command, call.pipeline, call.position, call.nesting))


def _known(calls: Sequence[Call], arguments: Sequence[Call]) -> Callable[[Command], bool | None]:
    """Return what tells the result of a test on the user or on the first argument."""
    words = arguments[0].command.words if arguments else []
    changes = any(
        call.program is not None and call.program.name in ("set", "shift")
        and (call.program.name == "shift" or _sets_arguments(call))
        for call in calls
    )  # fmt: skip
    first = words[0].value if words and not changes else None

    def known(command: Command) -> bool | None:
        if command.end - command.start > _LONGEST_TEST:
            return None
        found = _BRACKETS.fullmatch(command.raw)
        if found is None or _OR.search(found[1]):
            return None
        results = [_result(part, first) for part in _AND.split(found[1])]
        if False in results:
            return False
        return None if None in results else True

    return known


def _result(part: str, first: str | None) -> bool | None:
    found = _IS_ROOT.fullmatch(part)
    if found is not None:
        return found[1] not in ("!=", "-ne", "-gt")
    found = _IS_FIRST.fullmatch(part)
    if found is None or first is None:
        return None
    return (found[2] == first) == (found[1] != "!=")
