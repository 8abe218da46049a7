"""Reads the settings in the text of one file, with the words that they may use."""

from __future__ import annotations

import os

from tightship.config.key import ConfigError, ConfigProblem
from tightship.config.read import read
from tightship.engine.disk.given import read_given
from tightship.engine.disk.regular import Refusal, read_regular
from tightship.engine.disk.root import real_path
from tightship.engine.plan.config_files import NAMES, PYPROJECT
from tightship.engine.settings.selection import SETS, plain
from tightship.lazy import regex
from tightship.rules.definition import code_of
from tightship.text import Source, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from tightship.config.key import Key
    from tightship.config.settings import Settings


class Vocabulary:
    """The words that select rules, and the options of rules."""

    def __init__(self) -> None:
        self._known: frozenset[str] | None = None

    def knows(self, word: str) -> bool:
        """Return whether a word is a rule, a theme, a set or an id of another linter."""
        if word in SETS or code_of(word):
            return True
        if self._known is None:
            from tightship.engine.settings.selection import vocabulary
            from tightship.rules.definition import known_rules

            self._known = frozenset(vocabulary(known_rules()))
        return plain(word) in self._known

    def guess(self, word: str) -> str | None:
        """Return the most similar known word."""
        from tightship.engine.settings.selection import guess
        from tightship.rules.definition import known_rules

        return guess(word, known_rules())

    @property
    def rules(self) -> Collection[str]:
        """Return the names of the rules."""
        from tightship.rules.definition import known_rules

        return [entry.name for entry in known_rules()]

    def options(self, rule: str) -> Sequence[Key]:
        """Return the options of a rule."""
        from tightship.rules import every_option

        return every_option().get(rule, ())


_MENTIONS_TIGHTSHIP = regex(
    r"""(?m)^[ \t]*+\[{0,2}[ \t]*+["']?tool["']?[ \t]*+"""
    r"""(?:\.[ \t]*+["']?tightship\b|[\]=])"""
)


def own_file(folder: str) -> str | None:
    """Return the name of the configuration file in a folder, valid or not."""
    for name in NAMES:
        if not os.path.lexists(os.path.join(folder, name)):
            continue
        if name != PYPROJECT:
            return name
        text = read_regular(os.path.join(folder, name), limit=1_000_000)
        if isinstance(text, bytes) and b"[tool.tightship" in text:
            return name
    return None


def read_config(path: str, data: bytes | None = None) -> Settings:
    """Return the settings in a file that the user names, anywhere on the disk.

    Paths in it are relative to the current folder. ``data`` replaces its content.

    Raises:
        ConfigError: if it is unreadable or invalid.

    """
    found = read_given(path, limit=1_000_000) if data is None else data
    if isinstance(found, Refusal):
        raise _unreadable(path, found.message)
    try:
        text = found.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _unreadable(path, "it is not UTF-8") from None
    settings = read(Source(path, text), real_path(os.curdir), Vocabulary())
    if settings is None:
        raise _unreadable(path, "it has no table `[tool.tightship]`")
    return settings


def settings_in(source: Source | Refusal, path: str, root: str) -> Settings | None:
    """Return the settings in the text of a file, whose paths start in its folder.

    Raises:
        ConfigError: if it is unreadable or invalid.

    """
    # Most of these files do not mention Tightship, and parsing one takes longer than the
    # rest of a run.
    if os.path.basename(path) == PYPROJECT and (
        isinstance(source, Refusal) or not _MENTIONS_TIGHTSHIP.search(source.text)
    ):
        return None

    if isinstance(source, Refusal):
        raise _unreadable(source.name, source.message, root)
    try:
        return read(source, os.path.dirname(path), Vocabulary())
    except ConfigError as error:
        raise ConfigError(error.problems, root) from None


def _unreadable(name: str, message: str, root: str = "") -> ConfigError:
    return ConfigError([ConfigProblem(Span(Source(name, ""), 0, 0), message)], root)
