"""The images that steps of a workflow build by an action.

The inputs are those of ``docker/build-push-action`` (its README), and mean what the flags of
`docker buildx build` mean. The workflow starts at the root of the repository.
"""

from __future__ import annotations

from tightship.findings import Gap
from tightship.frontends.docker_build.project import ImageSettings, Paths, located
from tightship.frontends.flags.options import options_text
from tightship.frontends.flags.values import NAMELESS
from tightship.frontends.names import is_bake
from tightship.lazy import TYPE_CHECKING, regex
from tightship.syntax.shell.text import UNKNOWN, Text
from tightship.syntax.yaml.nodes import Mapping, Scalar, Sequence, follow
from tightship.values import image

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Iterator, Sequence as List

    from tightship.frontends.actions.editor import InputsEditor
    from tightship.model.file_project import FileProject
    from tightship.syntax.yaml.nodes import Node
    from tightship.text import Span

_ACTION = regex(r"docker/build-push-action(?:@.*)?")
_BAKE = regex(r"docker/bake-action(?:@.*)?")
_TEXTS = {
    "network": "network", "no-cache": "no_cache", "pull": "pull", "shm-size": "shm_size",
    "target": "target",
}  # fmt: skip
_LINES = {
    "build-args": "args", "build-contexts": "additional_contexts", "cache-from": "cache_from",
    "cache-to": "cache_to", "labels": "labels", "secrets": "secrets", "ssh": "ssh",
}  # fmt: skip
_LISTS = {
    "add-hosts": "extra_hosts", "allow": "entitlements", "platforms": "platforms", "tags": "tags",
}  # fmt: skip
_LINE, _ITEM = regex(r"[^\n]+"), regex(r"[^\n,]+")


class StepSettings(ImageSettings):
    """The settings of the image that a step builds."""

    __slots__ = ("_inputs",)

    def __init__(
        self,
        name: str,
        shown: str,
        uses: Scalar,
        step: Mapping,
        entries: Iterable[tuple[Node, Node]],
        found: List[tuple[Node, Node]] | None,
        project: FileProject,
    ) -> None:
        inputs = step.get("with")
        self._inputs: Mapping | None = None
        if isinstance(inputs, Mapping) and inputs.anchor is None:  # else other steps have them, too
            self._inputs = inputs
        super().__init__(name, shown, uses.span, step.span, entries, found, project)

    @property
    def editor(self) -> InputsEditor:
        """Return what edits the inputs of the step."""
        from tightship.frontends.actions.editor import InputsEditor

        return InputsEditor(self._inputs)


def add_build(project: FileProject, step: Mapping) -> None:
    """Add the image that a step builds, if it does; what it changes for bake is a gap."""
    known = {key.value: node for key, node in step.entries if isinstance(key, Scalar)}
    uses, given = known.get("uses"), known.get("with")
    if isinstance(uses, Scalar) and _BAKE.fullmatch(uses.value) and isinstance(given, Mapping):
        changed = [given.get(name) for name in ("allow", "set")]
        files = given.get("files")
        names = files.value.replace(",", " ").split() if isinstance(files, Scalar) else ()
        if not all(is_bake(one) or one.endswith((".yml", ".yaml")) for one in names):
            changed.append(files)
        reason = "what bake builds with this was not checked"
        project.gaps += [Gap(one.span, reason) for one in changed if one is not None]
    if not isinstance(uses, Scalar) or not _ACTION.fullmatch(uses.value):
        return
    inputs = dict(_inputs(follow(given) if given is not None else None))
    entries: list[tuple[Node, Node]] = []
    for name, (key, text) in inputs.items():
        if name in _TEXTS:
            entries.append((Scalar(key.span, _TEXTS[name]), _node(text, 0, len(text.value))))
        elif name in _LINES or name in _LISTS:
            pattern = _LINE if name in _LINES else _ITEM
            items = [*_items(text, pattern)]
            into = _LINES.get(name) or _LISTS[name]
            entries.append((Scalar(key.span, into), Sequence(key.span, items, flow=True)))
    context = _path(inputs, "context") or (uses.span, ".")
    found = located(Paths(context, _path(inputs, "file")), ("",), project)
    shown = _name_of(entries)
    project.add_image(
        shown or "image",
        lambda name: StepSettings(name, shown, uses, step, entries, found, project),
    )


def _inputs(node: Node | None) -> Iterator[tuple[str, tuple[Scalar, Text]]]:
    for key, value in node.entries if isinstance(node, Mapping) else ():
        if isinstance(key, Scalar) and isinstance(value, Scalar):
            yield key.value, (key, options_text(value))


def _node(text: Text, start: int, end: int) -> Scalar:
    value = text.value[start:end]
    made = NAMELESS.join(part.replace("$", "$$") for part in value.split(UNKNOWN))
    is_plain = value in ("true", "false")
    return Scalar(text.span(start, end), made, "" if is_plain else '"')


def _items(text: Text, pattern: re.Pattern[str]) -> Iterator[Node]:
    for one in pattern.finditer(text.value):
        found = one[0].strip()
        if found:
            start = one.start() + one[0].index(found)
            yield _node(text, start, start + len(found))


def _path(inputs: dict[str, tuple[Scalar, Text]], name: str) -> tuple[Span, str | None] | None:
    if name not in inputs:
        return None
    _, text = inputs[name]
    value = text.value.strip()
    if not value:
        return None
    return text.span(0, len(text.value)), None if UNKNOWN in value else value


def _name_of(entries: list[tuple[Node, Node]]) -> str:
    """Return the name of an image by its first tag that is known, if there is one."""
    for key, node in entries:
        if isinstance(key, Scalar) and key.value == "tags" and isinstance(node, Sequence):
            for one in node.items:
                if isinstance(one, Scalar) and "$" not in one.value.partition(":")[0]:
                    return image.parse(one.value).name.rpartition("/")[2]
    return ""
