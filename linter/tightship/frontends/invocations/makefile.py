"""The invocations of Compose in the recipes of a Makefile, with all values of its variables.

Variables have each value that a branch of `ifeq` and others gives them. Of the functions,
those are known that build lists of options. A variable that refers to itself is unknown.
"""

from __future__ import annotations

import posixpath

from tightship.frontends.invocations.expansion import LONGEST, MOST_WAYS, combined, fewer, spread
from tightship.frontends.invocations.origin import Origin, resolved
from tightship.frontends.invocations.recipes import statements
from tightship.frontends.invocations.shell import Shell
from tightship.lazy import regex
from tightship.syntax.shell.text import UNKNOWN, Text
from tightship.text import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tightship.frontends.invocations.found import Found
    from tightship.frontends.invocations.recipes import Statement
    from tightship.syntax.shell.text import Piece

    Texts = dict[str, tuple[str, ...]]

_MOST_REFERENCES = 20_000
_DEEPEST = 20
_MOST_INCLUDED = 20
_REFERENCE = regex(r"\$(?:\$|[({]|[^\s({$])")
_CONTINUED = regex(r"[ \t]*+\\\n[ \t]*+")
_CALLS = regex(r"(?i)compose|stack")
_NAME = regex(r"[\w.-]++")
_SETTING = "COMPOSE_FILE"


