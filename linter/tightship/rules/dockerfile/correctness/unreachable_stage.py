"""A stage is unused and cannot be built.

If a stage has no name, and no other stage starts from it or copies from it, it is never
built: `--target` takes only names. BuildKit skips it without a message. Its work, such
as tests or a scan, is not done, and the image is not based on it.

A stage with a name is not reported: `docker build --target` may build it. A file that has
nothing but FROM is not reported either: it is a list of images that a bot keeps up to date.

## How to fix

Give the stage a name and use it, or remove it.
"""

from tightship.rules import Bad, Build, Finding, Findings, Good, rule

_FEWEST_IN_LIST = 4
_OF_A_LIST = frozenset(("ARG", "FROM", "LABEL"))


@rule(
    on=Build,
    severity="warning",
    references=("Docker documentation, multi-stage builds",),
    tags=("unnecessary",),
    aliases=("tally:no-unreachable-stages",),
    examples=(
        Bad("""
            «FROM» golang:1.25
            RUN go build -o /app

            FROM alpine:3.22
            COPY app /app
        """),
        Good("""
            FROM golang:1.25
            RUN go build -o /app

            FROM alpine:3.22
            COPY --from=0 /app /app
        """),
        Good("""
            FROM golang:1.25 AS test
            RUN go test ./...

            FROM alpine:3.22
            COPY app /app
        """).because("`--target test` builds it."),
        Good("""
            FROM postgres:18.1
            LABEL alias=database
            FROM redis:8.2
            FROM nginx:1.29
            FROM traefik:3.5
        """).because("It lists images, and nothing builds it."),
    ),
)
def unreachable_stage(build: Build) -> Findings:
    """Point at the FROM of each stage without a name that nothing needs."""
    if build.file.template is not None:
        return
    needed = {one for stage in build.stages for one in stage.sources if one is not stage}
    unused = [one for one in build.stages[:-1] if one.label is None and one not in needed]
    if not unused or _is_doubtful(build) or _is_list(build):
        return
    for stage in unused:
        yield Finding(
            stage.instruction.keyword.span,
            f"nothing uses {stage.title}, and `--target` cannot build it without a name",
        )


def _is_list(build: Build) -> bool:
    """Return whether a file has nothing but images, which it names for another program."""
    is_long = len(build.stages) >= _FEWEST_IN_LIST
    return is_long and all(one.name in _OF_A_LIST for one in build.file.instructions)


def _is_doubtful(build: Build) -> bool:
    """Return whether a `--from` may name any stage."""
    return any(
        origin is not None and "$" in origin.raw
        for step in build.steps()
        for origin in (step.flag("from"),)
    )
