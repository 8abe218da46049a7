"""What configuration files say to a session, as they are in its editor.

One that makes no sense, as most do while they are typed, is told of; until it does
again, the last text of it that made sense counts, or else the defaults do.
"""

from __future__ import annotations

import os

from tightship.config.problem import ConfigError
from tightship.engine.accept.baseline import Baseline
from tightship.engine.disk.root import Roots, project_root
from tightship.engine.plan.configs import PYPROJECT, Configs
from tightship.engine.plan.file_sets import sets_of
from tightship.engine.plan.plan import JudgingPlan, plan_for

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tightship.config.problem import ConfigProblem
    from tightship.config.settings import Settings
    from tightship.engine.disk.recorded import RecordedFiles
    from tightship.engine.plan.candidates import Candidate
    from tightship.engine.plan.file_sets import FileSet
    from tightship.engine.rule_runner import RuleRunner
    from tightship_lsp.workspace.snapshot import Snapshot


class Configuration:
    """Finds what is set for projects.

    ``plain`` are the rules where no file says otherwise; ``select`` and ``ignore`` are
    the editor's own words, which stand over those of files as a command line's do.
    ``warn`` is told once of a file that makes no sense, and ``say`` all about it.
    """

    __slots__ = (
        "_good",
        "_ignore",
        "_said",
        "_say",
        "_select",
        "_warn",
        "plain",
    )

    def __init__(
        self,
        plain: RuleRunner,
        select: Sequence[str] = (),
        ignore: Sequence[str] = (),
        *,
        say: Callable[[str], None],
        warn: Callable[[str], None],
    ) -> None:
        self.plain = plain
        self._select = select
        self._ignore = ignore
        self._say = say
        self._warn = warn
        self._good: dict[str, str] = {}
        # What was said last of each file that made no sense.
        self._said: dict[str, str] = {}

    def plan(self, candidate: Candidate, files: RecordedFiles) -> JudgingPlan:
        """Return the plan for a candidate, by settings that are valid."""
        folder = os.path.dirname(candidate.path)
        configs, reading = self._valid(folder, files)
        path = _file_of(configs.of(folder, reading), reading)
        is_fallback = reading is not files
        try:
            plan = plan_for(candidate, configs, reading)
        except ConfigError as error:  # of the baseline, which then does not count
            if not is_fallback:
                self._complain(path, error.problems, is_open=files.is_open(path))
            return plan_for(candidate, configs, reading, baseline=Baseline())
        if not is_fallback and path:
            self._accept(path, is_open=files.is_open(path))
        return plan

    def sets(self, folder: str, files: RecordedFiles) -> list[FileSet]:
        """Return the projects that are put together by what is set for a folder."""
        configs, reading = self._valid(folder, files)
        return [*sets_of(configs.of(folder, reading), None)]

    def problems(self, path: str, files: RecordedFiles) -> list[ConfigProblem]:
        """Return what is wrong with a configuration file, if it counts."""
        configs, folder = Configs(self._select, self._ignore), os.path.dirname(path)
        configs.plain = self.plain
        try:
            configs.runner(folder, files)
            configs.baseline(folder, files)
        except ConfigError as error:
            if _place(error) == path:
                self._complain(path, error.problems, is_open=files.is_open(path))
                return error.problems
        return []

    def sweep(self, now: Snapshot) -> Sweep:
        """Return what a look through the workspace folders leaves out."""
        return Sweep(self, now)

    def configs(self, overlay: dict[str, str | bytes] | None = None) -> Configs:
        """Return the settings of a run that begins now."""
        configs = Configs(self._select, self._ignore, overlay=overlay)
        configs.plain = self.plain
        return configs

    def mend(
        self,
        error: ConfigError,
        mended: dict[str, str],
        is_open: Callable[[str], bool],
    ) -> bool:
        """Put a text that makes sense in the place of one that makes none.

        ``mended`` holds these, by path. Nothing helps where nothing itself is wrong.
        ``is_open`` tells of a path that it is being edited.
        """
        path = _place(error)
        nothing = "[tool.tightship]\n" if os.path.basename(path) == PYPROJECT else ""
        if mended.get(path) == nothing:
            return False
        if path not in mended:
            self._complain(path, error.problems, is_open=is_open(path))
            mended[path] = self._good.get(path, nothing)
        else:
            mended[path] = nothing
        return True

    def _valid(
        self, folder: str, files: RecordedFiles
    ) -> tuple[Configs, RecordedFiles]:
        """Return settings that make sense for a folder, and what they are read from."""
        mended: dict[str, str] = {}
        reading = files
        while True:
            configs = self.configs()
            try:
                configs.runner(folder, reading)
            except ConfigError as error:
                if not self.mend(error, mended, files.is_open):
                    raise
                reading = files.with_texts(mended)
            else:
                settings = configs.of(folder, reading)
                if settings is not None and settings.file is not None and not mended:
                    path = _file_of(settings, reading)
                    self._good[path] = settings.file.source.text
                return configs, reading

    def _accept(self, path: str, *, is_open: bool) -> None:
        """Note that a file makes sense.

        While it is open, its problems are shown in it, and no window has to pop up with
        every other letter that is typed.
        """
        if not is_open:
            self._said.pop(path, None)

    def _complain(
        self, path: str, problems: Sequence[ConfigProblem], *, is_open: bool
    ) -> None:
        """Say what is wrong with a file, and while it is edited only once.

        Then what is wrong is shown in it.
        """
        text = "\n".join(map(str, problems))
        said = self._said.get(path)
        if text == said:
            return
        self._said[path] = text
        if is_open and said is not None:
            return
        what = (
            "its last settings that made sense are"
            if path in self._good
            else ("the defaults are")
        )
        message = f"a configuration makes no sense, so {what} used:\n{text}"
        self._say(message)
        if said is None:
            first = str(problems[0])
            more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
            self._warn(f"{first}{more}; until that is mended, {what} used")


class Sweep:
    """What a look through the workspace folders leaves out, as it is set there."""

    __slots__ = ("_configs", "_excluded", "_mended", "_now", "_owner", "_roots")

    def __init__(self, owner: Configuration, now: Snapshot) -> None:
        self._owner = owner
        self._now = now
        self._roots = _Workspace(now)
        self._mended: dict[str, str] = {}
        self._begin()

    def excluded(self, path: str, is_folder: bool) -> bool:
        """Tell whether a file or a folder is left out."""
        while True:
            try:
                return self._excluded(path, is_folder)
            except ConfigError as error:
                if not self._owner.mend(error, self._mended, self._is_open):
                    return False
                self._begin()

    def sets(self) -> Iterator[FileSet]:
        """Yield the projects that are put together by the settings met so far."""
        return self._configs.sets()

    def _is_open(self, path: str) -> bool:
        return path in self._now.overlay

    def _begin(self) -> None:
        self._configs = self._owner.configs({**self._now.overlay, **self._mended})
        self._excluded = self._configs.excludes(self._roots)


class _Workspace(Roots):
    """The roots of projects in an editor's workspace."""

    __slots__ = ("_now",)

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
    """Return the path of the file that settings are from; nothing if there is none."""
    if settings is None or settings.file is None:
        return ""
    return files.path(settings.file.source.name)
