"""The facts about the file that has something: its place, its purpose, and what a change does."""

from __future__ import annotations

import posixpath

from tightship.project_facts.tables import labels
from tightship.project_facts.values import Beyond, Fact, Group, Scalar

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from tightship.isolation.container import Container
    from tightship.isolation.loaded_project import Surroundings
    from tightship.text import Span

    Asked = tuple[Span, Surroundings]


def _told(kind: str) -> Callable[[Asked], Scalar]:
    def read(asked: Asked) -> Scalar:
        span, around = asked
        found, place = getattr(around, kind)(span.source.name)
        return Scalar(place or span, found, known=found is not None)

    return read


def _change(asked: Asked) -> Scalar:
    span, around = asked
    found = around.change(span.source.name)
    return Scalar(span, found, known=found is not None)


def read_files(container: Container) -> None:
    """Read the files of a service that facts alone may ask for, so that a change of them counts."""
    labels(container)
    _ = container.seccomp_profile


FILE = Group(
    "file",
    "the file that has something",
    {
        "path": Fact(
            "text",
            "its path, from the folder that is checked",
            lambda span: Scalar(span, span.source.name),
        ),
        "name": Fact(
            "text",
            "its name without folders",
            lambda span: Scalar(span, posixpath.basename(span.source.name)),
        ),
        "folder": Fact(
            "text",
            "the folder of its path; `.` at the top",
            lambda span: Scalar(span, posixpath.dirname(span.source.name) or "."),
        ),
        "purpose": Beyond(
            "text",
            "its purpose: `product`, `development`, `test`, `fixture` (which tests only read),"
            " `build` (an image that only builds), `example` or `vendored`",
            _told("purpose"),
            words="product development test fixture build example vendored",
        ),
        "loading": Beyond(
            "text",
            "how it loads: `alone` (a project), `overlay` (merged over other files), `part`"
            " (included, or extended from), `supplied` (a platform adds what it lacks),"
            " `template`, or `other` (not of Compose)",
            _told("loading"),
            words="alone overlay part supplied template other",
        ),
        "change": Beyond(
            "text",
            "what a change does to it: `added`, `changed`, `removed` or `unchanged`",
            _change,
            words="added changed removed unchanged",
        ),
    },
)
