"""A symbol under another name: what forbids it, the edits, and what Compose makes of them."""

from __future__ import annotations

import posixpath

from tightship.frontends.compose.effective.assembly import Assembly
from tightship.frontends.compose.loading.invocation import Options, invocation
from tightship.lazy import TYPE_CHECKING, Record, regex
from tightship.text import Edit
from tightship_lsp.symbols.outline import RenameError

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Sequence
    from typing import Any, Protocol

    from tightship.frontends.compose.effective.printed import Plain
    from tightship.model.project import Disk
    from tightship_lsp.symbols.index import Placed
    from tightship_lsp.symbols.outline import Occurrence

    class Files(Disk, Protocol):
        """The files of a project, below a folder."""

        root: str

        def exists(self, path: str) -> bool:
            """Return whether there is something at a path."""
            ...


_RESOURCE = regex(r"[a-zA-Z0-9._-]+"), "letters, digits, `.`, `_` and `-`"
_VARIABLE = regex(r"[A-Za-z_][A-Za-z0-9_]*"), "letters, digits and `_`, and begins with no digit"
_STAGE = (
    regex(r"(?i)[a-z][a-z0-9._-]*"),
    "letters, digits, `.`, `_` and `-`, and begins with a letter",
)
_PROFILE = (
    regex(r"[a-zA-Z0-9][a-zA-Z0-9_.-]+"),
    "letters, digits, `.`, `_` and `-`, begins with a letter or digit, and has two of them",
)


class NameRule(Record):
    """What a name of a kind may be.

    ``word`` is the kind in messages, ``form`` a pattern, ``content`` what the pattern allows
    in words, and ``reserved`` the names that have a meaning of their own.
    """

    word: str
    form: Any
    content: str
    reserved: frozenset[str] = frozenset()


_PLATFORM = frozenset(
    f"{side}{part}"
    for side in ("TARGET", "BUILD")
    for part in ("PLATFORM", "OS", "ARCH", "VARIANT")
) | {"TARGETSTAGE"}
_PROXIES = frozenset(
    name
    for proxy in ("HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY")
    for name in (proxy, proxy.lower())
)

RULES = {
    "service": NameRule("service", *_RESOURCE),
    "network": NameRule("network", *_RESOURCE, frozenset(("default",))),
    "volume": NameRule("volume", *_RESOURCE),
    "secret": NameRule("secret", *_RESOURCE),
    "config": NameRule("config", *_RESOURCE),
    "model": NameRule("model", *_RESOURCE),
    "context": NameRule("build context", *_RESOURCE),
    "profile": NameRule("profile", *_PROFILE),
    "stage": NameRule("stage", *_STAGE, frozenset(("scratch", "context"))),
    "variable": NameRule("variable", *_VARIABLE),
    "argument": NameRule("build argument", *_VARIABLE, _PLATFORM | _PROXIES),
    "environment": NameRule("environment variable", *_VARIABLE),
    "anchor": NameRule("anchor", regex(r"[^\s,\[\]{}&*!|>'\"%@`#]+"), "no space and no bracket"),
    "heredoc": NameRule("heredoc", regex(r"[A-Za-z0-9_]+"), "letters, digits and `_`"),
}


def check_symbol(kind: str, name: str, placed: Iterable[Placed]) -> None:
    """Check that a symbol can be renamed at all.

    Raises:
        RenameError: if what it is called is not decided by these files alone.

    """
    rule = RULES[kind]
    placed = list(placed)
    if name in rule.reserved or (kind == "variable" and name.startswith("COMPOSE_")):
        raise RenameError(f"`{name}` has a fixed meaning, so it cannot be renamed")
    declared = [one for one in placed if one.occurrence.is_declaration]
    if not declared:
        raise RenameError(f"no file of the project defines the {rule.word} `{name}`")
    if kind == "stage" and not any(one.occurrence.is_exact for one in declared):
        raise RenameError("this stage has no name: add `AS` with one to its FROM")
    if kind == "environment" and any(
        one.occurrence.target is None for one in placed if not one.occurrence.is_declaration
    ):
        raise RenameError(f"`{name}` is read before this file sets it: the image may have it")
    for one in placed:
        # A number of a stage stays.
        if not one.occurrence.is_exact and kind != "stage":
            raise RenameError(
                f"`{name}` is part of a path, or has an escape, in"
                f" `{posixpath.basename(one.path)}`: rename it by hand"
            )


