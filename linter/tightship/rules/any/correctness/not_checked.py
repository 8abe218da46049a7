"""A part of the project could not be judged.

What Tightship cannot read it cannot vouch for: a file that is missing, unreadable,
outside of the project or somewhere on the network, text that a syntax error
hides, or a file of variables with a line that Compose refuses. The verdict on the rest stands, but it is not the whole, and so the run ends
with exit code 2.

## How to fix

Do what the message asks for. Where the gap is meant to be, for instance a file that
only exists in production, ignore the finding at its place and say why.
"""

from __future__ import annotations

from tightship.findings import Gap
from tightship.rules.kit import Bad, Finding, Findings, Good, Severity, rule


@rule(
    on=Gap,
    severity=Severity.ERROR,
    references=("Tightship reads what lies in the project, and fetches nothing",),
    tags=("gap",),
    examples=(
        Bad(
            "«- nginx»\n",
            why="A list is no Compose file, whatever its name.",
        ),
        Bad(
            {
                "compose.yaml": """
                services:
                  web:
                    image: nginx
                    env_file: web.env
                """,
                "web.env": "SITE«» NAME=Example\n",
            },
            why="Compose starts nothing then, for no name holds a space.",
        ),
        Good(
            """
            services:
              web:
                image: nginx
            """
        ),
    ),
)
def not_checked(gap: Gap) -> Findings:
    """Report the gap where it opens."""
    yield Finding(gap.span, gap.reason, secrets=gap.secrets)
