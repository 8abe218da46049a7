"""The plan to harden services: each patch with the knowledge behind it, and what is left.

A plan is written into the files, or as an override file that is proved against them.
"""

from __future__ import annotations

import os
import posixpath

from tightship.engine.disk.writing import write_all
from tightship.engine.fix.fixes import FixSelection, fixed, key_of
from tightship.engine.fix.run import Change
from tightship.engine.harden.measures import MEASURES
from tightship.engine.load.project import load_project
from tightship.engine.plan.candidates import Candidate
from tightship.engine.plan.job import project_files
from tightship.engine.roles.role import HARDENED
from tightship.frontends.compose.loading.invocation import Options
from tightship.isolation.hardening_knowledge import proof_by, was_tried
from tightship.lazy import Record
from tightship.model.value import MappingValue, ScalarValue, SequenceValue
from tightship.syntax.yaml.layout import Style, entry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from typing import Final

    from tightship.engine.disk.files import Files
    from tightship.engine.disk.writing import Refused
    from tightship.engine.fix.fixes import Fixed
    from tightship.engine.verdict import JudgedFinding, Verdict
    from tightship.findings import Gap
    from tightship.images import facts
    from tightship.images.facts import Grade
    from tightship.isolation.container import Container
    from tightship.isolation.loaded_project import LoadedProject
    from tightship.model.value import Value
    from tightship.syntax.yaml.layout import Plain
    from tightship.text import Source, Span

    Judge = Callable[[Files], list[Verdict]]
    Texts = Mapping[str, tuple[Source, str]]


# Findings of other themes are not about the isolation of the container that runs.
_THEMES = frozenset((
    *("capabilities", "devices", "filesystem", "host_interfaces"),
    *("mandatory_access", "namespaces", "resources", "users"),
))  # fmt: skip
_GRADES: tuple[Grade, ...] = ("measured", "documented", "derived")


class Patch(Record):
    """Settings that isolate a service better, with the sources of what is known.

    ``settings`` holds the keys that change, each with its whole value afterwards, and
    ``proof`` says how the patch is known to work.
    """

    rule: str
    settings: Mapping[str, Plain]
    sources: Sequence[facts.Source]
    proof: str

    @property
    def grade(self) -> Grade:
        """Return the weakest grade of its sources."""
        grades = {source.grade for source in self.sources}
        for grade in reversed(_GRADES):
            if grade in grades:
                return grade
        return "derived"


class RemainingWeakness(Record):
    """A weakness that stays: the finding about it, and why it is left (a clause)."""

    judged: JudgedFinding
    why: str


class ServicePlan:
    """What is written for a service, and what is left.

    ``gap`` tells why the service could not be checked, if it could not, and ``was_tried`` whether
    facts were measured on it as it is. ``worded`` returns a text as the language of its file has it.
    """

    __slots__ = ("gap", "image", "left", "name", "patches", "span", "was_tried", "worded")

    def __init__(
        self,
        container: Container,
        patches: Sequence[Patch],
        left: Sequence[RemainingWeakness],
        gap: Gap | None = None,
    ) -> None:
        stage = container.stage
        self.name: Final = container.name
        self.span: Final[Span] = container.span
        self.image: Final = (
            f"built from {stage.build.source.name}"
            if stage is not None
            else container.text("image").value or ""
        )
        self.patches: Final = patches
        self.left: Final = left
        self.gap: Final = gap
        self.was_tried: Final = was_tried(container)
        self.worded: Final = container.settings.worded


class HardeningPlan(Record):
    """The plan for a project.

    ``before`` and ``after`` are the verdicts on it, and ``made`` holds the new texts of
    its files. A patch in an anchor also reaches services that were not asked for.
    """

    before: Verdict
    after: Verdict
    made: Fixed
    services: Sequence[ServicePlan]


