"""Tightship: a static linter for what isolates containers."""

from __future__ import annotations

__version__ = "0.1.0"
__all__ = ["Finding", "Result", "__version__", "check", "check_text"]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.api import Finding, Result, check, check_text


def __getattr__(name: str) -> object:
    """Load the API when it is first asked for: the command line does without."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from tightship import api

    return getattr(api, name)
