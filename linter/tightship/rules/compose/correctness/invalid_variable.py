"""A variable has invalid syntax or an invalid value.

Compose replaces the variables in the whole file before it reads the settings, and
rejects the file if one of them has invalid syntax, such as an unknown operator or a
brace that is never closed. It then starts nothing.

Usually this is shell syntax, of which Compose supports only a part: `:-`, `-`, `:?`, `?`,
`:+` and `+`, but not `${NAME/a/b}` or `${NAME%.*}`. Or it is a literal `$`, in a password
or in a script that the container runs.

Compose checks the value of a variable like a literal value: it rejects `maybe` for
true or false, and `64mega` for a size. A default such as the one in
`${READ_ONLY:-maybe}` counts unless `.env` sets the variable. The rule ignores
variables that only your environment can set.

## How to fix

Use one of Compose's forms of variables, or double the `$`: `$$` gives the container a
single `$`. Give the variable a default, or a value in `.env`, that is valid in its place.
"""

from tightship.rules import Bad, Fault, Finding, Findings, Good, ScalarValue, Verified, by_default, rule  # fmt: skip


@rule(
    on=Fault,
    severity="error",
    references=("Compose Specification, interpolation", "compose-go, template/template.go"),
    checked=Verified("""
        $ docker compose config --quiet && echo accepted
      - invalid interpolation format for services.app.hostname.
      - You may need to escape any $ with another $.
      - ${NAME
      + accepted
        ==> compose.yaml <==
        services:
          app:
            image: busybox
      -     hostname: "${NAME"
      +     hostname: "${NAME:-app}"
    """),
    examples=(
        Bad("""
            services:
              web:
                image: nginx:1.29
                environment:
                  NAME: web-«${SITE%.example}»
        """),
        Bad("""
            services:
              web:
                image: nginx:1.29
                read_only: «${READ_ONLY:-maybe}»
                pids_limit: ${PIDS}
        """).because("The file does not set `PIDS`."),
        Good("""
            services:
              web:
                image: nginx:${TAG:-1.29}
                user: ${WEB_UID:?}
                environment:
                  NAME: web-$${SITE%.example}
                  PRICE: 5$
        """),
    ),
)
def invalid_variable(fault: Fault) -> Findings:
    """Point at the `$`, or at the value that a variable gives."""
    if fault.kind == "template":
        yield Finding(fault.span, fault.message, because=fault.because)
    value = fault.value
    if fault.kind != "cast" or not isinstance(value, ScalarValue):
        return
    # `wrong-type` reports values without a variable.
    if value.templated and value.decided:
        message = f"{fault.message}; the value is not{by_default(value.provenance)}"
        advice = "give the variable a value of that kind, in `.env` or as its default"
        yield Finding(fault.span, message, because=fault.because, advice=advice)
