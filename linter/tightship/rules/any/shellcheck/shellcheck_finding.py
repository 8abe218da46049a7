"""ShellCheck finds a mistake in a shell script.

A script in a Dockerfile or a Compose file is seldom run by hand, and few tools look at it: a
variable that becomes several words, a `cd` that fails and is not noticed, or syntax that only
bash knows and `/bin/sh` does not, is found when the build or the container breaks.
[ShellCheck](https://www.shellcheck.net) reads such scripts, and each of its comments is a
finding here, with ShellCheck's id as its name: `SC2086`. The message is ShellCheck's.

The set `shellcheck` is off by default, and needs `pip install 'tightship[shellcheck]'`.

## How to fix

The page `https://www.shellcheck.net/wiki/SC2086` explains the finding of that id.
Where it is meant, a comment accepts it: `# tightship: ignore[SC2086]`,
`# shellcheck disable=SC2086` or `# hadolint ignore=SC2086`.
"""

from __future__ import annotations

from tightship.rules.kit import Applicability, Bad, Finding, Good, Severity, rule
from tightship.scripts.comment import ShellComment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.rules.kit import FamilyFindings


@rule(
    on=ShellComment,
    severity=Severity.ERROR,
    severity_note="warning or info where that is ShellCheck's own",
    fix=Applicability.UNSAFE,
    references=("ShellCheck's wiki",),
    advice="https://www.shellcheck.net/wiki/SC2086 explains it",
    examples=(
        Bad(
            {
                "Dockerfile": """
                FROM debian:13
                RUN rm -r «$CACHE_DIR»
                """
            },
            fixed={
                "Dockerfile": """
                FROM debian:13
                RUN rm -r "$CACHE_DIR"
                """
            },
            severity=Severity.INFO,
            why="The value may be several words, or a pattern.",
        ),
        Bad(
            """
            services:
              web:
                image: debian:13
                command: [bash, -c, 'exec serve «$$OPTIONS»']
            """,
            fixed="""
            services:
              web:
                image: debian:13
                command: [bash, -c, 'exec serve "$$OPTIONS"']
            """,
            severity=Severity.INFO,
        ),
        Bad(
            {
                "Dockerfile": """
                FROM debian:13
                RUN set -- "a b" c && touch «$@»
                """
            },
            why="This makes three files: `a`, `b` and `c`.",
        ),
        Good(
            {
                "Dockerfile": """
                FROM debian:13
                ENV CACHE_DIR=/var/cache/app
                RUN rm -r $CACHE_DIR
                """
            },
            why="The value is known to be one word.",
        ),
    ),
)
def shellcheck_finding(comment: ShellComment) -> FamilyFindings:
    """Yield the comment under its own id."""
    yield (
        comment.code,
        Finding(
            comment.span, comment.message, severity=comment.severity, fix=comment.fix
        ),
    )
