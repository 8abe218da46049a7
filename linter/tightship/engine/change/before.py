"""Judges a project as it was before a change, so that only what is new is reported.

Both sides are judged with the settings of today. What could not be checked before the
change gives no findings, so that those of today count as new.
"""

from __future__ import annotations

import os

from tightship.engine.accept.suppression import of_dockerfile, of_yaml
from tightship.engine.change.identity import Names, matched, parts, place_of, renamed_stages
from tightship.engine.change.likeness import alike, likeness
from tightship.engine.disk.regular import Refusal
from tightship.engine.judge.judge import judge
from tightship.engine.judge.places import stage_key
from tightship.engine.plan.candidates import (
    COMMANDS,
    Candidate,
    compose_file,
    grouped,
    language_of,
    main_file,
)
from tightship.engine.plan.job import planned_file_sets
from tightship.engine.plan.plan import main_files_above
from tightship.engine.settings.selection import means
from tightship.engine.verdict import JudgedFinding, Verdict
from tightship.rules.definition import rule_of
from tightship.syntax.dockerfile import read as dockerfile_read
from tightship.syntax.yaml import read as yaml_read
from tightship.syntax.yaml.nodes import Mapping, Scalar
from tightship.values.compose_name import MAIN_NAMES, OVERRIDE_NAMES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Sequence

    from tightship.engine.disk.git_tree import UndoneChange
    from tightship.engine.plan.job import Job
    from tightship.engine.roles.role import Role
    from tightship.findings import Suppression
    from tightship.frontends.compose.loading.invocation import Options
    from tightship.isolation.loaded_project import LoadedProject
    from tightship.syntax.dockerfile.nodes import Instruction
    from tightship.syntax.yaml.nodes import Node
    from tightship.text import Source

    Extent = tuple[int, int]


