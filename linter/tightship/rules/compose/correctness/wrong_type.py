"""A value has a type that Compose rejects.

Compose rejects the file and starts nothing. In YAML, the spelling decides whether
`user: 0` is a string or a number, and Compose requires a string there. The same is true
for `memory: 64` in `deploy` and for a `version: 3.8` without quotes.

The rule also reports invalid content that Compose checks: a size such as `5x`, a
duration without a unit, an invalid port, a word that is not allowed,
and a mapping that lacks a required key.

The rule skips a value with a variable in a place for a single value, because only the
content of the variable decides.

## How to fix

Write a value of the type in the message. Quotes turn a number or a date into a
string, and brackets make a list: `security_opt: [no-new-privileges:true]`.
"""

from tightship.rules import Bad, ComposeFile, Edit, Finding, Findings, Fix, Good, Verified, Violation, rule  # fmt: skip

_VERSION = ("version",)


@rule(
    on=ComposeFile,
    when=("violations",),
    severity="error",
    fix="keeps-behaviour",
    references=("Compose Specification, all chapters",),
    aliases=("dclint:invalid-schema",),
    advice="write a value of this type: quotes make a string, brackets make a list",
    checked=Verified("""
        $ docker compose config --quiet && echo accepted
      - validating …/compose.yaml: services.web.… must be a …
      + accepted
    """),
    examples=(
        Bad("""
            services:
              web:
                image: nginx
          -     user: «1000»
          -     cap_drop: «ALL»
          +     user: "1000"
          +     cap_drop: [ALL]
                healthcheck: {interval: "30s", retries: 3}
        """),
        Bad("""
            services:
              web:
                image: nginx
                privileged: «1»
                mem_limit: «64 megs»
                ports: [«"8080:99999"»]
        """),
        Bad("""
            services:
              web:
                image: nginx
                «cap_drop»:
                depends_on:
                  db: {«restart»: true}
              db:
                image: postgres
        """).because("An empty value is not a list, and a dependency needs a `condition`."),
        Good("""
            services:
              web:
                image: nginx
                privileged: "false"
                user: ${WEB_UID}
                mem_limit: 67108864
                environment: {RETRIES: 3, DEBUG: false}
        """).because("Compose converts these to a boolean, a size and texts."),
    ),
)
def wrong_type(file: ComposeFile) -> Findings:
    """Point at the value, or at its key where there is none."""
    for violation in file.violations:
        if violation.kind in ("wrong-type", "missing-key"):
            yield Finding(violation.span, violation.message, fix=_rewritten(violation))


def _rewritten(violation: Violation) -> Fix | None:
    text = violation.suggestion
    if text is None or violation.kind == "missing-key":
        return None
    if violation.path == _VERSION:
        # `obsolete-version` removes it, whatever its type.
        return None
    return Fix.corrects(f"Write `{text}`", (Edit(violation.span, text),))
