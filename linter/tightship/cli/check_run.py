"""What a command line of ``tightship check`` asks for: the settings, the plan, the verdicts."""

from __future__ import annotations

import os
import sys

from tightship.cli.check_options import refuse_contradictions
from tightship.cli.console import UsageError
from tightship.engine.check import Filters, check
from tightship.engine.disk.regular import MAX_BYTES
from tightship.engine.disk.root import Roots, real_path
from tightship.engine.plan.planning import plan_paths, plan_text
from tightship.engine.settings import CommandLine
from tightship.report.redaction import redacted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tightship.cli.check_command import Options
    from tightship.cli.git_changes import GitChanges, HiddenFindings
    from tightship.cli.options import SelectionOptions
    from tightship.engine.change.changes import Changes
    from tightship.engine.disk.files import Disk
    from tightship.engine.fix.run import Rewriting
    from tightship.engine.plan.config_files import Configs
    from tightship.engine.plan.plan import Plan
    from tightship.engine.plan.scope import Scope
    from tightship.engine.sealed import Sealed
    from tightship.engine.verdict import Verdict
    from tightship.engine.worker_pool import Workers
    from tightship.report.report import Summary


class Run:
    """What a command line asks for: what is judged, and how."""

    def __init__(self, options: Options, workers: Callable[[], Workers | None]) -> None:
        """Prepare a run; ``workers`` returns the processes that judge next to this one."""
        self.options = options
        self._workers = workers
        refuse_contradictions(
            *(options.paths, options.output, options.fixes),
            *(options.baseline, options.suppressions, options.changes),
        )
        self.rewriting: Rewriting | None
        if options.suppressions.add:
            self.rewriting = options.suppressions.adding(write=not options.fixes.diff)
        else:
            self.rewriting = options.fixes.fixing(is_stdin=options.paths == ["-"])
        self.paths, self.stdin = _inputs(options)
        self._git: GitChanges | None = None
        if options.changes.reference:
            from tightship.cli.git_changes import GitChanges

            named = options.compose.loading.files or self.paths
            self._git = GitChanges(options.changes.reference, named, options.changes.option)
        self._disk: Disk | None = None
        self.hidden: HiddenFindings | None = None
        self.sealed = _sealed(options)
        self._compared = self._git or self._since_policies()
        self.configs = options.configuration.configs(
            command_line(options),
            overlay=self.rewriting.overlay if self.rewriting is not None else None,
            baseline=options.baseline.load(),
            baselines=not options.baseline.write,
        )
        # The sealed check reports what policies find; those of the settings may be weaker.
        self.configs.with_policies = self.sealed is None

    def verdicts(self, scope: Scope, planned: Callable[[int], None]) -> Iterator[Verdict]:
        """Yield the verdicts; call ``planned`` with the number of files."""
        options, git = self.options, self._git
        changes = git.changes if git is not None else None
        redact, compared = None if options.fixes.diff else redacted, self._compared
        since = compared.changes if compared is not None else None
        filters = Filters(self.rewriting, changes, redact, compared=since)
        if self.sealed is not None and changes is None and self.rewriting is None:
            filters = filters.replaced(judged=self.sealed.note)
        try:
            if git is not None and self._is_apart(git):
                return
            is_draft = options.suppressions.add or options.fixes.diff
            if changes is not None and not is_draft:
                self.hidden = self._hidden(changes)
            plan = self._plan(filters, scope)
            planned(len(plan.inputs.found))
            verdicts = check(plan, filters, self._workers)
            if self.hidden is None:
                yield from verdicts
                yield from self._unread_of_change(scope)
                yield from self._by_policies()
                return
            again = Filters(changes=changes, redact=redact, compared=filters.compared)
            yield from self.hidden.after(
                verdicts,
                lambda paths, configs: check(
                    plan_paths(paths, configs, options.compose.loading, disk=again.disk), again
                ),
                plan.roles,
            )
            yield from self._unread_of_change(scope)
            yield from self._by_policies()
        finally:
            if compared is not None:
                compared.close()

    def _is_apart(self, git: GitChanges) -> bool:
        """Return whether changes concern nothing that the run checks, as far as is known."""
        options, loading = self.options, self.options.compose.loading
        asks_more = self.rewriting or self.sealed or options.output.view == "show-files"
        given = loading.files or loading.env_files or loading.environment or options.baseline.file
        if not options.changes.since or asks_more or given or self.stdin is not None:
            return False
        if not all(
            os.path.exists(one) and real_path(one) == os.path.abspath(one) for one in self.paths
        ):
            return False
        self.configs.plain_runner()
        roots = Roots(self.paths, real_path(os.curdir))
        for path in self.paths:  # they are read for errors in them
            self.configs.at(os.path.join(os.path.abspath(path), "file"), roots)
        return not git.may_concern(self.paths)

    def _unread_of_change(self, scope: Scope) -> Iterator[Verdict]:
        """Yield verdicts on the changed files that nobody has read, and that may start containers."""
        if self._git is None:
            return
        from tightship.engine.sealed import not_seen

        undone = self._git.changes.undone
        for one in scope.left:
            is_changed = undone.changes(one.path) or (one.by and undone.changes(one.by))
            if is_changed and one.may_start:
                yield not_seen(one, "this change edits it")

    def _since_policies(self) -> GitChanges | None:
        """Return the changes since the commit of a policy whose rules ask for them."""
        policies = self.sealed.policies if self.sealed is not None else ()
        asks = any(rule.asks_for_changes for policy in policies for rule in policy.rules)
        if not asks or not self.options.policies_from:
            return None
        from tightship.cli.git_changes import GitChanges

        reference = self.options.policies_from[0].partition(":")[0]
        named = self.options.compose.loading.files or self.paths
        return GitChanges(reference, named, "--policy-from")

    def _by_policies(self) -> Iterator[Verdict]:
        """Yield what policies find, whatever the settings of the files say."""
        if self.sealed is None:
            return
        since = self._compared.changes if self._compared is not None else None
        whole = limited = Filters(redact=redacted, compared=since)
        if self._git is not None and self.options.changes.since:
            limited = whole.replaced(changes=self._git.changes)
        invocation, stdin = self.options.compose.loading, self.stdin

        def planned(configs: Configs, filters: Filters) -> Plan:
            if stdin is not None:
                return plan_text(*stdin, configs, invocation)
            is_known = self._disk is not None and filters.disk.known is not None
            disk = self._disk if is_known and self.rewriting is None else filters.disk
            return plan_paths(self.paths, configs, invocation, disk=disk)

        met = self.configs.met()
        has_statements = any(
            one.file_sets or one.platform or one.provided.place or one.front_ends for one in met
        )
        yield from self.sealed.verdicts(planned, whole, limited, has_statements=has_statements)

    def _plan(self, filters: Filters, scope: Scope) -> Plan:
        """Return the jobs of the run."""
        invocation = self.options.compose.loading
        if self.stdin is not None:
            return plan_text(*self.stdin, self.configs, invocation)
        self._disk = filters.disk
        return plan_paths(self.paths, self.configs, invocation, disk=self._disk, scope=scope)

    def _hidden(self, changes: Changes) -> HiddenFindings | None:
        """Return what checks the change by the settings before it, unless it is trusted."""
        options = self.options
        if options.changes.trust:
            return None
        from tightship.cli.git_changes import HiddenFindings

        return HiddenFindings(
            changes,
            self.configs,
            options.compose.loading.files or self.paths,
            options.configuration,
            command_line(options),
            options.baseline,
            is_whole=not options.changes.since,
        )

    def conclude(self, summary: Summary) -> None:
        """Tell a summary what the configuration did, after the last verdict."""
        if self.sealed is not None:
            summary.policies = self.sealed.policies
        if self.hidden is not None:
            summary.added_settings = self.hidden.added
        if self.configs.met():
            from tightship.engine.plan.effect import effects

            summary.effects = effects(self.configs, words(self.options).select)
        if self.options.output.view != "show-files":
            return
        # What is excluded: folders, and files with a known name.
        from tightship.engine.plan.candidates import language_of
        from tightship.engine.plan.scope import excluded_file

        for path, is_folder in self.configs.excluded.items():
            if is_folder or language_of(os.path.basename(path)):
                summary.scope.leave(excluded_file(path))