class ProjectBefore:
    """The project of a candidate before a change, judged as far as it is asked for.

    The files of a project may have been in others then, or had other names: each file
    in which something seems to be new is looked up, too.
    """

    def __init__(self, change: UndoneChange, job: Job, role: Role | None = None) -> None:
        """Judge the project of a job, which is one after the change, as it was before.

        ``role`` is the one that its file had before, if that was another one.
        """
        self._change = change
        self._files = change.files(job.files.root)
        self._job = job.replaced(files=self._files, find_above=None, loaded=None, changes=None)
        self._judged = set[str]()
        self._findings: dict[Hashable, JudgedFinding] = {}
        self._accepted: dict[Hashable, JudgedFinding] = {}
        self._comments: dict[str, EarlierComments | None] = {}
        self._projects: list[LoadedProject] = []
        if role is None:
            self._add(self._of(job.candidate))
        else:
            self._add(self._in_role(job.candidate.with_role(role), role))
        self._own = len(self._projects)
        self._services: set[str] | None = None

    def without_earlier(self, verdicts: Iterable[Verdict]) -> list[Verdict]:
        """Return verdicts in which findings that were there before do not count.

        Parts that could not be checked are always reported: their new findings are
        unknown.
        """
        return [*map(self._without_earlier, verdicts)]

    def _without_earlier(self, verdict: Verdict) -> Verdict:
        found = [one for one in verdict.findings if not one.is_gap]
        earlier = self._earlier(found, self._findings, verdict)
        if not earlier:
            return verdict
        return verdict.replaced(
            findings=[one for one in verdict.findings if id(one) not in earlier],
            earlier=[one for one in found if id(one) in earlier],
        )

    def newly_accepted(self, verdict: Verdict) -> list[JudgedFinding]:
        """Return the findings that a comment of the change accepts."""
        found = [one for one in verdict.accepted if _is_by_comment(one)]
        if not found:
            return found
        earlier = self._earlier(found, self._accepted, verdict)
        return [one for one in found if id(one) not in earlier and not self._accepts(one, verdict)]

    def _accepts(self, one: JudgedFinding, verdict: Verdict) -> bool:
        """Return whether a comment that was there before accepts a finding."""
        source = one.span.source
        name = source.name
        if name not in self._comments:
            before = self._files.read(self._former(self._files.path(name)))
            if isinstance(before, Refusal):
                self._comments[name] = None
            else:
                rule_settings = self._job.runner.rule_settings
                self._comments[name] = EarlierComments(
                    before,
                    is_dockerfile=name in verdict.builders,
                    need_reason=rule_settings is not None and rule_settings.settings.require_reason,
                )
        comments = self._comments[name]
        return comments is not None and comments.accept(one)

    def _earlier(
        self, found: Sequence[JudgedFinding], known: dict[Hashable, JudgedFinding], verdict: Verdict
    ) -> set[int]:
        """Return the ids of findings that are among known ones; their files are looked up, too.

        A service that was in this project keeps what it had there: what an overlay gave to it
        is new once each run of the project loads the overlay.
        """
        earlier = matched(found, known.values())
        others = [one for one in found if id(one) in earlier or not self._had_services(one)]
        for name in dict.fromkeys(one.span.source.name for one in others if id(one) not in earlier):
            self._add(self._of_file(name, name in verdict.builders))
            earlier = matched(others, known.values())
        if len(earlier) == len(found):
            return earlier
        names = self._names(verdict)
        return matched(others, map(names.translated, known.values())) if names else earlier

    def _had_services(self, one: JudgedFinding) -> bool:
        """Return whether the services of a finding were in the project before, all of them."""
        if self._services is None:
            own = self._projects[: self._own]
            self._services = {it.name for project in own for it in project.profiles()}
        return bool(one.services) and self._services.issuperset(one.services)

    def _names(self, verdict: Verdict) -> Names | None:
        """Return what services and stages of a verdict are called now, if they were renamed."""
        if verdict.project is None:
            return None
        stages: dict[str, str] = {}
        for now in verdict.sources:
            before = self._files.read(self._former(self._files.path(now.name)))
            if now.name in verdict.builders and not isinstance(before, Refusal):
                stages |= renamed_stages(_stage_keys(before), _stage_keys(now))
        after = {one.name: one for one in verdict.project.profiles()}
        old = {one.name: one for project in self._projects for one in project.profiles()}
        gone = [one for name, one in old.items() if name not in after]
        new = [one for name, one in after.items() if name not in old]
        services = {one.name: other.name for one, other in alike(gone, new, likeness)}
        return Names(services, stages) if services or stages else None

    def _add(self, verdicts: Iterable[Verdict]) -> None:
        """Add the findings of verdicts on the side before, each once."""
        for verdict in verdicts:
            if verdict.project is not None:
                self._projects.append(verdict.project)
            for one in verdict.accepted:
                if _is_by_comment(one):
                    self._accepted.setdefault(place_of(one), one)
            for one in verdict.findings:
                for number, part in enumerate(parts(one)):
                    if not part.is_gap:
                        self._findings.setdefault((*place_of(one), number), part)

    def _of(self, candidate: Candidate) -> Iterator[Verdict]:
        if self._job.file_sets is not None or self._job.options.files:
            for one in self._job.projects:
                yield from self._compose(one.candidate, one.options)
            return
        path, is_named = self._former(candidate.path), candidate.kind == "named"
        is_moved = path != candidate.path
        folder = os.path.dirname(path) if is_moved else candidate.folder
        if candidate.language == "dockerfile":
            yield from self._dockerfile(path, is_named)
        elif candidate.language == COMMANDS:
            yield from self._compose(Candidate(path, candidate.kind, None, COMMANDS))
        else:
            yield from self._compose(self._named(path) if is_named else self._found(path, folder))

    def _in_role(self, candidate: Candidate, role: Role) -> Iterator[Verdict]:
        """Yield the verdicts on a file that was judged in another role."""
        # By itself, it would have findings that nobody was told.
        path = self._former(candidate.path)
        self._judged.add(self._files.name(path) or path)
        file_sets = planned_file_sets(candidate, None, self._job.options)
        if file_sets is not None:
            for one in self._job.replaced(file_sets=file_sets).projects:
                yield from self._compose(one.candidate, one.options)
        elif role.loading in ("alone", "supplied"):
            yield from self._compose(self._found(path, os.path.dirname(path)))

    def _of_file(self, name: str, is_dockerfile: bool) -> Iterator[Verdict]:
        """Yield the verdicts on a file that was not checked with the project."""
        path = self._former(self._files.path(name))
        if self._files.name(path) in self._judged or not self._files.exists(path):
            return
        if is_dockerfile:
            yield from self._dockerfile(path, is_named=True)
        else:
            yield from self._compose(self._found(path, os.path.dirname(path)))

    def _former(self, path: str) -> str:
        former = self._change.former.get(path, path)
        return former if self._files.name(former) is not None else path

    def _named(self, path: str) -> Candidate:
        folder, last = os.path.split(path)
        main = main_file(folder, self._files.exists, self._content)
        return Candidate(path, "named", main, language_of(last))

    def _found(self, path: str, folder: str) -> Candidate | None:
        """Return the candidate of a path as a walk through its folder would find it."""
        names = (*MAIN_NAMES, *OVERRIDE_NAMES, os.path.basename(path))
        there = [
            name for name in dict.fromkeys(names) if self._files.exists(os.path.join(folder, name))
        ]
        listed: list[str] = []
        if self._files.exists(os.path.join(folder, ".env")):
            listed = compose_file(folder, self._content)
        if listed and not self._files.exists(listed[0]):
            listed = []
        found = grouped(folder, there, listed)
        return next((one for one in found if one.path == path), None)

    def _content(self, path: str) -> bytes | Refusal:
        source = self._files.read(path)
        return source if isinstance(source, Refusal) else source.text.encode()

    def _compose(
        self, candidate: Candidate | None, options: Options | None = None
    ) -> Iterator[Verdict]:
        if candidate is None or not self._files.exists(candidate.path):
            return
        options = options or self._job.options
        job = self._job.replaced(candidate=candidate, options=options, file_sets=None)
        for judged in judge(job):
            if isinstance(judged, Verdict):
                self._judged.update(source.name for source in judged.sources)
                yield judged

    def _dockerfile(self, path: str, is_named: bool) -> Iterator[Verdict]:
        """Yield the verdicts of the projects that built a Dockerfile, or else its own."""
        name, is_built = self._files.name(path) or path, False
        self._judged.add(name)
        above = main_files_above(path, self._files.root, self._files.exists, self._content)
        for main in above:
            for verdict in self._compose(main):
                if name in verdict.builders:
                    is_built = True
                    yield verdict.without(lambda one: one.span.source.name != name)
        if is_built or not self._files.exists(path):
            return
        candidate = Candidate(path, "named" if is_named else "side", None, "dockerfile")
        found = judge(self._job.replaced(candidate=candidate, file_sets=None))
        yield from (one for one in found if isinstance(one, Verdict))


