"""What a change does to Dockerfiles that no service builds: users of images, rights of steps."""

from __future__ import annotations

from tightship.engine.compare.change import MechanismChange, ProjectChange, ServiceChange
from tightship.engine.load.dockerfiles import load_dockerfile
from tightship.isolation.state import NONE, State, direction, image_states
from tightship.text import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tightship.engine.disk.git_tree import Trees
    from tightship.engine.verdict import Verdict
    from tightship.frontends.dockerfile.stage import Stage
    from tightship.isolation.loaded_project import LoadedProject


def dockerfile_changes(sides: Trees, verdicts: Iterable[Verdict]) -> Iterator[ProjectChange]:
    """Yield the changes of the Dockerfiles that some verdicts on one side are about."""
    for loaded, name in ((one.project, one.sources[0].name) for one in verdicts):
        if loaded is None or loaded.compose is not None or loaded.built is None:
            continue
        files, former = sides.before.apart(), sides.renamed.get(name, name)
        source = files.read_dockerfile(former)
        if not isinstance(source, Source):
            continue
        old, new = _stages(load_dockerfile(files, source)), _stages(loaded)
        changes = (_change(old[key], one) for key, one in new.items() if key in old)
        found = tuple(one for one in changes if one is not None)
        if found:
            yield ProjectChange(name, "changed", found, former=former if former != name else "")


def _stages(loaded: LoadedProject) -> dict[str, Stage]:
    """Return the stages of the first build by their titles; the last has none."""
    builds = loaded.built.builds if loaded.built is not None else ()
    stages = [*builds[0].stages] if builds else []
    return {one.title if one is not stages[-1] else "": one for one in stages}


def _change(before: Stage, after: Stage) -> ServiceChange | None:
    old, new = image_states(before), image_states(after)
    rows = [
        MechanismChange(*key, a, b, direction(key[0], a, b))
        for key in {**old, **new}
        for a, b in [(old.get(key) or State(NONE), new.get(key) or State(NONE))]
        if a.meaning != b.meaning
    ]
    if not rows:
        return None
    span = after.instruction.span
    return ServiceChange(after.title, "changed", "", "", span, tuple(rows), noun="image")
