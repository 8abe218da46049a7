"""One repository as a row of plain data, from the API: what machine.py and Spark write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import tightship

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    Row = dict[str, Any]

# The configuration of a repository does not decide what an organisation sees.
_OPTIONS = tightship.Options(no_config=True)

# The mechanisms that a trial can make strong.
_TRIED = ("root file system", "capabilities")


def check_folder(folder: Path) -> Row:
    """Return the row of a clone: all that is below a folder."""
    return _row(folder.name, tightship.check(folder, options=_OPTIONS))


def check_repository(repository: str, texts: Mapping[str, str | bytes]) -> Row:
    """Return the row of a repository, of which only texts are here."""
    try:
        return _row(repository, tightship.check_texts(texts))
    except ValueError as error:  # a path that leaves the repository
        return _row(repository, None, str(error))


def _row(repository: str, result: tightship.Result | None, problem: str | None = None) -> Row:
    return {
        "repository": repository,
        "gaps": result.gaps if result is not None else 0,
        "problem": problem,
        "findings": [
            {
                "path": one.path,
                "line": one.start.line,
                "column": one.start.column,
                "rule": one.rule,
                "severity": one.severity,
                "subject": one.subject,
                "message": one.message,
                "fingerprint": one.fingerprint,
            }
            for one in (result.findings if result is not None else ())
        ],
        "profiles": [
            {
                "path": one.path,
                "line": one.start.line,
                "service": one.service,
                "image": one.image,
                "best": one.best,
                "worst": one.worst,
                "weaknesses": [word for part in one.mechanisms for word in part.weaknesses],
                "to_try": [
                    part.name
                    for part in one.mechanisms
                    if part.name in _TRIED and part.mark == "weak" and part.fix is None
                ],
            }
            for one in (result.profiles if result is not None else ())
        ],
    }
