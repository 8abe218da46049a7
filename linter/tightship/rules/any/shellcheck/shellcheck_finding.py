"""ShellCheck finds a mistake in a shell script.

People seldom run the scripts in a Dockerfile or a Compose file by hand, and few tools
check them. So some mistakes appear only when the build or the container fails: a
variable that becomes several words, a `cd` that fails unnoticed, or syntax that bash
knows and `/bin/sh` does not. [ShellCheck](https://www.shellcheck.net) reads such
scripts. Each of its comments is a finding with ShellCheck's id as its name, such as
`SC2086`. The message is ShellCheck's.

The set `shellcheck` is off by default, and needs `pip install 'tightship[shellcheck]'`.

## How to fix

The page `https://www.shellcheck.net/wiki/SC2086` explains the finding of that id.
To accept it, write a comment: `# tightship: ignore[SC2086]`,
`# shellcheck disable=SC2086` or `# hadolint ignore=SC2086`.
"""

from tightship.rules import Bad, Finding, Good, Iterator, ShellComment, rule


@rule(
    on=ShellComment,
    severity="error",
    severity_note="warning or info if ShellCheck reports it so",
    fix="changes-behaviour",
    references=("ShellCheck's wiki",),
    advice="https://www.shellcheck.net/wiki/SC2086 explains it",
    examples=(
        Bad("""
            ==> Dockerfile <==
            FROM debian:13
          - RUN rm -r «$CACHE_DIR»
          + RUN rm -r "$CACHE_DIR"
        """).at("info", "The value may be several words, or a pattern."),
        Bad("""
            services:
              web:
                image: debian:13
          -     command: [bash, -c, 'exec serve «$$OPTIONS»']
          +     command: [bash, -c, 'exec serve "$$OPTIONS"']
        """).at("info"),
        Bad("""
            ==> Dockerfile <==
            FROM debian:13
            RUN set -- "a b" c && touch «$@»
        """).because("This makes three files: `a`, `b` and `c`."),
        Good("""
            ==> Dockerfile <==
            FROM debian:13
            ENV CACHE_DIR=/var/cache/app
            RUN rm -r $CACHE_DIR
        """).because("The value is known to be one word."),
    ),
)
def shellcheck_finding(comment: ShellComment) -> Iterator[tuple[str, Finding]]:
    """Yield the comment under its own id."""
    yield (
        comment.code,
        Finding(comment.span, comment.message, severity=comment.severity, fix=comment.fix),
    )
