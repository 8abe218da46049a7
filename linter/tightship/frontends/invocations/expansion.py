"""The words of a command, with the values of variables and of simple substitutions.

A variable may have several values: each branch of the script gives it one. A value is a
list of words, as an array has; that of another variable is one word.
"""

from __future__ import annotations

import posixpath

from tightship.frontends.invocations.found import ARGUMENTS
from tightship.frontends.invocations.origin import resolved
from tightship.lazy import Record, regex
from tightship.syntax.shell.nodes import Compound, Literal, Quoted, Simple, Substitution, Variable
from tightship.syntax.shell.text import UNKNOWN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import TypeAlias, TypeVar

    from tightship.frontends.invocations.found import Repository
    from tightship.frontends.invocations.origin import Origin
    from tightship.syntax.shell.nodes import Command, List, Part, Word

    Value: TypeAlias = tuple[str, ...]
    Values: TypeAlias = tuple[Value, ...]
    T = TypeVar("T")

MOST_WAYS = 16
"""How many values of a variable, or forms of a command, are followed."""

LONGEST = 10_000
"""The length of the longest value, in characters."""

BREAK = "\x1f"
"""The character between the words that one word of a script becomes."""

UNSET: Values = ((),)

_DEEPEST = 60
_MOST_MATCHES = 30
_ASSIGNED = regex(r"(?<![\w$-])([A-Za-z_]\w*+)\+?=")
_BLANKS = regex(r"[ \t\n]+")
_POSITIONS = regex(r"[0-9@*]+")
_SCRIPT = frozenset(("0", "BASH_SOURCE"))
_FOLDER_OF = ("%/*", "%/*.*", "%\\/*")


