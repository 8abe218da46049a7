"""Two views of the facts of a project, and whether one promises what the other breaks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tightship.engine.disk.git_tree import TextFiles
from tightship.engine.judge.surroundings import JobSurroundings
from tightship.engine.load.dockerfiles import load_dockerfile
from tightship.engine.load.project import load_project
from tightship.engine.plan.config_files import Configs
from tightship.engine.plan.job import Job, project_files
from tightship.engine.plan.planning import plan_texts
from tightship.frontends.compose.loading.invocation import Options
from tightship.isolation.loaded_project import LoadedProject
from tightship.project_facts.groups import subjects
from tightship.project_facts.values import Facts, Items, Scalar, Texts
from tightship.text import Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tightship.project_facts.values import Value

# Other things of the project, which would lead round in a circle.
_OTHERS = ("project", "peers", "services")


def loaded(texts: Mapping[str, str], environment: Mapping[str, str] | None = None) -> LoadedProject:
    """Load the one project, or the one Dockerfile, of some texts."""
    job = next(iter(plan_texts(texts, Configs(isolated=True)).jobs()))
    assert isinstance(job, Job)
    if job.candidate.language == "dockerfile":
        source = job.files.read_dockerfile(job.candidate.path)
        assert isinstance(source, Source)
        made = load_dockerfile(job.files, source)
    else:
        disk = TextFiles(texts)
        files = project_files(disk, job.candidate, Options(environment=environment))
        made = load_project(disk, files)
    made.around = JobSurroundings(job)
    return made


def things(project: LoadedProject | Mapping[str, str] | str, group: str) -> list[Facts]:
    """Return the things of a group that a policy can be about."""
    if isinstance(project, str):
        project = {"compose.yaml": project}
    if not isinstance(project, LoadedProject):
        project = loaded(project)
    return [one for one in subjects(project) if one.group.name == group]


def service(project: LoadedProject | Mapping[str, str] | str, name: str = "s") -> Facts:
    """Return the facts about a service."""
    found = things(project, "service")
    return next(one for one in found if plain(one.get("name")) == name)


def of_service(body: str, more: str = "") -> Facts:
    """Return the facts about a service, of which the body is given."""
    return service(f"services:\n  s: {{image: x, {body}}}\n{more}")


def listed(value: Value, *names: str) -> list[object]:
    """Return some facts of each thing in a list, as plain data."""
    assert isinstance(value, Items)
    found = [tuple(plain(one.get(name)) for name in names) for one in value.items]
    return [one[0] for one in found] if len(names) == 1 else [*found]


def plain(value: Value) -> object:
    """Return a known fact as plain data, and `...` for what is not known."""
    if isinstance(value, Scalar):
        return value.value if value.known else ...
    if isinstance(value, Texts):
        return set(value.surely) if value.possibly == value.surely else ...
    if isinstance(value, Items):
        return [*value.items] if value.known else ...
    if not value.known:
        return ...
    return value if value.source is not None else None


def broken(promise: Value, kept: Value, path: str = "") -> Iterator[str]:
    """Yield where a promised fact differs from the one that came."""
    if isinstance(promise, Scalar):
        assert isinstance(kept, Scalar)
        yield from _scalar(promise, kept, path)
    elif isinstance(promise, Texts):
        assert isinstance(kept, Texts)
        if kept.possibly is not None and not promise.surely <= kept.possibly:
            yield f"{path}: {promise.surely} is not in {kept.possibly}"
        if promise.possibly is not None and not kept.surely <= promise.possibly:
            yield f"{path}: {kept.surely} is not in {promise.possibly}"
    elif isinstance(promise, Items):
        assert isinstance(kept, Items)
        yield from _items(promise, kept, path)
    else:
        assert isinstance(kept, Facts)
        yield from _facts(promise, kept, path)


def _scalar(promise: Scalar, kept: Scalar, path: str) -> Iterator[str]:
    if not kept.known:
        return
    if promise.known and promise.value != kept.value:
        yield f"{path}: {promise.value!r} was {kept.value!r}"
    if promise.beginning and not str(kept.value).startswith(promise.beginning):
        yield f"{path}: {promise.beginning!r}… was {kept.value!r}"
    if promise.lowest is not None and isinstance(kept.value, float | int):
        assert promise.highest is not None
        if not promise.lowest <= kept.value <= promise.highest:
            yield f"{path}: {promise.lowest} to {promise.highest} was {kept.value}"


def _items(promise: Items, kept: Items, path: str) -> Iterator[str]:
    if promise.whole and len(kept.items) > len(promise.items):
        yield f"{path}: {len(promise.items)} were {len(kept.items)}"
    if not kept.known:
        return
    if len(kept.items) < sum(one.is_sure for one in promise.items):
        yield f"{path}: fewer than {len(promise.items)} were {len(kept.items)}"
    for index, one in enumerate(promise.items):
        if not one.is_sure:
            continue
        told = [[*broken(one, other, f"{path}[{index}]")] for other in kept.items]
        if [] not in told:
            yield min(told, key=len)[0] if told else f"{path}[{index}] was not there"
    if promise.whole:
        for index, one in enumerate(kept.items):
            told = [[*broken(other, one, f"{path}[{index}]")] for other in promise.items]
            if [] not in told:
                yield min(told, key=len)[0] if told else f"{path}[{index}] came"


def _facts(promise: Facts, kept: Facts, path: str) -> Iterator[str]:
    if not promise.known or not kept.known:
        return
    if (promise.source is None) is not (kept.source is None):
        yield f"{path}: there or not"
        return
    for name in promise.group.facts:
        if name not in _OTHERS:
            yield from broken(promise.get(name), kept.get(name), f"{path}.{name}")


def broken_promises(promised: LoadedProject, kept: LoadedProject) -> Iterator[str]:
    """Yield where the facts of a project differ from those that another view promised."""
    for group in ("project", "service"):
        made, come = _by_name(promised, group), _by_name(kept, group)
        for name, one in made.items():
            if name in come:
                yield from broken(one, come[name], f"{group} {name}")
            else:
                yield f"{group} {name} is not there"
        if promised.compose is not None and promised.compose.complete:
            for name in come.keys() - made.keys():
                yield f"{group} {name} came"


def _by_name(project: LoadedProject, group: str) -> dict[str, Facts]:
    """Return the things of a group by name; there is one project, whatever its name."""
    found = things(project, group)
    return {"" if group == "project" else str(plain(one.get("name"))): one for one in found}
