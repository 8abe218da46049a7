"""The service asks to run as root.

Unless the daemon remaps users, root in a container is the same user as root on the
host, with fewer capabilities. It owns root's files in every directory that is mounted
into the container and can use its remaining capabilities, and a flaw in the kernel or
the runtime makes it root on the host. An attacker in a service that runs as another
user has to become root first.

`user` overrides the user of the image. Many images set their own user, and this line
undoes it. If the service builds its image and the Dockerfile's USER is certainly
another user, the finding is a warning. A group of 0 alone (`1000:0`) is not root.

## How to fix

Remove `user` if the image sets one, or name an unprivileged id: `user:
"1000:1000"`. Make that id the owner of the directories that the service writes to. Move work that
needs root once, such as changing owners, into the image's build or an init service.
"""

from tightship.rules import Bad, Container, Finding, Findings, Fix, Good, Related, Severity, Verified, by_default, image_user, is_surely_root, rule  # fmt: skip


@rule(
    on=Container,
    keys=("user",),
    severity="warning",
    severity_note="info unless the service builds an image whose USER is not root",
    fix="tightens",
    cwe=(250,),
    references=(
        "Compose Specification, services, user",
        "Linux, user_namespaces(7) and capabilities(7)",
    ),
    aliases=("CL-0018",),
    checked=Verified("""
      - $ docker run --rm --user root busybox id -u
      - 0
      + $ docker run --rm --user 1000 busybox id -u
      + 1000
    """),
    examples=(
        Bad("""
            ==> compose.yaml <==
            services:
              web:
                build: .
          -     user: «root»
            ==> Dockerfile <==
            FROM node:24
            USER node
        """).because("The image is built to run as `node`."),
        Bad("""
            services:
              search:
                image: elasticsearch:8.15.0
          -     user: «root»
        """).at("info"),
        Bad("""
            services:
              search:
                image: elasticsearch:8.15.0
          -     user: «"0:${GROUP}"»
        """).at("info", "The user is root, whatever the group."),
        Bad("""
            services:
          -   search: {image: "elasticsearch:8.15.0", user: «"${PUID:-0}:${PGID:-0}"»}
          +   search: {image: "elasticsearch:8.15.0"}
        """).at("info"),
        Good("""
            services:
              search:
                image: elasticsearch:8.15.0
                user: "1000:0"
        """),
        Good("""
            services:
              search:
                image: elasticsearch:8.15.0
                user: ${UID}:${GID}
        """).because("The value is known only at run time, so the rule reports nothing."),
    ),
)
def root_user(container: Container) -> Findings:
    """Point at `user`; without one the image decides."""
    user = container.user
    if not is_surely_root(user):
        return
    undone = _undone(container)
    yield Finding(
        user.span,
        f"{container.title} runs as root{by_default(user.provenance)}"
        + (", although its image does not" if undone else ""),
        severity=None if undone else Severity.INFO,
        because=undone,
        fix=Fix.tightens(
            "Run as the user that the image sets",
            container.editor.remove("user"),
            may_break=f"{container.title}, if only root can read or write its files",
        ),
    )


def _undone(container: Container) -> tuple[Related, ...]:
    """Return the USER of the built image, if it is surely not root."""
    set_by_image = image_user(container.stage) if container.stage else None
    if set_by_image is None or set_by_image.is_root is not False:
        return ()
    return (Related(set_by_image.span, "the image sets this user"),)
