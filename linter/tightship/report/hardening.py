"""The report of ``tightship harden``: what is written for each service, and what is left."""

from __future__ import annotations

from tightship.findings import Severity
from tightship.lazy import TYPE_CHECKING, Record
from tightship.report.redaction import without_secrets
from tightship.report.terminal import brief, brief_name, columns
from tightship.report.text import wrapped
from tightship.report.wording import counted
from tightship.syntax.yaml.layout import Style, flow, is_mapping

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tightship.engine.harden.plan import HardeningPlan, Patch, RemainingWeakness, ServicePlan
    from tightship.report.json import Json
    from tightship.report.terminal import Paint
    from tightship.syntax.yaml.layout import Plain

_STYLE = Style()
_WIDEST = 60  # of settings beside which their proof stands
_WIDTH = 100  # columns of a line
_MOST_NAMES, _LONGEST_IMAGE, _LONGEST_TITLE = 8, 60, 50
_COLUMNS = ("project", "services", "patched", "left", "")


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
        "".join(f"{line}\n" for line in (*_head(same, paint), *body))
        for (_, *body), same in blocks.items()
    ]
    return "\n".join(parts)


def folded(line: str, indent: str = "") -> Iterator[str]:
    """Break a line that is wider than a screen between words."""
    yield from (indent + part for part in wrapped(line.split(" "), _WIDTH - len(indent)))


def table(projects: Sequence[HardenedProject], paint: Paint) -> str:
    """Return a table: a line for each project, with why it was not checked, if it was not."""
    rows = [_COLUMNS, *map(_row, projects)]
    widths = [max(columns(row[at]) for row in rows) for at in range(len(_COLUMNS) - 1)]
    lines: list[str] = []
    for row in rows:
        name, *numbers = row[:-1]
        cells = [name + " " * (widths[0] - columns(name))]
        cells += (one.rjust(width) for one, width in zip(numbers, widths[1:], strict=True))
        room = _WIDTH - sum(widths) - 2 * len(widths)
        line = "  ".join((*cells, brief(row[-1], room - 3))).rstrip()
        lines.append(paint("bold", line) if row is _COLUMNS else line)
    return "".join(f"{line}\n" for line in lines)


def _row(one: HardenedProject) -> tuple[str, ...]:
    title, plan = brief_name(one.title, _LONGEST_TITLE), one.plan
    if plan is None:
        return title, "-", "-", "-", f"not checked: {one.reason}"
    patched = [service for service in plan.services if service.patches]
    counts = len(plan.services), len(patched), len(one.left)
    return title, *map(str, counts), ""


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
    return "".join(f"{part}\n" for line in lines for part in folded(line))


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
    line = f"Left: {found}, which `{check}` explains{fixes if fixable else ''}."
    return "".join(f"{part}\n" for part in folded(line))


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


def _head(same: Sequence[ServicePlan], paint: Paint) -> Iterator[str]:
    names = ", ".join(paint("bold", brief_name(one.name, 60)) for one in same[:_MOST_NAMES])
    if len(same) > _MOST_NAMES:
        names += f" and {counted(len(same) - _MOST_NAMES, 'other')}"
    image = f" ({brief_name(same[0].image, _LONGEST_IMAGE)})" if same[0].image else ""
    yield from folded(f"{names}{image} {paint('dim', same[0].span.place)}")


def _body(one: ServicePlan, margin: int, paint: Paint) -> Iterator[str]:
    if one.gap is not None:
        why = f"not checked: {brief(without_secrets(one.gap.reason))}"
        yield from (paint("warning", line) for line in folded(why, "  "))
    for patch in one.patches:
        first, *others = _lines(one, patch)
        gap = " " * max(margin - columns(first), 0)
        added, *more = folded(f"+ {first}", "  ")
        yield f"{paint('added', added)}{gap}  {paint('dim', patch.proof)}"
        more += (part for line in others for part in folded(f"+ {line}", "  "))
        yield from (paint("added", line) for line in more)
    own = {str(s): s for patch in one.patches for s in patch.sources if s.place}
    lines = (line for source in own for line in folded(brief(source, 300), "  "))
    yield from (paint("dim", line) for line in lines)
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
        yield from folded(f"left: {', '.join(words)}: {brief(why)}", "  ")
    for one in left:
        if not one.why:
            text = f"left: {brief(one.judged.finding.message)} [{one.judged.rule.name}]"
            yield from folded(text, "  ")
