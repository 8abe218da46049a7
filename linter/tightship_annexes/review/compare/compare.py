"""Compares two sides of a change, project by project and service by service."""

from __future__ import annotations

from tightship.engine.change.changes import decisive
from tightship.engine.change.likeness import alike, likeness, project_likeness
from tightship.engine.change.spared import ChangedFiles
from tightship_annexes.review.compare.change import Comparison, ProjectChange, RevisionGap
from tightship_annexes.review.compare.service import (
    changed_service,
    new_service,
    placed,
    reach_changes,
    removed_service,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tightship.findings import Gap
    from tightship.isolation.profile import Profile
    from tightship_annexes.review.compare.change import EdgeChange, ServiceChange
    from tightship_annexes.review.compare.revision import ChangedView, Revision, RevisionProject


def compare(
    before: Revision, after: Revision, changed_files: ChangedFiles | None = None
) -> Comparison:
    """Return what a change does to the isolation of projects.

    Args:
        before: the side before the change.
        after: the side after it.
        changed_files: the changed files; projects that read none of them are left out.
            Without it, all projects are compared.

    Raises:
        ConfigError: if a configuration file of either side is invalid.

    """
    old = before.projects(changed_files=changed_files)
    same = [
        one
        for one in old
        if changed_files is not None
        and (one.load is not None or not changed_files.by(one.profiled_files))
        # Files that it does not read may decide how Compose loads it.
        and (
            one.is_loaded or decisive(before.role_of(one.path)) == decisive(after.role_of(one.path))
        )
    ]
    new = after.projects(same)
    # One that another project includes now is no longer a separate project.
    known = {id(one) for one in same} & {id(one) for one in new}
    changed = _Projects(
        [one.in_full() for one in old if id(one) not in known],
        [one for one in new if id(one) not in known],
        after.view,
        changed_files or ChangedFiles(()),
    )
    settings = after.view.edited if after.view is not None else ()
    return Comparison(before.name, after.name, changed.changes(), [*settings], changed.missed)


class _Projects:
    """The projects of both sides that a change touches, in pairs."""

    def __init__(
        self,
        old: list[RevisionProject],
        new: list[RevisionProject],
        view: ChangedView | None,
        changed_files: ChangedFiles,
    ) -> None:
        self._view = view
        former = changed_files.former
        by_key = {one.key: one for one in new}
        self._pairs = [(one, by_key[one.key]) for one in old if one.key in by_key]
        paired = {one.key for one, _ in self._pairs}
        old_left = [one for one in old if one.key not in paired]
        new_left = [one for one in new if one.key not in paired]
        # A project that another one includes now, or included before, is part of that.
        self._parts_before = _parts(old_left, new)
        old_left, new_left = self._without_parts(self._parts_before, old_left, new_left)
        self._parts_after = _parts(new_left, old)
        new_left, old_left = self._without_parts(self._parts_after, new_left, old_left)
        moved = [(a, b) for b in new_left for a in old_left if former.get(b.name) == a.name]
        gone, came = {id(a) for a, _ in moved}, {id(b) for _, b in moved}
        moved += alike(
            [one for one in old_left if id(one) not in gone],
            [one for one in new_left if id(one) not in came],
            _likeness,
        )
        self._pairs += moved
        gone, came = {id(a) for a, _ in moved}, {id(b) for _, b in moved}
        self._removed = [one for one in old_left if id(one) not in gone]
        # What others name by its former name is missing there, which they say.
        names = [one.name for one in new_left if one.name in changed_files.kept]
        self.missed = {name for name in names if any(former[name] in one.read for one in new)}
        self._new = [
            one
            for one in new_left
            if id(one) not in came
            and one.name not in self.missed
            and not (view and view.is_out_of_sight(one.path))
        ]

    def _without_parts(
        self,
        parts: dict[int, list[RevisionProject]],
        left: list[RevisionProject],
        others: list[RevisionProject],
    ) -> tuple[list[RevisionProject], list[RevisionProject]]:
        """Pair a project that has none yet with its first part; return what is left."""
        for one in others:
            if id(one) in parts:
                part = parts[id(one)][0]
                is_before = parts is self._parts_before
                self._pairs.append((part, one) if is_before else (one, part))
        inside = {id(part) for found in parts.values() for part in found}
        return (
            [one for one in left if id(one) not in inside],
            [one for one in others if id(one) not in parts],
        )

    def changes(self) -> list[ProjectChange]:
        """Return the projects that differ, or that could not be checked."""
        found: list[ProjectChange] = []
        below: dict[str, ProjectChange] = {}
        for old, new in sorted(self._pairs, key=lambda pair: bool(pair[1].base)):
            change = self._changed(old, new, below.get(new.base))
            found.append(change)
            if new.is_loaded:
                below[new.name] = change
        every = [
            *found,
            *(_whole(one, is_new=False) for one in self._removed),
            *(
                _whole(one, self._view.hides(one.path) if self._view else "", is_new=True)
                for one in self._new
            ),
        ]
        kept = [one for one in every if one.services or one.gaps or one.kind != "same"]
        return sorted(kept, key=lambda one: one.name)

    def _changed(
        self, old: RevisionProject, new: RevisionProject, base: ProjectChange | None
    ) -> ProjectChange:
        """Return the change of a project; that of the one below an overlay is left out."""
        before, after = _profiles(old, new)
        for profiles, parts in (
            (before, self._parts_before.get(id(new), [])),
            (after, self._parts_after.get(id(old), [])),
        ):
            others = after if profiles is before else before
            for part in parts:
                for name, profile in part.profiles().items():
                    if name in others:
                        profiles.setdefault(name, profile)
        is_refused = old.is_refused or new.is_refused
        changes = _services(before, after) if not is_refused else []
        if base is not None:
            changes = _without_base(changes, base)
        former = old.name if old.key != new.key else ""
        renamed = {one.former: one.name for one in changes if one.kind == "renamed"}

        def edges() -> tuple[EdgeChange, ...]:
            from tightship_annexes.review.compare.service import edge_changes

            found = edge_changes([*before.values()], [*after.values()], renamed)
            below = base.edges if base is not None else ()
            known = {one.meaning for one in below}
            return tuple(one for one in found if one.meaning not in known)

        return ProjectChange(
            new.name,
            "changed" if changes else "same",
            placed(changes, old, new),
            _gaps(old, new),
            former,
            find_edges=edges if not is_refused else tuple,
            hidden=self._view.hides(new.path, old.name) if self._view else "",
            is_compared=not is_refused,
        )


def _profiles(
    old: RevisionProject, new: RevisionProject
) -> tuple[dict[str, Profile], dict[str, Profile]]:
    """Return the profiles on both sides.

    Of a service that Compose rejects on one side, only what is written counts on both. One
    without any settings before is new, and one without any now is not removed.
    """
    known = old.profiles().keys() if old.hidden else frozenset[str]()
    hidden = new.hidden | (old.hidden & known)
    before, after = old.profiles(hidden), new.profiles(hidden)
    for name in new.hidden - after.keys():
        before.pop(name, None)
    return before, after


def _services(before: dict[str, Profile], after: dict[str, Profile]) -> list[ServiceChange]:
    removed = [one for name, one in before.items() if name not in after]
    added = [one for name, one in after.items() if name not in before]
    moved = alike(removed, added, likeness)
    new_names = {old.name: new.name for old, new in moved}
    old_names = {new.name: old.name for old, new in moved}
    pairs: list[tuple[Profile, Profile]] = []
    for name, profile in after.items():
        old = before.get(old_names.get(name, name))
        if old is not None:
            pairs.append((old, profile))
    reached = reach_changes([(old.container, new.container) for old, new in pairs])
    found: list[ServiceChange] = []
    by_new = {new.name: old for old, new in pairs}
    for name, profile in after.items():
        if name not in by_new:
            found.append(new_service(profile))
            continue
        change = changed_service(by_new[name], profile, new_names, reached.get(name, ()))
        if change is not None:
            found.append(change)
    found += (removed_service(one) for one in removed if one.name not in new_names)
    return found


def _without_base(changes: Iterable[ServiceChange], base: ProjectChange) -> list[ServiceChange]:
    """Return the changes that the project below an overlay does not have as well."""
    known = {one.name: one for one in base.services}
    found: list[ServiceChange] = []
    for one in changes:
        below = known.get(one.name)
        if below is None or below.kind != one.kind:
            found.append(one)
            continue
        same = {row.meaning for row in below.rows}
        rows = tuple(row for row in one.rows if row.meaning not in same)
        reached = {repr(reach) for reach in below.reach}
        reach = tuple(each for each in one.reach if repr(each) not in reached)
        if rows or reach:
            found.append(one.replaced(rows=rows, reach=reach))
    return found


def _whole(project: RevisionProject, hidden: str = "", *, is_new: bool) -> ProjectChange:
    """Return the change that adds or removes a project, which takes all edges with it."""
    profiles = [*project.profiles().values()] if not project.is_refused else []
    make = new_service if is_new else removed_service

    def edges() -> tuple[EdgeChange, ...]:
        from tightship_annexes.review.compare.service import edge_changes

        return edge_changes([], profiles, {})

    return ProjectChange(
        project.name,
        "new" if is_new else "removed",
        placed(map(make, profiles), project),
        _gaps(None, project) if is_new else _gaps(project, None),
        find_edges=edges if is_new else tuple,
        hidden=hidden,
        is_compared=not project.is_refused,
    )


def _gaps(before: RevisionProject | None, after: RevisionProject | None) -> tuple[RevisionGap, ...]:
    """Return the gaps of two sides, those on both once, whatever the main file is called."""
    old, new = (
        {_gap_key(gap, one): gap for gap in one.gaps} if one else {} for one in (before, after)
    )
    gone = [RevisionGap("before", one) for key, one in old.items() if key not in new]
    return (
        *gone,
        *(RevisionGap("both" if key in old else "after", one) for key, one in new.items()),
    )


def _gap_key(gap: Gap, project: RevisionProject) -> tuple[str, str]:
    name = gap.span.source.name
    return "" if name == project.name else name, gap.reason


def _likeness(old: RevisionProject, new: RevisionProject) -> float:
    if bool(old.base) != bool(new.base):
        return 0.0
    before, after = old.profiles(), new.profiles()
    if not before or not after:
        return 0.0
    return project_likeness(before.values(), after.values())


def _parts(
    left: Sequence[RevisionProject], others: Sequence[RevisionProject]
) -> dict[int, list[RevisionProject]]:
    """Return the projects that others include on their side, by the identity of those."""
    found: dict[int, list[RevisionProject]] = {}
    for one in left:
        for other in others:
            if one.name in other.read and not other.base:
                found.setdefault(id(other), []).append(one)
    return found
