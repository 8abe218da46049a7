"""References a missing or later stage.

`COPY --from`, `RUN --mount=from=` and FROM name a stage above. BuildKit rejects an
unknown stage number, the stage itself, a stage further down, and a build whose
`target` is not a stage.

BuildKit reads any other unknown name as an image. `--from=bulider` copies files from
the image that the host, a mirror or Docker Hub has under that name: on a shared
builder, that may be an image of another user. Usually there is no such image, and the
build fails. The rule warns of a name that is one typo away from a stage, and not one
of Docker's official images. Other names without registry and tag that are neither a stage, an
official image, nor an image or a context of the project are an info: a build may still define
them by `--build-context`, or have an image of this name on its host.

## How to fix

Name a stage above this one, or move the stage up. For an image, write its name with
registry and tag.
"""

from tightship.rules import OFFICIAL_IMAGES, Argument, Bad, Build, Copy, Edit, Finding, Findings, Fix, Good, Iterator, Related, Run, Severity, Stage, UnknownTarget, closest, edit_distance, regex, rule  # fmt: skip

_NUMBER = regex(r"[+-]?[0-9]{1,18}")
_DIGITS = regex(r"[0-9]+")
_IMAGE_ALONE = regex(r"[a-z0-9_-]+")
_OF_ORDER = ("DL3022", "kics:68a51e22", "tally:circular-stage-deps")
_OF_ITSELF = ("DL3023", "trivy:DS-0006", "kics:cdddb86f", "tally:circular-stage-deps")
_SHORTEST = 4
_MOST_NAMES = 100
_MOST_GUESSES = 100


@rule(
    on=(Build, UnknownTarget),
    severity="error",
    severity_note="warning or info if Docker reads the name as an image",
    fix="changes-behaviour",
    references=(
        "Dockerfile reference, COPY --from, and RUN --mount",
        "BuildKit, frontend/dockerfile/dockerfile2llb, convert.go",
    ),
    aliases=(*_OF_ORDER, "DL3023", "trivy:DS-0006", "kics:cdddb86f"),
    advice="name a stage above this one, or write an image with registry and tag",
    examples=(
        Bad("""
            FROM golang:1.25 AS builder
            RUN go build -o /app

            FROM scratch
          - COPY --from=«bulider» /app /app
          + COPY --from=builder /app /app
        """).at("warning"),
        Bad("""
            FROM golang:1.25 AS builder
            COPY --from=«builder» /etc/ssl /etc/ssl
            COPY --from=«assets» /out /out

            FROM node:22 AS assets
            COPY --from=«5» /out /out
            RUN --mount=from=«ASSETS»,target=/mnt true
        """).because("A stage can only use stages above it."),
        Bad("""
            FROM nginx:1.29
            COPY --from=«compiler» /out /usr/share/nginx/html
        """).at("info"),
        Bad("""
            ==> compose.yaml <==
            services:
              web:
                build:
                  context: .
                  target: «prod»
            ==> Dockerfile <==
            FROM nginx:1.29 AS production
        """),
        Good("""
            FROM golang:1.25 AS build
            RUN go build -o /app

            FROM node:22 AS assets
            COPY --from=0 /app /app
            COPY --from=Build /app /app
            COPY --from=nginx /etc/nginx /etc/nginx
            COPY --from=registry.example/tools:1.2 /bin/tool /bin/tool
        """).because("A stage has a number and a name in any case; the others are images."),
        Good("""
            FROM app-base AS base1
            FROM base2
        """).because("Images from earlier builds may have numbers."),
    ),
)
def undefined_stage(subject: object) -> Findings:
    """Point at the name."""
    if isinstance(subject, UnknownTarget):
        yield _target(subject)
    elif isinstance(subject, Build) and subject.file.template is None:
        yield from _Names(subject).findings()


def _target(subject: UnknownTarget) -> Finding:
    names = _names(subject.build)
    meant = closest(subject.name, names)
    if meant is not None:
        hint = f"; did you mean `{meant}`?"
    elif names:
        hint = f"; there is {', '.join(f'`{name}`' for name in names[:5])}"
        hint += " and more" if len(names) > 5 else ""
    else:
        hint = ": none has a name"
    return Finding(
        subject.span, f"`{subject.build.source.name}` has no stage `{subject.name}`{hint}"
    )


def _names(build: Build) -> list[str]:
    found = dict.fromkeys(stage.name for stage in build.stages if stage.name)
    return list(found)[:_MOST_NAMES]


