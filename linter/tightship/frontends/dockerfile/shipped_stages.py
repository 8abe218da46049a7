"""The stages of a build whose layers are part of an image."""

from __future__ import annotations

from tightship.lazy import lru_cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.frontends.dockerfile.build import Build
    from tightship.frontends.dockerfile.stage import Stage


@lru_cache(maxsize=1)
def shipped_stages(build: Build) -> frozenset[Stage]:
    """Return the stages whose layers are those of an image.

    These are the last stage, every stage that no other one needs, because it can only
    be built for itself, and the stages that they are based on. From the others only
    files are copied; their layers stay on the build machine.
    """
    needed = {source for stage in build.stages for source in stage.sources}
    found: set[Stage] = set()
    for stage in build.stages:
        one: Stage | None = stage
        if stage in needed and stage is not build.stages[-1]:
            continue
        while one is not None and one not in found:
            found.add(one)
            one = one.base_stage
    return frozenset(found)
