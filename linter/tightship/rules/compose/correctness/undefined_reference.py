"""A name stands for nothing that the project defines.

A service extends, depends on or joins something by name: another service, a network, a
volume, a config, a secret. Compose refuses a project in which there is no such thing, and
starts nothing.

Behind it is often a typing error, or a file that has to be named with `-f` and was not.
What a service extends from another file does not bring along the networks and volumes
that it names there: they have to be defined in this project, too.

## How to fix

Correct the name, or define what it stands for. A network or volume that exists outside of
the project is defined here with `external: true`.
"""

from __future__ import annotations

from tightship.compose.loading.fault import Fault
from tightship.rules.kit import (
    Bad,
    Finding,
    Findings,
    Good,
    Seen,
    Severity,
    rule,
)


@rule(
    on=Fault,
    severity=Severity.ERROR,
    references=("Compose Specification, services and top-level elements",),
    checked=Seen(
        """
        $ docker compose config --quiet && echo accepted
        service "app" refers to undefined network inside: invalid compose project
        """,
        """
        $ docker compose config --quiet && echo accepted
        accepted
        """,
        files={
            "compose.yaml": """
            services:
              app:
                image: busybox
                networks: [inside]
            """,
        },
        control_files={
            "compose.yaml": """
            services:
              app:
                image: busybox
                networks: [inside]
            networks:
              inside: {}
            """,
        },
    ),
    examples=(
        Bad(
            """
            services:
              base: {image: "nginx:1.29"}
              web: {extends: «bace»}
            """,
        ),
        Bad(
            {
                "compose.yaml": """
                services:
                  web:
                    extends: «{file: common.yaml, service: web}»
                """,
                "common.yaml": "services: {base: {image: nginx}}\n",
            },
        ),
        Bad(
            """
            services:
              web:
                image: nginx:1.29
                networks: [«edge»]
                depends_on: [«database»]
                volumes: [«"cache:/var/cache/nginx"»]
              db: {image: "postgres:17"}
            """,
        ),
        Good(
            """
            services:
              web:
                image: nginx:1.29
                networks: [edge]
                depends_on: [db]
                volumes: ["${CACHE}:/var/cache/nginx"]
              db: {image: "postgres:17"}
            networks: {edge: {external: true}}
            """,
        ),
    ),
)
def undefined_reference(fault: Fault) -> Findings:
    """Point at the name."""
    if fault.decided and fault.kind in ("undefined", "disabled"):
        yield Finding(fault.span, fault.message, because=fault.because)
