"""A required label is missing.

Labels record the maintainer, the source and the licence of an image. The option
`required` lists the labels that an image must have; without it, this rule reports
nothing. The rule only checks stages whose layers are part of an image.

## How to fix

Add the label: `LABEL org.opencontainers.image.source=https://example.com/app`.
"""

from fnmatch import fnmatchcase

from tightship.rules import Bad, Build, Finding, Findings, Good, Label, Option, Options, rule

REQUIRED = Option(
    "required",
    "names",
    tuple,
    "Label keys that each image must have.",
    '["org.opencontainers.image.source", "maintainer"]',
)


@rule(
    on=Build,
    severity="info",
    references=("OCI image specification, annotations",),
    aliases=("DL3049",),
    options=(REQUIRED,),
    examples=(
        Bad("""
            ==> Dockerfile <==
            FROM «debian:13»
            LABEL maintainer=jane
            ==> tightship.toml <==
            [rules.missing-label]
            required = ["version"]
        """),
        Good("""
            ==> Dockerfile <==
            FROM debian:13
            LABEL version=1
            ==> tightship.toml <==
            [rules.missing-label]
            required = ["version"]
        """),
    ),
)
def missing_label(build: Build, options: Options) -> Findings:
    """Point at the last stage, if it and those it is based on lack a label."""
    stage = build.target()
    if stage is None:
        return
    keys = [pair.name for step in stage.every(Label) for pair in step.pairs]
    if any(not key.decided for key in keys):
        return
    known = {key.text for key in keys}
    missing = [
        wanted for wanted in options[REQUIRED] if not any(fnmatchcase(key, wanted) for key in known)
    ]
    if missing:
        named = ", ".join(f"`{key}`" for key in missing)
        yield Finding(stage.span, f"the image lacks a required label: {named}")
