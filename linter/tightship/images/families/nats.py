"""NATS.

It is a single program without a shell, which starts and works as root. It writes only
the streams of JetStream, if that is on: by default below `/tmp`, where they are lost
with the container. Without a configuration file there is no login.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, CONFIGURED, HOST_FOLDERS, flag
from tightship.images.facts import (
    Capability,
    Memory,
    NewPrivileges,
    OpenPort,
    OtherUser,
    Port,
    ReadOnly,
    User,
    Write,
    derived,
    documented,
    measured,
)
from tightship.images.family import Family

_DOCKERFILE = derived("nats-io/nats-docker@aa0caa57b71c, 2.14.x/scratch/Dockerfile")
_PAGE = documented("docker-library/docs@c4a9ba414434, nats/content.md")
_JETSTREAM = documented("docs.nats.io/nats-concepts/jetstream, flags of nats-server")
_LAB = measured("stand-in of nats:2.10 with Debian 13's nats-server 2.10.27, Docker Engine 26.1.5")

FAMILY = Family(
    names=("nats",),
    summary="NATS, a message broker",
    holds_for="2.2 and later, on scratch and Alpine",
    programs=("nats-server",),
    user=(User("root", _DOCKERFILE),),
    accounts=(),
    steps_down=(),
    ports=(
        Port(4222, "NATS", _DOCKERFILE),
        Port(6222, "NATS between nodes", _DOCKERFILE),
        Port(8222, "HTTP", _DOCKERFILE),
    ),
    volumes=(),
    writes=(
        Write(
            "/tmp",
            "the streams of JetStream, unless another folder is named",
            _JETSTREAM,
            flag("-js", "--js", "-jetstream", "--jetstream"),
            CONFIGURED,
            kind="data",
        ),
    ),
    capabilities=(
        Capability(
            "DAC_OVERRIDE",
            "it works as root, and a folder of the host may belong to another user",
            _DOCKERFILE,
            AS_ROOT,
            HOST_FOLDERS,
            at="operation",
        ),
    ),
    read_only=(ReadOnly(True, _LAB),),
    new_privileges=(NewPrivileges(False, _LAB),),
    other_user=(
        OtherUser(True, _DOCKERFILE, needs="a folder of streams has to belong to that user"),
    ),
    memory=(
        # Slow consumers and streams in memory take more (`max_pending`, `max_memory_store`).
        Memory("16m", _LAB, processes=11, grows=True, bound="`GOMEMLIMIT` with `max_pending`"),
    ),
    heap=(),
    open_ports=(
        OpenPort(
            4222,
            "every subject",
            _PAGE,
            closed_by=(
                "--user",
                "--pass",
                "--auth",
                "--config",
                "-c",
                ".conf",
                "/nats-server.conf",
                "/etc/nats",
            ),
        ),
        OpenPort(
            8222,
            "the state of the server and its clients",
            _PAGE,
            closed_by=("--config", "-c", ".conf", "/nats-server.conf", "/etc/nats"),
        ),
    ),
    grants=(),
)
