"""A project judged again, after a change within one service or section.

What the rules found about another service still holds if they have asked about nothing that
has changed (`model/asking.py`). Everything else is done again: loading, the rules about
files and projects, absorption, places, acceptance. If it is not sure that nothing else has
changed, all services are judged again.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import partial

from tightship.engine.judge.subjects import container_subjects
from tightship.engine.rule_runner import KnownFindings, RuleFinding
from tightship.frontends.compose.project import ComposeProject
from tightship.lazy import TYPE_CHECKING, Record, lazy_property
from tightship.model.asking import SECTION, SHARED, Asked
from tightship.model.reading import BUDGET, LONGEST
from tightship.syntax.yaml import nodes as yaml
from tightship.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tightship.engine.disk.files import Files
    from tightship.engine.plan.job import Job
    from tightship.engine.rule_runner import RuleRunner
    from tightship.findings import Fix
    from tightship.isolation.container import Container
    from tightship.isolation.loaded_project import LoadedProject
    from tightship.text import Source


class Memory:
    """What one judgement of a project leaves for the next one.

    It is valid until another file that the project depends on changes, or its settings do.
    """

    def __init__(self) -> None:
        self.kept: _Kept | None = None

    def begin(self) -> Asked:
        """Return what takes note of the questions in a new judgement."""
        return Asked()

    def judging(self, job: Job, loaded: LoadedProject) -> Again | None:
        """Return the judgement of a project, if something of it can be kept or was kept."""
        runner = job.runner
        if job.facts is not None or runner.asks_shellcheck or runner.has_rules_of_others:
            self.kept = None
            return None
        layout = _Layout.of(loaded)
        return None if layout is None else Again(self, job, loaded, layout)


class _Kept(Record):
    """The findings about containers, by name, and what they depend on.

    ``spent`` is what the values of a block took from the bounds when it changed last;
    none is for all blocks, when they were judged last.
    """

    layout: _Layout
    found: Mapping[str, KnownFindings]
    asked: Asked
    spent: Mapping[str | None, int]
    files: Files
    asks_provider: bool


class Again:
    """One judgement of a project: subjects of rules for each container, known or not."""

    def __init__(self, memory: Memory, job: Job, loaded: LoadedProject, layout: _Layout) -> None:
        self._memory = memory
        self._job = job
        self._project = layout.project
        self._layout = layout
        self._kept = kept = memory.kept
        self._found: dict[str, KnownFindings] = {}
        self._known: dict[str, KnownFindings] = {}
        self._changed: str | None = None
        change = None if kept is None else layout.change_since(kept.layout)
        is_provided = kept is not None and kept.asks_provider and bool(self._project.provided)
        if kept is not None and change is not None and not is_provided:
            self._changed = change.name
            users = layout.users_of_aliases() if change.has_anchor else ()
            affected = kept.asked.affected((change.name, *users))
            self._known = {n: one for n, one in kept.found.items() if n not in affected}
            self._move = change.moved
            job.files.add_record(kept.files)

    def subjects(self, container: Container) -> Iterator[object]:
        """Yield what is known about a container, or else what the rules find now."""
        known = self._known.get(container.name)
        made = None if known is None else self._moved(known, container)
        if made is None:
            made = self._run(container)
        if _is_alone(container):
            self._found[container.name] = made
        yield made

    def end(self) -> None:
        """Keep what was found, for the next judgement."""
        project, bounds = self._project, self._project.loading.bounds
        # Later questions, such as those of a hover, are not about what was found.
        asked = Asked()
        asked.add(project.asked or asked)
        asks_provider = "provided" in project.__dict__
        spent: dict[str | None, int] = {}
        if self._changed is not None and self._kept is not None:
            asked.add(self._kept.asked)
            asks_provider = asks_provider or self._kept.asks_provider
            spent |= self._kept.spent
        spent[self._changed] = BUDGET - bounds.budget + (LONGEST - bounds.room) // 100
        # What is read late may be the reason for a gap, which a known service would not make.
        is_late = self._layout.faults_now() != self._layout.faults
        is_full = sum(spent.values()) > BUDGET // 2
        if is_late or is_full or (asks_provider and project.provided):
            self._memory.kept = None
            return
        self._memory.kept = _Kept(
            self._layout, self._found, asked, spent, self._job.files, asks_provider
        )

    def _run(self, container: Container) -> KnownFindings:
        runner, check = self._job.runner, self._job.check_cancelled
        found = runner.run(container_subjects(container), check)
        return KnownFindings(container, [one for g in found.groups for one in g], found.secrets)

    def _moved(self, known: KnownFindings, container: Container) -> KnownFindings | None:
        """Return what is known, at its places in the text as it is now."""
        fixes = _Fixes(self._job.runner, container)
        try:
            findings = [
                RuleFinding(
                    one.rule,
                    one.finding.moved(self._move, partial(fixes.of, number)),
                    container,
                    container,
                )
                for number, one in enumerate(known.findings)
            ]
            secrets = [*map(self._move, known.secrets)]
        except _ChangedError:
            return None
        return KnownFindings(container, findings, secrets)


class _Fixes(Record):
    """Makes the fixes of known findings, which few ask for: the rules run again."""

    runner: RuleRunner
    container: Container

    @lazy_property
    def _findings(self) -> list[RuleFinding]:
        groups = self.runner.run(container_subjects(self.container)).groups
        return [one for group in groups for one in group]

    def of(self, number: int) -> Fix | None:
        """Return the fix of a finding, by its place among all of the container."""
        return self._findings[number].finding.fix


def _is_alone(container: Container) -> bool:
    """Return whether the file alone decides what is found about a container."""
    if container.stage is not None or "build" in container.service_keys:
        return False
    own = container.span.source.name
    return all(one.source is None or one.source.name != own for one in container.env_files)


class _ChangedError(Exception):
    """A place is where the text has changed."""


class _Block(Record):
    """A part of the text: a service or a section, and what is before the next one.

    The name of a section is that which questions about it have. ``node`` is the value of
    the key: none before the first section, and before the first service.
    """

    name: str
    start: int
    end: int
    node: yaml.Node | None


class _Change:
    """A change of a text within one block, which moves what comes after it."""

    def __init__(self, last: Source, now: Source, before: _Block, after: _Block) -> None:
        self.name = before.name
        self._last, self._now = last, now
        self.has_anchor = _has_anchor(before) or _has_anchor(after)
        self._start, self._end, self._by = before.start, before.end, after.end - before.end

    def moved(self, span: Span) -> Span:
        """Return a place as it is after the change."""
        if span.source is not self._last:
            return span
        return Span(self._now, self.offset(span.start), self.offset(span.end))

    def offset(self, offset: int) -> int:
        """Return an offset as it is after the change."""
        if offset >= self._end:
            return offset + self._by
        if offset > self._start:
            raise _ChangedError
        return offset


class _Layout:
    """The blocks that make up the text of a project, which is one file without errors."""

    def __init__(self, project: ComposeProject, source: Source, blocks: list[_Block]) -> None:
        self.project = project
        self.source = source
        self.faults = self.faults_now()
        self._blocks = blocks

    @classmethod
    def of(cls, loaded: LoadedProject) -> _Layout | None:
        """Return the layout of a project, unless it is more than one plain file."""
        project = loaded.compose
        if not isinstance(project, ComposeProject) or project.gaps or len(project.streams) != 1:
            return None
        (stream,) = project.streams.values()
        services = project.section("services")
        if stream.problems or stream.lost or len(stream.documents) != 1 or services is None:
            return None
        if any("extends" in one.service_keys for one in project.services.values()):
            return None
        blocks = _blocks(stream.root, services.node, stream.source.text)
        return None if blocks is None else cls(project, stream.source, blocks)

    def faults_now(self) -> tuple[int, ...]:
        """Return how many gaps and faults there are so far."""
        loading = self.project.loading
        return len(loading.gaps), len(loading.faults), len(loading.refused)

    def change_since(self, last: _Layout) -> _Change | None:
        """Return the change since another layout, if it is within one block.

        All other blocks have the same texts then, and nothing has changed that all
        containers may ask.
        """
        if [one.name for one in self._blocks] != [one.name for one in last._blocks]:
            return None
        if any(getattr(self.project, key) != getattr(last.project, key) for key in _COMPARED):
            return None
        start, end, end_now = _changed(last.source.text, self.source.text)
        number = max(0, bisect_left([one.start for one in last._blocks], start) - 1)
        before, after = last._blocks[number], self._blocks[number]
        if end > before.end or end_now > after.end or not _may_change(before, after):
            return None
        change = _Change(last.source, self.source, before, after)
        pairs = zip(last._blocks, self._blocks, strict=True)
        is_same = all(one is before or _is_moved(one, now, change) for one, now in pairs)
        return change if is_same else None

    def users_of_aliases(self) -> Iterator[str]:
        """Yield the names of the blocks that may have parts of others."""
        for one in self._blocks:
            if self.source.text.find("*", one.start, one.end) >= 0:
                yield one.name


def _blocks(root: yaml.Node, services: yaml.Node, text: str) -> list[_Block] | None:
    """Return the blocks of a document, unless it is more than plain keys and comments."""
    if not isinstance(root, yaml.Mapping) or not isinstance(services, yaml.Mapping):
        return None
    if any((root.anchor, root.tag, services.anchor, services.tag)):
        return None
    # There may be directives.
    before = text[: root.span.start].splitlines()
    if any(line.strip() and not line.startswith(("#", "---")) for line in before):
        return None
    keys: list[tuple[str, int, yaml.Node | None]] = [("", 0, None)]
    for name, start, node in _entries(root):
        if node is services:
            keys.append((SECTION + name, start, None))
            keys += _entries(services)
        else:
            keys.append((SECTION + name, start, node))
    count = 1 + len(root.entries) + len(services.entries)
    if len({name for name, _, _ in keys}) != count:
        return None
    ends = [*(start for _, start, _ in keys[1:]), len(text)]
    return [
        _Block(name, start, end, node) for (name, start, node), end in zip(keys, ends, strict=True)
    ]


def _entries(table: yaml.Mapping) -> Iterator[tuple[str, int, yaml.Node]]:
    """Yield the entries with plain keys of a mapping in block style."""
    for key, value in table.entries:
        if not isinstance(key, yaml.Scalar) or key.anchor is not None or key.tag is not None:
            continue
        if not table.flow and key.value not in ("", "<<", "include"):
            yield key.value, key.span.start, value


# What all containers may ask, whatever block it is about.
_COMPARED = (*SHARED, "paths", "complete", "is_layered", "is_overlay", "is_side")
# The sections that containers see by questions about them, and by aliases, alone.
_ASKED = tuple(SECTION + name for name in ("networks", "volumes", "secrets", "configs", "x-"))


def _may_change(before: _Block, after: _Block) -> bool:
    """Return whether it is known who depends on a block that changes."""
    if before.node is None or after.node is None:
        return before.node is after.node  # there is nothing but comments
    if before.name.startswith(SECTION):
        return before.name.startswith(_ASKED)
    return not _has_anchor(before) and not _has_anchor(after)


def _has_anchor(block: _Block) -> bool:
    """Return whether others may have a part of it by an alias."""
    return any(one.anchor is not None for one in yaml.walk(block.node)) if block.node else False


def _is_moved(before: _Block, after: _Block, change: _Change) -> bool:
    last, now = (one.node.span.end if one.node else one.start for one in (before, after))
    try:
        return (change.offset(before.start), change.offset(last)) == (after.start, now)
    except _ChangedError:
        return False


def _changed(before: str, after: str) -> tuple[int, int, int]:
    """Return where a text has changed: the start, and the ends before and after.

    Of equal ends as much as possible is left out, then of equal beginnings.
    """
    least = min(len(before), len(after))
    starts = len(before) - 1, len(after) - 1
    same_end = bisect_left(
        range(least), True, key=lambda n: before[starts[0] - n :] != after[starts[1] - n :]
    )
    most = least - same_end
    start = bisect_left(range(most), True, key=lambda n: before[: n + 1] != after[: n + 1])
    return start, len(before) - same_end, len(after) - same_end
