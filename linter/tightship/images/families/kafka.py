"""Apache Kafka.

It runs as `appuser` (uid 1000) and writes its configuration at each start. The listeners of
the default settings ask for no login. The heap is 1 GB unless `KAFKA_HEAP_OPTS` changes
that, and the broker uses memory as well.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT
from tightship.images.facts import (
    Account,
    Capability,
    Heap,
    NewPrivileges,
    OpenPort,
    Port,
    User,
    Volume,
    Write,
    derived,
    documented,
)
from tightship.images.family import Family

_DOCKERFILE = derived("apache/kafka@1eb7644349cb, docker/jvm/Dockerfile")
_CONFIGURE = derived("apache/kafka@1eb7644349cb, docker/resources/common-scripts/configure")
_HEAP = documented("apache/kafka@1eb7644349cb, bin/kafka-server-start.sh")
_SECURITY = documented("kafka.apache.org/documentation, Security")

FAMILY = Family(
    names=("apache/kafka",),
    summary="Kafka, an event streaming platform",
    holds_for="3.7 and later",
    programs=("run",),
    user=(User("appuser", _DOCKERFILE),),
    accounts=(Account("appuser", 1000, 1000, _DOCKERFILE),),
    steps_down=(),
    ports=(Port(9092, "Kafka", _DOCKERFILE),),
    volumes=(
        Volume("/etc/kafka/secrets", _DOCKERFILE),
        Volume("/var/lib/kafka/data", _DOCKERFILE),
        Volume("/mnt/shared/config", _DOCKERFILE),
    ),
    writes=(
        Write("/opt/kafka/config", "the configuration, made at the start", _CONFIGURE),
        Write("/opt/kafka/logs", "log files", _DOCKERFILE, kind="log", optional=True),
    ),
    capabilities=(
        Capability("DAC_OVERRIDE", "its folders belong to `appuser`", _DOCKERFILE, AS_ROOT),
    ),
    new_privileges=(NewPrivileges(False, _DOCKERFILE),),
    heap=(Heap(_HEAP, variable="KAFKA_HEAP_OPTS", flag="-Xmx", default="1g"),),
    open_ports=(
        OpenPort(
            9092,
            "every topic, to read and write",
            _SECURITY,
            closed_by=("KAFKA_SASL_ENABLED_MECHANISMS", "KAFKA_SSL_CLIENT_AUTH=required"),
        ),
    ),
    grants=(),
)
