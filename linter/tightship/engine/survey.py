"""What a repository has, and what only its owner can say of it: the questions of `tightship init`."""

from __future__ import annotations

import os
import posixpath

from tightship.engine.disk.root import holds
from tightship.engine.roles.role import Claim
from tightship.lazy import TYPE_CHECKING, Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tightship.config.settings import Settings
    from tightship.engine.plan.plan import Plan
    from tightship.engine.roles.role import Purpose, Role
    from tightship.engine.verdict import Verdict

_OTHER = "other container file"
_FEWEST_TOGETHER = 3  # files that a pattern for their folder stands for
_SPECIAL = str.maketrans({one: f"\\{one}" for one in "\\*?[ "})
_ASKED: Sequence[Purpose] = ("test", "example", "development", "build")


class Proposal(Record):
    """Files that look like one thing, by their names in the folder of the settings.

    ``purpose`` is what they look like. Their claims have the purpose of each, and the evidence.
    """

    purpose: Purpose
    is_shown: bool
    claims: Mapping[str, Claim]


class Survey:
    """The files below a folder that settings in it decide about."""

    def __init__(self, folder: str, plan: Plan, settings: Settings | None) -> None:
        """Begin; ``settings`` are those of the folder, if there are any."""
        self._folder, self._plan, self._settings = folder, plan, settings
        self.kinds: dict[str, str] = {}
        self.unknown: dict[tuple[str, str], str] = {}
        """The names of services whose image no table knows, by those and their files."""
        self._roles: dict[str, Role] = {}
        self._given = set[str]()

    def add(self, verdict: Verdict) -> None:
        """Add the files of a verdict."""
        from tightship.isolation.image_needs import image_needs

        for source in verdict.sources:
            name = self._name(os.path.join(verdict.root, source.name))
            if name is None or name in self.kinds:
                continue
            role = verdict.role_of(source.name)
            self.kinds[name] = _kind(verdict, source.name, role)
            if self.kinds[name] == _OTHER:  # the front end says what it is for
                continue
            self._roles[name] = role
            if source.name in verdict.builders and source is not verdict.sources[0]:
                self._given.add(name)  # it follows the services that build it
        containers = verdict.project.containers if verdict.project is not None else ()
        for one in containers:
            if one.pulled_image is not None and image_needs(one) is None:
                self.unknown[one.span.source.name, one.name] = one.name

    def proposals(self) -> list[Proposal]:
        """Return what to ask about, what is shown first."""
        found: dict[tuple[bool, Purpose], dict[str, Claim]] = {}
        for name, role in sorted(self._roles.items()):
            is_shown = role.purpose != "product"
            claim = Claim(role.purpose, role.evidence[-1:]) if is_shown else role.hint
            is_open = claim is not None and claim.purpose in _ASKED and not role.is_said
            if claim is not None and is_open and name not in self._given and name.isprintable():
                found.setdefault((not is_shown, claim.purpose), {})[name] = claim
        # A fixture of tests needs no answer: nobody runs it.
        return [Proposal(to, not hinted, claims) for (hinted, to), claims in sorted(found.items())]

    def patterns(self, names: Iterable[str], purpose: Purpose, *, is_shown: bool) -> list[str]:
        """Return patterns of a `.gitignore` for some files, and for no other that is known.

        What a folder shows holds for it, and several files next to each other are their folder.
        """
        chosen, found = {*names}, dict[str, None]()
        for name in sorted(chosen):
            above = [one for one in _above(name) if self._is_all(one, chosen, purpose)]
            if is_shown:
                above = [one for one in above if one == self._place(name)]
            else:
                above = [one for one in above if _number(one, chosen) >= _FEWEST_TOGETHER]
            found[folder_pattern(above[0]) if above else f"/{name.translate(_SPECIAL)}"] = None
        return [*found]

    def _is_all(self, folder: str, chosen: set[str], purpose: Purpose) -> bool:
        """Return whether all files below a folder are chosen, or have the purpose anyway."""
        below = (
            (name, role) for name, role in self._roles.items() if name.startswith(f"{folder}/")
        )
        return all(
            name in chosen or (name in self._given and role.purpose == purpose)
            for name, role in below
        )

    def _place(self, name: str) -> str:
        """Return the folder that shows the purpose of a file, from that of the settings."""
        evidence = self._roles[name].evidence[-1:]
        root = self._plan.inputs.files_of(os.path.join(self._folder, name)).root
        path = os.path.join(root, evidence[0].place) if evidence else self._folder
        return os.path.relpath(path, self._folder).replace(os.sep, "/")

    @property
    def vendored(self) -> list[str]:
        """Return the folders with code of other people, unless the settings exclude anything."""
        if self._is_set("exclude"):
            return []
        found = dict[str, None]()
        for path, (candidate, roles) in self._plan.roles.left_out.items():
            role = roles.of(candidate.path)
            if role.purpose == "vendored" and role.evidence and self._name(path) is not None:
                place = os.path.join(roles.root, role.evidence[-1].place)
                found[os.path.relpath(place, self._folder).replace(os.sep, "/")] = None
        return [one for one in found if one.isprintable() and not one.startswith("..")]

    @property
    def front_ends(self) -> dict[str, list[str]]:
        """Return what starts containers or builds images, by the front end that would read it."""
        found: dict[str, list[str]] = {}
        for one in self._plan.scope.left if not self._is_set("front-ends") else ():
            name = self._name(one.path)
            for front_end in one.front_ends if name is not None else ():
                found.setdefault(front_end, []).append(name or "")
        return dict(sorted(found.items()))

    def _is_set(self, key: str) -> bool:
        return self._settings is not None and self._settings.place(key) is not None

    def _name(self, path: str) -> str | None:
        """Return the name of a file in the folder, if its settings are those for the file."""
        path = os.path.normpath(path)
        if not holds(self._folder, path):
            return None
        files = self._plan.inputs.files_of(path)
        nearest = self._plan.configs.of(os.path.dirname(path), files)
        if nearest is not None and nearest.folder != self._folder:
            return None
        return os.path.relpath(path, self._folder).replace(os.sep, "/")


def folder_pattern(folder: str) -> str:
    """Return the pattern of a `.gitignore` for a folder."""
    return f"/{folder.translate(_SPECIAL)}/"


def _number(folder: str, names: Iterable[str]) -> int:
    return sum(one.startswith(f"{folder}/") for one in names)


def _kind(verdict: Verdict, name: str, role: Role) -> str:
    if name in verdict.builders:
        return "Dockerfile"
    if verdict.noun != "service":
        return _OTHER
    return (
        "overlay"
        if role.loading in ("overlay", "unknown")
        else "part"
        if role.loading == "part"
        else "project"
    )


def _above(name: str) -> Iterator[str]:
    """Yield the folders above a file, the outermost first."""
    parts: Sequence[str] = posixpath.dirname(name).split("/")
    yield from ("/".join(parts[: end + 1]) for end in range(len(parts)) if parts[0])
