"""The language of a file of any name, by its name or a look at its text."""

from __future__ import annotations

import os

from tightship.engine.roles.compose_text import holds_services
from tightship.lazy import regex
from tightship.text import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.engine.disk.files import Files

_DOCKERFILE_START = regex(r"(?i)(?:[ \t]*+(?:#[^\n]*+)?\r?\n)*+[ \t]*+(?:FROM|ARG)[ \t]")
_DOCKERFILE_NAME = regex(r"(?i)(?:docker|container)file.*|.*\.(?:docker|container)file")


def is_dockerfile(files: Files, path: str) -> bool:
    """Return whether a named file with an unusual name is a Dockerfile."""
    if _DOCKERFILE_NAME.fullmatch(os.path.basename(path)):
        return True
    source = files.read_dockerfile(path)
    return isinstance(source, Source) and _DOCKERFILE_START.match(source.text) is not None


def is_script(files: Files, path: str) -> bool:
    """Return whether a named file has commands that start containers, and is no Compose file."""
    from tightship.frontends.docker_run.scripts import kind_of, starts_containers

    source = files.read(path)
    if not isinstance(source, Source) or not starts_containers(source.text):
        return False
    return kind_of(source.name, source.text) is not None and not holds_services(
        source.text.encode()
    )
