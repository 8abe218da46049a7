"""Services of Compose files as other front ends declare them, as far as flags can."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING, Any, TypeGuard

from tightship.frontends.flags.flags import flag_of, table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

NAMES = {
    "docker-run": "start.sh",
    "actions": ".github/workflows/ci.yml",
    "devcontainer": ".devcontainer/devcontainer.json",
    "quadlet": "web.container",
}
"""A name of a file for each front end."""

_FLAGS = {
    flag.path: flag for flag in map(flag_of, table()["flags"]) if flag is not None and flag.path
}


class NoFlag(Exception):  # noqa: N818 - it is an answer
    """No flag stands for a key."""


def translated(front_end: str, service: Mapping[str, Any]) -> str:
    """Return a service in the language of a front end.

    Raises:
        NoFlag: if it has a setting that no flag stands for.

    """
    rest = {key: value for key, value in service.items() if key not in ("image", "command")}
    flags = [*_flags(rest)]
    image, command = service.get("image"), _words(service.get("command"))
    if not isinstance(image, str) or "$" in json.dumps(service):
        raise NoFlag("image")
    if front_end == "docker-run":
        return shlex.join(["docker", "run", "-d", *flags, image, *command]) + "\n"
    if command:
        raise NoFlag("command")
    if front_end == "quadlet":
        return f"[Container]\nImage={image}\nPodmanArgs={shlex.join(flags)}\n"
    if front_end == "devcontainer":
        return json.dumps({"image": image, "runArgs": flags}, indent=2) + "\n"
    options = f"        options: {json.dumps(shlex.join(flags))}\n" if flags else ""
    return f"jobs:\n  a:\n    services:\n      web:\n        image: {image}\n{options}"


def _words(command: Any) -> list[str]:
    if isinstance(command, str):
        return shlex.split(command)
    return [str(one) for one in command] if is_list(command) else []


def _flags(service: Mapping[str, Any], above: tuple[str, ...] = ()) -> Iterator[str]:
    for key, value in service.items():
        path = (*above, key)
        flag = _FLAGS.get(path)
        if flag is None and is_table(value):
            yield from _flags(value, path)
        elif path == ("network_mode",) and not str(value).startswith("service:"):
            yield f"--network={value}"
        elif flag is None or value is None:
            raise NoFlag(".".join(path))
        else:
            yield from _given(flag.name, flag.kind, value)


def _given(name: str, kind: str, value: Any) -> Iterator[str]:
    if kind == "switch" and isinstance(value, bool):
        yield f"--{name}" if value else f"--{name}=false"
    elif kind == "items" and is_table(value):
        for key, one in value.items():
            yield from (f"--{name}", f"{key}={_text(one)}")
    elif kind == "items" and all(isinstance(one, (str, int)) for one in _listed(value)):
        for one in _listed(value):
            yield from (f"--{name}", str(one))
    elif kind == "pair" and is_table(value):
        for key, one in value.items():
            yield from (f"--{name}", f"{key}={_text(one)}")
    elif kind == "limit" and is_table(value):
        for key, one in value.items():
            both = f"{one['soft']}:{one['hard']}" if is_table(one) else str(one)
            yield from (f"--{name}", f"{key}={both}")
    elif kind == "text" and isinstance(value, (str, int, float)):
        yield from (f"--{name}", _text(value))
    else:
        raise NoFlag(name)


def _listed(value: Any) -> list[Any]:
    return value if is_list(value) else [value]


def is_table(value: object) -> TypeGuard[dict[str, Any]]:
    return isinstance(value, dict)


def is_list(value: object) -> TypeGuard[list[Any]]:
    return isinstance(value, list)


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
