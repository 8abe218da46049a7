"""The user of a process: Compose's ``user`` and Dockerfile's ``USER``."""

from __future__ import annotations

from tightship.lazy import regex
from tightship.values.variable import mask

_ZERO = regex(r"[+-]?0+")


def is_root(text: str) -> bool | None:
    """Return whether ``user`` or ``user:group`` is root; ``None`` if a hole decides.

    Neither is ``toor`` decided, which images have as a second name of root.

    Root is the name and every spelling of 0 that Go's strconv.Atoi reads. A group alone
    (``:0``) leaves the user at its default, which is 0 (moby's user package,
    GetExecUser). An empty text leaves the user to the image.
    """
    user, colon, _ = mask(text).partition(":")
    if "\0" in user or user == "toor":
        return None
    group_alone = colon != "" and not user
    return user == "root" or _ZERO.fullmatch(user) is not None or group_alone
