"""An image that is pulled, beside the registries that are trusted."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.isolation.container import Container
    from tightship.text import Span
    from tightship.values.image import Image
    from tightship.values.registry import Registries


class PulledImage:
    """An image that something is taken from, where registries are said to be trusted.

    ``by`` says what names the image: a service, or an instruction. ``defaults`` is the
    end of a message about it, where variables had a say.
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