class Expansion:
    """Expands words; a subclass follows the commands of substitutions.

    ``used`` are the names of the variables that the script has used.
    """

    def __init__(self, origin: Origin) -> None:
        self.origin = origin
        self.used = set[str]()
        self.nested = 0
        self._assigned = set[str]()

    def note_names(self, script: str) -> None:
        """Note the variables that a script sets somewhere: unset, they are empty."""
        self._assigned.update(_ASSIGNED.findall(script))

    def deeper(self) -> bool:
        """Go one level down, unless that is too deep; the caller comes back up."""
        if self.nested >= _DEEPEST:
            self.origin.leave("nests commands too deeply to follow them")
            return False
        self.nested += 1
        return True

    def commands_in(self, body: List, state: State) -> None:
        """Follow the commands of a substitution."""
        raise NotImplementedError

    def function(self, name: str) -> Compound | None:
        """Return a function of the script."""
        raise NotImplementedError

    def words(self, words: Sequence[Word], state: State) -> list[list[str]]:
        """Return each form of a list of words that a command may get."""
        known = [word.value for word in words if word.value is not None]
        if len(known) == len(words):
            return [[*filter(None, known)]]
        options = list[list[str]]()
        for word in words:
            ways = [word.value] if word.value is not None else self.ways(word.parts, state)
            options += ways, [BREAK]
        return [[one for one in way.split(BREAK) if one] for way in combined(options)]

    def ways(self, parts: Sequence[Part], state: State, *, quoted: bool = False) -> list[str]:
        """Return each text that parts of a word may become."""
        if not self.deeper():
            return [UNKNOWN]
        found = combined(self._part(part, state, quoted=quoted) for part in parts)
        self.nested -= 1
        return found

    def _part(self, part: Part, state: State, *, quoted: bool) -> list[str]:
        if isinstance(part, Literal):
            return [UNKNOWN if part.value is None else part.value]
        if isinstance(part, Quoted):
            return self.ways(part.parts, state, quoted=True)
        if isinstance(part, Variable):
            values = self._variable(part, state, quoted=quoted)
        elif isinstance(part, Substitution):
            values = self._output(part, state)
        else:
            values = [UNKNOWN]
        return values if quoted else [_BLANKS.sub(BREAK, one) for one in values]

    def _variable(self, part: Variable, state: State, *, quoted: bool) -> list[str]:
        operator = part.operator.removeprefix("[")
        if part.operator[:1] in ("!", "#"):
            return [UNKNOWN]
        values = self._values(part, state, quoted=quoted)
        if operator in ("", ":?", "?"):
            return [UNKNOWN] if values is None else values
        if values and part.raw[:-1].endswith(_FOLDER_OF):
            return [posixpath.dirname(one) or one for one in values]
        if operator in (":-", "-", ":=", "=") and part.argument is not None:
            known = [one for one in values or () if one]
            if known and len(known) == len(values or ()):
                return known
            return known + self.ways(part.argument.parts, state, quoted=quoted)
        if operator in (":+", "+") and part.argument is not None:
            given = self.ways(part.argument.parts, state, quoted=quoted)
            if values is None:
                return ["", *given]
            return [*dict.fromkeys(text for one in values for text in (given if one else [""]))]
        return [ARGUMENTS if part.name in ("@", "*") else UNKNOWN]

    def _values(self, part: Variable, state: State, *, quoted: bool) -> list[str] | None:
        """Return the values of a variable, or None if only a run can give them."""
        name = part.name
        if name in _SCRIPT:
            return [self.origin.tree.path(self.origin.name)]
        if name == "PWD":
            return ["."] if state.folders is not None else None
        self.used.add(name)
        if _POSITIONS.fullmatch(name):
            return self._argument(name, state)
        values = state.variables.get(name, UNSET if name in self._assigned else None)
        if values is None:
            return None
        is_every = "[@]" in part.raw or "[*]" in part.raw
        between = " " if quoted and not is_every else BREAK
        if "[" in part.operator and not is_every:
            return [UNKNOWN]
        found = (between.join(one if is_every else one[:1]) for one in values)
        return [*dict.fromkeys(found)]

    def _argument(self, name: str, state: State) -> list[str]:
        every = state.variables.get("@")
        if every is None:
            return [ARGUMENTS]
        if name in "@*":
            return [BREAK.join(one) for one in every]
        at = int(name[:3]) - 1
        return [one[at] if at < len(one) else "" for one in every]

    def _output(self, part: Substitution, state: State) -> list[str]:
        """Return the output of a substitution, if it names a path or repeats its words."""
        if part.opener[:1] in "<>":
            return [UNKNOWN]
        inner = state.copy()
        self.commands_in(part.body, inner)
        return self._last_output(part.body, inner)

    def _last_output(self, body: List, inner: State) -> list[str]:
        """Return the output of the last command of a list."""
        last = _last(body)
        while isinstance(last, Compound) and last.kind == "{" and last.bodies:
            last = _last(last.bodies[-1])
        if not isinstance(last, Simple):
            return [UNKNOWN]
        found = list[str]()
        for words in self.words(last.words, inner):
            function = self.function(words[0]) if words else None
            if function is not None and function.bodies and self.deeper():
                inner.variables["@"] = (tuple(words[1:]),)
                found += self._last_output(function.bodies[-1], inner)
                self.nested -= 1
            else:
                found.append(self._printed(words, inner))
        return found

    def _printed(self, words: list[str], state: State) -> str:
        name, operands = words[0] if words else "", [one for one in words[1:] if one[:1] != "-"]
        if name == "pwd":
            folders = state.folders
            if folders is None:
                return UNKNOWN
            return self.origin.tree.path(folders[0]) if len(folders) == 1 else "."
        if words[:3] == ["git", "rev-parse", "--show-toplevel"]:
            return self.origin.tree.root
        if name == "dirname" and operands:
            known = "." if self.is_known(operands[0]) else UNKNOWN
            return posixpath.dirname(operands[0]) or known
        if name in ("realpath", "readlink", "cygpath") and operands:
            return operands[0]
        if name == "echo":
            return " ".join(one for one in words[1:] if one not in ("-n", "-e"))
        return UNKNOWN

    def is_known(self, text: str) -> bool:
        """Return whether no part of a text is known only to a run."""
        return UNKNOWN not in text and ARGUMENTS not in text

    def file(self, path: str, state: State) -> str | None:
        """Return the name of an existing file that a command names."""
        tree = self.origin.tree
        [found], *_ = resolved(tree, [path], state.folders or self.origin.bases)[1]
        return found[len(tree.root) + 1 :] if found and tree.has(found) else None

    def globbed(self, word: str, state: State) -> list[str]:
        """Return the YAML files and Dockerfiles that a word with wildcards means, or the word."""
        if not any(sign in word for sign in "*?[") or not self.is_known(word):
            return [word]
        from fnmatch import fnmatchcase  # which imports `re`

        tree = self.origin.tree
        for folder in state.folders or self.origin.bases:
            name = posixpath.normpath(posixpath.join(folder, word.removeprefix(f"{tree.root}/")))
            depth = name.count("/")
            found = [
                tree.path(one)
                for one in (*tree.yaml, *self.origin.images)
                if one.count("/") == depth and fnmatchcase(one, name) and one in tree.names
            ]
            if found:
                return found if len(found) <= _MOST_MATCHES else [UNKNOWN]
        return [UNKNOWN]


