"""Edits of a command that starts a container: its flags, in its style, and nothing else."""

from __future__ import annotations

from tightship.frontends.docker_run.flags import flag_of, table
from tightship.frontends.docker_run.values import place
from tightship.lazy import cache, regex
from tightship.model.editor import Editor
from tightship.syntax.yaml.layout import is_mapping
from tightship.text import Edit, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tightship.frontends.docker_run.commands import RunCommand
    from tightship.frontends.docker_run.flags import Arguments, Flag, Given
    from tightship.model.editor import Edits
    from tightship.model.setting import Setting
    from tightship.model.value import Value
    from tightship.syntax.shell.nodes import Word
    from tightship.syntax.yaml.layout import Plain

# What a shell, a Makefile and YAML leave as it is, in quotes or not.
_PLAIN = regex(r"[A-Za-z0-9_@%+=:,./-]+")
_BETWEEN = regex(r"[ \t]+|[ \t]*\\\r?\n[ \t]*")


class FlagEditor(Editor):
    """Edits of the flags of a container; a front end says where new ones go.

    ``ends_with_flags`` tells that nothing has to follow the last flag.
    """

    __slots__ = ("_arguments",)

    ends_with_flags = False

    def __init__(self, arguments: Arguments) -> None:
        self._arguments = arguments

    def put(self, key: str, value: Plain) -> Edits:
        """Return the edit that sets a key, or replaces its value."""
        if isinstance(value, str):
            return self._put((key,), value)
        if self._given((key,)) or not isinstance(value, (list, tuple)):
            return ()
        return self.add(key, *(one for one in value if isinstance(one, str)))

    def remove(self, key: str) -> Edits:
        """Return the edits that remove each flag that sets a key."""
        found = self._given((key,))
        removed = [self._removal(one) for one in found]
        return tuple(edit for one in removed for edit in one) if all(removed) else ()

    def add(self, key: str, *items: str) -> Edits:
        """Return the edit that adds a flag for each item."""
        flag = _flags().get((key,))
        if flag is None or flag.kind != "items":
            return ()
        return self._inserted(*((f"--{flag.name}", item) for item in items)) if items else ()

    def remove_item(self, key: str, item: Value | None) -> Edits:
        """Return the edit that removes the flag of an item."""
        return next((self._removal(one) for one in self._of_item(key, item)), ())

    def replace_item(self, key: str, item: Value | None, text: str) -> Edits:
        """Return the edit that rewrites an item."""
        return next((self._replaced(one, text) for one in self._of_item(key, item)), ())

    def set_nested(self, path: Sequence[str], entries: dict[str, Plain]) -> Edits:
        """Return the edit that sets entries below a path, if flags can."""
        made = list[tuple[str, ...]]()
        for way, value in _leaves(tuple(path), entries):
            flag = _flags().get(way) or _flags().get(way[:-1])
            if flag is None or self._given(flag.path) or not isinstance(value, str):
                return ()
            is_pair = flag.kind in ("pair", "limit") and flag.path == way[:-1]
            made.append((f"--{flag.name}", f"{way[-1]}={value}" if is_pair else value))
        return self._inserted(*made) if made else ()

    def remove_nested(self, path: Sequence[str], key: str) -> Edits:
        """Return the edits that remove the flags of an entry."""
        found = self._given((*path, key))
        removed = [self._removal(one) for one in found]
        return tuple(edit for one in removed for edit in one) if all(removed) else ()

    def remove_nested_item(self, path: Sequence[str], item: Setting[str]) -> Edits:
        """Return nothing: lists at a path have no flags."""
        return ()

    def _put(self, path: tuple[str, ...], value: str) -> Edits:
        flag = _flags().get(path)
        found = self._given(path)
        if flag is None or len(found) > 1:
            return ()
        if found and flag.kind != "switch":
            return self._replaced(found[0], value)
        if found:
            return self._removal(found[0]) if value == "false" else self._switched(found[0])
        if flag.kind == "switch":
            return self._inserted((f"--{flag.name}" + (f"={value}" if value != "true" else ""),))
        return self._inserted((f"--{flag.name}", value)) if flag.kind == "text" else ()

    def _switched(self, given: Given) -> Edits:
        """Return the edit that makes ``--read-only=false`` true."""
        if not given.is_alone or not _is_as_written(given.word):
            return ()
        return (Edit(place(given.word), f"--{given.flag.name}"),)

    def _given(self, path: tuple[str, ...]) -> list[Given]:
        return [one for one in self._arguments.flags if one.flag.path == path]

    def _of_item(self, key: str, item: Value | None) -> Iterator[Given]:
        for one in self._given((key,)):
            word = one.value
            if item is not None and word is not None and place(word, one.skip) == item.span:
                yield one

    def _replaced(self, given: Given, text: str) -> Edits:
        word = given.value
        if word is None or not _PLAIN.fullmatch(text):
            return ()
        span = place(word, given.skip)
        is_split = given.skip == 0 or span.start > word.text.span(word.start, word.end).start
        return (Edit(span, text),) if is_split and _is_as_written(word) else ()

    def _removal(self, given: Given) -> Edits:
        """Return the edit that removes a flag with what follows it, up to the next word."""
        last = given.value or given.word
        words = [given.word, last]
        after = self._after(last)
        if after is None and self.ends_with_flags and given.is_alone:
            before = [
                end_of(one) for one in self._arguments.flags if one.word.start < given.word.start
            ]
            source, start = given.word.span.source, given.word.span.start
            start = max(before, default=start)
            is_plain = all(map(_is_as_written, words))
            return (Edit(Span(source, start, end_of(given)), ""),) if is_plain else ()
        if after is None or not given.is_alone or not all(map(_is_as_written, [*words, after])):
            return ()
        start, end = given.word.span.start, after.span.start
        source = given.word.span.source
        if not _BETWEEN.fullmatch(source.text, last.span.end, end):
            return ()
        return (Edit(Span(source, start, end), ""),)

    def _after(self, word: Word) -> Word | None:
        words = [one.word for one in self._arguments.flags]
        if self._arguments.unknown is not None:
            words.append(self._arguments.unknown)
        if self._arguments.image is not None:
            words.append(self._arguments.image)
        after = (one for one in words if one.start > word.start)
        return min(after, key=lambda one: one.start, default=None)

    def _inserted(self, *flags: tuple[str, ...]) -> Edits:
        """Return the edit that adds flags, if they need no quotes."""
        is_plain = all(_PLAIN.fullmatch(word) for flag in flags for word in flag)
        return self.insertion([" ".join(flag) for flag in flags]) if is_plain else ()

    def insertion(self, flags: Sequence[str]) -> Edits:
        """Return the edit that adds flags, each with its value."""
        raise NotImplementedError


