"""The outline of a Dockerfile: its stages, and the variables of a build and of the images."""

from __future__ import annotations

from functools import partial

from tightship.lazy import TYPE_CHECKING, regex
from tightship.syntax.dockerfile.read import read
from tightship.syntax.dockerfile.words import mount_options
from tightship.text import Span
from tightship_lsp.symbols.outline import Link, Occurrence, Outline

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tightship.syntax.dockerfile.nodes import Flag, Heredoc, Instruction, Word
    from tightship.text import Source
    from tightship_lsp.symbols.outline import Kind

    Place = Callable[[int, int], Span]

# What may begin, end or escape in a text with variables, and a variable itself.
_TOKEN = {
    mark: regex(rf"(?s){mark * 2 if mark == chr(92) else mark}(.)|(['\"])|\$\{{?([A-Za-z_]\w*)")
    for mark in ("\\", "`")
}
_SHELL = ("RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK")
_REMOTE = regex(r"[A-Za-z][A-Za-z0-9+.-]*://|git@")
_WORD = regex(r"[\w.-]+")
_occurrence = partial(Occurrence, scope="file")
_TARGETS = ("target", "dst", "destination")


def dockerfile_outline(source: Source) -> Outline:
    """Return the outline of a Dockerfile."""
    return _Reader(source).read()


class _Scope:
    """The variables that a stage has so far: what declares each, last."""

    def __init__(self, below: _Scope | None = None) -> None:
        self.arguments: dict[str, Occurrence] = dict(below.arguments) if below else {}
        self.environment: dict[str, Occurrence] = dict(below.environment) if below else {}

    def get(self, name: str) -> Occurrence | None:
        """Return what declares a variable: ENV wins over ARG, wherever it is."""
        return self.environment.get(name) or self.arguments.get(name)


