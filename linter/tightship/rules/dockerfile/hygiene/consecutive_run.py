"""Two short consecutive RUN steps could be one.

Each RUN is a layer. Files that one step writes and the next one removes stay in the
image, and many layers take longer to pull. The rule ignores steps with different
flags, with heredocs, with more than two commands, or with a comment in between: they
are separate on purpose. It also ignores stages whose files are only copied.

## How to fix

Join them: `RUN a && b`. Keep them apart if the first one should stay in the cache
longer.
"""

from tightship.rules import FOR_ANY_LINTER, Bad, Finding, Findings, Good, Related, Run, Stage, rule, shipped_stages  # fmt: skip

_MOST_COMMANDS = 2


@rule(
    on=Stage,
    severity="info",
    references=("Docker, Building best practices, RUN",),
    aliases=("DL3059", "kics:0008c003"),
    advice="join them: `RUN a && b`",
    examples=(
        Bad("""
            FROM debian:13
            RUN mkdir /app
            «RUN» chown 1000 /app
        """),
        Good("""
            FROM debian:13
            RUN mkdir /app && chown 1000 /app
            COPY app /app
            RUN --network=none make
            RUN make install
        """),
    ),
)
def consecutive_run(stage: Stage) -> Findings:
    """Point at each step that directly follows another one of its kind."""
    if stage not in shipped_stages(stage.build):
        return
    before: Run | None = None
    for step in stage.steps:
        run = step if isinstance(step, Run) and _is_short(step) else None
        if run is not None and before is not None and _are_alike(before, run):
            yield Finding(
                run.keyword,
                "this RUN can be joined to the one before it, in one layer",
                because=(Related(before.keyword, "the one before"),),
            )
        before = run


def _is_short(run: Run) -> bool:
    if run.is_exec_form or run.instruction.heredocs:
        return False
    return 0 < len(run.calls) <= _MOST_COMMANDS


def _are_alike(one: Run, other: Run) -> bool:
    """Return whether two steps have the same flags, and no word to a reader between."""
    flags = [[flag.span.text for flag in run.instruction.flags] for run in (one, other)]
    between = one.span.source.text[one.span.end : other.span.start]
    return flags[0] == flags[1] and all(
        line.strip().upper() in ("", "ONBUILD") or FOR_ANY_LINTER.match(line)
        for line in between.splitlines()
    )
