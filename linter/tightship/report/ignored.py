"""The comments that a run adds, in sentences."""

from __future__ import annotations

from tightship.engine.fix.ignores import AddingIgnores
from tightship.engine.fix.run import Fixing
from tightship.report.fixed import fix_summary
from tightship.report.place import Place
from tightship.report.terminal import brief
from tightship.report.wording import counted, names_counted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.engine.fix.run import Rewriting

_MOST_LEFT = 10


def rewriting_summary(rewriting: Rewriting, *, written: bool) -> str:
    """Return what a run has rewritten, or would rewrite, in sentences."""
    if isinstance(rewriting, Fixing):
        return fix_summary(rewriting, written=written)
    if isinstance(rewriting, AddingIgnores):
        return _summary(rewriting, written=written)
    raise TypeError(rewriting)


def _summary(adding: AddingIgnores, *, written: bool) -> str:
    lines = list[str]()
    if adding.accepted:
        verb = "Accepted" if written else "Would accept"
        files = len({change.path for change in adding.changes})
        names = names_counted(judged.rule.name for judged in adding.accepted)
        lines.append(
            f"{verb} {counted(len(adding.accepted), 'finding')} by comments in"
            f" {counted(files, 'file')}: {names}."
        )
    elif not adding.left and not adding.refused:
        lines.append("Nothing to accept.")
    for left in adding.left[:_MOST_LEFT]:
        place = Place(left.judged.span)
        lines.append(
            f"Not accepted: {place.path}:{place.line}: {left.judged.rule.name}: {left.reason}."
        )
    if len(adding.left) > _MOST_LEFT:
        lines.append(f"Not accepted: {len(adding.left) - _MOST_LEFT} others.")
    lines += (f"Not written: {brief(reason)}." for reason in adding.refused)
    return "".join(f"{line}\n" for line in lines)
