"""Which image runs is decided anew with every pull.

Without a tag, Docker takes `latest`, and `latest` is whatever was pushed last. Two hosts
that start the same file on different days run different software, a rollback runs what
was to be rolled back, and whoever gets to push to the repository once runs code in the
next deployment without anybody changing a line.

A version as the tag (`nginx:1.29`) still moves within that version, but to what its
maintainers call the same. Only a digest never moves.

## How to fix

Name the version that you tested. To be sure of every byte, add its digest:
`nginx:1.29@sha256:…`; `docker buildx imagetools inspect nginx:1.29` prints it.
"""

from __future__ import annotations

from tightship.isolation.container import Container
from tightship.rules.kit import Bad, Finding, Findings, Good, Severity, by_default, rule


@rule(
    on=Container,
    severity=Severity.INFO,
    cis=("5.28",),
    owasp=("R13",),
    cwe=(1357,),
    references=("Compose Specification, services, image",),
    aliases=("CL-0004", "dclint:service-image-require-explicit-tag"),
    absorbs_here=("image-without-digest",),
    examples=(
        Bad(
            """
            services:
              web:
                image: «nginx»
              db:
                image: «postgres:latest»
            """,
        ),
        Bad(
            """
            services:
              web: {image: «"registry.example:5000/web"»}
            """,
            why="The number is the registry's port.",
        ),
        Bad(
            """
            services:
              web:
                image: «nginx:${TAG:-latest}»
            """,
        ),
        Good(
            """
            services:
              web:
                image: nginx:1.29
            """,
        ),
        Good(
            """
            services:
              web:
                image: nginx@sha256:0000000000000000000000000000000000000000000000000000000000000000
            """,
            why="The digest decides, whatever the tag.",
        ),
        Good(
            """
            services:
              web:
                image: ${IMAGE}
              db:
                image: postgres:${TAG}
            """,
            why="The tag is not in the file.",
        ),
        Good(
            """
            services:
              web:
                build: .
                image: example/web
              worker:
                image: example/web
            """,
            why="The image is built here; its name says nothing about where it is from.",
        ),
    ),
)
def mutable_image_tag(container: Container) -> Findings:
    """Point at an image that is pulled by no tag, or by `latest`."""
    image = container.pulled_image
    if image is None or image.digest or image.undecided & {"tag", "digest"}:
        return
    if image.tag not in (None, "latest"):
        return
    written = container.service.text("image")
    yield Finding(
        written.span,
        f"service `{container.name}` runs whatever was pushed last as"
        f" `{image.familiar}:latest`{by_default(written.provenance)}",
    )
