"""Every user of the image can write to a file or a directory.

An attacker who takes over a process without root can then change files that others run
or read: a script that root starts, a served page, a library. That defeats the purpose
of `USER` and of file owners. Usually the purpose is to let a process write that is not
the owner; change the owner instead.

The rule reports modes that set the write bit for all users (`777`, `666`, `o+w`,
`a=rwx`) in `chmod`, `install -m`, `mkdir -m` and the flag `--chmod`, and a `umask` that
keeps it. With the sticky bit, as in the `1777` of `/tmp`, users cannot replace the
files of others, so it is accepted. A plain `+w` is limited by the umask, so it does not
apply to all users.

## How to fix

Give the files to the user that writes them: `COPY --chown=app:app`, `chown`, or
`install -d -o app`. If the user is known only at run time, as in OpenShift, give them to group 0 and let the
group write: `chgrp -R 0 /data && chmod -R g=u /data`.
"""

from tightship.rules import Add, Bad, Copy, Finding, Findings, Good, Iterator, Related, Run, Severity, Span, Step, file_mode, granted_modes, passed, rule, shipped_stages, with_defaults  # fmt: skip


@rule(
    on=(Run, Copy, Add),
    severity="warning",
    severity_note="info in a stage whose files are only copied",
    cwe=(732,),
    references=("GNU Coreutils, changing file mode bits", "inode(7)"),
    aliases=("tally:world-writable-state-path-workaround",),
    examples=(
        Bad("""
            FROM debian:13
            RUN mkdir -p /data && chmod -R «777» /data
            COPY --chmod=«0666» settings.ini /etc/app/
        """),
        Bad("""
            FROM debian:13
            RUN chmod «u=rwx,go=rwX,o+w» /srv \\
             && sudo chmod «a+rwx» -R /opt/app \\
             && find /var/www -type d -exec chmod «0777» {} + \\
             && install -d -m «777» /var/cache/app
        """).because("The rule knows every form of the mode and every program that sets it."),
        Bad("""
            FROM debian:13
            RUN umask «000» && tar -xf /app.tar -C /opt
        """),
        Bad("""
            FROM golang:1.25 AS build
            RUN chmod -R «777» /src
            FROM scratch
            COPY --from=build /src/app /
        """).at("info", "Only files that are copied from there keep their mode."),
        Good("""
            FROM debian:13
            RUN mkdir -m 1777 /scratch && chmod a+rwx,+t /shared
        """).because("The sticky bit protects the files of others."),
        Good("""
            FROM debian:13
            RUN chmod a+rX -R /opt/app && chmod +w /data && chmod -R g=u,o-w /data
            RUN chmod 777 /tmp/setup && /tmp/setup && rm /tmp/setup
        """).because("A file that the same step removes is not in the image."),
        Good("""
            FROM debian:13
            ARG MODE
            COPY --chmod=${MODE} run.sh /
            RUN chmod "$MODE" /data && umask 022
        """),
    ),
)
def world_writable_path(step: Step) -> Findings:
    """Point at the mode."""
    for span, message, because in _modes(step):
        kept = step.stage in shipped_stages(step.stage.build)
        severity = None if kept else Severity.INFO
        yield Finding(span, message, severity=severity, because=because)


def _modes(step: Step) -> Iterator[tuple[Span, str, tuple[Related, ...]]]:
    for granted in granted_modes(step):
        if granted.mode.is_world_writable:
            by = with_defaults(granted.flag) if granted.flag else ""
            yield (
                granted.span,
                f"`{granted.given}` lets every user write to {granted.where}{by}",
                passed(granted.flag) if granted.flag else (),
            )
    if isinstance(step, Run):
        yield from _umasks(step)


def _umasks(step: Run) -> Iterator[tuple[Span, str, tuple[Related, ...]]]:
    calls = step.calls
    for call in calls[:-1]:
        run = call.program
        if run is None or run.name != "umask":
            continue
        operands = run.arguments().operands
        given = file_mode.parse(operands[0].value or "") if operands else None
        if given is None or operands[0].value is None:
            continue
        # A numeric umask lists the removed bits, a symbolic one the bits that remain.
        is_number = operands[0].value.isdecimal()
        if (given.off if is_number else given.on) & file_mode.WORLD_WRITE:
            yield (
                operands[0].span,
                f"`umask {operands[0].value}` lets every user write to the files that this"
                " step creates",
                (),
            )
