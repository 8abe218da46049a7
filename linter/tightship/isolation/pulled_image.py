"""An image that is pulled, beside the registries that are trusted."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.isolation.container import Container
    from tightship.text import Span
    from tightship.values.image import Image
    from tightship.values.registry import Registries


class PulledImage:
    """An image that is pulled, where trusted registries are configured.

    ``by`` is the service or the instruction that names the image. ``defaults`` is the
    end of a message about it, where variables have defaults.
    """

    __slots__ = ("by", "container", "defaults", "image", "span", "trusted")

    def __init__(
        self,
        span: Span,
        image: Image,
        trusted: Registries,
        *,
        by: str,
        defaults: str = "",
        container: Container | None = None,
    ) -> None:
        self.span = span
        self.image = image
        self.trusted = trusted
        self.by = by
        self.defaults = defaults
        self.container = container
