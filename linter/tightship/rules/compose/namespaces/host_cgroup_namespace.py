"""The container sees the control groups of the whole host.

With `cgroup: host` the tree of control groups starts at the host's root instead of the
container's own group. A process in the container reads there which services and
containers run, by name, and what they use; where the tree is writable, it changes
their limits. On hosts with control groups of version 2 Docker gives every container a
namespace of its own unless told otherwise (moby 26.1.5, daemon/daemon_unix.go).

## How to fix

Remove `cgroup`, or set it to `private`. What measures all containers, such as
cAdvisor, belongs on its own and away from services that others can reach.
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


@rule(
    on=Container,
    keys=("cgroup",),
    severity=Severity.WARNING,
    fix=Applicability.UNSAFE,
    cwe=(653,),
    references=(
        "Compose Specification, services, cgroup",
        "Linux, cgroup_namespaces(7)",
        "moby 26.1.5, daemon/daemon_unix.go (adaptContainerSettings)",
    ),
    examples=(
        Bad(
            """
            services:
              meter:
                image: cadvisor
                cgroup: «host»
            """,
            fixed="""
            services:
              meter:
                image: cadvisor
            """,
        ),
        Good(
            """
            services:
              meter:
                image: cadvisor
                cgroup: private
            """,
        ),
    ),
)
def host_cgroup_namespace(container: Container) -> Findings:
    """Point at `cgroup`."""
    namespace = container.namespace("cgroup")
    if not namespace.is_host:
        return
    yield Finding(
        namespace.span,
        f"service `{container.name}` sees the control groups of the"
        f" host{by_default(namespace.setting.provenance)}",
        fix=Fix.unsafe(
            "Give the service a control group namespace of its own",
            container.service.remove("cgroup")
            or container.service.put("cgroup", "private"),
            may_break="a service that measures or manages other containers",
        ),
    )
