"""The ways through the compound commands of a shell script."""

from __future__ import annotations

from tightship.commands import shell_states as ways
from tightship.syntax.shell.nodes import Simple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from tightship.commands.shell_states import State, States
    from tightship.syntax.shell.nodes import Command, Compound, List, Pipeline

_MOST_COMMANDS = 30_000
_DEEPEST = 60


class CompoundFlow:
    """Follows compound commands; a subclass follows simple ones.

    Each method gets the states before a part of a script, and returns those after it.
    """

    def __init__(self) -> None:
        self.functions: dict[str, List] = {}
        self.checked = 0
        self.left = _MOST_COMMANDS
        self.depth = 0

    def simple(self, command: Simple, states: States, *, tested: bool) -> States:
        """Follow a simple command."""
        raise NotImplementedError

    def test(self, command: Command, states: States) -> States:
        """Follow ``[``, ``[[`` or ``((``."""
        raise NotImplementedError

    def expanded(self, command: Command, states: States) -> States:
        """Follow the substitutions in the words of a command."""
        raise NotImplementedError

    def doubted(self, command: Command, states: States) -> States:
        """Return states after a question about a variable that may tell a result."""
        raise NotImplementedError

    def commands(self, body: List, states: States, *, tested: bool) -> States:
        """Follow a list. If it is ``tested``, failures in it do not end the shell."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise ways.UnknownWaysError
        chain: list[Pipeline] = []
        operators: list[str] = []
        for pipeline, operator in body.items:
            chain.append(pipeline)
            operators.append(operator)
            if operator in ("&&", "||"):
                continue
            if operator == "&":
                states = self._in_background(chain, operators, states)
            else:
                states = self._and_or(chain, operators, states, tested=tested)
            chain, operators = [], []
        self.depth -= 1
        return states

    def _and_or(
        self, chain: list[Pipeline], operators: list[str], states: States, *, tested: bool
    ) -> States:
        """Follow what ``&&`` and ``||`` join: only the last of it can end the shell."""
        last = len(chain) - 1
        for place, pipeline in enumerate(chain):
            going = states
            skipping: dict[State, int] = {}
            if place:
                going, skipping = ways.by_result(states)
                if operators[place - 1] == "||":
                    going, skipping = skipping, going
            before, self.checked = self.checked, 0
            going = self._pipeline(pipeline, going, tested=tested or place < last)
            states = ways.joined(ways.without(skipping, self.checked), going)
            self.checked |= before
        return states

    def _in_background(self, chain: list[Pipeline], operators: list[str], states: States) -> States:
        """Follow what runs meanwhile: it may be done at once or never."""
        going, over = ways.split(states)
        done = self.subshell(going, lambda s: self._and_or(chain, operators, s, tested=False))
        going = ways.with_result(ways.joined(going, done), succeeded=True)
        return ways.joined(over, going)

    def _pipeline(self, pipeline: Pipeline, states: States, *, tested: bool) -> States:
        is_tested = tested or pipeline.negated
        commands = pipeline.commands
        going, over = ways.split(states)
        exits = True
        if len(commands) == 1:
            going = self._command(commands[0], going, tested=is_tested)
            exits = _ends_shell(commands[0])
        else:
            going = self._piped(commands, going, tested=is_tested)
        if pipeline.negated:
            going = ways.negated(going)
        elif exits and not tested:
            going = ways.ended_by_errexit(going)
        return ways.joined(over, going)

    def _piped(self, commands: list[Command], states: States, *, tested: bool) -> States:
        """Follow the commands of a pipe; each runs in its own subshell."""
        made: States = {}
        for before, well in zip((True, False), ways.by_result(states), strict=True):
            badly: States = {}
            for command in commands:
                well, failed = ways.by_result(self._member(command, well, tested=tested))
                badly = ways.joined(self._member(command, badly, tested=tested), failed)
                if command is not commands[-1]:
                    # Each begins with the result of what was before the pipe.
                    well = ways.with_result(well, succeeded=before)
                    badly = ways.with_result(badly, succeeded=before)
            # `badly` may end with a success, which decides without pipefail.
            ways.merge(made, ways.joined(well, ways.after_pipe(badly)))
        return made

    def _member(self, command: Command, states: States, *, tested: bool) -> States:
        return self.subshell(states, lambda s: self._command(command, s, tested=tested))

    def subshell(self, states: States, walk: Callable[[States], States]) -> States:
        """Follow a subshell: it keeps its end and its options to itself."""
        made: States = {}
        functions = self.functions
        for key, facts in states.items():
            self.functions = dict(functions)
            for after, found in walk({key: facts}).items():
                state = ("", after[1], key[2], key[3], after[4])
                ways.add(made, state, found)
        self.functions = functions
        return made

    def _command(self, command: Command, states: States, *, tested: bool) -> States:
        self.left -= 1
        if self.left < 0:
            raise ways.UnknownWaysError
        if not states:
            return states
        if isinstance(command, Simple):
            return self.simple(command, states, tested=tested)
        match command.kind:
            case "if":
                return self._if(command, states, tested=tested)
            case "case":
                return self._case(command, states, tested=tested)
            case "while" | "until" | "for" | "select":
                return self._loop(command, states, tested=tested)
            case "(":
                return self.subshell(
                    states, lambda s: self.commands(command.bodies[0], s, tested=tested)
                )
            case "{":
                return self.commands(command.bodies[0], states, tested=tested)
            case "function":
                for word in command.words[:1]:
                    self.functions[word.raw] = command.bodies[0]
                return ways.with_result(states, succeeded=True)
            case _:
                return self.test(command, states)

    def _if(self, command: Compound, states: States, *, tested: bool) -> States:
        branches: list[tuple[States, int]] = []
        before, self.checked = self.checked, 0
        known = 0
        for condition, body in zip(command.conditions, command.bodies, strict=False):
            states = self.commands(condition, states, tested=True)
            in_conditions = self.checked
            known |= ways.facts(states)
            going, over = ways.split(states)
            going, states = ways.by_result(going)
            taken = ways.joined(over, self.commands(body, going, tested=tested))
            branches.append((taken, self.checked))
            self.checked = in_conditions
        if len(command.bodies) > len(command.conditions):
            states = self.commands(command.bodies[-1], states, tested=tested)
        else:
            states = ways.with_result(states, succeeded=True)
        branches.append((states, self.checked))
        return self._meeting(branches, before, known)

    def _case(self, command: Compound, states: States, *, tested: bool) -> States:
        branches: list[tuple[States, int]] = []
        before = self.checked
        states = self.expanded(command, self.doubted(command, states))
        states = ways.with_result(states, succeeded=True)
        if ";&" in command.raw:  # bash goes on to the next commands
            states = ways.unsure(states)
        for body in command.bodies:
            self.checked = 0
            found = self.commands(body, states, tested=tested)
            branches.append((found, self.checked))
        if all(word.value != "*" for word in command.words[1:]):
            branches.append((states, 0))
        return self._meeting(branches, before, ways.facts(states))

    def _meeting(self, branches: list[tuple[States, int]], before: int, known: int) -> States:
        """Join branches.

        A fact from before them that one of them checks is unknown after the others.
        """
        every = 0
        for _, checked in branches:
            every |= checked
        made: States = {}
        for states, checked in branches:
            ways.merge(made, ways.without(states, known & every & ~checked))
        self.checked = before | every
        return made

    def _loop(self, command: Compound, states: States, *, tested: bool) -> States:
        """Follow a loop until another round brings nothing new."""
        before, self.checked = self.checked, 0
        condition = command.conditions[0] if command.conditions else None
        states = self.expanded(command, states)
        states = ways.with_result(states, succeeded=True)
        seen: States = {}
        left: States = {}
        none: States = {}  # the states after no round at all
        if condition is None and all(w.value is None for w in command.words[1:]):
            none = states
        waiting = states
        while waiting and command.bodies:
            ways.merge(seen, waiting)
            after: States = {}
            # A loop ends with the result of its last round.
            for result, now in zip((True, False), ways.by_result(waiting), strict=True):
                if condition is not None:
                    now, leaving = self._entering(command.kind, condition, now)
                    leaving = ways.with_result(leaving, succeeded=result)
                    ways.merge(none if waiting is states else left, leaving)
                ways.merge(after, self.commands(command.bodies[0], now, tested=tested))
            going, over = ways.split(after)
            for key, facts in over.items():
                if key[0] == "continue":
                    ways.add(going, ("", True, *key[2:]), facts)
                else:
                    how = "" if key[0] == "break" else key[0]
                    result = key[1] or key[0] == "break"
                    ways.add(left, (how, result, *key[2:]), facts)
            if condition is None:
                ways.merge(left, going)
            waiting = {k: v for k, v in going.items() if k not in seen or v & ~seen[k]}
        ways.merge(left, ways.without(none, self.checked))
        self.checked |= before
        return left

    def _entering(self, kind: str, condition: List, states: States) -> tuple[States, States]:
        """Return the states that enter a loop's body, and those that leave the loop."""
        going, over = ways.split(self.commands(condition, states, tested=True))
        within, leaving = ways.by_result(going)
        if kind == "until":
            within, leaving = leaving, within
        return ways.joined(within, over), leaving


def _ends_shell(command: Command) -> bool:
    """Return whether errexit applies to the result of a command, and not only in it."""
    return isinstance(command, Simple) or command.kind in ("(", "((", "[[")
