"""An image comes from a registry that is not among those you trust.

Whoever runs a registry, or may push to a path of it, decides what its images contain. A
name that looks familiar in another place, a mirror that somebody set up for a day, a
path that was given up and registered anew: the file reads well, and the container runs
what somebody else built. That goes for what a build copies from, and for its frontend
(`# syntax=`), as well.

This is told only where `trusted-registries` in the configuration says which they are. A
name without a registry, such as `nginx`, means `docker.io`.

## How to fix

Take the image from a registry on the list, for instance from a mirror there. Or add the
registry to `trusted-registries`, if whoever owns the list agrees.
"""

from __future__ import annotations

from tightship.isolation.pulled_image import PulledImage
from tightship.rules.kit import Bad, Finding, Findings, Good, Severity, rule

_CONFIG = 'trusted-registries = ["docker.io/library", "ghcr.io/example/*"]\n'


@rule(
    on=PulledImage,
    severity=Severity.WARNING,
    cis=("4.2",),
    owasp=("R13",),
    cwe=(1357,),
    references=("Tightship, configuration: `trusted-registries`",),
    aliases=("DL3026",),
    examples=(
        Bad(
            {
                "compose.yaml": """
                services:
                  web:
                    image: nginx:1.29
                  worker:
                    image: «ghcr.io/exampel/worker:2.1»
                  search:
                    image: «bitnami/elasticsearch:8.15»
                """,
                "tightship.toml": _CONFIG,
            },
            why="On Docker Hub, only `library` is on the list.",
        ),
        Bad(
            {
                "Dockerfile": """
                # syntax=«quay.io/dockerfile/dockerfile:1»
                FROM golang:1.25 AS build
                COPY --from=«registry.example/tool:1» /tool /bin/tool
                RUN --mount=from=«registry.example/lint:2»,target=/lint /lint/run

                FROM «gcr.io/distroless/static:nonroot»
                COPY --from=build /app /app
                """,
                "tightship.toml": _CONFIG,
            },
        ),
        Good(
            {
                "compose.yaml": """
                services:
                  web:
                    image: ghcr.io/example/web:3
                  api:
                    image: ${REGISTRY}/api:3
                  proxy:
                    build: .
                    image: quay.io/example/proxy
                """,
                "Dockerfile": "FROM alpine:3.22\n",
                "tightship.toml": _CONFIG,
            },
            why="One is trusted, one is not in the file, and one is built here.",
        ),
        Good(
            """
            services:
              web:
                image: quay.io/example/web:3
            """,
            why="Nobody has said which registries are trusted.",
        ),
    ),
)
def untrusted_registry(pull: PulledImage) -> Findings:
    """Point at an image that surely comes from elsewhere."""
    if pull.trusted.trusts(pull.image) is False:
        registry = pull.image.registry or "docker.io"
        yield Finding(
            pull.span,
            f"{pull.by} takes `{pull.image.familiar}` from `{registry}`, which is not"
            f" among the `trusted-registries`{pull.defaults}",
        )
