"""Gives candidates their roles, and the order in which they are judged.

What a repository is for comes before its tests, and the files that a project includes or
extends come after it. Files of other people are left out unless they are asked for.
Roles that the configuration gives replace those that a repository shows.
"""

from __future__ import annotations

import os
from functools import cache, partial
from itertools import islice

from tightship.engine.disk.regular import Refusal
from tightship.engine.disk.root import entries_of, holds
from tightship.engine.plan.candidates import Candidate
from tightship.engine.plan.scope import SkippedFile
from tightship.engine.roles.role import HARDENED, OTHER, PROJECT, Role
from tightship.frontends.invocations.found import Evidence
from tightship.lazy import regex
from tightship.text import Source
from tightship.values.compose_name import MAIN_NAMES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tightship.config.settings import RoleDefinition, Settings
    from tightship.engine.disk.files import Files
    from tightship.engine.plan.config_files import Configs
    from tightship.engine.plan.job import Job
    from tightship.engine.plan.plan import Inputs
    from tightship.engine.plan.scope import Scope
    from tightship.engine.roles.decide import Roles
    from tightship.engine.roles.role import Loading, Purpose
    from tightship.engine.verdict import Verdict

_MOST_BESIDE = 20
_TELLING = regex(r"\.(?:ya?ml|mk|sh|just)\Z|\A\.?[^.]++\Z|\Apackage\.json\Z")
_MAIN_IMAGES = ("dockerfile", "containerfile")
_STARTS = regex(r"\n(?:CMD|ENTRYPOINT)[ \t]+((?:[^\\\n]++|\\[\s\S])*+)")
# Without one of these words, a Dockerfile that starts something says nothing of a purpose.
_TELLS = regex(
    r"(?i)\A\[[ \t]*(?:\"\"|\])|(?<![\w.])(?:[az]|ba|da|fi)?sh\b|"
    r"(?<![a-z0-9])(?:bench(?:marks?)?|build(?:package)?|check|coverage|cypress|debuild|e2e|fuzz|lint|make|"
    r"rpmbuild|verify|behave|jest|mocha|nox|phpunit|py\.?test|rspec|tests?|tox|vitest)(?![a-z0-9])"
)
_STATES = regex(r"(?i)\b(?:debug|demo|dev|e2e|integration|test)")


