"""EXPOSE contains a host port or address, but it publishes nothing.

`EXPOSE` only documents the ports on which the image listens. BuildKit drops
everything before the last colon: `EXPOSE 127.0.0.1:5432:5432` is `EXPOSE 5432`. A
reader believes that the port stays on the loopback interface, but `docker run -P`
publishes it on all interfaces, under a random number.

BuildKit reports the same as `ExposeInvalidFormat`, and plans to reject it in the
future.

## How to fix

Write only the container's port, and publish it when you run the container: with
`docker run -p 127.0.0.1:5432:5432`, or with `ports` in a Compose file.
"""

from tightship.rules import Bad, Expose, Finding, Findings, Good, Severity, passed, port_problem, respelled, rule, with_defaults  # fmt: skip


@rule(
    on=Expose,
    severity="warning",
    severity_note="info unless an address is named",
    fix="keeps-behaviour",
    references=("Dockerfile reference, EXPOSE", "BuildKit, build checks, ExposeInvalidFormat"),
    aliases=("buildkit:ExposeInvalidFormat",),
    examples=(
        Bad("""
            FROM postgres:18
          - EXPOSE «127.0.0.1:5432:5432»
          + EXPOSE 5432
        """),
        Bad("""
            FROM nginx:1.29
          - EXPOSE «8080:80» 443/tcp «8053:53/udp»
          + EXPOSE 80 443/tcp 53/udp
        """).at("info"),
        Good("""
            FROM nginx:1.29
            ARG PORT
            EXPOSE 80 8000-8010 $PORT $PORT:80
        """),
    ),
)
def host_mapping_in_expose(expose: Expose) -> Findings:
    """Point at each port with something before it."""
    for argument in expose.arguments:
        before, _, port = argument.text.rpartition(":")
        if not argument.decided or not before or port_problem(argument.text):
            continue
        has_address = bool(before.rpartition(":")[0])
        yield Finding(
            argument.span,
            f"EXPOSE publishes nothing: in `{argument.text}`, only `{port}`"
            f" counts{with_defaults(argument)}",
            severity=None if has_address else Severity.INFO,
            fix=respelled(argument.span, argument.text, port),
            because=passed(argument),
        )
