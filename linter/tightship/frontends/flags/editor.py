"""Edits of the flags of a container, in their style, and of nothing else."""

from __future__ import annotations

from tightship.frontends.flags.flags import flags_by_key
from tightship.frontends.flags.values import network_of, place
from tightship.lazy import TYPE_CHECKING, regex
from tightship.model.editor import Editor
from tightship.model.value import MappingValue
from tightship.syntax.yaml.layout import is_mapping
from tightship.text import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tightship.frontends.flags.flags import Arguments, Flag, Given
    from tightship.model.editor import Edits
    from tightship.model.items import PortItem, Volume
    from tightship.model.setting import Setting
    from tightship.model.value import Value
    from tightship.syntax.shell.nodes import Word
    from tightship.syntax.yaml.layout import Plain

# What a shell, a Makefile and YAML leave as it is, in quotes or not.
_PLAIN = regex(r"[A-Za-z0-9_@%+=:,./-]+")
BETWEEN = regex(r"[ \t]+|[ \t]*\\\r?\n[ \t]*")
_DEFAULT_NETWORKS = ("bridge", "default")


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
        if key == "network_mode" and any(_text(one) in _DEFAULT_NETWORKS for one in found):
            return ()  # without the flag, the network is the same
        return self._removals(found)

    def add(self, key: str, *items: str) -> Edits:
        """Return the edit that adds a flag for each item."""
        flag = flags_by_key().get((key,))
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
        """Return the edits that set entries below a path, if flags can."""
        new, edits = list[tuple[str, ...]](), list[Edit]()
        for way, value in _leaves(tuple(path), entries):
            flag, before, text = self._entry(way, value)
            if flag is None:
                return ()
            if before is None:
                new.append((f"--{flag.name}", text))
                continue
            replaced = self._replaced(before, text)
            if not replaced:
                return ()
            edits += replaced
        added = self._inserted(*new) if new else ()
        return (*edits, *added) if added or not new else ()

    def _entry(self, way: tuple[str, ...], value: Plain) -> tuple[Flag | None, Given | None, str]:
        """Return the flag for an entry, the one that has it already, and its value."""
        if not isinstance(value, str):
            return None, None, ""
        flag = flags_by_key().get(way)
        if flag is not None:
            return flag, next(iter(self._given(way)), None), value
        *above, name = way
        if way[:1] == ("ulimits",) and name == "hard" and len(way) == 3:
            above, name = ["ulimits"], way[1]
        flag = flags_by_key().get(tuple(above))
        if flag is None or flag.kind not in ("pair", "limit"):
            return None, None, ""
        given = (one for one in self._given(flag.path) if one.value is not None)
        before = next((one for one in given if _text(one).startswith(f"{name}=")), None)
        if name != way[-1] and before is not None:
            soft = _text(before).partition("=")[2].partition(":")[0]
            return flag, before, f"{name}={soft}:{value}"
        return flag, before, f"{name}={value}"

    def make_read_only(self, volume: Volume) -> Edits:
        """Return the edit that mounts it read-only."""
        if isinstance(volume.value, MappingValue):
            return self._at_end_of(volume, ",readonly")
        if not volume.options:
            return self._at_end_of(volume, ":ro")
        return self._with_options(volume, [*(o for o in volume.options if o != "rw"), "ro"])

    def set_propagation(self, volume: Volume, mode: str) -> Edits:
        """Return the edit that replaces the propagation."""
        options = [mode if one == volume.propagation else one for one in volume.options]
        return self._with_options(volume, options)

    def remove_selinux(self, volume: Volume) -> Edits:
        """Return the edit that removes ``z`` or ``Z``."""
        return self._with_options(volume, [o for o in volume.options if o not in ("z", "Z")])

    def publish_on(self, item: PortItem, address: str) -> Edits:
        """Return the edit that publishes a port on an address, if it has none."""
        given = next(self._of_item("ports", item.value), None)
        text = _text(given) if given is not None else ""
        if given is None or item.port.host_ip is not None or "=" in text:
            return ()  # `published=8080` has no place for an address
        if not text:
            return _put_before(given, f"{address}:") if item.port.published is not None else ()
        colon = ":" if item.port.published is None else ""
        return self._replaced(given, f"{address}:{colon}{text}")

    def _with_options(self, volume: Volume, options: Sequence[str]) -> Edits:
        """Return the edit that gives a mount in short syntax other options."""
        end, old = self._end(volume), f":{','.join(volume.options)}"
        if end is None or not volume.options:
            return ()
        span = Span(end.source, end.start - len(old), end.end)
        return (Edit(span, f":{','.join(options)}" if options else ""),) if span.text == old else ()

    def _at_end_of(self, volume: Volume, text: str) -> Edits:
        end = self._end(volume)
        return (Edit(end, text),) if end is not None else ()

    def _end(self, volume: Volume) -> Span | None:
        """Return the place right after a mount, in its quotes, if it is as it is written."""
        given = next(self._of_item("volumes", volume.value), None)
        word = given.value if given is not None else None
        if word is None or not is_as_written(word):
            return None
        end = word.span.end - len(_closing(word))
        return Span(word.span.source, end, end)

    def remove_nested(self, path: Sequence[str], key: str) -> Edits:
        """Return the edits that remove the flags of an entry."""
        return self._removals(self._given((*path, key)))

    def remove_nested_item(self, path: Sequence[str], item: Setting[str]) -> Edits:
        """Return nothing: lists at a path have no flags."""
        return ()

    def _put(self, path: tuple[str, ...], value: str) -> Edits:
        flag = flags_by_key().get(path)
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
        if not given.is_alone or not is_as_written(given.word):
            return ()
        return (Edit(place(given.word), f"--{given.flag.name}"),)

    def _given(self, path: tuple[str, ...]) -> list[Given]:
        return [one for one in self._arguments.flags if _path_of(one) == path]

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
        return (Edit(span, text),) if is_split and is_as_written(word) else ()

    def _removals(self, found: Iterable[Given]) -> Edits:
        """Return the edits that remove all of some flags, if each can be."""
        removed = [*map(self._removal, found)]
        return tuple(edit for one in removed for edit in one) if all(removed) else ()

    def _removal(self, given: Given) -> Edits:
        """Return the edit that removes a flag with what follows it, up to the next word."""
        last = given.value or given.word
        words = [given.word, last]
        after = self._after(last)
        if after is None and self.ends_with_flags:
            return self._last_removed(given)
        if after is None or not given.is_alone or not all(map(is_as_written, [*words, after])):
            return ()
        start, end = given.word.span.start, after.span.start
        source = given.word.span.source
        if not BETWEEN.fullmatch(source.text, last.span.end, end):
            return ()
        between = source.text[last.span.end : end]
        if "\n" in between and source.text[:start].rpartition("\n")[2].strip():
            end -= len(between.lstrip(" \t"))  # the line has more, and keeps its end
        return (Edit(Span(source, start, end), ""),)

    def _last_removed(self, given: Given) -> Edits:
        """Return the edit that removes a flag that nothing follows, with the blanks before it."""
        words = [given.word, given.value or given.word]
        is_flag = given.word.raw.startswith("-") and given.is_alone
        if not is_flag or not all(map(is_as_written, words)):
            return ()
        source, start = given.word.span.source, given.word.span.start
        before = [end_of(one) for one in self._arguments.flags if end_of(one) < start]
        last = max(before, default=start)
        start = last if BETWEEN.fullmatch(source.text, last, start) else start
        return (Edit(Span(source, start, end_of(given)), ""),)

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


