"""The keys of ``deploy`` (Compose Deploy Specification), and requests for devices."""

from __future__ import annotations

from tightship.frontends.compose.specification.shape import (
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
