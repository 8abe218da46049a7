"""An archive is copied into the image and unpacked by RUN.

The layer of the COPY keeps the archive in the image forever, in addition to its
content. `ADD` unpacks a local archive itself, and leaves nothing else.

## How to fix

Write `ADD archive.tar.gz /folder/` and remove the `tar`.
"""

import posixpath

from tightship.rules import Argument, Bad, Copy, Finding, Findings, Good, Iterator, Program, Related, Run, Span, Stage, regex, rule  # fmt: skip

# ADD looks into the file: tar, also in gzip, bzip2, xz or zstd (moby/go-archive, compression).
_NAME = r"\.(?:tar(?:\.(?:gz|bz2|xz|zstd?))?|t(?:gz|az|pz|bz2?|b2|xz|zst))$"
_OF_TAR = regex(_NAME)
_BY_ADD = regex(rf"{_NAME}|\.(?:gz|bz2|xz|zstd?)$")
_TAR = ("tar", "bsdtar")
_UNPACKERS = frozenset(
    ("gunzip", "zcat", "gzcat", "bunzip2", "bzcat", "unxz", "xzcat", "unzstd", "zstdcat")
)


@rule(
    on=Stage,
    severity="info",
    references=("Docker, Building best practices, ADD or COPY",),
    aliases=("DL3010",),
    examples=(
        Bad("""
            FROM debian:13
            COPY «rootfs.tar.gz» /tmp/
            RUN tar -xzf /tmp/rootfs.tar.gz -C / && rm /tmp/rootfs.tar.gz
        """),
        Bad("""
            FROM alpine:3.22
            COPY «app.tgz» /tmp/
            RUN zcat /tmp/app.tgz | tar x -C /srv
        """),
        Good("""
            FROM debian:13
            ADD rootfs.tar.gz /
            COPY data.tar.gz /srv/
            COPY site.zip /tmp/
            RUN bsdtar -xf /tmp/site.zip
        """).because("`ADD` unpacks tar archives, but no `.zip`."),
    ),
)
def archive_unpacked_by_run(stage: Stage) -> Findings:
    """Point at the archive that a later step unpacks."""
    copied: dict[str, Argument] = {}
    for step in stage.steps:
        if isinstance(step, Copy) and step.origin is None:
            copied.update(_archives(step))
        elif isinstance(step, Run) and copied:
            for name, place in _unpacked(step):
                if name in copied:
                    source = copied.pop(name)
                    yield Finding(
                        source.span,
                        f"`{posixpath.basename(source.text)}` stays in the layer of this COPY;"
                        " `ADD` unpacks it and leaves no archive",
                        because=(Related(place, "unpacked here"),),
                    )


def _archives(step: Copy) -> Iterator[tuple[str, Argument]]:
    """Yield the archives that ADD would unpack, each with its name in the image."""
    to = step.destination
    for source in step.sources:
        name = posixpath.basename(source.text)
        if not source.decided or _BY_ADD.search(name.lower()) is None:
            continue
        if to is not None and to.decided and len(step.sources) == 1:
            target = posixpath.basename(to.text)
            name = target if _BY_ADD.search(target.lower()) else name
        yield name, source


def _unpacked(step: Run) -> Iterator[tuple[str, Span]]:
    for call in step.calls:
        program = call.program
        if program is None or not _unpacks(program):
            continue
        inputs = [one.target for one in call.command.redirections if one.operator == "<"]
        for word in (*program.words, *(word for word in inputs if word is not None)):
            text = (word.value or "").removeprefix("--file=")
            if program.name in _TAR or _OF_TAR.search(text.lower()):
                yield posixpath.basename(text), program.word.span


def _unpacks(program: Program) -> bool:
    words = [word.value or "" for word in program.words]
    if program.name not in _TAR:
        return program.name in _UNPACKERS
    flags = words[:1] + [one for one in words if one.startswith("-")]
    is_short = any("x" in one for one in flags if not one.startswith("--"))
    return is_short or not {"--extract", "--get"}.isdisjoint(words)