class RoleOrder:
    """The candidates of a run with their roles.

    ``left_out`` has the candidates that are not judged, with the roles that say so.
    """

    def __init__(self, inputs: Inputs, configs: Configs) -> None:
        """Give roles to the candidates of a run."""
        self._inputs = inputs
        self._configs = configs
        self._roles: dict[str, Roles] = {}
        self.left_out: dict[str, tuple[Candidate, Roles]] = {}

    def of(self, files: Files) -> Roles:
        """Return the roles of the files below a root."""
        root = files.root
        if root not in self._roles:
            from tightship.engine.roles.decide import Roles

            own = files.apart()
            self._roles[root] = Roles(
                own,
                lambda: self._inputs.layout_of(root),
                lambda path, decided: given_role(
                    path, self._configs.of(os.path.dirname(path), own), decided
                ),
                self._inputs.folders,
            )
        return self._roles[root]

    def candidates(self, scope: Scope) -> Iterator[Candidate | Refusal]:
        """Yield the candidates in their order; ``scope`` takes those left out."""
        found = [*self._with_role(scope)]
        for root, roles in self._roles.items():
            for left in roles.unread:
                is_file = left.place != "."
                path = os.path.join(root, left.place) if is_file else root
                message = f"it {left.message}" if is_file else left.message
                scope.leave(SkippedFile(path, left.reason, message, root=root))
        # Roles are decided before the first verdict, which may be on a part of others.
        yield from sorted(found, key=_rank)

    def _with_role(self, scope: Scope) -> Iterator[Candidate | Refusal]:
        for one in self._found():
            if isinstance(one, Refusal):
                yield one
                continue
            role = self._role(one)
            if role is not None and role.hint is not None:
                scope.hints[one.path] = role.hint.purpose
            decided = one.with_role(role) if role is not None else one
            reason = decided.left_out
            if role is None or reason is None:
                yield decided
                continue
            self.left_out[one.path] = one, self.of(self._inputs.files_of(one.path))
            why = f"it is in {_shown(role)}" if reason == "vendored" else _loaded_never(role)
            scope.leave(SkippedFile(one.path, reason, why))

    def _found(self) -> Iterator[Candidate | Refusal]:
        """Yield what the search found, and the other files that invocations merge."""
        found = self._inputs.found
        yield from found
        if not self._inputs.folders:
            return
        known = {one.path for one in found if isinstance(one, Candidate)}
        for roles in [*self._roles.values()]:
            for path in roles.named:
                is_below = any(holds(folder, path) for folder in self._inputs.folders)
                if is_below and path not in known and not self._inputs.excluded(path):
                    yield Candidate(path, "side", None, "compose")

    def _role(self, candidate: Candidate) -> Role | None:
        """Return the role of a candidate; nobody asks for that of a named Dockerfile before."""
        if candidate.kind == "named" and self._is_usual(candidate):
            return PROJECT
        if candidate.kind == "named" and candidate.language == "dockerfile":
            return None
        return self.of(self._inputs.files_of(candidate.path)).of(candidate.path)

    def _is_usual(self, candidate: Candidate) -> bool:
        """Return whether a named file at the root is what Compose loads there by itself."""
        files = self._inputs.files_of(candidate.path)
        root, settings = files.root, self._configs.of(os.path.dirname(candidate.path), files)
        if settings is not None and settings.roles:
            return False
        if candidate.language == "dockerfile" and os.path.dirname(candidate.path) == root:
            return os.path.basename(candidate.path).lower() in _MAIN_IMAGES
        if candidate.project != candidate.path or candidate.folder != root:
            return False
        is_main = os.path.basename(candidate.path) in MAIN_NAMES
        return is_main and not self._is_told(candidate)

    def _is_told(self, candidate: Candidate) -> bool:
        """Return whether a file beside a main file is its hardening, or gives it variables."""
        files = self._inputs.files_of(candidate.path)
        try:
            names = sorted(one.name for one in entries_of(candidate.folder))
        except OSError:  # who may not list a folder may still read its files
            return False
        telling = filter(_TELLING.search, names)
        for path in (os.path.join(candidate.folder, one) for one in islice(telling, _MOST_BESIDE)):
            found = files.read(path) if path != candidate.path else None
            if isinstance(found, Source) and (
                found.text.startswith(HARDENED) or "--env-file" in found.text
            ):
                return True
        return False


def with_roles(verdict: Verdict, job: Job) -> Verdict:
    """Return a verdict that finds the roles of its files when somebody asks for one."""
    is_usual = job.candidate.role is PROJECT and job.candidate.language != "dockerfile"
    if job.find_roles is None or (is_usual and len(verdict.sources) == 1) or not verdict.sources:
        return verdict
    return verdict.replaced(find_roles=cache(partial(_roles, verdict, job, job.find_roles)))


