"""Hasura's GraphQL engine.

Without an admin secret, everybody who reaches it is its administrator.
"""

from __future__ import annotations

from tightship.images.facts import OpenPort, Port, documented
from tightship.images.family import Family

_PAGE = documented("hasura.io/docs, securing the GraphQL endpoint")

FAMILY = Family(
    names=("hasura/graphql-engine",),
    summary="Hasura's GraphQL engine",
    holds_for="version 2",
    programs=("graphql-engine",),
    ports=(Port(8080, "HTTP", _PAGE),),
    open_ports=(
        OpenPort(
            8080,
            "every table and the schema",
            _PAGE,
            closed_by=(
                "HASURA_GRAPHQL_ADMIN_SECRET",
                "HASURA_GRAPHQL_ADMIN_SECRETS",
                "HASURA_GRAPHQL_ACCESS_KEY",
                "--admin-secret",
                "--access-key",
            ),
        ),
    ),
)
