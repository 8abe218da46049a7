"""Decides the role of each file of a repository, with the evidence.

First counts what a user says in the configuration, then the invocations of Compose that the
repository itself has, then names, and last what the files define and need.
"""

from __future__ import annotations

import os
import posixpath
from itertools import islice

from tightship.engine.roles.contents import Contents, is_hardened
from tightship.engine.roles.layout import Layout
from tightship.engine.roles.role import OTHER, PROJECT, PURPOSES, Claim, Role
from tightship.frontends.compose.loading.invocation import Options, invocation
from tightship.frontends.invocations.found import Chain, Evidence
from tightship.lazy import TYPE_CHECKING, lazy_property, regex
from tightship.values.compose_name import MAIN_NAMES, OVERRIDE_NAMES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from tightship.engine.disk.files import Files
    from tightship.engine.roles.grades import Grades
    from tightship.engine.roles.image_builds import ImageBuild
    from tightship.engine.roles.role import Loading
    from tightship.engine.roles.tree import Unread
    from tightship.frontends.compose.loading.invocation import Invocation

MOST_CHAINS = 8
"""The most invocations in which one file is judged: test suites have hundreds of them."""

_FEWEST_IN_STORE, _MOST_NEAR = 5, 50
_YAML = (".yml", ".yaml")
_TEMPLATE = regex(
    r"\{\{|\.(?:j2|jinja2?|tmpl|tpl|template|templ|erb|tt|ejs|gotmpl|m4|dist|example)\Z"
)
_OVERRIDE = regex(r"(.*)[-_.]override(\.ya?ml)")


