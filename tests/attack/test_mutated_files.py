"""No text, however damaged, ends a run, takes long, or is made worse by its fixes."""

from __future__ import annotations

import os
import signal
import tempfile
import time
import traceback
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml
from tests.attack.mutation import Mutator
from tests.checking import check_file, judged
from tests.lsp.desk import Desk
from tests.lsp.findings import findings

from tightship.engine.disk.files import Files
from tightship.engine.fix.fixes import FixSelection, fixed
from tightship.engine.plan.candidates import named
from tightship.engine.rule_runner import RuleRunner
from tightship.engine.settings.selection import Selection
from tightship.report.formats import FORMATS, report
from tightship.report.redaction import redacted
from tightship.report.report import ReportOptions, Summary

if TYPE_CHECKING:
    import random
    from collections.abc import Generator, Iterator

    from tests.attack.conftest import Extent, Figure

    from tightship.engine.verdict import Verdict

NAMES = {"compose": "compose.yaml", "dockerfile": "Dockerfile"}
_LONGEST = 2.0  # seconds of CPU for one text
# For three runs that fix: each fix that fails costs a proof, of which a run has 150 at most.
_LONGEST_FIX = 15.0
_HANGS = 60  # seconds
_MOST_FAILURES = 8


class Hangs(Exception):  # noqa: N818 - it is not an error of the code under test
    """Something has not ended in time."""


