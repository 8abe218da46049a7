"""RabbitMQ.

The entrypoint starts as root, gives `/var/lib/rabbitmq` to `rabbitmq` and continues as
that account. A health check runs as root and reads the cookie that only `rabbitmq` may
read: without `DAC_OVERRIDE` the container works but never becomes healthy. The image
lets `guest` log in from everywhere, with `guest` as the password.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, CONFIGURED, tags
from tightship.images.facts import (
    Account,
    Capability,
    Memory,
    NewPrivileges,
    OpenPort,
    OtherUser,
    Port,
    ReadOnly,
    StepDown,
    User,
    Volume,
    Write,
    derived,
    measured,
)
from tightship.images.family import Family

_DOCKERFILE = derived("docker-library/rabbitmq@9193c1de6d32, 4.3/ubuntu/Dockerfile")
_ALPINE = derived("docker-library/rabbitmq@9193c1de6d32, 4.3/alpine/Dockerfile")
_ENTRYPOINT = derived("docker-library/rabbitmq@9193c1de6d32, 4.3/ubuntu/docker-entrypoint.sh")
_MANAGEMENT = derived("docker-library/rabbitmq@9193c1de6d32, 4.3/ubuntu/management/Dockerfile")
_LAB = measured(
    "stand-in of rabbitmq:4.0 with Debian 13's rabbitmq-server 4.0.5, Docker Engine 26.1.5"
)

FAMILY = Family(
    names=("rabbitmq",),
    summary="RabbitMQ, a message broker",
    holds_for="3.9 and later, on Ubuntu and Alpine",
    programs=("rabbitmq-server",),
    user=(User("root", _DOCKERFILE),),
    accounts=(
        Account("rabbitmq", 999, 999, _DOCKERFILE, tags("!alpine")),
        Account("rabbitmq", 100, 101, _ALPINE, tags("alpine")),
    ),
    steps_down=(StepDown("gosu or su-exec", _ENTRYPOINT, AS_ROOT),),
    ports=(
        Port(5672, "AMQP", _DOCKERFILE),
        Port(5671, "AMQP over TLS", _DOCKERFILE),
        Port(15672, "HTTP", _MANAGEMENT, tags("management")),
        Port(15671, "HTTPS", _MANAGEMENT, tags("management")),
        Port(15692, "HTTP", _DOCKERFILE),
        Port(15691, "HTTPS", _DOCKERFILE),
        Port(4369, "Erlang's port mapper", _DOCKERFILE),
        Port(25672, "Erlang distribution", _DOCKERFILE),
    ),
    volumes=(Volume("/var/lib/rabbitmq", _DOCKERFILE),),
    writes=(
        Write(
            "/var/log/rabbitmq",
            "log files, if the log does not go to the console",
            _DOCKERFILE,
            CONFIGURED,
            kind="log",
            options=("mode=1777",),
        ),
        Write("/tmp", "temporary files of its commands", _DOCKERFILE, CONFIGURED),
    ),
    capabilities=(
        Capability(
            "CHOWN",
            "the entrypoint gives `/var/lib/rabbitmq` to `rabbitmq` where it belongs to another user",
            _LAB,
            AS_ROOT,
            at="operation",
        ),
        Capability(
            "DAC_OVERRIDE",
            "a health check of root reads the cookie that only `rabbitmq` may read",
            _ENTRYPOINT,
            AS_ROOT,
            at="operation",
        ),
        Capability("SETGID", "the entrypoint switches the group", _LAB, AS_ROOT),
        Capability("SETUID", "the entrypoint switches the user", _LAB, AS_ROOT),
    ),
    read_only=(ReadOnly(True, _LAB, tags(">=3.9")),),
    new_privileges=(NewPrivileges(False, _LAB),),
    other_user=(
        OtherUser(
            True,
            _LAB,
            tags("!alpine"),
            users=("999:999",),
            needs="what is in `/var/lib/rabbitmq` has to belong to that user",
        ),
        OtherUser(
            True,
            _ENTRYPOINT,
            tags("alpine"),
            users=("100:101",),
            needs="what is in `/var/lib/rabbitmq` has to belong to that user",
        ),
    ),
    memory=(
        Memory(
            "128m",
            _LAB,
            processes=51,
            load="any: it blocks publishers at a part of the limit (`vm_memory_high_watermark`)",
        ),
    ),
    heap=(),
    open_ports=(OpenPort(15692, "metrics of the queues", _DOCKERFILE, tags(">=3.8")),),
    grants=(),
)
