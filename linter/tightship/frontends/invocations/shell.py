"""The invocations of Compose and engines in a shell script, with the values that it gives them.

Nothing is run. The script is followed from its start to its end: assignments, arrays, `cd`,
functions with their arguments, loops over words, and sourced files. All branches are
followed, and a value is unknown where only a run can give it.
"""

from __future__ import annotations

from tightship.frontends.invocations.expansion import BREAK, UNSET, Expansion, State, spread
from tightship.frontends.invocations.found import ARGUMENTS
from tightship.frontends.invocations.words import invocation_in, split, with_program
from tightship.lazy import regex
from tightship.syntax.shell.nodes import Compound, Simple
from tightship.syntax.shell.read import read
from tightship.syntax.shell.text import UNKNOWN, Text, substituted
from tightship.text import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tightship.frontends.invocations.expansion import Values
    from tightship.frontends.invocations.found import Found
    from tightship.frontends.invocations.origin import Origin
    from tightship.syntax.shell.nodes import Assignment, Command, List, Node, Pipeline

_MOST_COMMANDS = 5_000
_MOST_VARIABLES = 300
_MOST_ROUNDS = 30
_DEEPEST = 5
_CONTROLS = regex(r"[\x02-\x08\x0b-\x1f]")
_DECLARES = frozenset(("export", "declare", "typeset", "local", "readonly"))
_ASSIGNS = regex(r"([A-Za-z_][A-Za-z0-9_]*+)\+?=")
_TESTS = frozenset(("[", "]", "test"))
_EXISTS = frozenset(("-f", "-e", "-r", "-s"))
_INNER = regex(r"compose\s|stack deploy\s|COMPOSE_FILE=")
_BUILDS = regex(r"(?:docker|podman|nerdctl|buildah|executor)\s")


