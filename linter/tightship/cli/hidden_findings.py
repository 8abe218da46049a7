"""``--changed-since`` and ``--settings-of``: the findings that a change hides by its own settings."""

from __future__ import annotations

import os

from tightship.engine.disk.before import FilesBefore
from tightship.engine.disk.root import Roots, canonical, real_path
from tightship.engine.hiding.change_check import ChangeCheck

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tightship.cli.options.baseline import BaselineOptions
    from tightship.cli.options.configuration import ConfigurationOptions
    from tightship.cli.options.selection import SelectionOptions
    from tightship.engine.disk.before import UndoneChange
    from tightship.engine.disk.files import Files
    from tightship.engine.plan.changes import Changes
    from tightship.engine.plan.config_files import Configs
    from tightship.engine.verdict import Verdict
    from tightship.text import Span


class HiddenFindings:
    """A second check of a change by the settings before it, if they differ."""

    def __init__(
        self,
        changes: Changes,
        undone: UndoneChange,
        configs: Configs,
        paths: Sequence[str],
        configuration: ConfigurationOptions,
        selection: SelectionOptions,
        baseline: BaselineOptions,
        *,
        accept: bool,
        is_whole: bool,
    ) -> None:
        """Prepare the second check.

        Args:
            changes: the changed paths, which learn of the settings before.
            undone: leads to the files before the change.
            configs: the settings after it.
            paths: what is checked.
            configuration: which configuration files the command line names.
            selection: which rules it selects.
            baseline: which baseline it names.
            accept: whether anything is accepted.
            is_whole: whether the run reports all findings, and not only new ones.

        """
        self._changes = changes
        self._baseline = baseline
        self._paths = [*paths]
        self._undone = undone
        self._known: dict[str, Files] = {}
        self._before = configuration.configs_before(
            undone,
            selection.select,
            selection.ignore,
            files=self._files_before,
            extend_select=selection.extend,
            severity=selection.severity,
            accept=accept,
        )
        changes.settings = self._before
        changes.may_configure = any(path.endswith(".toml") for path in undone.entries)
        given = filter(None, (configuration.file, baseline.file))
        changes.reports_all = is_whole
        given_changed = any(undone.changes(canonical(path)) for path in given)
        changes.touches_all = is_whole or given_changed
        roots = Roots(self._paths, real_path(os.curdir))
        self._check = ChangeCheck(
            *(changes, configs, self._before, roots, baseline.file), given_changed=given_changed
        )

    @property
    def added(self) -> Sequence[Span]:
        """Return the places of the settings that the change adds or removes."""
        return self._check.added

    def after(
        self, verdicts: Callable[[], Iterator[Verdict]], judge: Callable[..., Iterator[Verdict]]
    ) -> Iterator[Verdict]:
        """Yield the verdicts of a run, and then those with hidden findings.

        Args:
            verdicts: returns those of the run.
            judge: checks paths by some settings, as the run does.

        """
        yield from self._check.through(verdicts())

        def again(moved: list[str]) -> Iterator[Verdict]:
            self._changes.reports_all = True
            return judge(
                [*self._paths, *moved],
                baseline=self._baseline.load_before(self._undone),
                changes=self._changes,
                configs=self._before,
            )

        yield from self._check.hidden(again)

    def _files_before(self, files: Files) -> Files:
        """Return the files below a root as they were before the change."""
        if isinstance(files, FilesBefore):
            return files
        if files.root not in self._known:
            self._known[files.root] = FilesBefore(files.root, self._undone)
        return self._known[files.root]
