"""A command has no purpose in a build.

A build has no terminal, no service manager and no state that remains after the step:
an editor has no user, `service nginx start` ends with the step, `ps` and `top` only
show the processes of the step, `shutdown` and `mount` are not allowed. `kill` is fine
if it ends a process that the step has started, by a variable, a file or a job.

A path outside of the folders of the system, as in `./service`, is a program of the project.
The option `commands` lists them.

## How to fix

Remove the command. To start a program in the container, use `CMD`.
"""

from fnmatch import fnmatchcase

from tightship.rules import Bad, Finding, Findings, Good, Option, Options, Run, rule

COMMANDS = Option(
    "commands",
    "names",
    tuple,
    "Programs that no step may run.",
    '["ssh", "vim", "service"]',
    default=(
        *("free", "halt", "htop", "ifconfig", "kill", "mount", "nano", "poweroff", "ps"),
        *("reboot", "service", "shutdown", "ssh", "systemctl", "top", "vi", "vim"),
    ),
)


@rule(
    on=Run,
    severity="info",
    references=("Dockerfile reference, RUN",),
    aliases=("DL3001", "semgrep:nonsensical-command", "kics:9b6b0f38"),
    advice="remove the command",
    options=(COMMANDS,),
    examples=(
        Bad("""
            FROM debian:13
            RUN «service» nginx start && «vim» /etc/hosts
        """),
        Good("""
            FROM debian:13
            RUN apt-get update && apt-get install -y vim ssh
        """),
        Good("""
            FROM debian:13
            RUN --mount=type=ssh ssh -T git@git.example.com
            RUN vim --version && systemctl enable nginx
            RUN mysqld & sleep 5; kill $!
            RUN ./service install
        """).because(
            "The agent was mounted for this, the next end by themselves, and the last is a file."
        ),
    ),
)
def pointless_command(run: Run, options: Options) -> Findings:
    """Point at each program that has no purpose here."""
    names = options[COMMANDS]
    has_agent = any(mount.kind == "ssh" for mount in run.mounts)
    for call in run.calls:
        program = call.program
        if program is None or not any(fnmatchcase(program.name, name) for name in names):
            continue
        if program.is_of_project:
            continue
        if program.name == "ssh" and has_agent:
            continue
        values = [word.value for word in program.words]
        if program.name == "kill" and any(one is None or one.startswith("%") for one in values):
            continue
        if values and values[0] in ("--version", "-V", "enable", "disable", "mask"):
            continue
        if program.name in ("vi", "vim") and {"-c", "+qall", "-es", "-E"} & set(values):
            continue
        yield Finding(program.word.span, f"`{program.name}` has no purpose in a build")