class Makefile:
    """A reader of one Makefile and of the files that it includes."""

    def __init__(self, origin: Origin) -> None:
        self.origin = origin
        self.variables: Texts = {}
        self._left = _MOST_REFERENCES
        self._included = {origin.name}
        self._conditions = list["tuple[Texts, list[Texts], bool]"]()
        self._recipes = list["tuple[Source, Statement]"]()
        self._needed = dict[str, set[str]]()
        self._own = dict[str, list["tuple[str, str, str]"]]()
        self._exports = dict[str, int]()

    def chains(self, source: Source) -> Iterator[Found]:
        """Yield the commands of all recipes of a text, and of what it includes."""
        self._read(source)
        for home, recipe in self._recipes:
            if not self.origin.tree.is_spent:
                yield from self._in_recipe(home, recipe)
        for value in self._exported().get(_SETTING, ()):
            if value[0]:
                yield from self.origin.setting(value[0], "", self._exports[_SETTING])

    def _read(self, source: Source) -> None:
        for one in statements(source.text):
            value = source.text[one.start : one.end]
            if one.kind == "recipe":
                self._recipes.append((source, one))
            elif one.kind == "assignment":
                self._define(one, _CONTINUED.sub(" ", value))
                if one.is_exported:
                    self._exports[one.name] = source.point(one.start)[0] + 1
            elif one.kind == "rule":
                for name in value.split():
                    self._needed.setdefault(name, set()).update(one.targets)
            elif one.kind == "if":
                self._conditions.append((dict(self.variables), [], False))
            elif one.kind in ("else", "endif"):
                self._next_branch(ends=one.kind == "endif", is_last=not value.strip())
            elif one.kind == "export":
                line = source.point(one.start)[0] + 1
                self._exports.update(dict.fromkeys(value.split() or [_SETTING], line))
            elif one.kind == "include":
                self._include(_CONTINUED.sub(" ", value))

    def _define(self, one: Statement, value: str) -> None:
        for target in one.targets:
            self._own.setdefault(target, []).append((one.name, one.operator, value))
        if not one.targets:
            self._assign(one.name, one.operator, value)

    def _next_branch(self, *, ends: bool, is_last: bool) -> None:
        if not self._conditions:
            return
        before, branches, is_complete = self._conditions.pop()
        branches.append(self.variables)
        if ends:
            self.variables = _joined(branches if is_complete else [*branches, before])
        else:
            self._conditions.append((before, branches, is_last))
            self.variables = dict(before)

    def _assign(self, name: str, operator: str, value: str) -> None:
        before = self.variables.get(name)
        if operator == "?" and before is not None:
            return
        if operator == "!":
            made: tuple[str, ...] = (UNKNOWN,)
        elif operator.startswith(":"):
            made = tuple(one.replace("$", "$$") for one in self.expanded(value))
        elif operator == "+" and before is not None:
            made = tuple(f"{one} {value}" if len(one) < LONGEST else UNKNOWN for one in before)
        else:
            made = (value,)
        self.variables[name] = made

    def _include(self, written: str) -> None:
        tree = self.origin.tree
        for path in " ".join(self.expanded(written)).split():
            [found], *_ = resolved(tree, [path], self.origin.bases)[1]
            name = found[len(tree.root) + 1 :] if found else ""
            if name in tree.names and name not in self._included:
                if len(self._included) > _MOST_INCLUDED:
                    self.origin.leave(f"includes more than {_MOST_INCLUDED} files")
                    return
                self._included.add(name)
                self._read(Source(name, self.origin.included(name)))

    def _in_recipe(self, source: Source, recipe: Statement) -> Iterable[Found]:
        target = recipe.targets[0]
        shown = "" if not _NAME.fullmatch(target) else f"`make {target}` "
        origin = self.origin.replaced(name=source.name, does=f"{shown}runs")
        for _ in self._with_variables_of(recipe.targets):
            for text in self._texts(source, recipe.start, recipe.end):
                may_call = UNKNOWN in text.value and self.origin.has_calls
                if may_call or _CALLS.search(text.value) or origin.mentions(text.value):
                    shell = Shell(origin, self._exported())
                    shell.run(text)
                    yield from shell.finish()

    def _with_variables_of(self, targets: Sequence[str]) -> Iterator[str]:
        """Yield with the variables of a target, and with those of the targets that need it."""
        every = self.variables
        needed = [above for one in targets for above in sorted(self._needed.get(one, ()))]
        above = [] if any(one in self._own for one in targets) else [*self._own.keys() & {*needed}]
        for one in [*targets[:1], *sorted(above)[:_DEEPEST]]:
            self.variables = dict(every) if one in self._own else every
            for given in self._own.get(one, ()):
                self._assign(*given)
            yield one
            self.variables = every

    def _texts(self, source: Source, start: int, end: int) -> list[Text]:
        """Return each text that a recipe may become, with the places of its parts."""
        text, at, length = source.text, start, end - start
        ways = list["list[Piece]"]([[]])
        for first, last, reference in _references(text, start, end):
            values = fewer(self._value(reference, ()), len(ways))
            length += max(map(len, values))
            if length > LONGEST:
                return [Text(source, [(UNKNOWN, start, end)])]
            kept = text[at:first], at, first
            ways = [[*way, kept, (one, first, last)] for way in ways for one in values]
            at = last
        return [Text(source, [*way, (text[at:end], at, end)]) for way in ways]

    def _exported(self) -> dict[str, tuple[tuple[str, ...], ...]]:
        return {
            name: tuple((text,) for one in self.variables[name] for text in self.expanded(one))
            for name in (_SETTING, "COMPOSE_PATH_SEPARATOR")
            if name in self._exports and name in self.variables
        }

    def expanded(self, text: str, above: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Return each text that a text with references may become."""
        ways, at = [""], 0
        for start, end, reference in _references(text, 0, len(text)):
            ways = combined([ways, [text[at:start]], self._value(reference, above)])
            at = end
        return tuple(one + text[at:] for one in ways)

    def _value(self, reference: str, above: tuple[str, ...]) -> tuple[str, ...]:
        self._left -= 1
        if reference == "$":
            return ("$",)
        if self._left < 0 or len(above) > _DEEPEST:
            self.origin.leave("has too many references of variables to follow them")
            return (UNKNOWN,)
        name, _, rest = reference.partition(" ")
        if rest and ":" not in name:
            return self._function(name, rest.strip(), above)
        name, _, pattern = reference.partition(":")
        if name in ("CURDIR", "PWD"):
            return (self._folder,)
        if name == "MAKEFILE_LIST":
            return (self.origin.tree.path(self.origin.name),)
        values = self.variables.get(name)
        if values is None or name in above:
            return (UNKNOWN,)
        found = [way for one in values for way in self.expanded(one, (*above, name))]
        old, _, new = pattern.partition("=")
        made = (_substituted(one, old, new) for one in found) if pattern else found
        return tuple(dict.fromkeys(made))[:MOST_WAYS]

    @property
    def _folder(self) -> str:
        return self.origin.tree.path(self.origin.bases[0])

    def _function(self, name: str, rest: str, above: tuple[str, ...]) -> tuple[str, ...]:
        """Return the results of a function; the manual calls them by these names."""
        if name == "foreach":
            variable, _, behind = rest.partition(",")
            items, _, body = behind.partition(",")
            return tuple(self._each(variable.strip(), items, body, above))
        if name == "shell":
            known = {"pwd": self._folder, "git rev-parse --show-toplevel": self.origin.tree.root}
            return (known.get(rest, UNKNOWN),)
        made = list[str]()
        for text in self.expanded(rest, above):
            first, _, behind = text.partition(",")
            if name in ("strip", "abspath", "realpath", "lastword", "firstword", "sort"):
                made.append(text.strip())
            elif name == "dir":
                made.append(" ".join(posixpath.dirname(one) + "/" for one in text.split()))
            elif name == "addprefix":
                made.append(" ".join(first + one for one in behind.split()))
            elif name == "addsuffix":
                made.append(" ".join(one + first for one in behind.split()))
            elif name in ("patsubst", "subst"):
                new, _, behind = behind.partition(",")
                made.append(_substituted(behind, first, new))
            elif name == "or":
                made += text.split(",")
            elif name == "if":
                made += behind.split(",", 1) if "," in behind else [behind, ""]
            else:
                made.append(UNKNOWN)
        return tuple(dict.fromkeys(made))[:MOST_WAYS]

    def _each(self, name: str, items: str, body: str, above: tuple[str, ...]) -> Iterator[str]:
        for text in self.expanded(items, above):
            before = self.variables.get(name)
            made = list[str]()
            for item in text.split()[:_DEEPEST]:
                self.variables[name] = (item.replace("$", "$$"),)
                made.append(self.expanded(body, above)[0])
            if before is None:
                self.variables.pop(name, None)
            else:
                self.variables[name] = before
            yield " ".join(made)


def _references(text: str, at: int, stop: int) -> Iterator[tuple[int, int, str]]:
    """Yield the place of each reference, and what is between its parentheses."""
    while (found := _REFERENCE.search(text, at, stop)) is not None:
        opener = found[0][-1]
        at = found.end()
        if opener in "({":
            at = _closed(text, at, stop, opener)
            yield found.start(), at, text[found.end() : at - 1]
        else:
            yield found.start(), at, opener


def _closed(text: str, at: int, stop: int, opener: str) -> int:
    """Return where a parenthesis is closed, behind it."""
    closer, depth = ")" if opener == "(" else "}", 1
    for place in range(at, min(stop, at + LONGEST)):
        if text[place] == opener:
            depth += 1
        elif text[place] == closer:
            depth -= 1
            if depth == 0:
                return place + 1
    return stop


def _substituted(words: str, old: str, new: str) -> str:
    """Return words with a pattern such as ``%.yml`` replaced in each of them."""
    if "%" not in old:
        return words.replace(old, new) if old else words
    head, _, tail = old.partition("%")
    made = list[str]()
    for word in words.split():
        if word.startswith(head) and word.endswith(tail) and len(word) >= len(head) + len(tail):
            word = new.replace("%", word[len(head) : len(word) - len(tail)], 1)
        made.append(word)
    return " ".join(made)


def _joined(every: list[Texts]) -> Texts:
    """Return variables with the values that they have in any branch."""
    first = every[0]
    found = dict(first)
    for other in every[1:]:
        for name in (*first, *other):
            if other.get(name) is not first.get(name):
                found[name] = spread([one.get(name, ("",)) for one in every], UNKNOWN)
    return found
