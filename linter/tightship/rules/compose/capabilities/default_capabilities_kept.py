"""The container keeps all of Docker's default capabilities.

Docker gives every container fourteen capabilities (moby 26.1.5, oci/caps/defaults.go).
With `NET_RAW`, a compromised service forges packets on the network it shares with its
neighbours. With `MKNOD` it creates device files: together with a broad device rule,
that is access to the host's disk. With `DAC_OVERRIDE`, `CHOWN` and `SETUID` root in the
container is root over every file that is mounted into it.

A service that never changes users and listens on a high port needs none of them. A
list that starts from `ALL` also states exactly what the service may do, even if
Docker changes its defaults.

## How to fix

Set `cap_drop: [ALL]`, start the service and add the capabilities that it needs under
`cap_add`. For a well-known image, the fix adds the capabilities that it needs; for
other images there is no fix, since the service may stop without a capability. An
image that starts as root and then changes to another user needs `SETUID` and
`SETGID`, and often `CHOWN`, `FOWNER` and `DAC_OVERRIDE`; an image that starts as that
user needs none of these. In the container's own network, Docker lets every user listen
below port 1024, so `NET_BIND_SERVICE` is rarely needed.
"""

from tightship.rules import Bad, Container, Finding, Findings, Fix, Good, Severity, Verified, best_fix, drop_all_but, is_out_of_reach, needed_capabilities, rule  # fmt: skip


@rule(
    on=Container,
    severity="warning",
    severity_note="info if no patch is known to work, or if the user is surely not root"
    " and `no-new-privileges` is set",
    fix="tightens",
    cwe=(250,),
    references=(
        "Compose Specification, services, cap_drop",
        "moby 26.1.5, oci/caps/defaults.go, daemon/oci_linux.go",
    ),
    aliases=("CL-0006", "kics:ce76b7d0"),
    measure="fewer capabilities",
    advice="set `cap_drop: [ALL]` and add back the capabilities that the service needs to start",
    checked=Verified("""
      - $ docker run --rm busybox sh -c 'mknod /zero c 1 5 && echo made a device'
      - made a device
      + $ docker run --rm --cap-drop ALL busybox sh -c 'mknod /zero c 1 5 && echo made a device'
      + mknod: /zero: Operation not permitted
    """),
    examples=(
        Bad("""
            services:
              «web»:
                image: nginx:1.29
                ports:
                  - "127.0.0.1:8080:80"
          +     cap_drop:
          +       - ALL
          +     cap_add:
          +       - CHOWN
          +       - SETGID
          +       - SETUID
        """),
        Bad("""
            services:
              web:
                image: nginx:1.29
          -     cap_drop: «[NET_RAW, MKNOD]»
          +     cap_drop: [NET_RAW, MKNOD, ALL]
          +     cap_add: [CHOWN, SETGID, SETUID]
        """).because("This drops some capabilities, but twelve are left."),
        Bad("""
            services:
              «app»:
                image: example/app:1.2
        """).at("info", "The capability needs of this image are unknown, so there is no fix."),
        Good("""
            services:
              web:
                image: nginx:1.29
                cap_drop: [all]
                cap_add: [CHOWN, SETGID, SETUID]
        """),
        Good("""
            services:
              web:
                image: nginx:1.29
                cap_drop: ["${DROP}"]
        """).because("The value is known only at run time, so the rule reports nothing."),
        Good("""
            services:
              web:
                image: mcr.microsoft.com/dotnet/aspnet:9.0-nanoserver-ltsc2022
              api:
                image: example/api:2.4
                platform: windows/amd64
        """).because("Windows has no capabilities."),
    ),
)
def default_capabilities_kept(container: Container) -> Findings:
    """Point at the service, or at a `cap_drop` that stops halfway."""
    capabilities = container.capabilities
    kept = capabilities.kept_unasked
    if not kept or capabilities.could_drop_all or capabilities.adds("ALL"):
        return
    if container.runs_windows:
        return
    of = "" if kept == capabilities.default else f" {len(kept)} of"
    fix, is_known = best_fix(container, _fix, "capabilities")
    yield Finding(
        capabilities.dropped.span,
        f"{container.title} keeps{of} {container.settings.engine}'s default capabilities",
        severity=None if is_known and not is_out_of_reach(container) else Severity.INFO,
        fix=fix,
    )


def _fix(container: Container) -> Fix | None:
    needed = needed_capabilities(container.reached("cap_drop", "cap_add"))
    if needed is None:
        return None
    # It takes away, and grants nothing that the service does not have now.
    needed = {n: why for n, why in needed.items() if n in container.capabilities.bounding}
    kept = ", ".join(needed) if len(needed) <= 3 else f"the {len(needed)} it needs"
    return Fix.tightens(
        f"Drop all capabilities but {kept}" if needed else "Drop all capabilities",
        drop_all_but(container, needed),
        may_break=f"{container.title}, if it needs a capability that its image does not need by default",
    )
