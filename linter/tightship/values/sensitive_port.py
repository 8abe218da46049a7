"""The servers behind ports that should not be public, and the names they go by.

Only ports with one usual service are here: databases and brokers, consoles and the
interfaces of debuggers. Many of these ask for no password by default, or run code for
any client. A port that web applications use as well, such as 8080 or 9000, is not here,
nor are services for clients everywhere, such as MQTT or SSH.
"""

from __future__ import annotations

DOCKER_PORT = 2375
"""Where the Docker daemon listens without TLS, by convention."""

CASSANDRA_JMX = 7199
"""Where Cassandra takes orders by JMX, by default from its own host only."""

SENSITIVE_PORTS: dict[int, str] = {
    # Databases, caches and stores, by the ports that their own documentation gives.
    1433: "SQL Server",
    1521: "Oracle Database",
    2181: "ZooKeeper",
    2379: "etcd",
    2380: "etcd",
    3306: "MySQL",
    5432: "PostgreSQL",
    5984: "CouchDB",
    6333: "Qdrant",
    6334: "Qdrant",
    6379: "Redis",
    6432: "PgBouncer",
    7473: "Neo4j",
    7474: "Neo4j",
    7687: "Neo4j",
    8086: "InfluxDB",
    8091: "Couchbase",
    8529: "ArangoDB",
    8983: "Solr",
    9042: "Cassandra",
    9200: "Elasticsearch",
    9300: "Elasticsearch",
    11211: "memcached",
    19530: "Milvus",
    26257: "CockroachDB",
    26379: "Redis Sentinel",
    27017: "MongoDB",
    27018: "MongoDB",
    27019: "MongoDB",
    28015: "RethinkDB",
    33060: "MySQL",
    # Message brokers.
    4369: "Erlang's port mapper",
    5671: "RabbitMQ",
    5672: "RabbitMQ",
    9092: "Kafka",
    25672: "RabbitMQ",
    61616: "ActiveMQ",
    # Consoles, and interfaces that give orders.
    DOCKER_PORT: "the Docker daemon",
    2376: "the Docker daemon",
    3389: "a remote desktop",
    4646: "Nomad",
    4848: "the console of GlassFish",
    5601: "Kibana",
    5900: "VNC",
    5901: "VNC",
    7077: "a Spark master",
    8161: "the console of ActiveMQ",
    8500: "Consul",
    9990: "the console of WildFly",
    10250: "a kubelet",
    15671: "the console of RabbitMQ",
    15672: "the console of RabbitMQ",
    # Debuggers, which run code for any client.
    1099: "Java's RMI registry",
    5005: "Java's debugger",
    CASSANDRA_JMX: "Cassandra's JMX",
    9222: "Chrome's debugger",
    9229: "Node.js's debugger",
}

# The names of programs that listen on the port, and of products built on them. By
# default it is the last word of the server.
_NAMES = {
    "Cassandra's JMX": "cassandra",
    "Chrome's debugger": "browserless chrome chromium headless playwright puppeteer",
    "Elasticsearch": "elasticsearch elastic opensearch",
    "Erlang's port mapper": "erlang rabbitmq ejabberd emqx vernemq couchdb",
    "InfluxDB": "influxdb influx influxd",
    "Kafka": "kafka redpanda",
    "Kibana": "kibana opensearch",
    "MongoDB": "mongodb mongo mongod mongos",
    "MySQL": "mysql mysqld mariadb mariadbd percona",
    "Neo4j": "neo4j memgraph",
    "Node.js's debugger": "node nodejs npm yarn pnpm inspect",
    "Oracle Database": "oracle",
    "PostgreSQL": "postgresql postgres postgis pgvector timescaledb",
    "RabbitMQ": "rabbitmq",
    "Redis": "redis valkey keydb dragonfly",
    "Redis Sentinel": "redis valkey sentinel",
    "SQL Server": "mssql sqlserver sqlservr",
    "VNC": "vnc x11vnc tigervnc tightvnc tightvncserver turbovnc novnc kasmvnc xvnc",
    "ZooKeeper": "zookeeper kafka",
    "a Spark master": "spark",
    "a remote desktop": "rdp xrdp",
    "the Docker daemon": "docker dockerd dind",
    "the console of GlassFish": "glassfish payara",
    "the console of RabbitMQ": "rabbitmq",
    "the console of WildFly": "wildfly jboss keycloak",
}
# Other programs use these ports too, so they only count in images with Java.
_JAVA = (
    "amazoncorretto corretto graalvm gradle java jboss jdk jdwp jetty jre kotlin liberica"
    " maven mvn openjdk sbt scala spring temurin tomcat wildfly zulu"
)


def names_of(server: str) -> tuple[str, ...]:
    """Return the words by which a server of :data:`SENSITIVE_PORTS` is known."""
    if server.startswith("Java's"):
        return tuple(_JAVA.split())
    return tuple(_NAMES.get(server, server.lower().rpartition(" ")[2]).split())
