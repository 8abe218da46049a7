"""Scripts beside a Dockerfile that build its image, and run it over the sources, as tools are run.

The lines of a script are looked at, and nothing is followed: a folder in a variable may be that
of the sources. An image that is pushed, or that listens, is for others.
"""

from __future__ import annotations

import posixpath

from tightship.engine.roles.sign_words import DATA, PLAIN
from tightship.lazy import regex
from tightship.text import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.engine.disk.files import Files

_SCRIPTS = DATA["tools"]["scripts"]
_LONGEST = 100_000  # characters of a script
_COMMAND = regex(r"(?:[^\\\n]|\\.|\\\n)+")
_BUILDS = regex(r"\b(?:docker|podman|nerdctl|buildah)\b.* (?:build|bud) ")
_FILE = regex(r" (?:-f|--file)[ =][\"']?([^\s\"']+)")
_OVER = regex(r" (?:-v|--volume|--mount)[ =](?:\S*(?:source|src)=)?[\"']?[$`.]")
_LISTENS = regex(r" (?:-d|--detach|-P|-p|--publish)[ =]")


def run_over_sources(files: Files, source: Source) -> str | None:
    """Return the place of a script that builds a Dockerfile, and runs it over the sources."""
    folder, last = posixpath.split(source.name)
    for name in files.among(files.path(folder), _SCRIPTS):
        script = files.read(files.path(posixpath.join(folder, name)))
        if not isinstance(script, Source) or len(script.text) > _LONGEST:
            continue
        lines = {m.start(): " ".join(m[0].split()) for m in _COMMAND.finditer(script.text)}
        if "push" in script.text or not any(_builds(one, last) for one in lines.values()):
            continue
        for start, line in lines.items():
            if " --rm " in line and _OVER.search(line) and not _LISTENS.search(line):
                return f"{script.name}:{script.point(start)[0] + 1}"
    return None


def _builds(command: str, last: str) -> bool:
    """Return whether a command builds a Dockerfile in the folder of the script."""
    if _BUILDS.search(command) is None:
        return False
    given = _FILE.search(command)
    return last.lower() in PLAIN if given is None else posixpath.basename(given[1]) == last
