"""The image needs a setuid program, and `no-new-privileges` disables all of them.

With `no-new-privileges:true` the kernel ignores the set-user-id bit and file
capabilities. An entrypoint that calls `sudo` then fails, and a program with a file
capability runs without it.

## How to fix

Remove the option for this service, and drop the capabilities that it does not need
instead; or use an image that needs no such program.
"""

from __future__ import annotations

from tightship.isolation.container import Container
from tightship.rules.kit import (
    Bad,
    Finding,
    Findings,
    Good,
    Severity,
    Unseen,
    rule,
)


@rule(
    on=Container,
    keys=("security_opt",),
    severity=Severity.WARNING,
    references=("Linux, PR_SET_NO_NEW_PRIVS(2const)",),
    checked=Unseen("needs are measured on stand-ins of images, each by itself"),
    examples=(
        Bad(
            """
            services:
              metrics:
                image: netdata/netdata:v2.7
                security_opt: [«no-new-privileges:true»]
            """,
        ),
        Good(
            """
            services:
              web:
                image: nginx:1.29
                security_opt: ["no-new-privileges:true"]
            """,
        ),
    ),
)
def needed_setuid_blocked(container: Container) -> Findings:
    """Point at the option."""
    option = container.security.no_new_privileges
    needs = container.image_needs if option.is_surely(True) else None
    fact = needs.new_privileges if needs is not None else None
    if fact is None or not fact.needed:
        return
    yield Finding(
        option.span,
        f"`no-new-privileges` breaks service `{container.name}`: {fact.why}",
    )
