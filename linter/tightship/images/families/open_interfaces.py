"""Pages and interfaces for administrators that ask for no login by default.

Only the ports of these images are known. AKHQ, Kafdrop, Redis Commander, Zipkin and
Flower show and change the data behind them, and Kafka Connect and Schema Registry
accept commands.
"""

from __future__ import annotations

from tightship.images.facts import OpenPort, Port, documented
from tightship.images.family import Family


def _family(
    names: tuple[str, ...],
    summary: str,
    program: str,
    port: tuple[int, str],
    page: str,
    *closed_by: str,
) -> Family:
    source = documented(page)
    number, what = port
    return Family(
        names=names,
        summary=summary,
        holds_for="all versions",
        programs=(program,),
        ports=(Port(number, "HTTP", source),),
        open_ports=(OpenPort(number, what, source, closed_by=closed_by),),
    )


_FAMILIES = (
    _family(
        ("tchiotludo/akhq",),
        "AKHQ, a web interface for Kafka",
        "java",
        (8080, "topics and messages of its clusters"),
        "akhq.io/docs/configuration/authentifications",
        *("AKHQ_CONFIGURATION", "MICRONAUT_CONFIG_FILES", "MICRONAUT_SECURITY_ENABLED"),
        *("/app/application.yml", "/app"),
    ),
    _family(
        ("obsidiandynamics/kafdrop",),
        "Kafdrop, a web interface for Kafka",
        "java",
        (9000, "topics and messages of its clusters"),
        "github.com/obsidiandynamics/kafdrop, README.md",
    ),
    _family(
        ("rediscommander/redis-commander",),
        "Redis Commander, a web interface for Redis",
        "node",
        (8081, "all keys of its servers"),
        "github.com/joeferner/redis-commander, README.md",
        *("HTTP_USER", "HTTP_PASSWORD", "HTTP_PASSWORD_FILE", "HTTP_PASSWORD_HASH"),
        "HTTP_PASSWORD_HASH_FILE",
    ),
    _family(
        ("openzipkin/zipkin", "openzipkin/zipkin-slim", "ghcr.io/openzipkin/zipkin"),
        "Zipkin, which collects traces",
        "java",
        (9411, "all traces, and the requests in them"),
        "github.com/openzipkin/zipkin, zipkin-server/README.md",
    ),
    _family(
        ("mher/flower",),
        "Flower, a web interface for Celery",
        "celery",
        (5555, "tasks and workers of Celery"),
        "flower.readthedocs.io/en/latest/auth.html",
        *("FLOWER_BASIC_AUTH", "FLOWER_AUTH", "--basic_auth", "--basic-auth", "--auth"),
        *("--conf", "flowerconfig.py"),
    ),
    _family(
        (
            *("debezium/connect", "quay.io/debezium/connect"),
            *("confluentinc/cp-kafka-connect", "confluentinc/cp-kafka-connect-base"),
        ),
        "Kafka Connect, which copies data to and from Kafka",
        "java",
        (8083, "connectors, with the passwords in their settings"),
        "docs.confluent.io/platform/current/kafka-rest/security.html",
        *("CONNECT_REST_EXTENSION_CLASSES", "CONNECT_LISTENERS_HTTPS_SSL_CLIENT_AUTH"),
        "CONNECT_REST_AUTHENTICATION_METHOD",
    ),
    _family(
        ("confluentinc/cp-schema-registry",),
        "Schema Registry of Confluent",
        "java",
        (8081, "the schemas of all topics"),
        "docs.confluent.io/platform/current/schema-registry/security/index.html",
        *("SCHEMA_REGISTRY_AUTHENTICATION_METHOD", "SCHEMA_REGISTRY_SSL_CLIENT_AUTH"),
        *("SCHEMA_REGISTRY_SSL_CLIENT_AUTHENTICATION", "SCHEMA_REGISTRY_OPTS"),
    ),
)

_BY_NAME = {name: family for family in _FAMILIES for name in family.names}
NAMES = tuple(_BY_NAME)


def family(name: str) -> Family:
    """Return the family of an image by its name."""
    return _BY_NAME[name]
