"""Trees of texts, and the chains that they have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tightship.engine.disk.git_tree import TextFiles
from tightship.engine.roles.chains import chains
from tightship.engine.roles.tree import tree_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tightship.engine.roles.tree import Tree
    from tightship.frontends.invocations.found import Chain

FILES = ("compose.yaml", "hard.yml", "docker/base.yml", "docker/dev.yml")
"""The Compose files of each tree, which are empty here."""


def tree_with(texts: Mapping[str, str]) -> Tree:
    """Return a tree of ``FILES`` and other texts."""
    return tree_of(TextFiles(dict.fromkeys(FILES, "") | dict(texts)))


def chains_of(texts: Mapping[str, str]) -> list[Chain]:
    """Return the chains of a tree of ``FILES`` and other texts."""
    return chains(tree_with(texts))


def merged(name: str, text: str) -> list[str]:
    """Return the chains of one more file: the names of their files, `?` if not whole."""
    return [shown(chain) for chain in chains_of({name: text})]


def shown(chain: Chain) -> str:
    """Return the files of a chain, relative to the root."""
    files = [one.partition("\ud800/")[2] for one in chain.files]
    return " ".join([*files, *([] if chain.is_whole else ["?"])])
