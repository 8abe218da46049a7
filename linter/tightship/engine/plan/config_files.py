"""Finds configuration files, reads each once, and makes rule runners of them."""

from __future__ import annotations

import os

from tightship.engine.disk.files import Files
from tightship.engine.disk.regular import Refusal
from tightship.engine.disk.root import holds
from tightship.engine.rule_runner import RuleRunner
from tightship.engine.settings import CommandLine
from tightship.engine.settings.selection import Selection
from tightship.rules.definition import mentions_shellcheck

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from tightship.config.settings import Settings
    from tightship.engine.accept.baseline import Baseline
    from tightship.engine.disk.root import Roots
    from tightship.engine.plan.candidates import Candidate
    from tightship.engine.plan.file_sets import FileSet
    from tightship.engine.settings.rule_settings import Paths, RuleSettings
    from tightship.images.own_facts import OwnFacts

PYPROJECT = "pyproject.toml"
NAMES = ("tightship.toml", ".tightship.toml", PYPROJECT)
"""The names of configuration files in a folder; the first that exists counts."""

BASELINE = "tightship-baseline.json"
"""The name of the baseline where settings name none."""

FACTS = "tightship-facts.toml"
"""The name of the file of facts beside the files of a project."""

_OWN = (".git", *NAMES)
"""What a folder has whose settings may be others than those of the folder above."""


