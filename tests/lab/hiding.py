"""What of a stand-in's image a ``tmpfs`` hides, and whether the server misses it.

The facts name what the image has to keep. Each is hidden by a ``tmpfs`` at the folder in
which it lies, with which the server must not work; then Tightship fixes the file, with
which it has to work again.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from tests.lab.engine import LabError
from tests.lab.fixes import fixed
from tests.lab.hardening import Expected, run_trial
from tests.lab.stand_ins import build
from tests.lab.variants import with_keys

from tightship.frontends.compose.loading.load import Loading
from tightship.frontends.compose.project import ComposeProject
from tightship.isolation.containers import containers
from tightship.text import Source

if TYPE_CHECKING:
    from tests.lab.engine import Engine
    from tests.lab.stand_ins import StandIn

    from tightship.images.facts import Content


def hidden(engine: Engine, stand_in: StandIn) -> dict[str, str]:
    """Return what fails, by the path of the image that is hidden.

    Raises:
        LabError: A server works without what the facts say that it needs, or does not
            work after Tightship's fixes.
    """
    contents = _contents(stand_in)
    if not contents:
        return {}
    build(engine, stand_in)
    plain = run_trial(engine, stand_in, stand_in.compose, Expected(frozenset()))
    if plain.failed:
        raise LabError(f"the plain file does not work: {plain.failed}")
    expected = Expected(plain.users, 2 * plain.answer + 8, plain.stop, plain.stops)
    found = dict[str, str]()
    for content in contents:
        parent = str(PurePosixPath(content.path).parent)
        text = with_keys(stand_in.compose, {"tmpfs": [parent]})
        failed = run_trial(engine, stand_in, text, expected, last="start").failed
        if not failed:
            raise LabError(f"works without {content.path}")
        found[content.path] = failed
        after = run_trial(engine, stand_in, fixed(text), expected).failed
        if after:
            raise LabError(f"{content.path}: does not work after the fixes: {after}")
    return found


def _contents(stand_in: StandIn) -> tuple[Content, ...]:
    """Return what the image keeps and needs with the plain file."""
    loading = Loading(_Text(stand_in.compose))
    [container] = containers(ComposeProject(loading, ["compose.yaml"], complete=True))
    needs = container.image_needs
    return needs.certain_contents if needs is not None else ()


class _Text:
    """A disk that holds one file."""

    def __init__(self, text: str) -> None:
        self.text = text

    def read(self, path: str) -> Source:
        return Source(path, self.text)
