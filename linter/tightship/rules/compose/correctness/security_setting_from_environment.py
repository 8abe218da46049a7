"""A variable without a value decides the container's isolation.

The container's privileges, user, namespaces, limits, devices or mounts of the host depend on a
variable without a value. The environment of a shell or a CI job decides the value, and a review of
the file cannot see it. Compose treats an unset variable as empty and only warns:
`user: ${WEB_USER}` is then the image's user, which is root for most images.

So does the place of the repository for a mount of a folder above it, such as `../..`.

The value is unknown, so no other rule checks such a setting. A partly known value is
checked without the variable, as Compose takes it: `${X}true` is `true`, and `${X}/` is `/`.

## How to fix

Give the variable a safe default, `${WEB_USER:-1000}`, or a value in `.env`: Tightship
then checks that value. If each start needs its own value, `${WEB_USER:?}` at least
prevents a start without one. A setting that never changes needs no variable.
"""

from tightship.rules import DECIDING_KEYS, Bad, Container, Finding, Findings, Good, above_repository, rule, unknown_values  # fmt: skip

# Who starts a command decides its user.
_KNOWN_TO_COMMANDS = frozenset(("GID", "UID", "USER"))
# The output of a command, or an expression of a CI, where other languages than Compose's have it.
_NAMELESS = "_"


# What no `.env` decides.
_ADVICE = "give the variable a value in the file, or a safe default"
_FOR_EXPRESSION = "write the value in the file, unless it has to differ from run to run"


@rule(
    on=Container,
    keys=DECIDING_KEYS,
    severity="info",
    cwe=(15,),
    references=("Compose Specification, interpolation", "compose-go, template/template.go"),
    advice="give the variable a safe default, `${WEB_USER:-1000}`, or a value in `.env`",
    examples=(
        Bad("""
            services:
              web:
                image: nginx:1.29
                privileged: «${WEB_PRIVILEGED}»
                user: «"${WEB_UID}:${WEB_GID}"»
                network_mode: «$WEB_NETWORK»
                cap_add: [NET_ADMIN, «"${WEB_CAPABILITY}"»]
                volumes:
                  - «${WEB_DATA}:/data»
                  - {type: bind, source: «"${WEB_DATA}/x"», target: /x}
                security_opt: [«"seccomp=${WEB_SECCOMP}"»]
                devices: [«"${WEB_DEVICE}:/dev/ttyACM0"»]
        """),
        Bad("""
            services:
              web: {image: "nginx:1.29", volumes: ["data:/data"]}
            volumes:
              data:
                driver_opts: {type: none, o: bind, device: «"${WEB_DATA}"»}
        """),
        Good("""
            services:
              web:
                image: nginx:1.29
                privileged: ${WEB_PRIVILEGED:-false}
                user: ${WEB_UID:-1000}
                volumes:
                  - ./data/${WEB_NAME}:/data
                  - ${HOME}/.cache:/cache
                  - ${PWD}:/src
                environment:
                  PUID: ${WEB_UID}
        """).because(
            "A default can be checked, and a variable below a folder of the project decides little."
        ),
        Good("""
            ==> compose.yaml <==
            services:
              web: {image: "nginx:1.29", user: "${WEB_UID}"}
            ==> .env <==
            WEB_UID=1000
        """),
    ),
)
def security_setting_from_environment(container: Container) -> Findings:
    """Point at each value that only a run will tell."""
    is_compose, name = container.settings.program == "Compose", f"`{container.name}`"
    known = frozenset[str]() if is_compose else _KNOWN_TO_COMMANDS
    for one in unknown_values(container):
        names = [name for name in one.variables if name not in known]
        if not names:
            continue
        variables = " and ".join(
            f"`{each}`" if each != _NAMELESS else "an expression" for each in names
        )
        verb = "decides" if len(names) == 1 else "decide"
        yield Finding(
            one.span,
            f"{variables} {verb} {one.what.format(name)}, but"
            f" {'its value is' if len(names) == 1 else 'their values are'} unknown",
            advice="" if is_compose else _FOR_EXPRESSION if names == [_NAMELESS] else _ADVICE,
        )
    for mount in above_repository(container):
        yield Finding(
            mount.span,
            f"`{mount.source}` is above the repository, whose place decides what of the host"
            f" {name} gets",
            because=mount.because,
            advice="mount the folders that the container needs",
        )
