"""A named volume over the program of the image hides each later version of it.

Docker fills a new volume with what the image has at its path, once. The volume stays when
the image is built again, so the container keeps the files of the first version:
security fixes of the program and of its libraries never run, although the new image does
(moby 26.1.5, container/container_unix.go, CopyImagePathContent).

The rule looks at images that the project builds: a `COPY` of the whole build context into
the working directory, and a named volume at that folder or above it. Bind mounts of the
source, anonymous volumes, volumes below the program, and folders for data are fine.

## How to fix

Mount the volume at the folder that the program writes to, such as `/app/uploads`. Make
that folder in the Dockerfile. To share files with another service, copy them into
its image, too. `docker compose up --force-recreate -V` does not renew named volumes.
"""

from tightship.rules import Bad, Container, Finding, Findings, Good, Related, Unverified, hidden_program, rule  # fmt: skip


@rule(
    on=Container,
    keys=("volumes",),
    severity="warning",
    references=(
        "Docker documentation, Volumes, Populate a volume using a container",
        "moby 26.1.5, container/container_unix.go, CopyImagePathContent",
    ),
    checked=Unverified("it takes two versions of an image; seen with Docker Engine 26.1.5"),
    examples=(
        Bad("""
            ==> compose.yaml <==
            services:
              web:
                build: .
                volumes: [«"app:/app"»]
            volumes: {app: {}}
            ==> Dockerfile <==
            FROM node:22
            WORKDIR /app
            COPY . .
            CMD ["node", "server.js"]
        """),
        Good("""
            ==> compose.yaml <==
            services:
              web:
                build: .
                volumes: ["uploads:/app/uploads", "./src:/app", "/app/node_modules"]
            volumes: {uploads: {}}
            ==> Dockerfile <==
            FROM node:22
            WORKDIR /app
            COPY . .
            CMD ["node", "server.js"]
        """).because("No volume keeps the program."),
        Good("""
            ==> compose.yaml <==
            services:
              web:
                build: .
                volumes: ["home:/home/node", "./app:/home/node/app"]
            volumes: {home: {}}
            ==> Dockerfile <==
            FROM node:22
            WORKDIR /home/node/app
            COPY . .
        """).because("The program is that of the bind mount."),
        Good("""
            ==> compose.yaml <==
            services:
              web:
                build: .
                volumes: ["app:/app"]
            volumes:
              app: {driver_opts: {type: none, o: bind, device: ./app}}
            ==> Dockerfile <==
            FROM node:22
            WORKDIR /app
            COPY . .
        """).because("With driver options, the volume may be a folder of the host."),
        Good("""
            ==> compose.yaml <==
            services:
              db:
                build: .
                volumes: ["data:/data"]
            volumes: {data: {}}
            ==> Dockerfile <==
            FROM redis:8
            WORKDIR /data
            COPY . .
        """).because("The folder is for data."),
    ),
)
def volume_hides_updates(container: Container) -> Findings:
    """Point at the volume, and at the `COPY`."""
    for volume, copy in hidden_program(container):
        yield Finding(
            volume.span,
            f"the volume at `{volume.target}` keeps the program of the first image of"
            f" {container.title}: later versions never run",
            because=(Related(copy.span, "the program is copied to there"),),
        )
