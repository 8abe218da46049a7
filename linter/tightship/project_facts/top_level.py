"""What the networks, volumes, configs and secrets at the top level say of themselves."""

from __future__ import annotations

from tightship.model.value import MappingValue, ScalarValue
from tightship.project_facts.values import Scalar, maybe
from tightship.values import scalar

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.model.project import Project
    from tightship.text import Span

_IMPLIED = ("default", "")  # the network of each project, and those of the engine


def is_external(project: Project, section: str, name: str, span: Span) -> Scalar:
    """Return whether a part is made elsewhere; ``external: {name: …}`` is the old spelling."""
    return top_level_switch(project, section, name, "external", span)


def top_level_switch(project: Project, section: str, name: str, key: str, span: Span) -> Scalar:
    """Return a switch of a part, which is off where it is absent; ``span`` is then its place.

    Of a part that no file declares, nothing is known: Compose refuses to start, unless a file
    of the platform declares it.
    """
    table = project.table(section, name)
    found = table.get(key) if table is not None else None
    if isinstance(found, MappingValue):
        return Scalar(found.span, value=True)
    if not isinstance(found, ScalarValue) or found.is_null:
        is_declared = name in _IMPLIED or (project.root and project.root.get(section, name))
        known = table is not None or bool(project.complete and is_declared)
        return Scalar(span, False if known else None, known=known)
    return maybe(found.span, scalar.as_bool(found.text) if found.decided else None)
