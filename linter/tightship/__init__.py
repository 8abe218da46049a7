"""Tightship: a static linter for what isolates containers."""

from __future__ import annotations

__version__ = "0.1.0"

REPOSITORY = ""
"""The web address of the repository, without a slash at the end.

It is empty until the owner publishes the project. All addresses of the project come from
it: those of rule pages in reports, and those in the metadata of packages, which
``make generate`` writes.
"""

__all__ = [
    "Finding",
    "Options",
    "Result",
    "__version__",
    "check",
    "check_text",
    "check_texts",
    "facts",
]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.api import Finding, Options, Result, check, check_text, check_texts, facts


def __getattr__(name: str) -> object:
    """Load the API when it is first asked for: the command line does without."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from tightship import api

    return getattr(api, name)