def _last(body: List) -> Command | None:
    commands = [one for pipeline, _ in body.items for one in pipeline.commands]
    return commands[-1] if commands else None


class State(Record, frozen=False):
    """Variables by name, and the folders in which the shell may be.

    ``folders`` are names in the tree, or None if the folder is unknown. ``is_over`` is
    true after ``exit`` or ``return``.
    """

    variables: dict[str, Values]
    folders: tuple[str, ...] | None
    is_over: bool = False

    def copy(self) -> State:
        """Return a state that changes by itself."""
        return State(dict(self.variables), self.folders, is_over=self.is_over)

    def become(self, states: Iterable[State]) -> None:
        """Become what all of some states have in common, or have as one possibility."""
        every = [*states]
        if every == [self]:
            return
        going = [one for one in every if not one.is_over] or every
        self.is_over = going[0].is_over
        self.variables = joined([one.variables for one in going])
        folders = [one.folders for one in going]
        known = dict.fromkeys(name for one in folders if one is not None for name in one)
        self.folders = None if None in folders else tuple(known)

    def join(self, other: State | None) -> None:
        """Become what both have in common, or have as one possibility."""
        if other is not None:
            self.become([self, other])

    def enter(self, tree: Repository, folder: str) -> None:
        """Change the folder, as ``cd`` does."""
        if folder == tree.root or folder.startswith(f"{tree.root}/"):
            bases: Iterable[str] = ("",)
            folder = folder[len(tree.root) + 1 :]
        else:
            bases = self.folders or ()
        if UNKNOWN in folder or ARGUMENTS in folder or folder[:1] in ("/", "~", "-"):
            self.folders = None
            return
        below = (posixpath.normpath(posixpath.join(base, folder)) for base in bases)
        found = ("" if one == "." else one for one in below)
        self.folders = tuple(one for one in dict.fromkeys(found) if tree.has_folder(one)) or None


def spread(branches: Sequence[tuple[T, ...]], unknown: T) -> tuple[T, ...]:
    """Return the values of all branches.

    Of too many, there are some of each, the last, which is that of no branch, and an
    unknown one.
    """
    found = tuple(dict.fromkeys(value for values in branches for value in values))
    if len(found) <= MOST_WAYS:
        return found
    turns = (values[at] for at in range(MOST_WAYS) for values in branches if at < len(values))
    known = [one for one in dict.fromkeys(turns) if one != unknown][: MOST_WAYS - 2]
    last = next(one for one in reversed(found) if one != unknown)
    return (*dict.fromkeys((*known, last)), unknown)


def joined(every: Sequence[dict[str, Values]]) -> dict[str, Values]:
    """Return variables with the values that they have in any of some states."""
    first = every[0]
    if all(one == first for one in every[1:]):
        return dict(first)
    made = dict[str, "Values"]()
    for name in dict.fromkeys(name for one in every for name in one):
        made[name] = spread([one.get(name, UNSET) for one in every], (UNKNOWN,))
    return made


def combined(options: Iterable[Sequence[str]]) -> list[str]:
    """Return each way to join one text of each of some collections."""
    ways = [""]
    for texts in options:
        ways = [before + text for before in ways for text in fewer(texts, len(ways))]
        ways = [one if len(one) <= LONGEST else UNKNOWN for one in dict.fromkeys(ways)]
    return ways


def fewer(texts: Sequence[str], ways: int) -> Sequence[str]:
    """Return texts to join to some ways; of too many, one, which is unknown if it may be a file."""
    if ways * len(texts) <= MOST_WAYS:
        return texts
    return (UNKNOWN,) if any(".y" in one for one in texts) else texts[:1]
