"""The health check of a copy: often, and as patient as that of the project."""

from __future__ import annotations

from math import ceil

from tightship.values.quantity import parse_duration

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    Tree = dict[str, Any]

_INTERVAL = 1  # seconds between two health checks of a copy
_DEFAULT_INTERVAL, _DEFAULT_RETRIES = 30, 3  # of Docker


def checked_often(given: Tree | None, of_image: Mapping[str, Any] | None) -> Tree | None:
    """Return a health check with a short interval and the same patience."""
    given = given or {}
    if given.get("disable") or (given.get("test") or [""])[0] == "NONE":
        return given
    if not given.get("test") and not (of_image and of_image.get("Test")):
        return None
    of_image = of_image or {}
    own = parse_duration(given.get("interval") or "0s")
    interval = own or of_image.get("Interval", 0) / 1e9 or _DEFAULT_INTERVAL
    retries = given.get("retries") or of_image.get("Retries") or _DEFAULT_RETRIES
    if interval <= _INTERVAL:
        return given
    made = {key: value for key, value in given.items() if key != "start_interval"}
    return made | {"interval": f"{_INTERVAL}s", "retries": ceil(retries * interval / _INTERVAL)}
