"""Steps of CI that build images without a script, and the images in which CI runs its jobs.

The inputs are those of ``docker/build-push-action`` (its README). Another action or plugin that
has a Dockerfile may push what it builds, and so may `docker buildx bake`.
"""

from __future__ import annotations

import posixpath

from tightship.engine.roles.calls import Words
from tightship.engine.roles.role import Evidence
from tightship.engine.roles.shell_state import combined
from tightship.engine.roles.tree import UNKNOWN
from tightship.syntax.yaml.nodes import Mapping, Scalar
from tightship.text import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tightship.engine.roles.calls import Call
    from tightship.engine.roles.invocation import Origin

    Ways = Callable[[str], list[str]]

_ACTION = "docker/build-push-action"
_OLDEST = "@v1"  # pushes unless it is told not to
_FILES = frozenset(("dockerfile", "file", "containerfile", "containerfiles"))
_OPTIONS = {"outputs": "output", "tags": "tag"}
_NOT_JOBS = frozenset(("services", "matrix", "include"))


def calls_of_step(origin: Origin, node: Mapping, title: str, ways_of: Ways) -> Iterator[Call]:
    """Yield what a mapping in a definition of CI builds, or runs its job in.

    ``title`` is the key of the mapping, and ``ways_of`` returns each text that a text with
    expressions may become.
    """
    given = {one.value: found for one, found in node.entries if isinstance(one, Scalar)}
    inputs = next((given[key] for key in ("with", "settings", "inputs") if key in given), None)
    program = given.get("uses", given.get("image", given.get("task")))
    if isinstance(inputs, Mapping) and isinstance(program, Scalar):
        evidence = Evidence(_place(origin, program), f"{origin.does} `{program.value}`")
        for words in _builds(program.value, inputs, ways_of):
            yield origin.call(words, evidence)
    job = given.get("container")
    if isinstance(job, Mapping):
        job = next(
            (v for k, v in job.entries if isinstance(k, Scalar) and k.value == "image"), None
        )
    elif job is None and title not in _NOT_JOBS and "script" in given:
        job = given.get("image")
    if isinstance(job, Scalar):
        evidence = Evidence(_place(origin, job), "runs a job in it")
        for image in ways_of(job.value):
            yield origin.call(Words("job", {}, (image,)), evidence)


def calls_of_bake(origin: Origin, text: str) -> Iterator[Call]:
    """Yield the builds of a file of `docker buildx bake`, by the defaults of its variables."""
    from tightship.frontends.bake.targets import targets_of
    from tightship.syntax.hcl.read import read
    from tightship.values.hcl.scope import Scope

    bodies = [read(Source(origin.name, text)).body]
    for target in targets_of(bodies, Scope(bodies)):
        if "dockerfile-inline" in target.values:
            continue
        found = [target.values.get(key) for key in ("context", "dockerfile")]
        folder, file = ("" if one is None else one.shown or UNKNOWN for one in found)
        options = {"push": [UNKNOWN]} | ({"file": [posixpath.join(folder, file)]} if file else {})
        line = target.key.source.point(target.key.start)[0] + 1
        evidence = Evidence(f"{origin.name}:{line}", f"{origin.does} target `{target.name}`")
        yield origin.call(Words("build", options, (folder or ".",)), evidence, origin.bases)


def _builds(program: str, inputs: Mapping, ways_of: Ways) -> Iterator[Words]:
    """Yield the builds of a step, one for each way that its Dockerfile may have."""
    texts = {
        one.value.lower(): found.value
        for one, found in inputs.entries
        if isinstance(one, Scalar) and isinstance(found, Scalar)
    }
    is_known = program.startswith(f"{_ACTION}@") and not program.startswith(_ACTION + _OLDEST)
    files = [ways_of(text) for name, text in texts.items() if name in _FILES]
    if not is_known and not files:
        return
    options: dict[str, list[str]] = {}
    for name, option in _OPTIONS.items():
        ways = ways_of(texts[name]) if name in texts else []
        options[option] = [one for way in ways for one in way.replace(",", "\n").split("\n")]
    pushed = ways_of(texts.get("push", "false")) if is_known else []
    options["push"] = pushed if len(pushed) == 1 else [UNKNOWN]
    contexts = ways_of(texts.get("context", "."))
    for way in combined([contexts, ["\n"], *files[:1]]):
        context, _, file = way.partition("\n")
        given = {"file": [file.strip()]} if file.strip() else {}
        yield Words("build", options | given, (context.strip(),))


def _place(origin: Origin, node: Scalar) -> str:
    return f"{origin.name}:{node.span.source.point(node.span.start)[0] + 1}"
