"""The report of ``tightship harden``: what is written for each service, and what is left."""

from __future__ import annotations

from tightship.findings import Severity
from tightship.lazy import TYPE_CHECKING, Record
from tightship.report.redaction import without_secrets
from tightship.report.terminal import brief, brief_name, columns
from tightship.report.wording import counted
from tightship.syntax.yaml.layout import Style, flow, is_mapping

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tightship.engine.harden.plan import HardeningPlan, Patch, RemainingWeakness, ServicePlan
    from tightship.report.json import Json
    from tightship.report.terminal import Paint
    from tightship.syntax.yaml.layout import Plain

_STYLE = Style()
_WIDEST = 60
_COLUMNS = ("project", "services", "patched", "left", "most frequent reason")


class HardenedProject(Record):
    """A project with its plan, or with the reason why there is none.

    ``title`` is the path of its first file. ``gaps`` are the parts that could not be
    checked, as data.
    """

    title: str
    plan: HardeningPlan | None
    gaps: list[Json]
    reason: str = ""

    @property
    def left(self) -> Sequence[ServicePlan]:
        """Return the services with a weakness that is left."""
        return [one for one in self.plan.services if one.left] if self.plan is not None else ()

    @property
    def why_left(self) -> str:
        """Return the reason that leaves most weaknesses, as a clause."""
        counts: dict[str, int] = {}
        services = self.plan.services if self.plan is not None else ()
        unchecked = sum(one.gap is not None for one in services)
        if unchecked:
            counts[f"{counted(unchecked, 'service')} not checked"] = unchecked
        for service in self.left:
            for one in service.left:
                rule = one.judged.rule
                why = f"{rule.measure}: {one.why}" if one.why else f"{rule.name} is yours to decide"
                counts[why] = counts.get(why, 0) + 1
        return max(counts, key=lambda why: counts[why], default=self.reason)


def as_text(plan: HardeningPlan, paint: Paint) -> str:
    """Return the plan as text for a terminal; services of one plan are one block."""
    lines = [
        columns(line)
        for one in plan.services
        for patch in one.patches
        for line in _lines(one, patch)
    ]
    margin = min(max(lines, default=0), _WIDEST)
    blocks: dict[tuple[str, ...], list[ServicePlan]] = {}
    for one in plan.services:
        body = tuple(_body(one, margin, paint))
        blocks.setdefault((one.image, *body), []).append(one)
    parts = [
        "".join(f"{line}\n" for line in (_head(same, paint), *body))
        for (_, *body), same in blocks.items()
    ]
    return "\n".join(parts)


def table(projects: Sequence[HardenedProject], paint: Paint) -> str:
    """Return a table: a line for each project, and what is left in it."""
    rows = [_COLUMNS, *map(_row, projects)]
    widths = [max(columns(row[at]) for row in rows) for at in range(len(_COLUMNS) - 1)]
    lines: list[str] = []
    for row in rows:
        name, *numbers = row[:-1]
        cells = [name + " " * (widths[0] - columns(name))]
        cells += (one.rjust(width) for one, width in zip(numbers, widths[1:], strict=True))
        line = "  ".join((*cells, row[-1])).rstrip()
        lines.append(paint("bold", line) if row is _COLUMNS else line)
    return "".join(f"{line}\n" for line in lines)


def _row(one: HardenedProject) -> tuple[str, ...]:
    title, plan = brief_name(one.title, 100), one.plan
    if plan is None:
        return title, "-", "-", "-", brief(f"not checked: {one.reason}", 100)
    patched = [service for service in plan.services if service.patches]
    counts = len(plan.services), len(patched), len(one.left)
    return title, *map(str, counts), brief(one.why_left, 100)


def summary(plans: Sequence[HardeningPlan], *, written: str = "") -> str:
    """Return sentences about the plans; ``written`` names the files that were written."""
    services = [one for plan in plans for one in plan.services]
    hardened = [one for one in services if one.patches]
    total = counted(len(services), plans[0].after.noun if plans else "service")
    verb = "Hardened" if written else "Would harden"
    done = sum(not one.patches and not one.left and one.gap is None for one in services)
    rest = (
        f"; {'another one lacks' if done == 1 else f'{done} others lack'} nothing" if done else ""
    )
    lines = [f"{verb} {len(hardened)} of {total}{f' in {written}' if written else ''}{rest}."]
    if not hardened:
        lines = [f"Nothing to write for {total}."]
    elif not written:
        has_override = len(plans) == 1 and plans[0].after.noun == "service"
        override = ", `--to FILE` writes an override file next to them," if has_override else ""
        lines.append(f"`--write` changes the files{override} and `--diff` shows the patch.")
    if hardened:
        lines.append("`tightship image NAME` prints the source of each fact about an image.")
    return "".join(f"{line}\n" for line in lines)


