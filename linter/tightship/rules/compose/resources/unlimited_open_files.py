"""Nothing limits the number of files that the container's processes open.

Nothing in the file sets `ulimits.nofile`, so each process gets the daemon's limit,
which is between a few thousand and a billion, depending on the package of Docker. Then
only the kernel's memory limits a leak of file descriptors or a flood of connections.
Some programs also loop over all possible descriptors when they start, which takes
minutes with a huge limit.

## How to fix

Set `ulimits.nofile` to a number that fits the service: some thousands for a web server
or a database.
"""

from tightship.rules import Bad, Container, Finding, Findings, Fix, Good, by_default, rule


@rule(
    on=Container,
    severity="info",
    strict=True,
    fix="tightens",
    references=("Compose Specification, services, ulimits", "moby 26.1.5, daemon/oci_linux.go"),
    examples=(
        Bad("""
            services:
              «web»:
                image: nginx:1.29
          +     ulimits:
          +       nofile: 4096
        """),
        Bad("""
            services:
              web:
                image: nginx:1.29
          -     ulimits: {core: 0, nofile: «-1»}
          +     ulimits: {core: 0, nofile: 4096}
        """),
        Bad("""
            services:
              web:
                image: nginx:1.29
                ulimits:
                  nofile:
                    soft: 1024
          -         hard: «-1»
          +         hard: 4096
        """).because("A process may raise its soft limit up to the hard one."),
        Good("""
            services:
              web:
                image: nginx:1.29
                ulimits:
                  nofile: {soft: 1024, hard: 4096}
        """),
        Good("""
            services:
              web:
                image: nginx:1.29
                ulimits:
                  nofile: ${OPEN_FILES}
        """),
    ),
)
def unlimited_open_files(container: Container) -> Findings:
    """Point at a limit of -1, or at the service that sets none."""
    limit = container.limits.open_files
    if not limit.surely_absent:
        return
    hard = container.value("ulimits", "nofile", "hard") is not None
    yield Finding(
        limit.span,
        f"{container.title} has no limit for open files" + by_default(limit.provenance),
        fix=Fix.tightens(
            "Limit the open files",
            container.editor.set_nested(("ulimits", "nofile"), {"hard": "4096"})
            if hard
            else container.editor.set_nested(("ulimits",), {"nofile": "4096"}),
            may_break=f"{container.title}, if it opens more files than that",
        ),
    )
