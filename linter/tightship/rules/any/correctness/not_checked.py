"""A part of the project was not checked.

Tightship cannot check parts that it cannot read: a file that is missing, unreadable,
outside the project or on the network, text that a syntax error hides, or a file of
variables with a line that Compose rejects. The findings on the rest are valid, but
the check is incomplete, so the run ends with exit code 2.

## How to fix

Fix the cause in the message. If the gap is intended, such as a file that only exists
in production, ignore the finding at its place and give a reason. In a file that cannot be
read, and in a file of variables, no comment can accept it: a `[[per-path]]` of the
[configuration](../configuration.md#exceptions) can.
"""

from tightship.rules import ACCEPT_BY_PATH, Bad, Finding, Findings, Gap, Good, rule


@rule(
    on=Gap,
    severity="error",
    references=("Tightship reads what lies in the project, and fetches nothing",),
    advice="fix the cause, or ignore the finding here with a reason if the gap is intended",
    tags=("gap",),
    examples=(
        Bad("«- nginx»\n").because("A list is not a Compose file, whatever its name."),
        Bad("""
            ==> compose.yaml <==
            services:
              web:
                image: nginx
                env_file: web.env
            ==> web.env <==
            SITE«» NAME=Example
        """).because("Compose starts nothing then: a name cannot contain a space."),
        Good("""
            services:
              web:
                image: nginx
        """),
    ),
)
def not_checked(gap: Gap) -> Findings:
    """Report the gap where it opens."""
    # A file that was not read has no comments.
    where = "" if gap.span.source.text else ACCEPT_BY_PATH
    yield Finding(gap.span, gap.reason, secrets=gap.secrets, advice=gap.advice or where)
