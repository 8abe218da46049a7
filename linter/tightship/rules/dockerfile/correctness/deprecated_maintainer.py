"""MAINTAINER is deprecated.

Docker deprecated it in 2017: it fills one field of the image that few tools read.
Anyone who finds a weakness in the image, or a container that misbehaves, looks for
the owner in the labels. BuildKit warns about it at every build, and a permanent
warning hides the next one.

## How to fix

Write a label: `LABEL org.opencontainers.image.authors="jane@example.org"`. Containers
inherit the labels of their image, so programs that read labels see one more.
"""

from tightship.rules import Bad, Edit, Finding, Findings, Fix, Good, Label, Maintainer, Stage, quoted, rule  # fmt: skip

_LABEL = "org.opencontainers.image.authors"
_LABELS = (_LABEL, "maintainer")


@rule(
    on=Stage,
    severity="info",
    fix="changes-behaviour",
    references=(
        "Dockerfile reference, MAINTAINER (deprecated)",
        "BuildKit, build checks, MaintainerDeprecated",
        "OCI Image Format Specification, annotations",
    ),
    aliases=(
        "DL4000",
        "buildkit:MaintainerDeprecated",
        "trivy:DS-0022",
        "checkov:CKV_DOCKER_6",
        "semgrep:maintainer-is-deprecated",
        "kics:99614418",
    ),
    tags=("deprecated",),
    when=("keywords:MAINTAINER",),
    examples=(
        Bad("""
            FROM debian:13
          - «MAINTAINER» Jane Doe <jane@example.org>
          + LABEL org.opencontainers.image.authors="Jane Doe <jane@example.org>"
        """),
        Bad("""
            FROM debian:13
          - «maintainer» Jane "$$" Doe
          + label org.opencontainers.image.authors="Jane \\"\\$\\$\\" Doe"
        """),
        Good("""
            FROM debian:13
            LABEL maintainer="jane@example.org"
        """),
    ),
)
def deprecated_maintainer(stage: Stage) -> Findings:
    """Point at the keyword; BuildKit rejects it as a trigger."""
    steps = [step for step in stage.steps if isinstance(step, Maintainer)]
    labelled = bool(steps) and any(
        pair.name.text in _LABELS for label in stage.every(Label) for pair in label.pairs
    )
    for step in steps:
        yield Finding(
            step.keyword,
            "MAINTAINER is deprecated: name the author in a label",
            fix=None if labelled else _fix(step),
        )


def _fix(step: Maintainer) -> Fix | None:
    """Return the fix that replaces the instruction with a label."""
    name = step.value
    if name is None or name.span.text != name.raw:
        return None
    keyword = "label" if step.keyword.text.islower() else "LABEL"
    value = quoted(name.raw, step.stage.build.escape)
    edits = (Edit(step.keyword, keyword), Edit(name.span, f"{_LABEL}={value}"))
    return Fix.changes(
        "Name the author in a label",
        edits,
        may_break="a program that reads the image's field `Author`, which is empty then",
    )