class Configs:
    """The settings of a run: those of the nearest file, from a folder up to its root.

    Each file is read once, so a new run takes a new ``Configs``. The command line has
    priority over files. ``plain`` runs the rules where nothing is set. ``excluded`` are
    the paths that were left out so far; the value is true for a folder. ``excluded_by``
    has those that settings leave out, by the identity of the settings.
    """

    def __init__(
        self,
        command_line: CommandLine | None = None,
        *,
        given: Settings | None = None,
        isolated: bool = False,
        overlay: Mapping[str, str | bytes] | None = None,
        baseline: Baseline | None = None,
        baselines: bool = True,
        force_exclude: bool = False,
        options: Mapping[str, Mapping[str, object]] | None = None,
    ) -> None:
        """Begin a run.

        Args:
            command_line: the settings that have priority over those of files.
            given: settings that replace those of all files.
            isolated: whether files are ignored.
            overlay: texts that replace those on the disk, by path.
            baseline: known findings, in place of baselines that files name.
            baselines: whether these count.
            force_exclude: whether to exclude named files, too.
            options: options of rules, in place of those of files.
        """
        self.command_line = command_line or CommandLine()
        self.excluded: dict[str, bool] = {}
        self.excluded_by: dict[int, set[str]] = {}
        self._force = force_exclude
        self.options = options
        self._baseline = baseline
        self.with_baselines = baselines
        self.with_facts = self.with_policies = self.with_purposes = True
        self.sees_every = False
        self._given = given
        self._isolated = isolated
        self._overlay = overlay
        self._known: dict[str, Settings | None] = {}
        self._read: dict[str, Settings | None] = {}
        self._roots: dict[int, str] = {}
        self._disks: dict[str, Files] = {}
        self.plain: RuleRunner | None = None
        self._runners: dict[tuple[int, str], RuleRunner] = {}
        self._baselines: dict[str, Baseline] = {}
        self._usual_baseline: dict[str, str] = {}  # by the root
        # Where the next run would read known findings, with the settings that say so.
        self._written: dict[str, Settings | None] = {}

    def of(self, folder: str, files: Files) -> Settings | None:
        """Return the settings for a folder, or None for the defaults.

        Raises:
            ConfigError: if they are invalid.

        """
        if self._given is not None or self._isolated:
            return self._given
        # Recorded files have to record each lookup.
        known = self._known if type(files) is Files else {}
        passed, settings = list[str](), None
        here = folder
        while holds(files.root, here):
            if here in known:
                settings = known[here]
                break
            passed.append(here)
            settings = self._own(here, files)
            above = os.path.dirname(here)
            if settings is not None or above == here:
                break
            here = above
        self._known.update(dict.fromkeys(passed, settings))
        return settings

    def at(self, path: str, roots: Roots) -> Settings | None:
        """Return the settings for a file that discovery meets."""
        if self._given is not None or self._isolated:
            return self._given
        folder = os.path.dirname(path)
        if folder in self._known:
            return self._known[folder]
        above = os.path.dirname(folder)
        if above in self._known and roots.disk and not roots.disk.possible(folder, _OWN):
            settings = self._known[folder] = self._known[above]
            return settings
        root = roots.of(path)
        if root not in self._disks:
            self._disks[root] = Files(root, self._overlay, roots.disk)
        return self.of(folder, self._disks[root])

    def read_from(self, files: Files) -> None:
        """Read the settings below a root from some files, and not from the disk."""
        self._disks[files.root] = files

    def checked(
        self, candidates: Iterable[Candidate | Refusal], roots: Roots
    ) -> list[Candidate | Refusal]:
        """Return candidates after a check of all settings for them.

        Raises:
            ConfigError: if some settings are invalid.

        """
        every = list(candidates)
        for one in every:
            if not isinstance(one, Refusal):
                self.at(one.path, roots)
        if not self._force:
            return every
        excluded = self.excludes(roots)
        return [one for one in every if isinstance(one, Refusal) or not excluded(one.path, False)]

    def front_ends(self, path: str, roots: Roots) -> Sequence[str]:
        """Return what the settings for a path ask for, other than Compose files."""
        settings = self.at(path, roots)
        return settings.front_ends if settings is not None else ()

    def asks_for_front_ends(self, folders: Iterable[str], roots: Roots) -> bool:
        """Return whether any settings ask for more than Compose files and Dockerfiles."""
        for folder in folders:
            self.at(os.path.join(folder, ""), roots)
        return any(one.front_ends for one in self.met())

    def file_sets(self) -> Iterator[FileSet]:
        """Yield the file sets that the settings read so far define."""
        for settings in self.met():
            from tightship.engine.plan.file_sets import file_sets_of

            yield from file_sets_of(settings, None)

    def excludes(self, roots: Roots) -> Callable[[str, bool], bool]:
        """Return a function that returns whether a file or folder is excluded."""
        patterns = Exclusion(self.command_line)

        def excluded(path: str, is_folder: bool) -> bool:
            settings = self.at(path, roots)
            is_set = patterns.are_set_for(path, is_folder, settings)
            if is_set and settings is not None:
                self.excluded_by.setdefault(id(settings), set()).add(path)
            if is_set or patterns.are_given_for(path, is_folder, roots.of):
                self.excluded[path] = is_folder
            return path in self.excluded

        return excluded

    def excludes_in(self, files: Files) -> Callable[[str], bool]:
        """Return a function that returns whether a file among some files is excluded."""
        patterns = Exclusion(self.command_line)

        def excluded(path: str) -> bool:
            settings = self.of(os.path.dirname(path), files)
            is_set = patterns.are_set_for(path, False, settings)
            if is_set and settings is not None:
                self.excluded_by.setdefault(id(settings), set()).add(path)
            return is_set or patterns.are_given_for(path, False, lambda _: files.root)

        return excluded

    def runner(self, folder: str, files: Files) -> RuleRunner:
        """Return the rule runner for a folder.

        Raises:
            ConfigError: if the settings are invalid.
            UnknownWordError: if the command line names an unknown rule.

        """
        settings = self.of(folder, files)
        if settings is None:
            return self.plain_runner()
        key = (id(settings), files.root)
        if key not in self._runners:
            from tightship.engine.settings.rule_settings import RuleSettings

            rule_settings = RuleSettings(settings, files.root, self.command_line)
            runner = self._runner_of(rule_settings, rule_settings)
            if settings.policies and self.with_policies:
                from tightship.engine.plan.settings_files import policies_of

                runner.policies = policies_of(settings, files)
            self._runners[key] = runner
        for name in settings.policies:
            files.record(os.path.join(settings.folder, name))
        return self._runners[key]

    def plain_runner(self) -> RuleRunner:
        """Return the rule runner for where no file has settings.

        Raises:
            UnknownWordError: if the command line names an unknown rule.

        """
        if self.plain is None:
            line = self.command_line
            if line.severity:
                from tightship.config.settings import Settings
                from tightship.engine.settings.rule_settings import RuleSettings

                rule_settings = RuleSettings(Settings(""), "", line)
                self.plain = self._runner_of(rule_settings, rule_settings)
            else:
                selection = Selection(line.select, line.ignore, line.extend_select)
                self.plain = self._runner_of(selection, None)
        return self.plain

    def _runner_of(self, by: Selection | RuleSettings, set_by: RuleSettings | None) -> RuleRunner:
        given = by, None, set_by, self.options
        return RuleRunner(*given, accept=self.command_line.accept)

    def mention_shellcheck(self) -> bool:
        """Return whether the settings read so far, or the command line, select it."""
        if mentions_shellcheck(self.command_line.extend_select):
            return True
        if self.command_line.select:
            return mentions_shellcheck(self.command_line.select)
        return any(
            mentions_shellcheck(words)
            for settings in self.met()
            for words in (
                settings.select,
                *(one.select or () for one in settings.per_path),
                *(one.select or () for one in settings.per_service),
            )
        )

    def baseline(self, folder: str, files: Files) -> Baseline | None:
        """Return the baseline for a folder, if one is given, configured or found.

        Raises:
            ConfigError: if its file is missing or invalid.

        """
        if self._baseline is not None:
            return self._baseline
        settings = self.of(folder, files)
        path = self.baseline_path(settings, files)
        if not path or not self.with_baselines:
            return None
        files.record(path)
        if path not in self._baselines:
            from tightship.engine.plan.baselines import invalid, read_baseline

            is_given = settings is not None and settings is self._given
            found = read_baseline(path, files, is_given=is_given)
            if isinstance(found, str):
                raise invalid(path, settings, found, self.root_of(settings))
            self._baselines[path] = found
        return self._baselines[path]

    def facts(self, folder: str, files: Files) -> OwnFacts | None:
        """Return the facts of the user's own for a project; ConfigError if they are wrong."""
        settings, line = self.of(folder, files), self.command_line.facts
        is_named = bool(line) or (settings is not None and settings.facts != ())
        if not self.with_facts or not (is_named or files.exists(os.path.join(folder, FACTS))):
            return None
        from tightship.engine.plan.settings_files import facts_of

        return facts_of(folder, files, settings, line, given=settings is self._given)

    def baseline_path(self, settings: Settings | None, files: Files) -> str:
        """Return the path of the baseline that settings name, or of the usual one.

        That is in the current folder, or else at the project root; without one, the path
        is empty.
        """
        if settings is not None and settings.baseline:
            path = os.path.normpath(os.path.join(settings.folder, settings.baseline))
            self._written[path] = settings
            return path
        known = self._usual_baseline if type(files) is Files else {}
        if files.root not in known:
            places = [*self._usual_places(files)]
            self._written.setdefault(places[0])
            known[files.root] = next((one for one in places if _has(files, one)), "")
        return known[files.root]

    def _usual_places(self, files: Files) -> Iterator[str]:
        here = self.command_line.folder
        if here and (holds(files.root, here) or holds(here, files.root)):
            yield os.path.join(here, BASELINE)
        yield files.path(BASELINE)

    def baseline_target(self) -> str | None:
        """Return the path of the baseline that the next run reads for all projects so far.

        Raises:
            ConfigError: if it is outside the project root, or there are several.

        """
        from tightship.engine.plan.baselines import target

        return target(self._written, self.root_of)

    def root_of(self, settings: Settings | None) -> str:
        """Return the root of settings that were read; empty if the user named them."""
        return self._roots.get(id(settings), "")

    def met(self) -> list[Settings]:
        """Return the settings that were read so far, each once."""
        known = (self._given, *self._known.values())
        return [*{id(one): one for one in known if one is not None}.values()]

    def _own(self, folder: str, files: Files) -> Settings | None:
        """Return the settings in a file of a folder itself."""
        for name in files.among(folder, NAMES):
            path = os.path.join(folder, name)
            if path not in self._read and files.is_gone(path):
                continue
            if path not in self._read:
                from tightship.engine.plan.settings_text import settings_in  # not without a file

                self._read[path] = settings_in(files.read(path), path, files.root)
            elif self._read[path] is not None and type(files) is not Files:
                files.read(path)  # for the record
            settings = self._read[path]
            if settings is not None:
                self._roots[id(settings)] = files.root
                return settings
        return None


