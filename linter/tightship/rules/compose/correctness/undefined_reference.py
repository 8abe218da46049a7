"""A reference names something that the project does not define.

A service extends, depends on or joins something by name: another service, a network,
a volume, a config, a secret. If the project does not define it, Compose rejects the
project and starts nothing.

Often the cause is a typo, or a missing file that has to be named with `-f`. A service with
a profile exists only in runs with that profile: if a service without a profile depends on
it, Compose rejects all other runs.

If a service extends one from another file, Compose does not add the networks and volumes of
that file: define them in this project, too.

## How to fix

Correct the name, or define it in the project. For a network or volume that exists
outside the project, add `external: true`. If a platform or another program adds it to
the project, name it in `provided` of the configuration. Give a service the profile of the service
it depends on, or write `required: false` below `depends_on`.
"""

from tightship.rules import Bad, Fault, Finding, Findings, Good, Severity, Verified, rule


@rule(
    on=Fault,
    severity="error",
    severity_note="warning for a service that only a profile adds",
    references=("Compose Specification, services and top-level elements",),
    advice="correct the name or define it (`external: true` if it exists), or set `provided`",
    checked=Verified("""
        $ docker compose config --quiet && echo accepted
      - service "app" refers to undefined network inside: invalid compose project
      + accepted
        ==> compose.yaml <==
        services:
          app:
            image: busybox
            networks: [inside]
      + networks:
      +   inside: {}
    """),
    examples=(
        Bad("""
            services:
              base: {image: "nginx:1.29"}
              web: {extends: «bace»}
        """),
        Bad("""
            ==> compose.yaml <==
            services:
              web:
                extends: «{file: common.yaml, service: web}»
            ==> common.yaml <==
            services: {base: {image: nginx}}
        """),
        Bad("""
            services:
              web:
                image: nginx:1.29
                networks: [«edge»]
                depends_on: [«database»]
                volumes: [«"cache:/var/cache/nginx"»]
              db: {image: "postgres:17"}
        """),
        Bad("""
            services:
              web:
                image: nginx:1.29
                depends_on: [«debug»]
              debug: {image: "debug:2", profiles: [dev]}
        """).at("warning", "A plain `docker compose up` is rejected."),
        Good("""
            services:
              web:
                image: nginx:1.29
                depends_on: {debug: {condition: service_started, required: false}}
              test:
                image: test:1
                profiles: [dev]
                depends_on: [debug]
              debug: {image: "debug:2", profiles: [dev]}
        """),
        Good("""
            services:
              web:
                image: nginx:1.29
                networks: [edge]
                depends_on: [db]
                volumes: ["${CACHE}:/var/cache/nginx"]
              db: {image: "postgres:17"}
            networks: {edge: {external: true}}
        """),
    ),
)
def undefined_reference(fault: Fault) -> Findings:
    """Point at the name."""
    if fault.decided and fault.kind in ("undefined", "disabled"):
        yield Finding(
            fault.span,
            fault.message,
            severity=Severity.WARNING if fault.kind == "disabled" else None,
            because=fault.because,
            cause=fault.missing or (),
        )
