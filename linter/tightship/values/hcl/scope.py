"""Evaluates expressions of a bake file, as far as the file alone decides them."""

from __future__ import annotations

from tightship.syntax.hcl import nodes
from tightship.values.hcl.functions import call, operation
from tightship.values.hcl.value import ItemsValue, TableValue, Value, joined, known, of_variable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tightship.text import Span

_DEEPEST = 40
_MOST_STEPS = 50_000


class Scope:
    """The variables, attributes and functions of some bake files; a later one wins."""

    def __init__(self, bodies: Iterable[nodes.Body]) -> None:
        self._variables: dict[str, nodes.Block] = {}
        self._attributes: dict[str, nodes.Expression] = {}
        self._functions: dict[str, nodes.Block] = {}
        self._known: dict[str, Value | None] = {}
        self._steps = 0
        for body in bodies:
            self._attributes.update((one.name, one.value) for one in body.attributes)
            for one in body.blocks:
                if one.labels and one.kind == "variable":
                    self._variables[one.labels[0][0]] = one
                elif one.labels and one.kind == "function":
                    self._functions[one.labels[0][0]] = one

    def value(
        self, expression: nodes.Expression, names: Mapping[str, Value] | None = None, depth: int = 0
    ) -> Value:
        """Return the value of an expression.

        Args:
            expression: the expression.
            names: those of a matrix, of a loop or of the parameters of a function.
            depth: how deep it is within others.

        """
        self._steps += 1
        if depth > _DEEPEST or self._steps > _MOST_STEPS:
            return Value(expression.span)
        return self._value(expression, names or {}, depth + 1)

    def _value(self, it: nodes.Expression, names: Mapping[str, Value], depth: int) -> Value:
        span = it.span
        if isinstance(it, nodes.Literal):
            return known(span, it.value)
        if isinstance(it, nodes.Template):
            return self._template(it, names, depth)
        if isinstance(it, nodes.Name):
            return names[it.name] if it.name in names else self._variable(it.name, span, depth)
        if isinstance(it, nodes.Items):
            items = [self.value(one, names, depth) for one in it.items]
            return ItemsValue(span, is_known=True, items=items)
        if isinstance(it, nodes.Table):
            return self._table(span, it.entries, names, depth)
        if isinstance(it, nodes.Member):
            return _member(span, *(self.value(one, names, depth) for one in (it.of, it.key)))
        if isinstance(it, nodes.For):
            return self._for(it, names, depth)
        if isinstance(it, nodes.Operation) and it.operator == "?":
            return self._choice(it, names, depth)
        if isinstance(it, nodes.Operation):
            operands = [self.value(one, names, depth) for one in it.operands]
            return operation(it.operator, operands, span)
        return self._call(it, names, depth) if isinstance(it, nodes.Call) else Value(span)

    def _template(self, it: nodes.Template, names: Mapping[str, Value], depth: int) -> Value:
        if len(it.parts) == 1 and not isinstance(it.parts[0], str) and not it.is_heredoc:
            return self.value(it.parts[0], names, depth)
        parts = [
            known(it.span, one) if isinstance(one, str) else self.value(one, names, depth)
            for one in it.parts
        ]
        return joined(it.span, parts)

    def _variable(self, name: str, span: Span, depth: int) -> Value:
        if name not in self._known:
            self._known[name] = None  # one that depends on itself is unknown
            self._known[name] = self._defined(name, depth)
        found = self._known[name]
        if name in self._variables or found is None:
            return of_variable(name, found, span)
        return found

    def _defined(self, name: str, depth: int) -> Value | None:
        variable = self._variables.get(name)
        default = self._attributes.get(name) if variable is None else variable.body.get("default")
        return None if default is None else self.value(default, None, depth)

    def _table(
        self,
        span: Span,
        written: Iterable[tuple[nodes.Expression, nodes.Expression]],
        names: Mapping[str, Value],
        depth: int,
    ) -> Value:
        entries = dict["str", "tuple[Span, Value]"]()
        for key, one in written:
            name = self.value(key, names, depth)
            if not name.is_known:
                return Value(span)
            entries[name.shown] = key.span, self.value(one, names, depth)
        return TableValue(span, is_known=True, entries=entries)

    def _choice(self, it: nodes.Operation, names: Mapping[str, Value], depth: int) -> Value:
        condition, *choices = it.operands
        found = self.value(condition, names, depth)
        if not found.is_known or found.shown not in ("true", "false"):
            return Value(it.span)
        made = self.value(choices[found.shown == "false"], names, depth)
        if type(made) is not Value or not made.is_known:
            return made
        return known(made.span, made.plain, (*made.variables, *found.variables))

    def _call(self, it: nodes.Call, names: Mapping[str, Value], depth: int) -> Value:
        arguments = [self.value(one, names, depth) for one in it.arguments]
        if it.spreads:
            last = arguments.pop()
            if not isinstance(last, ItemsValue):
                return Value(it.span)
            arguments += last.items
        function = self._functions.get(it.name)
        if it.name == "try":
            return next((one for one in arguments if one.is_known), Value(it.span))
        if function is None:
            return call(it.name, arguments, it.span)
        result, written = function.body.get("result"), function.body.get("params")
        if result is None or function.body.get("variadic_params") is not None:
            return Value(it.span)
        listed = written.items if isinstance(written, nodes.Items) else ()
        given = [one.name for one in listed if isinstance(one, nodes.Name)]
        if len(given) != len(arguments):
            return Value(it.span)
        return self.value(result, dict(zip(given, arguments, strict=True)), depth)

    def _for(self, it: nodes.For, names: Mapping[str, Value], depth: int) -> Value:
        of = self.value(it.of, names, depth)
        items, entries = list[Value](), dict["str", "tuple[Span, Value]"]()
        for key, one in _pairs(of):
            own = {**names, it.names[-1]: one}
            if len(it.names) > 1:
                own[it.names[0]] = key
            kept = None if it.condition is None else self.value(it.condition, own, depth)
            if kept is not None and not kept.is_known:
                return Value(it.span)
            if kept is not None and kept.shown != "true":
                continue
            made = self.value(it.value, own, depth)
            name = None if it.key is None else self.value(it.key, own, depth)
            if name is None:
                items.append(made)
            elif not name.is_known:
                return Value(it.span)
            else:
                entries[name.shown] = name.span, made
        if not isinstance(of, (ItemsValue, TableValue)):
            return Value(it.span)
        if it.key is None:
            return ItemsValue(it.span, is_known=True, items=items)
        return TableValue(it.span, is_known=True, entries=entries)


def _pairs(value: Value) -> Iterator[tuple[Value, Value]]:
    if isinstance(value, ItemsValue):
        for number, one in enumerate(value.items):
            yield known(one.span, number), one
    elif isinstance(value, TableValue):
        for name, (place, one) in value.entries.items():
            yield known(place, name), one


def _member(span: Span, of: Value, key: Value) -> Value:
    if not key.is_known:
        return Value(span)
    if isinstance(of, TableValue):
        found = of.entries.get(key.shown)
        return found[1] if found is not None else Value(span)
    if isinstance(of, ItemsValue) and key.shown.isdecimal() and len(key.shown) < _DEEPEST:
        number = int(key.shown)
        return of.items[number] if number < len(of.items) else Value(span)
    return Value(span)
