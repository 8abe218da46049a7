"""Roles that the configuration gives, in place of those that a repository shows."""

from __future__ import annotations

from tightship.engine.roles.role import Role
from tightship.frontends.invocations.found import Evidence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from tightship.config.settings import RoleDefinition, Settings
    from tightship.engine.roles.role import Loading, Purpose

_LOADINGS: dict[str, Loading] = {
    "alone": "alone",
    "overlay": "overlay",
    "part": "part",
    "supplied": "supplied",
    "template": "template",
    "other": "other",
}
_PURPOSES: dict[str, Purpose] = {
    "product": "product",
    "development": "development",
    "test": "test",
    "fixture": "fixture",
    "build": "build",
    "example": "example",
    "vendored": "vendored",
}


def given_role(path: str, settings: Settings | None, decided: Callable[[str], Role]) -> Role | None:
    """Return the role that settings give a file; ``decided`` returns what they leave open."""
    if settings is None or not settings.roles:
        return None
    from tightship.engine.settings.rule_settings import Paths

    covering = [one for one in settings.roles if Paths(one.paths, settings.folder).cover(path)]
    if not covering:
        return None
    role = decided(path)
    for one in covering:
        evidence = Evidence(_place(one), "gives its role")
        if one.loading:
            role = Role(_LOADINGS[one.loading], role.purpose, (), (evidence,))
        if one.purpose:
            role = role.replaced(purpose=_PURPOSES[one.purpose], evidence=(evidence,))
    return role


def _place(given: RoleDefinition) -> str:
    source = given.place.source
    line, _ = source.point(given.place.start)
    return f"{source.name}:{line + 1}"
