"""A step changes the folder with `cd` instead of WORKDIR.

A `cd` only lasts until the end of its RUN, which is easy to overlook: the next step
starts in the old folder again. The rule reports a `cd` at the beginning of a step,
which WORKDIR can replace. Within a script, a subshell or a condition `cd` is fine.

## How to fix

Write `WORKDIR /path` before the step.
"""

from __future__ import annotations

from tightship.dockerfile.steps import Run
from tightship.rules.kit import Bad, Finding, Findings, Good, Severity, rule


@rule(
    on=Run,
    severity=Severity.INFO,
    references=("Docker, Building best practices, WORKDIR",),
    aliases=("DL3003", "trivy:DS-0013", "semgrep:use-workdir", "kics:f4a6bcd3"),
    examples=(
        Bad(
            """
            FROM debian:13
            RUN «cd» /srv/app && make install
            """,
        ),
        Good(
            """
            FROM debian:13
            WORKDIR /srv/app
            RUN make install && (cd docs && make) && cd /tmp && rm -rf build
            """,
        ),
    ),
)
def cd_in_run(run: Run) -> Findings:
    """Point at a `cd` that begins a step."""
    if run.deferred or run.is_exec_form:
        return
    first = next(iter(run.calls), None)
    if first is None or first.nesting.kind != "script" or len(run.calls) < 2:
        return
    program = first.program
    if program is not None and program.name == "cd" and program.words:
        target = program.words[0]
        if target.value not in (None, "-", "~"):
            yield Finding(
                program.word.span,
                f"`cd {target.value}` lasts for this step only; `WORKDIR` applies to"
                " all later steps",
            )