@contextmanager
def limited() -> Generator[None]:
    """End what hangs."""

    def end(*_: object) -> None:
        raise Hangs

    before = signal.signal(signal.SIGALRM, end)
    signal.alarm(_HANGS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


class Attack:
    """Tries texts, and keeps those that went wrong, one of each kind."""

    def __init__(self, name: str, extent: Extent, longest: float = _LONGEST) -> None:
        self.name = name
        self._longest = longest
        self._until = time.monotonic() + extent.seconds
        self.failures: dict[str, str] = {}
        self.tried = 0
        self.slowest = 0.0

    def texts(self, mutator: Mutator, times: int, most: int = 6) -> Iterator[str]:
        """Yield texts with some changes until there were enough, or the time is over."""
        for _ in range(times):
            if time.monotonic() > self._until or len(self.failures) > _MOST_FAILURES:
                return
            self.tried += 1
            yield mutator.text(most)

    @contextmanager
    def on(self, text: str) -> Generator[None]:
        """Try something with a text; keep the text if it fails or is slow."""
        start = time.process_time()
        try:
            with limited():
                yield
        except Exception as error:
            last = traceback.extract_tb(error.__traceback__)[-1]
            self.fail(f"{error!r} at {last.filename}:{last.lineno}"[:400], text)
            return
        seconds = time.process_time() - start
        self.slowest = max(self.slowest, seconds)
        if seconds > self._longest:
            self.fail(f"it takes {seconds:.1f} s", text)

    def fail(self, reason: str, text: str) -> None:
        """Keep a text, unless one has failed in the same way."""
        if reason not in self.failures:
            # pytest removes its own folders after three more runs.
            folder = Path(tempfile.gettempdir()) / "tightship-attack"
            folder.mkdir(exist_ok=True)
            path = folder / f"{os.getpid()}-{len(self.failures)}-{self.name}"
            path.write_text(text, encoding="utf-8", newline="")
            self.failures[reason] = str(path)

    def end(self, figure: Figure, what: str) -> None:
        """Print figures; fail if a text has."""
        figure(f"{self.tried:,} {what}, the slowest {self.slowest:.2f} s of CPU")
        assert not self.failures, "\n".join(
            f"{path}: {reason}" for reason, path in self.failures.items()
        )
        assert self.tried


@pytest.mark.parametrize("language", NAMES)
def test_a_check_ends_with_a_report(
    language: str, tmp_path: Path, extent: Extent, chance: random.Random, figure: Figure
) -> None:
    attack = Attack(NAMES[language], extent)
    path = str(tmp_path / NAMES[language])
    formats = list(FORMATS)
    for text in attack.texts(Mutator(language, chance), extent.times(30_000, 150)):
        with attack.on(text):
            verdicts = list(check_file(path, text, ["strict"]))
            for verdict in verdicts:
                if verdict.failure is not None:
                    raise verdict.failure
            reported(chance.choice(formats), verdicts)
    attack.end(figure, "texts")


def reported(name: str, verdicts: list[Verdict]) -> str:
    """Return verdicts in a format."""
    made, summary = report(name, ReportOptions()), Summary()
    parts = [made.opening]
    for one in map(redacted, verdicts):
        summary.add(one)
        parts.append(made.verdict(one))
    return "".join((*parts, made.closing(summary)))


@pytest.mark.parametrize("language", NAMES)
def test_fixed_files_load_and_have_no_duplicate_key(
    language: str, tmp_path: Path, extent: Extent, chance: random.Random, figure: Figure
) -> None:
    name = NAMES[language]
    attack, project = Attack(name, extent, _LONGEST_FIX), Project(tmp_path, name)
    changed = refused = 0
    for text in attack.texts(Mutator(language, chance), extent.times(3_000, 12), 2):
        with attack.on(text):
            safe = project.fixed(text, unsafe=False)
            # A run that has used up its proofs says so, and the next one goes on.
            if not project.is_unfinished:
                again = project.fixed(safe, unsafe=False)
                assert again == safe, "fixed again, it changes"
            unsafe = project.fixed(text, unsafe=True)
            changed += (safe != text) + (unsafe != text)
            refused += project.refused
            for made in (safe, unsafe):
                if made != text:
                    loads[language](text, made)
    attack.end(figure, f"texts fixed, {changed:,} changes, {refused:,} fixes refused")


class Project:
    """A project of one file, which is fixed in memory."""

    def __init__(self, root: Path, name: str) -> None:
        self._root, self._name = root, name
        self._runner = RuleRunner(Selection(["strict"]))
        self.refused = 0
        self.is_unfinished = False

    def fixed(self, text: str, *, unsafe: bool) -> str:
        """Return a text with its fixes."""
        path = str(self._root / self._name)
        candidate = named(path)

        def judge(files: Files) -> list[Verdict]:
            return judged(files, candidate, self._runner)

        files = Files(str(self._root), {path: text})
        made = fixed(files, judge, judge, FixSelection(all_effects=unsafe))
        self.refused = len(made.unresolved)
        self.is_unfinished = any("too many fixes" in one.reason for one in made.unresolved)
        return made.texts[self._name][1] if made.texts else text


def compose_loads(before: str, after: str) -> None:
    """Check that PyYAML reads what it read before, and sees no more keys twice."""
    try:
        twice = keys_twice(before)
    except yaml.YAMLError:
        twice = None  # libyaml and go-yaml differ in what they reject
    if twice is not None:
        new = keys_twice(after) - twice
        assert not new, f"a key is there twice: {new}"


def dockerfile_loads(before: str, after: str) -> None:
    """Check that BuildKit's parser reads what it read before, one for one."""
    parser = pytest.importorskip("dockerfile")
    try:
        parser.parse_string(before)
    except parser.GoParseError:
        return
    parser.parse_string(after)


loads = {"compose": compose_loads, "dockerfile": dockerfile_loads}


def keys_twice(text: str) -> Counter[tuple[str, ...]]:
    """Return the paths of keys that a text has more than once, as PyYAML reads it."""
    found = Counter[tuple[str, ...]]()
    pending: list[tuple[tuple[str, ...], yaml.Node]]
    pending = [((str(number),), node) for number, node in enumerate(documents(text))]
    while pending:
        path, node = pending.pop()
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                name = str(key.value) if isinstance(key, yaml.ScalarNode) else "?"
                found[*path, name] += 1
                number = str(found[*path, name])
                pending.append(((*path, name, number), value))
        elif isinstance(node, yaml.SequenceNode):
            pending += [((*path, f"#{number}"), item) for number, item in enumerate(node.value)]
    return Counter({path: count for path, count in found.items() if count > 1})


def documents(text: str) -> list[yaml.Node]:
    return list(yaml.compose_all(text.removeprefix("\ufeff"), yaml.CSafeLoader))


@pytest.mark.parametrize("language", NAMES)
def test_the_server_answers_about_any_text(
    language: str, tmp_path: Path, extent: Extent, chance: random.Random, figure: Figure
) -> None:
    name = NAMES[language]
    attack, desk = Attack(name, extent), Desk(tmp_path)
    for text in attack.texts(Mutator(language, chance), extent.times(30_000, 50)):
        with attack.on(text):
            uri = desk.open(name, text, "dockerfile" if name == "Dockerfile" else "yaml")
            shown = sorted(one.rule.name for one in findings(desk.session, uri))
            path = str(desk.folder / name)
            [*verdicts] = check_file(path, text, configured=True)
            found = sorted(
                one.rule.name
                for verdict in verdicts
                for one in verdict.findings
                if one.span.source.name == name
            )
            assert shown == found, f"{shown} is shown and {found} is found"
    attack.end(figure, "texts opened and compared with a check")
