"""The build does not notice if a command of a heredoc fails.

A shell continues with the next line after a failed command, and only the last command
decides the result of the step. So a heredoc in RUN succeeds although a download, an
installation or a test in it has failed, and the image lacks a part. With `&&` between
the commands of a RUN, the same failure ends the build.

The rule reports a heredoc only if the failure of a command before the last one is lost,
and `set -e` would end the step there. A command with `|| true` is
meant to be allowed to fail. The rule reports nothing about scripts of other
interpreters, such as `#!/usr/bin/env python3`.

## How to fix

Begin the script with `set -e`, or with `set -eo pipefail` in bash and in Alpine's
shell. Or let the shell do so for every step: `SHELL ["/bin/bash", "-eo", "pipefail",
"-c"]`, or `#!/bin/bash -e` as the first line of the script.
"""

from tightship.rules import Bad, Call, Edit, Finding, Findings, Fix, Good, Heredoc, Run, ScriptRun, ShellOptions, ShellScript, SimpleCommand, Span, Verified, rule  # fmt: skip

_MOST_COMMANDS = 200
_SEPARATORS = ("\n", ";", "")
# They replace the shell, or run a builtin.
_ENDING = frozenset(("exec", "command", "builtin", "wait"))


@rule(
    on=Run,
    severity="info",
    fix="changes-behaviour",
    references=("Dockerfile reference, Here-Documents",),
    advice="begin the script with `set -e`",
    checked=Verified("""
      - $ docker run --rm busybox sh -c "false; echo continued"
      - continued
      + $ docker run --rm busybox sh -ec "false; echo continued" || echo stopped
      + stopped
    """),
    when=("instruction.heredocs",),
    examples=(
        Bad("""
            FROM debian:13
            RUN <<EOF
          + set -e
            «apt-get» update
            apt-get install -y curl
            echo done
            EOF
        """),
        Bad("""
            FROM debian:13
            RUN <<EOF
            #!/usr/bin/env bash
          + set -e
            «make» test
            make install
            EOF
        """),
        Good("""
            FROM debian:13
            RUN <<EOF
            set -eux
            make test
            make install
            EOF
        """),
        Good("""
            FROM debian:13
            SHELL ["/bin/bash", "-euo", "pipefail", "-c"]
            RUN <<EOF
            make test
            make install
            EOF
        """),
        Good("""
            FROM debian:13
            RUN <<EOF
            make test &&
              make install
            EOF
            RUN <<EOF
            rm /tmp/cache || true
            make clean
            EOF
        """).because("The last command fails if the one before it does, or may fail."),
        Good("""
            FROM python:3.14
            RUN <<EOF
            #!/usr/bin/env python3
            print("one")
            print("two")
            EOF
        """),
    ),
)
def heredoc_without_errexit(run: Run) -> Findings:
    """Point at the first command whose failure is lost."""
    command, heredocs = run.instruction.command, run.instruction.heredocs
    if not heredocs or command is None:
        return
    from tightship.rules import is_opener

    if not is_opener(command.text):
        return
    for script in run.runs:
        lost = _first_lost(script)
        if lost is not None:
            yield Finding(
                lost.command.words[0].span,
                "if this command fails, the step continues: the heredoc has no `set -e`",
                fix=_fix(heredocs[0]),
            )


def _first_lost(run: ScriptRun) -> Call | None:
    """Return the first command after whose failure only `set -e` ends the step."""
    from tightship.rules import BUILTINS, SUCCEEDING
    from tightship.rules import ShellOptions

    options = ShellOptions.of(run.words)
    if options.errexit:
        return None
    calls = [
        call
        for call in run.calls
        if call.program is not None
        and call.nesting.script is run.script
        and call.program.name not in SUCCEEDING
        and not call.nesting.within("substitution", "condition")
    ][:_MOST_COMMANDS]
    deciding = BUILTINS.keys() | _ENDING
    if options.sure and _is_straight(run.script):
        names = {call.program.name for call in run.calls if call.program is not None}
        names.update(call.command.words[0].raw for call in run.calls if call.program)
        if names.isdisjoint(deciding):
            last = run.script.body.items[-1][0].commands[0]
            return next((call for call in calls if call.command is not last), None)
    passing, _ = _passing(run, calls, options)
    if not passing:
        return None
    options.errexit = True
    surely, possibly = _passing(run, calls, options)
    lost = passing & ~(surely | possibly)
    return next((call for n, call in enumerate(calls) if lost >> n & 1), None)


def _is_straight(script: ShellScript) -> bool:
    """Return whether each command of a script runs, whatever happens to those before it."""
    return bool(script.body.items) and all(
        operator in _SEPARATORS
        and not pipeline.negated
        and len(pipeline.commands) == 1
        and isinstance(pipeline.commands[0], SimpleCommand)
        for pipeline, operator in script.body.items
    )


def _passing(run: ScriptRun, calls: list[Call], options: ShellOptions) -> tuple[int, int]:
    """Return the commands, as bits, after whose failure the step surely succeeds."""
    from tightship.rules import Effect, Flow

    effects = {id(call.command): Effect(failure=(0, 1 << n)) for n, call in enumerate(calls)}
    flow = Flow(effects, run.calls)
    flow.run(run.script, options)
    return flow.facts, flow.unsure_facts


def _fix(heredoc: Heredoc) -> Fix | None:
    body = heredoc.body
    start = body.start
    lines = body.text.split("\n", 2)
    if lines[0].startswith("#!"):
        start += len(lines[0]) + 1
        del lines[0]
    indent = lines[0][: len(lines[0]) - len(lines[0].lstrip())] if lines else ""
    return Fix.changes(
        "Insert `set -e`",
        (Edit(Span(body.source, start, start), f"{indent}set -e\n"),),
        may_break="the build, if a command of the script fails unnoticed today",
    )
