"""The items of ``tmpfs``, and what a ``tmpfs`` hides of what an image keeps and needs."""

from __future__ import annotations

from tightship.isolation.writable_paths import clean, covers, mount_targets, tmpfs_item
from tightship.lazy import TYPE_CHECKING, Record
from tightship.model.value import ScalarValue, SequenceValue
from tightship.values.mount import parse_tmpfs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tightship.images.facts import Content
    from tightship.isolation.container import Container
    from tightship.model.setting import Setting
    from tightship.model.value import Value
    from tightship.text import Edit, Span

# The most mounts of a service that are looked at.
_MOST = 100
# Options by which a tmpfs belongs to somebody else than root.
_OWNERSHIP = ("uid", "gid", "mode")


class HidingTmpfs(Record, frozen=False):
    """A ``tmpfs`` of a service, and what it surely hides of the image.

    Docker mounts a ``tmpfs`` empty: nothing of the image is copied into it, as it is into
    a new volume (moby 26.1.5, daemon/oci_linux.go, withMounts).
    """

    container: Container
    key: str
    item: Value | None
    path: str
    span: Span
    has_owner: bool = False
    hidden: Sequence[Content] = ()

    def without(self) -> tuple[Edit, ...]:
        """Return the edits that take it away, or nothing.

        What the image writes below it gets its own ``tmpfs``, so that it stays
        writable under a read-only root file system.
        """
        service, instead = self.container.settings, self._instead()
        if instead is None:
            return ()
        if self.key == "tmpfs" and service.value("tmpfs") is self.item:
            return (
                service.editor.put("tmpfs", instead) if instead else service.editor.remove("tmpfs")
            )
        if self.key == "tmpfs" and instead:
            return service.editor.replace_item("tmpfs", self.item, instead)
        removed = service.editor.remove_item(self.key, self.item)
        added = service.editor.add("tmpfs", instead) if instead else ()
        return (*removed, *added) if removed and (added or not instead) else ()

    def _instead(self) -> str | None:
        """Return the item that takes its place, empty for none, ``None`` if unknown."""
        container = self.container
        needs = container.image_needs
        knows = needs is not None and needs.read_only is not None
        if needs is None or needs.writes is None or not knows:
            return None if container.read_only.could_be(True) else ""
        written = [
            write
            for write in needs.writes
            if not write.optional and covers(self.path, clean(write.path))
        ]
        if not written:
            return ""
        [first, *others] = written
        path = clean(first.path)
        hides = any(_is_above(path, clean(one.path)) for one in self.hidden)
        if others or hides or path == self.path or first.kind == "data":
            return None
        return tmpfs_item(first, container)


def hiding_tmpfs(container: Container) -> Iterator[HidingTmpfs]:
    """Yield each ``tmpfs`` that surely hides what the image needs.

    What the Dockerfile of a project changes in its image may move what that needs, so
    nothing is known of an image that the project builds.
    """
    needs = container.image_needs if container.stage is None else None
    contents = needs.certain_contents if needs is not None else ()
    if needs is None or needs.volumes is None or not contents:
        return
    others = [clean(target) for target in mount_targets(container)]
    others += [clean(volume.path) for volume in needs.volumes]
    for one in _tmpfs(container):
        # An entrypoint that is not root's makes a folder where it may write.
        if one.has_owner and needs.start.is_root is not True:
            continue
        one.hidden = [
            content
            for content in contents
            if _is_above(one.path, clean(content.path))
            and not any(_may_bring(t, one.path, clean(content.path)) for t in others)
        ]
        if one.hidden:
            yield one


def _is_above(path: str, other: str) -> bool:
    """Return whether a path is a folder in which another one lies, however deep."""
    return path != other and covers(path, other)


def _tmpfs(container: Container) -> Iterator[HidingTmpfs]:
    for tmpfs in tmpfs_mounts(container):
        path, item = clean(tmpfs.path), tmpfs.item.source
        found = HidingTmpfs(container, "tmpfs", item, path, tmpfs.span)
        names = [option.partition("=")[0] for option in tmpfs.options]
        found.has_owner = not set(_OWNERSHIP).isdisjoint(names)
        yield found
    for volume in container.volumes[:_MOST]:
        if volume.kind != "tmpfs" or "target" in volume.undecided:
            continue
        path = clean(volume.target)
        found = HidingTmpfs(container, "volumes", volume.value, path, volume.span)
        found.has_owner = volume.place_of("tmpfs", "mode") is not volume.span
        yield found


def _may_bring(target: str, tmpfs: str, path: str) -> bool:
    r"""Return whether a mount below a tmpfs may bring back what that hides.

    Docker mounts the shorter targets first, and makes the folders in which a target
    lies. ``\0`` in a target is a variable without a value.
    """
    known, hole, _ = target.partition("\0")
    if hole:
        return path.startswith(known) or known.startswith(f"{path}/")
    return _is_above(tmpfs, target) and (covers(target, path) or covers(path, target))


class Tmpfs:
    """An item of ``tmpfs``, with its path and its options as they are written."""

    __slots__ = ("_container", "item", "options", "path")

    def __init__(self, container: Container, item: Setting[str]) -> None:
        self._container = container
        self.item = item
        self.path, self.options = parse_tmpfs(item.value or "")

    @property
    def span(self) -> Span:
        """Return the place of the item."""
        return self.item.span

    def allows(self, word: str) -> bool:
        """Return whether an option such as ``exec`` is on: the last one counts.

        All of ``exec``, ``suid`` and ``dev`` are off by default (moby 26.1.5,
        volume/mounts/linux_parser.go).
        """
        said = [option for option in self.options if option in (word, f"no{word}")]
        return said[-1:] == [word]

    def with_options(self, options: Sequence[str]) -> tuple[Edit, ...]:
        """Return the edit that gives it these options alone."""
        container, source = self._container, self.item.source
        text = f"{self.path}:{','.join(options)}" if options else self.path
        if not isinstance(source, ScalarValue) or source.templated:
            return ()
        if isinstance(container.value("tmpfs"), SequenceValue):
            return container.editor.replace_item("tmpfs", source, text)
        return container.editor.put("tmpfs", text) if container.settings.table.owns("tmpfs") else ()


def tmpfs_mounts(container: Container) -> Iterator[Tmpfs]:
    """Yield the items that are decided."""
    for item in container.texts("tmpfs").items:
        if item.decided and item.value:
            yield Tmpfs(container, item)
