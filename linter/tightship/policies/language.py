"""The language of conditions: tables over facts become conditions, or problems."""

from __future__ import annotations

from tightship.policies import conditions as made, sets_and_lists as several
from tightship.policies.globs import LONGEST, compiled, literal, problem as glob_problem
from tightship.policies.operators import NEGATED, OPERATORS, on_path, prepared
from tightship.project_facts.groups import GROUPS
from tightship.project_facts.tables import ENTRY
from tightship.project_facts.values import TYPES, Fact, Facts, Scalar
from tightship.syntax.toml import is_array, is_table
from tightship.values.matching import closest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Sequence

    from tightship.policies.conditions import Condition, Operand
    from tightship.policies.operators import Operator
    from tightship.project_facts.values import Group, Plain, Value
    from tightship.syntax.toml import Path


# Stand for a type alone: nothing reads them.
_TEXT = ENTRY.facts["value"]
_NUMBER, _SET = (_TEXT.replaced(type=one) for one in ("number", "set"))
COMBINING = ("all", "any", "not", "at-most-one")
QUANTIFIERS = ("every", "some", "no")
_OF_SET = (*several.SETS, "count", *QUANTIFIERS)
_OF_LIST = ("count", *QUANTIFIERS, "sum")
OF_TABLE = ("count", *QUANTIFIERS, "values")
"""The operators on tables that are about all of their entries."""
_DEEPEST = 20
_EXAMPLES = {"set": "subset-of", "table": "keys.has", "list": "every"}
_SHOWN = tuple(one for one in TYPES if one != "group")
_SINGLE = tuple(one for one in TYPES if one not in ("set", "table", "list", "group"))


class ConditionError(ValueError):
    """What is wrong with a condition, and the path to it."""

    def __init__(self, path: Path, message: str) -> None:
        super().__init__(message)
        self.path = path
        self.message = message


