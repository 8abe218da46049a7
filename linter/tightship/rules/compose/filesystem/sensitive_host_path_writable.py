"""The container can write to files that the host runs or trusts.

Files in `/etc/cron.d`, `/usr/bin`, `/etc/passwd`, `/root/.ssh` and `/var/lib/docker`
control the actions of the host's root. For file access, root in a container is root on
the host, unless the daemon remaps users. So a process that can write there controls the
host without a container escape: it adds a job, a program, a user or a key, and the host
uses it.

Directories below `/etc` and `/usr` that hold the settings of one program, such as
`/etc/pihole`, do not control the host. They are reported as info, since the host may use
the files that the container writes there.

## How to fix

Mount the path read-only. If the service has to write, give it its own directory: a
named volume, or one below the project.
"""

from tightship.rules import Bad, Finding, Findings, Good, HostPath, Mount, Severity, Verified, by_default, mount_asked_for, rule  # fmt: skip


@rule(
    on=Mount,
    severity="error",
    severity_note="info for other paths below `/etc` and `/usr`",
    fix="tightens",
    cwe=(732,),
    references=("Compose Specification, services, volumes",),
    aliases=("CL-0025", "kics:1c1325ff"),
    checked=Verified("""
      - $ docker run --rm -v /usr/local/sbin:/x busybox sh -c 'echo new >/x/seen && cat /x/seen; rm /x/seen'
      - new
      + $ docker run --rm -v /usr/local/sbin:/x:ro busybox sh -c 'echo new >/x/seen'
      + sh: can't create /x/seen: Read-only file system
    """),
    examples=(
        Bad("""
            services:
              panel:
                image: panel
                volumes:
          -       - «/etc:/host/etc»
          +       - /etc:/host/etc:ro
                  - type: bind
                    source: «~/.ssh»
                    target: /keys
          -         read_only: false
          +         read_only: true
        """),
        Bad("""
            services:
          -   panel: {image: panel, volumes: [«"/usr/local/bin:/tools:rw,z"»]}
          +   panel: {image: panel, volumes: ["/usr/local/bin:/tools:z,ro"]}
        """),
        Bad("""
            services:
              panel:
                image: panel
          -     volumes: [layers:/layers]
          +     volumes: [layers:/layers:ro]
            volumes:
              layers:
                driver_opts: {type: none, o: bind, device: «/var/lib/docker»}
        """).because("With these `driver_opts`, the volume is a directory of the host."),
        Bad("""
            services:
              dns:
                image: example/dns:2.1
                volumes:
          -       - «/etc/pihole/:/etc/pihole/»
          +       - /etc/pihole/:/etc/pihole/:ro
        """).at("info"),
        Good("""
            services:
              db:
                image: mysql:8.4
                volumes:
                  - /etc/passwd:/etc/passwd:ro
                  - /var/lib/mysql:/var/lib/mysql
                  - /home/u/project:/project
                  - /etc/cron.d:/cron:${MODE}
        """).because("The last one may be read-only: its value is known only at run time."),
    ),
)
def sensitive_host_path_writable(mount: Mount) -> Findings:
    """Point at a powerful path that is mounted writable."""
    if mount.host not in (HostPath.POWER, HostPath.SYSTEM) or not mount.writable:
        return
    power = mount.host is HostPath.POWER
    where = ", which the host runs or trusts" if power else " of the host"
    yield Finding(
        mount.span,
        f"{mount.container.title} can write to `{mount.source}`{where}"
        + by_default(mount.provenance)
        + mount_asked_for(mount),
        severity=None if power else Severity.INFO,
        fix=mount.made_read_only(may_break=f"{mount.container.title}, if it writes to that path"),
        because=mount.because,
    )
