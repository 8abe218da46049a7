"""The configuration files of a session, with open buffers in place of the disk.

Invalid ones, as most are while somebody types, are reported. Until such a file is valid
again, its last valid text counts, or else the defaults.
"""

from __future__ import annotations

import os
import re

from tightship.config.key import ConfigError, FactsError, PolicyError
from tightship.engine.disk.root import Roots, project_root
from tightship.engine.plan.config_files import PYPROJECT, Configs
from tightship.engine.plan.file_sets import file_sets_of
from tightship.engine.plan.job import Job, job_for
from tightship.engine.settings import CommandLine

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tightship.config.key import ConfigProblem
    from tightship.config.settings import Settings
    from tightship.engine.disk.recorded import RecordedFiles
    from tightship.engine.plan.candidates import Candidate
    from tightship.engine.plan.file_sets import FileSet
    from tightship.engine.rule_runner import RuleRunner
    from tightship_lsp.workspace.snapshot import Snapshot


# A key without its value, or the start of the head of a table.
_HALF_TYPED = re.compile(r"""\s*(?:[\w."'-]+\s*=?|\[{1,2}[\w."'-]*\]?)\s*""")

_BASELINE = "the baseline is ignored"
_FACTS = "facts of your own are ignored"
_POLICIES = "no policy is judged"


class Configuration:
    """Finds the settings of projects.

    ``plain`` runs the rules where no file has settings; ``select`` and ``ignore`` are
    the editor's, with priority over files as on the command line. ``show_warning`` gets
    the first problem of an invalid file once, unless it is open, for then its problems are
    shown in it. ``log`` gets all of them. Unless the workspace is ``trusted``, what may
    hide findings in its files is ignored, which is told once.
    """

    def __init__(
        self,
        plain: RuleRunner,
        select: Sequence[str] = (),
        ignore: Sequence[str] = (),
        *,
        trusted: bool = True,
        log: Callable[[str], None],
        show_warning: Callable[[str], None],
    ) -> None:
        self.plain = plain
        self._line = CommandLine(select, ignore)
        self._trusted = trusted
        self._has_told = False
        self._log = log
        self._show_warning = show_warning
        # The last valid text of each file, and the last problems of each invalid one.
        self._last_valid: dict[str, str] = {}
        self._last_problems: dict[str, str] = {}
        self._warned = set[str]()

    def job(self, candidate: Candidate, files: RecordedFiles) -> Job:
        """Return the job of a candidate, by valid settings."""
        folder = os.path.dirname(candidate.path)
        configs, reading = self._valid(folder, files)
        path = _file_of(configs.of(folder, reading), reading)
        is_fallback = reading is not files
        job, is_valid = None, True
        while job is None:
            try:
                job = job_for(candidate, reading, configs)
            except ConfigError as error:
                where, ignored = path, _BASELINE
                if isinstance(error, FactsError):
                    where, ignored = _place(error), _FACTS
                    configs.with_facts = False
                elif configs.with_baselines:
                    configs.with_baselines = False
                else:
                    raise
                is_valid = False
                if not is_fallback:
                    self._report(where, error.problems, ignored, is_open=files.is_open(where))
        # While a file is open, its problems are shown in it: no message for each of them.
        if is_valid and not is_fallback and path and not files.is_open(path):
            self._last_problems.pop(path, None)
            self._warned.discard(path)
        return job.replaced(files=files)

    def settings(self, folder: str, files: RecordedFiles) -> Settings | None:
        """Return the settings for a folder."""
        configs, reading = self._valid(folder, files)
        return configs.of(folder, reading)

    def front_ends(self, folder: str, files: RecordedFiles) -> list[str]:
        """Return the front ends that the settings for a folder ask for."""
        settings = self.settings(folder, files)
        return [*settings.front_ends] if settings is not None else []

    def file_sets(self, folder: str, files: RecordedFiles) -> list[FileSet]:
        """Return the file sets that the settings for a folder define."""
        return file_sets_of(self.settings(folder, files), None)

    def problems(self, path: str, files: RecordedFiles) -> list[ConfigProblem]:
        """Return the problems of a configuration file, if it is in use."""
        configs, folder = self.configs(), os.path.dirname(path)
        try:
            configs.runner(folder, files)
            configs.baseline(folder, files)
            configs.facts(folder, files)
        except ConfigError as error:
            if _place(error) == path:
                effect = _FACTS if isinstance(error, FactsError) else ""
                self._report(path, error.problems, effect, is_open=files.is_open(path))
                return error.problems
        return []

    def of_workspace(self, now: Snapshot) -> WorkspaceSettings:
        """Return the settings of a search through the workspace folders."""
        return WorkspaceSettings(self, now)

    def configs(self, overlay: dict[str, str | bytes] | None = None) -> Configs:
        """Return the settings of a new run."""
        if self._trusted:
            configs = Configs(self._line, overlay=overlay)
        else:
            from tightship_lsp.judging.untrusted import UntrustedConfigs

            configs = UntrustedConfigs(self._line, self._distrust, overlay=overlay)
        configs.plain = self.plain
        return configs

    def _distrust(self, name: str, keys: list[str]) -> None:
        """Tell once that settings are ignored."""
        if not self._has_told:
            self._has_told = True
            listed = ", ".join(f"`{key}`" for key in keys)
            self._show_warning(
                f"{name} may hide findings ({listed}): Tightship ignores that until you"
                " trust this workspace"
            )

    def fall_back(
        self, error: ConfigError, fallbacks: dict[str, str], is_open: Callable[[str], bool]
    ) -> bool:
        """Add a fallback for an invalid file: its last valid text, or else an empty one.

        ``fallbacks`` are by path. Return False if even the empty text is invalid.
        """
        path = _place(error)
        empty = "[tool.tightship]\n" if os.path.basename(path) == PYPROJECT else ""
        if fallbacks.get(path) == empty:
            return False
        if path not in fallbacks:
            self._report(path, error.problems, is_open=is_open(path))
            fallbacks[path] = self._last_valid.get(path, empty)
        else:
            fallbacks[path] = empty
        return True

    def _valid(self, folder: str, files: RecordedFiles) -> tuple[Configs, RecordedFiles]:
        """Return valid settings for a folder, and the files that they are read from."""
        fallbacks: dict[str, str] = {}
        reading, with_policies = files, True
        while True:
            configs = self.configs()
            configs.with_policies = with_policies
            try:
                configs.runner(folder, reading)
            except PolicyError as error:
                place, with_policies = _place(error), False
                self._report(place, error.problems, _POLICIES, is_open=files.is_open(place))
            except ConfigError as error:
                if not self.fall_back(error, fallbacks, files.is_open):
                    raise
                reading = files.with_texts(fallbacks)
            else:
                settings = configs.of(folder, reading)
                if settings is not None and settings.file is not None and not fallbacks:
                    path = _file_of(settings, reading)
                    self._last_valid[path] = settings.file.source.text
                return configs, reading

    def _report(
        self, path: str, problems: Sequence[ConfigProblem], effect: str = "", *, is_open: bool
    ) -> None:
        """Log the problems of a file, once while it is open; then show none of them.

        ``effect`` is what they lead to, if the settings of the file are used.
        """
        text = "\n".join(map(str, problems))
        last = self._last_problems.get(path)
        self._last_problems[path] = text
        is_known = path in self._last_valid
        used = "its last valid settings" if is_known else "the defaults"
        effect = effect or f"{used} are used"
        if last is None or (last != text and not is_open):
            self._log(f"a configuration is invalid, so {effect}:\n{text}")
        if not is_open and path not in self._warned:
            self._warned.add(path)
            first = str(problems[0])
            more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
            self._show_warning(f"{first}{more}; until it is fixed, {effect}")


