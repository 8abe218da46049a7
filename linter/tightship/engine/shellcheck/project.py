"""The comments of ShellCheck on the scripts of a project."""

from __future__ import annotations

from itertools import islice

from tightship.engine.settings.selection import MissingExtraError
from tightship.engine.shellcheck.answers import shellcheck
from tightship.engine.shellcheck.program import NoAnswerError
from tightship.findings import Gap
from tightship.scripts.of_dockerfile import snippets_of_build
from tightship.scripts.snippet import comments

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.isolation.loaded_project import LoadedProject
    from tightship.scripts.snippet import ShellComment, Snippet

_MOST = 5_000


def shell_comments(loaded: LoadedProject) -> Iterator[ShellComment | Gap]:
    """Yield the comments on the scripts of a project, and a gap for each without answer."""
    found = _snippets(loaded)
    snippets = list(islice(found, _MOST))
    asked = shellcheck()
    for left in islice(found, 1):
        reason = f"ShellCheck reads the first {_MOST:,} scripts of a project only"
        yield Gap(left.whole, reason)
    try:
        asked.expect(one.script for one in snippets)
        for snippet in snippets:
            try:
                answers = asked.answers(snippet.script)
            except NoAnswerError as error:
                yield Gap(snippet.whole, f"ShellCheck has not read this script: {error}")
            else:
                yield from comments(snippet, answers)
    except MissingExtraError as error:
        yield Gap(snippets[0].whole, f"no script was checked: {error}")


def expect(loaded: LoadedProject) -> None:
    """Announce the scripts of a project, which will be judged later."""
    shellcheck().expect(one.script for one in islice(_snippets(loaded), _MOST))


def _snippets(loaded: LoadedProject) -> Iterator[Snippet]:
    if loaded.compose is not None:
        from tightship.scripts.of_compose import snippets_of_container

        for container in loaded.containers:
            yield from snippets_of_container(container)
    if loaded.built is not None:
        for build in loaded.built.builds:
            yield from snippets_of_build(build)
