"""The root file system is read-only, but the image writes to a path without a mount.

With `read_only: true`, only mounts stay writable. An image that cannot write its process
ID, its socket or its cache stops with an error, often before it prints the reason.

Tightship knows the paths of well-known images, each with its source; `tightship image
NAME` prints them. The rule reports nothing if the service sets another command or
entrypoint.

## How to fix

Mount a `tmpfs` at the path, with the options that the image needs, or a volume if the
content has to stay.
"""

from tightship.rules import Bad, Container, Finding, Findings, Fix, Good, Verified, missing_writable_paths, mount_paths, rule, unwritable_paths  # fmt: skip


@rule(
    on=Container,
    keys=("read_only",),
    severity="warning",
    fix="changes-behaviour",
    references=("Compose Specification, services, read_only and tmpfs",),
    checked=Verified(
        """
        $ docker compose --progress quiet run --rm web nginx -t 2>&1 | tail -n 2
      - …[emerg] 1#1: mkdir() "/var/cache/nginx/client_temp" failed (30: Read-only file system)
      - nginx: configuration file /etc/nginx/nginx.conf test failed
      + nginx: the configuration file /etc/nginx/nginx.conf syntax is ok
      + nginx: configuration file /etc/nginx/nginx.conf test is successful
        """,
        stand_in=True,
    ),
    examples=(
        Bad("""
            services:
              web:
                image: nginx:1.29
                read_only: «true»
                tmpfs:
                  - /run
          +       - /var/cache/nginx
        """),
        Good("""
            services:
              web:
                image: nginx:1.29
                read_only: true
                tmpfs: [/run, /var/cache/nginx]
        """),
        Good("""
            services:
              web:
                image: nginx:1.29
                read_only: true
                volumes: ["${CACHE}"]
        """).because("The mounted path is known only at run time."),
        Good("""
            services:
              web:
                image: example/nginx:1.29
                read_only: true
        """).because("Nothing is known about this image."),
    ),
)
def read_only_without_writable_path(container: Container) -> Findings:
    """Point at `read_only`, and name the first path with its reason."""
    if not container.read_only.is_surely(True):
        return
    missing = unwritable_paths(container)
    if not missing:
        return
    names = ", ".join(f"`{write.path}`" for write in missing)
    yield Finding(
        container.read_only.span,
        f"{container.title} cannot write to {names}, which its image needs: {missing[0].why}",
        fix=lambda: _fix(container),
    )


def _fix(container: Container) -> Fix | None:
    missing = missing_writable_paths(container.reached("tmpfs"))
    edits = mount_paths(container, missing) if missing is not None else None
    if missing is None or edits is None:
        return None
    where = ", ".join(f"`{path}`" for path in missing.paths)
    return Fix.changes(f"Keep {where} writable", edits)
