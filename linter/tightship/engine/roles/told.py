"""What a file tells of its purpose by its text, its folder, and the commands that name it.

Two different signs that only developers or tests run it make a claim, which most often hints.
A README tells whether all files in its folder are examples, or tests: by its title and the
paragraph below it. That of the root is about the product. ``facts/purpose_signs.toml`` has
the words.
"""

from __future__ import annotations

import posixpath

from tightship.engine.roles.role import Claim
from tightship.engine.roles.sign_words import DATA, THEIRS, TOLD, Sign, said, words_of
from tightship.engine.roles.signs import signs_of
from tightship.engine.roles.uses import deploys, is_documented, use_of, used_by
from tightship.frontends.invocations.found import Evidence
from tightship.lazy import TYPE_CHECKING, regex
from tightship.text import Source
from tightship.values.compose_name import MAIN_NAMES, OVERRIDE_NAMES

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

    def claim(self, path: str, name: str, role: Role) -> tuple[Claim, bool] | None:
        """Return what a file and the commands that name it tell, and whether they show it.

        They do if it is a file that Compose loads for nobody else, each command is one of tests
        or developers, and the file agrees. A file that somebody installs has no purpose but
        that, and so has one that is merged with a product's.
        """
        if role.loading in ("template", "supplied"):
            return None
        signs = [*signs_of(self._files, path, self._names, is_dockerfile=role.loading == "other")]
        signs += readme_signs(self._files, name)
        named = self._naming(path) if signs else ()
        merged = (name, *(file for one in named for file in one.files))
        commands = [*self._commands(name, named)]
        uses = [use_of(one, self._text_of) for one in commands]
        if not signs or any(map(_is_product, merged)) or "product" in uses:
            return None
        kinds = {one.kind: one for one in sorted(signs, key=lambda one: one.weight)}
        weight = sum(one.weight for one in kinds.values())
        evidence = [one.evidence for one in kinds.values()]
        telling = [one for one in signs if one.kind != "mount"] or signs  # tests have mounts, too
        described = [one for one in signs if one.kind == "readme"]
        if described:  # smaller signs do not make a development file of an example
            telling = [one for one in signs if one.kind == "statement"] or described
        theirs: set[str | None] = {one.purpose for one in telling}
        is_used = bool(uses) and None not in uses
        if is_used and not described:
            theirs.update(uses)
        if weight + is_used < _ENOUGH:
            return None
        purpose: Purpose = next(one for one in TOLD if one in theirs)
        is_loaded = posixpath.basename(name) in (*MAIN_NAMES, *OVERRIDE_NAMES)
        is_shown = is_used and not is_loaded and {*uses} == {purpose} >= {*map(_purpose, telling)}
        is_shown = is_shown and not any(map(is_documented, commands))
        evidence += commands[:_MOST_SHOWN] if is_used else ()
        return Claim(purpose, (*dict.fromkeys(evidence),)), is_shown

    def deployment(self, path: str, name: str) -> Evidence | None:
        """Return the first command that deploys a file."""
        commands = self._commands(name, self._naming(path))
        found = next((one for one in commands if deploys(one, self._text_of)), None)
        return found and Evidence(found.place, "deploys it")

    def _commands(self, name: str, named: Sequence[Chain]) -> Iterator[Evidence]:
        """Yield the commands in other files that name a file, if it has what they scale."""
        content = self._contents.of(name)
        for one in named:
            for command in (one.evidence, *one.also):
                scaled = {*_SCALED.findall(command.message)}
                is_own = content is None or scaled <= content.services.keys()
                if is_own and not command.place.startswith(f"{name}:"):
                    yield command

    def _text_of(self, name: str) -> str:
        source = self._files.read(name)
        return source.text if isinstance(source, Source) else ""


def _purpose(sign: Sign) -> str:
    return sign.purpose


def _is_product(name: str) -> bool:
    """Return whether a file has the name of one that people install."""
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