def hardening_plan(
    files: Files, before: list[Verdict], judge: Judge, prove: Judge, names: Collection[str] = ()
) -> HardeningPlan:
    """Return the plan to harden a project.

    Args:
        files: the files as they are.
        before: the verdict on the project, which could be loaded.
        judge: judges the project.
        prove: judges it with all rules: a patch must not cause a finding of any rule.
        names: the services to harden; all, without any.

    """
    assert before[0].project is not None
    hidden = before[0].project.hidden
    selection = HardeningSelection(names, hidden)
    made = fixed(files, judge, prove, selection, verdicts=before)
    first, last = before[0], made.verdicts[0]
    assert first.project is not None
    unchecked = first.project.unchecked
    assert last.project is not None, "a proof loads what a fix leaves"
    refused = {key_of(one.judged): one.reason for one in made.unresolved}
    after = {container.name: container for container in last.project.containers}
    services = list[ServicePlan]()
    for container in first.project.containers:
        patches = list(_patches(container, after[container.name]))
        if names and container.name not in names and not patches:
            continue
        left = [
            RemainingWeakness(judged, container.settings.worded(_why(judged, container, refused)))
            for judged in last.findings
            if container.name in judged.services and _is_about_isolation(judged)
        ]
        if container.name in hidden:
            left = []
        services.append(ServicePlan(container, patches, left, unchecked.get(container.name)))
    return HardeningPlan(first, last, made, services)


def _patches(before: Container, after: Container) -> Iterator[Patch]:
    for rule, measure in MEASURES.items():
        changed = {
            key: _additional(new, old) if before.settings.program != "Compose" else new
            for key in measure.keys
            if (new := plain(after.value(key))) is not None
            and new != (old := plain(before.value(key)))
        }
        if changed:
            sources = measure.known(before.as_measured)
            known = () if isinstance(sources, str) else sources
            yield Patch(rule, changed, known, proof_by(known, before.as_measured))


def _additional(new: Plain, old: Plain | None) -> Plain:
    """Return what a list has in addition: other files have a flag, or a line, for each item."""
    if isinstance(new, list) and isinstance(old, list):
        return [one for one in new if one not in old]
    return new


def _why(
    judged: JudgedFinding, container: Container, refused: Mapping[tuple[str, str], str]
) -> str:
    """Return why a weakness is left, as a clause."""
    measure = MEASURES.get(judged.rule.name)
    if measure is None:
        return ""
    reason = refused.get(key_of(judged))
    if reason is not None:
        return f"its patch was not applied, for {reason}"
    found = measure.known(container.as_measured)
    if isinstance(found, str):
        return found
    return "services that share its settings need something else"


def _is_about_isolation(judged: JudgedFinding) -> bool:
    rule = judged.rule
    return bool(rule.measure) or (rule.language == "compose" and rule.theme in _THEMES)


def plain(value: Value | None) -> Plain | None:
    """Return a value of the effective tree as plain data; without one, None."""
    if isinstance(value, MappingValue):
        pairs = ((name, plain(entry.value)) for name, entry in value.entries.items())
        return {name: "" if held is None else held for name, held in pairs}
    if isinstance(value, SequenceValue):
        return [held for item in value.items if (held := plain(item)) is not None]
    if isinstance(value, ScalarValue) and not value.is_null:
        return value.text
    return None


def is_hardening(judged: JudgedFinding) -> bool:
    """Return whether a finding has a fix that only hardens, and is known to work."""
    return bool(judged.rule.measure) and judged.finding.fix is not None


class HardeningSelection(FixSelection):
    """The fixes of these rules for some services; for all, where none are named.

    What a service in ``hidden`` needs is unknown, so it is left as it is.
    """

    def __init__(self, services: Collection[str] = (), hidden: Collection[str] = ()) -> None:
        super().__init__(all_effects=True)
        self.services, self.hidden = frozenset(services), frozenset(hidden)

    def takes(self, judged: JudgedFinding) -> bool:
        """Return whether a finding has a fix to apply."""
        meant = {*judged.services} - self.hidden
        if self.services:
            meant &= self.services
        return bool(meant) and is_hardening(judged)


