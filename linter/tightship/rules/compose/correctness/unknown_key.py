"""Unknown Compose key.

Compose rejects a file with an unknown key, and starts nothing. In the few places
where Compose ignores such a key, the result is worse: the line seems to do something,
but has no effect.

A typo in `read_only`, `cap_drop` or `security_opt` disables the hardening. The rule
knows all keys of today's Compose Specification; an older Docker Compose may still
reject some of them.

## How to fix

Write the key as the Compose Specification spells it, at its place there. For data for
people or other tools, use a key that starts with `x-`, which Compose ignores. If the platform
that runs the file reads the key, name it in `provided` of the configuration.
"""

from tightship.rules import Bad, ComposeFile, Edit, Finding, Findings, Fix, Good, Severity, Verified, Violation, YamlMapping, rule  # fmt: skip


@rule(
    on=ComposeFile,
    when=("violations",),
    severity="error",
    severity_note="warning if Compose ignores the key instead of rejecting the file",
    fix="keeps-behaviour",
    references=("Compose Specification, all chapters",),
    aliases=("dclint:invalid-schema",),
    advice="correct the key or its level, or start its name with `x-` if another tool reads it",
    checked=Verified("""
        $ docker compose config --quiet && echo accepted
      - validating …/compose.yaml: services.web Additional property readonly is not allowed
      + accepted
    """),
    examples=(
        Bad("""
            services:
              web:
                image: nginx
          -     «readonly»: true
          +     read_only: true
        """),
        Bad("""
            services:
              web:
                image: nginx
                «restart_policy»: {condition: on-failure}
        """).because("`restart_policy` is a key of `deploy`."),
        Bad("""
            include:
              - path: monitoring/compose.yaml
          -     «env-file»: monitoring/.env
          +     env_file: monitoring/.env
        """).at(
            "warning", "Compose ignores the key without a message, and does not read the `.env`."
        ),
        Bad("""
            services:
              «web server»: {image: nginx}
        """).because("Names of services have no spaces."),
        Good("""
            x-owner: {team: web}
            services:
              web:
                image: nginx
                x-note: it serves the shop
        """),
    ),
)
def unknown_key(file: ComposeFile) -> Findings:
    """Point at the key, and say what was probably meant."""
    for violation in file.violations:
        if violation.kind == "unknown-key":
            yield Finding(
                violation.span,
                violation.message,
                severity=Severity.WARNING if violation.ignored else None,
                fix=_renamed(violation),
                # A key like a known one is a typo, and nobody else reads it.
                cause=() if violation.suggestion else ("keys", str(violation.path[-1])),
            )


def _renamed(violation: Violation) -> Fix | None:
    meant, parent = violation.suggestion, violation.parent
    if meant is None or not isinstance(parent, YamlMapping) or parent.get(meant):
        return None
    return Fix.corrects(f"Write `{meant}`", (Edit(violation.span, meant),))
