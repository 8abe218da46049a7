"""A `tmpfs` hides files or folders that the image keeps there and needs.

Docker mounts an empty `tmpfs`: unlike a new volume, it does not get the image's files
at its path. An image that keeps its configuration or the folder of its socket below
that path stops with "No such file or directory", or runs but serves nothing. A
`tmpfs` at `/run` hides the folder `/run/mysqld` of MariaDB, and one at `/var/log` the
folder in which nginx opens its logs.

Tightship knows the paths of well-known images; `tightship image NAME` prints them with
their sources. The rule reports nothing if the service sets another command or
entrypoint, if the path has another mount, and for images that the project builds.

## How to fix

Mount the `tmpfs` at the path that the image writes to, not at a parent of it: `/run/mysqld`
in place of `/run`. Remove it if the image writes nothing there.
"""

from functools import partial

from tightship.rules import Bad, Container, Finding, Findings, Fix, Good, HidingTmpfs, Unverified, hiding_tmpfs, rule  # fmt: skip


@rule(
    on=Container,
    keys=("tmpfs", "volumes"),
    severity="warning",
    fix="changes-behaviour",
    references=(
        "Compose Specification, services, tmpfs",
        "moby 26.1.5, daemon/oci_linux.go, withMounts",
    ),
    checked=Unverified("needs are measured on stand-ins of images, each by itself"),
    examples=(
        Bad("""
            services:
              db:
                image: mariadb:11.8
                read_only: true
                tmpfs:
          -       - «/run»
          +       - /run/mysqld:mode=1777
                  - /tmp
        """),
        Bad("""
            services:
              web:
                image: nginx:1.29
                volumes:
                  - ./site:/usr/share/nginx/html:ro
          -       - «{type: tmpfs, target: /var/log}»
        """),
        Good("""
            services:
              db:
                image: mariadb:11.8
                tmpfs: [/run/mysqld]
        """).because("The image needs only the folder, and the `tmpfs` is at its path."),
        Good("""
            services:
              db:
                image: mariadb:11.8
                tmpfs: [/run]
                volumes: ["sockets:/run/mysqld"]
            volumes: {sockets: {}}
        """).because("A volume provides the folder."),
        Good("""
            services:
              db:
                image: postgres:18
                tmpfs: [/run]
        """).because("Its entrypoint creates the folder again, as root."),
        Good("""
            services:
              web:
                image: nginx:1.29
                tmpfs: [/etc/nginx/conf.d]
                volumes: ["./templates:/etc/nginx/templates:ro"]
        """).because("The entrypoint writes the site from its template."),
    ),
)
def tmpfs_hides_image_content(container: Container) -> Findings:
    """Point at each `tmpfs`, and name what it hides with the first reason."""
    for tmpfs in hiding_tmpfs(container):
        names = ", ".join(f"`{content.path}`" for content in tmpfs.hidden)
        yield Finding(
            tmpfs.span,
            f"the `tmpfs` hides {names} of the image of {container.title}: {tmpfs.hidden[0].why}",
            fix=partial(_fix, tmpfs),
        )


def _fix(tmpfs: HidingTmpfs) -> Fix | None:
    shared = tmpfs.container.reached(tmpfs.key)
    edits = tmpfs.without() if shared is not None and len(shared) == 1 else ()
    if not edits:
        return None
    return Fix.changes("Remove the `tmpfs` over image files", edits)
