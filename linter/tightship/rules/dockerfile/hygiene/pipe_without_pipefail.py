"""The build does not notice if a command before a pipe fails.

The last command decides the result of a pipe: in `wget -O- https://… | tar xz`, the
download can fail while the step succeeds, and the image lacks a part. With
`pipefail`, the step fails.

A pipe that starts with `echo`, `printf` or `yes` is not reported.

## How to fix

Before the step, add `SHELL ["/bin/bash", "-o", "pipefail", "-c"]`. In Alpine,
`/bin/ash` supports `-o pipefail`, too. Or begin the script with `set -o pipefail` if
its shell supports it.
"""

from tightship.rules import Bad, Call, Finding, Findings, Good, Run, SimpleCommand, rule

_CANNOT_FAIL = frozenset(("echo", "printf", "yes", "true", ":"))


@rule(
    on=Run,
    severity="info",
    references=("Dockerfile reference, RUN", "Docker, Building best practices, pipes"),
    aliases=("DL4006", "semgrep:set-pipefail", "kics:efbf148a", "trivy:DS-0032"),
    examples=(
        Bad("""
            FROM debian:13
            RUN «wget» -qO- https://example.com/tool.tar.gz | tar xz -C /opt
        """),
        Bad("""
            FROM debian:13
            RUN version=$(«wget» -qO- https://example.com/version | head -n 1) && echo "$version"
        """),
        Good("""
            FROM debian:13
            SHELL ["/bin/bash", "-o", "pipefail", "-c"]
            RUN wget -qO- https://example.com/tool.tar.gz | tar xz -C /opt
        """),
        Good("""
            FROM alpine:3.22
            RUN set -eo pipefail; wget -qO- https://example.com/tool.tar.gz | tar xz
            RUN echo secret | tee /x
        """),
        Bad("""
            FROM alpine:3.22
            RUN set -eo pipefail; apk update; set +o pipefail; «wget» -qO- https://example.com | sh
        """),
    ),
)
def pipe_without_pipefail(run: Run) -> Findings:
    """Point at the first command of the first pipe that hides a failure."""
    fails = not run.is_exec_form and any("pipefail" in word for word in run.shell.words)
    for call in run.calls:
        values = [word.value for word in call.command.words]
        if "pipefail" in values:
            fails = not (values[values.index("pipefail") - 1] or "").startswith("+")
        if not fails and call.position == 0 and _hides_failure(call):
            yield Finding(
                call.command.words[0].span,
                "if this command fails, the step succeeds: only the last command of the"
                " pipe counts",
            )
            return


def _hides_failure(call: Call) -> bool:
    commands = call.pipeline.commands
    if len(commands) < 2 or call.nesting.within("condition") or _is_lost(call):
        return False
    if not call.command.words:
        return False
    first = commands[:-1]
    return not all(
        isinstance(one, SimpleCommand) and one.words and one.words[0].value in _CANNOT_FAIL
        for one in first
    )


def _is_lost(call: Call) -> bool:
    """Return whether nothing looks at the result: that of `$(…)` counts for `x=$(…)` alone."""
    place = call.nesting
    while place.outer is not None:
        if place.kind == "substitution" and (place.call is None or place.call.command.words):
            return True
        place = place.outer
    return False
