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
_ENGINE = regex(r"\b(?:docker|podman|nerdctl|buildah)\b")
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
        built, start = files.parsed(script, _commands)
        is_built = last in built or ("" in built and last.lower() in PLAIN)
        if is_built and start is not None and "push" not in script.text:
            return f"{script.name}:{script.point(start)[0] + 1}"
    return None


def _commands(script: Source) -> tuple[set[str], int | None]:
    """Return the Dockerfiles that a script builds, and where it runs one over the sources.

    A Dockerfile that no option names is empty; the others are in the folder of the script.
    """
    lines = {m.start(): " ".join(m[0].split()) for m in _COMMAND.finditer(script.text)}
    built = map(_built, lines.values())
    runs = (start for start, line in lines.items() if _is_over_sources(line))
    return {one for one in built if one is not None}, next(runs, None)


def _built(command: str) -> str | None:
    engine = _ENGINE.search(command)
    words = command[engine.end() :] if engine is not None else ""
    if " build " not in words and " bud " not in words:
        return None
    given = _FILE.search(command)
    return posixpath.basename(given[1]) if given is not None else ""


def _is_over_sources(command: str) -> bool:
    is_over = " --rm " in command and _OVER.search(command) is not None
    return is_over and _LISTENS.search(command) is None
