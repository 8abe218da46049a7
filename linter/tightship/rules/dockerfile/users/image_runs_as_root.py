"""The image runs its processes as root.

Unless the daemon remaps users, root in a container is the same user as root on the
host. An attacker who takes over such a process, through a flaw in it or in one of its
libraries, can change every file of the image, install tools, use the capabilities that
Docker leaves to root, and write as root to every mounted directory of the host.
Container escapes such as CVE-2019-5736, which overwrites runc itself, need root in the
container.

The last USER of the built stage, of its base stages or of the base image decides. An
image without USER runs as root. The rule knows the official images without USER
(`debian`, `python`, `node`, `nginx`, …); for other images, it only reports that they
may run as root. It reports nothing if every service that builds the image sets another
`user`, or if ENTRYPOINT, CMD or a project script that they start is certain to switch
to another user, for example with `gosu`. Only the program that keeps running counts, so
`su app -c setup` before `exec server` changes nothing, and every branch has to switch.
An image from `scratch` without ENTRYPOINT and CMD starts nothing itself, and often only holds
what a build exports: the finding is then an info.
An image that exposes no port is an info, too, unless a service that runs it has a port, a mount,
a device, an added capability or a namespace of the host: there, root reaches more.
If only some do, if the name of the user is known only at run time, if the script cannot
be read, or if an init such as `/init` of s6-overlay starts services, each of which may
have its own user, the finding is an info.

## How to fix

Create a user with a fixed id, make it the owner of the files that it has to write, and
end the stage with this id. A number shows that the user is not root:

    RUN useradd --system --no-log-init --uid 10001 app
    USER 10001:10001

Ports from 1024 on need no root, and Docker also lets every user listen on ports below 1024.
"""

from tightship.rules import Argument, Bad, BuiltImage, Finding, Findings, Good, Related, Severity, Stage, image_user, is_surely_another, may_be_empty, passed, rule, with_defaults  # fmt: skip

_OF_BOTH = ("trivy:DS-0002", "tally:stateful-root-runtime", "tally:user-created-but-never-used")
_OF_ROOT = ("DL3002", "checkov:CKV_DOCKER_8", "semgrep:last-user-is-root", "kics:67fd0c4a")
_OF_NO_USER = (
    *("checkov:CKV_DOCKER_3", "semgrep:missing-user", "semgrep:missing-user-entrypoint"),
    "kics:fd54f200",
)


def _reaches_nothing(image: BuiltImage) -> bool:
    """Return whether an attacker hardly reaches the image, nor anything from it."""
    return not image.stage.exposed and not any(
        one.privileged.value
        or one.grants
        or one.mounts
        or one.volumes
        or one.devices
        or one.ports
        or any(one.namespace(kind).is_host for kind in ("ipc", "network", "pid"))
        for one in image.containers
    )


