"""The label value has the wrong form for its key.

Tools read labels: a registry links the source, a scanner looks for the licence, a
clean-up job compares the time of the build. They ignore a value of another form without
a message. This includes an empty value.

The option `types` sets the form of each label. The default covers the keys of the OCI
image specification: times, URLs, the licence.

## How to fix

Use the form of the label: a time such as `2026-11-24T10:00:00Z` (RFC 3339), an SPDX
expression such as `MIT OR Apache-2.0`, a version such as `1.4.2` (semver), a hash in
7 to 64 hexadecimal digits. Licences are those of the SPDX list, in any case; others begin
with `LicenseRef-`.
"""

from tightship.rules import Bad, Finding, Findings, Good, Label, Option, Options, Wildcard, passed, regex, rule, spdx_problem, with_defaults  # fmt: skip

_HOST = r"(?:[^\W_]+(?:-+[^\W_]+)*|\[[^\s\]]+\])"
_FORMS = {
    "text": ("text", regex(r"(?s).+")),
    "url": ("a URL", regex(r"[A-Za-z][A-Za-z0-9+.-]*://[^\s/?#]+\S*")),
    "semver": (
        "a semantic version",
        regex(
            r"(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)"
            r"(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?"
        ),
    ),
    "hash": ("a hash of Git", regex(r"[0-9a-f]{7,40}|[0-9a-f]{64}")),
    "rfc3339": (
        "an RFC 3339 time",
        regex(
            r"\d{4}-(?:02(?!-3)|(?:0[469]|11)(?!-31)|0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])[Tt ]"
            r"(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?"
            r"(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)"
        ),
    ),
    "email": ("an e-mail address", regex(rf"(?:[^<>@]*<)?[^\s@<>]+@{_HOST}(?:\.{_HOST})*>?")),
}
_OCI = "org.opencontainers.image."

TYPES = Option(
    "types",
    "choices",
    lambda given: [(Wildcard(name), form) for name, form in given.items()],
    "The form of the values of some labels, by key; `*` matches any part of it.",
    '{ "org.example.version" = "semver" }',
    default={
        f"{_OCI}created": "rfc3339",
        f"{_OCI}url": "url",
        f"{_OCI}source": "url",
        f"{_OCI}documentation": "url",
        f"{_OCI}licenses": "spdx",
    },
    choices=("spdx", *_FORMS),
)


@rule(
    on=Label,
    severity="info",
    references=("OCI image specification, annotations",),
    aliases=("DL3051", "DL3052", "DL3053", "DL3054", "DL3055", "DL3056", "DL3058"),
    advice="use the form of the label, such as `2026-11-24T10:00:00Z` for a time",
    options=(TYPES,),
    examples=(
        Bad("""
            FROM debian:13
            LABEL org.opencontainers.image.source=«github.com/example/app»
            LABEL org.opencontainers.image.created=«2026-11-24»
            LABEL org.opencontainers.image.licenses=«Apache2»
        """),
        Bad("""
            ==> Dockerfile <==
            FROM debian:13
            LABEL org.example.version=«latest»
            ==> tightship.toml <==
            [rules.invalid-label-value]
            types = { "org.example.*" = "semver" }
        """),
        Good("""
            FROM debian:13
            ARG CREATED
            LABEL org.opencontainers.image.source=https://example.com/app \\
                  org.opencontainers.image.licenses="MIT OR Apache-2.0" \\
                  org.opencontainers.image.created=$CREATED
        """),
    ),
)
def invalid_label_value(step: Label, options: Options) -> Findings:
    """Point at the value."""
    for pair in step.pairs:
        key, value = pair.name.text, pair.value
        if value is None or not value.decided or not pair.name.decided:
            continue
        form = next((form for name, form in options[TYPES] if name.matches(key)), None)
        if form is None:
            continue
        problem = _problem(value.text, form)
        if problem is not None:
            yield Finding(
                value.span,
                f"the value of the label `{key}` {problem}{with_defaults(value)}",
                because=passed(value),
            )


def _problem(text: str, form: str) -> str | None:
    if not text:
        return "is empty"
    if form == "spdx":
        wrong = spdx_problem(text)
        return f"is not an SPDX expression: {wrong}" if wrong else None
    what, pattern = _FORMS[form]
    return f"is not {what}" if pattern.fullmatch(text) is None else None
