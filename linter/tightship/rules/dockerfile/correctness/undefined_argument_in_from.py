"""FROM uses a variable that is undefined or has an unusable value.

FROM sees only the ARGs before the first FROM, and those that BuildKit sets itself, such
as `TARGETPLATFORM`. Every other variable is empty, whatever `--build-arg` sets: `FROM
alpine:$VERSION` has no tag then and BuildKit rejects it, and `FROM ${BASE:-alpine}`
always uses the default. If someone passes a patched base image, the build silently uses
the default.

An ARG after a FROM belongs to its own stage, and does not affect the next FROM.

## How to fix

Declare the argument before the first FROM, with a usable default: `ARG VERSION=3.22`.
"""

from tightship.rules import PLATFORM_VARIABLES, Arg, Argument, Bad, Build, Finding, Findings, Good, Iterator, Related, Severity, Span, Stage, Variable, VariableRead, closest, expand, image_problem, passed, rule, with_defaults  # fmt: skip

_UNDEFINED = ("buildkit:UndefinedArgInFrom",)
_INVALID_DEFAULT = ("buildkit:InvalidDefaultArgInFrom",)
_MOST_NAMES = 100
_MOST_STAGES = 20
_MOST_STEPS = 50


@rule(
    on=Stage,
    severity="error",
    severity_note="warning if the build uses another image than intended; info, in the strict"
    " set, if a build fails unless the argument is passed",
    references=(
        "Dockerfile reference, understand how ARG and FROM interact",
        "BuildKit, build checks, UndefinedArgInFrom and InvalidDefaultArgInFrom",
    ),
    aliases=(*_UNDEFINED, *_INVALID_DEFAULT),
    when=("reads",),
    examples=(
        Bad("""
            ARG VERSION=3.22
            FROM alpine:«$VERISON»
        """),
        Bad("""
            FROM node:22 AS build
            ARG BASE=nginx:1.29

            FROM «$BASE»
        """).because("This ARG belongs to its own stage."),
        Bad("""
            ARG VERSION=
            FROM «alpine:$VERSION»
        """),
        Bad("""
            FROM «${BASE:-alpine:3.22}»
        """).at("warning", "It is always `alpine:3.22`: no `--build-arg` changes it."),
        Bad("""
            ARG VERSION
            FROM alpine:«$VERSION»
        """).at("info"),
        Good("""
            ARG VERSION=3.22
            FROM --platform=$BUILDPLATFORM alpine:${VERSION}
        """),
        Good("""
            ==> compose.yaml <==
            services:
              web:
                build:
                  context: .
                  args: {VERSION: "3.22"}
            ==> Dockerfile <==
            ARG VERSION
            FROM alpine:$VERSION
        """).because("The service passes it."),
    ),
)
def undefined_argument_in_from(stage: Stage) -> Findings:
    """Point at the variable, or at the name that a default makes."""
    build = stage.build
    if build.file.template is not None:
        return
    found = False
    for argument in (stage.base, stage.platform):
        if argument is None or argument.expansion.problem is not None:
            continue
        for read in argument.reads:
            if read.variable is None and read.name and read.counts:
                found = True
                yield _undeclared(argument, read, stage)
    if found:
        return
    base, platform = stage.base, stage.platform
    if platform is not None and platform.reads and _is_blank(platform):
        message = f"`--platform` is empty{with_defaults(platform)}"
        because = passed(platform)
        yield Finding(platform.span, message, because=because, known_as=_INVALID_DEFAULT)
    if base is None or not base.reads:
        return
    if not base.decided:
        yield from _needed(base, build)
    elif stage.base_stage is None:
        yield from _unusable(base)


def _undeclared(argument: Argument, read: VariableRead, stage: Stage) -> Finding:
    name = read.name
    meant = closest(name, _known(stage.build))
    local = _declared_between(stage, name)
    message = f"no ARG before the first FROM declares `{name}`, so it is empty here"
    if read.defaulted:
        message = f"no ARG before the first FROM declares `{name}`: the default in this line always applies"
    if meant is not None:
        message += f"; did you mean `{meant}`?"
    because = () if local is None else (Related(local, "this ARG belongs to its stage"),)
    return Finding(
        _place(argument, read),
        message,
        severity=None if _is_refused(argument, stage) else Severity.WARNING,
        because=because,
        known_as=_UNDEFINED,
    )


def _known(build: Build) -> list[str]:
    return [*list(build.arguments_by_name)[:_MOST_NAMES], *sorted(PLATFORM_VARIABLES)]


def _declared_between(stage: Stage, name: str) -> Span | None:
    """Return the place where a stage above declares the argument for itself."""
    first = max(0, stage.index - _MOST_STAGES)
    for other in stage.build.stages[first : stage.index]:
        for step in other.steps[:_MOST_STEPS]:
            if isinstance(step, Arg):
                for pair in step.pairs:
                    if pair.name.text == name:
                        return pair.name.span
    return None


def _is_refused(argument: Argument, stage: Stage) -> bool:
    if not argument.decided:
        return False
    if argument is not stage.base:
        return _is_blank(argument)
    return stage.base_stage is None and image_problem(argument.text) is not None


def _is_blank(argument: Argument) -> bool:
    return argument.decided and not argument.text


def _unusable(base: Argument) -> Iterator[Finding]:
    wrong = image_problem(base.text)
    if wrong is None:
        return
    name = f"Docker rejects the image `{base.text}`" if base.text else "no image name is set"
    reason = f": {wrong}" if base.text else ""
    message = f"{name}{with_defaults(base)}{reason}"
    because = passed(base)
    yield Finding(base.span, message, because=because, known_as=_INVALID_DEFAULT)


def _needed(base: Argument, build: Build) -> Iterator[Finding]:
    """Yield the arguments without which the image has no name."""

    def unless_passed(name: str) -> Variable | None:
        variable = build.global_variable(name)
        return None if _is_to_be_passed(variable) else variable

    without = expand(base.raw, build.escape, unless_passed)
    if not without.decided or image_problem(without.text) is None:
        return
    for read in base.reads:
        if _is_to_be_passed(read.variable) and read.counts and not read.defaulted:
            yield Finding(
                _place(base, read),
                f"`ARG {read.name}` has no default, so a build without"
                f" `--build-arg {read.name}=…` fails",
                severity=Severity.INFO,
                strict=True,
                known_as=_INVALID_DEFAULT,
            )


def _is_to_be_passed(variable: Variable | None) -> bool:
    return variable is not None and variable.kind == "argument" and variable.text is None


def _place(argument: Argument, read: VariableRead) -> Span:
    """Return the place of a variable in a word, or of the word if it is not in one piece."""
    span = argument.span
    if span.text != argument.raw:
        return span
    return Span(span.source, span.start + read.start, span.start + read.end)