@rule(
    on=BuiltImage,
    severity="warning",
    severity_note="info if the base image or an entrypoint script may set another user, if an image"
    " from `scratch` starts nothing, or if nothing else makes it matter",
    info_where=_reaches_nothing,
    cwe=(250,),
    references=("Dockerfile reference, USER", "Linux, user_namespaces(7) and capabilities(7)"),
    aliases=(*_OF_ROOT, *_OF_NO_USER, *_OF_BOTH),
    advice="create a user with a fixed id, give it its files, and end the stage with `USER 10001`",
    examples=(
        Bad("""
            FROM debian:13
            EXPOSE 8080
            USER app
            USER «root»
            CMD ["/srv/app"]
        """),
        Bad("""
            ARG WHO=0
            FROM example.com/base AS base
            ARG WHO
            USER «"${WHO}:1000"»
            FROM base
            EXPOSE 8080
            CMD ["/srv/app"]
        """).because("The rule uses the user of a base stage, and the default of an ARG."),
        Bad("""
            FROM golang:1.25 AS build
            USER nobody
            RUN go build -o /app
            FROM «scratch»
            COPY --from=build /app /app
            EXPOSE 8080
            CMD ["/app"]
        """).because("Only the stage that is built counts, and nothing sets its user."),
        Bad("""
            FROM python:3.14-slim AS «job»
            CMD ["python", "-m", "job"]
        """).at("info", "Nobody reaches it over a port, and it reaches nothing of the host."),
        Bad("""
            FROM golang:1.25 AS build
            RUN go build -o /app
            FROM «scratch»
            COPY --from=build /app /
        """).at("info", "It starts nothing: `docker build --output` may only export the program."),
        Bad("""
            FROM python:3.14-slim AS «web»
            EXPOSE 8080
            CMD ["python", "-m", "web"]
        """).because("The official image sets no user."),
        Bad("""
            FROM «example.com/runtime:2»
            CMD ["/srv/app"]
        """).at("info", "The image is unknown, so it may set a user."),
        Bad("""
            ==> compose.yaml <==
            services:
              web: {build: ., ports: ["127.0.0.1:80:8080"]}
              worker: {build: ., user: "1000"}
            ==> Dockerfile <==
            FROM node:24
            USER «root»
        """).because("One of the services runs it as root."),
        Good("""
            FROM python:3.14-slim
            RUN useradd --uid 10001 app
            USER 10001
        """),
        Good("""
            FROM debian:13 AS build
            USER root
            FROM example.com/runtime
            USER app
        """).because("Only the last stage becomes the image."),
        Good("""
            FROM debian:13
            ARG WHO
            USER ${WHO}
        """).because("The value is known only in a build."),
        Good("""
            FROM alpine:3.22
            ENTRYPOINT ["tini", "--", "su-exec", "app", "/srv/app"]
        """).because("Root only starts the program, which then runs as another user."),
        Good("""
            ==> Dockerfile <==
            FROM node:24
            WORKDIR /srv
            COPY . .
            ENTRYPOINT ["./start.sh"]
            ==> start.sh <==
            #!/bin/sh
            chown -R node /data
            exec setpriv --reuid=node --regid=node --init-groups "$@"
        """).because("The script switches to `node`."),
        Good("""
            ==> Dockerfile <==
            FROM golang:1.25 AS build
            WORKDIR /src
            COPY . .
            FROM alpine:3.22
            COPY --from=build /src/docker/start.sh /bin/entrypoint.sh
            ENTRYPOINT ["/bin/entrypoint.sh"]
            ==> docker/start.sh <==
            #!/bin/sh
            exec su-exec app /bin/server
        """).because("The script of the project comes through another stage."),
        Bad("""
            FROM «debian:13»
            ENTRYPOINT ["/init"]
        """).at("info", "s6-overlay has to start as root, and may start each service as its user."),
        Bad("""
            ==> Dockerfile <==
            FROM «node:24»
            EXPOSE 8080
            COPY start.sh /
            ENTRYPOINT ["/start.sh"]
            ==> start.sh <==
            #!/bin/sh
            su node -c "npm run migrate"
            exec node server.js
        """).because("Only the migration runs as `node`; the server runs as root."),
        Good("""
            FROM golang:1.25-windowsservercore-ltsc2025
        """).because("Windows has no root."),
        Good("""
            ==> compose.yaml <==
            services:
              web:
                build: .
                user: "1000:1000"
            ==> Dockerfile <==
            FROM node:24
        """).because("No service runs the image as root."),
    ),
)
def image_runs_as_root(image: BuiltImage) -> Findings:
    """Point at the USER that decides; an absent one is the stage's."""
    stage = image.stage
    if stage.build.file.template is not None:
        return
    user = image_user(stage)
    others = [c for c in image.containers if not is_surely_another(c.user)]
    if user.is_root is False or (image.containers and not others):
        return
    known_as = (*(_OF_NO_USER if user.value is None else _OF_ROOT), *_OF_BOTH)
    running = tuple(Related(one.span, f"{one.title} runs it") for one in others)
    for one in _as_root(image, running):
        yield one.replaced(known_as=known_as)


def _as_root(image: BuiltImage, running: tuple[Related, ...]) -> Findings:
    """Report an image that starts as root, as far as it is known, and does not leave it."""
    from tightship.rules import Startup, likely_sets_user, steps_down

    stage, user = image.stage, image_user(image.stage)
    switches = user.is_root and Startup(stage).switches_user
    if steps_down(stage) or switches is True:
        return
    if user.is_root and switches is None:
        yield Finding(
            user.span,
            f"{_runs_as_root(stage)}, unless its entrypoint switches to another user",
            severity=Severity.INFO,
            because=running,
        )
        return
    if user.value is not None:
        if user.is_root:
            yield _written(stage, user.value, running)
        elif may_be_empty(stage):
            yield _while_unset(stage, user.value, running)
    elif user.is_root:
        is_export = stage.is_from_scratch and not (running or stage.entrypoint or stage.command)
        yield Finding(
            image.span,
            f"{_runs_as_root(stage)}{_without(stage)}",
            severity=Severity.INFO if is_export else None,
            because=(*passed(*filter(None, [stage.root.base])), *running),
        )
    elif stage.image is not None and not (
        likely_sets_user(stage.image) or stage.system == "windows" or stage.build.makes(stage.image)
    ):
        yield Finding(
            image.span,
            f"{_runs_as_root(stage)}, unless {_base(stage)} sets another user",
            severity=Severity.INFO,
            because=running,
        )


def _written(stage: Stage, value: Argument, running: tuple[Related, ...]) -> Finding:
    because = running
    if value.span.start < stage.span.start:
        because = (Related(stage.span, f"{stage.title} is based on it"), *because)
    message = f"{_runs_as_root(stage)}{with_defaults(value)}"
    return Finding(value.span, message, because=(*passed(value), *because))


def _while_unset(stage: Stage, value: Argument, running: tuple[Related, ...]) -> Finding:
    told = f"{_runs_as_root(stage)} as long as `{value.raw}` has no value"
    return Finding(value.span, told, severity=Severity.INFO, because=running)


def _runs_as_root(stage: Stage) -> str:
    of = f" of stage `{stage.label.value}`" if stage.label is not None else ""
    return f"the image{of} runs as root"


def _without(stage: Stage) -> str:
    """Return why an image without USER runs as root."""
    base = stage.root.base
    defaults = with_defaults(base) if base is not None else ""
    if stage.is_from_scratch:
        return f": no `USER` here, and `scratch` has none{defaults}"
    return f": no `USER` here, and {_base(stage)} sets none{defaults}"


def _base(stage: Stage) -> str:
    """Return the base image in words."""
    base = stage.root.base
    return "its base image" if base is None else f"`{base.text}`"
