"""The container sees the control groups of the whole host.

With `cgroup: host` the tree of control groups starts at the host's root instead of
the container's own group. There, a process in the container can read the names of all
running services and containers and their resource use; if the tree is writable, it can
change their limits. Without `cgroup`, the version of control groups on the host decides:
with version 2 every container gets its own namespace, with version 1 it uses the host's
(moby 26.1.5, daemon/daemon_unix.go).

## How to fix

Set `cgroup` to `private`. Run a service that measures all containers, such as
cAdvisor, separately from services that others can reach.
"""

from tightship.rules import Bad, Container, Finding, Findings, Fix, Good, Verified, by_default, rule


@rule(
    on=Container,
    keys=("cgroup",),
    severity="warning",
    fix="tightens",
    cwe=(653,),
    references=(
        "Compose Specification, services, cgroup",
        "Linux, cgroup_namespaces(7)",
        "moby 26.1.5, daemon/daemon_unix.go (adaptContainerSettings)",
    ),
    checked=Verified("""
      - $ docker run --rm --cgroupns host busybox tail -n 1 /proc/self/cgroup
      - 0::/…/…
      + $ docker run --rm --cgroupns private busybox tail -n 1 /proc/self/cgroup
      + 0::/
    """),
    examples=(
        Bad("""
            services:
              meter:
                image: cadvisor
          -     cgroup: «host»
          +     cgroup: private
        """),
        Good("""
            services:
              meter:
                image: cadvisor
                cgroup: private
        """),
    ),
)
def host_cgroup_namespace(container: Container) -> Findings:
    """Point at `cgroup`."""
    namespace = container.namespace("cgroup")
    if not namespace.is_host:
        return
    yield Finding(
        namespace.span,
        f"{container.title} sees the control groups of the"
        f" host{by_default(namespace.setting.provenance)}",
        fix=Fix.tightens(
            "Give the service its own cgroup namespace",
            container.editor.put("cgroup", "private"),
            may_break=f"{container.title}, if it measures or manages other containers",
        ),
    )
