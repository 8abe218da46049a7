"""One revision of the projects, loaded, with the profile of each service.

Both sides of a comparison are found by the settings before the change, so that a change
cannot hide what it does. :class:`ChangedView` tells which projects its own would leave out.
"""

from __future__ import annotations

import os
import posixpath

from tightship.engine.change.spared import unaffected_files
from tightship.engine.disk.regular import Refusal as Unread
from tightship.engine.judge.compose import lost_parts
from tightship.engine.load.project import load_project, read_candidate
from tightship.engine.plan.candidates import Candidate, language_of
from tightship.engine.plan.config_files import NAMES
from tightship.engine.plan.job import planned_file_sets
from tightship.engine.plan.scope import SkippedFile
from tightship.engine.roles.content import content_of
from tightship.engine.settings.settings_change import LEFT_OUT, SettingsChange
from tightship.frontends.compose.loading.invocation import Options
from tightship.frontends.compose.loading.load import Loading
from tightship.frontends.compose.project import ComposeProject
from tightship.frontends.compose.refusals import refusals
from tightship.lazy import TYPE_CHECKING, Record, lazy_property
from tightship.model.refusal import all_gaps
from tightship.values.compose_name import MAIN_NAMES

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from tightship.config.settings import Settings
    from tightship.engine.change.spared import ChangedFiles
    from tightship.engine.disk.recorded import RecordedFiles
    from tightship.engine.plan.plan import Plan
    from tightship.engine.roles.role import Role
    from tightship.findings import Gap
    from tightship.isolation.loaded_project import LoadedProject
    from tightship.isolation.profile import Profile
    from tightship.model.refusal import Refusal
    from tightship.text import Span

    Key = tuple[str, ...]
    SettingsOf = Callable[[str], Settings | None]


class ChangedView(Record):
    """The projects after a change, as its own settings see them.

    ``before`` and ``now`` return the settings for a folder before the change and after it;
    ``excludes`` and ``is_out_of_sight`` return whether those now, and those before, exclude a
    path. ``changed`` are the absolute paths of files that differ.
    """

    before: SettingsOf
    now: SettingsOf
    excludes: Callable[[str], bool]
    is_out_of_sight: Callable[[str], bool]
    changed: Iterable[str]

    def hides(self, path: str, former: str = "") -> str:
        """Return by what the change hides a project; empty if it does not.

        ``former`` is the name of its main file before.
        """
        if self.is_out_of_sight(path):
            return f"hidden by this change, which moves it from {former}"
        folder = os.path.dirname(path)
        now = self.now(folder)
        if not self.excludes(path) and not _replaces(now, path):
            return ""
        hiding = SettingsChange(self.before(folder), now).hiding(LEFT_OUT)
        return hiding.text if hiding is not None else ""

    @property
    def edited(self) -> Iterator[Span]:
        """Yield the places where the change decides anew what is compared."""
        for path in sorted(self.changed):
            folder, name = os.path.split(path)
            if name not in NAMES:
                continue
            change = SettingsChange(self.before(folder), self.now(folder))
            places = (change.place(key) for key in LEFT_OUT if key in change.keys)
            yield from (place for place in places if place is not None)


def _replaces(settings: Settings | None, path: str) -> bool:
    """Return whether the projects that settings define leave out a file."""
    main = Candidate(path, "main", path, language_of(os.path.basename(path)))
    sets = planned_file_sets(main, settings)
    return sets is not None and all(path not in one.paths for one in sets)


class RevisionProject(Record):
    """A project of one side.

    ``key`` identifies it: by its folder, if Compose loads it there, else by its file.
    ``name`` is its main file. ``services`` are the profiles by name; of an overlay, they
    are those that it changes, with what is below it. ``base`` is then the main file that
    it is merged onto. ``gaps`` are the parts that could not be checked; if ``is_refused``,
    that is all of it, since it cannot be read, or Compose rejects it. ``load`` loads one
    that cannot read a changed file, and so has ``main_files`` and no services.
    """

    key: Key
    name: str
    files: RecordedFiles
    loaded: LoadedProject | None = None
    gaps: Collection[Gap] = ()
    refusals: Sequence[Refusal] = ()
    base: str = ""
    own: frozenset[str] | None = None
    is_loaded: bool = False
    main_files: frozenset[str] = frozenset()
    load: Callable[[], RevisionProject | None] | None = None

    @property
    def is_refused(self) -> bool:
        """Return whether it cannot be read, or Compose rejects it."""
        is_read = self.loaded is not None or self.load is not None
        return not is_read or any(one.services is None for one in self.refusals)

    @lazy_property
    def hidden(self) -> frozenset[str]:
        """Return the services that may have unknown settings."""
        named = [one.services or () for one in self.refusals if one.hides_settings]
        return frozenset(name for names in named for name in names)

    @lazy_property
    def whole(self) -> frozenset[str]:
        """Return the files that it reads and that are no projects of their own."""
        members = self.loaded.members if self.loaded is not None else ()
        return self.main_files.union(source.name for source in members)

    def in_full(self) -> RevisionProject:
        """Return the project with its services, if they were not loaded yet."""
        return (self.load() or self) if self.load is not None else self

    @property
    def path(self) -> str:
        """Return the absolute path of its main file."""
        return self.files.path(self.name)

    @property
    def read(self) -> frozenset[str]:
        """Return the files that were read, missing ones among them."""
        return frozenset(self.files.reads)

    @property
    def profiled_files(self) -> RecordedFiles:
        """Return its files, with a record of those that the profiles of its services read."""
        self.profiles()
        return self.files

    def profiles(self, hidden: Collection[str] | None = None) -> dict[str, Profile]:
        """Return the profile of each service, by its name.

        ``hidden`` replaces the names of the services that may have unknown settings.
        """
        if self.loaded is None:
            return {}
        every = self.loaded.profiles(self.hidden if hidden is None else hidden)
        return {one.name: one for one in every if self.own is None or one.name in self.own}


