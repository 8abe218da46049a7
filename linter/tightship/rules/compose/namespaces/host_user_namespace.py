"""The container's users are the host's users, even if the daemon remaps users.

If the Docker daemon remaps users (`userns-remap`), root in a container is a user
without any rights on the host. `userns_mode: host` excludes this service: its root is
root on the host again. Docker is installed without remapping. Then the setting changes
nothing, but it takes effect as soon as someone turns remapping on.

## How to fix

Remove `userns_mode`. If a service fails with remapping, its files on the host usually
belong to the old ids: change their owner. Privileged services and those in the host's
network or process namespace cannot be remapped: fix these settings first (moby 26.1.5,
daemon/daemon_unix.go).
"""

from tightship.rules import Bad, Container, Finding, Findings, Fix, Good, YamlText, by_default, rule


@rule(
    on=Container,
    keys=("userns_mode",),
    severity="info",
    fix="tightens",
    cwe=(653,),
    references=(
        "Compose Specification, services, userns_mode",
        "Docker documentation, Isolate containers with a user namespace",
        "moby 26.1.5, daemon/daemon_unix.go (verifyPlatformContainerSettings)",
    ),
    aliases=("kics:8af7162d",),
    examples=(
        Bad("""
            services:
              builder:
                image: builder:2
          -     userns_mode: «"host"»
        """),
        Good("""
            services:
              builder:
                image: builder:2
                user: "1000:1000"
        """),
    ),
)
def host_user_namespace(container: Container) -> Findings:
    """Point at `userns_mode`."""
    namespace = container.namespace("user")
    if not namespace.is_host or container.settings.engine == "Podman":
        return  # Podman has no daemon that remaps users
    yield Finding(
        namespace.span,
        f"{container.title} opts out of the daemon's user"
        f" remapping{by_default(namespace.setting.provenance)}",
        fix=Fix.tightens(
            "Let the daemon remap the service's users",
            container.editor.remove("userns_mode")
            or container.editor.put("userns_mode", YamlText("")),
            may_break=f"{container.title}, if it has to be root on the host and the daemon remaps users",
        ),
    )
