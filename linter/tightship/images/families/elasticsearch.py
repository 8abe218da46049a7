"""Elasticsearch.

Since 8.0 it starts and works as uid 1000 with group 0; before 8.0, it started as root
and switched with chroot. The usual problems are on the host: `vm.max_map_count` has to
be raised there, and a folder of the host has to belong to group 0. Versions before 8.0
ask for no login unless it is switched on.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, CONFIGURED, tags, unless, variable
from tightship.images.facts import (
    Account,
    Capability,
    Content,
    Heap,
    NewPrivileges,
    OpenPort,
    OtherUser,
    Port,
    ReadOnly,
    StepDown,
    User,
    Write,
    derived,
    documented,
)
from tightship.images.family import Family

_DOCKERFILE = derived("elastic/dockerfiles@0bbe2f0a6456, elasticsearch/Dockerfile")
_ENTRYPOINT = derived("elastic/dockerfiles@0bbe2f0a6456, elasticsearch/bin/docker-entrypoint.sh")
_PAGE = documented(
    "elastic.co/docs/deploy-manage/deploy/self-managed/install-elasticsearch-docker-prod"
)
_OLD_PAGE = documented("elastic.co/guide/en/elasticsearch/reference/7.17/docker.html")
_OLD, _NEW = tags("<8"), tags(">=8")

FAMILY = Family(
    names=(
        "elasticsearch",
        "elastic/elasticsearch",
        "docker.elastic.co/elasticsearch/elasticsearch",
    ),
    summary="Elasticsearch, a search engine",
    holds_for="7.0 and later",
    programs=("eswrapper", "elasticsearch"),
    user=(User("1000:0", _DOCKERFILE, _NEW), User("root", _OLD_PAGE, _OLD)),
    accounts=(Account("elasticsearch", 1000, 1000, _DOCKERFILE),),
    steps_down=(StepDown("chroot", _OLD_PAGE, _OLD, AS_ROOT),),
    ports=(Port(9200, "HTTP", _DOCKERFILE), Port(9300, "Elasticsearch between nodes", _DOCKERFILE)),
    volumes=(),
    writes=(
        Write("/usr/share/elasticsearch/data", "the indices", _DOCKERFILE, kind="data"),
        Write("/usr/share/elasticsearch/logs", "log files", _DOCKERFILE, kind="data"),
        Write(
            "/usr/share/elasticsearch/config",
            "the keystore, certificates and settings, which it makes at its first start",
            _ENTRYPOINT,
            kind="data",
        ),
        Write("/tmp", "files of the JVM", _DOCKERFILE, CONFIGURED, options=("exec",)),
    ),
    contents=(
        Content(
            "/usr/share/elasticsearch/config/log4j2.properties",
            "without the settings of its log Elasticsearch does not start",
            _DOCKERFILE,
            unless(variable("ES_PATH_CONF")),
        ),
    ),
    capabilities=(
        Capability(
            "CHOWN",
            "the entrypoint gives the folders to uid 1000",
            _OLD_PAGE,
            _OLD,
            AS_ROOT,
            variable("TAKE_FILE_OWNERSHIP"),
        ),
        Capability("SETGID", "chroot switches the group", _OLD_PAGE, _OLD, AS_ROOT),
        Capability("SETUID", "chroot switches the user", _OLD_PAGE, _OLD, AS_ROOT),
        Capability("SYS_CHROOT", "the entrypoint steps down by chroot", _OLD_PAGE, _OLD, AS_ROOT),
    ),
    read_only=(
        ReadOnly(
            False,
            _ENTRYPOINT,
            why="it writes to `/usr/share/elasticsearch/config`, where the image keeps"
            " its settings",
        ),
    ),
    new_privileges=(NewPrivileges(False, _ENTRYPOINT),),
    other_user=(
        OtherUser(
            True,
            _PAGE,
            users=("1000:0",),
            needs='any other user needs `group_add: ["0"]`, and a data directory to which'
            " it may write",
        ),
    ),
    heap=(
        Heap(_OLD_PAGE, tags("<7.11"), variable="ES_JAVA_OPTS", flag="-Xmx", default="1g", times=2),
        Heap(_PAGE, variable="ES_JAVA_OPTS", flag="-Xmx", times=2),
    ),
    open_ports=(
        OpenPort(
            9200,
            "every index",
            _OLD_PAGE,
            _OLD,
            closed_by=("xpack.security.enabled=true", "-E", "/usr/share/elasticsearch/config"),
        ),
        OpenPort(9200, "every index", _PAGE, _NEW, variable("xpack.security.enabled", "false")),
    ),
    grants=(),
)
