"""A WORKDIR is relative to a folder that only the base image knows.

`WORKDIR app` means the folder `app` below the last WORKDIR. If neither the stage nor
its base stages set one, the base image decides: `/` in one release, `/home/node` or
`/usr/src` in another. After an update of the image, files are copied, owned and run in
another folder. Absolute paths in a volume, a `chown` or a read-only mount then protect
a folder that is no longer in use.

BuildKit reports the same as `WorkdirRelativePath`. The rule only checks the first
WORKDIR: a relative one after an absolute one is certain.

## How to fix

Write an absolute path: `WORKDIR /app`. `docker image inspect` shows the current
folder of the base image.
"""

from tightship.rules import Argument, Bad, Finding, Findings, Good, Stage, Workdir, passed, regex, rule, with_defaults  # fmt: skip

_DRIVE = regex(r"[A-Za-z]:(?:[/\\]|$)")


@rule(
    on=Stage,
    severity="warning",
    references=("Dockerfile reference, WORKDIR", "BuildKit, build checks, WorkdirRelativePath"),
    aliases=(
        "DL3000",
        "buildkit:WorkdirRelativePath",
        "trivy:DS-0009",
        "checkov:CKV_DOCKER_10",
        "kics:6b376af8",
    ),
    advice="write an absolute path: `WORKDIR /app`",
    when=("keywords:WORKDIR",),
    examples=(
        Bad("""
            FROM node:22
            WORKDIR «app»
            WORKDIR dist
            COPY . .
        """).because("The second one follows the first."),
        Bad("""
            FROM node:22
            ARG FOLDER=app
            WORKDIR «"$FOLDER"»
        """),
        Bad("""
            FROM node:22
            WORKDIR «app/$NAME»
        """),
        Bad("""
            FROM golang:1.25
            WORKDIR «c:/build»
        """).because("On Linux that is the folder `/go/c:/build`."),
        Good("""
            FROM node:22 AS base
            WORKDIR /srv

            FROM base
            WORKDIR app
        """).because("It is `/srv/app`, whatever the image sets."),
        Good("""
            FROM scratch
            WORKDIR app
        """).because("Nothing comes before it: it is `/app`."),
        Good("""
            FROM debian:13
            WORKDIR ${HOME}/app
        """).because("Only a build knows the value."),
        Good(
            r"""
            FROM mcr.microsoft.com/windows/servercore:ltsc2025
            WORKDIR C:\\app
            """
        ),
    ),
)
def relative_workdir(stage: Stage) -> Findings:
    """Point at the first WORKDIR of a stage and those it is based on, and at drives."""
    own = [step for step in stage.steps if isinstance(step, Workdir)]
    yield from _drives(stage, own)
    if not own or stage.is_from_scratch or stage.last(Workdir, own[0].index) is not None:
        return
    if own[0].value is not None:
        yield from _judge(own[0].value)


def _drives(stage: Stage, steps: list[Workdir]) -> Findings:
    """Point at paths of Windows in an image of Linux."""
    for step in steps:
        path = step.value
        if path is None or not path.decided or ":" not in path.text:
            continue
        if not _DRIVE.match(path.text):
            continue
        if stage.system == "linux":
            yield Finding(
                path.span,
                f"`WORKDIR {path.text}` is relative on Linux, where `{path.text[:2]}` is"
                f" a folder, not a drive{with_defaults(path)}",
                because=passed(path),
            )


def _judge(path: Argument) -> Findings:
    known = path.text.partition("${")[0]
    if not known or _is_absolute(known) or _is_absolute(path.raw):
        return
    yield Finding(
        path.span,
        f"`WORKDIR {path.text}` is relative to a folder that only the base image"
        f" knows{with_defaults(path)}",
        because=passed(path),
    )


def _is_absolute(path: str) -> bool:
    has_drive = path[1:2] == ":" and path[0].isascii() and path[0].isalpha()
    return has_drive or path.startswith(("/", "\\"))
