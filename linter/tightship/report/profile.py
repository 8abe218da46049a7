"""Isolation profiles: a table of all services, and the rows of one."""

from __future__ import annotations

from tightship.isolation.weakness import HOST
from tightship.report.redaction import without_secrets
from tightship.report.terminal import brief, columns
from tightship.report.wording import counted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tightship.findings import Fix, Gap
    from tightship.isolation.profile import Profile
    from tightship.isolation.weakness import Mark, MechanismState, Weakness
    from tightship.report.json import Json
    from tightship.report.redaction import PlaceRedaction
    from tightship.report.terminal import Paint

# The columns of the table, and the mechanisms below each; ``host`` has all others.
_COLUMNS: dict[str, tuple[str, ...]] = {
    "capabilities": ("capabilities",),
    "kernel": (*("seccomp", "AppArmor", "SELinux", "masks over /proc and /sys"), "runtime"),
    "setuid": ("setuid programs",),
    "root fs": ("root file system",),
    "user": ("user", "group"),
    "namespaces": ("own namespaces",),
    "limits": ("limits", "control groups"),
    "host": (),
}
_SIGNS: dict[Mark, str] = {"strong": "+", "weak": "-", "unknown": "?"}
_STYLES: dict[Mark, str] = {"strong": "added", "weak": "removed", "unknown": "dim"}
LEGEND = "+ strong, - weak, ? unknown. Grades run from A to F; F gives control of the host."


def overview(profiles: Sequence[Profile], paint: Paint) -> str:
    """Return a table: a line for each service, with its grade and a sign for each column."""
    kind = profiles[0].container.settings.worded("service")  # a word that each language has
    width = max(map(columns, (kind, *(brief(one.name, 60) for one in profiles))))
    head = f"{kind:{width}}  grade  {'  '.join(_COLUMNS)}"
    lines = [paint("bold", head)]
    for one in profiles:
        name = brief(one.name, 60)
        gap = " " * (width - columns(name))
        signs = "  ".join(_sign(one, column, paint) for column in _COLUMNS)
        mark = paint("warning", "  not checked") if one.gap is not None else ""
        lines.append(f"{name}{gap}  {one.grade:5}  {signs}{mark}".rstrip())
    return "".join(f"{line}\n" for line in (*lines, "", LEGEND))


def full(profile: Profile, fixes: Mapping[MechanismState, Fix], paint: Paint) -> str:
    """Return all rows of a service, with the fix of each weak one, where there is one."""
    where = paint("dim", profile.span.place)
    lines = [f"{paint('bold', brief(profile.name))}: {_grade(profile)} {where}"]
    if profile.gap is not None:
        reason = brief(without_secrets(profile.gap.reason))
        lines.append(f"  {paint('warning', f'not checked: {reason}')}")
    width = max((columns(row.mechanism) for row in profile.rows), default=0)
    counted_before: set[Weakness] = set()
    worded = profile.container.settings.worded
    for row in profile.rows:
        gap = " " * (width - columns(row.mechanism))
        sign = paint(_STYLES[row.mark], _SIGNS[row.mark])
        at = f" {paint('dim', row.place.place)}" if row.place is not None else ""
        lines.append(f"  {sign} {row.mechanism}{gap}  {brief(worded(row.state))}{at}")
        indent = " " * (width + 6)
        lines += (f"{indent}{line}" for line in _costs(row, counted_before))
        counted_before.update(row.weaknesses)
        if row in fixes:
            fix = brief(fixes[row].title)
            lines.append(f"{indent}{paint('added', f'fix: {fix}')}")
    lines += (f"  {paint('dim', brief(line, 300))}" for line in _own_facts(profile))
    return "".join(f"{line}\n" for line in lines)


def _own_facts(profile: Profile) -> Iterator[str]:
    """Yield sentences about the user's own facts that fixes of a service rest on."""
    container = profile.container
    if container.as_measured is container:
        return
    from tightship.isolation.hardening_knowledge import own_refusal, own_sources

    refusal = own_refusal(container)
    if refusal:
        yield f"facts: {refusal}"
    for source in own_sources(container):
        yield f"facts: {source}"
    needs = container.as_measured.image_needs
    measured = needs.family.measured if needs is not None else None
    if measured is not None:
        yield from measured.words
        yield from (f"exercised: {one}" for one in measured.exercised)
        yield from (f"kept, not exercised: {one}" for one in measured.kept)


def as_data(
    profile: Profile,
    fixes: Mapping[MechanismState, Fix] | None = None,
    redaction: PlaceRedaction | None = None,
) -> Json:
    """Return a profile as plain data for JSON, without secrets if there is a redaction."""
    return {
        "service": profile.name,
        "path": profile.span.source.name,
        "line": profile.span.line,
        "grade": {"best": profile.best, "worst": profile.worst},
        "not_checked": _reason(profile.gap, redaction),
        "mechanisms": [_row_data(row, fixes or {}, redaction) for row in profile.rows],
        "facts": [*_own_facts(profile)],
    }


def _reason(gap: Gap | None, redaction: PlaceRedaction | None) -> str | None:
    if gap is None or redaction is None:
        return gap.reason if gap is not None else None
    return redaction.text(gap.reason, gap.span)


def _row_data(
    row: MechanismState, fixes: Mapping[MechanismState, Fix], redaction: PlaceRedaction | None
) -> Json:
    place, fix = row.place, fixes.get(row)
    return {
        "mechanism": row.mechanism,
        "mark": row.mark,
        "state": redaction.text(row.state, row.place) if redaction else row.state,
        "path": place.source.name if place is not None else None,
        "line": place.line if place is not None else None,
        "weaknesses": [_weakness_data(one) for one in row.weaknesses],
        "possible": [_weakness_data(one) for one in row.possible],
        "fix": fix.title if fix is not None else None,
    }


def _weakness_data(one: Weakness) -> Json:
    return {"name": one.name, "points": None if one.points >= HOST else one.points}


def _grade(profile: Profile) -> str:
    points = sum(one.points for one in profile.weaknesses)
    if points >= HOST:
        return f"grade {profile.grade}"
    return f"grade {profile.grade}, {counted(points, 'point')}"


def _costs(row: MechanismState, counted_before: set[Weakness]) -> Iterator[str]:
    """Yield a line for each weakness of a row: what it costs, and why.

    A weakness that rows before it have, too, costs nothing more.
    """
    new = [("", one) for one in row.weaknesses if one not in counted_before]
    for perhaps, one in (*new, *(("perhaps ", one) for one in row.possible)):
        points = "F" if one.points >= HOST else counted(one.points, "point")
        yield f"{perhaps}{points}: {one.name}: {one.why}"


def _sign(profile: Profile, column: str, paint: Paint) -> str:
    """Return the sign of a column: the worst mark of its mechanisms."""
    marks = {row.mark for row in profile.rows if _column(row) == column}
    mark: Mark = "strong"
    if "weak" in marks:
        mark = "weak"
    # That the daemon decides on some namespaces is the same for every container.
    elif any(
        row.mark == "unknown" and row.possible for row in profile.rows if _column(row) == column
    ):
        mark = "unknown"
    return paint(_STYLES[mark], _SIGNS[mark]) + " " * (len(column) - 1)


def _column(row: MechanismState) -> str:
    if row.mechanism.endswith("namespace"):
        return "namespaces"
    for column, mechanisms in _COLUMNS.items():
        if row.mechanism in mechanisms:
            return column
    return "host"
