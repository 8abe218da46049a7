"""The control groups are writable in the container.

Docker mounts `/sys/fs/cgroup` read-only. `writable-cgroups=true` (Docker Engine 28.1)
mounts it writable, for programs such as systemd that divide their own group. Then root
in the container can raise its limits for memory, CPU and processes that the host set,
and freeze or end the processes of its group. With control groups of version 1 and a
kernel older than 5.17, it can also name a program that the kernel runs on the host
(CVE-2022-0492).

## How to fix

Remove the option. If a service starts others in separate groups, run each of them as
a container of the host's engine.
"""

from tightship.rules import Bad, Container, Finding, Findings, Fix, Good, Unverified, by_default, rule  # fmt: skip


@rule(
    on=Container,
    keys=("security_opt",),
    severity="warning",
    fix="tightens",
    cwe=(693,),
    references=(
        "Docker documentation, docker container run, security options",
        "Linux, cgroups(7)",
        "CVE-2022-0492",
    ),
    checked=Unverified("the engines of the lab are older than the option"),
    examples=(
        Bad("""
            services:
              builder:
                image: buildah
                security_opt:
                  - no-new-privileges:true
          -       - «writable-cgroups=true»
        """),
        Good("""
            services:
              builder:
                image: buildah
                security_opt: ["writable-cgroups=true", "writable-cgroups=false"]
              other:
                image: buildah
                security_opt: ["writable-cgroups=${WRITABLE}"]
        """).because("The last option applies, and the rule ignores unknown values."),
    ),
)
def writable_cgroups(container: Container) -> Findings:
    """Point at the option that counts."""
    writable = container.security.writable_cgroups
    if not writable.is_surely(True):
        return
    yield Finding(
        writable.span,
        f"{container.title} can write to its control groups, and raise its own"
        f" limits{by_default(writable.provenance)}",
        fix=Fix.tightens(
            "Mount the control groups read-only",
            container.editor.remove_item("security_opt", writable.source),
            may_break=f"{container.title}, if it makes control groups, as systemd does",
        ),
    )
