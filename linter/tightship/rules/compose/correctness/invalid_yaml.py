"""The file is not YAML.

Compose stops at the first YAML error and starts nothing. Until it is fixed, the
meaning of the rest of the file is uncertain: a line that ends up under the wrong key
can remove a service's whole hardening.

Tightship continues after the error and checks the parts that it understands;
`not-checked` reports that the check is incomplete.

## How to fix

Fix the marked line, or the line above it where the marked part begins. Usual
causes are a tab in place of spaces, an unclosed quote or bracket, a `: ` inside a value
without quotes, and wrong indentation.
"""

from tightship.rules import Bad, ComposeFile, Finding, Findings, Good, Verified, rule


@rule(
    on=ComposeFile,
    when=("problems",),
    severity="error",
    references=("YAML 1.2, Compose Specification, Compose file",),
    aliases=("dclint:invalid-yaml",),
    advice="fix the marked line, or the line above it where the marked part begins",
    absorbs_here=("not-checked", "wrong-type"),
    checked=Verified("""
        $ docker compose config --quiet && echo accepted
      - yaml: unknown anchor 'defaults' referenced
      + accepted
    """),
    examples=(
        Bad("""
            services:
              web:
                image: nginx
                environment: «*defaults»
        """),
        Good("""
            services:
              web:
                image: nginx
                command: ["echo", "a: b"]
        """),
    ),
)
def invalid_yaml(file: ComposeFile) -> Findings:
    """Point at each place that is not YAML."""
    for problem in file.problems:
        yield Finding(problem.span, problem.message)
