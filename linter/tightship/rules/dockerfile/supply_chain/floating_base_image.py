"""The tag of a base image names no version, so it moves.

`node:lts`, `redis:alpine`, `nginx:stable`, `debian:sid` and `app:main` name release
lines, not versions. One day, a rebuild of the same commit brings another major version.
And anyone who can push to that repository changes the next image without a change here.
The rule also checks the images of `COPY --from` and `RUN --mount`.

The release of a distribution is a version (`debian:bookworm`). In
`nginx:stable-alpine3.22` only the distribution has a version: nginx itself is the one
that is stable today.

## How to fix

Use the tag of the version that you tested, and keep the variant, such as `-alpine`. With
`node:24.11-alpine`, the version is clear. To be sure of every byte, add its digest; `docker buildx imagetools inspect
node:24.11-alpine` prints it.
"""

from tightship.rules import Bad, Finding, Findings, Good, ImageReference, passed, rule, tag_floats, with_defaults  # fmt: skip


@rule(
    on=ImageReference,
    severity="info",
    cwe=(1357,),
    references=("Dockerfile reference, FROM",),
    absorbs_here=("base-image-without-digest",),
    examples=(
        Bad("""
            FROM «node:lts-alpine» AS build
            FROM «nginx:stable»
            COPY --from=«ghcr.io/example/tool:main» /tool /tool
            RUN --mount=type=bind,from=«golang:alpine»,target=/go /go/bin/tool
        """),
        Bad("""
            ARG RELEASE=sid
            FROM «debian:${RELEASE}-slim»
        """),
        Good("""
            FROM node:24-alpine
            FROM debian:bookworm-slim
            FROM ghcr.io/example/tool:main-1a2b3c4
        """).because("These are a version, a release of Debian, and a commit."),
        Good("""
            FROM nginx:stable@sha256:0000000000000000000000000000000000000000000000000000000000000000
        """).because("The digest decides, not the tag."),
    ),
)
def floating_base_image(reference: ImageReference) -> Findings:
    """Point at an image whose tag names no version."""
    image = reference.image
    if not tag_floats(image) or not reference.is_readable:
        return
    yield Finding(
        reference.span,
        f"`{reference.kind}` uses `{image.familiar}:{image.tag}`"
        f"{with_defaults(reference.argument)}, a tag that moves from image to image",
        because=passed(reference.argument),
    )
