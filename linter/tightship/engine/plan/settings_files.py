"""Files that settings name: facts of the user's own, and policies."""

from __future__ import annotations

import os
from functools import lru_cache

from tightship.config.key import ConfigError, ConfigProblem, FactsError, PolicyError
from tightship.engine.disk.given import look_up, read_given
from tightship.engine.disk.regular import Refusal, UndecodedError, decoded
from tightship.engine.plan.config_files import FACTS
from tightship.engine.plan.settings_text import Vocabulary
from tightship.images.own_facts import OwnFacts, OwnFamily, read_families
from tightship.lazy import Record
from tightship.policies.reader import read
from tightship.text import Source, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from tightship.config.settings import Settings
    from tightship.engine.disk.files import Files
    from tightship.policies.policy import Policy


class FactsFile(Record):
    """A file of facts, by its absolute path.

    The command line or the user's own settings name a ``given`` one, which may be anywhere.
    ``with_services`` tells that its facts about services are about those of the project.
    ``place`` is where settings name it, and a file with the usual name need not exist.
    """

    path: str
    given: bool = False
    with_services: bool = False
    is_usual: bool = False
    place: Span | None = None

    def families(self, files: Files, path: str) -> Sequence[OwnFamily]:
        """Return the families of the file, which is at a path of some files.

        Raises:
            FactsError: if it is missing or wrong.

        """
        root, is_inside = files.root, files.name(path) is not None
        found = files.read(path if is_inside else os.path.relpath(path, root))
        if not isinstance(found, Source) and self.given:
            found, root = _read_anywhere(self.path), ""
        if not isinstance(found, Source):
            place = self.place or Span(Source(files.name(path) or path, ""), 0, 0)
            problem = ConfigProblem(place, found.message)
            raise FactsError([problem], files.root if self.place else root)
        try:
            return _families(found.name, found.text)
        except FactsError as error:
            raise FactsError(error.problems, root) from None


def facts_of(
    folder: str,
    files: Files,
    settings: Settings | None,
    line: Iterable[str],
    *,
    given: bool,
    there: Callable[[str], str] | None = None,
) -> OwnFacts | None:
    """Return the facts for a project, those that the command line names first.

    Args:
        folder: the folder of the project.
        files: gives the files.
        settings: the settings for the project, which may be ``given`` by the user.
        line: the paths that the command line names.
        given: whether the settings may name files anywhere.
        there: returns where a path was before a change: then invalid files are left out.

    Raises:
        FactsError: if one of the files is missing or wrong.

    """
    images, services = list[OwnFamily](), list[OwnFamily]()
    for file in _files_for(folder, settings, line, given=given):
        path = there(file.path) if there is not None else file.path
        if file.is_usual and (not files.exists(path) or files.is_gone(path)):
            continue
        try:
            found = file.families(files, path)
        except FactsError:
            if there is None:
                raise
            continue
        for one in found:
            if not one.family.service:
                images.append(one)
            elif file.with_services:
                services.append(one)
    return OwnFacts(images, services) if images or services else None


def _files_for(
    folder: str, settings: Settings | None, line: Iterable[str], *, given: bool
) -> Iterable[FactsFile]:
    found = [FactsFile(look_up(path).full, given=True, with_services=True) for path in line]
    found.append(FactsFile(os.path.join(folder, FACTS), with_services=True, is_usual=True))
    for number, name in enumerate(settings.facts if settings is not None else ()):
        assert settings is not None
        path = os.path.normpath(os.path.join(settings.folder, name))
        is_own = os.path.dirname(path) == folder
        found.append(FactsFile(path, given, is_own, place=settings.place("facts", number)))
    # A file that is named twice counts where it is named first.
    return reversed({one.path: one for one in reversed(found)}.values())


def _read_anywhere(path: str) -> Source | Refusal:
    name = os.path.relpath(path)
    data = read_given(path, name=name)
    if isinstance(data, Refusal):
        return data
    try:
        return Source(name, decoded(data)[0].removeprefix("\ufeff"))
    except UndecodedError as error:
        return Refusal(name, "not-text", str(error))


@lru_cache(maxsize=16)
def _families(name: str, text: str) -> Sequence[OwnFamily]:
    """Return the families of a text; an editor asks for the same one at each keystroke.

    Raises:
        FactsError: if it is wrong.

    """
    problems, families = read_families(Source(name, text), name)
    if problems:
        raise FactsError([ConfigProblem(one.span, one.message) for one in problems])
    return families


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
