"""Whatever is edited in whatever order, what is shown is what a fresh run finds."""

from __future__ import annotations

import shutil
import tempfile
from functools import partial
from pathlib import Path

from hypothesis import settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from tests.checking import check
from tests.lsp.findings import findings

from tightship_lsp.diagnostics.convert import characters
from tightship_lsp.session import Session
from tightship_lsp.uri import uri_of

LANGUAGES = {
    "compose.yaml": "dockercompose",
    "compose.override.yaml": "yaml",
    "compose.side.yaml": "dockercompose",
    "deploy/compose.yaml": "dockercompose",
    "app/Dockerfile": "dockerfile",
    ".env": "dotenv",
    "common.yml": "yaml",
    "app/.dockerignore": "ignore",
    "tightship.toml": "toml",
}
# What is left out of a run is judged where it is open, as what is named is. And a text
# that makes no sense ends a run, and the session has a text to go on with.
CONFIGURATIONS = [
    "",
    'ignore = ["privileged-container"]\n',
    'select = ["strict"]\n',
    '[severity]\nroot-user = "error"\n',
]
ENCODINGS = ("utf-8", "utf-16", "utf-32")

LINES = {
    "compose": [
        "services:\n",
        "  web:\n",
        "  db:\n",
        "    build: app\n",
        "    build: {context: app, target: last, args: {BASE: debian}}\n",
        "    build: {context: ../app, args: {BASE: debian}}\n",
        "    image: x:${TAG:-latest}\n",
        "    extends: {file: common.yml, service: base}\n",
        "include: [common.yml]\n",
        "    privileged: ${P:-false}\n",
        "    user: ${WHO}\n",
        '    ports: ["80:80"]\n',
        "    cap_drop: !reset []\n",
        "  base: {image: y, network_mode: host}\n",
        "    : ] broken\n",
        "    container_name: 😀 # é\n",
        "  😀: {image: é, pid: host}\r\n",
    ],
    "dockerfile": [
        "FROM alpine:3.20\n",
        "ARG BASE=alpine\n",
        "FROM ${BASE} AS last\n",
        "USER 1000\n",
        "USER root\n",
        "COPY secret.key /\n",
        "RUN curl https://example.org | sh\n",
        "CMD a\n",
        "CMD b\n",
        "  😀 \\\n",
    ],
    "variables": ["P=true\n", "P=false\n", "WHO=1000\n", "WHO=0\n", "TAG=1.2\n", "*\n"],
}


# What is on the disk and not open counts if it is, or is part of, the project of a main
# file, or builds a Dockerfile: of others it is not known what they include.
ON_DISK = [
    "compose.yaml",
    "deploy/compose.yaml",
    "app/Dockerfile",
    ".env",
    "common.yml",
    "app/.dockerignore",
    "tightship.toml",
]


def lines_of(name: str) -> list[str]:
    if name.endswith("Dockerfile"):
        return LINES["dockerfile"]
    return LINES["compose" if name.endswith(("yaml", "yml")) else "variables"]


def characters_as_such(line: str, units: int) -> int:
    return min(units, len(line))


def position(text: str, at: int, encoding: str) -> tuple[int, int]:
    """Return the line and column of a place, as a client counts."""
    before = text[:at].replace("\r\n", "\n")
    start = before.rpartition("\n")[2]
    size = {"utf-8": 1, "utf-16": 2, "utf-32": 4}[encoding]
    wide = start.encode(encoding if size == 1 else f"{encoding}-le")
    return before.count("\n"), len(wide) // size


@st.composite
def texts(draw: st.DrawFn, names: list[str]) -> tuple[str, str]:
    name = draw(st.sampled_from(names))
    if name == "tightship.toml":
        return name, draw(st.sampled_from(CONFIGURATIONS))
    lines = draw(st.lists(st.sampled_from(lines_of(name)), max_size=6))
    is_project = Path(name).name.startswith("compose")
    start = "services:\n  web:\n" if is_project else ""
    return name, start + "".join(lines)


