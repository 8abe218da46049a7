"""Keywords, stage names and protocols have inconsistent case.

Docker ignores case, with one exception: FROM finds a stage only by its name in lower
case. But people scan for capitals: if a file writes its instructions in capitals, a
reviewer easily misses a `user root` or an `as`.

BuildKit reports the same as `ConsistentInstructionCasing`, `FromAsCasing`,
`StageNameCasing` and `ExposeProtoCasing`.

## How to fix

Write instructions, and the `AS` of FROM, in the case of most of the file, and stage
names and the protocols of EXPOSE in lower case.
"""

from tightship.rules import INSTRUCTION_FORMS, Bad, Build, Copy, Edit, Expose, Finding, Findings, Fix, Good, Iterator, Run, Word, respelled, rule  # fmt: skip


@rule(
    on=Build,
    severity="info",
    fix="keeps-behaviour",
    references=(
        "BuildKit, build checks, ConsistentInstructionCasing, FromAsCasing,"
        " StageNameCasing and ExposeProtoCasing",
    ),
    aliases=(
        "buildkit:ConsistentInstructionCasing",
        "buildkit:ExposeProtoCasing",
        "buildkit:FromAsCasing",
        "buildkit:StageNameCasing",
    ),
    examples=(
        Bad("""
          - FROM golang:1.25 «as» build
          - «Run» go build -o /app
          + FROM golang:1.25 AS build
          + RUN go build -o /app

            FROM scratch
            COPY --from=build /app /app
          - «user» 1000
          + USER 1000
        """),
        Bad("""
          - FROM golang:1.25 AS «Build»
          + FROM golang:1.25 AS build
            RUN go build -o /app

            FROM scratch
          - COPY --from=Build /app /app
          + COPY --from=build /app /app
        """),
        Bad("""
            FROM coredns/coredns:1.12
          - EXPOSE «53/UDP» 53/tcp
          + EXPOSE 53/udp 53/tcp
        """),
        Good("""
            from golang:1.25 as build
            run go build -o /app
        """).because("The whole file is in lower case."),
    ),
)
def inconsistent_casing(build: Build) -> Findings:
    """Point at keywords that differ from most, and at what has capitals at all."""
    if build.file.template is not None:
        return
    lower = _is_mostly_lower(build)
    for instruction in build.file.every_instruction():
        if instruction.name not in INSTRUCTION_FORMS:
            continue
        yield from _keyword(instruction.keyword, "ConsistentInstructionCasing", lower)
        words = instruction.arguments
        if instruction.name == "FROM" and len(words) == 3:
            yield from _keyword(words[1], "FromAsCasing", lower)
    yield from _names(build)
    yield from _protocols(build)


def _is_mostly_lower(build: Build) -> bool:
    """Return whether most keywords are lower case; in a tie they are not, as in BuildKit."""
    balance = 0
    for instruction in build.file.instructions:
        word = instruction.keyword.value
        if instruction.name in INSTRUCTION_FORMS:
            balance += word.islower() - word.isupper()
    return balance > 0


def _keyword(word: Word, check: str, lower: bool) -> Iterator[Finding]:
    wanted = word.value.lower() if lower else word.value.upper()
    if word.value == wanted or wanted.upper() not in (*INSTRUCTION_FORMS, "AS"):
        return
    style = "in lower case" if lower else "in capitals"
    message = f"`{word.value}` should be {style}, like most keywords of this file"
    fix = respelled(word.span, word.value, wanted)
    yield Finding(word.span, message, fix=fix, known_as=(f"buildkit:{check}",))


def _names(build: Build) -> Iterator[Finding]:
    """Yield the names of stages with capitals.

    Uses of a name ignore its case, except in a build that reads the name of its target.
    """
    uses: dict[str, list[Edit]] | None = None
    is_asked_for = False
    for stage in build.stages:
        label = stage.label
        if label is None or label.value == stage.name:
            continue
        if uses is None:
            uses = _uses(build)
            is_asked_for = "TARGETSTAGE" in build.source.text
        # If several stages have the name, its uses are edited with the first one.
        edits = (Edit(label.span, stage.name), *uses.pop(stage.name, ()))
        is_whole = label.span.text == label.value
        fix = None
        if is_whole and not is_asked_for:
            fix = Fix.keeps(f"Write `{stage.name}`", edits)
        yield Finding(
            label.span,
            f"the name `{label.value}` is not in lower case",
            fix=fix,
            known_as=("buildkit:StageNameCasing",),
        )


def _protocols(build: Build) -> Iterator[Finding]:
    for step in build.steps():
        for port in step.arguments if isinstance(step, Expose) else ():
            from tightship.rules import port_problem  # few files expose a port

            number, _, protocol = port.text.partition("/")
            is_port = port.decided and port_problem(port.text) is None
            if is_port and protocol != protocol.lower():
                message = f"the protocol `{protocol}` is not in lower case"
                fix = respelled(port.span, port.text, f"{number}/{protocol.lower()}")
                known_as = ("buildkit:ExposeProtoCasing",)
                yield Finding(port.span, message, fix=fix, known_as=known_as)


def _uses(build: Build) -> dict[str, list[Edit]]:
    """Return, by name, the edits that change its uses to lower case."""
    found: dict[str, list[Edit]] = {}
    for step in build.steps():
        if isinstance(step, Copy):
            origins = [step.origin]
        elif isinstance(step, Run):
            origins = [mount.origin for mount in step.mounts]
        else:
            continue
        for origin in origins:
            if origin is None or step.deferred:
                continue
            name = origin.raw.lower()
            if name != origin.raw == origin.span.text and build.named(name):
                found.setdefault(name, []).append(Edit(origin.span, name))
    return found