def _has(files: Files, path: str) -> bool:
    """Return whether there is a file; the user's own folder may be outside the root."""
    return files.exists(path) if files.name(path) is not None else os.path.lexists(path)


class Exclusion:
    """The excluded paths, by the patterns of settings and of a command line."""

    def __init__(self, command_line: CommandLine) -> None:
        self._given = command_line.exclude
        self._folder = command_line.folder
        self._patterns: dict[int | str, Paths] = {}

    def are_set_for(self, path: str, is_folder: bool, settings: Settings | None) -> bool:
        """Return whether settings exclude a file or folder."""
        if settings is None or not settings.exclude:
            return False
        paths = self._paths(id(settings), settings.exclude, settings.folder)
        return paths.cover(path, folder=is_folder)

    def are_given_for(self, path: str, is_folder: bool, root_of: Callable[[str], str]) -> bool:
        """Return whether the command line excludes a file or folder.

        ``root_of`` returns the project root of a path.
        """
        if not self._given:
            return False
        folder = self._folder if holds(self._folder, path) else root_of(path)
        paths = self._paths(folder, self._given, folder)
        return paths.cover(path, folder=is_folder)

    def _paths(self, key: int | str, patterns: Sequence[str], folder: str) -> Paths:
        if key not in self._patterns:
            from tightship.engine.settings.rule_settings import Paths

            self._patterns[key] = Paths(patterns, folder)
        return self._patterns[key]