class Reader:
    """Makes conditions about one kind of thing."""

    def __init__(self, group: Group) -> None:
        """Begin; ``asked`` are the names of the facts that conditions and texts name."""
        self._root = group
        self.asked = set[str]()

    def thing(self, table: object, group: Group, path: Path) -> Condition:
        """Return the condition that a table sets for a thing of a group."""
        if not is_table(table) or not table:
            raise ConditionError(path, "a condition is a table such as `{ privileged = false }`")
        if len(path) > _DEEPEST:
            raise ConditionError(path, "this condition is nested too deeply")
        parts = [self._part(name, value, group, (*path, name)) for name, value in table.items()]
        return parts[0] if len(parts) == 1 else made.Every(parts)

    def forbidden(self, table: object, group: Group, path: Path) -> Condition:
        """Return what no thing of a group may be; of several conditions, all or any has to be said."""
        if _is_ambiguous(table, group):
            message = "`forbid` has several conditions: write `forbid.any = [...]` if each of them"
            message += " is forbidden, or `forbid.all = [...]` if only all together are"
            raise ConditionError(path, message)
        return made.Not(self.thing(table, group, path))

    def _part(self, name: str, value: object, group: Group, path: Path) -> Condition:
        if name == "not":
            return made.Not(self.thing(value, group, path))
        if name in COMBINING:
            if not is_array(value) or not value:
                raise ConditionError(path, f"`{name}` needs a list of conditions")
            parts = [self.thing(one, group, (*path, i)) for i, one in enumerate(value)]
            return made.Every(parts) if name == "all" else made.Some(name, parts)
        fact = group.facts.get(name)
        if fact is None:
            raise ConditionError(path, _unknown(name, f"{group.name} has no fact", group.facts))
        self.asked.add(name)
        return made.OfFact(name, self._value(value, fact, path))

    def _value(self, value: object, fact: Fact, path: Path) -> Condition:
        """Return the condition on the value of a fact."""
        if fact.type == "group":
            return self._of_group(value, GROUPS[fact.of], path)
        if not is_table(value):
            if fact.type not in ("set", "table", "list"):
                return self._operator("equals", value, fact, path)
            kind = "set of texts" if fact.type == "set" else fact.type
            raise ConditionError(
                path, f"this is a {kind}: name an operator, such as `{_EXAMPLES[fact.type]}`"
            )
        parts = [self._one(name, one, fact, (*path, name)) for name, one in value.items()]
        if not parts:
            raise ConditionError(path, "this condition is empty")
        return parts[0] if len(parts) == 1 else made.Every(parts)

    def _of_group(self, value: object, group: Group, path: Path) -> Condition:
        if is_table(value) and "exists" in value:
            rest = {name: one for name, one in value.items() if name != "exists"}
            there = self._operator("exists", value["exists"], _TEXT, (*path, "exists"))
            return made.Every([there, self.thing(rest, group, path)]) if rest else there
        return self.thing(value, group, path)

    def _one(self, name: str, value: object, fact: Fact, path: Path) -> Condition:
        if fact.type == "set":
            return self._of_set(name, value, fact, path)
        if fact.type in ("list", "table"):
            return self._of_items(name, value, fact, path)
        if name == "not":
            return made.Not(self._value(value, fact, path))
        return self._operator(name, value, fact, path)

    def _of_set(self, name: str, value: object, fact: Fact, path: Path) -> Condition:
        if name in several.SETS:
            texts = value if is_array(value) else [value]
            if not all(isinstance(one, str) for one in texts):
                raise ConditionError(path, f"`{name}` needs texts")
            if fact.words:
                _check_words(texts, "values", fact.words.split(), path)
            return several.SetCompare(f"{name} {_written(texts)}", name, map(str, texts))
        if name == "count":
            return self._count(value, path)
        if name in QUANTIFIERS:
            return several.Each(name, self._value(value, _TEXT.replaced(words=fact.words), path))
        raise ConditionError(path, _unknown(name, "a set has no operator", _OF_SET))

    def _of_items(self, name: str, value: object, fact: Fact, path: Path) -> Condition:
        group = GROUPS[fact.of]
        if name == "count":
            return self._count(value, path)
        if name in QUANTIFIERS:
            return several.Each(name, self.thing(value, group, path))
        if fact.type == "list":
            if name == "sum":
                return self._sum(value, group, path)
            raise ConditionError(path, _unknown(name, "a list has no operator", _OF_LIST))
        if name == "keys":
            return several.Keys(self._value(value, _SET, path))
        if name == "values":
            return self._value(value, fact.replaced(type="list"), path)
        if name in several.SETS:
            raise ConditionError(path, f"a table has no operator `{name}`: write `keys.{name}`")
        return made.OfEntry(name, self._value(value, _TEXT, path))

    def _count(self, value: object, path: Path) -> Condition:
        inner = self._value(value, _NUMBER, path)
        return several.Number("count", inner, several.count)

    def _sum(self, value: object, group: Group, path: Path) -> Condition:
        of = value.get("of") if is_table(value) else None
        fact = group.facts.get(of) if isinstance(of, str) else None
        if not is_table(value) or fact is None or fact.type not in ("number", "size"):
            raise ConditionError(path, '`sum` needs a number to add, such as `of = "memory"`')
        rest = {name: one for name, one in value.items() if name != "of"}
        return several.Number(
            f"sum of {of}", self._value(rest, fact, path), several.sum_of(str(of))
        )

    def _operator(self, name: str, value: object, fact: Fact, path: Path) -> Condition:
        operator = OPERATORS.get(NEGATED.get(name, name))
        if operator is None or fact.type not in operator.types:
            known = [one for one, other in OPERATORS.items() if fact.type in other.types]
            known += [one for one, other in NEGATED.items() if other in known]
            what = "a flag" if fact.type == "flag" else f"a {fact.type}"
            raise ConditionError(path, _unknown(name, f"{what} has no operator", known))
        operand = self._operand(name, operator, value, fact, path)
        if fact.words and operator.operand in ("value", "values", "pattern"):
            _check_words(value, operator.operand, fact.words.split(), path)
        words = f"{name} {_written(value)}"
        if fact.type == "path":
            operator = on_path(operator)
        return made.Compare(words, operator, operand, negate=name in NEGATED)

    def _operand(
        self, name: str, operator: Operator, value: object, fact: Fact, path: Path
    ) -> Operand:
        form = operator.operand
        if is_table(value):
            return made.Operand(form, fact.type, (), self._fact(value, path))
        several = form in ("values", "pattern", "path", "pair")
        given = value if is_array(value) and several else [value]
        plain = [one for one in given if isinstance(one, (str, int, float))]
        problem = _operand_problem(name, form, fact.type, plain) if len(plain) == len(given) else ""
        if problem is None and any(isinstance(one, str) and "{" in one for one in plain):
            return made.Operand(form, fact.type, (), self._templates(plain, form, path))
        if problem is not None:
            raise ConditionError(path, problem or f"`{name}` takes {_FORMS[form]}")
        return made.Operand(form, fact.type, tuple(plain))

    def _fact(
        self, table: dict[str, object], path: Path
    ) -> Callable[[Facts], Sequence[Plain] | None]:
        name = table.get("fact")
        if not isinstance(name, str) or len(table) > 1:
            raise ConditionError(path, 'name the fact: `{ fact = "memory" }`')
        parts = self.path(name, path, _SINGLE)
        return lambda root: _of(root, parts)

    def _templates(
        self, written: Sequence[Plain], form: str, path: Path
    ) -> Callable[[Facts], Sequence[Plain] | None]:
        templates = [
            Template(str(one), lambda name: self.path(name, path, _SINGLE)) for one in written
        ]
        # A fact is what the checked files say: no `*` in it is a pattern.
        quote = literal if form == "pattern" else str

        def fill(root: Facts) -> Sequence[Plain] | None:
            texts = [one.fill(root, quote) for one in templates]
            is_open = any(one is None or len(one) > LONGEST for one in texts)
            return None if is_open else [str(one) for one in texts]

        return fill

    def message(self, written: str, path: Path) -> None:
        """Check the facts that a message names."""
        Template(written, lambda name: self.path(name, path))

    def path(self, name: str, path: Path, types: Container[str] = _SHOWN) -> tuple[str, ...]:
        """Return the names that lead to a fact, which has one of some types."""
        group, parts = self._root, name.split(".")
        for index, part in enumerate(parts):
            fact = group.facts.get(part)
            if fact is None:
                raise ConditionError(path, _unknown(part, f"{group.name} has no fact", group.facts))
            self.asked.add(part)
            is_last = index == len(parts) - 1
            if fact.type not in (types if is_last else ("group",)):
                raise ConditionError(path, f"`{name}` is no fact with one value")
            group = GROUPS.get(fact.of, group)
        return tuple(parts)


