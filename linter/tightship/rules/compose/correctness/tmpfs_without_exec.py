"""The image runs programs from a path that a `tmpfs` makes `noexec`.

Docker mounts a `tmpfs` with `noexec`, `nosuid` and `nodev`. Some images unpack or link
their start programs there: images with s6 use `/run`. Such a container stops with
"permission denied".

## How to fix

Add `exec` to the options of that `tmpfs`, and to no other.
"""

from tightship.rules import Bad, Container, Finding, Findings, Fix, Good, Verified, rule, tmpfs_mounts  # fmt: skip


@rule(
    on=Container,
    keys=("tmpfs",),
    severity="warning",
    fix="changes-behaviour",
    references=(
        "Compose Specification, services, tmpfs",
        "moby 26.1.5, volume/mounts/linux_parser.go",
    ),
    checked=Verified(
        """
          - $ docker compose --progress quiet up -d; until docker compose logs 2>&1 | grep -o -m 1 'Permission denied'; do sleep 1; done
          - Permission denied
          + $ docker compose --progress quiet up -d; until docker compose exec box curl -s http://localhost:9091/transmission/rpc | grep -o -m 1 '409: Conflict'; do sleep 1; done
          + 409: Conflict
            ==> compose.yaml <==
            services:
              box:
                image: lscr.io/linuxserver/transmission:4.0.6
                read_only: true
          -     tmpfs: [/run]
          +     tmpfs: [/run:exec]
                volumes: ["config:/config", "downloads:/downloads"]
            volumes: {config: {}, downloads: {}}
        """,
        stand_in=True,
        note="Transmission runs: it sends 409 to a client without a session.",
    ),
    examples=(
        Bad("""
            services:
              tv:
                image: lscr.io/linuxserver/sonarr:4.0.15
                read_only: true
          -     tmpfs: [«/run»]
          +     tmpfs: [/run:exec]
        """),
        Good("""
            services:
              tv:
                image: lscr.io/linuxserver/sonarr:4.0.15
                read_only: true
                tmpfs: ["/run:exec,size=64m"]
        """),
        Good("""
            services:
              web:
                image: nginx:1.29
                tmpfs: [/run]
        """),
    ),
)
def tmpfs_without_exec(container: Container) -> Findings:
    """Point at each `tmpfs` that needs `exec`."""
    needs = container.image_needs if container.value("tmpfs") else None
    if needs is None:
        return
    paths = {w.path: w for w in needs.certain_writes if "exec" in w.options}
    for tmpfs in tmpfs_mounts(container):
        write = paths.get(tmpfs.path)
        if write is None or tmpfs.allows("exec"):
            continue
        yield Finding(
            tmpfs.span,
            f"{container.title} cannot run programs from `{tmpfs.path}`, which its"
            f" image needs for {write.why}",
            fix=Fix.changes("Add `exec`", tmpfs.with_options([*tmpfs.options, "exec"])),
        )
