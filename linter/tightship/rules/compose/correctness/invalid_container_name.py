"""The engine rejects the name of a container, so the service does not start.

A name has at least two characters: an ASCII letter or a digit, then letters, digits, `_`,
`.` and `-`. `docker compose config` accepts any text, but `docker compose up` fails when it
creates the container.

## How to fix

Use these characters only, or remove `container_name`: Compose then builds a name from
project, service and number.
"""

from tightship.rules import Bad, Container, Finding, Findings, Good, Verified, by_default, regex, rule  # fmt: skip

# moby 26.1.5, daemon/names: RestrictedNamePattern; a slash at the start is cut off.
_NAME = regex(r"/?[a-zA-Z0-9][a-zA-Z0-9_.-]+")


@rule(
    on=Container,
    keys=("container_name",),
    severity="error",
    references=(
        "Compose Specification, services, container_name",
        "moby 26.1.5, daemon/names/names.go",
    ),
    aliases=("dclint:service-container-name-regex",),
    checked=Verified("""
      - $ docker create --name 'my app' busybox
      - Error response from daemon: Invalid container name (my app), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed
      + $ docker create --name my-app busybox | wc -c && docker rm my-app
      + 65
      + my-app
    """),
    advice="choose another name, or remove `container_name`",
    examples=(
        Bad("""
            services:
              web:
                image: nginx
                container_name: «my app»
              db:
                image: postgres
                container_name: «d»
        """).because("One name has a space, the other only one character."),
        Good("""
            services:
              web:
                image: nginx
                container_name: my-app_1.0
              db:
                image: postgres
                container_name: ${NAME}
        """).because("The second name is known only at run time."),
    ),
)
def invalid_container_name(container: Container) -> Findings:
    """Point at a name that no container can have."""
    name = container.text("container_name")
    is_short = container.settings.engine == "Podman" and len(name.value or "") == 1
    if name.value and _NAME.fullmatch(f"{name.value}_" if is_short else name.value) is None:
        wanted = (
            "a name has at least two characters"
            if len(name.value) == 1
            else "a name begins with a letter or a digit, and has only ASCII letters, digits, `_`,"
            " `.` and `-`"
        )
        yield Finding(
            name.span,
            f"no container can be called `{name.value}`: {wanted}{by_default(name.provenance)}",
        )
