"""Quotes are part of the value of a variable.

In a list, `- EMAIL="false"` is a plain YAML scalar, in which quotes have no meaning. The
variable's value is `"false"`, with both quotes: as a switch it is neither true nor false,
and a password differs from the expected one. In an `env_file` and in a shell, the value
of the same line is `false`.

## How to fix

Remove the quotes, put the whole item in quotes (`- "EMAIL=false"`), or write a
mapping: `EMAIL: "false"`.
"""

from tightship.rules import Bad, Container, Finding, Findings, Good, ScalarValue, SequenceValue, rule  # fmt: skip

_LEAST = 2


@rule(
    on=Container,
    keys=("environment",),
    severity="info",
    references=("Compose Specification, services, environment",),
    advice='remove the quotes, or put the whole item in quotes: `- "EMAIL=false"`',
    examples=(
        Bad("""
            services:
              web:
                image: example/web:1
                environment:
                  - «EMAIL="false"»
                  - «NAME='shop'»
        """),
        Good("""
            services:
              web:
                image: example/web:1
                environment:
                  - "EMAIL=false"
                  - OPTIONS=--name="a b"
                  - 'JSON={"a": "b"}'
                  - WORDS="a" "b"
              api:
                image: example/api:1
                environment:
                  EMAIL: "false"
        """),
    ),
)
def quotes_in_environment(container: Container) -> Findings:
    """Point at an item of a list whose value is in quotes."""
    written = container.value("environment")
    for item in written.items if isinstance(written, SequenceValue) else ():
        if not isinstance(item, ScalarValue):
            continue
        name, equals, value = item.text.partition("=")
        if equals and _is_quoted(value):
            yield Finding(
                item.span, f"the value of `{name}` includes its quotes in {container.title}"
            )


def _is_quoted(value: str) -> bool:
    """Return whether a value is one text in quotes; in `"a" "b"` there are two."""
    quote = value[:1]
    if quote not in ("'", '"') or len(value) < _LEAST or value[-1] != quote:
        return False
    return quote not in value[1:-1]
