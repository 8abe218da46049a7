"""The service mounts an interface of the host's kernel.

`/proc` and `/sys` are not files but the kernel's own settings. Docker gives each
container its own view of them, with the dangerous parts hidden or read-only. A mount of
the host's directory has none of these masks. A process that can write to it as root
controls the host: `/proc/sys/kernel/core_pattern` names a program that the kernel starts
as root on the host when any process crashes. `/sys/kernel/uevent_helper`, if it exists,
names a program that the kernel starts for any device. In `/sys/fs/cgroup`, processes can
remove their limits. Docker's AppArmor profile protects these files only at their usual
paths, so it has no effect if the mount has another target.

A volume of the local driver with `type: proc`, `sysfs`, `debugfs`, `cgroup2` or a
similar type is the same interface (seen on Docker Engine 26.1.5).

A read-only mount shows the processes of the host and their arguments, including
passwords. Monitoring agents need that, so the finding is an info, in the strict set only.

## How to fix

Mount it read-only, and only the part that the service reads: `/sys/class/thermal` for
temperatures. To change one setting, set it on the host, or use `sysctls` for a
setting that belongs to the container's own namespaces.
"""

from tightship.rules import Bad, Finding, Findings, Good, HostPath, Mount, Severity, Verified, by_default, rule  # fmt: skip


@rule(
    on=Mount,
    severity="error",
    severity_note="info, in the strict set, if it is mounted read-only",
    fix="tightens",
    cwe=(668,),
    references=(
        "Linux, proc(5), core(5), sysfs(5)",
        "moby 26.1.5, oci/defaults.go, profiles/apparmor/template.go",
    ),
    aliases=("CL-0013", "CL-0025", "kics:1c1325ff"),
    checked=Verified("""
      - $ docker run --rm -v /proc:/x busybox sh -c 'cat /x/sys/kernel/msgmax >/x/sys/kernel/msgmax && echo written'
      - written
      + $ docker run --rm busybox sh -c 'cat /proc/sys/kernel/msgmax >/proc/sys/kernel/msgmax && echo written'
      + sh: can't create /proc/sys/kernel/msgmax: Read-only file system
    """),
    examples=(
        Bad("""
            services:
              agent:
                image: agent
                volumes:
          -       - «/proc:/host/proc»
          -       - {type: bind, source: «/sys/fs/cgroup», target: /host/cgroup}
          +       - /proc:/host/proc:ro
          +       - {type: bind, source: /sys/fs/cgroup, target: /host/cgroup, read_only: true}
        """),
        Bad("""
            services:
              agent:
                image: agent
          -     volumes: [proc:/host/proc]
          +     volumes: [proc:/host/proc:ro]
            volumes:
              proc:
                driver_opts: {type: «proc», device: proc}
        """),
        Bad("""
            services:
              metrics:
                image: prom/node-exporter:v1.9.1
                volumes:
                  - «/proc:/host/proc:ro»
        """).at("info"),
        Good("""
            services:
              web:
                image: web
                volumes:
                  - ./proc:/proc-data
                  - /var/lib/lxcfs/proc/meminfo:/proc/meminfo
        """),
    ),
)
def kernel_interface_mounted(mount: Mount) -> Findings:
    """Point at the mount of `/proc`, `/sys` or what lies below."""
    if mount.host is not HostPath.KERNEL_INTERFACE:
        return
    title, end = mount.container.title, by_default(mount.provenance)
    if not mount.writable:
        yield Finding(
            mount.span,
            f"{title} can read `{mount.source}` of the host{end}",
            severity=Severity.INFO,
            strict=True,
            because=mount.because,
        )
        return
    yield Finding(
        mount.span,
        f"{title} can write to `{mount.source}` of the host, an interface of its kernel{end}",
        fix=mount.made_read_only(
            may_break=f"{mount.container.title}, if it changes settings of the host's kernel"
        ),
        because=mount.because,
    )
