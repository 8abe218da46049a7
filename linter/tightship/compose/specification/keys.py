"""The key table: all that a Compose file may say, and what Compose makes of it.

It follows the Compose Specification as it is now: a key that is younger than the
reader's Docker Compose is here, and what Docker Compose takes although the
Specification's schema does not (verified with docker-compose 2.26.1) is taken here.
"""

from __future__ import annotations

from tightship.compose.specification.service_keys import JOB, SERVICE
from tightship.compose.specification.shape import (
    BOOLEAN,
    DISTINCT_PAIRS,
    INT,
    NULL,
    OPTIONS,
    PAIRS,
    STRING,
    STRINGS,
    TEXT,
    Shape,
    external,
    list_of,
    mapping,
    names,
)

_STRINGS_BY_NAME = Shape(each=STRING)

INCLUDE = mapping(
    "an include",
    {
        "path": list_of(STRING, scalars=NULL | TEXT),
        "env_file": list_of(STRING, scalars=NULL | TEXT),
        "project_directory": Shape(NULL | INT | TEXT),
    },
    open=True,
    scalars=NULL,
    lone="path",
)

NETWORK = mapping(
    "a network",
    {
        "attachable": BOOLEAN,
        "driver": STRING,
        "driver_opts": OPTIONS,
        "enable_ipv4": BOOLEAN,
        "enable_ipv6": BOOLEAN,
        "external": external(open=False),
        "internal": BOOLEAN,
        "ipam": mapping(
            "an address management",
            {
                "driver": STRING,
                "config": Shape(
                    items=mapping(
                        "a subnet",
                        {
                            "subnet": STRING,
                            "ip_range": STRING,
                            "gateway": STRING,
                            "aux_addresses": _STRINGS_BY_NAME,
                        },
                    ),
                    merge="subnet",
                ),
                "options": _STRINGS_BY_NAME,
            },
        ),
        "labels": PAIRS,
        "name": STRING,
    },
    scalars=NULL,
)

VOLUME = mapping(
    "a volume",
    {
        "driver": STRING,
        "driver_opts": OPTIONS,
        "external": external(open=False),
        "labels": DISTINCT_PAIRS,
        "name": STRING,
    },
    scalars=NULL,
)

CONFIG = mapping(
    "a config",
    {
        "content": STRING,
        "environment": STRING,
        "external": external(open=True),
        "file": STRING,
        "labels": DISTINCT_PAIRS,
        "name": STRING,
        "template_driver": STRING,
    },
)

SECRET = mapping(
    "a secret",
    {
        "driver": STRING,
        "driver_opts": OPTIONS,
        "environment": STRING,
        "external": external(open=True),
        "file": STRING,
        "labels": DISTINCT_PAIRS,
        "name": STRING,
        "template_driver": STRING,
    },
)

MODEL = mapping(
    "a model",
    {
        "context_size": Shape(INT),
        "model": STRING,
        "name": STRING,
        "runtime_flags": STRINGS,
    },
    required=("model",),
)

FILE = mapping(
    "a Compose file",
    {
        "configs": names(CONFIG),
        "include": list_of(INCLUDE, scalars=NULL),
        "jobs": names(JOB),
        "models": names(MODEL),
        "name": STRING,
        "networks": Shape(each=NETWORK),
        "secrets": names(SECRET),
        "services": names(SERVICE),
        "version": STRING,
        "volumes": names(VOLUME),
    },
)


def at(*path: str | int) -> Shape | None:
    """Return the shape at a path, such as ``at("services", "web", "ports", 0)``."""
    shape: Shape | None = FILE
    for key in path:
        shape = shape.below(key) if shape else None
    return shape
