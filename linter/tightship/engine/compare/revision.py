"""One revision of the projects, loaded, with the profile of each service.

What depends on the environment of a run, such as an `env_file` that Git ignores or a
`${X:?}` without a value, refuses nothing: a comparison has no such environment.
"""

from __future__ import annotations

import os
import posixpath

from tightship.engine.compare.changed_files import unaffected_files
from tightship.engine.judge.compose import is_empty, no_compose_file
from tightship.engine.judge.compose_subjects import inconsistencies, lost_parts
from tightship.engine.load.project import load_project
from tightship.engine.plan.candidates import Candidate, language_of
from tightship.engine.plan.job import planned_file_sets
from tightship.engine.plan.project_files import project_files
from tightship.engine.roles.content import content_of
from tightship.findings import Gap
from tightship.frontends.compose.loading.load import Loading
from tightship.frontends.compose.loading.options import MAIN_NAMES, Options
from tightship.frontends.compose.project import ComposeProject
from tightship.frontends.compose.specification.kind import has_services
from tightship.frontends.compose.specification.validate import validate
from tightship.isolation.profile import Profile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Final

    from tightship.config.settings import Settings
    from tightship.engine.compare.changed_files import ChangedFiles
    from tightship.engine.compare.view import ChangedView
    from tightship.engine.disk.recorded import RecordedFiles
    from tightship.engine.plan.config_files import Configs
    from tightship.isolation.loaded_project import LoadedProject
    from tightship.text import Span

    # The same project has the same key on both sides, whatever its files are called.
    Key = tuple[str, ...]

_OF_THE_RUN = frozenset(("disabled", "env-file", "no-effect", "required"))


class RevisionProject:
    """A project of one side.

    ``key`` identifies it: by its folder, if Compose loads it there, else by its file.
    ``name`` is its main file. ``services`` are the profiles by name; of an overlay, they
    are those that it changes, with what is below it. ``base`` is then the main file that
    it is merged onto. ``gaps`` are the parts that could not be checked; if ``is_refused``,
    that is all of it, since it cannot be read, or Compose rejects it. ``read`` names
    the files that it reads, and ``whole`` those of them that are no projects of their
    own.
    """

    __slots__ = (
        "_load",
        "_own",
        "base",
        "files",
        "gaps",
        "is_loaded",
        "is_refused",
        "key",
        "loaded",
        "name",
        "whole",
    )

    def __init__(
        self,
        key: Key,
        name: str,
        files: RecordedFiles,
        loaded: LoadedProject | None = None,
        gaps: Iterable[Gap] = (),
        base: str = "",
        own: frozenset[str] | None = None,
        *,
        is_loaded: bool = False,
        is_refused: bool = False,
        whole: frozenset[str] | None = None,
        load: Callable[[], RevisionProject | None] | None = None,
    ) -> None:
        self.key: Final = key
        self.name: Final = name
        self.files: Final = files
        self.loaded: Final = loaded
        self.gaps: Final = tuple(gaps)
        self.base: Final = base
        self._own = own
        self.is_loaded: Final = is_loaded
        self.is_refused: Final = is_refused
        members = loaded.members if loaded is not None else ()
        found = frozenset(source.name for source in members)
        self.whole: Final = found if whole is None else whole
        self._load = load

    @property
    def is_unaffected(self) -> bool:
        """Return whether it was not loaded, since it cannot read a changed file."""
        return self._load is not None

    def in_full(self) -> RevisionProject:
        """Return the project with its services, if they were not loaded yet."""
        return (self._load() or self) if self._load is not None else self

    @property
    def path(self) -> str:
        """Return the absolute path of its main file."""
        return self.files.path(self.name)

    @property
    def read(self) -> frozenset[str]:
        """Return the files that were read, missing ones among them."""
        return frozenset(self.files.reads)

    def profiles(self) -> dict[str, Profile]:
        """Return the profile of each service, by its name."""
        if self.loaded is None:
            return {}
        return {
            one.name: Profile(one)
            for one in self.loaded.containers
            if self._own is None or one.name in self._own
        }


