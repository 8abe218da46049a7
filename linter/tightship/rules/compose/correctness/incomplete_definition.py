"""A definition lacks a required key.

A service has neither an image nor a build, a bind mount has no source, or a secret
has neither a file nor a variable as its source. Compose rejects the project, and
starts nothing.

Often, the definition is meant as an override: another file has the missing key, but
Compose does not read that file automatically.

## How to fix

Add one of the keys in the message. If another file has the key, give that file one of
the names that Compose looks for, or list both in `COMPOSE_FILE` in `.env`. If a platform
completes the service, name it in `provided` of the configuration.
"""

from tightship.rules import Bad, Fault, Finding, Findings, Good, Verified, rule


@rule(
    on=Fault,
    severity="error",
    references=(
        "Compose Specification, services, volumes, secrets and configs",
        "compose-go, loader/validate.go",
    ),
    advice="add the key, or name the file that has it in `COMPOSE_FILE`",
    checked=Verified("""
        $ docker compose config --quiet && echo accepted
      - service "app" has neither an image nor a build context specified: invalid compose project
      + accepted
        ==> compose.yaml <==
        services:
          app:
      +     image: busybox
            read_only: true
    """),
    examples=(
        Bad("""
            services:
              «web»:
                ports: ["8080:80"]
        """),
        Bad("""
            services:
              web:
                image: nginx:1.29
                secrets: [key]
            secrets:
              key: «{name: web-key}»
        """),
        Good("""
            services:
              web: {image: "${IMAGE}"}
              api: {build: ./api, secrets: [key]}
            secrets:
              key: {environment: API_KEY}
        """),
        Good("""
            ==> compose.yaml <==
            services: {web: {ports: ['8080:80']}}
            ==> compose.override.yaml <==
            services: {web: {image: nginx}}
        """),
    ),
)
def incomplete_definition(fault: Fault) -> Findings:
    """Point at what lacks something."""
    if fault.kind == "incomplete" and fault.decided:
        yield Finding(fault.span, fault.message, because=fault.because, cause=fault.missing or ())
