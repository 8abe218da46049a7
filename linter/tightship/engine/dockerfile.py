"""The verdict on a Dockerfile that no service builds."""

from __future__ import annotations

import os

from tightship.engine.acceptance.suppression import judged
from tightship.engine.subjects.images import Images
from tightship.engine.verdict import Verdict
from tightship.findings import Gap
from tightship.syntax.dockerfile.instruction import FORMS
from tightship.text import Source, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tightship.engine.discovery.find import Found
    from tightship.engine.disk.files import Files
    from tightship.engine.judge.runner import RuleRunner
    from tightship.syntax.dockerfile.nodes import Dockerfile

_NAMES = frozenset(("dockerfile", "containerfile"))


def check_dockerfile(
    files: Files,
    found: Found,
    runner: RuleRunner,
    check_cancelled: Callable[[], None] | None = None,
) -> Iterator[Verdict]:
    """Judge a Dockerfile by itself: its default target is what is run.

    A sweep passes over what only has the name of one.
    """
    runner.load_rules("dockerfile")
    name = files.name(found.path) or found.path
    source = files.read_dockerfile(found.path)
    if not isinstance(source, Source):
        nothing = Source(name, "")
        gap = Gap(Span(nothing, 0, 0), source.message)
        settled = judged(runner, [gap], {}, ())
        yield Verdict(
            files.root,
            (nothing,),
            settled.kept,
            services=0,
            gaps=settled.gaps,
            accepted=settled.accepted,
        )
        return
    images = Images(files)
    images.alone(source)
    if found.kind != "named" and not _is_one(found.path, images.files[source.name]):
        return
    comments = images.suppressions()
    places = images.places()
    settled = judged(runner, images.subjects(), places, comments, check_cancelled)
    yield Verdict(
        files.root,
        (source,),
        settled.kept,
        services=0,
        gaps=settled.gaps,
        accepted=tuple(settled.accepted),
        secrets=settled.secrets,
        builders={source.name: ()},
    )


def _is_one(path: str, file: Dockerfile) -> bool:
    """Tell whether a file is a Dockerfile by its whole name, or by what is in it."""
    if os.path.basename(path).lower() in _NAMES:
        return True
    return any(one.name in FORMS for one in file.instructions)
