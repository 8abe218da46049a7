"""Platforms that run Compose files and add parts to them, found by evidence in the repository.

`facts/platforms` has a file for each: the manifest next to a file, the keys, comments or texts
that only the platform reads, and what it provides.
"""

from __future__ import annotations

import posixpath
import re

from tightship.config.keys import PLATFORMS
from tightship.engine.roles.role import Role
from tightship.frontends.invocations.found import Evidence
from tightship.lazy import TYPE_CHECKING, Record
from tightship.lazy.modules import facts
from tightship.syntax.yaml.nodes import Mapping as MappingNode, Scalar
from tightship.syntax.yaml.read import read
from tightship.text import Source
from tightship.values.matching import Wildcard

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from tightship.engine.disk.files import Files

FEWEST_SIBLINGS = 5
"""The number of folders whose equal manifests show that all of them are for a platform."""

_FEWEST_COMMENTS = 2
_HEADER = 2_000


def manifests_in(names: Iterable[str]) -> dict[tuple[str, str], list[str]]:
    """Return the manifests of platforms, by the folder above theirs and their own name."""
    signs = (facts(f"platforms/{one}")["evidence"] for one in PLATFORMS)
    known = {one["manifest"] for one in signs if "manifest" in one}
    found: dict[tuple[str, str], list[str]] = {}
    for name in names:
        folder, _, manifest = name.rpartition("/")
        if manifest in known and folder:
            found.setdefault((posixpath.dirname(folder), manifest), []).append(name)
    return found


class Platform(Record):
    """A platform that runs a file: its name in the configuration, and for people.

    ``evidence`` shows that it does, and ``parts`` has the names of what it provides, by kind.
    """

    key: str
    name: str
    evidence: str
    parts: Mapping[str, tuple[str, ...]]

    def has(self, kind: str, name: str) -> bool:
        """Return whether it provides a part."""
        return any(Wildcard(one).matches(name) for one in self.parts.get(kind, ()))


class PlatformFile(Record):
    """A Compose file, as far as platforms leave evidence in it and next to it.

    ``name`` is relative to the root, and ``keys`` are those of its top level. ``read``
    gives the text of a file of the repository by its name, and ``manifests`` has those of
    :func:`manifests_in`, if they are known.
    """

    name: str
    text: str
    keys: Collection[str]
    read: Callable[[str], str | None]
    manifests: Mapping[tuple[str, str], Sequence[str]] = {}

    @property
    def platforms(self) -> Iterator[Platform]:
        """Yield the platforms that run the file."""
        for key in PLATFORMS:
            evidence = self._evidence(facts(f"platforms/{key}")["evidence"])
            if evidence:
                yield self.platform(key, evidence)

    def platform(self, key: str, evidence: str) -> Platform:
        """Return a platform, with the variables that its manifest next to the file names."""
        known = facts(f"platforms/{key}")
        parts: dict[str, tuple[str, ...]] = dict(known["provided"])
        manifest = self._beside(known["evidence"]) if "named" in known else None
        if manifest is not None:
            parts["variables"] = (*parts["variables"], *re.findall(known["named"], manifest))
        return Platform(key, known["name"], evidence, parts)

    def _evidence(self, signs: Mapping[str, Any]) -> str:
        """Return what shows that the file is for a platform; empty if nothing does."""
        for key in signs.get("keys", ()):
            if key in self.keys:
                return f"`{key}`"
        if self._beside(signs) is not None:
            return f"`{signs['manifest']}`"
        header = self.text[:_HEADER]
        comments = [one for one in signs.get("comments", ()) if one in header]
        if len(comments) >= _FEWEST_COMMENTS:
            return f"`{comments[0]}`"
        text = next((one for one in signs.get("texts", ()) if one in self.text), "")
        if text or "manifest" not in signs:
            return f"`{text}`" if text else ""
        return self._of_siblings(signs)

    def _beside(self, signs: Mapping[str, Any]) -> str | None:
        """Return the manifest of a platform in the folder of the file, if there is one."""
        folder, manifest = posixpath.dirname(self.name), signs.get("manifest")
        if manifest is None or posixpath.basename(self.name) == manifest:
            return None
        text = self.read(posixpath.join(folder, manifest))
        return text if text is not None and signs["holds"] in text else None

    def _of_siblings(self, signs: Mapping[str, Any]) -> str:
        """Return the manifest that the folders next to that of the file have."""
        above = posixpath.dirname(posixpath.dirname(self.name))
        near = self.manifests.get((above, signs["manifest"]), ())[:FEWEST_SIBLINGS]
        texts = [text for text in map(self.read, near) if text is not None]
        holding = [text for text in texts if signs["holds"] in text]
        if len(holding) < FEWEST_SIBLINGS:
            return ""
        return f"`{signs['manifest']}` in other folders"


def file_of(
    files: Files,
    name: str,
    keys: Collection[str],
    manifests: Mapping[tuple[str, str], Sequence[str]] = {},
) -> PlatformFile:
    """Return a file of a repository with these keys at its top level."""

    def text_of(name: str) -> str | None:
        source = files.read(name) if files.exists(name) else None
        return source.text if isinstance(source, Source) else None

    return PlatformFile(name, text_of(name) or "", keys, text_of, manifests)


def supplied(
    files: Files,
    name: str,
    lacked: Iterable[tuple[str, str]],
    manifests: Mapping[tuple[str, str], Sequence[str]],
) -> Role | None:
    """Return the role of a file to which a platform adds all that it lacks."""
    source = files.read(name)
    if not isinstance(source, Source):
        return None
    keys = {
        key.value
        for root in files.parsed(source, read).documents
        if isinstance(root, MappingNode)
        for key, _ in root.entries
        if isinstance(key, Scalar)
    }
    for one in file_of(files, name, keys, manifests).platforms:
        if all(one.has(*part) for part in lacked):
            evidence = Evidence(name, f"{one.name} adds parts to it: {one.evidence}")
            return Role("supplied", "product", (), (evidence,), (one.key, one.evidence))
    return None
