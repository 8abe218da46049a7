"""Keys of the configuration, options of rules, and problems with them."""

from __future__ import annotations

from tightship.lazy import TYPE_CHECKING, Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any, Generic, Literal, TypeVar

    from tightship.text import Span

    Form = Literal[
        "words",  # rules, themes, sets and peers' ids
        "severities",  # a table from such a word to a severity
        "choice",
        "choices",  # a table from a name, with `*` and `?`, to a choice
        "several",  # a list of choices
        "flag",
        "integer",
        "text",
        "path",
        "paths",
        "patterns",  # as in a `.gitignore`
        "names",  # with `*` and `?`
        "registries",
        "table",
        "tables",
        "rules",  # a table from a rule to the table of its options
    ]
    T = TypeVar("T")
else:
    from tightship.lazy import Generic

    T = None


class ConfigProblem(Record):
    """A problem of a configuration, and its place.

    ``message`` has no full stop.
    """

    span: Span
    message: str

    def __str__(self) -> str:
        line, column = self.span.source.point(self.span.start)
        return f"{self.span.source.name}:{line + 1}:{column + 1}: {self.message}"


class ConfigError(ValueError):
    """An invalid configuration; it has at least one problem.

    ``root`` is the folder that the file's name is relative to; empty where the user
    gave the name.
    """

    def __init__(self, problems: Sequence[ConfigProblem], root: str = "") -> None:
        self.root = root
        self.problems = sorted(problems, key=lambda one: one.span.order)
        super().__init__("\n".join(map(str, self.problems)))


class FactsError(ConfigError):
    """A file of facts about images that is missing or wrong."""


class PolicyError(ConfigError):
    """A policy that settings name, and that is missing or wrong."""


LONGEST = 1_000
"""The most characters of a text in a configuration."""


def pattern_problem(text: str) -> str | None:
    """Return why a pattern of a `.gitignore` names no file below its folder, if it does not."""
    if len(text) > LONGEST:
        return f"this is longer than {LONGEST:,} characters"
    if not text.strip() or text.startswith("#") or "\n" in text:
        return "this matches no file"
    if ".." in text.split("/"):
        return "patterns begin at the folder of this file, and have no `..`"
    return None


class Key(Record, frozen=False):
    """A key of a table.

    ``about`` is a sentence, ``example`` a value that somebody may write, in TOML.
    ``bounds`` are the least and the greatest integer. ``keys`` are those of the table or
    tables that it holds, and ``needed`` tells that the table is invalid without it.
    ``option`` names the rule and the option that the key is another name of.
    """

    name: str
    form: Form
    about: str
    example: str = ""
    default: object = None
    choices: tuple[str, ...] = ()
    bounds: tuple[int, int] | None = None
    keys: tuple[Key, ...] = ()
    needed: bool = False
    option: tuple[str, str] | None = None

    @property
    def sentences(self) -> str:
        """Return its purpose, and the values that it takes."""
        text = self.about
        if self.choices:
            text += f" One of {', '.join(self.choices)}."
        if self.bounds is not None:
            text += f" From {self.bounds[0]} to {self.bounds[1]}."
        return text


class Option(Key, Generic[T], frozen=False):
    """An option of a rule: a key of its table, whose value the rule gets as a ``T``.

    ``make`` makes that of the value in the file. Without a default, the rule is off
    until the option is set.
    """

    def __init__(
        self,
        name: str,
        form: Form,
        make: Callable[[Any], T],
        about: str,
        example: str,
        *,
        default: object = None,
        choices: tuple[str, ...] = (),
        bounds: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(
            name, form, about, example, default=default, choices=choices, bounds=bounds
        )
        self.make = make


class Options:
    """The values of a rule's options, by option."""

    def __init__(self, options: Iterable[Option[Any]], given: Mapping[str, object]) -> None:
        """Take values by name; an option that is not given has its default."""
        self._values = {one.name: one.make(given.get(one.name, one.default)) for one in options}

    def __getitem__(self, option: Option[T]) -> T:
        value: T = self._values[option.name]
        return value
