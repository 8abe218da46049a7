"""The container can write to its own root file system.

An attacker who runs code in the container can replace its binaries, add tools and
stay there until the container is recreated. With `read_only: true`, only programs of
the image can run, and the service writes only to volumes and `tmpfs` mounts that the
file names.

## How to fix

Set `read_only: true`, then give a `tmpfs` or a volume to each path the service writes
to. `docker diff` on a running container lists those paths. For a well-known image, the
fix mounts the paths that the image needs; for others there is no fix, since a missing
path stops the service. `tightship image NAME` prints the known facts about an image.

Configs and secrets that come from `content` or `environment` are copied into the root
file system, so a service that has one has to stay writable, unless it gets them from files.
"""

from tightship.rules import Bad, Container, Finding, Findings, Fix, Good, Severity, Verified, advice_to_leave, best_fix, by_default, missing_writable_paths, mount_paths, needs_writable_root, rule  # fmt: skip


@rule(
    on=Container,
    severity="warning",
    severity_note="info if the file does not set it and no patch is known to work",
    fix="tightens",
    cwe=(732,),
    references=("Compose Specification, services, read_only",),
    aliases=("CL-0007", "semgrep:writable-filesystem-service"),
    measure="a read-only root",
    advice="set `read_only: true` and mount each path that `docker diff` lists"
    " on a running container",
    checked=Verified("""
      - $ docker run --rm busybox sh -c 'echo changed >/bin/new && cat /bin/new'
      - changed
      + $ docker run --rm --read-only busybox sh -c 'echo changed >/bin/new && cat /bin/new'
      + sh: can't create /bin/new: Read-only file system
    """),
    examples=(
        Bad("""
            services:
              «web»:
                image: nginx:1.29-alpine  # pinned
          +     read_only: true
          +     tmpfs:
          +       - /var/cache/nginx
          +       - /run
        """),
        Bad("""
            services:
              web:
                image: nginx:1.29-alpine
          -     read_only: «false»
          +     read_only: true
                volumes: ["sockets:/var/run"]
          -     tmpfs: ["/tmp:size=64m"]
          +     tmpfs: ["/tmp:size=64m", "/var/cache/nginx"]
            volumes: {sockets: {}}
        """).because(
            "`false` is reported, too, and the rule points at the value. Existing"
            " mounts stay as they are."
        ),
        Bad("""
            services:
              «web»:
                image: nginx:1.29-alpine
                secrets: [token]
            secrets:
              token: {environment: TOKEN}
        """).at("info", "Compose copies such a secret into the container, so there is no fix."),
        Good("""
            services:
              web:
                image: nginx:1.29-alpine
                read_only: true
                tmpfs: [/run, /var/cache/nginx]
        """),
        Good("""
            services:
              web:
                image: nginx
                read_only: ${READ_ONLY}
        """).because("The value is known only at run time, so the rule reports nothing."),
        Good("""
            services:
              web:
                image: mcr.microsoft.com/dotnet/aspnet:9.0-nanoserver-ltsc2022
              api:
                image: example/api:2.4
                platform: windows/amd64
        """).because("Windows rejects a read-only root file system."),
    ),
)
def writable_root_filesystem(container: Container) -> Findings:
    """Point at `read_only: false`, or at the service that does not set it."""
    read_only = container.read_only
    refused = read_only.is_set and read_only.value is None
    if read_only.could_be(True) or refused or container.runs_windows:
        return
    fix, is_known = best_fix(container, _fix, "read-only root")
    yield Finding(
        read_only.span,
        f"{container.title} can write to its root file system" + by_default(read_only.provenance),
        severity=None if is_known or read_only.is_set else Severity.INFO,
        fix=fix,
        advice="" if is_known else advice_to_leave(container, "read-only root"),
    )


def _fix(container: Container) -> Fix | None:
    if needs_writable_root(container):
        return None
    missing = missing_writable_paths(container.reached("read_only", "tmpfs"))
    if missing is None:
        return None
    edits = container.editor.put("read_only", "true")
    mounts = mount_paths(container, missing)
    if not edits or mounts is None:
        return None
    count = len(missing.paths)
    with_mounts = f" with {count} writable path{'s' * (count > 1)}" if mounts else ""
    return Fix.tightens(
        f"Set `read_only: true`{with_mounts}",
        edits + mounts,
        may_break=f"{container.title}, if it writes to other paths",
    )
