"""The purpose of a file that its text tells, its folder, and the commands that name it.

A product is a product until two different signs say that only developers or tests run it.
A README tells whether all files in its folder are examples, or tests: by its title and the
paragraph below it. That of the root is about the product. ``facts/purpose_signs.toml`` has
the words.
"""

from __future__ import annotations

import posixpath

from tightship.engine.roles.sign_words import DATA, THEIRS, TOLD, Sign, said, words_of
from tightship.engine.roles.signs import signs_of
from tightship.frontends.invocations.found import Evidence
from tightship.lazy import TYPE_CHECKING, regex
from tightship.text import Source
from tightship.values.compose_name import OVERRIDE_NAMES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from tightship.engine.disk.files import Files
    from tightship.engine.roles.contents import Contents
    from tightship.engine.roles.role import Role
    from tightship.engine.roles.sign_words import Told as Purpose
    from tightship.frontends.invocations.found import Chain

_ENOUGH = 2
_MOST_SHOWN = 3
_SCALED = regex(r"--scale[ =]([\w.-]+)=")


class Told:
    """The purposes that the files of a repository tell."""

    def __init__(
        self,
        files: Files,
        contents: Contents,
        names: Callable[[], Iterable[str]],
        naming: Callable[[str], Sequence[Chain]],
    ) -> None:
        """Look at nothing yet; commands are only searched for files with a sign.

        Args:
            files: gives the files.
            contents: has the contents of Compose files.
            names: returns those of all files.
            naming: returns the invocations that name the file at a path.

        """
        self._files, self._contents, self._names, self._naming = files, contents, names, naming

    def role(self, path: str, name: str, role: Role) -> Role | None:
        """Return a role with the purpose that its file and the commands that name it tell."""
        if role.loading in ("template", "supplied"):
            return None
        is_dockerfile = role.loading == "other"
        signs = [*signs_of(self._files, path, self._names, is_dockerfile=is_dockerfile)]
        signs += readme_signs(self._files, name)
        if not signs:
            return None
        named = self._naming(path)
        found = self._purpose(name, signs, named)
        if found is None:
            return None
        purpose, evidence = found
        is_matrix = any(one.kind == "matrix" for one in signs)  # its images are for tests, too
        evidence = tuple(dict.fromkeys((*role.evidence, *evidence)))
        return role.replaced(purpose=purpose, evidence=evidence, is_told=not is_matrix)

    def _purpose(
        self, name: str, signs: Sequence[Sign], named: Sequence[Chain]
    ) -> tuple[Purpose, Sequence[Evidence]] | None:
        """Return the purpose that signs and invocations tell, with the evidence.

        A file that somebody installs has none, and so has one that is merged with a product's.
        """
        from tightship.engine.roles.uses import is_target, use_of

        merged = {name, *(file for one in named for file in one.files)}
        elsewhere = [*self._commands(name, named)]
        uses = [use_of(one, self._text_of) for one in elsewhere]
        if any(one.kind == "servers" for one in signs):  # `make up` alone tells nothing
            told = zip(uses, elsewhere, strict=True)
            uses = [use for use, one in told if use or not is_target(one)]
        beside = [*self._merged_beside(name)]
        if posixpath.basename(name) in OVERRIDE_NAMES:  # either of them is merged
            message = "is not merged where this file is"
            signs = [
                *signs,
                *(Sign("override", "development", Evidence(one, message)) for one in beside),
            ]
            beside = []
        if any(map(_is_product, (*merged, *beside))):
            return None
        kinds = {one.kind: one for one in sorted(signs, key=lambda one: one.weight)}
        weight = sum(one.weight for one in kinds.values())
        evidence = [one.evidence for one in kinds.values()]
        telling = [one for one in signs if one.kind != "mount"] or signs  # tests have mounts, too
        described = [one for one in signs if one.kind == "readme"]
        if described:  # smaller signs do not make a development file of an example
            telling = [one for one in signs if one.kind == "statement"] or described
        theirs: set[str | None] = {one.purpose for one in telling}
        if "product" in uses and not (weight >= _ENOUGH and _is_stated(signs, uses, elsewhere)):
            return None
        if uses and None not in uses:
            weight += 1
            theirs.update(uses if not described else ())
            evidence += elsewhere[:_MOST_SHOWN]
        return (next(one for one in TOLD if one in theirs), evidence) if weight >= _ENOUGH else None

    def _commands(self, name: str, named: Sequence[Chain]) -> Iterator[Evidence]:
        """Yield the commands in other files that name a file, if it has what they scale."""
        content = self._contents.of(name)
        for one in named:
            for command in (one.evidence, *one.also):
                scaled = {*_SCALED.findall(command.message)}
                is_own = content is None or scaled <= content.services.keys()
                if is_own and not command.place.startswith(f"{name}:"):
                    yield command

    def _merged_beside(self, name: str) -> Iterator[str]:
        """Yield the files of products in the folder of a file that load only over another."""
        for one in filter(_is_product, self._contents.compose_in(posixpath.dirname(name))):
            if self._contents.lacks([self._files.path(one)]):
                yield one

    def _text_of(self, name: str) -> str:
        source = self._files.read(name)
        return source.text if isinstance(source, Source) else ""


