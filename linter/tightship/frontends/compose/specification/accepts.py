"""The fit of a scalar to a shape, and descriptions of both."""

from __future__ import annotations

from tightship.frontends.compose.specification.shape import (
    ANY,
    BOOL,
    DATE,
    FLOAT,
    INT,
    NULL,
    TEXT,
    Shape,
)
from tightship.lazy import TYPE_CHECKING, LazyModule
from tightship.syntax.yaml.nodes import Alias, Mapping, Node, Scalar, Sequence
from tightship.values import port, scalar

if TYPE_CHECKING:
    from tightship.values import mount, quantity
else:
    quantity = LazyModule("tightship.values.quantity")
    mount = LazyModule("tightship.values.mount")

# The first characters of plain scalars that may be no text; an empty one is null.
MAYBE_NOT_TEXT = frozenset(("", *"+-.0123456789~nNtTfF"))

_KINDS = {"null": NULL, "bool": BOOL, "int": INT, "float": FLOAT, "timestamp": DATE, "str": TEXT}
_YAML_TAG = "tag:yaml.org,2002:"
_PULL_POLICIES = frozenset(
    ["always", "build", "daily", "if_not_present", "missing", "never", "refresh", "weekly"]
)
_NOT_ZERO = tuple("123456789")
_LONGEST_SHOWN = 40
_SHORT_FORMS = {
    "duration": "a duration such as `30s`",
    "pull policy": "a pull policy such as `always`, `missing` or `every_12h`",
    "port": "a port such as `8080:80`",
    "mount": "a mount such as `./data:/data`",
    "device": "a device such as `/dev/fuse`",
    "host": "a host and its address, `host=address`",
    "context": "a name and a place, `name=place`",
    "ssh": "`default` or `id=path`",
}

_INFINITE = float("inf")


def kind(node: Scalar) -> int:
    """Return the bit of the kind of a scalar, as Compose reads it.

    A tag of the user's own makes a text (verified with docker-compose 2.26.1).
    """
    tag = node.tag
    if tag is not None and tag != "!":
        if not tag.startswith(_YAML_TAG):
            return TEXT
        return _KINDS.get(tag[len(_YAML_TAG) :], TEXT)
    text = node.value
    if node.style:
        return TEXT
    # No number has a colon, and a date has its first hyphen after the year.
    if text[:1] not in MAYBE_NOT_TEXT or (":" in text and text[4:5] != "-"):
        return TEXT
    return _KINDS[scalar.resolve(text).kind]


def accepts(shape: Shape, node: Scalar) -> bool:
    """Return whether Compose accepts a scalar here.

    A text with variables fits wherever a scalar does, for only their values decide.
    """
    if "$" in node.value:
        if "$" in node.value.replace("$$", ""):
            return bool(shape.scalars)
        return suits(shape, node.value.replace("$$", "$"))
    found = kind(node)
    text = node.value
    if found & (INT | FLOAT):
        return _number_fits(shape, scalar.resolve(text).value)
    if not found & shape.scalars:
        return False
    if found == TEXT:
        if shape.choices:
            return text in shape.choices
        return not shape.form or _is_well_formed(shape, text)
    return True


def suits(shape: Shape, text: str) -> bool:
    """Return whether Compose accepts the result of variables here, which is always text."""
    if shape.merge == "replace" and shape.items is not None:
        from tightship.values.shell_words import split  # few commands hold variables

        return split(text) is not None
    if not shape.scalars & TEXT:
        return False
    if shape.choices:
        return text in shape.choices
    return not shape.form or _is_well_formed(shape, text)


def _number_fits(shape: Shape, value: object) -> bool:
    if not isinstance(value, (int, float)) or not abs(value) < _INFINITE:
        return False
    # 2.0 and 1e3 are integers, too.
    whole = isinstance(value, int) or value.is_integer()
    if not shape.scalars & (FLOAT | INT if whole else FLOAT):
        return False
    if shape.form == "port":
        return 1 <= value <= 65535
    return _within(shape, value)


def is_integer(text: str) -> bool:
    """Return whether a text is an integer of at most 19 digits."""
    digits = text[1:] if text[:1] in ("+", "-") else text
    return digits.isascii() and digits.isdigit() and len(digits) < 20


