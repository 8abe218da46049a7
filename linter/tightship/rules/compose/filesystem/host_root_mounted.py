"""The root of the host's file system is mounted.

With `/` of the host in the container, all of the host's files are within reach. If the
mount is writable, root in the container controls the host: it adds a user, a job for cron
or a key for SSH. A read-only mount still shows every secret on the disk and in other
containers' volumes, and root can connect to the sockets below it, including the Docker
daemon's, because connecting does not write.

A link of the repository counts as its target: with `data -> /`, `./data:/data` mounts the root.
Tightship reads the text of the link, and looks at nothing outside of the repository.

Monitoring agents often ask for it, to measure disk usage.

## How to fix

Mount only the paths that the service reads: `/proc` and `/sys`, or the one directory
that it backs up. If the service needs all of it, mount it read-only and run the
service as a user other than root: that user cannot open most secrets and sockets.
"""

from tightship.rules import Bad, Finding, Findings, Good, HostPath, Mount, Verified, by_default, mount_asked_for, rule  # fmt: skip


@rule(
    on=Mount,
    severity="error",
    cwe=(668,),
    references=("Compose Specification, services, volumes",),
    aliases=("CL-0025", "kics:1c1325ff", "CL-0001"),
    advice="mount only the paths that the service reads, such as `/proc` and `/sys`",
    checked=Verified("""
      - $ docker run --rm -v /:/host:ro busybox head -c 5 /host/etc/shadow
      - root:
      + $ docker run --rm busybox head -c 5 /host/etc/shadow
      + head: /host/etc/shadow: No such file or directory
    """),
    examples=(
        Bad("""
            services:
              backup:
                image: restic/restic:0.18.1
                volumes:
                  - «/:/host»  # everything
                  - cache:/cache
            volumes: {cache: {}}
        """),
        Bad("""
            services:
              backup:
                image: restic/restic:0.18.1
                volumes:
                  - {type: bind, source: «/home/..», target: /host, read_only: false}
        """),
        Bad("""
            services:
              metrics:
                image: prom/node-exporter:v1.9.1
                volumes: [«"/:/rootfs:ro,rslave"»]
        """),
        Good("""
            services:
              metrics:
                image: prom/node-exporter:v1.9.1
                volumes:
                  - /proc:/host/proc:ro
                  - /sys:/host/sys:ro
                  - ${ROOT}:/rootfs
        """),
    ),
)
def host_root_mounted(mount: Mount) -> Findings:
    """Point at the mount of the root."""
    if mount.host is not HostPath.ROOT:
        return
    title = mount.container.title
    end = by_default(mount.provenance) + mount_asked_for(mount)
    if not mount.writable:
        yield Finding(
            mount.span,
            f"{title} can read the whole file system of the host, at"
            f" `{mount.target}`, and reach the sockets in it{end}",
            because=mount.because,
        )
        return
    yield Finding(
        mount.span,
        f"{title} can write to the whole file system of the host, at `{mount.target}`{end}",
        because=mount.because,
    )
