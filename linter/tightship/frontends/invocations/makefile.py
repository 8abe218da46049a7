"""The invocations of Compose in the recipes of a Makefile (GNU make's manual).

Variables have each value that a branch of `ifeq` and others gives them. Of the functions,
those are known that build lists of options. A variable that refers to itself is unknown.
"""

from __future__ import annotations

import posixpath

from tightship.frontends.invocations.expansion import LONGEST, MOST_WAYS, combined, spread
from tightship.frontends.invocations.origin import Origin, resolved
from tightship.frontends.invocations.shell import Shell
from tightship.lazy import regex
from tightship.syntax.shell.text import UNKNOWN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tightship.frontends.invocations.found import Found

    Texts = dict[str, tuple[str, ...]]

_MOST_REFERENCES = 20_000
_DEEPEST = 20
_MOST_INCLUDED = 20
_ASSIGNS = regex(
    r"(?s) *+((?:(?:export|override|private) ++)*+)([\w.-]++)\s*+(::?:?|\?|\+|!)?=[ \t]*+(.*)"
)
_TARGET_ASSIGNS = regex(r"(?s)[^:=#\s][^:=#]*+:\s*+((?:export )?[\w.-]++\s*+[:?+]?:?=.*)")
_RULE = regex(r"(?s)([^\s:=#][^:=#]*+)::?(?!=)([^;]*+)(?:;(.*))?")
_CONDITION = regex(r" *+(?:ifn?eq|ifn?def)\b")
_INCLUDE = regex(r"(?s)[-s]?include[ \t]++(.*)")
_REFERENCE = regex(r"\$(?:\$|[({]|[^\s({$])")
_CALLS = regex(r"(?i)compose|stack")
_COMMENT = regex(r"(?s)(?<!\\)#.*")
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
        self._recipes = list["tuple[str, str, int, str]"]()
        self._target = ""
        self._is_defined = False
        self._exports = dict[str, int]()

    def chains(self, text: str) -> Iterator[Found]:
        """Yield the commands of all recipes of a text, and of what it includes."""
        self._read(text, self.origin.name)
        for target, name, line, recipe in self._recipes:
            if not self.origin.tree.is_spent:
                yield from self._in_recipe(target, name, line, recipe)
        for value in self._exported().get(_SETTING, ()):
            if value[0]:
                yield from self.origin.setting(value[0], "", self._exports[_SETTING])

    def _read(self, text: str, name: str) -> None:
        for line, statement in _statements(text):
            if self._is_defined or statement.startswith(("define ", "override define ")):
                self._is_defined = not statement.startswith("endef")
            elif statement.startswith("\t") and self._target:
                self._recipes.append((self._target, name, line, statement[1:]))
            else:
                self._statement(statement, name, line)

    def _statement(self, statement: str, name: str, line: int) -> None:
        words = statement.split(None, 1)
        if _CONDITION.match(statement):
            self._conditions.append((dict(self.variables), [], False))
        elif words[:1] in (["else"], ["endif"]):
            self._next_branch(ends=words[0] == "endif", is_last=len(words) == 1)
        elif found := _ASSIGNS.fullmatch(statement):
            self._assign(found[2], found[3] or "", _COMMENT.sub("", found[4]).strip())
            if "export" in found[1]:
                self._exports[found[2]] = line
        elif words[:1] == ["export"]:
            self._exports.update(dict.fromkeys((words[1:] or [_SETTING])[0].split(), line))
        elif found := _TARGET_ASSIGNS.match(statement):  # for one target alone
            before = dict(self.variables)
            self._statement(found[1], name, line)
            self.variables = _joined([before, self.variables])
        elif found := _INCLUDE.match(statement):
            self._include(found[1])
        elif found := _RULE.match(statement):
            self._target = found[1].split(None, 1)[0]
            if found[3]:
                self._recipes.append((self._target, name, line, found[3]))

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
                self._read(self.origin.included(name), name)

    def _in_recipe(self, target: str, name: str, line: int, recipe: str) -> Iterable[Found]:
        recipe = recipe.lstrip("@-+ \t")
        texts = self.expanded(recipe) if "$" in recipe else (recipe,)
        shown = "" if not _NAME.fullmatch(target) else f"`make {target}` "
        origin = self.origin.replaced(name=name, does=f"{shown}runs")
        for text in texts:
            is_call = _CALLS.search(text) or (UNKNOWN in text and self.origin.has_calls)
            if is_call or self.origin.mentions(text):
                shell = Shell(origin, self._exported())
                shell.run(text, line)
                yield from shell.finish()

    def _exported(self) -> dict[str, tuple[tuple[str, ...], ...]]:
        return {
            name: tuple((text,) for one in self.variables[name] for text in self.expanded(one))
            for name in (_SETTING, "COMPOSE_PATH_SEPARATOR")
            if name in self._exports and name in self.variables
        }

    def expanded(self, text: str, above: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Return each text that a text with references may become."""
        ways, at = [""], 0
        for start, end, reference in _references(text):
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


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines of a Makefile with their numbers, those that go on joined."""
    pending, first = list[str](), 1
    for number, line in enumerate(text.split("\n"), 1):
        if not pending:
            first = number
        if line.endswith("\\"):
            is_recipe = (pending or [line])[0].startswith("\t")
            pending.append(f"{line}\n" if is_recipe else line[:-1])
            continue
        pending.append(line)
        yield first, "".join(pending)
        pending = []
    if pending:
        yield first, "".join(pending)


def _references(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield the place of each reference, and what is between its parentheses."""
    at = 0
    while (found := _REFERENCE.search(text, at)) is not None:
        opener = found[0][-1]
        at = found.end()
        if opener in "({":
            at = _closed(text, at, opener)
            yield found.start(), at, text[found.end() : at - 1]
        else:
            yield found.start(), at, opener


def _closed(text: str, at: int, opener: str) -> int:
    """Return where a parenthesis is closed, behind it."""
    closer, depth = ")" if opener == "(" else "}", 1
    for place in range(at, min(len(text), at + LONGEST)):
        if text[place] == opener:
            depth += 1
        elif text[place] == closer:
            depth -= 1
            if depth == 0:
                return place + 1
    return len(text)


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
