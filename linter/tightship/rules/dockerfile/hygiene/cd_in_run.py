"""A step changes the folder with `cd` instead of WORKDIR.

A `cd` only lasts until the end of its RUN, which is easy to overlook: the next step
starts in the old folder again. The rule reports a `cd` at the beginning of a step,
which WORKDIR can replace, also after `set` and `mkdir`. Later in a script, in a subshell
or a condition `cd` is fine: WORKDIR would divide the step.

A `cd` that no command follows, as in `RUN cd /srv/app`, has no effect at all: its shell
ends there, and each step starts in the WORKDIR.

## How to fix

Write `WORKDIR /path` before the step, or in place of a `cd` that ends it.
"""

from tightship.rules import Bad, Call, Finding, Findings, Good, Program, Run, regex, rule

# What WORKDIR takes as well; it knows no `~` and runs no command.
_FOLDER = regex(r"[\w./$][^~`()]*")


@rule(
    on=Run,
    severity="info",
    references=("Docker, Building best practices, WORKDIR",),
    aliases=("DL3003", "trivy:DS-0013", "semgrep:use-workdir", "kics:f4a6bcd3"),
    examples=(
        Bad("""
            FROM debian:13
            RUN «cd» /srv/app && make install
            RUN set -eux; mkdir -p "$APP" && «cd» "$APP" && make
        """),
        Bad("""
            FROM debian:13
            RUN «cd» /srv/app
            RUN make install
        """).because("The second step starts in `/`, not in `/srv/app`."),
        Good("""
            FROM debian:13
            WORKDIR /srv/app
            RUN make install && (cd docs && make) && cd /tmp && rm -rf build
        """),
    ),
)
def cd_in_run(run: Run) -> Findings:
    """Point at a `cd` that begins a step, or else at one that ends it."""
    if run.is_exec_form or not run.calls:
        return
    final = run.calls[-1]
    begins = next((call for call in run.calls if not _prepares(call)), final)
    first, last = _cd(begins), _cd(final)
    if first is not None and begins is not final:
        target = first.words[0].span.text.strip("\"'") if first.words else ""
        if _FOLDER.fullmatch(target):
            yield Finding(
                first.word.span,
                f"`cd {target}` lasts for this step only; `WORKDIR` applies to all later steps",
            )
            return
    if last is not None and _ends_its_script(final):
        yield Finding(
            last.word.span,
            "`cd` has no effect at the end of a step: the next step starts in the `WORKDIR`",
        )


def _prepares(call: Call) -> bool:
    """Return whether a command does what WORKDIR does as well, or nothing to files."""
    program = call.program
    return program is not None and program.name in ("set", "mkdir")


def _cd(call: Call) -> Program | None:
    """Return the `cd` that a command of the script itself is."""
    program = call.program
    is_cd = program is not None and program.name == "cd"
    return program if is_cd and call.nesting.kind == "script" else None


def _ends_its_script(call: Call) -> bool:
    """Return whether the shell ends after a command, which does nothing else.

    A test such as `[[ -d docs ]]` is no simple command, but it looks into the folder.
    """
    script = call.nesting.script
    pipeline, _ = script.body.items[-1]
    is_last = pipeline is call.pipeline and script.problem is None
    return is_last and not call.command.redirections
