"""The items of ``tmpfs`` of a service."""

from __future__ import annotations

from tightship.model.value import ScalarValue, SequenceValue
from tightship.values.mount import parse_tmpfs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tightship.isolation.container import Container
    from tightship.model.setting import Setting
    from tightship.text import Edit, Span


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
