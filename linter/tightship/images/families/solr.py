"""Apache Solr.

It starts and works as `solr`, uid 8983, and refuses to run as root. A folder of the host
has to belong to that user. There is no login until a `security.json` says so.
"""

from __future__ import annotations

from tightship.images.conditions import tags
from tightship.images.facts import (
    Account,
    Heap,
    NewPrivileges,
    OtherUser,
    Port,
    User,
    Volume,
    derived,
    documented,
)
from tightship.images.family import Family

_DOCKERFILE = derived("apache/solr-docker@884b2e669217, 10.0/Dockerfile")
_PAGE = documented("solr.apache.org/guide/solr/latest, JVM settings, SOLR_HEAP")

FAMILY = Family(
    names=("solr",),
    summary="Apache Solr, a search engine",
    holds_for="8 and later",
    programs=("solr-foreground", "solr-precreate", "solr-create", "solr-demo", "solr"),
    user=(User("8983", _DOCKERFILE),),
    accounts=(Account("solr", 8983, 8983, _DOCKERFILE),),
    steps_down=(),
    ports=(Port(8983, "HTTP", _DOCKERFILE),),
    volumes=(Volume("/var/solr", _DOCKERFILE, tags(">=8")),),
    capabilities=(),
    new_privileges=(NewPrivileges(False, _DOCKERFILE),),
    other_user=(
        OtherUser(
            True, _DOCKERFILE, users=("8983:8983",), needs="`/var/solr` has to belong to that user"
        ),
    ),
    heap=(Heap(_PAGE, variable="SOLR_HEAP", default="512m", times=2),),
    grants=(),
)
