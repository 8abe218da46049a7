"""Signature help in Dockerfiles: the forms of an instruction, and the part at the cursor."""

from __future__ import annotations

from lsprotocol import types

from tightship.lazy import regex
from tightship_lsp.features.completion.dockerfile import instructions, listed
from tightship_lsp.features.completion.dockerfile_cursor import escape_of, place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship_lsp.features.completion.dockerfile_cursor import Place
    from tightship_lsp.features.queries import View

_PART = regex(r'\[flags\]|"[^"]*"|\.\.\.|[\[\]]|/[^\s"]*|[^\s=:@,"\[\]]+')
_DIRECTIVE = regex(r"(?i)[ \t]*\#[ \t]*escape[ \t]*=")
_ESCAPE = "escape=\\"
_FLAGS = "[flags]"
_MORE = "..."
_PAIRS = ("ENV", "LABEL")
_SEPARATORS = (":", "@")


def signature_help(params: types.SignatureHelpParams, view: View) -> types.SignatureHelp | None:
    """Return the forms that what is written at a position may have."""
    text, at = view.document.source.text, view.offset(params.position)
    found = place(text, at)
    if found.comment is not None:
        is_escape = found.at <= text.find("\n") % (len(text) + 1) and _DIRECTIVE.match(text)
        return _help(_ESCAPE, "\\", listed("directives")["escape"]) if is_escape else None
    known = instructions().get(found.keyword)
    if known is None or found.in_heredoc:
        return _trigger(found)
    writing = _Writing(found, text, at)
    flag = writing.flag_form
    if flag:
        return _help(flag, flag.rpartition("=")[2].split()[0], "")
    forms = [form for form in known["forms"] if writing.fits(form)]
    if not forms:
        return None
    active = writing.active(_parts(forms[0]))
    return types.SignatureHelp(
        [_signature(form, known["about"]) for form in forms], 0, max(active, 0)
    )


def _trigger(found: Place) -> types.SignatureHelp | None:
    if not found.is_trigger or found.keyword:
        return None
    known = instructions()["ONBUILD"]
    return types.SignatureHelp([_signature(known["forms"][0], known["about"])], 0, 0)


def _help(label: str, part: str, about: str) -> types.SignatureHelp:
    """Return the help for one form with one part."""
    parts = [types.ParameterInformation(part)]
    return types.SignatureHelp([types.SignatureInformation(label, about or None, parts)], 0, 0)


def _signature(form: str, about: str) -> types.SignatureInformation:
    parts = [types.ParameterInformation(part) for part in _parts(form)]
    return types.SignatureInformation(form, about.replace("`", ""), parts)


def _parts(form: str) -> list[str]:
    """Return the parts of a form behind the keyword.

    The three forms of FROM with a stage have it at one index, so that it stays active.
    """
    _, _, rest = form.partition(" ")
    parts = _PART.findall(rest)
    if "AS" in parts and parts.index("AS") == 1:
        parts.insert(1, "")
    return parts


class _Writing:
    """The arguments of an instruction, as far as they are written."""

    def __init__(self, place: Place, text: str, at: int) -> None:
        self._place = place
        typed = text[place.start : at]
        self._typed = typed
        self._is_flag = typed.startswith("--") and not place.words
        self._words = [*place.words, typed]
        rest = _rest(text, at, escape_of(text))
        self._after = rest.split()
        written = " ".join(self._words)
        self.is_json = written.lstrip().startswith("[")
        self._commas = written.count(",")
        self._is_closed = written.rstrip().endswith("]")
        self._more_items = rest.count(",")

    @property
    def flag_form(self) -> str:
        """Return the form of the value of a flag that is being written."""
        name, equals, _ = self._typed.partition("=")
        if not (self._is_flag and equals):
            return ""
        form: str = listed("flag_forms").get(f"{self._place.keyword} {name}", "")
        return form

    @property
    def _count(self) -> int:
        """Return the number of words before the cursor's own."""
        return len(self._place.words)

    @property
    def _first(self) -> str:
        return self._words[0]

    def fits(self, form: str) -> bool:
        """Return whether a form may be that of the instruction."""
        parts = _parts(form)
        is_empty = self._is_flag or not "".join(self._words)
        if "[" in parts:
            return is_empty or self.is_json
        if is_empty:
            return _FLAGS in parts or not (self._has_flags and self._place.keyword == "HEALTHCHECK")
        if self.is_json:
            return False
        keyword, first = self._place.keyword, self._first
        if keyword == "FROM":
            has_stage = "AS" in parts
            has = [one for one in _SEPARATORS if one in first.rpartition("/")[2]]
            mark = "@" if "@" in has else ":" if has else ""
            return (not mark or mark in form) and (has_stage or self._count == 0)
        if keyword in _PAIRS:
            if "=" not in first:
                return "=" not in form if self._count else True
            return "=" in form and ("key2" in parts or self._count == 0)
        if keyword == "ARG":
            return "=" in form if "=" in first else True
        if keyword == "USER":
            return ":" in form if ":" in first else True
        if keyword == "HEALTHCHECK":
            return any(part.startswith(first.upper()) for part in parts)
        return True

    @property
    def _has_flags(self) -> bool:
        return self._is_flag or bool(self._place.flags)

    def active(self, parts: list[str]) -> int:
        """Return the index of the part at the cursor."""
        if self._is_flag:
            return 0
        keyword, last = self._place.keyword, len(parts) - 1
        if "[" in parts:
            return self._item(parts) if self.is_json else 0
        if _FLAGS in parts and parts[-1] == "dest":
            return self._source(1)
        if keyword in _PAIRS or keyword == "ARG":
            has_value = "=" in self._typed if "=" in self._first else self._count > 0
            if keyword == "ARG":
                return int("=" in self._first)
            return min(2 * (self._count if "=" in self._first else 0), 2) + has_value
        if keyword == "FROM":
            return self._in_from()
        if keyword == "USER":
            return int(":" in self._first)
        if keyword == "HEALTHCHECK":
            if _FLAGS not in parts:
                return 0
            is_empty = not "".join(self._words)
            return 0 if is_empty else min(self._count + 1, last)
        return min(self._count, last)

    def _item(self, parts: list[str]) -> int:
        """Return the part of an array."""
        first = parts.index("[") + 1
        if self._is_closed:
            return len(parts) - 1
        if '"dest"' in parts:
            return self._source(first, self._commas, self._more_items)
        return min(first + self._commas, parts.index(_MORE))

    def _source(self, first: int, before: int | None = None, after: int | None = None) -> int:
        """Return whether this is the first source, one between, or the destination."""
        before = self._count if before is None else before
        after = len(self._after) if after is None else after
        return first if before == 0 else first + 1 if after else first + 2

    def _in_from(self) -> int:
        if self._count:
            return min(self._count + 1, 3)
        return int(any(one in self._first.rpartition("/")[2] for one in _SEPARATORS))


def _rest(text: str, at: int, escape: str) -> str:
    """Return what follows on the lines of the instruction."""
    lines: list[str] = []
    for line in text[at:].split("\n"):
        bare = line.strip()
        lines.append(bare.removesuffix(escape))
        if not bare.endswith(escape):
            break
    first = lines[0] if lines else ""
    # What follows without a space is the rest of the word at the cursor.
    own = len(first) - len(first.lstrip()) == 0 and text[at : at + 1].strip() != ""
    rest = " ".join(lines)
    return rest.partition(" ")[2] if own else rest