class Shell(Expansion):
    """A shell that follows scripts of one origin; ``found`` are the commands of interest."""

    def __init__(self, origin: Origin, variables: dict[str, Values] | None = None) -> None:
        super().__init__(origin)
        self.found = list["Found"]()
        self.state = State(variables or {}, origin.bases)
        self._functions = dict[str, Compound]()
        self._called = set[str]()
        self._commands = 0
        self._depth = 0
        self._sourced = {origin.name}
        self._fixed_line = 0
        self._lines = dict[str, int]()

    def run(self, text: Text, state: State | None = None) -> None:
        """Follow a script."""
        if not self.origin.tree.spend():
            return
        script = text.value
        if _CONTROLS.search(script):
            parts = substituted(_CONTROLS.finditer(script), 0, len(script), lambda _: " ")
            text = text.replaced(0, len(script), parts)
        self.note_names(script)
        self._list(read(text).body, state or self.state)

    def finish(self) -> list[Found]:
        """Return all commands, with those of functions and settings that nothing uses."""
        for name in [*self._functions]:
            if name not in self._called:
                self._list_of(self._functions[name], self.state.copy())
        separator = _first(self.state.variables.get("COMPOSE_PATH_SEPARATOR", UNSET))
        for name, values in self.state.variables.items():
            if name in self.used or name not in self._lines:
                continue
            for value in values:
                words = " ".join(value).split()
                if name == "COMPOSE_FILE" and words:
                    self.found += self.origin.setting(value[0], separator, self._lines[name])
                else:  # options that another script takes
                    self.invoke(with_program(words), self._lines[name])
        return self.found

    def commands_in(self, body: List, state: State) -> None:
        """Follow the commands of a substitution."""
        self._list(body, state)

    def function(self, name: str) -> Compound | None:
        """Return a function of the script."""
        return self._functions.get(name)

    def _list(self, body: List, state: State) -> None:
        other: State | None = None  # after a command that decides whether the next one runs
        for pipeline, operator in body.items:
            for command in pipeline.commands:
                own = state if len(pipeline.commands) == 1 else state.copy()
                self._command(command, own)
            if operator not in ("&&", "||"):
                state.join(other)
                other = None
            elif operator == "&&" and self._is_true(pipeline, state):
                continue
            elif other is None:
                other = state.copy()
            else:
                other.join(state)
        state.join(other)

    def _command(self, command: Command, state: State) -> None:
        self._commands += 1
        if self._commands > _MOST_COMMANDS:
            self.origin.leave(f"has more than {_MOST_COMMANDS:,} commands to follow")
            return
        if not self.origin.tree.spend() or not self.deeper():
            return
        if isinstance(command, Simple):
            self._simple(command, state)
        else:
            self._compound(command, state)
        self.nested -= 1
        for redirection in command.redirections:
            if redirection.body is not None:
                for text in self.ways(redirection.body.parts, state, quoted=True):
                    self._inner(text, state, redirection)

    def _compound(self, command: Compound, state: State) -> None:
        kind = command.kind
        if kind == "function":
            if command.words and command.words[0].value:
                self._functions[command.words[0].value] = command
        elif kind == "(":
            self._list_of(command, state.copy())
        elif kind in ("if", "case"):
            self._branches(command, state)
        elif kind in ("for", "select", "while", "until"):
            self._loop(command, state)
        else:
            self._list_of(command, state)

    def _list_of(self, command: Compound, state: State) -> None:
        for body in command.bodies:
            self._list(body, state)

    def _branches(self, command: Compound, state: State) -> None:
        ends, conditions = list[State](), command.conditions
        for number, body in enumerate(command.bodies):
            if number < len(conditions):
                self._list(conditions[number], state)
            end = state.copy()
            self._list(body, end)
            ends.append(end)
            tests = conditions[number].items if number < len(conditions) else ()
            if len(tests) == 1 and self._is_true(tests[0][0], state):
                break
        else:
            is_complete = len(command.bodies) > len(conditions) > 0 or any(
                word.value == "*" for word in command.words[1:]
            )
            ends += [] if is_complete and ends else [state.copy()]
        state.become(ends)

    def _is_true(self, pipeline: Pipeline, state: State) -> bool:
        """Return whether a command succeeds for sure: an assignment, or a test of a file."""
        if len(pipeline.commands) != 1 or pipeline.negated:
            return False
        command = pipeline.commands[0]
        if isinstance(command, Simple) and not command.words:
            return True
        if not isinstance(command, Simple) and command.kind != "[[":
            return False
        words = [one for one in self.words(command.words, state)[0] if one not in _TESTS]
        return len(words) == 2 and words[0] in _EXISTS and self.file(words[1], state) is not None

    def _loop(self, command: Compound, state: State) -> None:
        for condition in command.conditions:
            self._list(condition, state)
        items = [UNKNOWN]
        name = command.words[0].value if command.words else None
        if command.kind == "for" and name and len(command.words) > 1:
            ways = self.words(command.words[1:], state)
            items = [one for way in ways for word in way for one in self.globbed(word, state)]
        is_exact = len(items) <= _MOST_ROUNDS and not {UNKNOWN, ARGUMENTS}.intersection(items)
        rounds = state.copy()
        for item in items[:_MOST_ROUNDS] if is_exact else [UNKNOWN]:
            if name:
                rounds.variables[name] = ((item,),)
            self._list_of(command, rounds)
        rounds.is_over = state.is_over
        state.become([rounds] if is_exact else [rounds, state])

    def _simple(self, command: Simple, state: State) -> None:
        if not command.words:
            for one in command.assignments:
                self._assign(one, state)
            return
        own = state
        if command.assignments and command.words[0].value not in _DECLARES:
            own = state.copy()
        for one in command.assignments:
            self._assign(one, own)
        ways = self.words(command.words, own)
        ends = [own if len(ways) == 1 else own.copy() for _ in ways]
        for words, end in zip(ways, ends, strict=True):
            if words:
                self._words(words, command, end)
        own.become(ends)

    def _words(self, words: list[str], command: Simple, state: State) -> None:
        """Follow one form of a command."""
        if self._builtin(words, command, state):
            return
        if words[0] == "echo" and command.redirections:  # to a file of variables
            for word in words[1:]:
                self._declare(word, command, state)
            return
        self.invoke(words, self._line_of(command), state)
        for word in words[1:] if words[0] != "eval" else [" ".join(words[1:])]:
            script = word.partition("=")[2] if words[0] == "alias" else word
            self._inner(script, state, command)

    def _builtin(self, words: list[str], command: Simple, state: State) -> bool:
        """Follow a command of the shell, or a function; return whether it was one."""
        name, operands = words[0], [one for one in words[1:] if one[:1] != "-"]
        if name in ("cd", "pushd"):
            state.enter(self.origin.tree, operands[0] if operands else UNKNOWN)
        elif name == "popd":
            state.folders = self.origin.bases
        elif name in _DECLARES:
            for word in operands:
                self._declare(word, command, state)
        elif name in ("exit", "return"):
            state.is_over = True
        elif name == "set" and "--" in words:
            state.variables["@"] = (tuple(words[words.index("--") + 1 :]),)
        elif name == "shift":
            state.variables["@"] = tuple(one[1:] for one in state.variables.get("@", UNSET))
        elif name == "unset":
            state.variables.update(dict.fromkeys(operands, UNSET))
        elif name == "read":
            state.variables.update(dict.fromkeys(operands, ((UNKNOWN,),)))
        elif name in (".", "source"):
            self._source(operands[0] if operands else "", self._line_of(command), state)
        elif name in self._functions:
            self._call(name, words[1:], state)
        else:
            return False
        return True

    def _call(self, name: str, arguments: Sequence[str], state: State) -> None:
        self._called.add(name)
        if self._depth >= _DEEPEST:
            return
        before = state.variables.get("@")
        state.variables["@"] = (tuple(arguments),)
        self._depth += 1
        self._list_of(self._functions[name], state)
        self._depth -= 1
        state.is_over = False
        if before is None:
            del state.variables["@"]
        else:
            state.variables["@"] = before

    def _source(self, path: str, line: int, state: State) -> None:
        """Follow another script in the same shell, once."""
        name = self.file(path, state)
        if name is None or name in self._sourced or self._depth >= _DEEPEST:
            return
        self._sourced.add(name)
        script = self.origin.included(name, is_script=True)
        self._depth += 1
        before, self._fixed_line = self._fixed_line, line
        self.run(whole_of(Source(name, script)), state)
        self._fixed_line = before
        self._depth -= 1

    def _inner(self, text: str, state: State, node: Node) -> None:
        """Follow a word that is a script itself, as that of ``sh -c`` or ``echo``."""
        is_likely = _INNER.search(text) or (self.origin.has_calls and _BUILDS.search(text))
        if self._depth < _DEEPEST and is_likely:
            self._depth += 1
            before, self._fixed_line = self._fixed_line, self._line_of(node)
            self.run(whole_of(Source("", text.replace(BREAK, " "))), state.copy())
            self._fixed_line = before
            self._depth -= 1

    def _assign(self, given: Assignment, state: State) -> None:
        values: Values
        before = state.variables.get(given.name, UNSET) if given.operator == "+=" else UNSET
        if given.value is None:  # an array
            added = self.words(given.items, state)
            values = tuple((*old, *new) for old in before for new in added)
        else:
            texts = self.ways(given.value.parts, state, quoted=True)
            texts = [one.replace(BREAK, " ") for one in texts]
            values = tuple(("".join(old) + new,) for old in before for new in texts)
        self._set(given.name, values, state, given)

    def _declare(self, word: str, command: Simple, state: State) -> None:
        found = _ASSIGNS.match(word)
        if found is not None:
            self._set(found[1], ((word[found.end() :],),), state, command)

    def _set(self, name: str, values: Values, state: State, node: Node) -> None:
        self._lines[name] = self._line_of(node)
        if len(state.variables) < _MOST_VARIABLES or name in state.variables:
            state.variables[name] = spread([values], (UNKNOWN,))
        else:
            self.origin.leave(f"has more than {_MOST_VARIABLES:,} variables")

    def invoke(self, words: list[str], line: int, state: State | None = None) -> None:
        """Keep the invocation of Compose or an engine in the words of a command, if any."""
        found, state = invocation_in(words), state or self.state
        if found is None:
            self.found += self.origin.calls(words, line, state.folders)
            return
        listed = state.variables.get("COMPOSE_FILE", UNSET)
        self.used.add("COMPOSE_FILE")
        if found.files or found.is_stack or listed == UNSET:
            self.found += self.origin.chains(words, found, line, state.folders)
            return
        separator = _first(state.variables.get("COMPOSE_PATH_SEPARATOR", UNSET))
        for value in listed:
            files = split(value[0], separator) if value and value[0] else []
            one = found.replaced(options=found.options | {"files": files})
            words = [f"COMPOSE_FILE={value[0]}", *words] if files else words
            self.found += self.origin.chains(words, one, line, state.folders)

    def _line_of(self, node: Node) -> int:
        if self._fixed_line:
            return self._fixed_line
        span = node.span
        return span.source.point(span.start)[0] + 1


def chains_of(origin: Origin, text: Text) -> list[Found]:
    """Return the commands of a script of its own."""
    shell = Shell(origin)
    shell.run(text)
    return shell.finish()


def whole_of(source: Source) -> Text:
    """Return all of a text."""
    return Text(source, [(source.text, 0, len(source.text))])


def _first(values: Values) -> str:
    return next((value[0] for value in values if value), "")
