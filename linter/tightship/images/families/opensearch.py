"""OpenSearch.

It runs as uid 1000 and refuses to run as root. The heap is 1 GB unless
`OPENSEARCH_JAVA_OPTS` changes that, and the rest of the memory holds the index. The host
has to set `vm.max_map_count=262144`; no setting of the container does that.
"""

from __future__ import annotations

from tightship.images.conditions import variable
from tightship.images.facts import (
    Account,
    Heap,
    NewPrivileges,
    OpenPort,
    Port,
    ReadOnly,
    User,
    Write,
    documented,
)
from tightship.images.family import Family

_PAGE = documented("opensearch.org/docs/latest/install-and-configure/install-opensearch/docker")
_OFF = variable("DISABLE_SECURITY_PLUGIN", "true")

FAMILY = Family(
    names=("opensearchproject/opensearch", "public.ecr.aws/opensearchproject/opensearch"),
    summary="OpenSearch, a search engine",
    holds_for="version 1 and later",
    programs=("opensearch",),
    user=(User("1000", _PAGE),),
    accounts=(Account("opensearch", 1000, 1000, _PAGE),),
    steps_down=(),
    ports=(
        Port(9200, "HTTP", _PAGE, _OFF),
        Port(9200, "HTTPS", _PAGE),
        Port(9300, "OpenSearch transport", _PAGE),
    ),
    volumes=(),
    writes=(Write("/usr/share/opensearch/data", "the index", _PAGE, kind="data"),),
    read_only=(
        ReadOnly(
            False,
            _PAGE,
            why="the start writes certificates and the keystore to `/usr/share/opensearch/config`",
        ),
    ),
    capabilities=(),
    new_privileges=(NewPrivileges(False, _PAGE),),
    heap=(Heap(_PAGE, variable="OPENSEARCH_JAVA_OPTS", flag="-Xmx", default="1g", times=2),),
    open_ports=(OpenPort(9200, "every index, to read, write and delete", _PAGE, _OFF),),
    grants=(),
)
