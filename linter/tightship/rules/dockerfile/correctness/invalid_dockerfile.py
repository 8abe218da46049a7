"""BuildKit rejects the file, or reads a line differently than it looks.

A rejected Dockerfile builds nothing, so the last image that could be built keeps
running, without later security fixes.

Lines that BuildKit accepts but reads differently are worse: `CMD ['server']` is not a
JSON array, because JSON has no single quotes, so a shell gets it and looks for a
program `[server]`. Such a `HEALTHCHECK` or `ENTRYPOINT` never does what its author
expects. The rule checks the grammar and the requirements of each instruction; it does
not check facts that only a build knows.

## How to fix

Correct the line as described in the Dockerfile reference. Put flags right after the
keyword, use double quotes in arrays and lower case in image names, and put only ARG
before the first FROM.
"""

from bisect import bisect_left

from tightship.rules import Argument, Bad, Build, Copy, DockerfileProblem, Edit, Expose, Finding, Findings, Fix, Good, Iterator, Run, Severity, Span, Stage, Step, StopSignal, Variable, Volume, closest, edit_distance, expand, image_problem, in_later_build, passed, regex, respelled, rule, split_registry, with_defaults  # fmt: skip

_NUMBER = regex(r"[+-]?[0-9]{1,18}")  # of a stage, in BuildKit
_OF_PORTS = ("DL3011", "trivy:DS-0008", "semgrep:invalid-port", "kics:71bf8cf8")
_OF_GRAMMAR = (
    *("DL1000", "DL3043", "DL3061"),
    *("tally:invalid-json-form", "tally:invalid-onbuild-trigger"),
)
_OF_ARRAYS = ("DL3025", "tally:invalid-json-form")
_OF_WINDOWS = "tally:no-stopsignal"
_MOST_PORTS = 100
_URL = ("http://", "https://")


@rule(
    on=Build,
    severity="error",
    severity_note="warning if BuildKit accepts the line, but reads it differently",
    fix="keeps-behaviour",
    references=("Dockerfile reference", "BuildKit, frontend/dockerfile"),
    aliases=(*_OF_PORTS, *_OF_GRAMMAR, "DL3025", _OF_WINDOWS),
    advice="correct the line as described in the Dockerfile reference",
    examples=(
        Bad("""
            FROM debian:13
          - COPY «--chwon»=1000 app /app
          + COPY --chown=1000 app /app
        """),
        Bad("""
            FROM node:22
            CMD «['node', 'server.js']»
        """).at("warning", "Single quotes are not JSON: a shell looks for a program `[node,`."),
        Bad("""
          - FROM «Ubuntu:24.04»
          + FROM ubuntu:24.04
            EXPOSE 8080
        """),
        Bad("""
            FROM nginx:1.29
            EXPOSE «80800»
            STOPSIGNAL «SIGEXIT»
            USER «"$NAME»
        """),
        Bad("""
            «RUN» apt-get update
            FROM debian:13
        """),
        Good("""
            ARG PORT
            FROM registry.example:5000/web:1.2
            ARG PORT
            EXPOSE ${PORT} 8000-8010/udp
            STOPSIGNAL SIGRTMIN+3
        """),
        Good("""
            FROM {{ base }}
            RUN {{ install }}
        """).because("The result of a template is not in the file."),
    ),
)
def invalid_dockerfile(build: Build) -> Findings:
    """Point at each place that BuildKit stops at, or reads otherwise."""
    if build.file.template is not None:
        return
    for problem in build.file.problems:
        if problem.kind == "unknown-instruction":
            continue
        if problem.kind != "continuation" or problem.refused:
            yield _of_the_grammar(problem)
    yield from _global_defaults(build)
    for stage in build.stages:
        for one in stage.presented:
            yield from map(in_later_build, _steps(one)) if one.deferred else _steps(one)


def _steps(stage: Stage) -> Iterator[Finding]:
    yield from _bases(stage)
    for step in stage.steps:
        yield from _words(step)
        if isinstance(step, Expose):
            yield from _ports(step)
        elif isinstance(step, StopSignal):
            yield from _signal(step)
        elif isinstance(step, Volume):
            yield from _volumes(step)
        elif isinstance(step, Copy):
            yield from _origin(step)
            yield from _repositories(step)
        elif isinstance(step, Run):
            yield from _lost(step)


def _of_the_grammar(problem: DockerfileProblem) -> Finding:
    word = problem.span.text
    meant = closest(word, problem.choices)
    return Finding(
        problem.span,
        _asking(problem.message, meant),
        severity=None if problem.refused else Severity.WARNING,
        fix=_written(problem.span, word, meant),
        known_as=_OF_GRAMMAR if problem.refused else _OF_ARRAYS,
    )


def _asking(message: str, meant: str | None) -> str:
    return f"{message}; did you mean `{meant}`?" if meant else message


def _written(span: Span, word: str, meant: str | None) -> Fix | None:
    """Return a fix if the words differ by one slip: then the meaning is certain."""
    if meant is None or edit_distance(word.lower(), meant.lower(), 2) > 1:
        return None
    return Fix.corrects(f"Write `{meant}`", (Edit(span, meant),))


# -- images


