"""A shell runs between Docker and the program.

`CMD node app.js` is `/bin/sh -c "node app.js"`: process 1 of the container is a
shell, unless it replaces itself with the program. The shell does not forward the
SIGTERM of `docker stop`, so Docker kills the program after ten seconds, without a
clean shutdown. An ENTRYPOINT in this form also drops CMD and the arguments of `docker
run`, and a CMD in this form reaches an ENTRYPOINT as `/bin/sh -c …`.

The image also needs a shell, the first thing that an attacker looks for, and the
environment decides how the shell reads the line. The severity is info, because many
shells replace themselves with a single command.

## How to fix

Write a JSON array: `CMD ["node", "app.js"]`. If you need a shell, use `exec`, or name
the shell: `CMD ["sh", "-c", "exec node app.js --port $PORT"]`. SHELL in the
Dockerfile also shows that the shell is intended.

Review the fix, because it changes process 1: a program that sets no handler for
SIGTERM ignores it there.
"""

from tightship.rules import Bad, Call, Cmd, Edit, Entrypoint, Finding, Findings, Fix, Good, Stage, Step, regex, rule  # fmt: skip

_PLAIN = regex(r"(?a)[\w./:@+,-][\w./:@+,=-]*(?: +[\w./:@+,=-]+)*")
_OF_THE_SHELL = regex(
    r"\.|:|alias|bg|break|case|cd|command|continue|do|done|elif|else|esac|eval|exec|exit"
    r"|export|fg|fi|for|function|getopts|hash|if|jobs|local|read|readonly|return|select"
    r"|set|shift|source|then|time|times|trap|type|ulimit|umask|unset|until|wait|while"
)


@rule(
    on=Stage,
    severity="info",
    fix="changes-behaviour",
    references=(
        "Dockerfile reference, shell and exec form",
        "BuildKit, build checks, JSONArgsRecommended",
    ),
    aliases=(
        "DL3025",
        "buildkit:JSONArgsRecommended",
        "semgrep:prefer-json-notation",
        "kics:b86987e1",
    ),
    when=("keywords:CMD", "keywords:ENTRYPOINT"),
    examples=(
        Bad("""
            FROM node:22
          - «CMD» node app.js
          + CMD ["node", "app.js"]
        """),
        Bad("""
            FROM node:22
            «ENTRYPOINT» node app.js --port "$PORT"
            CMD ["--verbose"]
        """).because("The arguments never reach the program."),
        Good("""
            FROM node:22
            ENTRYPOINT exec node app.js --port "$PORT"
        """).because("The shell replaces itself with the program."),
        Good("""
            FROM node:22
            SHELL ["/bin/bash", "-c"]
            CMD node app.js --port "$PORT"
        """).because("The author chose this shell."),
        Good("""
            FROM node:22
            CMD node server.js
            CMD ["node", "app.js"]
        """).because("The first CMD has no effect; another rule reports it."),
    ),
)
def shell_form_entrypoint(stage: Stage) -> Findings:
    """Point at the keyword of each CMD and ENTRYPOINT that counts."""
    # `invalid-dockerfile` reports broken arrays.
    broken = {one.span for one in stage.build.file.problems if one.kind == "json"}
    last: dict[type[Step], Cmd | Entrypoint] = {
        type(step): step for step in stage.steps if isinstance(step, (Cmd, Entrypoint))
    }
    for step in last.values():
        command = step.instruction.command
        if not command or not command.text or command.whole() in broken:
            continue
        if not _is_dropped(step):
            yield from _judge(step)


def _is_dropped(step: Cmd | Entrypoint) -> bool:
    """Return whether an ENTRYPOINT in shell form discards a CMD."""
    entry = step.stage.entrypoint
    if not isinstance(step, Cmd) or entry is None:
        return False
    return not entry.is_exec_form and bool(entry.instruction.body.text)


def _judge(step: Cmd | Entrypoint) -> Findings:
    if step.shell.span is not None or any(map(_makes_way, step.calls)):
        return
    if isinstance(step, Entrypoint):
        message = "ENTRYPOINT in shell form drops CMD and arguments, and a shell"
    else:
        message = "CMD in shell form: a shell"
    yield Finding(
        step.keyword, f"{message} may get the signals instead of the program", fix=_as_array(step)
    )


def _makes_way(call: Call) -> bool:
    words = call.command.words
    return bool(words) and words[0].value == "exec"


def _as_array(step: Cmd | Entrypoint) -> Fix | None:
    """Return the fix for plain words; others may need the shell."""
    body = step.instruction.body
    span = body.whole()
    if span.text != body.text or _PLAIN.fullmatch(body.text) is None:
        return None
    words = body.text.split()
    if _OF_THE_SHELL.fullmatch(words[0]) or "=" in words[0] or step.deferred:
        return None
    risk = "the container, if its program ignores SIGTERM or leaves zombies as process 1"
    if isinstance(step, Entrypoint):
        if step.stage.command is not None:
            return None  # It would receive the CMD, which is discarded now.
        risk = "the container, if it is started with arguments: the program gets them then"
    text = ", ".join(f'"{word}"' for word in words)
    return Fix.changes("Use a JSON array", (Edit(span, f"[{text}]"),), may_break=risk)
