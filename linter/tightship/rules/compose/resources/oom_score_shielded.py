"""When memory runs out, the kernel kills processes of the host before the container.

When the host runs out of memory, the kernel kills the process with the highest score.
A negative `oom_score_adj` lowers the score of the container's processes, so the
kernel kills other processes first, even a daemon of the host. Near -1000, it almost
never chooses them, however much memory they use.

## How to fix

Remove `oom_score_adj`. To keep a service alive, limit the memory of the others, and
reserve some for this one with `mem_reservation`.
"""

from tightship.rules import Bad, Container, Finding, Findings, Fix, Good, Severity, Unverified, by_default, rule  # fmt: skip

_HARDLY_EVER_KILLED = -900


@rule(
    on=Container,
    keys=("oom_score_adj",),
    severity="warning",
    severity_note="info above -900",
    fix="tightens",
    cwe=(400,),
    references=("Compose Specification, services, oom_score_adj", "proc_pid_oom_score_adj(5)"),
    checked=Unverified("a score below 0 needs `CAP_SYS_RESOURCE`, which the test engine lacks"),
    examples=(
        Bad("""
            services:
              db:
                image: postgres:17
          -     oom_score_adj: «-1000»
        """),
        Bad("""
            services:
          -   db: {image: "postgres:17", oom_score_adj: «"-500"»}
          +   db: {image: "postgres:17"}
        """).at("info"),
        Good("""
            services:
              batch:
                image: example/batch:2.4
                oom_score_adj: 500
        """).because("A positive score makes the kernel kill it first."),
        Good("""
            services:
              db:
                image: postgres:17
                oom_score_adj: ${ADJUSTMENT}
        """),
    ),
)
def oom_score_shielded(container: Container) -> Findings:
    """Point at a negative `oom_score_adj`."""
    adjustment = container.number("oom_score_adj")
    if adjustment.value is None or adjustment.value >= 0:
        return
    shielded = adjustment.value <= _HARDLY_EVER_KILLED
    yield Finding(
        adjustment.span,
        f"{container.title} is protected when memory runs out: the kernel"
        " kills others first" + by_default(adjustment.provenance),
        severity=None if shielded else Severity.INFO,
        fix=Fix.tightens(
            "Remove the protection",
            container.editor.remove("oom_score_adj") or container.editor.put("oom_score_adj", "0"),
            may_break=f"{container.title}, if the host needs it more than others",
        ),
    )
