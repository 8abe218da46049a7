"""The ways through a shell script, and whether one leads on from a failure.

Each command succeeds or fails, and every way that leads on from there is followed, by
the rules of POSIX sh (2.9 Shell Commands, ``set -e``) and of the Bash manual (The Set
Builtin, Pipelines). The tests compare the answers with what bash and dash do.

A way carries *facts*, which commands add and remove by success or by failure: "this
download is not verified". Ways that meet in the same state of the shell become one, so
the time grows with the script and not with the number of ways.
"""

from __future__ import annotations

from tightship.commands import shell_states as ways
from tightship.commands.compound_flow import CompoundFlow
from tightship.commands.program import programs
from tightship.commands.shell_builtins import BUILTINS, SUCCEEDING
from tightship.commands.shell_states import ShellOptions
from tightship.lazy import Record, regex
from tightship.syntax.shell.nodes import Arithmetic, Quoted, Simple, Substitution, Variable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from tightship.commands.calls import Call
    from tightship.commands.program import Program
    from tightship.commands.shell_states import States
    from tightship.syntax.shell.nodes import Command, Part, Script

_LONGEST_TEST = 2_000
_TESTS = frozenset(("[", "test"))
_TRANSPARENT = frozenset(("command", "builtin"))
_ON_STATUS = regex(
    r"(?:\[\[?|test|\(\()\s*\"?\$\{?\?\}?\"?\s*(-ne|-gt|!=|-eq|==?)\s*\"?0\"?"
    r"\s*(?:\]\]?|\)\))?\s*"
)
_NAME = regex(r"[A-Za-z_][A-Za-z0-9_]*+")
_IN_SHELL = frozenset(("shell", "eval", "input"))


class Effect(Record, frozen=False):
    """The facts that a command removes and adds, by its success and by its failure.

    ``checked`` are facts that the command is there to remove. After a way around the
    command, as by an ``if``, these are unknown, so they are removed there as well.
    """

    success: tuple[int, int] = (0, 0)
    failure: tuple[int, int] = (0, 0)
    checked: int = 0

    def add(self, success: tuple[int, int], failure: tuple[int, int], checked: int = 0) -> None:
        """Add another effect of the same command."""
        self.success = self.success[0] | success[0], self.success[1] | success[1]
        self.failure = self.failure[0] | failure[0], self.failure[1] | failure[1]
        self.checked |= checked


