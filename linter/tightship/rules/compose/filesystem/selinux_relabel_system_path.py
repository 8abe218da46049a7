"""Docker relabels a system path for containers.

With `z` or `Z`, Docker permanently gives every file below the path the SELinux label of
container files, on the host. On a path of the system, this has two effects. First, SELinux
keeps the host's own services from reading these files: SSH does not find the keys in a
relabelled home directory. Second, with `z` SELinux lets every container use these files.

Docker does not relabel the best-known directories themselves: the container does not
start (go-selinux, `SELinux relabeling of … is not allowed`). It does relabel the
directories below them. If SELinux is off, the option has no effect.

## How to fix

Remove the option. If SELinux then denies a file that the service needs, copy
the file to a directory of the project and mount that, or write a policy module for
the one access that is missing.
"""

from tightship.rules import Bad, Finding, Findings, Fix, Good, HostPath, Mount, Unverified, by_default, rule  # fmt: skip

# A control socket has its own rule: the label matters least there.
_HARMLESS = (HostPath.CONTROL_SOCKET, HostPath.SYSTEM, HostPath.OTHER)


@rule(
    on=Mount,
    severity="warning",
    fix="changes-behaviour",
    cwe=(732,),
    references=(
        "Docker documentation, Bind mounts, Configure the SELinux label",
        "go-selinux 1.11.1, selinux_linux.go, chcon",
    ),
    checked=Unverified(
        "the test engine has a kernel without SELinux, where the option does nothing"
    ),
    examples=(
        Bad("""
            services:
              files:
                image: files
                volumes:
          -       - «/home:/srv/home:z»
          +       - /home:/srv/home
        """),
        Bad("""
            services:
              files:
                image: files
                volumes:
                  - type: bind
                    source: /etc/ssh
                    target: /ssh
                    read_only: true
          -         bind: {create_host_path: false, selinux: «Z»}
          +         bind: {create_host_path: false}
        """),
        Good("""
            services:
              files:
                image: files
                volumes:
                  - ./data:/data:Z
                  - /srv/files:/files:z,ro
                  - /home/u/project:/project:Z
                  - /home:/srv/home:ro
        """).because("The purpose of the option is files that belong to the service."),
    ),
)
def selinux_relabel_system_path(mount: Mount) -> Findings:
    """Point at the option in the service's own entry."""
    volume = mount.volume
    if volume is None or mount.route != "volumes" or mount.host in _HARMLESS:
        return
    if volume.selinux not in ("z", "Z"):
        return
    yield Finding(
        volume.place_of("bind", "selinux"),
        f"`{volume.selinux}` relabels `{mount.source}` of the host for"
        f" {mount.container.title}{by_default(mount.provenance)}",
        fix=Fix.changes(
            f"Do not relabel it: remove `{volume.selinux}`",
            mount.container.editor.remove_selinux(volume),
            may_break=f"{mount.container.title}, if it needs the label for access on a host with SELinux",
        ),
    )
