"""Messages of every kind that the protocol has, made of its types."""

from __future__ import annotations

import collections.abc
import enum
import json
import random
import sys
from typing import TYPE_CHECKING, Any, Literal, Union, cast, get_args, get_origin

import attrs

if TYPE_CHECKING:
    from collections.abc import Iterator

_DEPTH = 7  # of classes below one another, beyond which only what is required is there
_RANDOM = 5  # of each kind, in addition to the minimal and the maximal message


def samples() -> Iterator[tuple[str, int, dict[str, Any]]]:
    """Yield messages: the method, the number of the type in its row, and the JSON."""
    from lsprotocol import converters, types

    converters.get_converter()  # this resolves forward references
    for method, row in types.METHOD_TO_TYPES.items():
        for number, type_ in enumerate(row[:2]):
            if type_ is None:
                continue
            yield method, number, _Maker(random.Random(method), 0.0).made(type_)
            yield method, number, _Maker(random.Random(method), 1.0).made(type_)
            for seed in range(_RANDOM):
                maker = _Maker(random.Random(f"{method} {seed}"), 0.6)
                yield method, number, maker.made(type_)


def exchange() -> None:
    """Read the messages on standard input; print each as it is read and written."""
    from lsprotocol import converters, types

    converter: Any = converters.get_converter()
    rows = cast("dict[str, Any]", types.METHOD_TO_TYPES)
    found: list[list[object]] = []
    for method, number, message in json.load(sys.stdin):
        try:
            read = converter.structure(message, rows[method][number])
            found.append([repr(read), converter.unstructure(read)])
        except Exception as error:
            found.append([type(error).__name__])
    json.dump(found, sys.stdout)


class _Maker:
    """Makes values of types, with a share of what is optional."""

    def __init__(self, chance: random.Random, share: float) -> None:
        self._chance = chance
        self._share = share
        self._depth = 0

    def made(self, type_: Any) -> Any:
        origin, arguments = get_origin(type_), get_args(type_)
        if origin is Union:
            return self._one_of(arguments)
        if origin is Literal:
            return arguments[0]
        if origin is collections.abc.Sequence:
            return [self.made(arguments[0]) for _ in range(self._count())]
        if origin is collections.abc.Mapping:
            return {f"file:///{n}": self.made(arguments[1]) for n in range(self._count())}
        if origin is tuple:
            return [self.made(argument) for argument in arguments]
        if attrs.has(type_):
            return self._instance(type_)
        if isinstance(type_, type) and issubclass(type_, enum.Enum):
            return self._chance.choice(list(type_)).value
        simple: dict[Any, Any] = {str: "text", int: 7, float: 0.5, bool: True}
        return simple.get(type_, {"any": ["thing", 1, None]})

    def _one_of(self, types: tuple[Any, ...]) -> Any:
        some = [one for one in types if one is not type(None)]
        if len(some) < len(types) and not self._takes():
            return None
        return self.made(self._chance.choice(some))

    def _instance(self, cls: Any) -> dict[str, Any]:
        self._depth += 1
        made = {
            _camel(field.name): self.made(field.type)
            for field in attrs.fields(cls)
            if field.default is attrs.NOTHING or self._takes() or _is_fixed(field)
        }
        self._depth -= 1
        return made

    def _takes(self) -> bool:
        return self._depth < _DEPTH and self._chance.random() < self._share

    def _count(self) -> int:
        return self._chance.randint(1, 2) if self._depth < _DEPTH else 0


def _is_fixed(field: Any) -> bool:
    """Tell whether a field says what the message is, such as its method."""
    return get_origin(field.type) is Literal or field.name == "jsonrpc"


def _camel(name: str) -> str:
    first, *rest = name.removesuffix("_").split("_")
    return first + "".join(part.title() for part in rest)


if __name__ == "__main__":
    if "lazy" in sys.argv:
        from tightship_lsp.connection import lazy_types

        lazy_types.install()
        assert "CompletionItem" not in vars(sys.modules["lsprotocol.types"])
    exchange()
