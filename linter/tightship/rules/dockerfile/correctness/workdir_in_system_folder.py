"""The working folder is in `/proc`, `/sys` or `/dev`, which Docker mounts again for each step.

A build step gets its own `/proc`, `/sys` and `/dev`, and so does each container: a step
cannot write below the first two, and files that it writes to `/dev` are gone after the
step. So the image lacks these files, or the build fails.

## How to fix

Choose your own folder, such as `/srv/app`.
"""

import posixpath

from tightship.rules import Bad, Finding, Findings, Good, Workdir, passed, rule, with_defaults

_MOUNTED = ("dev", "proc", "sys")


@rule(
    on=Workdir,
    severity="warning",
    references=("Dockerfile reference, WORKDIR", "moby 26.1.5, oci/defaults.go"),
    aliases=("trivy:DS-0030",),
    examples=(
        Bad("""
            FROM alpine:3.22
            WORKDIR «/proc/app»
            COPY . .
        """),
        Good("""
            FROM alpine:3.22
            WORKDIR /process/app
            WORKDIR /usr/src/dev
        """),
    ),
)
def workdir_in_system_folder(step: Workdir) -> Findings:
    """Point at a path below a folder that is mounted in every container."""
    value = step.value
    if value is None or not value.decided or step.stage.system == "windows":
        return
    if not value.text.startswith("/"):
        return
    folder = posixpath.normpath(value.text).lstrip("/").partition("/")[0]
    if folder in _MOUNTED:
        yield Finding(
            value.span,
            f"each step and the container mount their own `/{folder}`, which hides the"
            f" image's content of `{value.text}`{with_defaults(value)}",
            because=passed(value),
        )