def _roles(verdict: Verdict, job: Job, find_roles: Callable[[], Roles]) -> Mapping[str, Role]:
    """Return the roles of the files of a verdict.

    A Dockerfile has the purpose of the services that build it. That at the root may be the
    product, and so may each that a command builds.
    """
    candidate, names = job.candidate, [one.name for one in verdict.sources]
    if len(names) == 1 and (candidate.role is not None or candidate.language == "dockerfile"):
        role = candidate.role or find_roles().of(candidate.path)
        if candidate.language == "dockerfile":
            role = _with_text(role, verdict.sources[0], job)
        return {} if role in (PROJECT, OTHER) else {names[0]: role}
    found: dict[str, Role] = {}
    for name in names:
        if name not in verdict.builders:
            path = job.files.path(name)
            own = candidate.role if path == candidate.path else None
            found[name] = own or find_roles().of(path)
            if not found[name].evidence and name != names[0]:
                first = found[names[0]]
                found[name] = Role("part", first.purpose, evidence=first.evidence[-1:])
    whole = [role for role in found.values() if role.loading != "part"]
    is_script, sources = any(verdict.scripts), {one.name: one for one in verdict.sources}
    last = next((one for one in reversed(whole) if one.purpose != "product"), PROJECT)
    for name in verdict.builders:
        path = job.files.path(name)
        is_own = last is not PROJECT and name.lower() in _MAIN_IMAGES
        is_given = whole and not is_script and (not is_own or _is_only_theirs(name, last, job))
        if is_given and last.purpose in ("test", "development"):  # what is pushed is a product
            is_given = not find_roles().releases(path)
        given = Role("other", last.purpose, evidence=last.evidence[-1:], is_said=last.is_said)
        said = find_roles().given(path, lambda _: OTHER)
        role = said or (given if is_given else find_roles().of(path))
        if is_script or _starts_by_itself(verdict, name):
            role = _with_text(role, sources[name], job, has_builder=not is_script)
        found[name] = role
    return found


def _is_only_theirs(name: str, role: Role, job: Job) -> bool:
    """Return whether only these services build a Dockerfile, as far as the repository shows.

    The `Dockerfile` at the root may be the product, and so may one that services for
    development build: of its stages, they often take another one.
    """
    if name.lower() in _MAIN_IMAGES or role.purpose != "test" or job.find_roles is None:
        return False
    path = job.files.path(name)
    return all(path not in one.dockerfiles for one in job.find_roles().builds)


def _starts_by_itself(verdict: Verdict, name: str) -> bool:
    """Return whether the services that build a Dockerfile start what it says."""
    compose = verdict.project.compose if verdict.project is not None else None
    if compose is None:
        return False
    built = (compose.services[one] for one in verdict.builders[name] if one in compose.services)
    settings = ((one, key) for one in built for key in ("command", "entrypoint"))
    return all(one.value(key) is None and not one.may_have(key) for one, key in settings)


def _with_text(role: Role, source: Source, job: Job, *, has_builder: bool = False) -> Role:
    """Return the role of a Dockerfile by what it says of itself.

    What commands do with its image counts if no service builds it.
    """
    if role.purpose != "product" or role.evidence or role.hint is not None:
        return role
    starts = _STARTS.findall(source.text)
    is_stated = _STATES.search(source.text.partition("\nFROM")[0]) is not None
    if starts and not is_stated and not any(map(_TELLS.search, starts)):
        if source.name.lower() in _MAIN_IMAGES:  # most runs over one file end here
            return role
        from tightship.engine.roles.tools import has_telling_name

        if not has_telling_name(source):  # two signs are needed, and a script is one
            return role
    from tightship.engine.roles.tools import tool_role

    find_roles = job.find_roles if not has_builder else None
    return tool_role(job.files, source, lambda: find_roles().builds if find_roles else ()) or role


def _rank(one: Candidate | Refusal) -> tuple[int, bool]:
    """Return when a candidate is judged.

    Products come first, and parts of others last; what is merged comes after its base.
    """
    if isinstance(one, Refusal) or one.role is None or one.language == "dockerfile":
        return 0, False
    role = one.role
    return 2 if role.loading == "part" else int(role.purpose != "product"), bool(role.chains)


def _loaded_never(role: Role) -> str:
    """Return why Compose does not load a file."""
    first = next(iter(role.evidence), None)
    what = "a template" if role.loading == "template" else "no file of Compose"
    return f"it is {what}" + (f": {first.place} {first.message}" if first is not None else "")


def _shown(role: Role) -> str:
    place = role.evidence[-1].place if role.evidence else ""
    return f"`{place}`, which has code of other people" if place else "code of other people"


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
            given = _PURPOSES[one.purpose]
            role = role.replaced(purpose=given, evidence=(evidence,), is_said=True, hint=None)
    return role


def _place(given: RoleDefinition) -> str:
    source = given.place.source
    line, _ = source.point(given.place.start)
    return f"{source.name}:{line + 1}"
