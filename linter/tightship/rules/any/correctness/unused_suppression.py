"""The suppression matches no finding.

Either the finding is fixed, or the comment is in the wrong place: it applies to
findings that begin on its own line, or on the next line that is not a comment. A
comment that accepts nothing today will silently accept a new finding tomorrow.

## How to fix

Remove the comment, or move it above the line of the finding. If the configuration has
`require-reason`, a comment without a reason accepts nothing: add one.
"""

from tightship.rules import Bad, Finding, Findings, Fix, Good, Suppression, rule


@rule(
    on=Suppression,
    severity="info",
    fix="changes-behaviour",
    references=("Tightship, suppressing findings",),
    tags=("unnecessary",),
    examples=(
        Bad("""
            services:
          -   # tightship: ignore[«privileged-container»] it needs the host's devices
              web:
                image: httpd:2.4
        """),
        Bad("""
            services:
              web:
                image: httpd:2.4
          -     # tightship: ignore[root-user, «host-pid-namespace»] it binds port 80
          +     # tightship: ignore[root-user] it binds port 80
                user: root
        """),
        Bad("""
            ==> Dockerfile <==
          - # tightship: ignore[«latest-base-image»] we follow it on purpose
            FROM alpine:3.22
        """),
        Bad("""
            ==> compose.yaml <==
            services:
              # tightship: ignore[«privileged-container»]
              web:
                image: httpd:2.4
                privileged: true
            ==> tightship.toml <==
            require-reason = true
        """),
        Good("""
            services:
              # tightship: ignore[privileged-container] it needs the host's devices
              web:
                image: httpd:2.4
                privileged: true
        """),
    ),
)
def unused_suppression(suppression: Suppression) -> Findings:
    """Point at each word that has accepted nothing, and could have."""
    unused = [w for w in suppression.words if w.rules and w.is_selected and not w.is_used]
    for word in unused:
        if suppression.needs_reason and not suppression.reason:
            message = (
                f"`{word.text}` is not ignored: the configuration requires a reason"
                " after the brackets"
            )
            yield Finding(word.span, message)
            continue
        fix = Fix.changes(
            "Remove the unused suppression",
            (suppression.without(unused),),
            may_break="another project that shares this file and has the finding",
        )
        yield Finding(word.span, f"there is no finding of `{word.text}` here", fix=fix)