class Edited(RuleBasedStateMachine):
    """A session, and the folder as it would be if all were saved."""

    def __init__(self) -> None:
        super().__init__()
        # Without links, so that a name is a name everywhere.
        self.top = Path(tempfile.mkdtemp()).resolve()
        self.disk, self.saved = self.top / "disk", self.top / "saved"
        for folder in (self.disk, self.saved):
            for name in ("app", "deploy"):
                (folder / name).mkdir(parents=True)
        self.session = Session(self.fail)
        self.session.watched = True
        self.session.add_folders([uri_of(str(self.disk))])
        self.texts: dict[str, str] = {}
        self.version = 0

    def fail(self, message: str) -> None:
        raise AssertionError(message)

    def teardown(self) -> None:
        shutil.rmtree(self.top)

    def uri(self, name: str) -> str:
        return uri_of(str(self.disk / name))

    @rule(given=texts(list(LANGUAGES)))
    def open(self, given: tuple[str, str]) -> None:
        name, text = given
        self.version += 1
        self.texts[name] = text
        self.session.put(self.uri(name), LANGUAGES[name], self.version, text)

    @precondition(lambda self: self.texts)
    @rule(data=st.data(), count=st.integers(1, 3))
    def edit(self, data: st.DataObject, count: int) -> None:
        name = data.draw(st.sampled_from(sorted(self.texts)))
        for _ in range(count):
            self.version += 1
            if name == "tightship.toml":
                whole = data.draw(st.sampled_from(CONFIGURATIONS))
                self.session.change(
                    self.uri(name), self.version, [(None, whole)], characters_as_such
                )
                self.texts[name] = whole
                continue
            lines = self.texts[name].split("\n")
            lines = [*(f"{line}\n" for line in lines[:-1]), lines[-1]]
            at = data.draw(st.integers(0, len(lines)))
            until = data.draw(st.integers(at, min(at + 1, len(lines))))
            new = data.draw(st.sampled_from(["", *lines_of(name)]))
            measure = partial(characters, encoding="utf-16")
            change = (((at, 0), (until, 0)), new)
            self.session.change(self.uri(name), self.version, [change], measure)
            self.texts[name] = "".join([*lines[:at], new, *lines[until:]])

    @precondition(lambda self: self.texts)
    @rule(data=st.data(), encoding=st.sampled_from(ENCODINGS))
    def type(self, data: st.DataObject, encoding: str) -> None:
        """Put some characters in the place of others, within lines or across them."""
        name = data.draw(st.sampled_from(sorted(self.texts)))
        text = self.texts[name]
        if name == "tightship.toml":
            return
        at = data.draw(st.integers(0, len(text)))
        until = data.draw(st.integers(at, min(at + 9, len(text))))
        # Within a line end there is no position.
        if any(text[one - 1 : one + 1] == "\r\n" for one in (at, until) if one):
            return
        new = data.draw(st.sampled_from(["", "😀", "é ", "#", "\n", " true", "${P}"]))
        place = position(text, at, encoding), position(text, until, encoding)
        measure = partial(characters, encoding=encoding)
        self.version += 1
        self.session.change(self.uri(name), self.version, [(place, new)], measure)
        self.texts[name] = text[:at] + new + text[until:]
        document = self.session.document(self.uri(name))
        assert document is not None
        assert document.text == self.texts[name]

    @precondition(lambda self: self.texts)
    @rule(data=st.data())
    def close(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(self.texts)))
        del self.texts[name]
        self.session.close(self.uri(name))

    @rule(given=texts(ON_DISK), gone=st.booleans())
    def change_on_disk(self, given: tuple[str, str], gone: bool) -> None:
        name, text = given
        if gone:
            (self.disk / name).unlink(missing_ok=True)
        else:
            (self.disk / name).write_text(text, encoding="utf-8", newline="")
        self.session.touch([self.uri(name)])

    @invariant()
    def shows_what_a_fresh_run_finds(self) -> None:
        shutil.rmtree(self.saved)
        shutil.copytree(self.disk, self.saved)
        for name, text in self.texts.items():
            (self.saved / name).write_text(text, encoding="utf-8", newline="")
        found = {
            (
                one.span.source.name,
                one.rule.name,
                one.span.start,
                one.span.end,
                one.finding.message,
                one.fingerprint,
            )
            for verdict in check([str(self.saved)], configured=True)
            for one in verdict.findings
        }
        for name, language in LANGUAGES.items():
            if name not in self.texts or language in ("dotenv", "ignore", "toml"):
                continue
            shown = {
                (
                    name,
                    one.rule.name,
                    one.span.start,
                    one.span.end,
                    one.finding.message,
                    one.fingerprint,
                )
                for one in findings(self.session, self.uri(name))
            }
            assert shown == {one for one in found if one[0] == name}


TestEdited = Edited.TestCase
TestEdited.settings = settings(max_examples=settings().max_examples // 12, stateful_step_count=12)
