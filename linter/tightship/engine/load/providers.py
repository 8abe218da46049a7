"""What something else than the files of a project provides: by the configuration, or a platform.

A platform is found by evidence in the repository: its manifest beside the file, a key or a
text that only it reads. `facts/platforms` has these, and what each platform provides.
"""

from __future__ import annotations

import os
import re

from tightship.config.keys import PLATFORMS
from tightship.frontends.compose.provided import Provider
from tightship.lazy.modules import facts
from tightship.text import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from tightship.config.settings import Provided, Settings
    from tightship.engine.disk.files import Files
    from tightship.model.value import MappingValue
    from tightship.text import Span

_KINDS = ("services", "networks", "volumes", "secrets", "configs", "variables", "keys", "files")
_FEWEST_COMMENTS = 2
_HEADER = 2_000


def find_providers(
    files: Files, path: str, root: MappingValue | None, settings: Settings | None
) -> Iterator[Provider]:
    """Yield what provides parts of a project.

    Args:
        files: gives the files of the repository.
        path: the absolute path of the main file.
        root: the merged tree of the project.
        settings: what the configuration says.

    """
    platform = "auto"
    for place, table in _tables(settings, path) if settings is not None else ():
        parts = {kind: getattr(table, kind) for kind in _KINDS}
        yield Provider(place, {kind: names for kind, names in parts.items() if names})
        if table.platform != "auto":
            platform = table.platform
            if platform != "none":
                yield from _platform(platform, files, path, f"`provided.platform` in {place}")
    if platform == "auto":
        source = files.read(path)
        for name in PLATFORMS if isinstance(source, Source) else ():
            evidence = _evidence(facts(f"platforms/{name}")["evidence"], files, path, root)
            if evidence:
                yield from _platform(name, files, path, evidence)


def _tables(settings: Settings, path: str) -> Iterator[tuple[str, Provided]]:
    """Yield the tables of the configuration for a file with their places, the general one first."""
    from tightship.engine.settings.policy import Paths

    if settings.provided.place is not None:
        yield _place(settings.provided.place), settings.provided
    for one in settings.per_path:
        if one.provided is not None and Paths(one.paths, settings.folder).cover(path):
            yield _place(one.place), one.provided


def _place(span: Span) -> str:
    return f"{span.source.name}:{span.source.point(span.start)[0] + 1}"


def _platform(name: str, files: Files, path: str, evidence: str) -> Iterator[Provider]:
    """Yield a platform, with the names that its manifest beside the file has."""
    known = facts(f"platforms/{name}")
    parts = dict[str, tuple[str, ...]](known["provided"])
    pattern = known.get("named")
    manifest = _beside(files, path, known["evidence"])
    if pattern and manifest is not None:
        parts["variables"] = (*parts["variables"], *re.findall(pattern, manifest.text))
    yield Provider(known["name"], parts, evidence)


def _evidence(signs: dict[str, Any], files: Files, path: str, root: MappingValue | None) -> str:
    """Return what shows that a file is for a platform; empty if nothing does."""
    for key in signs.get("keys", ()):
        if root is not None and key in root.entries:
            return f"`{key}`"
    manifest = _beside(files, path, signs)
    if manifest is not None:
        return f"`{signs['manifest']}`"
    source = files.read(path)
    text = source.text if isinstance(source, Source) else ""
    header = text[:_HEADER]
    comments = [one for one in signs.get("comments", ()) if one in header]
    if len(comments) >= _FEWEST_COMMENTS:
        return f"`{comments[0]}`"
    return next((f"`{one}`" for one in signs.get("texts", ()) if one in text), "")


def _beside(files: Files, path: str, signs: dict[str, Any]) -> Source | None:
    """Return the manifest of a platform in the folder of a file, if there is one."""
    name = signs.get("manifest")
    beside = os.path.join(os.path.dirname(path), name) if name else ""
    if not beside or beside == path or not files.exists(beside):
        return None
    source = files.read(beside)
    return source if isinstance(source, Source) and signs["holds"] in source.text else None
