"""ENV or LABEL has the old form without `=`.

`ENV NAME value` sets one variable to the whole rest of the line. Docker keeps this form for
old files and advises against it, because the line can look like several variables:
`ENV ONE TWO= THREE=x` sets only `ONE`. If a hardening setting follows in such a line, it
has no effect.

## How to fix

Write `ENV NAME=value`, with quotes around a value that has spaces. The fix keeps the exact value.
"""

from tightship.rules import Argument, Bad, Edit, Env, Finding, Findings, Fix, Good, Label, PairsStep, Severity, Span, quoted, quoted_words, regex, rule  # fmt: skip

_NAME = regex(r"[A-Za-z0-9_./-]+")


@rule(
    on=(Env, Label),
    severity="warning",
    severity_note="info unless the value begins with `=`",
    fix="keeps-behaviour",
    references=("Dockerfile reference, ENV", "BuildKit, build checks, LegacyKeyValueFormat"),
    aliases=("buildkit:LegacyKeyValueFormat",),
    tags=("deprecated",),
    when=("instruction.legacy",),
    examples=(
        Bad("""
            FROM debian:13
          - ENV «LANG» C.UTF-8
          - ENV «OPTIONS» -v  --color=$WHEN
          - LABEL «vendor» The "very" \\
          -     best
          + ENV LANG=C.UTF-8
          + ENV OPTIONS="-v  --color=$WHEN"
          + LABEL vendor="The very     best"
        """).at("info"),
        Bad("""
            FROM debian:13
            ENV «DEBUG» = 0
        """).because("The value is `= 0`, which no program reads as zero."),
        Good("""
            FROM debian:13
            ENV LANG=C.UTF-8 OPTIONS="-v --color=$WHEN"
            LABEL vendor="The best"
        """),
    ),
)
def legacy_key_value(step: PairsStep) -> Findings:
    """Point at the name."""
    if not step.instruction.legacy:
        return
    for pair in step.pairs:
        if pair.value is None:
            continue
        name, value = pair.name, pair.value
        if value.raw.startswith("="):
            yield Finding(
                name.span,
                f"without spaces around `=` this would set `{name.raw}`; as it is, the"
                " `=` is part of the value",
            )
            continue
        edits = _edits(step, name, value)
        yield Finding(
            name.span,
            f"`{step.name} {name.raw} …` is the old form of `{name.raw}=…`",
            severity=Severity.INFO,
            fix=Fix.keeps("Write it with `=`", edits),
        )


def _edits(step: PairsStep, name: Argument, value: Argument) -> tuple[Edit, ...]:
    """Return edits that keep the expanded text the same."""
    escape = step.stage.build.escape
    source, at = name.span.source, value.span
    gap = Span(source, name.span.end, at.start)
    if value.expansion.problem or _NAME.fullmatch(name.raw) is None:
        return ()
    if gap.text.strip(f" \t\r\n{escape}"):
        return ()  # a comment
    body = step.instruction.body
    rest = body.cut(len(body.text) - len(value.raw), len(body.text))
    if quoted_words(rest, escape) == [(0, len(value.raw))]:
        return (Edit(gap, "="),)
    if not any(mark in value.raw for mark in ("'", '"', escape)):
        # Without quotes and escapes in it, double quotes around it change nothing.
        return Edit(gap, '="'), Edit(Span(source, at.end, at.end), '"')
    if "$" in value.raw or "#" in at.text:
        return ()
    return Edit(gap, "="), Edit(at, quoted(value.text, escape))