def is_half_typed(problem: ConfigProblem) -> bool:
    """Return whether a problem is on a line that has a key, but not yet its value."""
    source = problem.span.source
    line, _ = source.point(problem.span.start)
    return _HALF_TYPED.fullmatch(source.line(line)) is not None


class WorkspaceSettings:
    """The settings of a search through the workspace folders."""

    def __init__(self, configuration: Configuration, now: Snapshot) -> None:
        self._configuration = configuration
        self._now = now
        self._roots = _WorkspaceRoots(now)
        self._fallbacks: dict[str, str] = {}
        self._begin()

    def excluded(self, path: str, is_folder: bool) -> bool:
        """Return whether a file or a folder is excluded."""
        is_open = self._now.overlay.__contains__
        while True:
            try:
                return self._excluded(path, is_folder)
            except ConfigError as error:
                if not self._configuration.fall_back(error, self._fallbacks, is_open):
                    return False
                self._begin()

    def file_sets(self) -> Iterator[FileSet]:
        """Yield the file sets that the settings read so far define."""
        return self._configs.file_sets()

    def _begin(self) -> None:
        overlay = {**self._now.overlay, **self._fallbacks}
        self._configs = self._configuration.configs(overlay)
        self._excluded = self._configs.excludes(self._roots)


class _WorkspaceRoots(Roots):
    """The roots of projects in an editor's workspace."""

    def __init__(self, now: Snapshot) -> None:
        super().__init__(now.folders)
        self._now = now

    def of(self, path: str) -> str:
        return project_root(path, workspace=self._now.folder_of(path))


def _place(error: ConfigError) -> str:
    """Return the path of the file that an error is about."""
    name = error.problems[0].span.source.name
    return os.path.normpath(os.path.join(error.root, name))


def _file_of(settings: Settings | None, files: RecordedFiles) -> str:
    """Return the path of the file that settings are from, or an empty text."""
    if settings is None or settings.file is None:
        return ""
    return files.path(settings.file.source.name)
