"""The purpose of a file that its text tells, and the commands that name it.

A product is a product until two different signs say that only developers or tests run it.
"""

from __future__ import annotations

import posixpath

from tightship.engine.roles.sign_words import THEIRS, words_of
from tightship.engine.roles.signs import signs_of
from tightship.lazy import lazy_property
from tightship.text import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from tightship.engine.disk.files import Files
    from tightship.engine.roles.contents import Contents
    from tightship.engine.roles.layout import Layout
    from tightship.engine.roles.role import Chain, Evidence, Role
    from tightship.engine.roles.sign_words import Theirs
    from tightship.engine.roles.signs import Sign

_ENOUGH = 2
_MOST_SHOWN = 3


class Told:
    """The purposes that the files of a repository tell."""

    def __init__(self, files: Files, contents: Contents, layout: Callable[[], Layout]) -> None:
        """Look at nothing yet; the repository is only searched for files with a sign."""
        self._files, self._contents, self._layout = files, contents, layout

    def role(self, path: str, name: str, role: Role) -> Role | None:
        """Return a role with the purpose that its file and the commands that name it tell."""
        if role.loading in ("template", "supplied"):
            return None
        is_dockerfile = role.loading == "other"
        signs = [*signs_of(self._files, path, self._names, is_dockerfile=is_dockerfile)]
        if not signs:
            return None
        named = [one for one in self._invocations if path in one.files]
        found = self._purpose(name, signs, named)
        if found is None:
            return None
        purpose, evidence = found
        is_matrix = any(one.kind == "matrix" for one in signs)  # its images are for tests, too
        evidence = (*role.evidence, *evidence)
        return role.replaced(purpose=purpose, evidence=evidence, is_told=not is_matrix)

    def _purpose(
        self, name: str, signs: Sequence[Sign], named: Sequence[Chain]
    ) -> tuple[Theirs, Sequence[Evidence]] | None:
        """Return the purpose that signs and invocations tell, with the evidence.

        A file that somebody installs has none, and so has one that is merged with a product's.
        """
        from tightship.engine.roles.uses import is_target, use_of

        merged = {name, *(file for one in named for file in one.files)}
        places = (place for one in named for place in (one.evidence, *one.also))
        elsewhere = [one for one in places if not one.place.startswith(f"{name}:")]
        uses = [use_of(one, self._text_of) for one in elsewhere]
        if any(one.kind == "servers" for one in signs):  # `make up` alone tells nothing
            told = zip(uses, elsewhere, strict=True)
            uses = [use for use, one in told if use or not is_target(one)]
        if "product" in uses or any(map(_is_product, (*merged, *self._merged_beside(name)))):
            return None
        kinds = {one.kind: one for one in reversed(signs)}
        weight = sum(one.weight for one in kinds.values())
        evidence = [one.evidence for one in kinds.values()]
        theirs: set[str | None] = {one.purpose for one in signs}
        if uses and None not in uses:
            weight += 1
            theirs.update(uses)
            evidence += elsewhere[:_MOST_SHOWN]
        return (
            (next(one for one in THEIRS if one in theirs), evidence) if weight >= _ENOUGH else None
        )

    def _merged_beside(self, name: str) -> Iterator[str]:
        """Yield the files of products in the folder of a file that load only over another."""
        folder = posixpath.dirname(name)
        for one in filter(_is_product, self._contents.compose_names):
            if posixpath.dirname(one) == folder and self._contents.lacks([self._files.path(one)]):
                yield one

    def _names(self) -> Collection[str]:
        return self._layout().names

    @lazy_property
    def _invocations(self) -> Sequence[Chain]:
        """Return the invocations of Compose, also where none can merge files."""
        return self._layout().chains or self._layout().search()

    def _text_of(self, name: str) -> str:
        source = self._files.read(name)
        return source.text if isinstance(source, Source) else ""


def _is_product(name: str) -> bool:
    """Return whether a file has the name of one that people install."""
    from tightship.engine.roles.uses import used_by

    return used_by(words_of(posixpath.basename(name))) == "product"
