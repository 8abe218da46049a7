"""Home Assistant.

It starts and works as root and installs the Python packages of integrations into its own
file system, so it cannot be read-only. The documentation gives it `privileged` and the
host's network at once; most homes need only the network and one device.
"""

from __future__ import annotations

from tightship.images.facts import Grant, OtherUser, Port, ReadOnly, User, Write, documented
from tightship.images.family import Family

_PAGE = documented(
    "home-assistant/home-assistant.io@6441facdb5f9, source/_includes/installation/container/compose.md"
)
_BLUETOOTH = documented("home-assistant.io/integrations/bluetooth")
_USB = "`devices` with the path below `/dev/serial/by-id`"

FAMILY = Family(
    names=("ghcr.io/home-assistant/home-assistant", "homeassistant/home-assistant"),
    summary="Home Assistant, home automation",
    holds_for="2021.1 and later",
    programs=("init",),
    user=(User("root", _PAGE),),
    steps_down=(),
    ports=(Port(8123, "HTTP", _PAGE),),
    volumes=(),
    writes=(Write("/config", "the configuration, database and history", _PAGE, kind="data"),),
    read_only=(
        ReadOnly(
            False,
            _PAGE,
            why="it installs the Python packages of integrations into its own file system",
        ),
    ),
    other_user=(
        OtherUser(False, _PAGE, needs="it needs root, which installs the packages of integrations"),
    ),
    heap=(),
    open_ports=(),
    grants=(
        Grant(
            "privileged",
            "true",
            "USB sticks, Bluetooth and other hardware",
            _PAGE,
            instead=f"{_USB} for each stick, and NET_ADMIN and NET_RAW for Bluetooth",
        ),
        Grant(
            "network_mode",
            "host",
            "finding devices in the network",
            _PAGE,
            instead="a network of the type `macvlan`, or ports, if devices are set up by address",
        ),
        Grant("cap_add", "NET_ADMIN", "Bluetooth", _BLUETOOTH),
        Grant("cap_add", "NET_RAW", "Bluetooth and finding devices by DHCP", _BLUETOOTH),
        Grant(
            "volumes",
            "/run/dbus",
            "Bluetooth",
            _PAGE,
            instead="leave it out if you do not use Bluetooth",
        ),
    ),
)
