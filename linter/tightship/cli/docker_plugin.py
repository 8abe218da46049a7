"""``docker tightship``: the same commands, as a plugin of Docker's command line.

Docker runs a program ``docker-tightship`` in ``~/.docker/cli-plugins``. It asks for a
description once, and then passes on its own arguments, the name of the plugin among them.
"""

from __future__ import annotations

import sys

from tightship import REPOSITORY, __version__
from tightship.cli.main import main as tightship

_NAME = "tightship"
_METADATA = "docker-cli-plugin-metadata"


def main() -> int:
    """Answer Docker; return the exit code."""
    arguments = sys.argv[1:]
    if arguments == [_METADATA]:
        sys.stdout.write(_metadata())
        return 0
    if _NAME in arguments:
        # Before the name are options of Docker, which choose an engine: none is asked.
        arguments = arguments[arguments.index(_NAME) + 1 :]
    # Tuned for one short run only without arguments: those of the process.
    sys.argv[1:] = arguments
    return tightship()


def _metadata() -> str:
    """Return what Docker asks for, in version 0.1.0 of the schema for its plugins."""
    import json

    return json.dumps(
        {
            "SchemaVersion": "0.1.0",
            "Vendor": "The Tightship authors",
            "Version": __version__,
            "ShortDescription": "Check the isolation of containers",
            "URL": REPOSITORY,
        }
    )
