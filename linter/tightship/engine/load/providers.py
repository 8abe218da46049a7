"""What something else than the files of a project provides: by the configuration, or a platform."""

from __future__ import annotations

from tightship.engine.roles.platforms import file_of
from tightship.frontends.compose.provided import Provider

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tightship.config.settings import Provided, Settings
    from tightship.engine.disk.files import Files
    from tightship.engine.roles.platforms import Platform
    from tightship.model.value import MappingValue
    from tightship.text import Span

_KINDS = ("services", "networks", "volumes", "secrets", "configs", "variables", "keys", "files")


def find_providers(
    files: Files,
    path: str,
    root: MappingValue | None,
    settings: Settings | None,
    platform: tuple[str, str] | None = None,
) -> Iterator[Provider]:
    """Yield what provides parts of a project.

    Args:
        files: gives the files of the repository.
        path: the absolute path of the main file.
        root: the merged tree of the project.
        settings: what the configuration says.
        platform: the one that the repository shows, by its name, with the evidence.

    """
    file = file_of(files, files.name(path) or path, root.entries if root is not None else ())
    found = [*_tables(settings, path)] if settings is not None else []
    for place, table in found:
        parts = {kind: getattr(table, kind) for kind in _KINDS}
        yield Provider(place, {kind: names for kind, names in parts.items() if names})
    # The last table that names a platform counts.
    named = next((one for one in reversed(found) if one[1].platform != "auto"), None)
    platforms: Iterable[Platform] = [*file.platforms] if named is None else ()
    if named is None and platform and platform[0] not in [one.key for one in platforms]:
        platforms = (*platforms, file.platform(*platform))
    if named is not None and named[1].platform != "none":
        platforms = (file.platform(named[1].platform, f"`provided` in {named[0]}"),)
    yield from (Provider(one.name, one.parts, one.evidence) for one in platforms)


def _tables(settings: Settings, path: str) -> Iterator[tuple[str, Provided]]:
    """Yield the tables of the configuration for a file with their places, the general one first."""
    from tightship.engine.settings.rule_settings import Paths

    if settings.provided.place is not None:
        yield _place(settings.provided.place), settings.provided
    for one in settings.per_path:
        if one.provided is not None and Paths(one.paths, settings.folder).cover(path):
            yield _place(one.place), one.provided


def _place(span: Span) -> str:
    return f"{span.source.name}:{span.source.point(span.start)[0] + 1}"
