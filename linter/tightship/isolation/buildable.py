"""What files build an image for: a container, or nothing but the image itself."""

from __future__ import annotations

from tightship.lazy import TYPE_CHECKING, lazy_property

if TYPE_CHECKING:
    from collections.abc import KeysView

    from tightship.frontends.dockerfile.stage import Stage
    from tightship.model.container_settings import ContainerSettings
    from tightship.model.editor import Editor
    from tightship.model.project import Project
    from tightship.text import Span
    from tightship.values.image import Image


class Buildable:
    """The settings that may have a ``build``: the subject of rules about builds.

    Every container is one. One that is no container is built, and starts nothing.
    """

    def __init__(self, settings: ContainerSettings, stage: Stage | None = None) -> None:
        """Stand for a part of a project.

        Args:
            settings: what files declare about it.
            stage: the stage that its image is built from, where that is known.

        """
        self.settings = settings
        # Rules ask this, and the settings answer.
        self.value = settings.value
        self.flag = settings.flag
        self.text = settings.text
        self.number = settings.number
        self.size = settings.size
        self.texts = settings.texts
        self.pairs = settings.pairs
        self.items = settings.items
        self.may_have = settings.may_have
        self.stage = stage

    @property
    def name(self) -> str:
        """Return the name, by which others refer to it."""
        return self.settings.name

    @property
    def title(self) -> str:
        """Return what it is, with its name, for messages."""
        return self.settings.title

    @property
    def span(self) -> Span:
        """Return the place of its name, where absences are reported."""
        return self.settings.span

    @property
    def project(self) -> Project:
        """Return the project that it is a part of."""
        return self.settings.project

    @lazy_property
    def editor(self) -> Editor:
        """Return what makes edits of its settings."""
        return self.settings.editor

    @property
    def service_keys(self) -> KeysView[str]:
        """Return the keys that are declared, be they set or null."""
        return self.settings.service_keys

    @lazy_property
    def pulled_image(self) -> Image | None:
        """Return the reference of the image that it runs, if it is pulled."""
        return None
