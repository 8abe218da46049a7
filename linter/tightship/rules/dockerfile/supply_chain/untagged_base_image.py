"""The build uses an image by a name without a tag.

Docker then uses `latest`, the image that was pushed last. Two builds of the same
commit give two images, and a rebuild for an old bug brings a new base. Anyone who gets push
access to that repository once gets code into the next image, and no line of the file
changes.

The rule also checks the images of `COPY --from` and `RUN --mount`: a tool from them
is as trusted as the base.

## How to fix

Use the tag of the version that you tested. To be sure of every byte, add its digest:
`NAME:TAG@sha256:…`; `docker buildx imagetools inspect NAME:TAG` prints it.
"""

from tightship.rules import Bad, Finding, Findings, Good, ImageReference, has_hole, passed, rule, with_defaults  # fmt: skip


@rule(
    on=ImageReference,
    severity="info",
    cwe=(1357,),
    references=("Dockerfile reference, FROM",),
    aliases=(
        "DL3006",
        "checkov:CKV_DOCKER_7",
        "semgrep:missing-image-version",
        "trivy:DS-0001",
        "kics:9efb0b2d",
    ),
    absorbs_here=("base-image-without-digest",),
    examples=(
        Bad("""
            FROM «node» AS build
            RUN npm ci

            FROM «localhost:5000/nginx»
            COPY --from=build /app/dist /usr/share/nginx/html
        """).because("The number is the registry's port."),
        Bad("""
            FROM alpine:3.22
            COPY --from=«busybox» /bin/busybox /bin/busybox
            RUN --mount=from=«golang»,target=/go /go/bin/tool
        """),
        Bad("""
            ARG BASE=debian
            FROM «${BASE}»
        """).because("This applies to every build that passes no other `BASE`."),
        Good("""
            FROM node:22.11 AS Build
            FROM build
            COPY --from=0 /app /app
            FROM scratch
        """).because("Stages have no tags, and their names have no case."),
        Good("""
            ==> compose.yaml <==
            services:
              web:
                image: example-web
                build: {context: ., target: web}
              cron:
                build:
                  context: .
                  target: cron
                  args: {BASE: example-web}
            ==> Dockerfile <==
            ARG BASE
            FROM debian:13 AS web
            USER 1000
            FROM ${BASE} AS cron
        """).because("Another service builds that image."),
        Good("""
            ARG TAG
            FROM nginx:${TAG}
            FROM registry.example/${TAG}
        """).because("The tag is not in the file."),
        Good("""
            ARG BASE=non-existing
            FROM ${BASE}
        """).because("No build works with this default: each has to pass another `BASE`."),
        Good("""
            FROM nginx@sha256:0000000000000000000000000000000000000000000000000000000000000000
        """).because("A digest is more exact than a tag."),
    ),
)
def untagged_base_image(reference: ImageReference) -> Findings:
    """Point at an image with neither tag nor digest."""
    image = reference.image
    if image.tag or not image.is_by_tag:
        return
    if has_hole(image.name) or not reference.is_readable:
        return
    yield Finding(
        reference.span,
        f"`{reference.kind}` names `{image.familiar}` without a tag"
        f"{with_defaults(reference.argument)}: that means `latest`, a tag that moves from image to image",
        because=passed(reference.argument),
    )
