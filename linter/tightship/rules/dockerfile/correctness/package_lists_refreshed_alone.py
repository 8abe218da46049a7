"""Package lists and packages come from different steps.

The build cache keeps the step that refreshes the lists as long as its text stays the
same. If the step with the installation changes later, it uses lists that may be months
old: it installs old versions with known vulnerabilities, or the build fails because the
servers no longer have these versions.

## How to fix

Put both into one step: `RUN apt-get update && apt-get install -y …`.
"""

from tightship.rules import Bad, Call, Finding, Findings, Good, PackageCommand, Related, Run, Stage, rule  # fmt: skip

_USES = ("install", "upgrade")


@rule(
    on=Stage,
    severity="warning",
    references=("Docker, Building best practices, apt-get",),
    aliases=("trivy:DS-0017", "checkov:CKV_DOCKER_5", "kics:9bae49be"),
    examples=(
        Bad("""
            FROM debian:13
            RUN apt-get «update»
            RUN apt-get install -y curl
        """),
        Bad("""
            FROM alpine:3.22
            RUN apk «update»
            COPY app /app
            RUN apk add curl
        """),
        Bad("""
            FROM debian:13 AS base
            RUN apt-get «update»

            FROM base
            RUN apt-get install -y curl
        """).because("A stage gets the lists of the one that it is based on."),
        Bad("""
            FROM debian:13
            RUN /usr/bin/apt-get «update»
            RUN apt-get install -y curl
        """),
        Bad("""
            FROM debian:13
            RUN <<EOF
            "deb https://example.org/deb $(lsb_release -cs) main" | tee /etc/apt/sources.list.d/a.list
            apt-get «update»
            EOF
            RUN apt-get install -y curl
        """),
        Good("""
            FROM debian:13
            RUN apt-get update && apt-get install -y curl
        """),
        Good("""
            FROM debian:13
            RUN apt-get update
            RUN apt-get update && apt-get install -y curl
        """).because("The step that installs refreshes the lists itself."),
        Good("""
            FROM alpine:3.22
            RUN apk update
            RUN apk add --no-cache curl
        """).because("`--no-cache` downloads new lists."),
    ),
)
def package_lists_refreshed_alone(stage: Stage) -> Findings:
    """Point at a refresh whose lists only later steps use."""
    yield from _findings(stage, [*_left_by(stage.base_stage)])


class _Left:
    """The refreshes whose lists a stage leaves to those that are based on it."""

    def __init__(self, commands: list[PackageCommand]) -> None:
        self.commands = commands


def _left_by(stage: Stage | None) -> list[PackageCommand]:
    above: list[Stage] = []
    found: object = None
    while stage is not None and (found := stage.derived.get(_Left)) is None:
        above.append(stage)
        stage = stage.base_stage
    pending = [*found.commands] if isinstance(found, _Left) else []
    for one in reversed(above):
        for _ in _findings(one, pending):
            pass  # that stage has them
        one.derived[_Left] = _Left([*pending])
    return pending


def _findings(stage: Stage, pending: list[PackageCommand]) -> Findings:
    """Yield the findings of a stage; ``pending`` become what it leaves."""
    for step in (step for step in stage.steps if isinstance(step, Run)):
        commands = [one for one in step.package_commands if not one.only_shows]
        refreshed = {one.manager.name for one in commands if one.action == "refresh"}
        used = {one.manager.name for one in commands if one.action in _USES}
        for one in commands:
            if one.action not in _USES or one.manager.name in refreshed or _is_fresh(one):
                continue
            for alone in [p for p in pending if p.manager.name == one.manager.name]:
                pending.remove(alone)
                yield Finding(
                    alone.verb.span,
                    f"`{alone.title}` is in a separate step: the build cache keeps its"
                    f" lists when the step with `{one.title}` changes",
                    because=(Related(one.verb.span, "the lists are used here"),),
                )
        if refreshed and not _installs_otherwise(step):
            pending[:] = [one for one in pending if one.manager.name not in refreshed]
            pending += [
                one for one in commands if one.action == "refresh" and one.manager.name not in used
            ]


def _is_fresh(command: PackageCommand) -> bool:
    """Return whether a command gets new lists by itself."""
    if command.manager.name == "apk":
        fresh = ("--no-cache", "--update", "--update-cache", "-U")
        return command.arguments.flag(*fresh) is not None
    return command.manager.name != "apt"


def _installs_otherwise(step: Run) -> bool:
    """Return whether a script may install packages in the step of the refresh."""
    managers = [one.call for one in step.package_commands]
    return any(_is_script(call) for call in step.calls if call not in managers)


def _is_script(call: Call) -> bool:
    """Return whether a command may be a script; a text with blanks is a line of data."""
    program, words = call.program, call.command.words
    if program is not None:
        name = program.word.value or ""
        return "/" in name and " " not in name
    written = words[0].text.span(words[0].start, words[0].end).text if words else ""
    return " " not in written.partition("$")[0]
