"""The base image has no digest, so its tag can move to another image.

A tag is a pointer that anyone with push access to the repository can move, by mistake
or after an attacker takes over the account. The next build then contains other code
under the same name. A digest is the hash of the image's manifest: its image never
changes, and the builder checks it.

## How to fix

Append the digest to the tag that you tested: `NAME:TAG@sha256:…`;
`docker buildx imagetools inspect NAME:TAG` prints it. The tag stays for people to
read, and tools such as Renovate and Dependabot move both together.
"""

from tightship.rules import Bad, Finding, Findings, Good, ImageReference, passed, rule, with_defaults  # fmt: skip


@rule(
    on=ImageReference,
    severity="info",
    strict=True,
    references=("Dockerfile reference, FROM",),
    aliases=("semgrep:dockerfile-source-not-pinned",),
    advice="append the digest to the tag that you tested: `@sha256:…`",
    examples=(
        Bad("""
            ARG GO=1.25
            FROM «golang:${GO}-alpine» AS build
            FROM «alpine:3.22»
            COPY --from=build /app /app
            COPY --from=«busybox:1.37» /bin/busybox /bin/busybox
        """),
        Good("""
            FROM alpine:3.22@sha256:0000000000000000000000000000000000000000000000000000000000000000 AS base
            FROM base
            FROM scratch
        """),
        Good("""
            ARG TAG
            FROM nginx:${TAG}
        """).because("The variable may hold a digest."),
    ),
)
def base_image_without_digest(reference: ImageReference) -> Findings:
    """Point at an image that is taken by its tag alone."""
    image = reference.image
    if image.digest or "digest" in image.undecided or not reference.is_readable:
        return
    yield Finding(
        reference.span,
        f"`{reference.kind}` uses `{image.familiar}:{image.tag or 'latest'}`"
        f", whose tag can move{with_defaults(reference.argument)}",
        because=passed(reference.argument),
    )