class NewTexts:
    """Collects the texts of one project after the other, and writes them at the end.

    ``written`` are the absolute paths of the files that were written.
    """

    def __init__(self) -> None:
        self.written: list[str] = []
        self._files: dict[str, Files] = {}
        self._texts: dict[str, dict[str, tuple[Source, str]]] = {}

    def over(self, files: Files) -> Files:
        """Return files with the new texts of the projects before."""
        texts = self._texts.get(files.root)
        return files.edited(texts) if texts else files

    def add(self, files: Files, texts: Texts) -> None:
        """Add the texts of a project; ``files`` are those on the disk."""
        self._files.setdefault(files.root, files)
        known = self._texts.setdefault(files.root, {})
        for name, (source, text) in texts.items():
            first, _ = known.get(name, (source, text))
            known[name] = first, text

    @property
    def changes(self) -> Iterator[Change]:
        """Yield the change of each file."""
        for root, texts in self._texts.items():
            for name, (source, text) in texts.items():
                yield Change(self._files[root].path(name), source, text)

    def write(self) -> list[Refused]:
        """Write all files of a root or none of them; return why one could not be written."""
        refused: list[Refused] = []
        for root, texts in self._texts.items():
            failed = write_all(self._files[root], texts) if texts else []
            refused += failed
            if not failed:
                self.written += map(self._files[root].path, texts)
        return refused


class OverrideError(Exception):
    """The patches cannot be written as an override file; the message says why."""


def override(files: Files, plan: HardeningPlan, path: str) -> str:
    """Return the text of an override file that does what a plan does.

    Args:
        files: the files as they are.
        plan: the plan.
        path: the absolute path of the new file.

    Raises:
        OverrideError: if such a file would not have the same effect as the plan.

    """
    if plan.after.noun != "service":
        raise OverrideError("only Compose merges files")
    before, after = plan.before.project, plan.after.project
    assert before is not None
    assert before.compose is not None
    assert after is not None
    services = {
        one.name: {
            key: _added(_value(before, one.name, key), value)
            for patch in plan.services[number].patches
            for key, value in patch.settings.items()
        }
        for number, one in enumerate(plan.services)
        if one.patches
    }
    tree: dict[str, Plain] = {"services": services}
    volumes = _volumes(after).keys() - _volumes(before).keys()
    if volumes:
        tree["volumes"] = {name: {} for name in sorted(volumes)}
    paths = [files.path(name) for name in before.compose.paths]
    own_folder = os.path.dirname(path)
    text = f"{HARDENED} Use it in this folder with:\n#   {command([*paths, path], own_folder)}\n"
    text += "".join(
        f"{line}\n" for name, value in tree.items() for line in entry(name, value, Style())
    )
    _prove(files, plan, [*paths, path], text)
    return text


def command(files: Sequence[str], folder: str) -> str:
    """Return the command that starts a project of some files, as typed in a folder."""
    from shlex import quote

    shown = (os.path.relpath(path, folder).replace(os.sep, "/") for path in files)
    return f"docker compose {' '.join(f'-f {quote(one)}' for one in shown)} up -d"


def _value(loaded: LoadedProject, service: str, key: str) -> Plain | None:
    assert loaded.compose is not None
    return plain(loaded.compose.services[service].value(key))


def _added(old: Plain | None, new: Plain) -> Plain:
    """Return what an override adds to a value: Compose appends lists and merges mappings.

    Raises:
        OverrideError: if the new value lacks a part of the old one.

    """
    if isinstance(old, str) or old is None or isinstance(new, str):
        return new
    if isinstance(old, dict) and isinstance(new, dict):
        return {
            key: _added(old.get(key), value) for key, value in new.items() if value != old.get(key)
        }
    if isinstance(old, list) and isinstance(new, list) and new[: len(old)] == old:
        return new[len(old) :]
    raise OverrideError("an item of a list has to be replaced")


def _volumes(loaded: LoadedProject) -> dict[str, object]:
    assert loaded.compose is not None
    found = plain(loaded.compose.root.get("volumes")) if loaded.compose.root else None
    return dict(found) if isinstance(found, dict) else {}


def _prove(files: Files, plan: HardeningPlan, names: Sequence[str], text: str) -> None:
    """Check that the files with the override are what the patched files are.

    Raises:
        OverrideError: if a service differs.

    """
    name = files.name(names[-1])
    if name is None:
        raise OverrideError("it would be outside the project root")
    changed = files.over({name: text})
    candidate = Candidate(names[0], "named", names[0], "compose")
    loaded = load_project(changed, project_files(changed, candidate, Options(files=tuple(names))))
    for one in plan.services:
        for patch in one.patches:
            for key, value in patch.settings.items():
                if _value(loaded, one.name, key) != value:
                    where = posixpath.basename(name)
                    reason = f"`{key}` of service `{one.name}` would differ in {where}"
                    raise OverrideError(reason)
