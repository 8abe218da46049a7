"""The label key does not follow Docker's guidelines.

A key begins with a lower-case letter, ends with a letter or a digit, and consists of
lower-case letters, digits, single dots and single hyphens. `com.docker.*`, `io.docker.*`
and `org.dockerproject.*` are reserved for Docker; the labels of Docker's extensions, such as
`com.docker.extension.screenshots`, are what an image of one needs. Tools that select by
labels expect this form.

## How to fix

Write lower-case words with a reversed domain name as the prefix: `org.example.build-date`.
"""

from tightship.rules import Bad, Finding, Findings, Good, Label, regex, rule

_KEY = regex(r"[a-z](?:[a-z0-9]|[.-](?=[a-z0-9]))*")
_RESERVED = ("com.docker.", "io.docker.", "org.dockerproject.")
# Docker documentation, extension image labels.
_OF_EXTENSIONS = ("com.docker.extension.", "com.docker.desktop.extension.")


@rule(
    on=Label,
    severity="info",
    references=("Docker documentation, object labels, key format",),
    aliases=("DL3048", "tally:valid-key"),
    examples=(
        Bad("""
            FROM debian:13
            LABEL «Build_Date»=2026-11-01 «com.docker.app»=a
        """),
        Good("""
            FROM debian:13
            LABEL org.opencontainers.image.source=https://example.com/app version=1
            LABEL com.docker.desktop.extension.api.version=">= 0.3.4"
        """),
    ),
)
def invalid_label_key(step: Label) -> Findings:
    """Point at the key."""
    for pair in step.pairs:
        key = pair.name
        if not key.decided or not key.text:
            continue
        if key.text.startswith(_RESERVED) and not key.text.startswith(_OF_EXTENSIONS):
            yield Finding(key.span, f"labels like `{key.text}` are reserved for Docker")
        elif _KEY.fullmatch(key.text) is None:
            yield Finding(
                key.span,
                f"`{key.text}` should contain only lower-case letters, digits, single dots"
                " and hyphens",
            )
