"""Two services give their containers the same name, so one of them cannot start.

On one engine, each container name is unique. Compose does not compare the names of
services; the engine rejects the second container when it starts. Services whose profiles
differ do not collide: they are alternatives. For the same reason,
a service with `container_name` cannot be scaled, and it collides with another project
on the same host that uses the name.

## How to fix

Remove `container_name`: Compose builds a unique name from project, service and
number. On their networks, services reach each other by the service name anyway.
"""

from tightship.rules import Bad, Finding, Findings, Good, Project, Related, Setting, Verified, profile_groups, rule  # fmt: skip


@rule(
    on=Project,
    keys=("container_name",),
    severity="error",
    references=("Compose Specification, services, container_name",),
    aliases=("dclint:no-duplicate-container-names",),
    checked=Verified("""
        $ docker compose --progress quiet up -d && echo started
      - Error response from daemon: Conflict. The container name "/one" is already in use by container "…". You have to remove (or rename) that container to be able to reuse that name.
      + started
        ==> compose.yaml <==
        services:
          app:
            image: busybox
            container_name: one
          other:
            image: busybox
      -     container_name: one
    """),
    examples=(
        Bad("""
            services:
              web: {image: nginx, container_name: app}
              api: {image: "example/api:2", container_name: «app»}
        """),
        Good("""
            services:
              web: {image: nginx, container_name: "app-${COLOR}"}
              api: {image: "example/api:2", container_name: "app-${SHADE}"}
        """).because("It is known only at run time whether these are the same."),
        Good("""
            services:
              old: {image: "example/api:1", container_name: api, profiles: [blue]}
              new: {image: "example/api:2", container_name: api, profiles: [green]}
        """).because("Only one of them runs."),
        Good("""
            services:
              web: {image: nginx, container_name: web}
              api: {image: "example/api:2", container_name: api}
        """),
    ),
)
def duplicate_container_name(project: Project) -> Findings:
    """Point at the later of two equal names."""
    taken: dict[tuple[str, str], tuple[str, Setting[str]]] = {}
    for service in project.services.values():
        name = service.text("container_name")
        if not name.value:
            continue
        groups = profile_groups(service)
        earlier = [taken.get((name.value, group)) for group in groups.meets]
        other, first = next(filter(None, earlier), ("", name))
        for group in groups.own:
            taken.setdefault((name.value, group), (service.name, name))
        if other:
            yield Finding(
                name.span,
                f"the container of {service.title} has the same name"
                f" as that of {project.title_of(other)}: `{name.value}`",
                because=(Related(first.span, f"the name of `{other}`"),),
            )
