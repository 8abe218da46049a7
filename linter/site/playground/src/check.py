"""What the worker calls, from JSON to JSON: a check, and all fixes at once.

A check answers with the fields of ``tightship.Result``, and with what that has not: the
map of each project, and what has changed since the texts that the page remembers. The
functions import what a check does not need: the snapshot has to fit into the memory with
which Python begins in a browser.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import tightship
from tightship.api.results import result_of
from tightship.engine import check as engine
from tightship.engine.plan.config_files import Configs
from tightship.engine.plan.planning import plan_texts
from tightship.engine.settings import CommandLine
from tightship.engine.verdict import JudgedFinding, Verdict

if TYPE_CHECKING:
    from tightship_annexes.review.html.drawing import Drawing

VERSION = tightship.__version__

Texts = Mapping[str, str]


def answer(request: str) -> str:
    """Answer a request: one with ``fix`` is about all fixes with that effect, others a check."""
    asked = json.loads(request)
    texts, configs = asked["texts"], _configs(asked["select"])
    if asked.get("fix"):
        return json.dumps(_fixed(texts, configs, asked["fix"]))
    verdicts = [*engine.check(plan_texts(texts, configs))]
    data = _fields(result_of(verdicts, root=""))
    data["maps"] = [*_maps(verdicts)]
    before = asked.get("before")
    data["changes"] = None if before is None else _changes(before, texts, configs)
    return json.dumps(data, default=_fields)


def _configs(select: Sequence[str]) -> Configs:
    return Configs(CommandLine(select), isolated=True, baselines=False)


def _fields(value: Any) -> dict[str, Any]:
    """Return the fields of a dataclass; ``asdict`` would copy all that is in them."""
    return {name: getattr(value, name) for name in value.__slots__}


def _fixed(texts: Texts, configs: Configs, effect: str) -> dict[str, Any]:
    """Return the texts that all fixes change, as after them, and how many findings they fix."""
    from tightship.engine.disk.git_tree import TextFiles
    from tightship.engine.fix.fixes import FixSelection
    from tightship.engine.fix.run import Fixing

    class WithEffect(FixSelection):
        def takes(self, judged: JudgedFinding) -> bool:
            fix = judged.finding.fix
            return fix is not None and fix.effect.value == effect

    fixing = Fixing(WithEffect(), write=False)
    for _ in engine.check(plan_texts(texts, configs), engine.Filters(fixing=fixing)):
        pass
    top = TextFiles(texts).root
    changed = {
        one.path.removeprefix(top).lstrip("/"): one.source.marked(one.text)
        for one in fixing.changes
    }
    return {"texts": changed, "count": len(fixing.resolved), "left": len(fixing.unresolved)}


def _maps(verdicts: Sequence[Verdict]) -> Iterator[dict[str, Any]]:
    """Yield who reaches what in each project: the sentences, the paths, and the picture."""
    from tightship.report.redaction import PlaceRedaction
    from tightship_annexes.review.html.project_view import MapView

    for verdict in verdicts:
        profiles = verdict.project.profiles() if verdict.project is not None else ()
        if not profiles:
            continue
        view = MapView(profiles, PlaceRedaction(verdict))
        yield {
            "name": verdict.sources[0].name,
            "heading": view.heading,
            "counts": view.counts,
            "change": view.change,
            "paths": view.paths,
            "more_paths": view.more_paths,
            "doubts": view.doubts,
            "drawing": _drawing(view.drawing) if view.drawing is not None else None,
        }


def _drawing(drawing: "Drawing") -> dict[str, Any]:
    return {
        "width": drawing.width,
        "height": drawing.height,
        "boxes": [
            {
                "kind": one.kind,
                "title": one.title,
                "lines": one.lines,
                "x": round(one.x),
                "y": round(one.y),
                "width": one.width,
                "height": one.height,
            }
            for one in drawing.boxes
        ],
        "lines": [
            {
                "kind": one.kind,
                "path": drawing.path(one),
                "arrow": one.arrow,
                "certain": one.certain,
            }
            for one in drawing.lines
        ],
    }


def _changes(before: Texts, after: Texts, configs: Configs) -> dict[str, Any]:
    """Return what the change of some texts does to each service, as ``tightship diff``."""
    from tightship.engine.disk.git_tree import TextFiles
    from tightship.engine.plan.planning import plan_tree
    from tightship_annexes.review.compare.compare import compare
    from tightship_annexes.review.compare.revision import Revision
    from tightship_annexes.review.report import text as comparing

    def side(name: str, texts: Texts) -> Revision:
        files = TextFiles(texts)
        return Revision(name, files, plan_tree(files, configs, lambda _: False))

    found = compare(side("before", before), side("after", after))
    return {
        "summary": comparing.summary(found),
        "services": [
            {
                "name": one.name,
                "kind": comparing.kind_of(one),
                "direction": one.direction,
                "grades": [one.before, one.after],
                "lines": [
                    {
                        "direction": line.direction,
                        "what": line.what,
                        "text": line.text,
                        "places": line.places,
                    }
                    for line in comparing.lines_of(one)
                ],
            }
            for one in found.services
        ],
        "gaps": [comparing.gap_text(one) for one in found.gaps],
    }
