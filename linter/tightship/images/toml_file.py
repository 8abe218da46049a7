"""Writes facts about an image as a file that ``tightship image --validate`` accepts."""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, CONFIGURED
from tightship.images.facts import ASPECTS, Source, fields

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.images.facts import Fact, ImageFamily

# The conditions of facts that are derived, as a file writes them.
_WRITTEN = {AS_ROOT.text: "root", CONFIGURED.text: "configured"}


def as_toml(family: ImageFamily) -> str:
    """Return a file with the facts of a family, whose conditions are those of derived facts."""
    sources = dict[Source, str]()
    aspects = [*_aspects(family, sources)]
    empty = [aspect for aspect in ASPECTS if getattr(family, aspect) == ()]
    lines = [
        f"names = {_value(family.names)}",
        f"summary = {_value(family.summary)}",
        f"holds_for = {_value(family.holds_for)}",
        *([] if family.programs is None else [f"programs = {_value(family.programs)}"]),
        *([f"none = {_value(empty)}"] if empty else []),
        *([f"about = {_value(family.about)}"] if family.about else []),
        "",
        *aspects,
        "",
        "[sources]",
        *(f"{key} = {_value(f'{one.grade}: {one.where}')}" for one, key in sources.items()),
    ]
    return "".join(f"{line}\n" for line in lines)


def _aspects(family: ImageFamily, sources: dict[Source, str]) -> Iterator[str]:
    for aspect in ASPECTS:
        found: tuple[Fact, ...] = getattr(family, aspect) or ()
        written = [_fact(one, sources) for one in found]
        if len(written) == 1:
            yield f"{aspect} = {written[0]}"
        elif written:
            yield f"{aspect} = ["
            yield from (f"  {one}," for one in written)
            yield "]"


def _fact(fact: Fact, sources: dict[Source, str]) -> str:
    key = sources.setdefault(fact.source, fact.source.where.rpartition(" ")[2])
    pairs = [f"{name} = {_value(value)}" for name, value in _own(fact)]
    when = " and ".join(_WRITTEN[one.text] for one in fact.when)
    if when:
        pairs.append(f"when = {_value(when)}")
    return f"{{ {', '.join((*pairs, f'source = {_value(key)}'))} }}"


def _own(fact: Fact) -> Iterator[tuple[str, object]]:
    """Yield the keys of a fact that differ from their defaults."""
    kind = type(fact)
    count = len(kind._fields) - len(kind._defaults)
    defaults = dict(zip(kind._fields[count:], kind._defaults, strict=True))
    for name in fields(kind):
        value = getattr(fact, name)
        if name not in defaults or value != defaults[name]:
            yield name, value


def _value(value: object) -> str:
    from json import dumps

    # JSON escapes all that a basic string of TOML does, but DEL.
    return dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
