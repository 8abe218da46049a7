"""A program gets more rights than the user who starts it.

A program with the set-user-ID or set-group-ID bit runs as its owner or group, usually
root's. A program with file capabilities has these capabilities, whichever user starts it.
Through a flaw in such a program, or an option that runs a command or writes a file, an
attacker in the container becomes root there. For that reason, base images contain few
such programs, and `no-new-privileges` removes their effect at run time.

On a directory the set-group-ID bit only passes its group on to new files, which is
harmless: the rule reports a mode such as `2775` or `g+s` only for a path that is
surely a file.

## How to fix

Start the container as the user that the program needs, or grant only the capability to the container, with `cap_add`. A port below 1024 needs neither: Docker lets
every user open them (`net.ipv4.ip_unprivileged_port_start=0`). If the bit has to stay, prevent other users of the image
from running the program: `chmod 4750`.
"""

import posixpath

from tightship.rules import Add, Bad, Copy, Finding, Findings, Good, GrantedMode, Run, Step, file_mode, granted_modes, passed, regex, rule, with_defaults  # fmt: skip

# Folders with programs only.
_PROGRAMS = frozenset(("bin", "sbin", "libexec", "games"))
_GRANT = regex(r".*[+=][eip]+.*")


@rule(
    on=(Run, Copy, Add),
    severity="info",
    strict=True,
    cwe=(250,),
    references=("inode(7)", "capabilities(7), file capabilities"),
    advice="start the container as the needed user, or grant only the capability with `cap_add`",
    examples=(
        Bad("""
            FROM debian:13
            RUN chmod «u+s» /usr/local/bin/mounter
            COPY --chmod=«4755» helper /usr/local/bin/
            RUN install -m «06755» /build/helper /usr/lib/app/helper
        """),
        Bad("""
            FROM debian:13
            RUN setcap «cap_net_raw+ep» /usr/bin/ping \\
             && chmod «2755» /usr/bin/wall
        """),
        Good("""
            FROM debian:13
            RUN chmod 2775 /srv/shared && chmod g+s /var/mail && mkdir -m 2775 /data
        """).because("Directories pass on their group."),
        Good("""
            FROM debian:13
            RUN find / -xdev -perm /6000 -type f -exec chmod a-s {} + \\
             && setcap -r /usr/bin/ping && chmod 0755 /usr/bin/su
        """),
    ),
)
def setuid_file_created(step: Step) -> Findings:
    """Point at the mode, or at the capabilities."""
    for granted in granted_modes(step):
        bits = _bits(granted)
        if bits:
            by = with_defaults(granted.flag) if granted.flag else ""
            yield Finding(
                granted.span,
                f"`{granted.given}` sets the {bits} bit on {granted.where}{by}",
                because=passed(granted.flag) if granted.flag else (),
            )
    if isinstance(step, Run):
        yield from _capabilities(step)


def _bits(granted: GrantedMode) -> str:
    """Return the bits that are surely set on a file, in words."""
    if granted.kind == "directory":
        return ""
    if granted.mode.sets(file_mode.SETUID):
        return "set-user-ID"
    is_file = granted.kind == "file" or (
        not granted.recursive
        and any(posixpath.basename(posixpath.dirname(path)) in _PROGRAMS for path in granted.paths)
    )
    return "set-group-ID" if is_file and granted.mode.sets(file_mode.SETGID) else ""


def _capabilities(step: Run) -> Findings:
    for call in step.calls:
        run = call.program
        if run is None or run.name != "setcap":
            continue
        arguments = run.arguments(("-n",))
        if arguments.flag("-r", "-v", "-h"):
            continue
        for word in arguments.operands[::2]:
            if word.value and _GRANT.fullmatch(word.value):
                yield Finding(
                    word.span, f"`setcap` gives capabilities to a program: `{word.value}`"
                )
