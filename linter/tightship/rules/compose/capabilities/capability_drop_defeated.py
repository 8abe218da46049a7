"""Dropping a capability has no effect.

The line looks like hardening but does nothing. If a capability is both dropped and
added, the addition wins. If Docker does not grant it by default, there is nothing to
drop. And a privileged container gets every capability, whatever `cap_drop` says (moby
26.1.5, oci/caps/utils.go).

A reviewer trusts the line, so the gap stays until someone inspects the running container.

## How to fix

If the service must not have the capability, remove it from `cap_add`, or remove
`privileged`. If the service needs it, remove the item from `cap_drop`. To know exactly
which capabilities the container gets, drop `ALL` and add only the needed ones.
"""

from tightship.rules import DEFAULT_CAPABILITIES, Bad, Container, Finding, Findings, Fix, Good, Related, Severity, Verified, by_default, is_known_capability, rule  # fmt: skip


@rule(
    on=Container,
    keys=("cap_drop",),
    severity="warning",
    severity_note="info if Docker does not grant it by default, or the container is privileged",
    fix="keeps-behaviour",
    cwe=(693,),
    references=("moby 26.1.5, oci/caps/utils.go",),
    tags=("unnecessary",),
    checked=Verified("""
      - $ docker run --rm --cap-drop CHOWN --cap-add CHOWN busybox sh -c 'chown 1 /tmp && echo changed'
      - changed
      + $ docker run --rm --cap-drop CHOWN busybox sh -c 'chown 1 /tmp && echo changed'
      + chown: /tmp: Operation not permitted
    """),
    examples=(
        Bad("""
            services:
              dns:
                image: coredns
                cap_drop:
                  - MKNOD
          -       - «NET_RAW»
                cap_add:
                  - NET_RAW
        """),
        Bad("""
            services:
              dns:
                image: coredns
          -     cap_drop: [«SYS_ADMIN», NET_RAW]
          +     cap_drop: [NET_RAW]
        """).at("info", "Docker does not grant `SYS_ADMIN` by default."),
        Bad("""
            services:
              dns:
                image: coredns
                privileged: true
                cap_drop: «[ALL]»
        """).at("info", "It takes effect if `privileged` is removed, so it should stay."),
        Bad("""
            services:
              dns:
                image: coredns
                cap_drop: [«ALL»]
                cap_add: [AUDIT_WRITE, CHOWN, DAC_OVERRIDE, FOWNER, FSETID, KILL, MKNOD,
                  NET_BIND_SERVICE, NET_RAW, SETFCAP, SETGID, SETPCAP, SETUID, SYS_CHROOT]
        """).because("These are Docker's defaults."),
        Good("""
            services:
              dns:
                image: coredns
                cap_drop: [ALL]
                cap_add: [NET_RAW]
        """).because("This works as intended: the container gets only the added capabilities."),
        Good("""
            services:
              dns:
                image: coredns
                cap_add: [ALL]
                cap_drop: [SYS_ADMIN]
        """).because("A drop by name removes a capability from `ALL`."),
    ),
)
def capability_drop_defeated(container: Container) -> Findings:
    """Point at each item of `cap_drop` that is dead, or at all of it."""
    capabilities = container.capabilities
    if capabilities.privileged.is_surely(True):
        if capabilities.dropped.items:
            yield Finding(
                capabilities.dropped.span,
                f"{container.title} is privileged, so `cap_drop` has no effect",
                severity=Severity.INFO,
                because=(Related(capabilities.privileged.span, "privileged here"),),
            )
        return
    if not capabilities.added.all_decided or capabilities.adds("ALL"):
        return
    if capabilities.bounding >= DEFAULT_CAPABILITIES:
        for drop in capabilities.drops("ALL"):
            yield Finding(
                drop.span,
                f"{container.title} drops `ALL`, and adds back all of"
                f" Docker's default capabilities{by_default(drop.provenance)}",
                because=(Related(capabilities.added.span, "added here"),),
            )
    yield from _items(container)


def _items(container: Container) -> Findings:
    """Point at each item that takes nothing away."""
    capabilities = container.capabilities
    for name, drop in capabilities.dropped_items:
        added = capabilities.adds(name)
        if added:
            why = "and adds it back: the addition wins"
        elif capabilities.could_drop_all or name in DEFAULT_CAPABILITIES:
            continue
        else:
            why = "which Docker does not grant by default"
        if is_known_capability(name):
            yield Finding(
                drop.span,
                f"{container.title} drops `{name}`, {why}{by_default(drop.provenance)}",
                severity=None if added else Severity.INFO,
                fix=Fix.corrects(
                    f"Remove `{name}` from `cap_drop`",
                    container.editor.remove_item("cap_drop", drop.source),
                ),
                because=tuple(Related(item.span, "added here") for item in added),
            )