def _stage_keys(source: Source) -> list[str]:
    instructions = dockerfile_read.read(source).instructions
    return [stage_key(one) for one in instructions if one.name == "FROM"]


def _is_by_comment(one: JudgedFinding) -> bool:
    return one.accepted is not None and one.accepted.by == "comment"


class EarlierComments:
    """The suppression comments of a file as it was before a change.

    One that was about a whole service, stage or file accepts what a change adds there.
    One about a single value accepts nothing elsewhere, wherever a change moves it.
    """

    def __init__(self, source: Source, *, is_dockerfile: bool, need_reason: bool = False) -> None:
        self._whole = (0, len(source.text))
        self._documents: Sequence[Node] = ()
        self._instructions: Sequence[Instruction] = ()
        if is_dockerfile:
            file = dockerfile_read.read(source)
            found, self._instructions = of_dockerfile(file), file.instructions
        else:
            stream = yaml_read.read(source)
            found, self._documents = of_yaml(stream), stream.documents
        self._comments: list[Suppression] = [
            one for one in found if one.reason or one.is_foreign or not need_reason
        ]

    def accept(self, one: JudgedFinding) -> bool:
        """Return whether they accept a finding after the change."""
        comments = [comment for comment in self._comments if _names(comment, one)]
        if not comments:
            return False
        start, end = self._extent(one.key_path)
        return any(comment.start <= start and end <= comment.end for comment in comments)

    def _extent(self, path: Sequence[str]) -> Extent:
        """Return the extent of the narrowest part on a path that was there before."""
        if self._instructions:
            return self._stage(path[0]) if path else self._whole
        extent, nodes = self._whole, self._documents
        for key in path:
            entries = (
                (name, value)
                for node in nodes
                if isinstance(node, Mapping)
                for name, value in node.entries
                if isinstance(name, Scalar) and name.value == key
            )
            found = next(entries, None)
            if found is None:
                break
            name, value = found
            extent = name.span.start, max(name.span.end, value.span.end)
            nodes = (value,)
        return extent

    def _stage(self, title: str) -> Extent:
        starts = [one for one in self._instructions if one.name == "FROM"]
        ends = [*(one.span.start - 1 for one in starts[1:]), self._whole[1]]
        for start, end in zip(starts, ends, strict=True):
            if stage_key(start) == title:
                return start.span.start, end
        return self._whole


def _names(comment: Suppression, one: JudgedFinding) -> bool:
    """Return whether a comment is about the rule of a finding."""
    if one.is_gap and not comment.reason:
        return False
    name = one.rule.name
    return any(
        (name in word.rules or rule_of(name) in word.rules)
        and means(word.word, one.rule, one.finding)
        for word in comment.words
    )
