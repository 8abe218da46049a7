"""The container can write to its own root file system.

Whoever gets to run code in the container can replace its binaries, drop tools and
stay there until the container is recreated. With `read_only: true` the image is all
that can ever run, and what the service must write it writes to volumes and `tmpfs`
mounts that the file names.

## How to fix

Set `read_only: true`, then give a `tmpfs` or a volume to each path the service
writes to. `docker diff` on a running container lists those paths.
"""

from __future__ import annotations

from tightship.isolation import Container
from tightship.rules.kit import (
    Applicability,
    Bad,
    Finding,
    Findings,
    Fix,
    Good,
    Severity,
    by_default,
    rule,
)


@rule(
    on=Container,
    severity=Severity.WARNING,
    fix=Applicability.UNSAFE,
    cis=("5.13",),
    owasp=("R8",),
    cwe=(732,),
    references=("Compose Specification, services, read_only",),
    aliases=("CL-0007", "semgrep:writable-filesystem-service"),
    examples=(
        Bad(
            """
            services:
              «web»:
                image: nginx:1.29-alpine  # pinned
            """,
            fixed="""
            services:
              web:
                image: nginx:1.29-alpine  # pinned
                read_only: true
            """,
        ),
        Bad(
            """
            services:
              web: {image: nginx, read_only: «false»}
            """,
            why="Written out, it is still writable; the rule points at the value.",
            fixed="""
            services:
              web: {image: nginx, read_only: true}
            """,
        ),
        Good(
            """
            services:
              web:
                image: nginx:1.29-alpine
                read_only: true
                tmpfs: [/run, /var/cache/nginx]
            """,
        ),
        Good(
            """
            services:
              web:
                image: nginx
                read_only: ${READ_ONLY}
            """,
            why="Only a run can tell, so the rule says nothing.",
        ),
    ),
)
def writable_root_filesystem(container: Container) -> Findings:
    """Point at `read_only: false`, or at the service that does not set it."""
    read_only = container.read_only
    refused = read_only.written and read_only.value is None
    if read_only.could_be(True) or refused:
        return
    yield Finding(
        read_only.span,
        f"service `{container.name}` can write to its root file system"
        + by_default(read_only.trail),
        fix=Fix.unsafe(
            "Make the root file system read-only",
            container.service.put("read_only", "true"),
            may_break="a service that writes outside its volumes and tmpfs mounts",
        ),
    )
