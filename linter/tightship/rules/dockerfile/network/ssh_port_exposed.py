"""The image offers an SSH server.

An SSH server in a container needs its own keys, accounts and updates, usually starts as
root, and bypasses the engine's log and access control. `EXPOSE` itself opens nothing:
it documents the port, and `docker run -P` publishes it on every interface of the host.

## How to fix

Use `docker exec` for a shell, and volumes or `docker cp` for files; then remove the
server and the port. If SSH is the purpose of the image, such as for a Git server,
listen on a port above 1024, without root.
"""

from tightship.rules import Bad, Expose, Finding, Findings, Good, exposed_ports, passed, rule, with_defaults  # fmt: skip

_SSH = 22


@rule(
    on=Expose,
    severity="info",
    references=("Dockerfile reference, EXPOSE",),
    aliases=("trivy:DS-0004", "checkov:CKV_DOCKER_1", "kics:5907595b"),
    advice="use `docker exec` and volumes instead, and remove the server and the port",
    examples=(
        Bad("""
            FROM debian:13
            EXPOSE 80 «22»
            EXPOSE «20-25/tcp»
        """),
        Bad("""
            FROM debian:13
            ARG SSH_PORT=22
            EXPOSE «$SSH_PORT/TCP»
        """),
        Good("""
            FROM debian:13
            EXPOSE 2222 22/udp 220 1-65535
        """).because("SSH uses TCP, and such a wide range does not mean SSH."),
        Good("""
            FROM debian:13
            ARG PORT
            EXPOSE $PORT
        """),
    ),
)
def ssh_port_exposed(expose: Expose) -> Findings:
    """Point at the port."""
    for argument in expose.arguments:
        ports = exposed_ports(argument.text) if argument.decided else ()
        if any(_SSH in port.of_one_program for port in ports):
            yield Finding(
                argument.span,
                f"the image exposes port {_SSH} (SSH){with_defaults(argument)}",
                because=passed(argument),
            )