class Flow(CompoundFlow):
    """Follows scripts, one after the other, as the steps of a build.

    ``effects`` are by the ``id`` of a command. ``reached`` has the facts with which
    each command surely may start, by its ``id`` too, and ``unsurely_reached`` those with
    which it may where what decides is unknown. ``facts`` and ``unsure_facts`` are those
    with which the last script succeeds. ``inner`` are the scripts that commands run.
    """

    def __init__(
        self,
        effects: Mapping[int, Effect],
        calls: Iterable[Call],
        known: Callable[[Command], bool | None] | None = None,
    ) -> None:
        """Take the effects of commands; ``known`` has the results of some tests."""
        super().__init__()
        self.effects = effects
        self.reached: dict[int, int] = {}
        self.unsurely_reached: dict[int, int] = {}
        self.facts = 0
        self.unsure_facts = 0
        self.inner = _inner_scripts(calls)
        self._known = known
        self._told: set[str] = set()
        self._is_bash = False

    def run(self, script: Script, options: ShellOptions) -> None:
        """Follow one more script; it starts if the one before has succeeded."""
        states = ways.start(options, self.facts, self.unsure_facts)
        self.functions, self.depth = {}, 0
        self._told = set()
        self._is_bash = options.is_bash
        try:
            states = self.commands(script.body, states, tested=False)
        except ways.UnknownWaysError:
            self._give_up()
            return
        is_read = not (script.lost or script.problem)
        self.facts = self.unsure_facts = 0
        for (how, succeeded, _, _, sure), facts in states.items():
            # Outside of a function, `return` ends dash and fails in bash.
            if how == "return" or (succeeded and not (sure and is_read)):
                self.unsure_facts |= facts
            elif succeeded:
                self.facts |= facts

    def _give_up(self) -> None:
        self.left = 0
        self.unsure_facts |= self.facts
        self.facts = 0
        for effect in self.effects.values():
            self.unsure_facts |= effect.success[1] | effect.failure[1]

    def simple(self, command: Simple, states: States, *, tested: bool) -> States:
        """Follow a simple command, and note the facts with which it may start."""
        for key, facts in states.items():
            reached = self.reached if key[4] else self.unsurely_reached
            reached[id(command)] = reached.get(id(command), 0) | facts
        given = states
        states = self.expanded(command, states, tested=tested)
        if not command.words:
            self._note(command)
            if states is given:
                states = ways.with_result(states, succeeded=True)
            return self._affected(command, states)
        found = programs(command)
        while len(found) > 1 and found[0].name in _TRANSPARENT:
            found = found[1:]
        if not found:
            return self._affected(command, ways.with_either_result(states))
        states = self._program(command, found, states, tested=tested)
        if found[0].name == "exec" and len(command.words) > 1:
            return ways.ended(states, "exit")
        return states

    def _program(
        self, command: Simple, found: list[Program], states: States, *, tested: bool
    ) -> States:
        program = found[-1]
        name = program.word.value if len(found) == 1 else None
        if name is not None and name in self.functions:
            going = self.commands(self.functions[name], states, tested=tested)
            states = {}
            for key, facts in going.items():
                how = "" if key[0] == "return" else key[0]
                ways.add(states, (how, *key[1:]), facts)
            return states
        inner = self.inner.get(id(command))
        if inner is not None:
            states = self._script(program, *inner, states, tested=tested)
            return self._affected(command, states)
        if name in _TESTS:
            return self.test(command, states)
        if name is not None and name in BUILTINS:
            return self._affected(command, BUILTINS[name](program, states))
        if name in SUCCEEDING and id(command) not in self.effects:
            return ways.with_result(states, succeeded=True)
        return self._affected(command, ways.with_either_result(states))

    def _script(
        self, program: Program, kind: str, script: Script, states: States, *, tested: bool
    ) -> States:
        """Follow a script within the script, in this shell or in another one."""
        if script.lost or script.problem:
            states = ways.unsure(states)
        if kind == "eval":
            if any(word.value is None for word in program.words):
                states = ways.unsure(states)
            return self.commands(script.body, states, tested=tested)
        options = ShellOptions()
        if program.kind == "sh":
            words = (program.name, *(word.value for word in program.words))
            options = ShellOptions.of(words)
        outer = self._is_bash, self.functions
        self._is_bash, self.functions = options.is_bash, {}
        states = self.subshell(
            states,
            lambda s: self.commands(script.body, ways.with_options(s, options), tested=False),
        )
        self._is_bash, self.functions = outer
        return states

    def _substituted(self, part: Substitution, states: States, *, tested: bool) -> States:
        """Follow a command substitution.

        bash does not pass ``errexit`` on to it. dash does, even where the result is
        tested; bash as ``sh`` does, where it is not.
        """
        body = part.body

        def walk(begun: States) -> States:
            begun = ways.without_errexit(begun) if self._is_bash else begun
            return self.commands(body, begun, tested=tested)

        made = self.subshell(states, walk)
        if tested and not self._is_bash:
            strict = self.subshell(states, lambda s: self.commands(body, s, tested=False))
            made = ways.joined(made, strict)
        if part.opener in ("<(", ">("):
            return ways.with_result(made, succeeded=True)
        return made

    def expanded(self, command: Command, states: States, *, tested: bool = False) -> States:
        """Follow the substitutions of a command; the last one gives the result."""
        for part in _substitutions(command):
            states = self._substituted(part, states, tested=tested)
        return states

    def test(self, command: Command, states: States) -> States:
        """Follow ``[``, ``[[`` or ``((``; the result of one on ``$?`` is known."""
        if not isinstance(command, Simple):
            states = self.expanded(command, states)
        found = _ON_STATUS.fullmatch(command.raw)
        known = self._known(command) if self._known is not None else None
        if known is not None:
            states = ways.with_result(states, succeeded=known)
        elif found is None or id(command) in self.effects:
            states = ways.with_either_result(self.doubted(command, states))
        elif found[1] in ("-ne", "-gt", "!="):
            states = ways.negated(states)
        return self._affected(command, states)

    def _affected(self, command: Command, states: States) -> States:
        """Apply the effect of a command to the states after it."""
        effect = self.effects.get(id(command))
        if effect is None:
            return states
        self.checked |= effect.checked
        made: States = {}
        for key, facts in states.items():
            lost, gained = effect.success if key[1] else effect.failure
            ways.add(made, key, facts & ~lost | gained)
        return made

    def _note(self, command: Simple) -> None:
        """Note variables that may tell the result of a command before."""
        for one in command.assignments:
            value = one.value
            if value is None or value.value is not None or "$?" in value.raw:
                self._told.add(one.name)

    def doubted(self, command: Command, states: States) -> States:
        """Return states after a question about a variable that may tell a result."""
        names = _NAME.findall(command.raw[:_LONGEST_TEST]) if self._told else ()
        return states if self._told.isdisjoint(names) else ways.unsure(states)


def _inner_scripts(calls: Iterable[Call]) -> dict[int, tuple[str, Script]]:
    """Return the scripts that commands run, by the ``id`` of the command."""
    found: dict[int, tuple[str, Script]] = {}
    for call in calls:
        place = call.nesting
        while place.outer is not None:
            if place.kind in _IN_SHELL and place.call is not None:
                found[id(place.call.command)] = place.kind, place.script
                break
            place = place.outer
    return found


def _substitutions(command: Command) -> Iterator[Substitution]:
    """Yield the substitutions of a command in their order."""
    for assignment in command.assignments if isinstance(command, Simple) else ():
        for word in (assignment.value, *assignment.items):
            if word is not None and word.value is None:
                yield from _in_parts(word.parts)
    for word in command.words:
        if word.value is None:
            yield from _in_parts(word.parts)
    for redirection in command.redirections:
        for given in (redirection.target, redirection.body):
            if given is not None and given.value is None:
                yield from _in_parts(given.parts)


def _in_parts(parts: tuple[Part, ...]) -> Iterator[Substitution]:
    for part in parts:
        if isinstance(part, Substitution):
            yield part
        elif isinstance(part, (Quoted, Arithmetic)):
            yield from _in_parts(part.parts)
        elif isinstance(part, Variable) and part.argument is not None:
            yield from _in_parts(part.argument.parts)