def _path_of(given: Given) -> tuple[str, ...]:
    """Return the path that a flag sets: `--network host` is a mode."""
    if given.flag.kind != "network":
        return given.flag.path
    found = network_of(given)
    return (found[0],) if found is not None else ()


def _text(given: Given) -> str:
    """Return the value of a flag, if it is certain."""
    return (given.value.value or "")[given.skip :] if given.value is not None else ""


def _put_before(given: Given, text: str) -> Edits:
    """Return the edit that puts a text before a value that only a run knows, in its quotes."""
    word = given.value
    if (
        word is None
        or not is_as_written(word)
        or not _PLAIN.fullmatch(f"a{word.raw[: given.skip]}")
    ):
        return ()
    quote = word.raw[given.skip : given.skip + 1] in ("'", '"')
    start = word.span.start + given.skip + quote
    return (Edit(Span(word.span.source, start, start), text),)


def _closing(word: Word) -> str:
    """Return the quote that ends a word that is whole in quotes."""
    raw = word.raw
    return raw[-1] if raw[:1] in ("'", '"') and raw[-1:] == raw[:1] else ""


def end_of(given: Given) -> int:
    """Return where a flag and its value end."""
    return max(given.word.span.end, given.value.span.end if given.value is not None else 0)


def is_as_written(word: Word) -> bool:
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
