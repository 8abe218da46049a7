"""The keys of ``deploy`` and ``build``, which have specifications of their own.

These are the Compose Deploy Specification, with requests for devices, and the Compose
Build Specification.
"""

from __future__ import annotations

from tightship.frontends.compose.specification.shape import (
    BOOLEAN,
    BOOLEAN_OR_STRING,
    DISTINCT_PAIRS,
    DISTINCT_STRINGS,
    DURATION,
    HOSTS,
    INT,
    INTEGER,
    LOOSE_INTEGER,
    NATURAL,
    NULL,
    NUMBER,
    PAIRS,
    SCALAR,
    SIZE,
    SIZE_TEXT,
    STRING,
    STRING_OR_LIST,
    STRINGS,
    TEXT,
    ULIMITS,
    UNIQUE_STRINGS,
    Shape,
    grants,
    list_of,
)

_REQUEST = {
    "capabilities": DISTINCT_STRINGS,
    "count": Shape(INT | TEXT, form="count", default="all"),
    "device_ids": DISTINCT_STRINGS,
    "driver": STRING,
    "options": DISTINCT_PAIRS,
}

GPUS = Shape(
    TEXT,
    choices=("all",),
    # The schema of the Specification means to be strict here, and is not.
    items=Shape(what="a request for GPUs", keys=_REQUEST, open=True),
)


def _rollout(what: str) -> Shape:
    return Shape(
        what=what,
        keys={
            "delay": DURATION,
            "failure_action": STRING,
            "max_failure_ratio": NUMBER,
            "monitor": DURATION,
            "order": STRING.but(choices=("start-first", "stop-first")),
            "parallelism": NATURAL,
        },
    )


_GENERIC_RESOURCE = Shape(
    what="a generic resource",
    keys={
        "discrete_resource_spec": Shape(
            what="a discrete resource", keys={"kind": STRING, "value": LOOSE_INTEGER}
        )
    },
)

DEPLOY = Shape(
    what="a deployment",
    keys={
        "endpoint_mode": STRING,
        "labels": PAIRS,
        "mode": STRING,
        "placement": Shape(
            what="a placement",
            keys={
                "constraints": STRINGS,
                "max_replicas_per_node": NATURAL,
                "preferences": list_of(Shape(what="a preference", keys={"spread": STRING})),
            },
        ),
        "replicas": INTEGER,
        "resources": Shape(
            what="the resources of a deployment",
            keys={
                "limits": Shape(
                    what="the limits of a deployment",
                    keys={"cpus": NUMBER, "memory": SIZE_TEXT, "pids": INTEGER},
                ),
                "reservations": Shape(
                    what="the reservations of a deployment",
                    keys={
                        "cpus": NUMBER,
                        "devices": list_of(
                            Shape(
                                what="a request for devices",
                                keys=_REQUEST,
                                required=("capabilities",),
                            )
                        ),
                        "generic_resources": list_of(_GENERIC_RESOURCE),
                        "memory": SIZE_TEXT,
                    },
                ),
            },
        ),
        "restart_policy": Shape(
            what="a restart policy",
            keys={
                "condition": STRING,
                "delay": DURATION,
                "max_attempts": NATURAL,
                "window": DURATION,
            },
        ),
        "rollback_config": _rollout("a rollback"),
        "update_config": _rollout("an update"),
    },
    scalars=NULL,
)


BUILD = Shape(
    what="a build",
    keys={
        "additional_contexts": Shape(
            items=Shape(TEXT, form="context"), each=STRING, canonical="pairs", unique="name"
        ),
        "args": PAIRS,
        "cache_from": STRINGS,
        "cache_to": STRINGS,
        "context": STRING.but(default="."),
        "dockerfile": STRING.but(default="Dockerfile"),
        "dockerfile_inline": STRING,
        "entitlements": STRINGS,
        "extra_hosts": HOSTS,
        "isolation": STRING,
        "labels": PAIRS,
        "network": STRING,
        "no_cache": BOOLEAN,
        "no_cache_filter": STRING_OR_LIST,
        "platforms": STRINGS,
        "privileged": BOOLEAN,
        "provenance": BOOLEAN_OR_STRING,
        "pull": BOOLEAN,
        "sbom": BOOLEAN_OR_STRING,
        "secrets": grants("a secret of a build", ""),
        "shm_size": SIZE,
        "ssh": Shape(items=Shape(TEXT, form="ssh"), each=SCALAR, canonical="pairs", distinct=True),
        "tags": UNIQUE_STRINGS,
        "target": STRING,
        "ulimits": ULIMITS,
    },
    lone="context",
)