def _is_well_formed(shape: Shape, text: str) -> bool:
    form = shape.form
    if form == "bool":
        return scalar.as_bool(text) is not None
    if form == "integer" or form == "count":
        if not is_integer(text):
            return form == "count" and text == "all"
        return _within(shape, int(text))
    if form == "number":
        return scalar.as_float(text) is not None
    if form == "whole number":
        number = scalar.as_float(text)
        return number is not None and number.is_integer() and _within(shape, number)
    if form == "size":
        return quantity.parse_bytes(text) is not None
    if form == "duration":
        return quantity.parse_duration(text) is not None
    if form == "pull policy":
        return text in _PULL_POLICIES or _is_every(text)
    return _is_short_form(form, text)


def _is_short_form(form: str, text: str) -> bool:
    """Return whether a short form is valid, with a parser only where that takes one."""
    if form == "port":
        # Most are like 8080:80.
        host, _, target = text.rpartition(":")
        if (
            len(host) < 5
            and len(target) < 5
            and target[:1] in _NOT_ZERO
            and (host + target).isdecimal()
            and text.isascii()
        ):
            return True
        parsed = port.parse(text)
        return parsed is not None and not any(one.undecided for one in parsed)
    if form == "mount":
        colons = text.count(":")
        if colons < 2:
            return bool(text) and text[0] != ":"
        return mount.parse(text).problem is None
    if form == "device":
        return text.count(":") <= 2
    if form == "host":
        return text.find("=") > 0 or text.find(":") > 0
    if form == "context":
        return "=" in text
    return text == "default" or "=" in text


def _within(shape: Shape, value: float) -> bool:
    return (shape.low is None or shape.low <= value) and (shape.high is None or value <= shape.high)


def _is_every(text: str) -> bool:
    """Return whether a pull policy is of the form ``every_12h``."""
    period = text.removeprefix("every_")
    if period == text or not period.isascii():
        return False
    digits = False
    for char in period:
        if not char.isdigit() and not (digits and char in "wdhms"):
            return False
        digits = char.isdigit()
    return not digits and bool(period)


def takes(shape: Shape, node: Node) -> bool:
    """Return whether a shape accepts a list, a mapping or a scalar at all."""
    if isinstance(node, Mapping):
        return shape.keys is not None or shape.each is not None
    if isinstance(node, Sequence):
        return shape.items is not None
    return isinstance(node, Scalar) and accepts(shape, node)


def expected(shape: Shape) -> str:
    """Return the accepted values in words: ``a string or a list``."""
    words = list(_scalars(shape))
    if shape.items is not None:
        strings = shape.items.plain and shape.items.keys is None
        words.append("a list of strings" if strings else "a list")
    if shape.keys is not None or shape.each is not None:
        words.append("a mapping")
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _scalars(shape: Shape) -> list[str]:
    accepted = shape.scalars
    if shape.choices:
        return ["one of " + ", ".join(f"`{choice}`" for choice in shape.choices)]
    if accepted == ANY:
        return ["a string or a number"]
    if shape.form == "bool" or accepted == BOOL:
        return ["true or false"]
    if shape.form in ("integer", "count", "whole number") or accepted == INT:
        words = ["a whole number" + _bounds(shape)]
        return ["`all`", *words] if shape.form == "count" else words
    if shape.form == "number" or accepted == INT | FLOAT:
        return ["a number"]
    if shape.form == "size":
        return ["a size such as `512m`" if accepted & INT else 'a string such as `"512m"`']
    if shape.form in _SHORT_FORMS:
        return [_SHORT_FORMS[shape.form]]
    words = [] if not accepted & TEXT else ["a string"]
    if accepted & (INT | FLOAT):
        words.append("a number")
    if accepted & BOOL:
        words.append("true or false")
    return words


def _bounds(shape: Shape) -> str:
    if shape.high is not None:
        return f" from {shape.low} to {shape.high}"
    return f" from {shape.low} on" if shape.low is not None else ""


def found(node: Node) -> str:
    """Return a node in words: ``the number `0```, ``a list``."""
    if isinstance(node, Alias) and node.target is not None:
        node = node.target
    if isinstance(node, Mapping):
        return "a mapping"
    if isinstance(node, Sequence):
        return "a list"
    if not isinstance(node, Scalar):
        return "an alias"
    bit, text = kind(node), node.value
    if bit == NULL:
        return "empty" if not text else f"`{text}`"
    word = {BOOL: "", INT: "the number ", FLOAT: "the number ", DATE: "the date "}
    if len(text) > _LONGEST_SHOWN or not text.isprintable() or "`" in text:
        return {BOOL: "a boolean", INT: "a number", FLOAT: "a number"}.get(bit, "this text")
    if bit == TEXT:
        return f"the string `{text}`" if text else "an empty string"
    return f"{word[bit]}`{text}`"
