"""Options of ``check`` that make no sense together, each group by itself being fine."""

from __future__ import annotations

from tightship.cli.console import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.cli.options.baseline import BaselineOptions
    from tightship.cli.options.changes import ChangeOptions
    from tightship.cli.options.fixes import FixOptions
    from tightship.cli.options.output import OutputOptions
    from tightship.cli.options.suppressions import SuppressionOptions


def refuse_contradictions(
    paths: list[str],
    output: OutputOptions,
    fixes: FixOptions,
    baseline: BaselineOptions,
    suppressions: SuppressionOptions,
    changes: ChangeOptions,
) -> None:
    """Refuse options that make no sense together.

    Raises:
        UsageError: if there are some.

    """
    view, writes = output.view, baseline.write
    changes.refuse_contradictions(paths, writes=writes)
    rewrites = fixes.fix or fixes.diff or suppressions.add
    if view and rewrites:
        raise UsageError(f"--{view} changes no file: leave out --fix, --diff and --add-ignores")
    if suppressions.disregard and rewrites:
        raise UsageError("--no-ignores is for reports: accepted findings stay as is")
    if suppressions.disregard and (baseline.file or writes):
        raise UsageError("with --no-ignores, no baseline counts: leave one of them out")
    if suppressions.add and (fixes.fix or fixes.unsafe or fixes.only):
        raise UsageError("fix first, then accept the rest with --add-ignores")
    if suppressions.add and writes:
        raise UsageError(
            "findings are accepted by comments or by a baseline: leave out --add-ignores"
            " or --write-baseline"
        )
    if suppressions.has_reason and not suppressions.add:
        raise UsageError("--reason is the text of comments: add --add-ignores")
    if suppressions.add and paths == ["-"] and not fixes.diff:
        raise UsageError("standard input gets no comments; --diff shows them")