class Roles:
    """The roles of the files below one root."""

    def __init__(
        self,
        files: Files,
        layout: Callable[[], Layout] = Layout,
        given: Callable[[str, Callable[[str], Role]], Role | None] = lambda _path, _decided: None,
        asked: Iterable[str] = (),
    ) -> None:
        """Decide by some files.

        Args:
            files: gives the files.
            layout: looks at their repository, if that is needed.
            given: returns the configured role of a path, by what decides the role without it.
            asked: the folders that somebody asked for: they do not tell a purpose.

        """
        self._files, self.root = files, files.root
        self.given = given
        self.asked = sorted(filter(None, map(files.name, asked)), key=len)
        self._find_layout = layout
        self._known: dict[str, Role] = {}
        self._named: dict[str, Sequence[Chain]] = {}
        self.contents = Contents(files, lambda: self._layout.names)
        self._calls: dict[str, Invocation] = {}

    def of(self, path: str) -> Role:
        """Return the role of the file at an absolute path."""
        if path not in self._known:
            self._known[path] = self.given(path, self._decided) or self._decided(path)
        return self._known[path]

    @lazy_property
    def unconfigured(self) -> Roles:
        """Return the roles that the repository shows, whatever settings and paths were given."""
        return Roles(self._files, lambda: self._layout)

    def of_others(self, files: Files, layout: Callable[[], Layout] | None) -> Roles:
        """Return the roles of other files below the root, by the same layout if there is none."""
        find = layout or (lambda: self._layout)
        return Roles(files, find, self.given, map(files.path, self.asked))

    def naming(self, path: str) -> Sequence[Chain]:
        """Return the invocations of Compose that name a file: those near it.

        Others are searched for a file that lacks something, if none near it gives it that.
        """
        if path not in self._named:
            name = self._files.name(path) or path
            found, lacks = self._layout.chains_of(name), self.contents.lacks
            if lacks([path]) and not any(one.is_whole and not lacks(one.files) for one in found):
                found = self._layout.every_chain_of(name)
            self._named[path] = found
        return self._named[path]

    def _merging(self, path: str) -> Iterator[Chain]:
        """Yield the invocations in which a file is judged, each once, up to a bound."""
        kept = set[tuple[object, ...]]()
        for one in self.naming(path):
            key = one.files, one.env_files, one.project_directory
            is_more = len(one.files) > 1 or any(map(self._has, one.env_files))
            is_whole = one.is_whole and is_more and all(map(self._has, one.files))
            if is_whole and key not in kept and not self._is_by_itself(one):
                kept.add(key)
                yield one
            if len(kept) == MOST_CHAINS:
                return

    @property
    def named(self) -> Iterable[str]:
        """Return the files that the invocations so far name, as far as they exist."""
        every = (file for found in [*self._named.values()] for one in found for file in one.files)
        return filter(self._has, dict.fromkeys(every))

    @property
    def unread(self) -> Sequence[Unread]:
        """Return what was left out of the search for invocations, if there was one."""
        return self._layout.unread if "_layout" in self.__dict__ else ()

    def over(self, path: str, is_found: Callable[[str], bool]) -> dict[str, Role]:
        """Return the roles of the overlays of a file, by their paths, as far as they are near.

        ``is_found`` returns whether a search for Compose files has a file, by its path.
        """
        folder = posixpath.dirname(self._files.name(path) or path)
        near = (one for one in self.contents.near(folder) if self._may_be_over(one, path, is_found))
        named = (one for chain in self._merging(path) for one in chain.files)
        roles = {one: self.of(one) for one in (*named, *islice(near, _MOST_NEAR)) if one != path}
        return {one: role for one, role in roles.items() if role.merges(path)}

    def _may_be_over(self, path: str, base: str, is_found: Callable[[str], bool]) -> bool:
        """Return whether a file may be merged over another one, before its role is decided."""
        is_named = bool(_OVERRIDE.fullmatch(path)) or posixpath.basename(path) in OVERRIDE_NAMES
        return any(base in one.files for one in self.naming(path)) or (
            is_found(path) and (is_named or bool(self.contents.lacks([path])))
        )

    @lazy_property
    def builds(self) -> Sequence[ImageBuild]:
        """Return the builds of images in the commands of the repository."""
        return self._layout.builds

    def releases(self, path: str) -> bool:
        """Return whether CI, a script or a Makefile builds an image of a Dockerfile, and pushes it."""
        return self._layout.releases(self._files.name(path) or path)

    def users(self, path: str) -> Sequence[str]:
        """Return the paths of the files that include a part, or extend services of it."""
        is_part = self.of(path).loading == "part"
        users = self.contents.users(self._files.name(path) or path) if is_part else {}
        return [*map(self._files.path, dict.fromkeys(users.values()))]

    @lazy_property
    def _layout(self) -> Layout:
        return self._find_layout()

    @lazy_property
    def _begun(self) -> list[str]:
        """Return the files that invocations begin with."""
        firsts = (one.files[0] for one in self._layout.chains if one.has_base)
        return [*filter(self._has, dict.fromkeys(firsts))][:_MOST_NEAR]

    def _decided(self, path: str) -> Role:
        """Return the role of a file; an overlay that only tests merge over theirs is a test."""
        role = self._decided_alone(path)
        firsts = {one.files[0] for one in role.chains} - {path}
        if role.purpose != "product" or role.loading != "overlay" or not firsts:
            return role
        bases = [self._decided_alone(one) for one in firsts]
        if len({one.purpose for one in bases}) > 1 or bases[0].purpose not in PURPOSES:
            return role
        place, does = self._shown(role.chains[0].files[0]), PURPOSES[bases[0].purpose]
        evidence = Evidence(place, f"is merged with this file, and {does}")
        claim = Claim(bases[0].purpose, (evidence,))
        return self._grades.with_shown(path, self._shown(path), role, claim)

    def _decided_alone(self, path: str) -> Role:
        name = self._files.name(path) or path
        return self._grades.of(path, name, self._loading(path, name))

    @lazy_property
    def _grades(self) -> Grades:
        from tightship.engine.roles.grades import Grades

        given = self._files, self.contents, lambda: self._layout.names, self.naming
        return Grades(*given, self.releases, self.asked)

    def _loading(self, path: str, name: str) -> Role:
        if not name.endswith(_YAML) and not self.contents.is_compose(name):
            return OTHER
        if _TEMPLATE.search(name) and not self.naming(path):
            return _role("template", Evidence(name, "has the name of a template"))
        loaded = self._loaded(os.path.dirname(path)).files
        if path in loaded[1:]:
            message = f"is merged over `{self._shown(loaded[0])}` by Compose itself"
            return _role("overlay", Evidence(name, message))
        chains = self.naming(path)
        if any(one.kind == "list" for one in chains) and not self.contents.lacks([path]):
            chains = [one for one in chains if one.kind != "list"]  # code may list projects, too
        whole = [one for one in chains if one.is_whole and all(map(self._has, one.files))]
        first = [one for one in whole if one.files[0] == path]
        later = [one for one in whole if one.files[0] != path]
        is_main = path in loaded[:1]
        if later and self._is_overlay(path, first, later, is_top=is_main and not self._above(path)):
            return self._by_chains(path, "overlay", later, later)
        if first:
            hardened = [one for one in first if is_hardened(self._files, one.files)]
            merged = [one for one in first if len(one.files) > 1]
            lacking = merged if merged and self.contents.lacks([path]) else ()
            if not (hardened or lacking):
                return self._by_values(path, first)
            return self._by_chains(path, "alone", hardened or lacking, first)
        based = next((one for one in chains if one.has_base and self._has(one.files[0])), None)
        if based is not None and based.files[0] != path and self.contents.lacks([path]):
            return self._over_base(path, based)
        if chains and not is_main:
            return _role("unknown", *(one.evidence for one in chains))
        if is_main and not self._above(path):
            return self._by_platform(path, name, of_store=True) or PROJECT
        return (
            self._by_name(path, name)
            or self._by_users(path, name, is_main=is_main)
            or self._by_content(path, name, is_main=is_main)
        )

    def _by_chains(
        self, path: str, loading: Loading, chains: Sequence[Chain], named: Sequence[Chain]
    ) -> Role:
        """Return the role of a file that is judged in some of the invocations that name it."""
        judged = (one for one in self._merging(path) if one in chains)
        stack = next((one.evidence.place for one in named if one.is_stack), None)
        platform = ("swarm", f"`docker stack deploy` in {stack}") if stack else None
        # The chains of one command have one evidence.
        evidence = tuple(dict.fromkeys(one.evidence for one in chains or named))
        return Role(loading, "product", (*judged,), evidence, platform)

    def _by_values(self, path: str, first: Sequence[Chain]) -> Role:
        """Return the role of a file that commands give variables to; without them, it runs as well."""
        valued = [one for one in first if one.env_files and len(one.files) == 1]
        role = self._by_chains(path, "alone", valued, first)
        plain = [one.replaced(env_files=()) for one in role.chains[:1]]
        return role.replaced(chains=(*plain, *role.chains))

    def _is_overlay(
        self, path: str, first: Sequence[Chain], later: Sequence[Chain], *, is_top: bool
    ) -> bool:
        """Return whether a file is merged over others, by the commands that name it."""
        if not first and not is_top:
            return True
        return bool(self.contents.lacks([path])) or (len(later) > len(first) and not is_top)

    def _by_name(self, path: str, name: str) -> Role | None:
        """Return the role of `X.override.yaml` beside `X.yaml`."""
        found = _OVERRIDE.fullmatch(name)
        base = found[1] + found[2] if found else ""
        for one in (base, f"{base.rpartition('.')[0]}.yaml", f"{base.rpartition('.')[0]}.yml"):
            if base and self._has(self._files.path(one)):
                evidence = Evidence(name, f"has the name of an override of `{one}`")
                return self._overlay([self._files.path(one), path], evidence)
        return None

    def _by_users(self, path: str, name: str, *, is_main: bool) -> Role | None:
        """Return the role of a file that others include, or extend all services from.

        One that Compose loads in its folder may be run alone, unless it is incomplete.
        """
        if is_main and not self.contents.lacks([path]):
            return None
        users = self.contents.users(name)
        if not users:
            return None
        content = self.contents.of(name)
        if "*" in users:
            return _role("part", Evidence(users["*"], f"includes `{name}`"))
        is_whole = content is None or content.services.keys() <= users.keys()
        if is_whole or self.contents.lacks([path]):
            places = dict.fromkeys(users.values())
            return _role("part", *(Evidence(one, f"extends `{name}`") for one in places))
        return None

    def _by_content(self, path: str, name: str, *, is_main: bool) -> Role:
        """Return the role of a file that no command names."""
        supplied = self._by_platform(path, name)
        if supplied is not None:
            return supplied
        content, lacked = self.contents.of(name), self.contents.lacks([path])
        if content is None or not lacked:
            return PROJECT
        section, missing = min(
            lacked, key=lambda one: (one[0] != "services" or one[1] not in content.services, one)
        )
        what = section.removesuffix("s")
        for base in self._bases(path):
            if not self.contents.lacks([*base, path]):
                message = f"needs {what} `{missing}`, which `{self._shown(base[0])}` defines"
                return self._overlay([*base, path], Evidence(name, message))
        if is_main or not (section == "services" and missing in content.services):
            return PROJECT
        message = f"`{missing}` has no image and no build, and no other file here gives it one"
        return _role("overlay", Evidence(name, message))

    @lazy_property
    def _is_store(self) -> bool:
        """Return whether many folders have the same manifest of a platform."""
        if len(self.contents.compose_names) <= _FEWEST_IN_STORE:
            return False
        from tightship.engine.roles.platforms import FEWEST_SIBLINGS

        return sum(map(len, self._manifests.values())) >= FEWEST_SIBLINGS

    @lazy_property
    def _manifests(self) -> Mapping[tuple[str, str], Sequence[str]]:
        from tightship.engine.roles.platforms import manifests_in

        return manifests_in(self._layout.names)

    def _by_platform(self, path: str, name: str, *, of_store: bool = False) -> Role | None:
        """Return the role of a file to which a platform adds all that it lacks."""
        lacked = self.contents.lacks([path])
        if not lacked or (of_store and not self._is_store):
            return None
        from tightship.engine.roles.platforms import supplied

        return supplied(self._files, name, lacked, self._manifests)

    def _bases(self, path: str) -> Iterator[list[str]]:
        """Yield the files that a file may be merged over, the nearest first."""
        folder = os.path.dirname(path)
        while True:
            files = self._loaded(folder).files
            if files and path not in files:
                yield files[:1]
                if len(files) > 1:
                    yield files
            if folder == os.path.dirname(path):
                sibling = self.contents.sibling(path)
                beside = (one for one in self._begun if os.path.dirname(one) == folder)
                yield from ([one] for one in ([sibling] if sibling else beside) if one != path)
            if folder == self._files.root or os.path.dirname(folder) == folder:
                return
            folder = os.path.dirname(folder)

    def _over_base(self, path: str, chain: Chain) -> Role:
        """Return the role of an overlay in an invocation that has unknown parts, too.

        What its base lacks, the other files of the invocation may have, or an unknown one.
        """
        for merged in ([chain.files[0], path], [*filter(self._has, chain.files)]):
            if not self.contents.lacks(merged):
                return self._overlay(merged, chain.evidence)
        if self.contents.lacks(chain.files[:1]):
            return self._overlay([chain.files[0], path], chain.evidence)
        return _role("unknown", chain.evidence)

    def _overlay(self, merged: Sequence[str], evidence: Evidence) -> Role:
        chain = Chain((*merged,), evidence, os.path.dirname(merged[0]))
        return Role("overlay", "product", (chain,), (evidence,))

    def _above(self, path: str) -> bool:
        """Return whether there is a main file in a folder above that of a path."""
        folder = os.path.dirname(path)
        while folder != self._files.root:
            folder, below = os.path.dirname(folder), folder
            if folder == below:
                return False
            if next(self._files.among(folder, MAIN_NAMES), None) is not None:
                return True
        return False

    def _loaded(self, folder: str) -> Invocation:
        """Return what Compose loads by itself in a folder."""
        if folder not in self._calls:
            files = self._files
            self._calls[folder] = invocation(
                folder, Options(), exists=files.exists, read=files.read, ceiling=folder
            )
        return self._calls[folder]

    def _is_by_itself(self, chain: Chain) -> bool:
        """Return whether Compose merges the same files without being told."""
        is_plain = not chain.env_files and chain.project_directory is None
        loaded = self._loaded(os.path.dirname(chain.files[0])).files
        return is_plain and [*chain.files] == loaded

    def _has(self, path: str) -> bool:
        return self._files.name(path) is not None and self._files.exists(path)

    def _shown(self, path: str) -> str:
        return self._files.name(path) or path


def _role(loading: Loading, *evidence: Evidence) -> Role:
    return Role(loading, "product", (), evidence)