def check_name(kind: str, old: str, new: str, taken: Iterable[str]) -> None:
    """Check that a name is possible.

    Raises:
        RenameError: if Compose or BuildKit rejects it, or something else has it.

    """
    rule = RULES[kind]
    if rule.form.fullmatch(new) is None:
        raise RenameError(f"`{new}` is no name of a {rule.word}: such a name has {rule.content}")
    if new in rule.reserved or (kind == "variable" and new.startswith("COMPOSE_")):
        raise RenameError(f"`{new}` has a fixed meaning: choose another name")
    compared = str.lower if kind == "stage" else str
    if compared(new) != compared(old) and compared(new) in map(compared, taken):
        raise RenameError(f"there is another {rule.word} `{new}`: choose another name")


def edits(placed: Iterable[Placed], new: str) -> dict[str, list[Edit]]:
    """Return the edits of each file; quotes around a name stay."""
    made: dict[str, list[Edit]] = {}
    for one in placed:
        if one.occurrence.is_exact:
            text = _bare(one.occurrence, new) if one.occurrence.is_bare else new
            made.setdefault(one.path, []).append(Edit(one.occurrence.span, text))
    return made


def _bare(one: Occurrence, new: str) -> str:
    """Return what a name without a value becomes: it is that of two things, and one is renamed.

    No braces: in a flow sequence, YAML takes them for its own.
    """
    if one.kind == "secret":
        return f"{new},target=/run/secrets/{one.name}"
    return f"{new}=${one.name}" if one.kind == "argument" else f"{one.name}=${new}"


_NAME = "\0"
_INLINE = "dockerfile_inline"
_SECRET_FILE = regex(r"(?<=/run/secrets/)[A-Za-z0-9._-]+")
_WORD = regex(r"[A-Za-z0-9._-]+")
# What may come before a name in a text of a configuration, and behind it. A secret or a
# config without a target has a path with its name.
_REFERENCE = regex(
    r"(?s)(service:|(?:[A-Za-z][A-Za-z0-9+.-]*:)+//(?:[^@/\s]*@)?|/run/secrets/|/|)([A-Za-z0-9._-]+)(.*)"
)


class Meaning:
    """What Compose makes of a project, in whose place any of some names may be."""

    def __init__(
        self,
        disk: Files,
        folder: str,
        files: Sequence[str],
        names: frozenset[str],
        *,
        in_keys: bool = True,
    ) -> None:
        """Load a project.

        Args:
            disk: gives its files.
            folder: the folder in which Compose is called.
            files: those that `-f` names; none for those that Compose finds.
            names: the names that count as one.
            in_keys: whether they do in keys, such as those of services.

        """
        options = Options(files=tuple(files), profiles=("*",))
        call = invocation(folder, options, exists=disk.exists, read=disk.read, ceiling=disk.root)
        made = Assembly(call, disk, top=disk.root)
        self._names = names
        self._in_keys = in_keys
        self._project = made.name
        self.is_refused = made.refused
        self.faults = sorted(fault.kind for fault in made.faults)
        shown = made.configuration.printed().as_json if made.configuration is not None else None
        self.content = self._general(shown)

    def is_same(self, other: Meaning) -> bool:
        """Return whether another project means the same."""
        return (
            self.is_refused == other.is_refused
            and self.faults == other.faults
            and self.content == other.content
        )

    def _general(self, value: Plain) -> object:
        if isinstance(value, dict):
            name = self._text if self._in_keys else str
            pairs = (
                (
                    name(key),
                    _WORD.sub(self._word, str(one)) if key == _INLINE else self._general(one),
                )
                for key, one in value.items()
            )
            return sorted(pairs, key=lambda pair: (pair[0], str(pair[1])))
        if isinstance(value, list):
            return [self._general(one) for one in value]
        return self._text(value) if isinstance(value, str) else value

    def _word(self, word: re.Match[str]) -> str:
        """Return what stands for a word: one thing for all names."""
        return _NAME if word[0] in self._names else word[0]

    def _text(self, text: str) -> str:
        if "/run/secrets/" in text:
            text = _SECRET_FILE.sub(self._word, text)
        found = _REFERENCE.fullmatch(text)
        if found is None:
            return text
        before, name, behind = found.groups()
        if before or not behind or behind.startswith(":"):
            # Resources have the project's name in front of theirs.
            own = name.removeprefix(f"{self._project}_")
            name = _NAME if own in self._names else name
        return f"{before}{name}{behind}"
