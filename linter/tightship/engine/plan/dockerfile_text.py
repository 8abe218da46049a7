"""Whether a file of any name is a Dockerfile, by its name or a look at its text."""

from __future__ import annotations

import os

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
