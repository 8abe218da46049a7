"""Kafka by Confluent.

It runs as `appuser` (uid 1000) and renders its configuration to `/etc/kafka`, next to
files of the image. The heap is 1 GB unless `KAFKA_HEAP_OPTS` changes that.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, tags
from tightship.images.facts import (
    Account,
    Capability,
    Heap,
    NewPrivileges,
    OpenPort,
    Port,
    ReadOnly,
    User,
    Volume,
    derived,
    documented,
)
from tightship.images.family import Family

_DOCKERFILE = derived("confluentinc/kafka-images@f8e3015a9a60, kafka/Dockerfile.ubi9")
_HEAP = documented("apache/kafka@1eb7644349cb, bin/kafka-server-start.sh")
_SECURITY = documented("kafka.apache.org/documentation, Security")

FAMILY = Family(
    names=("confluentinc/cp-kafka", "confluentinc/cp-server"),
    summary="Kafka, an event streaming platform",
    holds_for="version 6 and later",
    programs=("run",),
    user=(User("appuser", _DOCKERFILE, tags(">=6")),),
    accounts=(Account("appuser", 1000, 1000, _DOCKERFILE, tags(">=6")),),
    steps_down=(),
    ports=(Port(9092, "Kafka", _DOCKERFILE),),
    volumes=(Volume("/var/lib/kafka/data", _DOCKERFILE), Volume("/etc/kafka/secrets", _DOCKERFILE)),
    capabilities=(
        Capability("DAC_OVERRIDE", "its folders belong to `appuser`", _DOCKERFILE, AS_ROOT),
    ),
    read_only=(
        ReadOnly(
            False,
            _DOCKERFILE,
            why="it renders its configuration to `/etc/kafka`, next to files of the image",
        ),
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