class Revision:
    """One side of a change, loaded project by project."""

    def __init__(
        self,
        name: str,
        files: RecordedFiles,
        candidates: Callable[[], Iterable[Candidate]],
        configs: Configs,
        key: Key = (),
        view: ChangedView | None = None,
    ) -> None:
        """Make a side.

        Args:
            name: what reports call it.
            files: its files; each project gets its own record.
            candidates: returns its Compose files.
            configs: its settings.
            key: identifies the project, if there is one only.
            view: what is left of it by the settings of the change, if these are others.

        """
        self.view: Final = view
        self.name: Final = name
        self._files = files
        self._candidates = candidates
        self._configs = configs
        self._key = key

    def projects(
        self, known: Iterable[RevisionProject] = (), changed_files: ChangedFiles | None = None
    ) -> list[RevisionProject]:
        """Return its projects.

        Args:
            known: projects of the other side that are the same on this one.
            changed_files: the changed files; a project that surely reads none of them is not
                loaded.

        Raises:
            ConfigError: if a configuration file is invalid.

        """
        found = {one.key: one for one in known}
        inside = {name for one in found.values() for name in (*one.whole, one.name)}
        for candidate in self._candidates():
            name = self._files.name(candidate.path) or candidate.path
            if name in inside or candidate.language == "dockerfile":
                continue
            for one in self._loaded(candidate, changed_files):
                found.setdefault(one.key, one)
                inside |= one.whole
        return _without_members([*found.values()])

    def _loaded(
        self, candidate: Candidate, changed_files: ChangedFiles | None
    ) -> Iterator[RevisionProject]:
        files = self._files.apart()
        # Both sides have the settings before the change, so they need no record.
        settings = self._configs.of(os.path.dirname(candidate.path), self._files)
        sets = planned_file_sets(candidate, settings)
        if sets is None:
            apart = (
                self._unaffected(files, candidate, changed_files, settings)
                if changed_files
                else None
            )
            project = apart or load_revision_project(
                files, candidate, Options(), self._key, settings
            )
            if project is not None:
                yield project
            return
        for one in sets:
            # A file set counts once, whichever of its files is found first.
            files = self._files.apart()
            names = tuple(files.name(path) or path for path in one.paths)
            project = load_revision_project(
                *(files, one.candidate(candidate), one.options, names), settings
            )
            if project is not None:
                yield project

    def _unaffected(
        self,
        files: RecordedFiles,
        candidate: Candidate,
        changed_files: ChangedFiles,
        settings: Settings | None,
    ) -> RevisionProject | None:
        """Return a project that surely reads no changed file, without its services."""
        name = files.name(candidate.path)
        is_main = candidate.kind == "main" and os.path.basename(name or "") in MAIN_NAMES
        whole = unaffected_files(files, name, changed_files) if is_main and name else None
        if whole is None or name is None:
            return None
        files.reads |= whole
        return RevisionProject(
            ("folder", posixpath.dirname(name)),
            name,
            files,
            is_loaded=True,
            whole=whole,
            load=lambda: load_revision_project(
                self._files.apart(), candidate, Options(), (), settings
            ),
        )


