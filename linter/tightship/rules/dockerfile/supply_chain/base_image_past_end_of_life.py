"""The build takes software whose support has ended.

A vulnerability that is found after that day stays open: the vendor publishes no fix, and a
rebuild changes nothing. The tag tells the software and what it is built on, so that
`python:3.12-slim-buster` is about Debian 10 as well. What `COPY --from` and `RUN --mount`
take files from counts, too.

The dates are those that vendors publish, and come with Tightship: nothing is asked for. A
finding appears on the day after the end of support, which is that of everybody: Debian's
long-term support counts, and Ubuntu's extended support, which takes a subscription, does
not. The rule is silent about images that are not official ones or Microsoft's of .NET, about
tags that name no version, and about cycles whose end is not certain.

## How to fix

Move to a supported version. The finding names the one with the longest support, as far as
vendors have announced it. Then build and test: a new version may remove what you use.

If you pay for extended support, or if an old version has to stay, name the image in
`allowed`. With `grace-days` findings come some days later than the end of support.
"""

from __future__ import annotations

from tightship.dockerfile.image_reference import ImageReference
from tightship.rules.end_of_life import ALLOWED, GRACE, what_ended
from tightship.rules.kit import (
    Bad,
    Finding,
    Findings,
    Good,
    Severity,
    passed,
    rule,
    with_defaults,
)
from tightship.values.image import tagged

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.config.options import Options


@rule(
    on=ImageReference,
    severity=Severity.WARNING,
    owasp=("R13",),
    cwe=(1104,),
    references=("the lifecycle pages of the vendors",),
    aliases=("tally:eol-ruby-version",),
    options=(ALLOWED, GRACE),
    advice="move to a supported version, then build and test",
    examples=(
        Bad(
            """
            FROM «node:8-alpine» AS build
            RUN npm ci

            FROM «nginx:stable-alpine3.8»
            COPY --from=build /app /usr/share/nginx/html
            COPY --from=«python:3.6-slim-jessie» /usr/local/bin/python /opt/python
            """,
            why="Node.js 8, Alpine Linux 3.8, and Python 3.6 on Debian 8.",
        ),
        Bad(
            """
            ARG PYTHON=2.7
            FROM «python:${PYTHON}-slim»
            FROM «openjdk:8-jre»
            """,
            why="The image `openjdk` is deprecated, whatever its version of Java.",
        ),
        Good(
            f"""
            ARG TAG
            FROM python:${{TAG}} AS build
            FROM node:lts AS assets
            FROM ghcr.io/example/python:2.7
            FROM debian@sha256:{"0" * 64}
            """,
            why="No version is in the file, or it is that of somebody else.",
        ),
        Good(
            {
                "Dockerfile": """
                    FROM postgres:9.6-alpine3.12
                    """,
                "tightship.toml": """
                    [rules.base-image-past-end-of-life]
                    allowed = ["postgres:9.6*"]
                    """,
            },
            why="It is to stay.",
        ),
    ),
)
def base_image_past_end_of_life(
    reference: ImageReference, options: Options
) -> Findings:
    """Point at an image whose tag names a cycle that has ended."""
    image, argument = reference.image, reference.argument
    ended = what_ended(image, options)
    if ended and reference.is_readable:
        yield Finding(
            reference.span,
            f"`{reference.kind}` takes `{tagged(image)}`{with_defaults(argument)}:"
            f" {ended}",
            because=passed(argument),
        )
