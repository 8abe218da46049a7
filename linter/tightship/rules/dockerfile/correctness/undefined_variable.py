r"""The instruction uses a variable that nothing sets.

BuildKit replaces it with an empty text and continues. `USER $APP_USER` then has no user
name, `COPY . $APP_DIR/` copies to the root folder, and `VERSION=${VERSION}` installs
the newest version instead of the pinned one. The usual reasons: an ARG before FROM,
which a stage sees only after its own `ARG NAME`; an ARG of another stage; an ENV that
reads a variable that it sets itself; a typo.

If the stage is based on an image, the image may set the variable, and the message says
so. The rule ignores variables of well-known images, and `${NAME:-default}`.

## How to fix

Declare the variable before its first use: `ARG NAME` takes the value of an ARG before FROM, or of `--build-arg`. If an ENV reads a variable, set that variable in an earlier ENV. If it may be missing, handle that: `ENV LD_LIBRARY_PATH=/opt/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}`. Escape a literal `$` as `\$`, and quote the name of a heredoc: `<<'EOF'`.
"""

from itertools import chain, islice

from tightship.rules import PLATFORM_VARIABLES, Arg, Argument, Bad, Build, Env, Finding, Findings, Fix, Good, Iterator, Related, Severity, Span, Stage, Step, Variable, VariableUse, edit_distance, in_later_build, insert_after, regex, rule, uses_in_word, variable_uses  # fmt: skip

_NAME = regex(r"[A-Za-z_][A-Za-z0-9_]*")
_DIGITS = "0123456789"
_SHORTEST = 4
_LONGEST = 32
# Limits on the work for one stage, far above real ones.
_MOST_SOUGHT = 20
_MOST_CANDIDATES = 100
_MOST_PLACES = 10

_OF_ALL = ("buildkit:UndefinedVar",)
_OF_ITSELF = ("DL3044", *_OF_ALL)


@rule(
    on=Build,
    severity="warning",
    severity_note="info if the base image may set it",
    fix="changes-behaviour",
    references=(
        "Dockerfile reference, environment replacement, and scope of ARG",
        "BuildKit, build checks, UndefinedVar",
    ),
    aliases=_OF_ITSELF,
    advice="declare it before its first use, with `ARG NAME` in this stage or an earlier `ENV`",
    examples=(
        Bad("""
            ARG RELEASE=4.2
            FROM alpine:3.22
          + ARG RELEASE
            LABEL org.opencontainers.image.version=«$RELEASE»
        """).because("An ARG before FROM belongs to FROM; a stage has to declare it again."),
        Bad("""
            FROM alpine:3.22
            ENV APP_DIR=/srv/app DATA=«${APP_DIR}»/data
        """).because("Each variable of an ENV sees only values from before that ENV."),
        Bad("""
            FROM alpine:3.22
            ARG VERSION=4.2
            LABEL version=«$VERSON»
        """),
        Bad("""
            FROM scratch
            COPY server «$APP»/server
        """),
        Bad("""
            FROM debian:13
            ENV LD_LIBRARY_PATH=/opt/lib:«$LD_LIBRARY_PATH»
        """).at("info", "If it is empty, the loader also looks in the current directory."),
        Bad("""
            FROM nginx:1.29
            COPY <<EOF /etc/nginx/conf.d/default.conf
            proxy_set_header Host «$host»;
            proxy_set_header X-Forwarded-For $remote_addr;
            EOF
        """).at("info", "BuildKit replaces variables in such a file too; `<<'EOF'` stops that."),
        Good(r"""
            FROM debian:13
            ARG RELEASE
            ENV PATH=/opt/bin:$PATH PRICE="\$5" RELEASE=${RELEASE} MODE=${MODE:-fast}
            RUN echo $ANYTHING
            """).because("PATH is always set, ARG may be given, and RUN is the shell's."),
        Good("""
            FROM eclipse-temurin:21
            ENV PATH=$JAVA_HOME/bin:$PATH
        """).because("The image sets it."),
    ),
)
def undefined_variable(build: Build) -> Findings:
    """Point at the first use of each variable in a stage."""
    if build.file.template is not None:
        return
    yield from (one.replaced(known_as=_OF_ALL) for one in _before_from(build))
    arguments: dict[str, Span] = {}
    for step in chain(*(stage.steps for stage in build.stages)):
        if isinstance(step, Arg):
            for pair in step.pairs:
                arguments.setdefault(pair.name.text, pair.name.span)
    for stage in chain(*(stage.presented for stage in build.stages)):
        found = chain(_Stage(stage, arguments).findings(), *map(_lost, stage.steps))
        yield from map(in_later_build, found) if stage.deferred else found


