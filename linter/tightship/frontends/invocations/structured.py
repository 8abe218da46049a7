"""The invocations of Compose and engines in YAML and JSON: CI, scripts of packages, task runners.

Any text in them may be a script: the keys differ (`run`, `script`, `command`, `cmds`), and
so few texts mention Compose or an engine that a list of the keys would only lose some.
"""

from __future__ import annotations

from functools import partial

from tightship.frontends.invocations.expansion import MOST_WAYS, combined
from tightship.frontends.invocations.found import Evidence, Words
from tightship.frontends.invocations.scripts import EXPRESSION
from tightship.frontends.invocations.shell import Shell
from tightship.frontends.invocations.words import invocation_in, split
from tightship.lazy import Record, regex
from tightship.syntax.shell.text import UNKNOWN, substituted
from tightship.syntax.yaml.nodes import Alias, Mapping, Scalar, Sequence
from tightship.syntax.yaml.read import read
from tightship.syntax.yaml.scalar_text import scalar_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterator

    from tightship.frontends.invocations.expansion import Values
    from tightship.frontends.invocations.found import Call, Found
    from tightship.frontends.invocations.origin import Origin
    from tightship.syntax.yaml.nodes import Node
    from tightship.text import Source

    Ways = Callable[[str], list[str]]

_MOST_NODES = 50_000
_VARIABLES = frozenset(("env", "variables", "environment", "vars"))
_FOLDERS = frozenset(("working-directory", "workingDirectory", "working_directory", "dir"))
_SIGN = regex(r"\W")
_ROOTS = ("CI_PROJECT_DIR", "GITHUB_WORKSPACE", "TRAVIS_BUILD_DIR", "github_workspace")
_FILES = frozenset(("compose-file", "compose_file", "dockerComposeFile", "COMPOSE_FILE"))
_ACTION = "docker/build-push-action"
_OLDEST = "@v1"  # pushes unless it is told not to
_DOCKERFILES = frozenset(("dockerfile", "file", "containerfile", "containerfiles"))
_OPTIONS = {"outputs": "output", "tags": "tag"}
_NOT_JOBS = frozenset(("services", "matrix", "include"))


class _Scope(Record):
    """The variables and the folder that a mapping and those around it set."""

    variables: dict[str, Values]
    folder: str
    title: str


def chains_in_structure(origin: Origin, source: Source) -> Iterator[Found]:
    """Yield the chains of all scripts and settings in a text of YAML or JSON."""
    documents = read(source).documents if origin.mentions(source.text) else ()
    first = _Scope(dict.fromkeys(_ROOTS, ((origin.tree.root,),)) if origin.is_ci else {}, "", "")
    stack: list[tuple[Node, str, _Scope]] = [(one, "", first) for one in documents]
    count = 0
    while stack:
        node, key, scope = stack.pop()
        count += 1
        if count > _MOST_NODES:
            origin.tree.leave(origin.name, f"has more than {_MOST_NODES:,} values to search")
            return
        if isinstance(node, Mapping):
            inner = _within(node, scope, key)
            if origin.is_ci and origin.has_calls:
                yield from calls_of_step(origin, node, key, partial(_ways, inner.variables))
            stack += [(v, _text(k), inner) for k, v in reversed(node.entries)]
        elif isinstance(node, Sequence):
            scripts = [one for one in node.items if isinstance(one, Scalar)]
            rest = [one for one in node.items if not isinstance(one, (Scalar, Alias))]
            if scripts:
                yield from _in_list(origin, scripts, key, scope)
            stack += [(one, key, scope) for one in reversed(rest)]
        elif isinstance(node, Scalar):
            yield from _in_texts(origin, [node], key, scope)


def _in_list(origin: Origin, scalars: list[Scalar], key: str, scope: _Scope) -> Iterator[Found]:
    """Yield the chains of a list: the lines of a script, or the words of a command."""
    words = [one.value for one in scalars]
    if key in _FILES:
        yield from _listed(origin, scalars[0], words)
    elif invocation_in(words) is not None:
        shell = _shell(origin, scope, key)
        shell.invoke(words, _line(scalars[0]))
        yield from shell.finish()
    else:
        yield from _in_texts(origin, scalars, key, scope)


def _in_texts(origin: Origin, scalars: list[Scalar], key: str, scope: _Scope) -> Iterator[Found]:
    if key in _FILES:
        for one in scalars:
            for value in _values(one.value, scope.variables):
                text = "".join(value).strip().replace("\n", ":")
                yield from _listed(origin, one, split(text, ""))
    elif any(origin.mentions(one.value) for one in scalars):
        shell = _shell(origin, scope, key)
        for one in scalars:
            script = scalar_text(one)
            size, found = len(script.value), EXPRESSION.finditer(script.value)
            shell.run(script.replaced(0, size, substituted(found, 0, size, _known)))
        yield from shell.finish()


def _listed(origin: Origin, node: Scalar, files: list[str]) -> Iterator[Found]:
    files = [one.strip() for one in files if one.strip()]
    if any(one.endswith((".yml", ".yaml")) for one in files):
        yield from origin.setting(":".join(files), ":", _line(node))


