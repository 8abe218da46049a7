"""Shapes of files with commands that start containers; n is their size."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

COMMANDS: dict[str, tuple[str, Callable[[int], str]]] = {
    "equal commands": ("start.sh", lambda n: "docker run -d -v /:/host nginx:1.29\n" * n),
    "commands in one line": ("start.sh", lambda n: "docker run nginx:1.29; " * n),
    "engines in one line": ("start.sh", lambda n: "docker " * (20 * n)),
    "variables of one command": (
        "start.sh",
        lambda n: "A=1\ndocker run $A " + "$B " * (20 * n) + "nginx:1.29\n",
    ),
    "commands with variables": ("start.sh", lambda n: 'docker run -e A="$A" $B nginx:1.29\n' * n),
    "flags of one command": (
        "start.sh",
        lambda n: "docker run " + "-v /a:/b " * n + "nginx:1.29\n",
    ),
    "blocks of a page": ("README.md", lambda n: "```sh\ndocker run nginx:1.29\n```\n" * n),
    "comments in JSON": (
        ".devcontainer.json",
        lambda n: '{"image": "x:1", ' + "/*" * (20 * n) + "}\n",
    ),
    "lines of a unit": (
        "web.container",
        lambda n: "[Container]\nImage=nginx:1.29\n" + "Volume=/a:/b\n" * n,
    ),
}
"""The name of the file, and its text by the size."""
