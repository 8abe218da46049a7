"""What is said about one key of the configuration."""

from __future__ import annotations

from tightship.lazy import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    Form = Literal[
        "words",  # rules, themes, sets and peers' ids
        "severities",  # a table from such a word to a severity
        "choice",
        "choices",  # a table from a name, with `*` and `?`, to a choice
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
