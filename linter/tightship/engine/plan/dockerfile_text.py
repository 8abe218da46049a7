"""The language of a file of any name, by its name or a look at its text."""

from __future__ import annotations

import os

from tightship.lazy import regex
from tightship.text import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.engine.disk.files import Files

_DOCKERFILE_START = regex(r"(?i)(?:[ \t]*+(?:#[^\n]*+)?\r?\n)*+[ \t]*+(?:FROM|ARG)[ \t]")
_DOCUMENTS = (".md", ".markdown")  # whose sentences may begin with "From"
_DOCKERFILE_NAME = regex(r"(?i)(?:docker|container)file.*|.*\.(?:docker|container)file")


def is_dockerfile(files: Files, path: str) -> bool:
    """Return whether a named file with an unusual name is a Dockerfile."""
    if _DOCKERFILE_NAME.fullmatch(os.path.basename(path)):
        return True
    if path.endswith(_DOCUMENTS):
        return False
    source = files.read_dockerfile(path)
    return isinstance(source, Source) and _DOCKERFILE_START.match(source.text) is not None


def declares_containers(files: Files, path: str) -> bool:
    """Return whether a named file may declare containers, and is no Compose file."""
    from tightship.engine.plan.front_ends import front_ends_for

    source = files.read(path)
    return isinstance(source, Source) and bool(front_ends_for(source.name, source.text.encode()))
