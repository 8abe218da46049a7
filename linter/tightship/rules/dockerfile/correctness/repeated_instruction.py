"""An instruction appears twice, and only the last one applies.

An image has one CMD, one ENTRYPOINT and one HEALTHCHECK. If a stage sets one of them
again, the build continues without a message and ignores the earlier one. A reader may
rely on the first one: a wrapper that drops privileges, or a thorough check.

A stage may replace an instruction of its base stage, and may have both a CMD and an
ENTRYPOINT, which gets the words of CMD.

## How to fix

Remove the earlier one, or join both. Put commands that have to run before the program
into one script: the ENTRYPOINT, which ends with `exec "$@"`.
"""

from tightship.rules import Bad, Cmd, Entrypoint, Finding, Findings, Fix, Good, Healthcheck, Related, Stage, Step, remove_instruction, rule  # fmt: skip

_ONCE = (Cmd, Entrypoint, Healthcheck)
_KNOWN_AS = {
    "CMD": ("DL4003", "trivy:DS-0016", "kics:41c195f4"),
    "ENTRYPOINT": (
        "DL4004",
        "trivy:DS-0007",
        "semgrep:multiple-entrypoint-instructions",
        "kics:6938958b",
    ),
    "HEALTHCHECK": ("DL3012", "trivy:DS-0023"),
}


@rule(
    on=Stage,
    severity="warning",
    fix="keeps-behaviour",
    references=(
        "Dockerfile reference, CMD, ENTRYPOINT and HEALTHCHECK",
        "BuildKit, build checks, MultipleInstructionsDisallowed",
    ),
    aliases=(
        "DL3012",
        "DL4003",
        "DL4004",
        "buildkit:MultipleInstructionsDisallowed",
        "semgrep:multiple-entrypoint-instructions",
        "trivy:DS-0007",
        "trivy:DS-0016",
        "trivy:DS-0023",
        "kics:41c195f4",
        "kics:6938958b",
    ),
    tags=("unnecessary",),
    when=tuple(f"keywords:{name}" for name in _KNOWN_AS),
    examples=(
        Bad("""
            FROM nginx:1.29
            # Starts without a worker.
          - «CMD» ["nginx", "-t"]
            CMD ["nginx", "-g", "daemon off;"]
        """),
        Bad("""
            FROM redis:8
          - «healthcheck» --interval=5s \\
          -     cmd redis-cli ping

            user redis
            healthcheck none
        """),
        Good("""
            FROM nginx:1.29 AS base
            ENTRYPOINT ["/drop-privileges"]
            CMD ["nginx"]

            FROM base
            CMD ["nginx-debug"]
        """).because("The second stage replaces the CMD of the first."),
        Good("""
            FROM nginx:1.29
            ONBUILD CMD ["nginx", "-t"]
            CMD ["nginx"]
        """).because("The first one waits for another build."),
    ),
)
def repeated_instruction(stage: Stage) -> Findings:
    """Point at each one but the last of its kind in a stage."""
    file = stage.build.file
    if file.template is not None:
        return  # The filled-in file may contain only one of them.
    last: dict[type[Step], Step] = {}
    for step in reversed(stage.steps):
        if not isinstance(step, _ONCE):
            continue
        counts = last.setdefault(type(step), step)
        if counts is step:
            continue
        edit = None if step.deferred else remove_instruction(file, step.instruction)
        yield Finding(
            step.keyword,
            f"this {step.name} has no effect: a later one replaces it",
            fix=Fix.keeps(f"Remove the {step.name}", (edit,)) if edit else None,
            because=(Related(counts.keyword, "this one applies"),),
            known_as=("buildkit:MultipleInstructionsDisallowed", *_KNOWN_AS[step.name]),
        )
