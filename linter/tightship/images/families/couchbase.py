"""Couchbase Server.

runit starts as root and runs the server as `couchbase`. Until the cluster is set up, the
console on 8091 asks for no login: the first visitor chooses the password.
"""

from __future__ import annotations

from tightship.images.facts import Account, Port, User, Volume, derived
from tightship.images.family import Family

_DOCKERFILE = derived("couchbase/docker@4a3898584da7, enterprise/couchbase-server/8.0.2/Dockerfile")

FAMILY = Family(
    names=("couchbase", "couchbase/server"),
    summary="Couchbase Server, a document database",
    holds_for="6 and later",
    programs=("couchbase-server",),
    user=(User("root", _DOCKERFILE),),
    accounts=(Account("couchbase", 1000, 1000, _DOCKERFILE),),
    ports=(
        Port(8091, "HTTP", _DOCKERFILE),
        Port(18091, "HTTPS", _DOCKERFILE),
        Port(8092, "HTTP", _DOCKERFILE),
        Port(8093, "HTTP", _DOCKERFILE),
        Port(8094, "HTTP", _DOCKERFILE),
        Port(11210, "memcached", _DOCKERFILE),
        Port(11207, "memcached over TLS", _DOCKERFILE),
    ),
    volumes=(Volume("/opt/couchbase/var", _DOCKERFILE),),
    heap=(),
    grants=(),
)
