"""What the name of an image tells: a data store, or a proxy of Docker's socket."""

from __future__ import annotations

from tightship.model.value import MappingValue, ScalarValue, SequenceValue

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.isolation.container import Container
    from tightship.values.image import Image

# The last part of the names of images that store data, of any publisher. Tools
# next to a store have longer names: `postgres-exporter`, `mongo-express`.
_STORES = frozenset((
    # Databases.
    "postgres", "postgresql", "postgis", "pgvector", "timescaledb", "timescaledb-ha",
    "mysql", "mysql-server", "mariadb", "percona", "percona-server", "mongo", "mongodb",
    "mongodb-community-server", "percona-server-mongodb", "cassandra", "scylla",
    "couchdb", "couchbase", "cockroach", "cockroachdb", "rethinkdb", "arangodb", "neo4j",
    "memgraph", "dgraph", "clickhouse", "clickhouse-server", "influxdb", "questdb",
    "oracle-free", "oracle-xe", "mssql-server", "azure-sql-edge", "tidb", "surrealdb",
    "mssql/server", "ferretdb", "immich_postgres", "supabase/postgres", "firebird",
    # Caches and key-value stores.
    "redis", "redis-stack", "redis-stack-server", "redismod", "valkey", "keydb", "dragonfly",
    "memcached", "etcd", "zookeeper", "consul", "vault", "hazelcast", "ignite",
    # Search engines and vectors.
    "elasticsearch", "opensearch", "solr", "meilisearch", "typesense", "qdrant",
    "weaviate", "milvus", "chroma", "manticore", "zincsearch",
    # Queues.
    "rabbitmq", "kafka", "cp-kafka", "cp-server", "redpanda", "nats", "pulsar",
    "activemq", "activemq-artemis", "beanstalkd", "mosquitto", "eclipse-mosquitto",
    # Objects and files.
    "minio", "seaweedfs", "registry", "loki", "victoria-metrics", "azurite",
))  # fmt: skip


def is_data_store(container: Container) -> bool:
    """Return whether a container is a data store, by its image or the base of that.

    The name tells, without its registry and publisher; a name with a variable does not.
    """
    found = container.image if container.stage is None else container.stage.image
    return found is not None and is_store_image(found)


def is_store_image(image: Image) -> bool:
    """Return whether an image is one of a data store."""
    if "repository" in image.undecided:
        return False
    parts = image.repository.lower().split("/")
    return parts[-1] in _STORES or "/".join(parts[-2:]) in _STORES


# Parts of the names of images.
_PROXIES = ("socket-proxy", "cetusguard", "sockguard")
# These read the variables below.
_WITH_VARIABLES = ("tecnativa/docker-socket-proxy", "linuxserver/socket-proxy")
_WRITES = "POST"
# Paths of the API on which a request that writes takes the host: it creates a container
# or a service that mounts the host's disk, or installs a plug-in with every capability.
_TAKING_OVER = ("CONTAINERS", "SERVICES", "PLUGINS")


def is_socket_proxy(container: Container) -> bool:
    """Return whether a container's image is a proxy of Docker's socket, by its name."""
    image = container.image
    return image is not None and any(part in image.name for part in _PROXIES)


def opened_by(container: Container) -> tuple[str, ...]:
    """Return the variables with which a proxy surely lets its clients take the host.

    They are `POST` and at least one more, or none at all. Other proxies have filters of
    their own, which are not read (haproxy.cfg of Tecnativa/docker-socket-proxy
    05ee763d6a00 and of linuxserver/docker-socket-proxy 1b802fff0414).
    """
    image = container.image
    if image is None or not image.repository.endswith(_WITH_VARIABLES):
        return ()
    variables = container.environment
    found = tuple(
        name
        for name in (_WRITES, *_TAKING_OVER)
        if name in variables and variables[name].value.is_surely("1")
    )
    return found if found[:1] == (_WRITES,) and len(found) > 1 else ()


def only_reads(container: Container) -> bool:
    """Return whether a proxy surely lets its clients read alone, from internal networks.

    So it is as its documentation recommends: `POST` is 0 by default (README.md of
    Tecnativa/docker-socket-proxy a6fbf3835b05).
    """
    image, project = container.image, container.project
    if image is None or not image.repository.endswith(_WITH_VARIABLES):
        return False
    post, settings = container.environment.get(_WRITES), container.settings
    if post is not None and post.value.could_be("1"):
        return False
    if container.env_files or settings.may_have("environment") or settings.may_have("networks"):
        return False
    if container.value("ports") is not None or container.value("network_mode") is not None:
        return False
    networks = container.value("networks")
    names = [*networks.entries] if isinstance(networks, MappingValue) else []
    if isinstance(networks, SequenceValue):
        names = [one.text for one in networks.items if isinstance(one, ScalarValue)]
    found = (project.text("networks", name, "internal") for name in names)
    return bool(names) and all(one is not None and one.content == "true" for one in found)