def _before_from(build: Build) -> Findings:
    """Check the defaults of ARGs before FROM, which see the ARGs above them."""
    known = dict.fromkeys(PLATFORM_VARIABLES)

    def lookup(name: str) -> Variable | None:
        return Variable(name, None, "argument") if name in known else None

    for pair in build.declared:
        if pair.value is not None:
            for use in uses_in_word(Argument(pair.value, build.escape, lookup)):
                if use.read.variable is None and not use.has_fallback:
                    message = f"no ARG above sets `{use.read.name}`"
                    yield Finding(use.span, message)
        known[pair.name.value] = None


def _not_yet(step: Step, name: str, span: Span, because: tuple[Related, ...]) -> Finding:
    message = (
        f"`{name}` does not have the value of this {step.name} yet: the"
        " value applies only to later instructions"
    )
    return Finding(span, message, because=because, known_as=_OF_ITSELF)


def _lost(step: Step) -> Findings:
    """Yield the uses of a variable by its second value in an ENV, which replaces the first."""
    first: dict[str, Span] = {}
    for pair in step.pairs if isinstance(step, Env) else ():
        name = pair.name.text
        if name in first and pair.value is not None:
            for use in uses_in_word(pair.value, name):
                if use.read.name == name and use.read.variable is not None:
                    yield _not_yet(step, name, use.span, (Related(first[name], "it is set here"),))
        first.setdefault(name, pair.name.span)