def _bases(stage: Stage) -> Iterator[Finding]:
    for argument in (stage.base, stage.platform):
        if argument is not None and argument.expansion.problem is not None:
            yield _stops(argument, "FROM", argument.expansion.problem.message)
    platform = stage.platform
    if platform is not None and platform.decided and platform.text:
        from tightship.rules import platform_problem

        wrong = platform_problem(platform.text)
        if wrong is not None:
            yield Finding(
                platform.span, f"{wrong}{with_defaults(platform)}", because=passed(platform)
            )
    base = stage.base
    # `undefined-argument-in-from` reports names with variables.
    if base is not None and base.decided and not base.reads:
        if stage.base_stage is None:
            yield from _image(base, base.text)
        elif base.text != base.text.lower():
            # Fact from BuildKit: `FROM Base` does not find a stage `base`, nor `Base`.
            name = base.text.lower()
            yield Finding(
                base.span,
                f"FROM finds a stage by its name in lower case only: `{name}`",
                fix=respelled(base.span, base.text, name, was_valid=False),
            )
    for reference in stage.references:
        step, origin = reference.step, reference.argument
        if step is None or "$" in origin.raw:
            continue
        if reference.kind != "COPY --from" or not _NUMBER.fullmatch(origin.raw):
            yield from _image(origin, origin.raw)


def _image(argument: Argument, text: str) -> Iterator[Finding]:
    wrong = image_problem(text)
    if wrong is None:
        return
    registry, rest = split_registry(text)
    path, colon, tag = rest.partition(":")
    lower = f"{registry}{path.lower()}{colon}{tag}"
    is_right = image_problem(lower) is None
    yield Finding(
        argument.span,
        f"Docker rejects the image `{text}`: {wrong}" if text else "no image name is set",
        fix=respelled(argument.span, text, lower, was_valid=False) if is_right else None,
    )


def _origin(step: Copy) -> Iterator[Finding]:
    origin = step.origin
    if origin is not None and "$" in origin.raw:
        message = "`--from` cannot hold a variable: name a stage with FROM"
        yield Finding(origin.span, message)


def _repositories(step: Copy) -> Iterator[Finding]:
    for source in step.sources:
        # The grammar reports those that are written with such a prefix.
        if not source.decided or source.raw.startswith(_URL):
            continue
        from tightship.rules import parse_remote_source

        remote = parse_remote_source(source.text)
        if remote is not None:
            what = "Git repository" if remote.is_git else "URL"
            yield Finding(
                source.span,
                f"COPY takes no {what}{with_defaults(source)}: that is for ADD",
                because=passed(source),
            )


# -- words


def _global_defaults(build: Build) -> Iterator[Finding]:
    for pair in build.declared:
        if pair.value is None:
            continue
        message = _unreadable(pair.value.value, build.escape)
        if message is not None:
            yield Finding(
                pair.value.span,
                f"the default of `ARG {pair.name.value}` cannot be read: {message}",
                severity=Severity.WARNING,
            )


def _words(step: Step) -> Iterator[Finding]:
    """Yield each kind of invalid expansion once: the build stops at the first."""
    seen: set[str] = set()
    for argument in step.expanded:
        problem = argument.expansion.problem
        message = problem.message if problem else None
        if message is not None and message not in seen:
            seen.add(message)
            yield _stops(argument, step.name, message)


def _unreadable(raw: str, escape: str) -> str | None:
    """Return the problem of a word that does not depend on its variables."""
    problem = expand(raw, escape, _unknown).problem
    return problem.message if problem else None


def _unknown(name: str) -> Variable:
    return Variable(name, None, "unknown")


def _stops(argument: Argument, name: str, message: str) -> Finding:
    return Finding(argument.span, f"the build stops at {name}: {message}")


def _lost(step: Run) -> Iterator[Finding]:
    """Report bytes that are not UTF-8; in other instructions BuildKit writes U+FFFD."""
    source = step.span.source
    lost = source.lost
    if not lost or step.instruction.json:
        return
    body = step.instruction.body
    places = [body.span(at, at + 1) for at, c in enumerate(body.text) if c == "\ufffd"]
    ends = [(one.start, one.end) for one in places]
    ends += [(one.body.start, one.body.end) for one in step.instruction.heredocs]
    for start, end in ends:
        at = bisect_left(lost, start)
        if at < len(lost) and lost[at] < end:
            message = "the build stops at RUN: this is not UTF-8"
            yield Finding(Span(source, lost[at], lost[at] + 1), message)
            return


# -- what the words say


def _ports(step: Expose) -> Iterator[Finding]:
    for argument in step.arguments:
        if not argument.decided:
            continue
        for word in argument.text.split()[:_MOST_PORTS]:
            from tightship.rules import port_problem

            wrong = port_problem(word)
            if wrong is not None:
                yield Finding(
                    argument.span,
                    f"{wrong}{with_defaults(argument)}",
                    because=passed(argument),
                    known_as=_OF_PORTS,
                )


def _signal(step: StopSignal) -> Iterator[Finding]:
    value = step.value
    if step.stage.system == "windows":
        # Fact from moby, daemon/builder/dockerfile/evaluator_windows.go: platformSupports.
        message = "Docker refuses STOPSIGNAL on Windows, which has no signals: remove it"
        known_as = (_OF_WINDOWS,)
        yield Finding(step.keyword, message, severity=Severity.WARNING, known_as=known_as)
        return
    from tightship.rules import SIGNALS, is_signal

    if value is None or not value.decided or is_signal(value.text):
        return
    if not value.text:
        message = f"no signal is set{with_defaults(value)}"
        yield Finding(value.span, message, because=passed(value))
        return
    meant = closest(value.text, SIGNALS)
    message = f"`{value.text}` is not a signal{with_defaults(value)}"
    fix = None
    if value.span.text == value.text:
        fix = _written(value.span, value.text, meant)
    yield Finding(value.span, _asking(message, meant), fix=fix, because=passed(value))


def _volumes(step: Volume) -> Iterator[Finding]:
    for path in step.arguments:
        # The grammar reports a VOLUME without any word.
        if path.raw and not path.text and path.decided:
            message = f"`{path.raw}` is empty, and a volume needs a path"
            yield Finding(path.span, f"{message}{with_defaults(path)}", because=passed(path))
