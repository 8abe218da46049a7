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
from tightship.rules.kit import (
    Applicability,
    Bad,
    Finding,
    Findings,
    Fix,
    Good,
    Severity,
    rule,
)


@rule(
    on=Suppression,
    severity=Severity.INFO,
    fix=Applicability.UNSAFE,
    references=("Tightship, suppressing findings",),
    examples=(
        Bad(
            """
            services:
              # tightship: ignore[«privileged-container»] it needs the host's devices
              web:
                image: httpd:2.4
            """,
            fixed="""
            services:
              web:
                image: httpd:2.4
            """,
        ),
        Bad(
            """
            services:
              web:
                image: httpd:2.4
                # tightship: ignore[root-user, «host-pid-namespace»] it binds port 80
                user: root
            """,
            fixed="""
            services:
              web:
                image: httpd:2.4
                # tightship: ignore[root-user] it binds port 80
                user: root
            """,
        ),
        Bad(
            {
                "Dockerfile": """
                # tightship: ignore[«latest-base-image»] we follow it on purpose
                FROM alpine:3.22
                """
            },
            fixed={"Dockerfile": "FROM alpine:3.22\n"},
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
    unused = [
        w for w in suppression.words if w.rules and w.is_selected and not w.is_used
    ]
    for word in unused:
        if suppression.needs_reason and not suppression.reason:
            message = (
                f"`{word.text}` is not ignored: the configuration asks for a reason"
                " behind the brackets"
            )
            yield Finding(word.span, message)
            continue
        fix = Fix.unsafe(
            "Take out what accepts nothing",
            (suppression.without(unused),),
            may_break="a project that shares this file, and has what the comment accepts",
        )
        yield Finding(word.span, f"no `{word.text}` is found here to ignore", fix=fix)
