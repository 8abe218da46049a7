"""The image exposes a database, a console or a debugger in addition to its service.

Many services that listen on such ports ask for no password by default, and a debugger
runs code for anyone who connects. `EXPOSE` itself opens nothing: it documents the
ports. But `docker run -P` and many platforms publish all of them, and the author of the
next Compose file reads them as ports to publish. Often the port is left over from
development, or belongs to another server, to which the program only connects.

An image of the database itself may expose its port, so the rule reports nothing if
the base image, the command, an installed package, or the name of the stage or the
file shows that the image is that server. It also ignores numbers that many programs
use, such as 8500 and 9200. It always reports a debugger, except Java's, which it
reports only in images with Java.

## How to fix

Remove the port. Expose a debugger in a separate stage for development, or in a
Compose file that only developers use, published on `127.0.0.1`.
"""

from tightship.rules import Argument, Bad, Expose, Finding, Findings, Good, Iterator, Stage, exposed_ports, names_of, passed, rule, sensitive_ports, server_words, with_defaults  # fmt: skip

# Other programs have them too, by default or by choice: the number alone says nothing.
_AMBIGUOUS = frozenset((
    2380, 4646, 4848, 5601, 6333, 6334, 6432, 7077, 8086, 8091, 8161, 8500, 8529, 8983,
    9042, 9092, 9200, 9300, 9990, 10250, 19530, 26257,
))  # fmt: skip


@rule(
    on=Stage,
    severity="info",
    cwe=(668,),
    references=("Dockerfile reference, EXPOSE",),
    advice="remove the port, or expose it in a separate stage for development",
    when=("keywords:EXPOSE",),
    examples=(
        Bad("""
            FROM node:24
            EXPOSE 3000 «9229»
            CMD ["node", "--inspect=0.0.0.0", "server.js"]
        """),
        Bad("""
            FROM python:3.14
            ARG PORTS="8000 5432"
            RUN apt-get install -y postgresql-client
            EXPOSE «$PORTS»
            CMD ["gunicorn", "app:app"]
        """).because("The program connects to a database, which listens elsewhere."),
        Good("""
            FROM postgres:18
            EXPOSE 5432
        """),
        Good("""
            FROM debian:13
            RUN apt-get update && apt-get install -y redis-server
            EXPOSE 6379/tcp
            ENTRYPOINT ["/entrypoint.sh"]
        """).because("This is a Redis image."),
        Good("""
            FROM node:24
            EXPOSE 8500 9200
        """).because(
            "Consul and Elasticsearch use these ports by default, but other programs use them, too."
        ),
        Good("""
            FROM node:24
            ARG DEBUG_PORT
            EXPOSE 3000 9229/udp $DEBUG_PORT 9000-9999
        """),
    ),
)
def sensitive_port_exposed(stage: Stage) -> Findings:
    """Point at a port that the image has no reason to offer."""
    own: frozenset[str] | None = None
    for step in stage.steps:
        for argument in step.arguments if isinstance(step, Expose) else ():
            for number, what in _listeners(argument):
                own = server_words(stage) if own is None else own
                if _is_beside_the_point(what, own):
                    yield Finding(
                        argument.span,
                        f"the image exposes port {number} ({what}){with_defaults(argument)}",
                        because=passed(argument),
                    )
                    break


def _listeners(argument: Argument) -> Iterator[tuple[int, str]]:
    for port in exposed_ports(argument.text) if argument.decided else ():
        for number in port.of_one_program:
            if number in sensitive_ports() and number not in _AMBIGUOUS:
                yield number, sensitive_ports()[number]


def _is_beside_the_point(what: str, own: frozenset[str]) -> bool:
    if what.startswith("Java's"):
        return not own.isdisjoint(names_of(what))
    return "debugger" in what or own.isdisjoint(names_of(what))
