"""Files of known findings: where they are read, and which one a run writes."""

from __future__ import annotations

import os

from tightship.config.key import ConfigError, ConfigProblem
from tightship.engine.accept.baseline import Baseline, BaselineError
from tightship.engine.disk.given import read_given
from tightship.engine.disk.regular import Refusal
from tightship.engine.disk.root import holds, real_path
from tightship.text import Source, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tightship.config.settings import Settings
    from tightship.engine.disk.files import Files


def read_baseline(path: str, files: Files, *, is_given: bool) -> Baseline | str:
    """Return the baseline in a file, or why there is none.

    A file outside the root of the files is in the folder where the user is. ``is_given``
    tells that the user gave the settings that name it: then a link may leave the root.
    """
    is_inside = files.name(path) is not None
    data: Source | bytes | Refusal | None = files.read(path) if is_inside else None
    if not isinstance(data, Source) and (is_given or not is_inside):
        data = read_given(path, name=os.path.relpath(path))
    if isinstance(data, Refusal):
        return data.message
    text = data.text if isinstance(data, Source) else (data or b"").decode("utf-8", "replace")
    try:
        return Baseline.read(text)
    except BaselineError as error:
        return str(error)


def invalid(path: str, settings: Settings | None, message: str, root: str) -> ConfigError:
    """Return an error about a baseline, at the place that names it or in the file itself."""
    place = settings.place("baseline") if settings is not None else None
    if place is not None:
        return ConfigError([ConfigProblem(place, f"`baseline`: {message}")], root)
    source = Source(os.path.relpath(path), "")
    return ConfigError([ConfigProblem(Span(source, 0, 0), message)])


def target(
    places: Mapping[str, Settings | None], root_of: Callable[[Settings | None], str]
) -> str | None:
    """Return the one file that the next run would read, of those with the settings for each.

    Raises:
        ConfigError: if there are several, or it is outside the project root.

    """
    for path, settings in places.items():
        if len(places) > 1:
            message = "not all projects here have this baseline: name one with `--baseline`"
            raise invalid(path, settings, message, root_of(settings))
        # A link may lead from the project to anywhere.
        root = root_of(settings)
        if root and not holds(root, real_path(os.path.dirname(path))):
            message = f"`{os.path.relpath(path, root)}` is outside the project root"
            raise invalid(path, settings, message, root)
    return next(iter(places), None)
