"""The build uses the image that was pushed last.

`latest` is an ordinary tag, but it is expected to move, even to the next major version.
Two builds of the same commit can give two images, and a rebuild to fix an old version
can bring a new base. An attacker who gets push access to that repository, even once,
can put code into your next image without a change to the file.

The rule also checks the images of `COPY --from` and `RUN --mount`: a tool from them
is as trusted as the base.

## How to fix

Use the tag of the version that you tested. To be sure of every byte, add its digest:
`NAME:TAG@sha256:…`; `docker buildx imagetools inspect NAME:TAG` prints it.
"""

from tightship.rules import Bad, Finding, Findings, Good, ImageReference, passed, rule, with_defaults  # fmt: skip


@rule(
    on=ImageReference,
    severity="info",
    cwe=(1357,),
    references=("Dockerfile reference, FROM",),
    aliases=(
        "DL3007",
        "checkov:CKV_DOCKER_7",
        "semgrep:avoid-latest-version",
        "trivy:DS-0001",
        "kics:f45ea400",
    ),
    absorbs_here=("base-image-without-digest",),
    examples=(
        Bad("""
            FROM «node:latest»
            COPY --from=«nginx:latest» /etc/nginx /etc/nginx
            RUN --mount=type=bind,from=«golang:latest»,target=/go /go/bin/tool
        """),
        Bad("""
            ARG TAG=latest
            FROM «nginx:${TAG}»
        """).because("This applies to every build that passes no other `TAG`."),
        Bad("""
            ==> compose.yaml <==
            services:
              web:
                build:
                  context: .
                  args:
                    TAG: latest
            ==> Dockerfile <==
            ARG TAG=1.29
            FROM «nginx:${TAG}»
        """).because("The service sets another tag."),
        Good("""
            FROM node:22.11
            COPY --from=nginx:latest@sha256:0000000000000000000000000000000000000000000000000000000000000000 /etc /etc
        """).because("The digest decides, not the tag."),
        Good("""
            ARG TAG
            FROM nginx:${TAG}
        """).because("The tag is not in the file."),
    ),
)
def latest_base_image(reference: ImageReference) -> Findings:
    """Point at an image with the tag `latest` and no digest."""
    image = reference.image
    if image.tag != "latest" or not image.is_by_tag or not reference.is_readable:
        return
    yield Finding(
        reference.span,
        f"`{reference.kind}` uses `{image.familiar}:latest`{with_defaults(reference.argument)}"
        ", a tag that moves from image to image",
        because=passed(reference.argument),
    )
