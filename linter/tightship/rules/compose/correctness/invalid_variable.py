"""What stands after a `$` is no variable that Compose can replace.

Compose replaces variables in the whole file before it looks at what they are for, and
refuses all of it when one of them is written wrong: an operator that it does not know, a
brace that is never closed. It starts nothing then.

Most are shell syntax, which Compose knows only in parts: `:-`, `-`, `:?`, `?`, `:+` and `+`,
but no `${NAME/a/b}` or `${NAME%.*}`. Others are a `$` that was meant as such, in a password
or in a script that the container runs.

## How to fix

Write the variable in one of the forms that Compose has, or double the `$`: `$$` is a
single one for the container.
"""

from __future__ import annotations

from tightship.compose.loading.fault import Fault
from tightship.compose.loading.tree import Leaf
from tightship.rules.kit import Bad, Finding, Findings, Good, Severity, rule


@rule(
    on=Fault,
    severity=Severity.ERROR,
    references=(
        "Compose Specification, interpolation",
        "compose-go, template/template.go",
    ),
    examples=(
        Bad(
            """
            services:
              web:
                image: nginx:1.29
                environment:
                  NAME: web-«${SITE%.example}»
            """,
        ),
        Good(
            """
            services:
              web:
                image: nginx:${TAG:-1.29}
                user: ${WEB_UID:?}
                environment:
                  NAME: web-$${SITE%.example}
                  PRICE: 5$
            """,
        ),
    ),
)
def invalid_variable(fault: Fault) -> Findings:
    """Point at the `$`, or at the value that a variable gives."""
    if fault.kind == "template" or (fault.kind == "cast" and _is_given(fault)):
        yield Finding(fault.span, fault.message, because=fault.because)


def _is_given(fault: Fault) -> bool:
    """Tell whether a variable decides, and is known; `wrong-type` sees the rest."""
    value = fault.value
    return isinstance(value, Leaf) and value.templated and value.decided