def others(plans: Sequence[HardeningPlan], check: str) -> str:
    """Return how many errors and warnings are left, with the command that explains them.

    ``check`` is that command. A Dockerfile that several projects build counts once.
    """
    left = {
        (one.span.source.name, one.rule.name, one.fingerprint): one
        for plan in plans
        for one in plan.after.findings
        if one.severity > Severity.INFO
    }.values()
    if not left:
        return ""
    found = ", ".join(
        counted(count, severity.word)
        for severity in (Severity.ERROR, Severity.WARNING)
        if (count := sum(one.severity is severity for one in left))
    )
    fixable = sum(one.finding.fix is not None for one in left)
    fixes = f"; with `--diff --all-fixes`, `check` shows {counted(fixable, 'fix', 'fixes')}"
    return f"Left: {found}, which `{check}` explains{fixes if fixable else ''}.\n"


def next_step(plans: Sequence[HardeningPlan]) -> str:
    """Return how to find out more, if the facts do not suffice for a hardening."""
    tried = [plan for plan in plans if plan.before.noun == "service"]  # it starts Compose projects
    services = [one for plan in tried for one in plan.services if not one.was_tried]
    if not any(left.why for service in services for left in service.left):
        return ""
    return (
        "`tightship try` can find out more: it starts a copy of the project on your container"
        " engine.\n"
    )


def of_project(one: HardenedProject) -> dict[str, Json]:
    """Return one of several projects as plain data for JSON."""
    return {**as_data(one), "not_checked": one.reason or None}


def as_data(project: HardenedProject) -> dict[str, Json]:
    """Return the plan of a project as plain data for JSON."""
    plan = project.plan
    return {
        "services": [
            {
                "name": one.name,
                "image": one.image,
                "file": one.span.source.name,
                "line": one.span.line,
                "not_checked": without_secrets(one.gap.reason) if one.gap is not None else None,
                "patches": [_patch_data(patch) for patch in one.patches],
                "left": [_left_data(left) for left in one.left],
            }
            for one in (plan.services if plan is not None else ())
        ],
        "gaps": project.gaps,
    }


def _left_data(left: RemainingWeakness) -> Json:
    return {
        "rule": left.judged.rule.name,
        "message": left.judged.finding.message,
        "reason": left.why,
    }


def _patch_data(patch: Patch) -> Json:
    return {
        "rule": patch.rule,
        "settings": {key: _json(held) for key, held in patch.settings.items()},
        "grade": patch.grade,
        "proof": patch.proof or None,
        "sources": [
            {"grade": source.grade, "where": source.where, "file": source.place or None}
            for source in patch.sources
        ],
    }


def _json(value: Plain) -> Json:
    if isinstance(value, str):
        return value
    if is_mapping(value):
        return {key: _json(held) for key, held in value.items()}
    return [_json(held) for held in value]


def _head(same: Sequence[ServicePlan], paint: Paint) -> str:
    names = ", ".join(paint("bold", brief(one.name)) for one in same)
    image = f" ({brief(same[0].image, 100)})" if same[0].image else ""
    return f"{names}{image} {paint('dim', same[0].span.place)}"


def _body(one: ServicePlan, margin: int, paint: Paint) -> Iterator[str]:
    if one.gap is not None:
        yield f"  {paint('warning', f'not checked: {brief(without_secrets(one.gap.reason))}')}"
    for patch in one.patches:
        first, *others = _lines(one, patch)
        gap = " " * max(margin - columns(first), 0)
        yield f"  {paint('added', f'+ {first}')}{gap}  {paint('dim', patch.proof)}"
        yield from (f"  {paint('added', f'+ {line}')}" for line in others)
    own = {str(s): s for patch in one.patches for s in patch.sources if s.place}
    yield from (f"  {paint('dim', brief(source, 300))}" for source in own)
    yield from _left(one.left)
    if not (one.patches or one.left or one.gap):
        yield "  nothing to harden"


def _lines(one: ServicePlan, patch: Patch) -> list[str]:
    """Return a line for each key with its value, as the file has them."""
    texts = (f"`{key}: {flow(value, _STYLE)}`" for key, value in patch.settings.items())
    return [brief(one.worded(text)[1:-1], 300) for text in texts]


def _left(left: Sequence[RemainingWeakness]) -> Iterator[str]:
    """Yield a line for each reason, and one for each finding that people decide on."""
    by_reason: dict[str, list[str]] = {}
    for one in left:
        if one.why:
            word = one.judged.rule.measure
            by_reason.setdefault(one.why, []).append(word)
    for why, words in by_reason.items():
        yield f"  left: {', '.join(words)}: {brief(why)}"
    for one in left:
        if not one.why:
            yield f"  left: {brief(one.judged.finding.message)} [{one.judged.rule.name}]"