class Revision(Record):
    """One side of a change, loaded project by project.

    ``name`` is what reports call it. Each project gets its own record of ``files``. ``plan``
    has its Compose files, their roles and their settings, and ``view`` what is left of it by
    the settings of the change, if these are others. ``key`` identifies the project, if there
    is one only.
    """

    name: str
    files: RecordedFiles
    plan: Plan
    view: ChangedView | None = None
    key: Key = ()

    def role_of(self, path: str) -> Role:
        """Return the role of a file that Compose does not load by itself."""
        return self.plan.roles.of(self.files).of(path)

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
        for candidate in self.plan.inputs.found:
            if isinstance(candidate, Unread) or candidate.language not in ("compose", None):
                continue
            if (self.files.name(candidate.path) or candidate.path) in inside:
                continue
            for one in self._loaded(candidate, changed_files):
                found.setdefault(one.key, one)
                inside |= one.whole
        return _without_members([*found.values()])

    def _loaded(
        self, candidate: Candidate, changed_files: ChangedFiles | None
    ) -> Iterator[RevisionProject]:
        files = self.files.apart()
        # Both sides have the settings before the change, so they need no record.
        settings = self.plan.configs.of(os.path.dirname(candidate.path), self.files)
        sets = planned_file_sets(candidate, settings)
        if sets is None and candidate.kind == "side":
            candidate = candidate.with_role(self.role_of(candidate.path))
        if sets is None:
            apart = (
                self._unaffected(files, candidate, changed_files, settings)
                if changed_files
                else None
            )
            project = apart or load_revision_project(
                files, candidate, Options(), self.key, settings
            )
            if project is not None:
                yield project
            return
        for one in sets:
            # A file set counts once, whichever of its files is found first.
            files = self.files.apart()
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
            main_files=whole,
            load=lambda: load_revision_project(
                self.files.apart(), candidate, Options(), (), settings
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
    stream, is_loaded = loading.stream(name, None), candidate.kind == "main"
    key = key or (("folder", posixpath.dirname(name)) if is_loaded else ("file", name))
    if stream is None:
        # Its services are unknown, and not removed.
        return RevisionProject(key, name, files, gaps=loading.gaps, is_loaded=is_loaded)
    found = read_candidate(files, candidate, options, loading, stream)
    if found is None or isinstance(found, SkippedFile) or found.reason == "":
        return None
    if not found.is_first and candidate.kind != "side":
        return None  # an override, which belongs to the project of its main file
    if found.reason:
        gaps = [*lost_parts(stream, found.reason)]
        return RevisionProject(key, name, files, gaps=gaps, is_loaded=is_loaded)
    loaded = load_project(files, found.files, loading, settings)
    if found.is_first:
        return _loaded(files, candidate, key, loaded)
    base = files.name(found.files.paths[0]) or found.files.paths[0]
    return _loaded(files, candidate, key, loaded, base, frozenset(content_of(stream).services))


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
    refused: Sequence[Refusal] = loaded.refusals
    if base and isinstance(loaded.compose, ComposeProject):
        # Nobody says that these files are merged.
        refused = refusals(loaded.compose, is_guess=True)
    return RevisionProject(
        *(key, name, files, loaded, [*_gaps(loaded, refused)], refused, base, own),
        is_loaded=candidate.kind == "main",
    )


def _gaps(loaded: LoadedProject, refused: Sequence[Refusal]) -> Iterator[Gap]:
    every = (one.gaps for one in (loaded.compose, loaded.built) if one is not None)
    return all_gaps(refused, (gap for gaps in every for gap in gaps))


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
        if (whole if one.is_loaded else read).get(one.name, {number}) <= {number}
    ]