class CommandEditor(FlagEditor):
    """Edits of one command: new flags come before the image, as the flags before are written."""

    __slots__ = ("_command",)

    def __init__(self, command: RunCommand) -> None:
        super().__init__(command.arguments)
        self._command = command

    def insertion(self, flags: Sequence[str]) -> Edits:
        """Return the edit that adds flags before the image."""
        image = self._arguments.image
        if image is None or not _is_as_written(image):
            return ()
        start, source = image.span.start, image.span.source
        before = max(map(end_of, self._arguments.flags), default=self._command.span.end)
        between = source.text[before:start]
        if not _BETWEEN.fullmatch(between):
            return ()
        text = "".join(f"{flag}{between}" for flag in flags)
        return (Edit(Span(source, start, start), text),)


def end_of(given: Given) -> int:
    """Return where a flag and its value end."""
    return max(given.word.span.end, given.value.span.end if given.value is not None else 0)


def _is_as_written(word: Word) -> bool:
    """Return whether the text of the file has a word as the shell reads it."""
    return word.span.text == word.raw


def _leaves(
    path: tuple[str, ...], entries: Mapping[str, Plain]
) -> Iterator[tuple[tuple[str, ...], Plain]]:
    for key, value in entries.items():
        if is_mapping(value):
            yield from _leaves((*path, key), value)
        else:
            yield (*path, key), value


@cache
def _flags() -> dict[tuple[str, ...], Flag]:
    """Return the flags by the keys that they set."""
    every = filter(None, map(flag_of, table()["flags"]))
    return {one.path: one for one in every if one.path and one.kind not in ("hides", "opens")}
