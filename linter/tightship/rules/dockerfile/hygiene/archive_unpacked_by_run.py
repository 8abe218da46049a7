"""An archive is copied into the image and unpacked by RUN.

The layer of the COPY keeps the archive in the image forever, in addition to its
content. `ADD` unpacks a local archive itself, and leaves nothing else.

## How to fix

Write `ADD archive.tar.gz /folder/` and remove the `tar`.
"""

import posixpath

from tightship.rules import Argument, Bad, Copy, Finding, Findings, Good, Iterator, Related, Run, Span, Stage, may_be_archive, rule  # fmt: skip


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
        Good("""
            FROM debian:13
            ADD rootfs.tar.gz /
            COPY data.tar.gz /srv/
        """),
    ),
)
def archive_unpacked_by_run(stage: Stage) -> Findings:
    """Point at the archive that a later step unpacks."""
    copied = dict[str, "Argument"]()
    for step in stage.steps:
        if isinstance(step, Copy) and step.origin is None:
            for source in step.sources:
                name = posixpath.basename(source.text)
                if source.decided and ".tar" in name and may_be_archive(name):
                    copied[name] = source
        elif isinstance(step, Run) and copied:
            for name, place in _unpacked(step):
                if name in copied:
                    yield Finding(
                        copied.pop(name).span,
                        f"`{name}` stays in the layer of this COPY; `ADD` unpacks it"
                        " and leaves no archive",
                        because=(Related(place, "unpacked here"),),
                    )


def _unpacked(step: Run) -> Iterator[tuple[str, Span]]:
    for call in step.calls:
        program = call.program
        if program is None or program.name not in ("tar", "bsdtar"):
            continue
        words = [word.value or "" for word in program.words]
        flags = words[:1] + [one for one in words if one.startswith("-")]
        if any("x" in one for one in flags if not one.startswith("--")) or {
            "--extract",
            "--get",
        } & set(words):
            for word in words:
                yield (posixpath.basename(word.removeprefix("--file=")), program.word.span)
