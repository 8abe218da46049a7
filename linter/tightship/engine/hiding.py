"""A check of a change by the settings before it, next to that by its own.

The same files are judged twice, if the change has other settings: as they are now. What
only the settings before the change report is hidden by the change, and counts.
"""

from __future__ import annotations

import os

from tightship.engine.change.changes import is_allowed
from tightship.engine.change.identity import matched, parts
from tightship.engine.disk.files import Files
from tightship.engine.plan.config_files import BASELINE, FACTS, NAMES
from tightship.engine.settings.settings_change import LEFT_OUT, LOWERED, OFF, SettingsChange
from tightship.engine.verdict import Hiding
from tightship.text import Source, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from tightship.engine.change.changes import Changes
    from tightship.engine.disk.root import Roots
    from tightship.engine.plan.candidates import Candidate
    from tightship.engine.plan.config_files import Configs
    from tightship.engine.plan.settings_before import SettingsBefore
    from tightship.engine.roles.decide import Roles
    from tightship.engine.verdict import JudgedFinding, Verdict


class ChangeCheck:
    """Compares what a run reports with what the settings before the change report.

    ``added`` are the places of settings that the change sets, or those that it removes:
    it is complete after the last verdict.
    """

    def __init__(
        self,
        changes: Changes,
        now: Configs,
        before: SettingsBefore,
        roots: Roots,
        baseline: str = "",
        *,
        given_changed: bool = False,
    ) -> None:
        """Begin.

        Args:
            changes: the change.
            now: the settings after it, of the run that reports.
            before: the settings before it.
            roots: the roots of the run.
            baseline: the baseline that the command line names.
            given_changed: whether the change edits a file that the command line names.

        """
        self._given_changed = given_changed
        self.added: list[Span] = []
        self._changes = changes
        self._now = now
        self._before = before
        self._roots = roots
        self._baseline = baseline
        self._shown: dict[str, list[JudgedFinding]] = {}
        self._accepted: dict[str, list[JudgedFinding]] = {}
        self._failing: set[int] = set()
        self._read: set[tuple[str, str]] = set()
        self._moved: set[str] = set()

    def through(self, verdicts: Iterable[Verdict]) -> Iterator[Verdict]:
        """Yield the verdicts of the run, and note what they report."""
        for verdict in verdicts:
            shown = self._shown.setdefault(verdict.root, [])
            for one in (*verdict.findings, *verdict.earlier):
                every = [*parts(one)]
                shown += every
                if verdict.fails(one):
                    self._failing.update(map(id, every))
            accepted = (*verdict.accepted, *verdict.known)
            self._accepted.setdefault(verdict.root, []).extend(accepted)
            self._read.update((verdict.root, one.name) for one in verdict.sources)
            yield verdict

    def hidden(
        self,
        check: Callable[[list[str]], Iterator[Verdict]],
        left_out: Collection[tuple[Candidate, Roles]],
    ) -> Iterator[Verdict]:
        """Yield verdicts with the findings that the settings of the change hide.

        ``check`` judges the files again by the settings before the change, and takes
        paths that are named in addition to those of the run. ``left_out`` are the files that
        the run did not judge because of their roles.
        """
        moved = self._before.moved_out_of_sight(self._roots, self._changes.undone.is_there)
        moved += self._changes.newly_left_out(left_out)
        self._moved.update(moved)
        self.added = self._added()
        if not moved and not self.added and not self._given_changed:
            return
        found: dict[str, list[Verdict]] = {}
        for verdict in check(moved):
            found.setdefault(verdict.root, []).append(verdict)
        for root, verdicts in found.items():
            failing = {
                id(part)
                for verdict in verdicts
                for one in verdict.findings
                if verdict.fails(one)
                for part in parts(one)
            }

            def covers(old: JudgedFinding, one: JudgedFinding, failing: set[int] = failing) -> bool:
                if id(one) in failing and id(old) not in self._failing:
                    return False
                return {*one.services} <= {*old.services}

            every = [one for verdict in verdicts for one in verdict.findings]
            shown = self._shown.get(root, [])
            known = matched(every, shown, covers=covers, everywhere=False)
            for verdict in verdicts:
                yield from self._with_hidden(verdict, known)

    def _with_hidden(self, verdict: Verdict, known: set[int]) -> Iterator[Verdict]:
        """Yield a verdict with what is hidden only, if anything is."""
        hidden: list[JudgedFinding] = []
        for one in verdict.findings:
            if id(one) in known:
                continue
            if one.hidden_by is not None:
                hidden.append(one)
                continue
            by = self._hiding(one, verdict)
            if by is not None:
                hidden.append(one.hidden(by))
        if hidden:
            is_read = self._is_read(verdict.sources[0], verdict)
            yield verdict.replaced(
                findings=hidden,
                accepted=(),
                known=(),
                earlier=(),
                services=0 if is_read else verdict.services,
            )

    def _hiding(self, one: JudgedFinding, verdict: Verdict) -> Hiding | None:
        """Return what hides a finding; None if that is allowed."""
        path = os.path.join(verdict.root, verdict.sources[0].name)
        settings = self._before.at(path, self._roots)
        accepted = [
            old
            for old in self._accepted.get(verdict.root, ())
            if old.group_hash == one.group_hash and old.accepted is not None
        ]
        for old in accepted:
            if old.accepted is None:
                continue
            if is_allowed(one.replaced(accepted=old.accepted), settings):
                return None
            if old.accepted.by == "baseline":
                return Hiding.at(self._baseline_place(one, path))
            if old.accepted.place is not None:
                return Hiding.at(old.accepted.place)
        change = SettingsChange(settings, self._now.at(path, self._roots))
        keys: tuple[str, ...] = OFF
        if not self._is_read(one.span.source, verdict):
            if path in self._moved:
                former = self._before.former(path)
                name = os.path.relpath(former or path, verdict.root).replace(os.sep, "/")
                how = f"moves it from {name}" if former else f"gives {name} another role"
                text = f"hidden by this change, which {how}"
                return Hiding(Span(one.span.source, 0, 0), text)
            keys = LEFT_OUT
        elif any(old.group_hash == one.group_hash for old in self._shown.get(verdict.root, ())):
            keys = LOWERED
        return change.hiding(keys, one) or (
            Hiding.at(self.added[0]) if self.added else Hiding(one.span, "hidden by this change")
        )

    def _is_read(self, source: Source, verdict: Verdict) -> bool:
        """Return whether the run of the change judged a file."""
        return (verdict.root, source.name) in self._read

    def _baseline_place(self, one: JudgedFinding, path: str) -> Span:
        """Return where a baseline has a finding."""
        files = Files(self._roots.of(path))
        file = self._baseline or self._now.baseline_path(self._now.at(path, self._roots), files)
        text = files.read(os.path.abspath(file))
        if not isinstance(text, Source):
            text = Source(file, "")
        at = max(text.text.find(f'"{one.group_hash}"'), 0)
        return Span(text, at, at)

    def _added(self) -> list[Span]:
        """Return where the settings of the change differ from those before it."""
        places: dict[tuple[str, int], Span] = {}
        for folder in self._folders():
            path = os.path.join(folder, "file")
            before, now = (one.at(path, self._roots) for one in (self._before, self._now))
            change = SettingsChange(before, now)
            for key in change.keys:
                place = change.place(key)
                if place is not None:
                    places.setdefault((place.source.name, place.start), place)
            for place in (*self._changed_baseline(folder), *self._changed_facts(folder)):
                places.setdefault((place.source.name, place.start), place)
        return [places[key] for key in sorted(places)]

    def _folders(self) -> list[str]:
        """Return the folders whose settings may differ."""
        changed = self._changes.undone.entries
        configuring = (*NAMES, BASELINE, FACTS)
        found = [os.path.dirname(one) for one in changed if os.path.basename(one) in configuring]
        found += (
            one.folder
            for one in (*self._now.met(), *self._before.met())
            if one.folder and one.file is not None
        )
        return [*dict.fromkeys(found)]

    def _changed_baseline(self, folder: str) -> Iterator[Span]:
        """Yield the place that names the baseline for a folder, if the change edits it."""
        undone, path = self._changes.undone, os.path.join(folder, "file")
        settings, root = self._now.at(path, self._roots), self._roots.of(path)
        baseline = self._now.baseline_path(settings, Files(root))
        if not undone.changes(baseline):
            return
        place = settings.place("baseline") if settings is not None else None
        name = os.path.relpath(baseline, root).replace(os.sep, "/")
        yield place or Span(Source(name, ""), 0, 0)

    def _changed_facts(self, folder: str) -> Iterator[Span]:
        """Yield the files of facts for a folder that the change edits.

        Without a fix, a finding may be less grave.
        """
        undone, path, paths = self._changes.undone, os.path.join(folder, "file"), [FACTS]
        for configs in (self._now, self._before):
            settings = configs.at(path, self._roots)
            if settings is not None:
                paths += (os.path.join(settings.folder, name) for name in settings.facts)
        root = self._roots.of(path)
        for one in paths:
            full = os.path.normpath(os.path.join(folder, one))
            if undone.changes(full):
                name = os.path.relpath(full, root).replace(os.sep, "/")
                yield Span(Source(name, ""), 0, 0)
