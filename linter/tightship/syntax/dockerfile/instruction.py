"""Makes an instruction of a logical line, as BuildKit's parser does.

Facts from BuildKit, frontend/dockerfile/parser: parser.go, line_parsers.go.
"""

from __future__ import annotations

from tightship.lazy import Record
from tightship.syntax.dockerfile.nodes import DockerfileProblem, Instruction, Joined, Word
from tightship.syntax.dockerfile.words import (
    GAP,
    SPACE,
    is_mixed_array,
    json_strings,
    pair,
    plain_words,
    quoted_words,
    read_flags,
)
from tightship.text import shortened


class Line(Record):
    """A logical line that becomes an instruction.

    It has no white space around it; ``nested`` is true of a trigger.
    """

    joined: Joined
    escape: str
    problems: list[DockerfileProblem]
    nested: bool = False

    def instruction(self) -> Instruction:
        """Return the instruction; errors of its form are added to ``problems``."""
        joined = self.joined
        text = joined.text
        gap = GAP.search(text)
        size = len(text)
        if gap is None:
            keyword, start = Word(joined.span(0, size), text), size
        else:
            end, start = gap.span()
            keyword = Word(joined.span(0, end), text[:end])
        flags = None
        if text.startswith("--", start):
            flags, start = read_flags(joined, start)
        if start < size and text[start] in SPACE:
            start = size - len(text[start:].lstrip(SPACE))
        instruction = Instruction(keyword, joined.cut(start, size), joined.whole())
        if flags:
            instruction.flags = flags
        form = FORMS.get(instruction.name)
        if form is not None and start < size:
            form(self, instruction)
        return instruction

    def words(self, instruction: Instruction) -> None:
        """Read FROM and EXPOSE."""
        instruction.arguments = plain_words(instruction.body)

    def words_or_array(self, instruction: Instruction) -> None:
        """Read ADD, COPY and VOLUME."""
        if not self.array(instruction, instruction.body):
            instruction.arguments = plain_words(instruction.body)

    def text_or_array(self, instruction: Instruction) -> None:
        """Read RUN, CMD, ENTRYPOINT and SHELL."""
        if not self.array(instruction, instruction.body):
            self.text(instruction)

    def text(self, instruction: Instruction) -> None:
        """Read the whole body as one argument."""
        body = instruction.body
        instruction.arguments = [Word(body.whole(), body.text)]

    def array(self, instruction: Instruction, body: Joined) -> bool:
        """Read a JSON array of strings, if it is one."""
        if not body.text.startswith("["):
            return False
        strings = json_strings(body)
        if strings is None:
            if is_mixed_array(body.text):
                message = "a JSON array here may contain only strings"
                self.problems.append(DockerfileProblem(body.whole(), message, "json"))
            return False
        instruction.arguments += strings
        instruction.json = True
        return True

    def health(self, instruction: Instruction) -> None:
        """Read HEALTHCHECK."""
        body = instruction.body
        size = len(body.text)
        gap = GAP.search(body.text)
        end, start = gap.span() if gap else (size, size)
        instruction.arguments = [Word(body.span(0, end), body.text[:end])]
        if start < size:
            rest = body.cut(start, size)
            array = body.cut(size - len(rest.text.lstrip(SPACE)), size)
            if not self.array(instruction, array):
                instruction.arguments.append(Word(rest.whole(), rest.text))

    def assignments(self, instruction: Instruction) -> None:
        """Read ENV and LABEL, the old form ``ENV name value`` among them."""
        body = instruction.body
        places = quoted_words(body, self.escape)
        if not places:
            return
        if "=" not in body.text[places[0][0] : places[0][1]]:
            self.old_assignment(instruction)
            return
        for start, end in places:
            found = pair(body, start, end)
            if found.value is None:
                message = (
                    f"`{shortened(found.name.value)}` is not `name=value`;"
                    " a value with spaces needs quotes"
                )
                self.problems.append(DockerfileProblem(found.span, message, "arguments"))
            else:
                instruction.pairs.append(found)

    def old_assignment(self, instruction: Instruction) -> None:
        """Read one name and, behind white space, one value."""
        body = instruction.body
        gap = GAP.search(body.text)
        if gap is None:
            message = f"{instruction.name} needs a value: `name=value`"
            self.problems.append(DockerfileProblem(body.whole(), message, "arguments"))
            return
        end, start = gap.span()
        instruction.legacy = True
        instruction.pairs = [pair(body, 0, end)]
        size = len(body.text)
        instruction.pairs[0].value = Word(body.span(start, size), body.text[start:])
        instruction.pairs[0].span = body.whole()

    def parameters(self, instruction: Instruction) -> None:
        """Read ARG."""
        body = instruction.body
        instruction.pairs = [
            pair(body, start, end) for start, end in quoted_words(body, self.escape)
        ]

    def trigger(self, instruction: Instruction) -> None:
        """Read ONBUILD; a trigger has no trigger, so this goes one level deep."""
        if not self.nested:
            inner = Line(instruction.body, self.escape, self.problems, nested=True)
            instruction.trigger = inner.instruction()
            instruction.json = instruction.trigger.json


FORMS = {
    "ADD": Line.words_or_array,
    "ARG": Line.parameters,
    "CMD": Line.text_or_array,
    "COPY": Line.words_or_array,
    "ENTRYPOINT": Line.text_or_array,
    "ENV": Line.assignments,
    "EXPOSE": Line.words,
    "FROM": Line.words,
    "HEALTHCHECK": Line.health,
    "LABEL": Line.assignments,
    "MAINTAINER": Line.text,
    "ONBUILD": Line.trigger,
    "RUN": Line.text_or_array,
    "SHELL": Line.text_or_array,
    "STOPSIGNAL": Line.text,
    "USER": Line.text,
    "VOLUME": Line.words_or_array,
    "WORKDIR": Line.text,
}
"""The instructions, and the reader of each."""