def _check_words(value: object, form: str, known: Sequence[str], path: Path) -> None:
    """Refuse a text that a fact can never be, and so would pass without a word."""
    begins = tuple(each for each in known if each.endswith(":"))
    for one in value if is_array(value) else [value]:
        if not isinstance(one, str) or "{" in one or one.startswith(begins):
            continue
        if not (any(map(compiled(one).matches, known)) if form == "pattern" else one in known):
            near = closest(one, known)
            said = f"this fact is never `{one}`"
            more = f"is `{near}` meant?" if near else f"it is {', '.join(known)}"
            raise ConditionError(path, f"{said}; {more}")


class Template:
    """A text with facts in braces; `{{` is a brace."""

    def __init__(self, written: str, path_of: Callable[[str], tuple[str, ...]]) -> None:
        self._pieces: list[str | tuple[str, ...]] = []
        rest = written
        while rest:
            before, brace, rest = rest.partition("{")
            self._pieces.append(before)
            if brace and rest.startswith("{"):
                self._pieces.append("{")
                rest = rest[1:]
            elif brace:
                name, _, rest = rest.partition("}")
                self._pieces.append(path_of(name.strip()))

    def fill(self, root: Facts, quote: Callable[[str], str]) -> str | None:
        """Return the text, with each fact quoted, or none where a fact is not known."""
        found = [one if isinstance(one, str) else _of(root, one) for one in self._pieces]
        if None in found:
            return None
        return "".join(one if isinstance(one, str) else quote(str(one[0])) for one in found if one)

    def shown(self, root: Facts) -> str:
        """Return the text, with words for what is not known."""
        return "".join(
            one if isinstance(one, str) else made.shown(_value(root, one)) for one in self._pieces
        )


def _is_ambiguous(table: object, group: Group) -> bool:
    """Return whether a condition has several parts, before any operator."""
    while is_table(table) and len(table) == 1:
        [(name, table)] = table.items()
        fact = group.facts.get(name)
        if fact is None or fact.type not in ("group", "table"):
            return False
        group = GROUPS[fact.of]
    return is_table(table) and len(table) > 1


def _value(root: Facts, parts: Iterable[str]) -> Value:
    found: Value = root
    for part in parts:
        assert isinstance(found, Facts)
        found = found.get(part)
    return found


def _of(root: Facts, parts: tuple[str, ...]) -> list[Plain] | None:
    found = _value(root, parts)
    if not isinstance(found, Scalar) or not found.known or found.value is None:
        return None
    return [found.value]


_FORMS = {
    "value": "a value of its type",
    "values": "a list of values",
    "pattern": "a pattern, or a list of them",
    "path": "a path, or a list of them",
    "number": "a number, such as `512m` for a size and `30s` for a duration",
    "pair": "two numbers, the lower one first",
    "flag": "`true` or `false`",
    "characters": "a text such as `a-z0-9_-`",
}


def _operand_problem(name: str, form: str, kind: str, given: Sequence[Plain]) -> str | None:
    """Return what is wrong with constants: none, or an empty text for their form."""
    if not given or (form == "pair" and len(given) != 2):
        return ""
    if form == "flag" or (form == "value" and kind == "flag"):
        return None if all(isinstance(one, bool) for one in given) else ""
    if any(isinstance(one, bool) for one in given):
        return ""
    if form in ("pattern", "path", "characters") or (kind in ("text", "path") and "value" in form):
        if not all(isinstance(one, str) for one in given):
            return ""
        problems = map(glob_problem, map(str, given)) if form == "pattern" else ()
        return next((one for one in problems if one), None)
    return None if prepared(form, kind, given) is not None else ""


def _unknown(name: str, what: str, known: Iterable[str]) -> str:
    known = [*known]
    near = closest(name, known) or next((one for one in known if one.startswith(name)), None)
    said = f"{what} `{name}`"
    return f"{said}; is `{near}` meant?" if near else f"{said}; it has {', '.join(sorted(known))}"


def _written(value: object) -> str:
    if is_array(value):
        return ", ".join(map(str, value))
    if is_table(value):
        return f"the fact `{value.get('fact')}`"
    return str(value).lower() if isinstance(value, bool) else str(value)
