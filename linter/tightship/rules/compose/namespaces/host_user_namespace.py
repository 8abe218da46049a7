"""The container's users are the host's users, even if the daemon remaps users.

Where the Docker daemon remaps users (`userns-remap`), root in a container is a user
without any rights on the host. `userns_mode: host` takes this service out of that:
its root is root on the host again. Without remapping, which is how Docker is
installed, the setting changes nothing, but it is there for the day on which somebody
switches remapping on.

## How to fix

Remove `userns_mode`. A service that fails with remapping mostly owns files on the host
by the old ids; change their owner. Privileged services and those in the host's
network or process namespace cannot be remapped: there, fix these first (moby 26.1.5,
daemon/daemon_unix.go).
"""

from __future__ import annotations

from tightship.isolation.container import Container
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
from tightship.syntax.yaml.edit import Text


@rule(
    on=Container,
    keys=("userns_mode",),
    severity=Severity.INFO,
    fix=Applicability.UNSAFE,
    cis=("5.31",),
    cwe=(653,),
    references=(
        "Compose Specification, services, userns_mode",
        "Docker documentation, Isolate containers with a user namespace",
        "moby 26.1.5, daemon/daemon_unix.go (verifyPlatformContainerSettings)",
    ),
    aliases=("kics:8af7162d",),
    examples=(
        Bad(
            """
            services:
              builder:
                image: builder:2
                userns_mode: «"host"»
            """,
            fixed="""
            services:
              builder:
                image: builder:2
            """,
        ),
        Good(
            """
            services:
              builder:
                image: builder:2
                user: "1000:1000"
            """,
        ),
    ),
)
def host_user_namespace(container: Container) -> Findings:
    """Point at `userns_mode`."""
    namespace = container.namespace("user")
    if not namespace.is_host:
        return
    yield Finding(
        namespace.span,
        f"service `{container.name}` opts out of the daemon's user"
        f" remapping{by_default(namespace.setting.provenance)}",
        fix=Fix.unsafe(
            "Let the daemon remap the service's users",
            container.service.remove("userns_mode")
            or container.service.put("userns_mode", Text("")),
            may_break="a service that has to be root on the host, where the daemon"
            " remaps users",
        ),
    )
