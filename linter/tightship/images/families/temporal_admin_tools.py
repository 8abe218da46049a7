"""The tools of Temporal.

The container sleeps, as `temporal`, so that its programs can be run in it.
"""

from __future__ import annotations

from tightship.images.facts import User, derived
from tightship.images.family import Family

_DOCKERFILE = derived("temporalio/docker-builds@d0ab85e18601, admin-tools.Dockerfile")

FAMILY = Family(
    names=("temporalio/admin-tools",),
    summary="the command line of Temporal",
    holds_for="version 1.10 to 1.29",
    programs=(),
    user=(User("temporal", _DOCKERFILE),),
)
