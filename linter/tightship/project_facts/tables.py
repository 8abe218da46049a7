"""The entries of tables: labels, options, variables."""

from __future__ import annotations

from tightship.project_facts.definition import Fact, Group
from tightship.project_facts.values import Scalar
from tightship.values.secret import is_secret_name

_NAME = Fact("text", "the name", lambda entry: Scalar(entry[1].span, entry[0]))
_VALUE = Fact("text", "the value", lambda entry: entry[1])

ENTRY = Group("entry", "an entry of a table", {"name": _NAME, "value": _VALUE})
VARIABLE = Group(
    "variable",
    "an environment variable",
    {
        "name": _NAME,
        "value": _VALUE,
        "secret": Fact(
            "flag",
            "whether its name is that of a secret: `DB_PASSWORD`, and not `DB_PASSWORD_FILE`",
            lambda entry: Scalar(entry[1].span, is_secret_name(entry[0])),
        ),
    },
)
