"""The build uses software whose support has ended.

A vulnerability that is found after that day stays open: the vendor publishes no fix, and a
rebuild changes nothing. The tag names the software and its base:
`python:3.12-slim-buster` is Python 3.12 on Debian 10, and the rule checks both. It also
checks the images of `COPY --from` and `RUN --mount`.

The dates come from the vendors and are part of Tightship, so a check needs no network. A
finding appears on the day after the end of the support that everyone gets: Debian's
long-term support counts, but Ubuntu's extended support does not, because it requires a
subscription. The rule checks official images and Microsoft's images of .NET, if the tag
names a version and the end of its support is certain.

## How to fix

Move to a supported version. The finding names the one with the longest support, as far as
vendors have announced it. Then build and test: a new version may remove what you use.

If you pay for extended support, or if an old version has to stay, name the image in
`allowed`. With `grace-days`, findings appear some days after the end of support.
"""

from tightship.rules import ALLOWED, GRACE, Bad, Finding, Findings, Good, ImageReference, Options, passed, rule, tagged, what_ended, with_defaults  # fmt: skip


@rule(
    on=ImageReference,
    severity="warning",
    cwe=(1104,),
    references=("the lifecycle pages of the vendors",),
    aliases=("tally:eol-ruby-version",),
    options=(ALLOWED, GRACE),
    advice="move to a supported version, then build and test",
    examples=(
        Bad("""
            FROM «node:8-alpine» AS build
            RUN npm ci

            FROM «nginx:stable-alpine3.8»
            COPY --from=build /app /usr/share/nginx/html
            COPY --from=«python:3.6-slim-jessie» /usr/local/bin/python /opt/python
        """).because("These are Node.js 8, Alpine Linux 3.8, and Python 3.6 on Debian 8."),
        Bad("""
            ARG PYTHON=2.7
            FROM «python:${PYTHON}-slim»
            FROM «openjdk:8-jre»
        """).because("The image `openjdk` is deprecated, whatever its version of Java."),
        Good(f"""
            ARG TAG
            FROM python:${{TAG}} AS build
            FROM node:lts AS assets
            FROM ghcr.io/example/python:2.7
            FROM debian@sha256:{"0" * 64}
            """).because("The file has no version, or another vendor's version."),
        Good("""
            ==> Dockerfile <==
            FROM postgres:9.6-alpine3.12
            ==> tightship.toml <==
            [rules.base-image-past-end-of-life]
            allowed = ["postgres:9.6*"]
        """).because("The configuration allows this image."),
    ),
)
def base_image_past_end_of_life(reference: ImageReference, options: Options) -> Findings:
    """Point at an image whose tag names a cycle that has ended."""
    image, argument = reference.image, reference.argument
    ended = what_ended(image, options)
    if ended and reference.is_readable:
        yield Finding(
            reference.span,
            f"`{reference.kind}` uses `{tagged(image)}`{with_defaults(argument)}: {ended}",
            because=passed(argument),
        )