def _shell(origin: Origin, scope: _Scope, key: str) -> Shell:
    if origin.name.endswith("package.json") and scope.title == "scripts":
        origin = origin.replaced(does=f"`npm run {key}` runs")
    shell = Shell(origin, dict(scope.variables))
    if scope.folder:
        shell.state.enter(origin.tree, scope.folder)
    return shell


def _within(node: Mapping, scope: _Scope, title: str) -> _Scope:
    """Return the scope of the values in a mapping that is the value of a key."""
    variables, folder = scope.variables, scope.folder
    for key, value in node.entries:
        name = _text(key)
        if name in _VARIABLES and isinstance(value, Mapping):
            given = {_text(k): _values(_text(v), variables) for k, v in value.entries}
            variables = {**variables, **given}
        elif name == "matrix" and isinstance(value, Mapping):
            variables = {**variables, **_matrix(value)}
        elif name == "parallel" and isinstance(value, Mapping):  # as GitLab has it
            variables = {**variables, **_parallel(value)}
        elif name == "inputs" and isinstance(value, Mapping):
            variables = {**variables, **_defaults(value)}
        elif name == "strategy" and isinstance(value, Mapping):
            variables = _within(value, _Scope(variables, folder, ""), name).variables
        elif name in _FOLDERS and isinstance(value, Scalar):
            folder = EXPRESSION.sub(UNKNOWN, value.value)
        elif name in ("defaults", "run") and isinstance(value, Mapping):
            inner = _within(value, _Scope({}, "", ""), name)
            folder = inner.folder or folder
    return _Scope(variables, folder, title)


def _matrix(node: Mapping) -> dict[str, Values]:
    """Return the variables of a matrix, each with all of its values."""
    found: dict[str, list[str]] = {}
    for key, value in node.entries:
        name = _text(key)
        for one in value.items if isinstance(value, Sequence) and name != "exclude" else ():
            title = "matrix" if name == "include" else f"matrix.{name}"
            pairs = (
                [(f"{title}.{_text(k)}", v) for k, v in one.entries]
                if isinstance(one, Mapping)
                else [(title, one)]
            )
            for written, text in pairs:
                found.setdefault(_SIGN.sub("_", written), []).append(_text(text))
    return _few(found)


def _parallel(node: Mapping) -> dict[str, Values]:
    """Return the variables of the jobs that GitLab runs in parallel, each with all values."""
    found: dict[str, list[str]] = {}
    for key, value in node.entries:
        for job in value.items if isinstance(value, Sequence) and _text(key) == "matrix" else ():
            for name, given in job.entries if isinstance(job, Mapping) else ():
                texts = given.items if isinstance(given, Sequence) else (given,)
                found.setdefault(_text(name), []).extend(map(_text, texts))
    return _few(found)


def _few(found: dict[str, list[str]]) -> dict[str, Values]:
    """Return the variables that have not too many values to follow each of them."""
    each = {name: tuple((one,) for one in dict.fromkeys(texts)) for name, texts in found.items()}
    return {name: values for name, values in each.items() if len(values) <= MOST_WAYS}


def _defaults(node: Mapping) -> dict[str, Values]:
    """Return the inputs of an action or a workflow, with their defaults."""
    return {
        f"inputs_{_SIGN.sub('_', _text(key))}": ((default.value,),)
        for key, value in node.entries
        if isinstance(value, Mapping) and isinstance(default := value.get("default"), Scalar)
    }


def _values(text: str, variables: dict[str, Values]) -> Values:
    """Return the values of a text that may be an expression."""
    found = EXPRESSION.fullmatch(text.strip())
    if found is None:
        return ((EXPRESSION.sub(UNKNOWN, text),),)
    return variables.get(_name(found), ((UNKNOWN,),))


def _ways(variables: dict[str, Values], text: str) -> list[str]:
    """Return each text that a text with expressions may become."""
    parts, at = list[list[str]](), 0
    for found in EXPRESSION.finditer(text):
        values = variables.get(_name(found), ((UNKNOWN,),))
        parts += [text[at : found.start()]], ["".join(one) for one in values]
        at = found.end()
    return combined([*parts, [text[at:]]])


def _known(found: re.Match[str]) -> str:
    """Return an expression of CI or of a task runner as the shell would write it."""
    name = _name(found)
    return f"${{{name}}}" if name else UNKNOWN


def _name(found: re.Match[str]) -> str:
    return _SIGN.sub("_", (found[1] or found[2] or "").removeprefix("env."))


def _text(node: Node) -> str:
    return node.value if isinstance(node, Scalar) else UNKNOWN


def _line(node: Node) -> int:
    return node.span.source.point(node.span.start)[0] + 1


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


def _builds(program: str, inputs: Mapping, ways_of: Ways) -> Iterator[Words]:
    """Yield the builds of a step, one for each way that its Dockerfile may have."""
    texts = {
        one.value.lower(): found.value
        for one, found in inputs.entries
        if isinstance(one, Scalar) and isinstance(found, Scalar)
    }
    is_known = program.startswith(f"{_ACTION}@") and not program.startswith(_ACTION + _OLDEST)
    files = [ways_of(text) for name, text in texts.items() if name in _DOCKERFILES]
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
