"""COPY has a relative destination, but no WORKDIR is set.

A relative destination is below the working folder, which only the base image defines. If
the next version of the image has another one, the files end up elsewhere: the program does
not find its configuration, or a privileged file is in a folder that others can write to.

## How to fix

Set an absolute `WORKDIR` first, or copy to an absolute path.
"""

from tightship.rules import Add, Argument, Bad, Copy, Finding, Findings, Good, Stage, Workdir, passed, rule, with_defaults  # fmt: skip

_NOT_RELATIVE = ("/", "\\", "$", '"', "'")


@rule(
    on=Stage,
    severity="info",
    references=("Dockerfile reference, COPY, destination",),
    aliases=("DL3045",),
    when=("keywords:ADD", "keywords:COPY"),
    examples=(
        Bad("""
            FROM node:24
            COPY package.json «app/»
            ADD app.tar.gz «.»
        """),
        Good("""
            FROM node:24
            WORKDIR /srv
            COPY package.json app/
        """),
        Good("""
            FROM node:24 AS base
            WORKDIR /srv
            FROM base
            COPY package.json .
        """).because("The base stage sets `WORKDIR`."),
        Good("""
            FROM scratch
            COPY app app
        """).because("An image from `scratch` starts in `/`."),
    ),
)
def relative_copy_destination(stage: Stage) -> Findings:
    """Point at each relative destination before the first WORKDIR."""
    if stage.is_from_scratch or stage.last(Workdir, 0) is not None:
        return
    for step in stage.steps:
        if isinstance(step, Workdir):
            return
        if not isinstance(step, (Add, Copy)):
            continue
        to = step.destination
        if to is not None and _is_relative(to):
            yield Finding(
                to.span,
                f"`{to.text}` is relative to a folder that only the base image"
                f" knows{with_defaults(to)}",
                because=passed(to),
            )


def _is_relative(to: Argument) -> bool:
    if not to.decided or not to.text:
        return False
    drive, colon, _ = to.text.partition(":")
    has_drive = colon and len(drive) == 1 and drive.isascii() and drive.isalpha()
    return not has_drive and not to.text.startswith(_NOT_RELATIVE)