def _is_stated(
    signs: Sequence[Sign], uses: Sequence[str | None], commands: Sequence[Evidence]
) -> bool:
    """Return whether a file itself says what it is for, against documents and nothing else."""
    is_said = any(one.kind in ("statement", "unfit") for one in signs)
    by_product = (one for use, one in zip(uses, commands, strict=True) if use == "product")
    return is_said and all("documents `" in one.message for one in by_product)


def _is_product(name: str) -> bool:
    """Return whether a file has the name of one that people install."""
    from tightship.engine.roles.uses import used_by

    return used_by(words_of(posixpath.basename(name))) == "product"


_NAMES = ("README.md", "README.rst", "README.txt", "README", "Readme.md", "readme.md")
_PURPOSES: tuple[Purpose, ...] = ("example", *THEIRS)
_MOST_LINES = 40
_WORDS = DATA["readmes"]
_NO_TEXT = regex(r"[ \t]*(?:[-=~*_#]*|(?:\[?!\[|<|\.\.|:).*)")


def readme_signs(files: Files, name: str) -> Iterator[Sign]:
    """Yield what the nearest README that tells a purpose says of a file."""
    folder = posixpath.dirname(name)
    while folder:
        for last in files.among(files.path(folder), _NAMES):
            source = files.read(files.path(posixpath.join(folder, last)))
            found = files.parsed(source, _told) if isinstance(source, Source) else None
            if found is not None:
                purpose, phrase = found
                evidence = Evidence(f"{folder}/{last}", f"says `{phrase}` at its top")
                yield Sign("readme", purpose, evidence, 2)
                return
        folder = posixpath.dirname(folder)


def _told(source: Source) -> tuple[Purpose, str] | None:
    """Return the purpose that a README tells, and the words that do."""
    title, opening = _top(source.text)
    for purpose in _PURPOSES:
        phrase = said(title, _WORDS["titles"][purpose]) or said(
            opening, _WORDS["openings"][purpose]
        )
        if phrase is not None:
            return purpose, phrase
    return None


def _top(text: str) -> tuple[str, str]:
    """Return the words of the title and of the first paragraph, each as a line."""
    found = list[list[str]]()
    is_open = False
    for line in text.split("\n", _MOST_LINES)[:_MOST_LINES]:
        if _NO_TEXT.fullmatch(line):
            is_open = False
        elif is_open and len(found) > 1:
            found[-1] += words_of(line)
        elif len(found) == 2:
            break
        else:
            found.append(words_of(line))
            is_open = True
    lines = [f" {' '.join(filter(None, one))} " for one in (*found, [], [])]
    return lines[0], lines[1]
