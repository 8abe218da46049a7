"""Mounts that the container makes appear on the host.

With `shared` or `rshared`, a file system that is mounted below this path in the
container is mounted on the host as well, and in every other container that shares the
path. A container that can mount (with `SYS_ADMIN`, or privileged) can place its own
file system over files that the host runs or reads there. The mount namespace exists
to prevent exactly that.

Without the option Docker mounts `rprivate`: nothing spreads in either direction.

## How to fix

Remove the option. If the container has to see later mounts of the host below the path, use `rslave`. The fix
writes `slave` or `rslave`, since the container may rely on this direction.
"""

from tightship.rules import Bad, Finding, Findings, Fix, Good, Mount, Verified, rule

_ONE_WAY = {"shared": "slave", "rshared": "rslave"}


@rule(
    on=Mount,
    severity="warning",
    fix="tightens",
    cwe=(653,),
    references=(
        "Compose Specification, services, volumes, bind.propagation",
        "mount_namespaces(7), shared subtrees",
    ),
    aliases=("CL-0017", "kics:baa452f0"),
    checked=Verified(
        """
      - $ docker run --rm --privileged --pid host -v /mnt:/x:rshared busybox sh -c 'mkdir /x/seen && mount -t tmpfs seen /x/seen && grep seen /proc/1/mounts; umount /x/seen; rmdir /x/seen'
      - seen /mnt/seen tmpfs rw,relatime 0 0
      + $ docker run --rm --privileged --pid host -v /mnt:/x busybox sh -c 'mkdir /x/seen && mount -t tmpfs seen /x/seen && grep seen /proc/1/mounts; umount /x/seen; rmdir /x/seen'
        """,
        note="Process 1 is the host's: the mount that the container makes is in its list.",
    ),
    examples=(
        Bad("""
            services:
              rclone:
                image: rclone/rclone:1.71
                volumes:
          -       - «/mnt/cloud:/data:rshared»
          +       - /mnt/cloud:/data:rslave
        """),
        Bad("""
            services:
              rclone:
                image: rclone/rclone:1.71
                volumes:
                  - type: bind
                    source: /mnt/cloud
                    target: /data
                    bind:
          -           propagation: «"shared"»
          +           propagation: "slave"
        """),
        Good("""
            services:
              metrics:
                image: prom/node-exporter:v1.9.1
                volumes:
                  - /mnt:/mnt:ro,rslave
                  - ./shared:/shared
                  - /srv:/srv:${PROPAGATION}
        """),
    ),
)
def shared_mount_propagation(mount: Mount) -> Findings:
    """Point at the option in the service's own entry."""
    volume = mount.volume
    if volume is None or mount.route != "volumes":
        return
    one_way = _ONE_WAY.get(volume.propagation or "")
    if one_way is None:
        return
    yield Finding(
        volume.place_of("bind", "propagation"),
        f"mounts of {mount.container.title} below `{mount.target}` also"
        f" appear on the host, below `{mount.source}`",
        fix=Fix.tightens(
            f"Let mounts spread one way only, with `{one_way}`",
            mount.container.editor.set_propagation(volume, one_way),
            may_break=f"{mount.container.title}, if it mounts for the host or for other containers,"
            " such as a FUSE file system",
        ),
    )
