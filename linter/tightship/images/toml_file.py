"""Facts that were measured, and files of facts that ``tightship image --validate`` accepts."""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, CONFIGURED, NOT_AS_ROOT
from tightship.images.facts import ASPECTS, Fact, Source, fields
from tightship.lazy import TYPE_CHECKING, Record, regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tightship.images.facts import ImageFamily


# The conditions of facts that are derived or measured, as a file writes them.
_WRITTEN = {AS_ROOT.text: "root", NOT_AS_ROOT.text: "not root", CONFIGURED.text: "configured"}
SETTINGS = {
    "capabilities": "capabilities",
    "read_only": "read-only root",
    "new_privileges": "no-new-privileges",
    "memory": "limits",
}
"""The aspects that a trial exercises, and the settings of which they say that they work."""

_PART_OF = {"writes": "read_only", "volumes": "read_only"}
_HEAD = "format = 2\n"
_TABLE = regex(
    r"""[ \t]*+\[[ \t]*+families[ \t]*+\.[ \t]*+("(?:[^"\\]|\\.)*+"|'[^']*+'|[\w-]++)[ \t]*+[.\]]"""
)


def as_toml(family: ImageFamily) -> str:
    """Return a file with the facts of a family, whose conditions are those of derived facts."""
    keys = _Keys()
    lines = [*_own_lines(family), "", *_aspects(family, keys), "", "[sources]", *keys.lines()]
    return "".join(f"{line}\n" for line in lines)


def facts_file(families: Mapping[str, ImageFamily]) -> str:
    """Return a file with the facts about some services or images, each by its own key."""
    return _HEAD + "".join(_table(key, family) for key, family in families.items())


def updated(text: str, families: Mapping[str, ImageFamily]) -> str:
    """Return a file of facts with the tables of some keys replaced, and all else as it is."""
    kept, is_kept = list[str](), True
    for line in text.splitlines(keepends=True):
        if line.lstrip(" \t").startswith("["):
            found = _TABLE.match(line)
            is_kept = found is None or _unquoted(found[1]) not in families
        if is_kept:
            kept.append(line)
    whole = "".join(kept).rstrip("\n")
    return f"{whole}\n{facts_file(families).removeprefix(_HEAD)}" if whole else facts_file(families)


def _table(key: str, family: ImageFamily) -> str:
    name, keys = f"families.{_value(key)}", _Keys(family)
    lines = ["", f"[{name}]", *_own_lines(family), *_aspects(family, keys)]
    if family.measured is not None:
        pairs = _changed(family.measured)
        lines += ["", f"[{name}.measured]", *(f"{one} = {_value(value)}" for one, value in pairs)]
    sources = [*keys.lines()]
    lines += ["", f"[{name}.sources]", *sources] if sources else []
    return "".join(f"{line}\n" for line in lines)


def _own_lines(family: ImageFamily) -> Iterator[str]:
    """Yield the keys of a family beside its facts."""
    empty = [aspect for aspect in ASPECTS if getattr(family, aspect) == ()]
    if family.service:
        yield f"service = {_value(family.service)}"
    else:
        yield f"names = {_value(family.names)}"
    yield f"summary = {_value(family.summary)}"
    yield f"holds_for = {_value(family.holds_for)}"
    if family.programs is not None:
        yield f"programs = {_value(family.programs)}"
    if empty:
        yield f"none = {_value(empty)}"
    if family.about:
        yield f"about = {_value(family.about)}"


class _Keys:
    """The keys of sources in a file; facts that were measured need none."""

    def __init__(self, family: ImageFamily | None = None) -> None:
        measured = family.measured if family is not None else None
        self._usual = str(measured.source) if measured is not None else ""
        self._keys: dict[str, str] = {}

    def of(self, source: Source) -> str:
        """Return the key of a source; empty if that is the measurement."""
        text = f"{source.grade}: {source.where}"
        if self._usual == f"{source.grade} {source.where}":
            return ""
        if text not in self._keys:
            word = source.where.rpartition(" ")[2] or "source"
            taken = word in self._keys.values()
            self._keys[text] = f"{word} {len(self._keys)}" if taken else word
        return self._keys[text]

    def lines(self) -> Iterator[str]:
        """Yield the sources by their keys."""
        return (f"{_value(key)} = {_value(text)}" for text, key in self._keys.items())


def _aspects(family: ImageFamily, keys: _Keys) -> Iterator[str]:
    for aspect in ASPECTS:
        found: tuple[Fact, ...] = getattr(family, aspect) or ()
        written = [_fact(one, keys) for one in found]
        if len(written) == 1:
            yield f"{aspect} = {written[0]}"
        elif written:
            yield f"{aspect} = ["
            yield from (f"  {one}," for one in written)
            yield "]"


def _fact(fact: Fact, keys: _Keys) -> str:
    pairs = [f"{name} = {_value(value)}" for name, value in _changed(fact)]
    when = " and ".join(_WRITTEN[one.text] for one in fact.when)
    if when:
        pairs.append(f"when = {_value(when)}")
    key = keys.of(fact.source)
    if key:
        pairs.append(f"source = {_value(key)}")
    return f"{{ {', '.join(pairs)} }}"


def _changed(record: Record) -> Iterator[tuple[str, object]]:
    """Yield the own keys of a fact or a measurement that differ from their defaults."""
    kind = type(record)
    count = len(kind._fields) - len(kind._defaults)
    defaults = dict(zip(kind._fields[count:], kind._defaults, strict=True))
    for name in fields(kind):
        value = getattr(record, name)
        if name not in defaults or value != defaults[name]:
            yield name, value


def _unquoted(key: str) -> str:
    import tomllib

    return str(next(iter(tomllib.loads(f"{key} = 0"))))


def _value(value: object) -> str:
    from json import dumps

    # JSON escapes all that a basic string of TOML does, but DEL.
    return dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


class Measurement(Record):
    """The run in which facts were measured, and what was run.

    Attributes:
        image: the image, as a service names it
        date: the day, such as `2026-11-29`
        digest: the digest of the image
        engine: the engine and its version
        exercised: what was seen to work, as phrases
        kept: what was kept since nothing exercised it, as phrases
        user: the `user` of the service
        entrypoint: the words of its `entrypoint`
        command: the words of its `command`
        dockerfile: the digest of the text of its Dockerfile, if it is built
        used: the aspects with which the service was used: `capabilities`, `read_only`,
            `new_privileges`, `memory`. With the others, it was only seen to start
        answers: the aspects with which it was seen to answer, and not to be used

    """

    image: str
    date: str
    digest: str | None = None
    engine: str | None = None
    exercised: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    user: str | None = None
    entrypoint: tuple[str, ...] | None = None
    command: tuple[str, ...] | None = None
    dockerfile: str | None = None
    used: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()

    @property
    def source(self) -> Source:
        """Return the source of what was measured, with the start of the digest."""
        digest = f"@{self.digest[:19]}" if self.digest and "@" not in self.image else ""
        by = f", {self.engine}" if self.engine else ""
        return Source("measured", f"on {self.date} with {self.image}{digest}{by}")

    def tried(self, aspect: str) -> str:
        """Return how far an aspect was exercised, and when."""
        own = _PART_OF.get(aspect, aspect)
        word = "used" if own in self.used else "answers" if own in self.answers else "starts"
        return f"{word} in a trial on {self.date}"

    @property
    def words(self) -> Iterator[str]:
        """Return what was exercised with which settings, as phrases."""
        for word, found in (("used", self.used), ("answers", self.answers)):
            if found:
                yield f"{word}: {', '.join(SETTINGS.get(one, one) for one in found)}"
