"""A tmpfs and a volume have the same target, so one of them is hidden.

Docker mounts both without a message. The tmpfs hides the volume, or a bind mount in long
syntax: the service writes to memory, and the data is lost with the container (Docker
Engine 26.1.5). If the target of the tmpfs is in a longer form, such as `/data/` for
`/data`, the volume hides the tmpfs. For a bind mount in short syntax, the engine rejects
the pair. Later versions of Compose reject every such pair (compose-go,
loader/validate.go).

## How to fix

Remove the wrong one. To keep a part of a volume in memory, mount the tmpfs at a
folder below it.
"""

from tightship.rules import Bad, Container, Finding, Findings, Good, Related, ScalarValue, Severity, Verified, clean_path, rule, tmpfs_mounts  # fmt: skip


@rule(
    on=Container,
    keys=("tmpfs",),
    severity="error",
    severity_note="warning for a volume and for a bind mount in long syntax, because the"
    " service starts",
    references=(
        "Docker Engine 26.1.5 and Compose 2.26.1, seen to start or reject these",
        "compose-go, loader/validate.go",
    ),
    checked=Verified("""
      - $ docker run --rm --tmpfs /data --mount type=volume,target=/data busybox sh -c 'mount | grep -c " /data "; mount | grep " /data "'
      - 1
      - tmpfs on /data type tmpfs (…)
      + $ docker run --rm --mount type=volume,target=/data busybox sh -c 'mount | grep " /data " | grep -c tmpfs'
      + 0
    """),
    examples=(
        Bad("""
            services:
              db:
                image: postgres:18
                tmpfs: [«/var/lib/postgresql»]
                volumes: ["data:/var/lib/postgresql"]
            volumes:
              data: {}
        """).at("warning"),
        Bad("""
            services:
              web:
                image: nginx:1.29
                tmpfs: [«"/var/cache/nginx:size=64m"»]
                volumes: ["./cache:/var/cache/nginx"]
        """),
        Good("""
            services:
              db:
                image: postgres:18
                tmpfs: [/var/lib/postgresql/tmp, /run]
                volumes: ["data:/var/lib/postgresql", "${WHERE}:/run"]
            volumes:
              data: {}
        """).because("A path below the volume is another target."),
    ),
)
def tmpfs_over_volume(container: Container) -> Findings:
    """Point at the tmpfs, unless a variable decides what is mounted there."""
    taken = {
        clean_path(volume.target): volume
        for volume in container.volumes
        if not volume.undecided and volume.kind in ("bind", "volume", "anonymous")
    }
    for tmpfs in tmpfs_mounts(container) if taken else ():
        volume = taken.get(clean_path(tmpfs.path))
        if volume is None:
            continue
        because = (Related(volume.span, "this has the same target"),)
        target = clean_path(volume.target)  # as Compose writes it
        if tmpfs.path != target:
            what = f"gets the volume at `{target}`, which hides this tmpfs"
        elif volume.kind == "bind" and isinstance(volume.value, ScalarValue):
            what = f"will not start: a bind mount has the same target, `{target}`"
        else:
            what = (
                f"uses this tmpfs at `{target}` instead of the volume: data there is"
                " lost with the container"
            )
        is_refused = "will not start" in what
        yield Finding(
            tmpfs.span,
            f"{container.title} {what}",
            severity=None if is_refused else Severity.WARNING,
            because=because,
        )