class _Stage:
    """A search through a stage; ``arguments`` are the ARGs of all stages."""

    def __init__(self, stage: Stage, arguments: dict[str, Span]) -> None:
        self.stage = stage
        self.build = stage.build
        self.arguments = arguments
        self.names: dict[str, None] = {}
        self.sought = 0
        # The first place that sets each name: by any instruction (False), by an ARG (True).
        self.first: dict[tuple[str, bool], tuple[Step, Span]] = {}
        for step, name, span in _set(stage):
            self.first.setdefault((name, False), (step, span))
            self.first.setdefault((name, isinstance(step, Arg)), (step, span))

    def findings(self) -> Findings:
        """Yield the findings of the steps."""
        found: dict[str, Finding | None] = {}
        more: dict[str, list[Related]] = {}
        heredocs: dict[Span, str] = {}
        for step in self.stage.steps:
            for use in variable_uses(step):
                name, variable = use.read.name, use.read.variable
                if variable and variable.kind != "unknown":
                    continue
                if use.has_fallback:
                    continue
                if name in found:
                    place = Related(use.span, "it is read here too")
                    more.setdefault(name, []).append(place)
                    continue
                one = found[name] = self._judge(step, use)
                if one and use.heredoc and one.severity is Severity.INFO:
                    # One cause, however many variables a file reads.
                    first = heredocs.setdefault(use.heredoc.opener, name)
                    if first != name:
                        place = Related(use.span, "so is this one")
                        more.setdefault(first, []).append(place)
                        found[name] = None
            if isinstance(step, (Arg, Env)):
                self.names |= dict.fromkeys(pair.name.text for pair in step.pairs)
        for name, one in found.items():
            if one is not None:
                room = max(0, _MOST_PLACES - len(one.because))
                because = (*one.because, *more.get(name, ())[:room])
                yield one.replaced(because=because, known_as=one.known_as or _OF_ALL)

    def _judge(self, step: Step, use: VariableUse) -> Finding | None:
        name, span = use.read.name, use.span
        if _NAME.fullmatch(name) is None:
            escaped = f"{self.build.escape}$"
            message = f"`{use.text}` becomes an empty text; a literal `$` is `{escaped}`"
            return Finding(span, message)
        # `ENV X=$X:more` extends a value from elsewhere, but not from an ARG below.
        adds = use.owner == name
        setter, place = self.first.get((name, adds), (None, span))
        because = (Related(place, "it is set here"),)
        if setter is step and not adds:
            return _not_yet(step, name, span, because)
        from tightship.rules import may_set

        if may_set(self.stage.image, name):
            return None
        if setter is not None and setter.index > step.index:
            message = f"`{name}` is set only further down"
            return Finding(span, message, because=because)
        return self._undeclared(name, span) or self._unset(name, use)

    def _undeclared(self, name: str, span: Span) -> Finding | None:
        """Judge a build argument that this stage does not declare."""
        build, title = self.build, self.stage.title
        shared = build.arguments_by_name.get(name)
        if shared is not None and shared.kind == "argument" and shared.span:
            message = f"`ARG {name}` before FROM does not reach into {title}"
            related: tuple[Related, ...] = (Related(shared.span, "it is set here"),)
        elif shared is not None or name in build.build_args:
            message = f"`{name}` is passed to the build, but {title} does not declare it"
            related = ()
        elif name in PLATFORM_VARIABLES:
            message = f"BuildKit sets `{name}` only where a stage declares it"
            related = ()
        elif name in self.arguments and (name, True) not in self.first:
            message = f"`ARG {name}` of another stage ends with that stage"
            related = (Related(self.arguments[name], "it is set here"),)
            return Finding(span, message, because=related)
        else:
            return None
        message += f": it needs its own `ARG {name}`"
        return Finding(span, message, because=related, fix=self._declare(name))

    def _declare(self, name: str) -> Fix | None:
        first = self.stage.instruction
        if self.stage.deferred:
            return None
        keyword = "arg" if first.keyword.value.islower() else "ARG"
        edit = insert_after(self.build.file, first, f"{keyword} {name}")
        return Fix.changes(
            f"Declare `{name}` in the stage",
            (edit,) if edit else (),
            may_break="the build, if it relies on the base image's value, or on an empty one",
        )

    def _unset(self, name: str, use: VariableUse) -> Finding | None:
        """Judge a variable that the file never sets."""
        meant = self._meant(name)
        if meant is not None:
            message = f"nothing sets `{name}`; did you mean `{meant}`?"
            return Finding(use.span, message)
        if use.read.variable is None:
            message = f"nothing sets `{name}`, and {self.stage.title} starts without variables"
            return Finding(use.span, message)
        sets = "it is empty unless the base image sets it"
        message = f"nothing here sets `{name}`: {sets}"
        if name == "HOME":
            message = f"`HOME` is set once a container runs; in this place {sets}"
        elif use.heredoc is not None:
            message = (
                f"Docker replaces `{use.text}` by an empty text, unless the base image sets it;"
                f" begin the heredoc with `<<'{use.heredoc.name}'` to keep it"
            )
        return Finding(use.span, message, severity=Severity.INFO)

    def _meant(self, name: str) -> str | None:
        """Return a name that differs by one slip, but not only in its number."""
        self.sought += 1
        if not _SHORTEST <= len(name) <= _LONGEST or self.sought > _MOST_SOUGHT:
            return None
        plain = name.rstrip(_DIGITS)
        known = chain(self.names, self.build.arguments_by_name, _inherited(self.stage))
        for other in islice(known, _MOST_CANDIDATES):
            if other.rstrip(_DIGITS) == plain or len(other) < _SHORTEST:
                continue
            if edit_distance(name.lower(), other.lower(), 2) <= 1:
                return other
        return None


def _set(stage: Stage) -> Iterator[tuple[Step, str, Span]]:
    for step in stage.steps:
        if isinstance(step, (Arg, Env)):
            for pair in step.pairs:
                yield step, pair.name.text, pair.name.span


def _inherited(stage: Stage) -> Iterator[str]:
    """Yield the names that the base stages of a stage set."""
    base = stage.base_stage
    while base is not None:
        for step in base.steps:
            if isinstance(step, (Arg, Env)):
                for pair in step.pairs:
                    yield pair.name.text
        base = base.base_stage
