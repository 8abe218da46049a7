"""What ``tightship check --changed-since`` reports of the change that ``diff`` compares."""

from __future__ import annotations

import os

from tightship.cli.check_options import BaselineOptions
from tightship.cli.git_changes import HiddenFindings
from tightship.engine.change.changes import Changes
from tightship.engine.check import Filters, check
from tightship.engine.plan.candidates import Candidate, language_of
from tightship.engine.plan.front_ends import Unasked, loads
from tightship.engine.plan.named import named_in
from tightship.engine.plan.planning import below, plan_tree
from tightship.engine.plan.scope import SkippedFile, named_alike
from tightship.engine.plan.walk import is_caller
from tightship.engine.roles.compose_text import holds_services, is_template
from tightship.engine.sealed import not_seen
from tightship.frontends.invocations.scripts import may_include
from tightship.report.redaction import redacted
from tightship_annexes.review.compare.change import NewFinding
from tightship_annexes.review.compare.service import dockerfile_changes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tightship.cli.options import ConfigurationOptions
    from tightship.engine.disk.git_tree import Trees
    from tightship.engine.plan.config_files import Configs
    from tightship.engine.plan.plan import Plan
    from tightship.engine.settings import CommandLine
    from tightship.engine.verdict import Verdict
    from tightship.findings import Gap
    from tightship_annexes.review.compare.change import Comparison


def with_new_findings(
    comparison: Comparison,
    sides: Trees,
    options: ConfigurationOptions,
    line: CommandLine,
    only: Sequence[str],
) -> Comparison:
    """Return a comparison with the findings that are new, and the parts that are not checked.

    Args:
        comparison: that of the services.
        sides: what the change does.
        options: the configuration.
        line: the settings of the command line.
        only: files and folders to which it is limited; none for all.

    """
    if not sides.names:
        return comparison
    verdicts = [*_verdicts(sides, options, line, only)]
    found = [
        NewFinding(one, verdict.fails(one))
        for verdict in verdicts
        for one in verdict.findings
        if not one.is_gap and one.span.source.name not in comparison.missed
    ]
    found.sort(key=lambda one: -one.judged.severity)
    told = {_key(one.gap) for one in comparison.gaps}
    whole = {one.gap.span.source.name for one in comparison.gaps if one.side == "after"}
    gaps = {_key(gap): gap for verdict in verdicts for gap in verdict.gaps}
    lost = [gap for key, gap in gaps.items() if key not in told and key[0] not in whole]
    if lost:
        earlier = {*_gaps_before(sides, options, lost)}
        lost = [one for one in lost if _key(one, sides) not in earlier or _differs(one, sides)]
    left = [*_unread(sides, options, only)]
    lost += unread_gaps(left)
    others = [one for one in left if not one.may_start]
    return comparison.with_new(dockerfile_changes(sides, verdicts), found, lost, others)


def _is_template(text: bytes) -> bool:
    return holds_services(text) and is_template(text)


def unread_gaps(left: Iterable[SkippedFile]) -> Iterator[Gap]:
    """Yield a gap for each file of a change that is not read, and may start containers."""
    for one in left:
        if one.may_start:
            yield from not_seen(one, "this change edits it").gaps


def _unread(
    sides: Trees, options: ConfigurationOptions, only: Sequence[str]
) -> Iterator[SkippedFile]:
    """Yield the changed files that are not read, and what they start that is not."""
    files, configs = sides.after, options.configs()
    left_out = below(only, configs.excludes_in(files))

    def asked(path: str) -> Sequence[str]:
        settings = configs.of(os.path.dirname(path), files)
        return settings.front_ends if settings is not None else ()

    unasked = Unasked(asked)
    for name in sorted(sides.names):
        path, last = files.path(name), os.path.basename(name)
        if left_out(path) or not files.listing.is_file(name):
            continue
        found: list[SkippedFile | None] = []
        read = set[str]()
        if not (is_caller(last) or last.endswith((".yml", ".yaml"))):
            found.append(named_alike(os.path.dirname(path), last))
        elif (data := files.bytes_of(name)) is None:
            found.append(SkippedFile(path, "too-large", "it is too large"))
        elif not (is_caller(last) or language_of(last)) and _is_template(data):
            found.append(SkippedFile(path, "template", "it is a template"))
        else:
            named = [*named_in(path, data, files.root, files.content)]
            read = {one.path for one in named if isinstance(one, Candidate)}
            found += (one for one in named if isinstance(one, SkippedFile))
            found += loads(path, data, files.root, files.exists)
            found.append(unasked.look(path, data))
        for one in found:
            if one is not None and one.path not in read:
                yield one.below(files.root)


def _differs(gap: Gap, sides: Trees) -> bool:
    """Return whether a gap may stand for something else now: its script reads a changed file."""
    lasts = map(os.path.basename, may_include(gap.span.source.text))
    return not {*map(os.path.basename, sides.names)}.isdisjoint(lasts)


def _key(gap: Gap, sides: Trees | None = None) -> tuple[str, str]:
    """Return what a gap is about; with the sides, by the name that its file had."""
    name = gap.span.source.name
    return sides.renamed.get(name, name) if sides is not None else name, gap.reason


def _gaps_before(
    sides: Trees, options: ConfigurationOptions, gaps: Iterable[Gap]
) -> Iterator[tuple[str, str]]:
    """Yield what could not be checked in files before the change that have gaps after it."""
    names = {_key(one, sides)[0] for one in gaps}
    files, configs = sides.before, options.configs()
    configs.read_from(files.apart())
    for verdict in check(plan_tree(files, configs, lambda path: files.name(path) not in names)):
        yield from map(_key, redacted(verdict).gaps)


def _verdicts(
    sides: Trees, options: ConfigurationOptions, line: CommandLine, only: Sequence[str]
) -> Iterator[Verdict]:
    changes = Changes(sides, sides.moved)
    configs, files = options.configs(line), sides.after
    configs.read_from(files.apart())
    filters = Filters(changes=changes, redact=redacted)

    def plan(paths: Sequence[str], configs: Configs) -> Plan:
        return plan_tree(files, configs, below(only, configs.excludes_in(files.apart())), paths)

    given = options, line, BaselineOptions({})
    hidden, now = HiddenFindings(changes, configs, [], *given, is_whole=False), plan([], configs)

    def again(paths: Sequence[str], configs: Configs) -> Iterator[Verdict]:
        return check(plan(paths, configs), filters)

    yield from hidden.after(check(now, filters), again, now.roles)
