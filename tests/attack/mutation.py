"""Real files, and what becomes of them when parts are lost, moved and replaced."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

_ROOT = Path(__file__).parents[2]
_CORPUS = Path(os.environ.get("TIGHTSHIP_CORPUS", _ROOT.parent / "shared" / "corpus"))
_LONGEST = 90_000  # characters: what is larger may take longer

# Text that has a meaning of its own, or almost.
_YAML = (
    *("&a ", "*a", "<<: *a\n", "<<: [*a, *a]\n", "!reset ", "!override ", "!!str "),
    *("${A}", "${A:-b}", "${A:?", "${A:-${B:-${C}}}", "$$", "$A", "${", "$${A}"),
    *("{", "}", "[", "]", ", ", ": ", "- ", "? ", "|\n", ">-\n", "|2\n", "#", "'", '"'),
    *("---\n", "...\n", "%YAML 1.2\n", "\t", "\r\n", "\r", "\u2028", "\ufeff", "\x00"),
    *("~", "null", "true", "'yes'", "0x1f", "1e999", "-1", "0777", "2001-01-01", ".inf"),
    *("9" * 30, "é😀", "\\", "\\u0041", "\x1b[31m", "a" * 300, "  ", "\n", "\n\n"),
)
_KEYS = (
    *("services:\n", "  web:\n", "    image: x\n", "    build: .\n", "    build: {}\n"),
    *("    privileged: true\n", "    readonly: true\n", "    read_only: true\n"),
    *("    cap_add: [ALL]\n", "    cap_drop:\n", "    security_opt: [a=b, c:d]\n"),
    *("    ports: ['80-90:80-90/udp', 1, {target: 1}]\n", "    ports: {}\n"),
    *("    volumes: ['/:/h', './a', 'v:/v:ro,z', {type: bind, source: /}]\n"),
    *("    environment: [A, B=c, =]\n", "    environment: {A: , B: 1}\n"),
    *("    extends: web\n", "    extends: {service: db, file: ./a.yaml}\n"),
    *("    deploy: {resources: {limits: {memory: 1g}}, replicas: 2}\n"),
    *("    healthcheck: {test: NONE, interval: 1x}\n", "    tmpfs: /a:size=1\n"),
    *("include: [a.yaml, {path: [b]}]\n", "x-a: &a {user: root}\n", "networks: []\n"),
    *("    dockerfile_inline: |\n      FROM a\n", "    user: 0:0\n", "    pid: host\n"),
    *("# tightship: ignore[root-user] -- a\n", "configs: {a: {content: $A}}\n"),
)
_DOCKERFILE = (
    *("\\\n", "\\ \n", "<<EOF\n", "<<-'E'\nE\n", "EOF\n", "# escape=`\n", "# syntax=a\n"),
    *("${A}", "${A:-b}", "${A##*/}", "${A", "$", "$$A", "`", "'", '"', "\\", "[", "]"),
    *('["a", "b"]', '["a",]', "--mount=type=secret,id=a ", "--mount=from=a ", "--from=0 "),
    *("&& ", "|| ", "; ", "| sh", "> /a", "$(a)", "`a`", "{ a; }", "case a in b) ;; esac"),
    *("\t", "\r\n", "\r", "\x00", "\ufeff", "\u2028", "é😀", "a" * 300, "9" * 30, "\n", "#"),
)
_INSTRUCTIONS = (
    *("FROM a\n", "FROM a AS b\n", "FROM b\n", "FROM scratch\n", "FROM $A\n", "ARG A=b\n"),
    *("ARG A\n", "ENV A b\n", "ENV A=b C=$A\n", "RUN a\n", "RUN curl -k http://a | sh\n"),
    *("RUN apt-get update && \\\n", "RUN <<EOF\na\nEOF\n", "COPY . .\n", "ADD a b\n"),
    *("COPY --from=b --chown=1:1 a b\n", "USER root\n", "USER 1\n", "USER\n", "CMD a\n"),
    *("ENTRYPOINT []\n", 'CMD ["a", "b"]\n', "ONBUILD RUN a\n", "ONBUILD FROM a\n"),
    *("HEALTHCHECK NONE\n", "HEALTHCHECK --interval=1x CMD a\n", "SHELL []\n"),
    *("WORKDIR a\n", "EXPOSE 80/x\n", "VOLUME /a\n", "LABEL a\n", "MAINTAINER a\n"),
    *("RUNN a\n", "run a\n", "# tightship: ignore[root-user] -- a\n", "STOPSIGNAL 9\n"),
)


class Mutator:
    """Makes new texts of real ones, of one language."""

    def __init__(self, language: str, chance: random.Random) -> None:
        self._chance = chance
        is_compose = language == "compose"
        self._words = _YAML if is_compose else _DOCKERFILE
        self._lines = _KEYS if is_compose else _INSTRUCTIONS
        self.originals = real_files(language)
        self._changes: tuple[Callable[[str], str], ...] = (
            *(self._without_characters, self._with_word, self._with_word),
            *(self._with_line, self._with_line, self._without_line, self._moved),
            *(self._shifted, self._replaced, self._spliced, self._cut, self._repeated),
        )

    def text(self, most: int) -> str:
        """Return a real text with some changes."""
        made = self._chance.choice(self.originals)
        for _ in range(self._chance.randint(1, most)):
            made = self._chance.choice(self._changes)(made)[:_LONGEST]
        return made.encode("utf-8", "replace").decode("utf-8")

    def _place(self, text: str) -> int:
        return self._chance.randrange(len(text) + 1)

    def _part(self, lines: list[str]) -> slice:
        start = self._chance.randrange(len(lines) + 1)
        return slice(start, start + self._chance.choice((1, 1, 2, 5, 20)))

    def _without_characters(self, text: str) -> str:
        at = self._place(text)
        return text[:at] + text[at + self._chance.choice((1, 1, 2, 8)) :]

    def _with_word(self, text: str) -> str:
        at = self._place(text)
        return text[:at] + self._chance.choice(self._words) + text[at:]

    def _with_line(self, text: str) -> str:
        lines = text.splitlines(keepends=True)
        line = self._chance.choice(self._lines)
        lines.insert(self._chance.randrange(len(lines) + 1), line)
        return "".join(lines)

    def _without_line(self, text: str) -> str:
        lines = text.splitlines(keepends=True)
        del lines[self._part(lines)]
        return "".join(lines)

    def _moved(self, text: str) -> str:
        lines = text.splitlines(keepends=True)
        part = self._part(lines)
        moved, lines[part] = lines[part], []
        at = self._chance.randrange(len(lines) + 1)
        return "".join([*lines[:at], *moved, *lines[at:]])

    def _shifted(self, text: str) -> str:
        lines = text.splitlines(keepends=True)
        part, by = self._part(lines), self._chance.choice(("  ", " ", "\t", "", ""))
        lines[part] = [by + line if by else line[2:] for line in lines[part]]
        return "".join(lines)

    def _replaced(self, text: str) -> str:
        words: list[re.Match[str]] = list(re.finditer(r"[\w./-]+", text))
        if not words:
            return text
        word = self._chance.choice(words)
        found = str(self._chance.choice(words)[0])
        other: str = self._chance.choice((found, *self._words))
        return text[: word.start()] + other + text[word.end() :]

    def _spliced(self, text: str) -> str:
        other = self._chance.choice(self.originals).splitlines(keepends=True)
        lines = text.splitlines(keepends=True)
        at = self._chance.randrange(len(lines) + 1)
        return "".join([*lines[:at], *other[self._part(other)], *lines[at:]])

    def _cut(self, text: str) -> str:
        return text[: self._place(text)] if self._chance.random() < 0.2 else text

    def _repeated(self, text: str) -> str:
        lines = text.splitlines(keepends=True)
        part = self._part(lines)
        times = self._chance.choice((2, 2, 3, 40))
        return "".join([*lines[: part.start], *(lines[part] * times), *lines[part.stop :]])


def real_files(language: str) -> list[str]:
    """Return real texts of a language: a corpus, and the projects of the tests."""
    pattern = "*compose*.y*ml" if language == "compose" else "*ockerfile*"
    paths = [
        path
        for folder in (_CORPUS, _ROOT / "tests" / "projects")
        for path in sorted(folder.rglob(pattern))
        if path.is_file()
    ]
    texts = [path.read_bytes().decode("utf-8") for path in paths]
    return [text for text in texts if len(text) < _LONGEST]
