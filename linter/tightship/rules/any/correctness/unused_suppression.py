"""A comment accepts a finding that is not there.

What it accepted has been mended, or the comment stands where it does not reach: it holds
for what begins on its own line, or on the next one that is no comment. A comment that
accepts nothing today will silently accept what somebody writes tomorrow.

## How to fix

Take the comment out, or move it above the line that the finding points at. Where the
configuration has `require-reason`, a comment without one accepts nothing: say why.
"""

from __future__ import annotations

from tightship.findings.suppression import Suppression
from tightship.rules.kit import Bad, Finding, Findings, Good, Severity, rule


@rule(
    on=Suppression,
    severity=Severity.INFO,
    references=("Tightship, suppressing findings",),
    examples=(
        Bad(
            """
            services:
              # tightship: ignore[«privileged-container»] it needs the host's devices
              web:
                image: httpd:2.4
            """
        ),
        Bad(
            {
                "Dockerfile": """
                # tightship: ignore[«latest-base-image»] we follow it on purpose
                FROM alpine:3.22
                """
            }
        ),
        Bad(
            {
                "compose.yaml": """
                services:
                  # tightship: ignore[«privileged-container»]
                  web:
                    image: httpd:2.4
                    privileged: true
                """,
                "tightship.toml": "require-reason = true\n",
            }
        ),
        Good(
            """
            services:
              # tightship: ignore[privileged-container] it needs the host's devices
              web:
                image: httpd:2.4
                privileged: true
            """,
        ),
    ),
)
def unused_suppression(suppression: Suppression) -> Findings:
    """Point at each word that has accepted nothing, and could have."""
    for word in suppression.words:
        if word.rules and word.sought and not word.used:
            message = f"no `{word.text}` is found here to ignore"
            if suppression.needs_reason and not suppression.reason:
                message = (
                    f"`{word.text}` is not ignored: the configuration asks for a reason"
                    " behind the brackets"
                )
            yield Finding(word.span, message)
