"""The projects of a file: its own, or those above it that build or include it."""

from __future__ import annotations

import os

from tightship.engine.plan.candidates import Candidate, language_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from tightship.engine.plan.file_sets import FileSet
    from tightship_lsp.judging.project import JudgedProject


def projects_of(
    path: str,
    language: str | None,
    mains: Sequence[Candidate],
    file_sets: Sequence[FileSet],
    judged: Callable[[Candidate], JudgedProject],
    *,
    holders: Iterable[str],
    chosen: bool = False,
) -> list[JudgedProject]:
    """Return the projects that a file belongs to.

    Args:
        path: the absolute path of the file.
        language: ``compose``, ``dockerfile``, or None for another file, as `.env`.
        mains: the main files of its folder and of those above it, the nearest first.
        file_sets: the projects that the configuration for its folder defines.
        judged: judges a candidate, and returns its project.
        holders: the paths of those that may build or include it, and of other files that do.
        chosen: whether the user chose the language, so that neither the file's name nor
            its content decides.

    """
    known = _nearest(mains)

    def head(path: str) -> JudgedProject:
        return judged(known.get(path) or Candidate(path, "side", None, "compose"))

    own = dict.fromkeys(one.paths[0] for one in file_sets if path in one.paths)
    if own:
        return list(map(head, own))
    # A file set of the same configuration may build or include the file, too.
    above = map(head, dict.fromkeys((*holders, *(one.paths[0] for one in file_sets))))
    if language == "dockerfile":
        return [project for project in above if project.builds(path)]
    if language is None:
        return [project for project in above if project.concerns(path)]
    # A file that another project includes is not checked as a separate project.
    inside = [one for one in above if one.path != path and path in one.members]
    return inside or [judged(known.get(path) or _alone(path, mains, chosen=chosen))]


def _nearest(mains: Sequence[Candidate]) -> dict[str, Candidate]:
    """Return main files by path: a folder above may list the same file in its `.env`."""
    known: dict[str, Candidate] = {}
    for one in mains:
        known.setdefault(one.path, one)
    return known


def _alone(path: str, mains: Sequence[Candidate], *, chosen: bool) -> Candidate:
    """Return the candidate for a Compose file that is no main file."""
    folder, name = os.path.split(path)
    main = next((main.path for main in mains if main.folder == folder), None)
    if chosen and language_of(name) != "compose":
        return Candidate(path, "named", main, None)
    return Candidate(path, "side", main, "compose")
