"""The key table: every key of a Compose file, and how Compose treats its value.

It follows the current Compose Specification, so it has keys that are younger than the
reader's Docker Compose. It also accepts the values that Docker Compose accepts although
the Specification's schema does not (verified with docker-compose 2.26.1).
"""

from __future__ import annotations

from tightship.frontends.compose.specification.service_keys import JOB, SERVICE
from tightship.frontends.compose.specification.shape import (
    BOOLEAN,
    DATE,
    DATED_OPTIONS,
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
    names,
)

_STRINGS_BY_NAME = Shape(each=STRING)

INCLUDE = Shape(
    what="an include",
    keys={
        "path": list_of(STRING, scalars=NULL | TEXT),
        "env_file": list_of(STRING, scalars=NULL | TEXT),
        "project_directory": Shape(NULL | INT | TEXT),
    },
    open=True,
    scalars=NULL,
    lone="path",
)

NETWORK = Shape(
    what="a network",
    keys={
        "attachable": BOOLEAN,
        "driver": STRING,
        "driver_opts": DATED_OPTIONS,
        "enable_ipv4": BOOLEAN,
        "enable_ipv6": BOOLEAN,
        "external": external(open=False),
        "internal": BOOLEAN,
        "ipam": Shape(
            what="an address management",
            keys={
                "driver": STRING,
                "config": Shape(
                    items=Shape(
                        what="a subnet",
                        keys={
                            "subnet": STRING,
                            "ip_range": STRING,
                            "gateway": STRING,
                            "aux_addresses": _STRINGS_BY_NAME,
                        },
                    ),
                    merge="subnet",
                ),
                "options": Shape(each=Shape(DATE | TEXT)),
            },
        ),
        "labels": PAIRS,
        "name": STRING,
    },
    scalars=NULL,
)

VOLUME = Shape(
    what="a volume",
    keys={
        "driver": STRING,
        "driver_opts": DATED_OPTIONS,
        "external": external(open=False),
        "labels": DISTINCT_PAIRS,
        "name": STRING,
    },
    scalars=NULL,
)

_FILE_OBJECT = {
    "environment": STRING,
    "external": external(open=True),
    "file": STRING,
    "labels": DISTINCT_PAIRS,
    "name": STRING,
    "template_driver": STRING,
}
CONFIG = Shape(what="a config", keys={"content": STRING, **_FILE_OBJECT})
SECRET = Shape(what="a secret", keys={"driver": STRING, "driver_opts": OPTIONS, **_FILE_OBJECT})

MODEL = Shape(
    what="a model",
    keys={"context_size": Shape(INT), "model": STRING, "name": STRING, "runtime_flags": STRINGS},
    required=("model",),
)

FILE = Shape(
    what="a Compose file",
    keys={
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