def words(options: Options) -> SelectionOptions:
    """Return what selects rules: what is given, but nothing where files are shown."""
    if options.output.view == "show-files":
        return options.selection.only("not-checked")
    return options.selection


def command_line(options: Options) -> CommandLine:
    """Return the settings that the options give."""
    chosen = words(options)
    return CommandLine(
        select=chosen.select,
        ignore=chosen.ignore,
        extend_select=chosen.extend,
        severity=chosen.severity,
        fail_on=chosen.fail_on,
        accept=not options.suppressions.disregard,
    )


def _inputs(options: Options) -> tuple[list[str], tuple[str, bytes] | None]:
    """Return the paths to check, or the name and text of standard input."""
    if options.compose.loading.files and options.paths:
        raise UsageError("-f does not work together with a PATH: leave one out")
    if "-" not in options.paths:
        return options.paths or ["."], None
    if len(options.paths) > 1:
        raise UsageError("`-` must be the only path")
    if sys.stdin is None:
        raise UsageError("`-` was given, but there is no standard input")
    data = sys.stdin.buffer.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise UsageError(f"standard input is larger than {MAX_BYTES:,} bytes")
    return [], (options.stdin_filename, data)


def _sealed(options: Options) -> Sealed | None:
    """Return what checks the files by policies, if the command line names any."""
    if not options.policies and not options.policies_from:
        return None
    from tightship.cli.policy_files import policies
    from tightship.engine.sealed import Sealed

    found = policies(options.policies, options.policies_from)
    return Sealed(found, command_line(options))
