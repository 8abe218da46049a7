"""Repositories like those of real code, of any size: the same files for the same number.

Most files are code; scripts, Makefiles, CI, documents and settings have the shares that they
have in real trees. Folders have 5 to 15 files and are up to seven deep, and files have 2 to
20 kB. A few files per thousand mention Compose or build an image. All sizes have the same
Compose files and Dockerfiles, and the same files that call them: see `repository_texts`.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from tests.bench.repository_texts import CALLERS, CODE, COMPOSE_FILES, DOCKERFILES, MENTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

_VOCABULARY = (
    "account agent batch bucket cache client cluster command config cursor digest event export"
    " filter frame gateway group handle history index invoice journal key lease ledger limit"
    " metric node offset order page partition payment policy pool query queue quota record"
    " region request retry schema session shard snapshot state stream task tenant timer token"
    " topic transfer update user version view worker workflow zone"
)
_WORDS = _VOCABULARY.split()
_TOPS = {  # of each folder at the top, its main kind and its weight
    "services": ("go", 30),
    "platform": ("java", 26),
    "web": ("ts", 18),
    "tools": ("py", 8),
    "tests": ("py", 8),
    "pkg": ("go", 6),
    "docs": ("md", 2),
    "charts": ("yaml", 2),
}
_SHARE_OF_MAIN = 0.84
_OTHERS = {  # per thousand of the other files
    "json": 220,
    "yaml": 190,
    "md": 190,
    "proto": 90,
    "sh": 80,
    "properties": 60,
    "svg": 55,
    "css": 50,
    "package": 25,
    "mk": 25,
    "env": 10,
    "workflow": 5,
}
_MENTION = {  # of a thousand files of a kind, those that mention Compose or images
    "sh": 250,
    "mk": 300,
    "workflow": 300,
    "package": 60,
    "md": 60,
    "py": 4,
    "go": 2,
    "java": 2,
    "ts": 6,
    "yaml": 6,
}
_PLACES = {  # of kinds that are not known by an ending alone
    "mk": ("{folder}/Makefile", "{folder}/{name}.mk"),
    "package": ("{folder}/package.json", "{folder}/{name}/package.json"),
    "env": ("{folder}/.env", "{folder}/{name}.env"),
    "workflow": (".github/workflows/{name}.yml",),
}
_ENDS = {"json": '  {"last": true}\n]}\n', "package": '    "lint": "eslint ."\n  }\n}\n'}
_DEEPEST = 6
_BLOCKS = 200


def files(count: int) -> Iterator[tuple[str, bytes]]:
    """Yield the names and the bytes of so many files."""
    chance = random.Random(count)
    fixed = {**COMPOSE_FILES, **DOCKERFILES, **CALLERS}
    for name, text in fixed.items():
        yield name, text.encode()
    blocks = {
        kind: [_filled(body, chance) for _ in range(_BLOCKS)] for kind, (_, body) in CODE.items()
    }
    for name, kind in _names(count - len(fixed), {*fixed}, chance):
        yield name, _text(kind, blocks[kind], chance).encode()


def _names(count: int, taken: set[str], chance: random.Random) -> Iterator[tuple[str, str]]:
    """Yield so many names that are not taken, with the kind of each file."""
    folders = {top: [top] for top in _TOPS}
    weights = [weight for _, weight in _TOPS.values()]
    while count:
        [top] = chance.choices([*_TOPS], weights)
        folder = _new_folder(folders[top], chance)
        size = min(count, chance.randint(5, 15))
        for _ in range(size):
            kind = _kind(_TOPS[top][0], chance)
            name = _name(folder, kind, taken, chance)
            taken.add(name)
            yield name, kind
        count -= size


def _new_folder(known: list[str], chance: random.Random) -> str:
    """Return a folder in one that is known, and make it known."""
    above = chance.choice(known)
    if above.count("/") == _DEEPEST:
        above = known[0]
    known.append(f"{above}/{chance.choice(_WORDS)}")
    return known[-1]


def _kind(main: str, chance: random.Random) -> str:
    if chance.random() < _SHARE_OF_MAIN:
        return main
    return chance.choices([*_OTHERS], [*_OTHERS.values()])[0]


def _name(folder: str, kind: str, taken: set[str], chance: random.Random) -> str:
    """Return a name for a file of a kind."""
    places = _PLACES.get(kind, (f"{{folder}}/{{name}}.{kind}",))
    found = places[0].format(folder=folder, name=_filled("{a}_{b}", chance))
    while found in taken:
        found = places[-1].format(folder=folder, name=_filled("{a}_{b}_{n}", chance))
    return found


def _text(kind: str, blocks: list[str], chance: random.Random) -> str:
    """Return a text of 2 to 20 kB, small ones more often."""
    size = 2_000 * 10 ** chance.random()
    parts = chance.choices(blocks, k=1 + int(size / len(blocks[0])))
    if chance.random() < _MENTION.get(kind, 0) / 1_000:
        mention = _filled(chance.choice(MENTIONS[kind]), chance)
        parts.insert(chance.randrange(len(parts) + 1), mention)
    return _filled(CODE[kind][0], chance) + "".join(parts) + _ENDS.get(kind, "")


def _filled(template: str, chance: random.Random) -> str:
    """Return a template with words in it, small and with a capital, and a number."""
    a, b, c = chance.sample(_WORDS, 3)
    number = chance.randrange(2, 100)
    return template.format(a=a, b=b, c=c, n=number, A=a.title(), B=b.title())