def load_revision_project(
    files: RecordedFiles,
    candidate: Candidate,
    options: Options,
    key: Key = (),
    settings: Settings | None = None,
) -> RevisionProject | None:
    """Return the project that a candidate stands for; None if it stands for none."""
    loading, name = (Loading(files, files.parsed), files.name(candidate.path) or candidate.path)
    stream = loading.stream(name, None)
    if stream is None:
        # Its services are unknown, and not removed.
        is_main = candidate.kind == "main"
        key = key or (("folder", posixpath.dirname(name)) if is_main else ("file", name))
        return RevisionProject(
            key, name, files, gaps=loading.gaps, is_loaded=is_main, is_refused=True
        )
    chosen = project_files(files, candidate, options)
    names = [files.name(path) or path for path in chosen.paths]
    is_merged = candidate.path not in chosen.paths[:1]
    if is_merged and candidate.kind != "side":
        return None  # an override, which belongs to the project of its main file
    last, is_loaded = posixpath.basename(name), candidate.kind == "main"
    by_name = candidate.kind != "side" or language_of(last) is not None
    if not by_name and (stream.problems or not has_services(stream.documents)):
        return None
    if not key:
        key = ("folder", posixpath.dirname(name)) if is_loaded else ("file", name)
    is_main = last in MAIN_NAMES
    reason = no_compose_file(stream, is_named=is_main or candidate.kind == "named", is_main=is_main)
    if reason is not None and not (is_empty(stream) and len(names) > 1):
        if not reason:
            return None
        return RevisionProject(
            *(key, name, files, None, lost_parts(stream, reason)),
            is_loaded=is_loaded,
            is_refused=True,
        )
    if not is_merged:
        loaded = load_project(files, chosen, loading, settings)
        return _loaded(files, candidate, key, loaded)
    loaded = load_project(files, chosen, settings=settings)
    return _loaded(files, candidate, key, loaded, names[0], frozenset(content_of(stream).services))


def _loaded(
    files: RecordedFiles,
    candidate: Candidate,
    key: Key,
    loaded: LoadedProject,
    base: str = "",
    own: frozenset[str] | None = None,
) -> RevisionProject:
    """Return a loaded project: of an overlay with ``own`` services, over its ``base``."""
    name = files.name(candidate.path) or candidate.path
    refused = None
    if isinstance(loaded.compose, ComposeProject):
        refused = refusal(loaded.compose, is_guess=bool(base))
    return RevisionProject(
        *(key, name, files, loaded, _gaps(loaded, refused), base, own),
        is_loaded=candidate.kind == "main",
        is_refused=refused is not None,
    )


def _gaps(loaded: LoadedProject, refused: Gap | None) -> Iterator[Gap]:
    if refused is not None:
        yield refused
    if loaded.compose is not None:
        yield from loaded.compose.gaps
    if loaded.built is not None:
        yield from loaded.built.gaps


def _without_members(projects: list[RevisionProject]) -> list[RevisionProject]:
    """Return the projects without files that another project includes or extends.

    A file that Compose loads by itself stays one if another project only extends it.
    """
    read, whole = dict[str, set[int]](), dict[str, set[int]]()
    for number, one in enumerate(projects):
        if one.base:
            continue
        for names, users in ((one.read, read), (one.whole, whole)):
            for name in names:
                users.setdefault(name, set()).add(number)
    return [
        one
        for number, one in enumerate(projects)
        if one.base or (whole if one.is_loaded else read).get(one.name, {number}) <= {number}
    ]


def refusal(project: ComposeProject, *, is_guess: bool = False) -> Gap | None:
    """Return why Compose rejects a project, with the first place; None if it does not.

    With ``is_guess``, nobody says that its files are merged with one another: what shows
    only then does not count.
    """
    reasons = dict.fromkeys(_reasons(project, is_guess))
    if not reasons:
        return None
    span, message = next(iter(reasons))
    more = f", and {len(reasons) - 1} more" if len(reasons) > 1 else ""
    return Gap(span, f"Compose rejects it: {message}{more}")


def _reasons(project: ComposeProject, is_guess: bool) -> Iterator[tuple[Span, str]]:
    """Yield places and sentences, those first that leave nothing to read."""
    streams = [*project.loading.streams.values()]
    for stream in streams:
        yield from ((one.span, one.message) for one in stream.problems)
    for place, stream in enumerate(streams):
        is_partial = place > 0 or project.is_side
        for number, document in enumerate(stream.documents):
            found = [*validate(document, partial=is_partial or number > 0)]
            for violation in project.without_provided_keys(found):
                if not violation.ignored:
                    yield violation.span, violation.message
    if is_guess:
        return
    for fault in (*project.faults, *inconsistencies(project)):
        if fault.refused and fault.decided and fault.kind not in _OF_THE_RUN:
            yield fault.span, fault.message
