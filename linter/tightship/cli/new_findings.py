"""What ``tightship check --changed-since`` reports of the change that ``diff`` compares."""

from __future__ import annotations

from tightship.cli.check_options import BaselineOptions
from tightship.cli.git_changes import HiddenFindings
from tightship.engine.change.changes import Changes
from tightship.engine.check import Filters, check
from tightship.engine.disk.root import holds
from tightship.engine.plan.planning import plan_tree
from tightship.engine.settings import CommandLine
from tightship.report.redaction import redacted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tightship.cli.options import ConfigurationOptions
    from tightship.engine.compare.change import Comparison
    from tightship.engine.disk.git_tree import Trees
    from tightship.engine.plan.config_files import Configs
    from tightship.engine.plan.plan import Plan
    from tightship.engine.verdict import Verdict


def with_new_findings(
    comparison: Comparison, sides: Trees, options: ConfigurationOptions, only: Sequence[str]
) -> Comparison:
    """Return a comparison with the findings that are new, and the parts that are not checked.

    Args:
        comparison: that of the services.
        sides: what the change does.
        options: the configuration.
        only: files and folders to which it is limited; none for all.

    """
    verdicts = [*_verdicts(sides, options, only)]
    new = [(verdict, one) for verdict in verdicts for one in verdict.findings if not one.is_gap]
    return comparison.with_new(
        [one for _, one in new], fails=any(verdict.fails(one) for verdict, one in new)
    )


def _verdicts(
    sides: Trees, options: ConfigurationOptions, only: Sequence[str]
) -> Iterator[Verdict]:
    if not sides.names:
        return
    changes = Changes(sides, sides.moved)
    configs, files = options.configs(), sides.after
    configs.read_from(files.apart())
    filters = Filters(changes=changes, redact=redacted)

    def plan(paths: Sequence[str], configs: Configs) -> Plan:
        excluded = configs.excludes_in(files.apart())

        def is_left_out(path: str) -> bool:
            is_below = not only or any(holds(one, path) for one in only)
            return not is_below or excluded(path)

        return plan_tree(files, configs, is_left_out, paths)

    given = options, CommandLine(), BaselineOptions({})
    hidden, now = HiddenFindings(changes, configs, [], *given, is_whole=False), plan([], configs)
    yield from hidden.after(
        check(now, filters), lambda *again: check(plan(*again), filters), now.roles
    )
