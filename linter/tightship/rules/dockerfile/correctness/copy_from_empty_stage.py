"""COPY takes files from an empty stage.

A stage from `scratch` without a step that adds files is empty, so the build stops at
the COPY with "not found". Usually the name of another stage was
intended.

## How to fix

Use the name of the stage that creates the files.
"""

from functools import lru_cache

from tightship.rules import Add, Bad, Copy, Finding, Findings, Good, Related, Run, Stage, Workdir, rule  # fmt: skip

_BRINGING = (Add, Copy, Run, Workdir)


@rule(
    on=Copy,
    severity="warning",
    references=("Dockerfile reference, COPY --from",),
    aliases=("tally:copy-from-empty-scratch-stage",),
    examples=(
        Bad("""
            FROM scratch AS files
            ENV FOLDER=/srv

            FROM debian:13
            COPY --from=«files» /srv /srv
        """),
        Good("""
            FROM scratch AS files
            COPY srv /srv

            FROM debian:13
            COPY --from=files /srv /srv
        """),
        Good("""
            FROM scratch AS files

            FROM debian:13
            COPY --from=files / /srv
        """).because("The folder `/` exists and is empty."),
    ),
)
def copy_from_empty_stage(copy: Copy) -> Findings:
    """Point at the stage that `--from` names."""
    origin = copy.origin
    if origin is None:
        return
    stage = copy.stage.build.stage(origin.text)
    if stage is None or not _is_empty(stage):
        return
    for source in copy.sources:
        text = source.text
        if source.decided and text.strip("/.") and not set(text) & set("*?["):
            yield Finding(
                origin.span,
                f"{stage.title} is empty, so `{text}` is not in it",
                because=(Related(stage.span, "it starts from `scratch`"),),
            )
            return


@lru_cache(maxsize=1)
def _is_empty(stage: Stage) -> bool:
    if not stage.is_from_scratch or stage.build.is_replaced(stage.name):
        return False
    return not any(
        isinstance(step, _BRINGING) for one in stage.ancestry for step in one.effective_steps
    )
