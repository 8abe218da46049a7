"""The container runs in a control group that belongs to something else on the host.

The daemon has one parent for the control groups of all its containers, where an
administrator can limit them together. `cgroup_parent` removes a container from it. In
the root of the tree, or in the group of logged-in users or of virtual machines, limits
for containers no longer apply, and the container competes with the processes there for
their resources.

The rule accepts your own slice, which can give several containers one common limit.
It also accepts `system.slice`, where the daemon itself puts containers on a host with
systemd (moby 26.1.5, daemon/oci_linux.go).

## How to fix

Remove `cgroup_parent`, or name a slice for these containers that has its own limits.
"""

from tightship.rules import Bad, Container, Finding, Findings, Fix, Good, Verified, by_default, regex, rule  # fmt: skip

# Groups that systemd and the kubelet create for others (systemd.special(7)), and the root.
_FOREIGN = regex(
    r"(?s)/*(?:-\.slice)?|/*(?:init\.scope|user(?:-[^/]*)?\.slice|machine(?:-[^/]*)?\.slice"
    r"|system\.slice/[^/]+|system-[^/]*\.slice|kubepods[^/]*)(?:/.*)?"
)

# Where Podman puts containers of root, and those of users (containers.conf(5), cgroup_manager).
_OF_PODMAN = ("machine.slice", "user.slice")


@rule(
    on=Container,
    keys=("cgroup_parent",),
    severity="warning",
    fix="tightens",
    references=(
        "Compose Specification, services, cgroup_parent",
        "moby 26.1.5, daemon/oci_linux.go",
        "systemd.special(7)",
    ),
    aliases=("kics:4d9f44c6",),
    checked=Verified(
        """
      - $ docker run --rm --cgroupns host --cgroup-parent / busybox sh -c 'dirname $(tail -n 1 /proc/self/cgroup)'
      - 0::
      + $ docker run --rm --cgroupns host busybox sh -c 'dirname $(tail -n 1 /proc/self/cgroup)'
      + 0::/…
        """,
        note="With the systemd driver, the parent is a slice, such as `user.slice`.",
    ),
    examples=(
        Bad("""
            services:
              worker:
                image: example/worker:2.4
          -     cgroup_parent: «user.slice»
        """),
        Bad("""
            services:
          -   worker: {image: "example/worker:2.4", cgroup_parent: «/»}
          +   worker: {image: "example/worker:2.4"}
        """),
        Good("""
            services:
              worker:
                image: example/worker:2.4
                cgroup_parent: batch.slice
        """).because("Your own slice can have its own limits."),
        Good("""
            services:
              worker:
                image: example/worker:2.4
                cgroup_parent: ${SLICE}
        """),
    ),
)
def foreign_cgroup_parent(container: Container) -> Findings:
    """Point at a `cgroup_parent` that systemd, users or others own."""
    parent = container.text("cgroup_parent")
    if not parent.value or not _FOREIGN.fullmatch(parent.value):
        return
    if container.settings.engine == "Podman" and parent.value in _OF_PODMAN:
        return
    yield Finding(
        parent.span,
        f"{container.title} runs in the control group `{parent.value}`,"
        f" which is not Docker's{by_default(parent.provenance)}",
        fix=Fix.tightens(
            "Use Docker's own control group",
            container.editor.remove("cgroup_parent"),
            may_break=f"{container.title}, if it relies on the limits of that group",
        ),
    )
