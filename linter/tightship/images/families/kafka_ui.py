"""UI for Apache Kafka, by Provectus and its successor Kafbat.

It asks for no login unless `AUTH_TYPE` or a configuration file says so.
"""

from __future__ import annotations

from tightship.images.facts import OpenPort, Port, documented
from tightship.images.family import Family

_PAGE = documented("ui.docs.kafbat.io/configuration/authentication")

FAMILY = Family(
    names=("provectuslabs/kafka-ui", "kafbat/kafka-ui", "ghcr.io/kafbat/kafka-ui"),
    summary="UI for Apache Kafka",
    holds_for="all versions",
    programs=("java",),
    ports=(Port(8080, "HTTP", _PAGE),),
    open_ports=(
        OpenPort(
            8080,
            "topics and messages of its clusters",
            _PAGE,
            closed_by=(
                "AUTH_TYPE",
                "SPRING_SECURITY_USER_NAME",
                "SPRING_CONFIG_ADDITIONAL-LOCATION",
                "SPRING_CONFIG_ADDITIONALLOCATION",
                "/etc/kafkaui",
            ),
        ),
    ),
    grants=(),
)
