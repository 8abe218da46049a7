"""Eclipse Mosquitto.

It starts as root, and the broker itself switches to `mosquitto` after it has read its
configuration. Since 2.0 it listens on localhost only, and lets nobody in without a
login, until the configuration has a `listener`. The image has a configuration that lets
everybody in, `/mosquitto-no-auth.conf`; before 2.0 that was the default.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, HOST_FOLDERS, flag, tags
from tightship.images.facts import (
    Account,
    Capability,
    Heap,
    Memory,
    NewPrivileges,
    OpenPort,
    OtherUser,
    Port,
    ReadOnly,
    StepDown,
    User,
    Volume,
    derived,
    documented,
    measured,
)
from tightship.images.family import Family

_DOCKERFILE = derived("eclipse-mosquitto/mosquitto@5b74cce8a4fe, docker/2.1-alpine/Dockerfile")
_ENTRYPOINT = derived(
    "eclipse-mosquitto/mosquitto@5b74cce8a4fe, docker/2.1-alpine/docker-entrypoint.sh"
)
_BROKER = derived("eclipse-mosquitto/mosquitto@5b74cce8a4fe, src/mosquitto.c")
_OPEN_CONFIG = "/mosquitto-no-auth.conf"
_LOGIN = documented("mosquitto.org/documentation/migrating-to-2-0")
_LAB = measured(
    "stand-in of eclipse-mosquitto:2 with Debian 13's mosquitto 2.0.21, Docker Engine 26.1.5"
)

FAMILY = Family(
    names=("eclipse-mosquitto",),
    summary="Eclipse Mosquitto, an MQTT broker",
    holds_for="1.6 and later",
    programs=("mosquitto",),
    user=(User("root", _DOCKERFILE),),
    accounts=(Account("mosquitto", 1883, 1883, _DOCKERFILE),),
    steps_down=(StepDown("mosquitto", _BROKER, AS_ROOT),),
    ports=(Port(1883, "MQTT", _DOCKERFILE),),
    volumes=(Volume("/mosquitto/data", _DOCKERFILE), Volume("/mosquitto/log", _DOCKERFILE)),
    writes=(),
    capabilities=(
        Capability(
            "CHOWN",
            "the entrypoint gives the data to the account of the broker",
            _ENTRYPOINT,
            AS_ROOT,
            at="operation",
        ),
        Capability(
            "DAC_OVERRIDE",
            "a configuration on the host may be private to another user",
            _BROKER,
            AS_ROOT,
            HOST_FOLDERS,
            at="operation",
        ),
        Capability("SETGID", "the broker switches its group", _LAB, AS_ROOT),
        Capability("SETUID", "the broker switches its user", _LAB, AS_ROOT),
    ),
    read_only=(ReadOnly(True, _LAB),),
    new_privileges=(NewPrivileges(False, _LAB),),
    other_user=(
        OtherUser(
            True,
            _LAB,
            users=("1883:1883",),
            needs="files mounted below `/mosquitto` have to belong to that user",
        ),
    ),
    memory=(
        # Retained and queued messages are in memory (mosquitto.conf(5), memory_limit).
        Memory("16m", _LAB, processes=9, grows=True, bound="`memory_limit`"),
    ),
    heap=(Heap(_BROKER, flag="memory_limit", times=2),),
    open_ports=(
        OpenPort(1883, "every topic", _DOCKERFILE, flag(_OPEN_CONFIG)),
        OpenPort(
            1883, "every topic", _LOGIN, tags("<2"), closed_by=("/mosquitto/config", ".conf", "-c")
        ),
    ),
    grants=(),
)
