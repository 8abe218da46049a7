"""EMQX.

It starts and works as `emqx`, uid 1000, so a folder of the host has to belong to that
user. The dashboard on 18083 lets `admin` in with `public` as the password until that is
changed, and the broker lets every client in until an authenticator is set up.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, tags
from tightship.images.facts import Account, Capability, NewPrivileges, Port, User, Volume, derived
from tightship.images.family import Family

_DOCKERFILE = derived("emqx/emqx-docker@cddc2e939a0e, 5.8/Dockerfile")

FAMILY = Family(
    names=("emqx", "emqx/emqx", "emqx/emqx-enterprise"),
    summary="EMQX, an MQTT broker",
    holds_for="5.0 and later",
    programs=("emqx",),
    user=(User("emqx", _DOCKERFILE),),
    accounts=(Account("emqx", 1000, 1000, _DOCKERFILE),),
    steps_down=(),
    ports=(
        Port(1883, "MQTT", _DOCKERFILE),
        Port(8883, "MQTT over TLS", _DOCKERFILE),
        Port(8083, "MQTT over WebSocket", _DOCKERFILE),
        Port(8084, "MQTT over WebSocket and TLS", _DOCKERFILE),
        Port(18083, "HTTP", _DOCKERFILE),
        Port(4370, "Erlang distribution", _DOCKERFILE),
        Port(5369, "EMQX between nodes", _DOCKERFILE),
    ),
    volumes=(
        Volume("/opt/emqx/data", _DOCKERFILE, tags(">=5")),
        Volume("/opt/emqx/log", _DOCKERFILE, tags(">=5")),
    ),
    capabilities=(
        Capability(
            "DAC_OVERRIDE",
            "as root, it works in folders of `emqx`",
            _DOCKERFILE,
            AS_ROOT,
            at="operation",
        ),
    ),
    new_privileges=(NewPrivileges(False, _DOCKERFILE),),
    heap=(),
    grants=(),
)
