"""The purpose of a file by the grade of its evidence.

Settings *say* it, before this module is asked. A path *shows* it, and so do commands and tests
that use the file, unless it is pushed, deployed or always restarted: then it is a product.
Everything else *hints*, which lowers nothing: the owner of the file is asked about it.
"""

from __future__ import annotations

import posixpath

from tightship.engine.roles.purpose import Purposes, hinted
from tightship.engine.roles.role import Claim
from tightship.engine.roles.sign_words import may_have_signs
from tightship.engine.roles.signs import lasting
from tightship.engine.roles.told import Told, readme_signs
from tightship.engine.roles.tree import is_image
from tightship.frontends.invocations.found import Evidence
from tightship.lazy import TYPE_CHECKING
from tightship.values.compose_name import MAIN_NAMES, OVERRIDE_NAMES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from tightship.engine.disk.files import Files
    from tightship.engine.disk.names import Names
    from tightship.engine.roles.contents import Contents
    from tightship.engine.roles.role import Purpose, Role
    from tightship.frontends.invocations.found import Chain

_LOADED = (*MAIN_NAMES, *OVERRIDE_NAMES)
_NEVER_RUN = ("fixture", "vendored")


class Grades:
    """Adds to the roles of files their purposes, as far as the repository shows or hints at them."""

    def __init__(
        self,
        files: Files,
        contents: Contents,
        names: Callable[[], Names],
        naming: Callable[[str], Sequence[Chain]],
        releases: Callable[[str], bool],
        asked: Iterable[str],
    ) -> None:
        """Look at nothing yet.

        Args:
            files: gives the files.
            contents: has the contents of Compose files.
            names: returns those of all files.
            naming: returns the invocations that name the file at a path.
            releases: returns whether a command pushes an image of the Dockerfile at a path.
            asked: the folders that somebody asked for: they do not tell a purpose.

        """
        self._files, self._contents, self._naming = files, contents, naming
        self._releases, self._asked = releases, asked
        self._purposes = Purposes(names, contents.compose_near)
        self._told = Told(files, contents, names, naming)

    def of(self, path: str, name: str, role: Role) -> Role:
        """Return the role of a file with its purpose, or with a hint at one."""
        claim = self._by_path(name) or self._by_reader(path, name, role)
        if claim is not None:
            return self.with_shown(path, name, role, claim)
        told = self._told.claim(path, name, role) if self._may_tell(path, name, role) else None
        if told is not None and told[1]:
            return self.with_shown(path, name, role, told[0])
        hint = told[0] if told is not None else hinted(name)
        return role if hint is None else role.replaced(hint=hint)

    def with_shown(self, path: str, name: str, role: Role, claim: Claim) -> Role:
        """Return a role with a purpose that is shown, unless something speaks against it."""
        against = self._against(path, name, role, claim.purpose)
        if against is not None:
            return role.replaced(hint=claim.replaced(evidence=(*claim.evidence, against)))
        evidence = dict.fromkeys((*role.evidence, *claim.evidence))
        return role.replaced(purpose=claim.purpose, evidence=(*evidence,))

    def _by_path(self, name: str) -> Claim | None:
        above = [one for one in self._asked if name.startswith(f"{one}/")]
        purpose, why = self._purposes.of(name, above[-1].count("/") + 1 if above else 0)
        return None if why is None else Claim(purpose, (why,))

    def _by_reader(self, path: str, name: str, role: Role) -> Claim | None:
        """Return what a test shows beside a file that nothing else names and Compose does not load."""
        is_loaded = posixpath.basename(name) in _LOADED
        if role.loading == "other" or is_loaded or self._naming(path):
            return None
        reader, last = self._contents.reader(name), posixpath.basename(name)
        return Claim("fixture", (Evidence(reader, f"reads `{last}`"),)) if reader else None

    def _may_tell(self, path: str, name: str, role: Role) -> bool:
        is_dockerfile = role.loading == "other"
        return (
            may_have_signs(self._files, path, is_dockerfile=is_dockerfile)
            or next(readme_signs(self._files, name), None) is not None
        )

    def _against(self, path: str, name: str, role: Role, purpose: Purpose) -> Evidence | None:
        """Return what makes a product of a file, whatever its path or its commands show."""
        if purpose in _NEVER_RUN:
            return None
        if role.loading == "other":
            is_pushed = is_image(name) and self._releases(path)
            return Evidence(name, "is built and pushed by a command") if is_pushed else None
        if role.platform is not None and role.platform[0] == "swarm":
            return Evidence(name, "is deployed by `docker stack deploy`")
        return self._told.deployment(path, name) or lasting(self._files, path)