class _Reader:
    """Reads instructions in their order, with what is in scope at each."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._file = read(source)
        self._outline = Outline(source, self._file)
        self._found = self._outline.occurrences
        self._global = _Scope()
        self._scope: _Scope = self._global
        self._stages: list[Occurrence] = []
        self._names: dict[str, Occurrence] = {}
        self._scopes: dict[str, _Scope] = {}
        self._open: list[Occurrence] = []
        self._end = 0  # of the last instruction

    def read(self) -> Outline:
        for instruction in self._file.instructions:
            self._instruction(instruction)
            self._end = instruction.span.end
        self._close_stage()
        return self._outline

    def _instruction(self, one: Instruction) -> None:
        if one.trigger is not None:
            self._instruction(one.trigger)
            return
        if one.name == "FROM":
            self._from(one)
            return
        for flag in one.flags:
            self._flag(one, flag)
        if one.name in ("ARG", "ENV"):
            self._declarations(one)
        elif not (one.json and one.name in _SHELL):
            self._variables(one.body.text, one.body.span)
        for heredoc in one.heredocs:
            self._heredoc(one, heredoc)
        if one.name in ("COPY", "ADD") and one.flag("from") is None:
            self._sources(one)

    # Stages.

    def _from(self, one: Instruction) -> None:
        self._close_stage()
        self._scope = self._global
        for flag in one.flags:
            self._flag_variables(flag)
        image = one.arguments[0] if one.arguments else None
        below = None
        if image is not None:
            self._word(image)
            below = self._image(image)
        named = len(one.arguments) > 2 and one.arguments[1].value.upper() == "AS"
        word = one.arguments[2] if named else one.keyword
        stage = _occurrence(
            "stage",
            word.value.lower() if named else str(len(self._stages)),
            word.span,
            is_declaration=True,
            is_exact=named,
            extent=one.span,
        )
        self._scope = _Scope(below)
        self._found.append(stage)
        self._stages.append(stage)
        self._names[stage.name] = stage
        self._scopes[stage.name] = self._scope

    def _close_stage(self) -> None:
        """Let the last stage extend to the next one, and place the variables of its image.

        What ENV sets is the variable that the image has before, as in ``PATH=/x:$PATH``.
        """
        for one in self._open:
            declared = self._scope.environment.get(one.name)
            if declared is not None:
                one.near = declared.near
        self._open.clear()
        if self._stages:
            stage = self._stages[-1]
            start = stage.extent.start if stage.extent else stage.span.start
            stage.extent = Span(self._source, start, self._end)

    def _image(self, word: Word) -> _Scope | None:
        """Take the image of a stage; return the scope of the stage that it is, if it is one."""
        name = word.value.lower()
        known = self._names.get(name)
        if known is not None and not name.isdigit():
            self._use_stage(name, word.span, known)
            return self._scopes[name]
        if name != "scratch":
            self._outer_image(word, is_tentative=True)
        return None

    def _outer_image(self, word: Word, *, is_tentative: bool = False) -> None:
        """Take an image that no stage of the file is: it may be a context of that name."""
        self._outline.links.append(Link("image", word.value, word.span))
        if "$" not in word.value:
            self._found.append(
                _occurrence(*("context", word.value, word.span), is_tentative=is_tentative)
            )

    def _use_stage(self, name: str, span: Span, stage: Occurrence) -> None:
        self._found.append(
            _occurrence(
                *("stage", stage.name, span),
                is_exact=span.text.lower() == stage.name and stage.is_exact,
                target=stage,
            )
        )

    def _stage_or_image(self, word: Word) -> None:
        """Take a word that names a stage, by name or number, a context or an image."""
        name = word.value.lower()
        stage = self._names.get(name)
        if stage is None and name.isdigit() and int(name) < len(self._stages) - 1:
            stage = self._stages[int(name)]
        if stage is not None and stage is not self._stages[-1]:
            self._use_stage(name, word.span, stage)
        elif stage is None and name and "$" not in name and not name.isdigit():
            self._outer_image(word)

    def _flag(self, one: Instruction, flag: Flag) -> None:
        name, value = flag.name.value, flag.value
        if value is None:
            return
        if name == "from":
            self._stage_or_image(value)
        elif name == "mount" and one.name == "RUN":
            options = {key: word for key, word, _ in mount_options(flag) if word is not None}
            if "from" in options:
                self._stage_or_image(options["from"])
            kind, source = options.get("type"), options.get("source") or options.get("src")
            is_bind = kind is None or kind.value == "bind"
            if is_bind and source is not None and "from" not in options:
                self._outline.links.append(Link("copy", source.value, source.span))
            if kind is not None and kind.value.lower() == "secret":
                self._secret(source or options.get("id"), options)
        self._flag_variables(flag)

    def _secret(self, word: Word | None, options: dict[str, Word]) -> None:
        """Take the id of a secret: without one, the name of its file."""
        path = next((options[key] for key in _TARGETS if key in options), None)
        name = word.value if word is not None else path.value.rpartition("/")[2] if path else ""
        word = word or path
        if word is not None and name and "$" not in name and word.span.text.endswith(name):
            self._found.append(
                _occurrence(
                    *("secret", name, Span(self._source, word.span.end - len(name), word.span.end)),
                    is_exact=word is not path,
                    is_bare=path is None and "env" not in options,
                )
            )

    def _flag_variables(self, flag: Flag) -> None:
        if flag.value is not None:
            self._word(flag.value)

    def _sources(self, one: Instruction) -> None:
        inline = {heredoc.opener.start for heredoc in one.heredocs}
        for word in one.arguments[:-1]:
            remote = _REMOTE.match(word.value) is not None
            if word.span.start not in inline and not remote and "$" not in word.value:
                place = Span(self._source, word.span.start + 1, word.span.end - 1)
                span = place if one.json else word.span
                self._outline.links.append(Link("copy", word.value, span))

    # Variables.

    def _declarations(self, one: Instruction) -> None:
        kind: Kind = "argument" if one.name == "ARG" else "environment"
        # An instruction sees none of the variables that it sets.
        before = self._scope
        made: list[Occurrence] = []
        for pair in one.pairs:
            if pair.value is not None:
                self._word(pair.value, before)
            found = _WORD.fullmatch(pair.name.value)
            if found is None:
                self._word(pair.name, before)
                continue
            name = pair.name.value
            near = self._near(kind, name, before, has_default=pair.value is not None)
            declared = _occurrence(
                *(kind, name, pair.name.span), is_declaration=True, near=near, extent=pair.span
            )
            made.append(declared)
        table = before.arguments if kind == "argument" else before.environment
        for declared in made:
            table[declared.name] = declared
        self._found += made

    def _near(self, kind: Kind, name: str, scope: _Scope, *, has_default: bool) -> str:
        """Return what tells a variable from others of its name, in other stages.

        ARG without a default takes the value of the one before all stages; a variable of the
        environment is the same in all stages that start from the one that sets it.
        """
        if kind == "environment":
            known = scope.environment.get(name)
        else:
            known = scope.arguments.get(name)
            if known is None and not has_default:
                known = self._global.arguments.get(name)
        return known.near if known is not None else str(len(self._stages))

    def _word(self, word: Word, scope: _Scope | None = None) -> None:
        text, span = word.value, word.span
        if "$" in text and span.text != text:
            text = span.text  # with its continuations and quotes
        self._variables(text, span.within, scope)

    def _variables(self, text: str, place: Place, scope: _Scope | None = None) -> None:
        if "$" not in text:
            return
        scope = scope or self._scope
        for name, start, end in _variables(text, self._file.escape):
            declared = scope.get(name)
            kind: Kind = "environment" if declared is None else declared.kind
            near = f"?{len(self._stages)}" if declared is None else declared.near
            found = _occurrence(*(kind, name, place(start, end)), near=near, target=declared)
            self._found.append(found)
            if declared is None:
                self._open.append(found)

    def _heredoc(self, one: Instruction, heredoc: Heredoc) -> None:
        opener, end = heredoc.opener.part(heredoc.name), heredoc.end
        if opener != heredoc.opener and heredoc.name:
            near = str(len(self._found))
            declared = _occurrence(
                *("heredoc", heredoc.name, opener), is_declaration=True, near=near
            )
            self._found.append(declared)
            if end is not None:
                place = end.part(heredoc.name)
                self._found.append(
                    _occurrence(*("heredoc", heredoc.name, place), near=near, target=declared)
                )
        if heredoc.expand or one.name == "RUN":
            self._variables(heredoc.body.text, heredoc.body.within)


def _variables(text: str, escape: str) -> Iterator[tuple[str, int, int]]:
    """Yield the variables in a text, without those that a quote or an escape protects."""
    at, in_double = 0, False
    token = _TOKEN[escape]
    while found := token.search(text, at):
        at = found.end()
        if found[3]:
            yield found[3], *found.span(3)
        elif found[2] == '"':
            in_double = not in_double
        elif found[2] == "'" and not in_double:
            line = text.find("\n", at)
            close = text.find("'", at, line if line >= 0 else len(text))
            at = close + 1 if close >= 0 else at
