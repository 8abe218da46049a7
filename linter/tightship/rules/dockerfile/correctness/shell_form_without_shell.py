"""A command in shell form needs a shell, but the image has none.

An image from `scratch` holds only what its steps copy. `RUN make` and `CMD server
--port 80` start `/bin/sh`, which is missing: the build stops, or the container does not
start (`exec: "/bin/sh": stat /bin/sh: no such file or directory`).

The rule reports nothing if a step may add a shell: a COPY or ADD to `/` or to a folder for
programs, a RUN in exec form or with files of another stage or the context mounted, or SHELL.

## How to fix

Write a JSON array: `CMD ["/server", "--port", "80"]`. Move commands that need a shell
into an earlier stage.
"""

import posixpath

from tightship.rules import Add, Bad, Cmd, Copy, Entrypoint, Finding, Findings, Good, Healthcheck, Run, ScriptStep, ShellStep, Stage, Step, is_long, rule  # fmt: skip

_EMPTY = frozenset(("cache", "tmpfs", "secret", "ssh"))
_SHELL = "/bin/sh"


@rule(
    on=(Run, Cmd, Entrypoint, Healthcheck),
    severity="warning",
    references=("Dockerfile reference, shell and exec form",),
    absorbs_here=("shell-form-entrypoint",),
    aliases=("tally:shell-run-in-scratch",),
    when=("stage.is_from_scratch",),
    examples=(
        Bad("""
            FROM scratch
            COPY server /server
            «ENTRYPOINT» /server --port 80
        """),
        Bad("""
            FROM scratch
            «RUN» echo ready
        """),
        Bad("""
            FROM scratch
            COPY app /app
            «RUN» --mount=type=cache,target=/cache /app/install
        """),
        Good("""
            FROM scratch
            COPY server /server
            ENTRYPOINT ["/server", "--port", "80"]
        """),
        Good("""
            FROM scratch
            ADD rootfs.tar.xz /
            RUN echo ready
            CMD server
        """).because("The archive may hold a shell."),
        Good("""
            FROM scratch
            COPY --from=busybox:1.37 /bin/busybox /bin/sh
            RUN echo ready
        """),
    ),
)
def shell_form_without_shell(step: ScriptStep) -> Findings:
    """Point at the keyword."""
    stage = step.stage
    if step.is_exec_form or not stage.is_from_scratch:
        return
    if stage.deferred and not isinstance(step, Run):
        return
    if stage.build.file.template is not None or stage.platform is not None:
        return
    command = step.instruction.command
    if command is None or not command.text.strip() or _may_have_shell(stage, step):
        return
    then = "the build stops" if isinstance(step, Run) else "the container cannot start"
    yield Finding(
        step.keyword, f"{step.name} in shell form needs `{_SHELL}`, and the image has none: {then}"
    )


def _may_have_shell(stage: Stage, until: Step) -> bool:
    """Return whether a step may bring a shell; of very long stages, assume so."""
    if is_long(stage):
        return True
    for one in reversed(stage.ancestry):
        for step in one.effective_steps:
            if step is until and isinstance(until, Run):
                return _mounts_files(until)
            if isinstance(step, ShellStep):
                return True
            if isinstance(step, Run) and (step.is_exec_form or _mounts_files(step)):
                return True
            if isinstance(step, (Add, Copy)) and _may_bring(step):
                return True
    return False


def _mounts_files(step: Run) -> bool:
    """Return whether a mount may hold a shell; a new cache, a tmpfs and secrets hold none."""
    return any(one.kind not in _EMPTY or one.origin is not None for one in step.mounts)


def _may_bring(step: Add | Copy) -> bool:
    """Return whether a destination is `/bin/sh` or holds it."""
    to = step.destination
    if to is None or not to.decided or step.instruction.flag("parents"):
        return True
    # The folder that a relative path is in may be any.
    path = to.text
    if not path.startswith("/"):
        return True
    path = posixpath.normpath(path).replace("//", "/")
    return path == "/" or path in ("/bin", _SHELL) or path.startswith("/usr")
