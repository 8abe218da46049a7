"""SearXNG.

Its settings are made from a template at the first start, so the folder has to be
writable then. Old images start as root and switch to their account with su-exec; the
project's Compose file keeps `CHOWN`, `SETGID` and `SETUID`, and asks for more at the
first start.
"""

from __future__ import annotations

from tightship.images.facts import (
    Account,
    Capability,
    NewPrivileges,
    Port,
    Write,
    derived,
    documented,
)
from tightship.images.family import Family

_ENTRYPOINT = derived("searxng/searxng@9fea41204fdf, container/entrypoint.sh")
_DOCKERFILE = derived("searxng/searxng@9fea41204fdf, container/dist.dockerfile")
_COMPOSE = documented("searxng/searxng-docker, docker-compose.yaml")

FAMILY = Family(
    names=("searxng/searxng", "ghcr.io/searxng/searxng"),
    summary="SearXNG, a metasearch engine",
    holds_for="the tags since 2023",
    programs=("entrypoint.sh",),
    accounts=(Account("searxng", 977, 977, _DOCKERFILE),),
    ports=(Port(8080, "HTTP", _DOCKERFILE),),
    writes=(
        Write(
            "/etc/searxng", "the settings, which are made from a template", _ENTRYPOINT, kind="data"
        ),
        Write("/var/cache/searxng", "caches of search engines", _DOCKERFILE, kind="data"),
    ),
    capabilities=(
        Capability("CHOWN", "the entrypoint gives its folders to `searxng`", _ENTRYPOINT),
        Capability(
            "DAC_OVERRIDE",
            "the entrypoint makes the settings in a folder of another user",
            _COMPOSE,
        ),
        Capability("SETGID", "the entrypoint switches the group", _COMPOSE),
        Capability("SETUID", "the entrypoint switches the user", _COMPOSE),
    ),
    new_privileges=(NewPrivileges(False, _ENTRYPOINT),),
    heap=(),
    open_ports=(),
    grants=(),
)
