"""What the features of a development container add to it, as flags of `docker run`.

A feature of the repository says so in its `devcontainer-feature.json`
(containers.dev/implementors/features); ``facts/devcontainer.toml`` knows published ones. Any
other one may set anything, and is a gap.
"""

from __future__ import annotations

import posixpath

from tightship.findings import Gap
from tightship.frontends.devcontainer.reading import read_json, word_of
from tightship.frontends.flags.options import whole_word
from tightship.lazy.modules import facts
from tightship.syntax.shell.text import Text
from tightship.syntax.yaml.nodes import Mapping, Scalar, Sequence
from tightship.text import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.model.file_project import FileProject
    from tightship.syntax.shell.nodes import Word
    from tightship.syntax.yaml.nodes import Node

_LISTS = {"capAdd": "cap-add", "securityOpt": "security-opt", "mounts": "mount"}


def feature_words(project: FileProject, node: Node | None, known: set[str]) -> Iterator[Word]:
    """Yield the flags of features and of those they need, each once; ``known`` are others."""
    for key, _ in node.entries if isinstance(node, Mapping) else ():
        if not isinstance(key, Scalar) or key.value in known:
            continue
        known.add(key.value)
        if key.value.startswith("."):
            yield from _local(project, key, known)
        else:
            yield from _published(project, key)


def _local(project: FileProject, key: Scalar, known: set[str]) -> Iterator[Word]:
    """Yield the flags of a feature of the repository."""
    folder = posixpath.join(posixpath.dirname(project.source.name), key.value)
    path = posixpath.normpath(posixpath.join(folder, "devcontainer-feature.json"))
    source = project.disk.read(path)
    root = read_json(source) if isinstance(source, Source) else None
    if not isinstance(source, Source) or not isinstance(root, Mapping):
        why = f"`{path}` is no JSON object" if isinstance(source, Source) else source.message
        project.gaps.append(Gap(key.span, f"this feature was not checked: {why}"))
        return
    count_unknown(project, root, "of_feature")
    project.also.append(source)
    for name, value in root.entries:
        if not isinstance(name, Scalar):
            continue
        if name.value in ("privileged", "init") and isinstance(value, Scalar):
            yield word_of(value, f"--{name.value}=")
        for item in value.items if name.value in _LISTS and isinstance(value, Sequence) else ():
            if isinstance(item, Scalar):
                yield word_of(item, f"--{_LISTS[name.value]}=")
            elif isinstance(item, Mapping):
                yield _of_mount(item)
    yield from feature_words(project, root.get("dependsOn"), known)


def count_unknown(project: FileProject, root: Mapping, of: str) -> None:
    """Count each key of a file that is not understood as a gap; ``of`` names the known ones."""
    known = facts("devcontainer")[of].split()
    for key, _ in root.entries:
        if isinstance(key, Scalar) and key.value not in known:
            reason = f"`{key.value}` was not understood: it may set anything"
            project.gaps.append(Gap(key.span, reason))


def _of_mount(item: Mapping) -> Word:
    """Return the flag of a mount that is an object."""
    fields = (
        f"{key.value}={value.value}"
        for key, value in item.entries
        if isinstance(key, Scalar) and isinstance(value, Scalar)
    )
    return word_of(Scalar(item.span, ",".join(fields), '"'), "--mount=")


def _published(project: FileProject, key: Scalar) -> Iterator[Word]:
    """Yield the flags of a feature that everybody gets from a registry."""
    known, span = facts("devcontainer"), key.span
    prefix: str = known["prefix"]
    name = key.value.removeprefix(prefix).partition(":")[0].partition("@")[0]
    if not key.value.startswith(prefix) or (
        name not in known["flags"] and name not in known["harmless"].split()
    ):
        reason = f"the feature `{key.value}` was not checked: it may set anything"
        project.gaps.append(Gap(span, reason))
        return
    for one in known["flags"].get(name, ()):
        yield whole_word(Text(span.source, [(one, span.start, span.end)]))
