"""`/bin/sh` is replaced by a link to another shell.

Scripts of packages that are installed later run with a shell that they were not
written for, and a reader of the Dockerfile does not see which shell runs its steps.

## How to fix

Set the shell of the following steps: `SHELL ["/bin/bash", "-c"]`.
"""

from tightship.rules import Bad, Finding, Findings, Good, Run, rule


@rule(
    on=Run,
    severity="info",
    references=("Dockerfile reference, SHELL",),
    aliases=("DL4005", "semgrep:use-shell-instruction", "kics:8a301064"),
    examples=(
        Bad("""
            FROM ubuntu:24.04
            RUN «ln» -sf /bin/bash /bin/sh
        """),
        Good("""
            FROM ubuntu:24.04
            SHELL ["/bin/bash", "-c"]
            RUN ln -s /bin/bash /usr/local/bin/sh5
        """),
    ),
)
def shell_replaced_by_link(run: Run) -> Findings:
    """Point at `ln`."""
    for call in run.calls:
        program = call.program
        if program is None or program.name != "ln":
            continue
        operands = program.arguments(("-S", "-t")).operands
        if len(operands) > 1 and operands[-1].value in ("/bin/sh", "/usr/bin/sh"):
            yield Finding(program.word.span, "this changes the shell of every script: use `SHELL`")
