"""The container can load code into the host's kernel, or change its modules.

The host and all containers share one kernel. With `SYS_MODULE`, a process can
load its own module into it, without any mount. If `/lib/modules`, `/usr/src` or
`/boot` is writable, a process can replace a module, a source or a kernel that the
host uses at its next boot, or when it next needs the module.

A read-only mount of these directories only shows which kernel runs. VPN images ask for
this mount and `SYS_MODULE` to load `wireguard` or a firewall module. The host can load
the module instead.

## How to fix

Load the module on the host (`modprobe wireguard`, and a file in
`/etc/modules-load.d` to load it at each boot), then remove `SYS_MODULE` and the mount.
"""

from tightship.rules import MOUNTING, Bad, Container, Finding, Findings, Good, HostPath, Mount, Related, Severity, Verified, by_default, granted, mount_asked_for, rule  # fmt: skip

_MODULES = "the modules that its kernel loads"
_HELD = {
    "/boot": "the kernel that it boots",
    "/usr/src": "the sources that its modules are built from",
}


@rule(
    on=Container,
    keys=("cap_add", *MOUNTING),
    when=("grants", "mounts"),
    severity="error",
    severity_note="warning for `SYS_MODULE` of a user who is surely not root, info with"
    " `no-new-privileges` as well, and for a read-only mount without `SYS_MODULE`",
    fix="tightens",
    cwe=(250,),
    references=(
        "Linux, capabilities(7), CAP_SYS_MODULE",
        "Compose Specification, services, cap_add",
    ),
    aliases=("CL-0025",),
    advice="load the module on the host (`modprobe wireguard`), and remove the"
    " capability and the mount",
    checked=Verified("""
      - $ docker run --rm -v /boot:/x busybox sh -c 'echo new >/x/seen && cat /x/seen; rm /x/seen'
      - new
      + $ docker run --rm -v /boot:/x:ro busybox sh -c 'echo new >/x/seen'
      + sh: can't create /x/seen: Read-only file system
    """),
    examples=(
        Bad("""
            services:
              vpn:
                image: wireguard
                cap_add:
                  - NET_ADMIN
          -       - «SYS_MODULE»
        """).because(
            "`SYS_MODULE` is enough: the container can load its own module without a mount."
        ),
        Bad("""
            services:
              vpn:
                image: wireguard
          -     volumes: [«/lib/modules:/lib/modules», «"/boot:/boot:rw"»]
          +     volumes: [/lib/modules:/lib/modules:ro, "/boot:/boot:ro"]
        """),
        Bad("""
            services:
              trace:
                image: trace
                volumes: [«/usr/src:/usr/src:ro»]
        """).at("info"),
        Bad("""
            services:
              vpn:
                image: vpn
                user: "1000"
          -     cap_add: [«SYS_MODULE»]
        """).at("warning"),
        Good("""
            services:
              vpn:
                image: wireguard
                cap_add: [NET_ADMIN]
                volumes: [./modules:/lib/modules]
        """),
    ),
)
def kernel_modules_exposed(container: Container) -> Findings:
    """Point at `SYS_MODULE`, and at mounts of modules, sources and boot files."""
    title = container.title
    mounts = [m for m in container.mounts if m.host is HostPath.KERNEL_CODE]
    grants = [g for g in container.grants if g.name == "SYS_MODULE"]
    for grant in grants:
        yield granted(
            grant,
            "load code into the kernel of the host",
            Severity.ERROR,
            may_break=f"{container.title}, if it needs a module that the host has not loaded",
            because=tuple(Related(m.span, f"it has `{m.source}` of the host") for m in mounts),
            known_as=(),
        )
    for mount in mounts:
        if mount.writable:
            yield Finding(
                mount.span,
                f"{title} can write to `{mount.source}` of the host{_what(mount)}",
                fix=mount.made_read_only(
                    may_break=f"{container.title}, if it installs modules for the host"
                ),
                because=mount.because,
            )
        else:
            yield Finding(
                mount.span,
                f"{title} can read `{mount.source}` of the host{_what(mount)}",
                severity=Severity.INFO,
                because=mount.because,
                known_as=(),
            )


def _what(mount: Mount) -> str:
    """Return the end of a message: what is there, and whether the image asks for it."""
    what = next((w for path, w in _HELD.items() if mount.is_below(path)), _MODULES)
    return f", {what}{by_default(mount.provenance)}{mount_asked_for(mount)}"