class _Names:
    """The uses of stages in a Dockerfile, from top to bottom.

    ``_images`` counts the images that files have been copied from: BuildKit numbers them
    as stages after the last one.
    """

    def __init__(self, build: Build) -> None:
        self._build = build
        self._names = _names(build)
        self._images = 0
        self._guesses = 0

    def findings(self) -> Iterator[Finding]:
        for stage in self._build.stages:
            yield from self._base(stage)
            for step in stage.steps:
                if isinstance(step, Copy):
                    if step.origin is not None:
                        yield from self._copied(step.origin, stage)
                elif isinstance(step, Run):
                    for mount in step.mounts:
                        if mount.origin is not None:
                            yield from self._mounted(mount.origin, stage)

    def _base(self, stage: Stage) -> Iterator[Finding]:
        base = stage.base
        if base is None or stage.base_stage is not None or base.reads:
            return
        name = base.text
        below = self._build.named(name)
        if below is None or name in OFFICIAL_IMAGES:
            yield from self._misspelt(base, name)
        elif below.index > stage.index and _is_other(below, name):
            yield Finding(
                base.span,
                f"{below.title} begins below, so FROM reads `{name}` as an image",
                severity=Severity.WARNING,
                because=_begins(below),
            )

    def _copied(self, origin: Argument, stage: Stage) -> Iterator[Finding]:
        word, count = origin.raw, len(self._build.stages)
        if not word or "$" in word:
            return
        if _NUMBER.fullmatch(word):
            number = int(word)
            if 0 <= number < count:
                yield from _order(origin, self._build.stages[number], stage)
            elif not 0 <= number < count + self._images:
                last = f"the last one is {count - 1}" if count > 1 else "there is but 0"
                message = f"there is no stage {word}: {last}"
                yield Finding(origin.span, message, known_as=_OF_ORDER)
            return
        found = self._build.named(word)
        if found is not None:
            yield from _order(origin, found, stage)
        else:
            self._images += 1
            yield from self._unknown(origin, word)

    def _mounted(self, origin: Argument, stage: Stage) -> Iterator[Finding]:
        word = origin.raw
        if not word or "$" in word:
            return
        found = self._build.named(word)
        if found is not None:
            yield from _order(origin, found, stage)
            return
        self._images += 1
        if _DIGITS.fullmatch(word):
            yield Finding(
                origin.span,
                f"a mount takes no number of a stage: `{word}` is the name of an image",
                severity=Severity.WARNING,
            )
        else:
            yield from self._unknown(origin, word)

    def _unknown(self, origin: Argument, word: str) -> Iterator[Finding]:
        """Report a name that is neither a stage nor an image that everybody can pull."""
        found = [*self._misspelt(origin, word)]
        build = self._build
        if not found and _IMAGE_ALONE.fullmatch(word) and word not in OFFICIAL_IMAGES:
            is_known = word in build.contexts or f"{word}:latest" in build.own_images
            if not is_known and word != "scratch":
                message = (
                    f"no stage is called `{word}`, and Docker Hub has no official image `{word}`"
                )
                found = [Finding(origin.span, message, severity=Severity.INFO, known_as=_OF_ORDER)]
        yield from found

    def _misspelt(self, argument: Argument, word: str) -> Iterator[Finding]:
        meant = self._meant(word)
        if meant is None:
            return
        fix = None
        if argument.span.text == word:
            fix = Fix.changes(
                f"Write `{meant}`",
                (Edit(argument.span, meant),),
                may_break=f"the build, if `{argument.text}` is the name of an image",
            )
        yield Finding(
            argument.span,
            f"unknown stage `{word}`: Docker reads it as an image; did you mean `{meant}`?",
            severity=Severity.WARNING,
            fix=fix,
            known_as=_OF_ORDER,
        )

    def _meant(self, word: str) -> str | None:
        """Return the stage that a word surely means, with one wrong letter."""
        if (
            len(word) < _SHORTEST
            or word in OFFICIAL_IMAGES
            or _IMAGE_ALONE.fullmatch(word) is None
            or self._guesses >= _MOST_GUESSES
        ):
            return None
        self._guesses += 1
        meant = closest(word, self._names)
        if meant is None or meant in OFFICIAL_IMAGES or edit_distance(word, meant, 2) > 1:
            return None
        # `app1` and `app2` are different names, and so are `app` and `app2`.
        same = _DIGITS.sub("", word) == _DIGITS.sub("", meant)
        return None if same else meant


def _order(origin: Argument, found: Stage, stage: Stage) -> Iterator[Finding]:
    """Report a stage that is used before it is built.

    Every cycle of stages has such a place, since FROM only names stages above. BuildKit
    rejects a stage below when it builds the stage that uses it.
    """
    if found is stage:
        message = "a stage cannot take files from itself"
        yield Finding(origin.span, message, known_as=_OF_ITSELF)
    elif found.index > stage.index:
        yield Finding(
            origin.span,
            f"{found.title} begins below, but files can only come from stages above",
            because=_begins(found),
            known_as=_OF_ORDER,
        )


def _begins(stage: Stage) -> tuple[Related, ...]:
    return (Related(stage.span, "it begins here"),)


def _is_other(stage: Stage, name: str) -> bool:
    """Return whether a stage has the name of an image that it is not built from."""
    image = stage.image
    return image is None or image.name != name
