"""SELinux does not confine the container.

If the Docker daemon runs with SELinux, as on Fedora and RHEL, each container gets its
own type and label: it can access its own files and those that were relabelled for it,
but no other files of the host, even as root. `label=disable` turns that off. The types
`spc_t`, `unconfined_t`, `unconfined_service_t` and `container_runtime_t` have the same
effect: the policy does not confine processes of these types.

`disable` applies at any position in the list; of several types, the last one applies.

## How to fix

Remove the option. If its purpose is a bind mount that the container cannot read, let Docker relabel that mount (`:z` for a shared mount, `:Z` for a private one), but
never a system directory.
"""

from tightship.rules import UNCONFINED_TYPES, Bad, Container, Finding, Findings, Fix, Good, Unverified, by_default, rule  # fmt: skip


@rule(
    on=Container,
    keys=("security_opt",),
    severity="warning",
    fix="tightens",
    cwe=(693,),
    references=(
        "Compose Specification, services, security_opt",
        "go-selinux, label (InitLabels)",
        "container-selinux, container_selinux(8)",
    ),
    aliases=("CL-0009", "semgrep:selinux-separation-disabled"),
    checked=Unverified(
        "the test engine has a kernel without SELinux, where the option does nothing"
    ),
    examples=(
        Bad("""
            services:
              media:
                image: jellyfin
                security_opt:
                  - no-new-privileges:true
          -       - «label:disable»
        """),
        Bad("""
            services:
              media:
                image: jellyfin
          -     security_opt: [«"label=type:spc_t"», "label=level:s0:c100,c200"]
          +     security_opt: ["label=level:s0:c100,c200"]
        """),
        Good("""
            services:
              media:
                image: jellyfin
                volumes: ["./media:/media:ro,z"]
                security_opt: ["label=type:container_t"]
        """),
    ),
)
def selinux_disabled(container: Container) -> Findings:
    """Point at the option that counts."""
    label = container.security.selinux
    if label.is_surely("disable"):
        what = "is not confined by SELinux"
    elif label.value in UNCONFINED_TYPES:
        what = f"runs as `{label.value}`, which SELinux does not confine"
    else:
        return
    yield Finding(
        label.span,
        f"{container.title} {what}{by_default(label.provenance)}",
        fix=Fix.tightens(
            "Use a confined SELinux label",
            container.editor.remove_item("security_opt", label.source),
            may_break=f"{container.title}, if it reads or writes files of the host that are not"
            " relabelled for it",
        ),
    )
