"""The keys of ``deploy`` (Compose Deploy Specification), and requests for devices."""

from __future__ import annotations

from tightship.compose.specification.shape import (
    DISTINCT_PAIRS,
    DISTINCT_STRINGS,
    DURATION,
    INT,
    INTEGER,
    LOOSE_INTEGER,
    NATURAL,
    NULL,
    NUMBER,
    PAIRS,
    SIZE_TEXT,
    STRING,
    STRINGS,
    TEXT,
    Shape,
    list_of,
    mapping,
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
    items=mapping("a request for GPUs", _REQUEST, open=True),
)


def _rollout(what: str) -> Shape:
    return mapping(
        what,
        {
            "delay": DURATION,
            "failure_action": STRING,
            "max_failure_ratio": NUMBER,
            "monitor": DURATION,
            "order": STRING.but(choices=("start-first", "stop-first")),
            "parallelism": NATURAL,
        },
    )


_GENERIC_RESOURCE = mapping(
    "a generic resource",
    {
        "discrete_resource_spec": mapping(
            "a discrete resource", {"kind": STRING, "value": LOOSE_INTEGER}
        )
    },
)

DEPLOY = mapping(
    "a deployment",
    {
        "endpoint_mode": STRING,
        "labels": PAIRS,
        "mode": STRING,
        "placement": mapping(
            "a placement",
            {
                "constraints": STRINGS,
                "max_replicas_per_node": NATURAL,
                "preferences": list_of(mapping("a preference", {"spread": STRING})),
            },
        ),
        "replicas": INTEGER,
        "resources": mapping(
            "the resources of a deployment",
            {
                "limits": mapping(
                    "the limits of a deployment",
                    {"cpus": NUMBER, "memory": SIZE_TEXT, "pids": INTEGER},
                ),
                "reservations": mapping(
                    "the reservations of a deployment",
                    {
                        "cpus": NUMBER,
                        "devices": list_of(
                            mapping(
                                "a request for devices",
                                _REQUEST,
                                required=("capabilities",),
                            )
                        ),
                        "generic_resources": list_of(_GENERIC_RESOURCE),
                        "memory": SIZE_TEXT,
                    },
                ),
            },
        ),
        "restart_policy": mapping(
            "a restart policy",
            {
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
