"""The label is not in the project's list.

If a project has agreed on its labels, a typo in a key creates a label that no tool
reads. The option `allowed` lists the keys; without it, this rule reports nothing.

## How to fix

Correct the key, or add it to `allowed`.
"""

from tightship.rules import Bad, Finding, Findings, Good, Label, Option, Options, Wildcard, rule

ALLOWED = Option(
    "allowed",
    "names",
    lambda given: [Wildcard(name) for name in given],
    "Label keys that an image may have; `*` matches any part of one.",
    '["org.opencontainers.image.*", "maintainer"]',
)


@rule(
    on=Label,
    severity="info",
    references=("OCI image specification, annotations",),
    aliases=("DL3050",),
    options=(ALLOWED,),
    examples=(
        Bad("""
            ==> Dockerfile <==
            FROM debian:13
            LABEL «org.opencontainer.image.title»=app
            ==> tightship.toml <==
            [rules.unexpected-label]
            allowed = ["org.opencontainers.image.*"]
        """),
        Good("""
            ==> Dockerfile <==
            FROM debian:13
            LABEL org.opencontainers.image.title=app
            ==> tightship.toml <==
            [rules.unexpected-label]
            allowed = ["org.opencontainers.image.*"]
        """),
    ),
)
def unexpected_label(step: Label, options: Options) -> Findings:
    """Point at the key."""
    for pair in step.pairs:
        key = pair.name
        if key.decided and not any(one.matches(key.text) for one in options[ALLOWED]):
            yield Finding(key.span, f"`{key.text}` is not one of the allowed labels")
