"""Selenium: a browser, a hub, or a node of it.

They run as `seluser` (uid 1200). Anyone who reaches port 4444 can control a browser in
the internal network, and run what it downloads. The screen of the browser on port 7900
has the well-known password `secret`. Chrome needs `shm_size: 2g`.
"""

from __future__ import annotations

from tightship.images.conditions import variable
from tightship.images.facts import Account, OpenPort, Port, User, derived, documented
from tightship.images.family import Family

_BASE = derived("SeleniumHQ/docker-selenium@3290a305c0d1, Base/Dockerfile")
_README = documented("SeleniumHQ/docker-selenium, README.md")
_BROWSERS = ("chrome", "firefox", "edge", "chromium")

NAMES = (
    *(f"selenium/standalone-{browser}" for browser in _BROWSERS),
    *(f"selenium/node-{browser}" for browser in _BROWSERS),
    "selenium/hub",
)


def family(name: str) -> Family:
    """Return the family of a standalone browser, a node or the hub."""
    role = name.removeprefix("selenium/").partition("-")[0]
    shown = () if role == "hub" else (Port(7900, "HTTP", _README),)
    port = 5555 if role == "node" else 4444
    screen = OpenPort(
        7900,
        "the screen of the browser, to see and to control",
        _README,
        variable("SE_VNC_NO_PASSWORD", "1", "true"),
    )
    return Family(
        names=(name,),
        summary="Selenium, which drives browsers",
        holds_for="version 4",
        programs=("entry_point.sh",),
        user=(User("1200:1201", _BASE),),
        accounts=(Account("seluser", 1200, 1201, _BASE),),
        steps_down=(),
        ports=(Port(port, "HTTP", _README), *shown),
        volumes=(),
        heap=(),
        open_ports=(
            OpenPort(
                port, "browsers that visit any address", _README, closed_by=("SE_ROUTER_PASSWORD",)
            ),
            *(() if role == "hub" else (screen,)),
        ),
        grants=(),
    )
