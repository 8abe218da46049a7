"""The policies that settings name: read as other files of the project are."""

from __future__ import annotations

import os

from tightship.config.key import ConfigError, ConfigProblem, PolicyError
from tightship.engine.plan.vocabulary import Vocabulary
from tightship.lazy import lru_cache
from tightship.policies.reader import read
from tightship.text import Source, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tightship.config.settings import Settings
    from tightship.engine.disk.files import Files
    from tightship.policies.policy import Policy


def policies_of(settings: Settings, files: Files) -> Sequence[Policy]:
    """Return the policies that settings name.

    Raises:
        PolicyError: if one is missing or wrong.

    """
    return [_policy(settings, files, number) for number in range(len(settings.policies))]


def _policy(settings: Settings, files: Files, number: int) -> Policy:
    path = os.path.normpath(os.path.join(settings.folder, settings.policies[number]))
    found = files.read(os.path.relpath(path, files.root))
    if not isinstance(found, Source):
        place = settings.place("policies", number) or Span(Source(path, ""), 0, 0)
        raise PolicyError([ConfigProblem(place, found.message)], files.root)
    try:
        return _read(found.name, found.text)
    except ConfigError as error:
        raise PolicyError(error.problems, files.root) from None


@lru_cache(maxsize=16)
def _read(name: str, text: str) -> Policy:
    """Return the policy in a text; an editor asks for it at each keystroke."""
    return read(Source(name, text), Vocabulary().knows)
