"""The settings that files declare for one container."""

from __future__ import annotations

from tightship.model.setting import (
    Pair,
    Setting,
    SettingList,
    flag_setting,
    setting_of,
    text_setting,
)
from tightship.model.value import MappingValue, ScalarValue, SequenceValue
from tightship.values import quantity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, KeysView
    from typing import Any, Self

    from tightship.model.editor import Editor
    from tightship.model.items import Volume
    from tightship.model.project import Project
    from tightship.model.setting import EnvFile
    from tightship.model.value import Value
    from tightship.syntax.yaml import nodes as yaml
    from tightship.text import Span


# The lists of which an item may give something away, as a whole.
_LISTS = frozenset(("cap_add", "device_cgroup_rules", "group_add", "security_opt"))


class ContainerSettings:
    """The declared settings of a container, by the names of the Compose Specification.

    Those of an image that is built and starts no container have a ``build`` alone.

    Those name everything that an engine can set; a front end for another language
    translates its own names into them. Settings are read by path:
    ``settings.flag("build", "privileged")``.

    ``table`` is the mapping that holds them, and ``key`` the name of the container.
    Settings that are not ``complete`` may get more from elsewhere (``extends``, a file
    that this one is merged with), so one that is not here is undecided. ``elsewhere``
    names the keys that another file may set; those alone are undecided then.
    """

    __slots__ = (
        "_absent",
        "_entries",
        "_project",
        "_undecided",
        "_volumes",
        "complete",
        "elsewhere",
        "key",
        "name",
        "table",
    )

    def __init__(
        self,
        name: str,
        key: yaml.Scalar,
        table: MappingValue,
        project: Project,
        *,
        complete: bool = True,
        elsewhere: Collection[str] = (),
    ) -> None:
        self.name = name
        self.key = key
        self.table = table
        self._project = project
        self.complete = complete
        self.elsewhere = elsewhere
        # Absent settings are all the same, and rules ask for them most of the time.
        self._entries = table.entries
        self._absent: Setting[Any] = Setting(key.span, None, decided=True)
        self._undecided: Setting[Any] = Setting(key.span, None, decided=False)
        self._volumes: tuple[Volume, ...] | None = None

    @property
    def project(self) -> Project:
        """Return the project that it is a part of."""
        return self._project

    @property
    def title(self) -> str:
        """Return what it is, with its name, for messages."""
        return self.project.title_of(self.name)

    @property
    def span(self) -> Span:
        """Return the place of its name."""
        return self.key.span

    @property
    def engine(self) -> str:
        """Return the engine that runs it, whose defaults hold: `Docker` or `Podman`."""
        return "Docker"

    @property
    def program(self) -> str:
        """Return the program that reads its settings: `Compose`, or the engine itself."""
        return "Compose"

    @property
    def is_brief(self) -> bool:
        """Return whether it runs one command in the foreground, and nobody else reaches it."""
        return False

    @property
    def is_fixed(self) -> bool:
        """Return whether nobody can add a setting, so that none is missed."""
        return False

    def supplies(self, value: Value) -> bool:
        """Return whether a platform adds an item, which no file has and nobody can change."""
        return False

    @property
    def extent(self) -> Span:
        """Return the place of all that declares it, as far as a comment can accept it."""
        return self.table.span

    @property
    def editor(self) -> Editor:
        """Return what makes edits of these settings; without a front end's own, none."""
        from tightship.model.editor import Editor

        return Editor()

    @property
    def service_keys(self) -> KeysView[str]:
        """Return the keys that are here, be they set or null."""
        return self._entries.keys()

    @property
    def env_files(self) -> tuple[EnvFile, ...]:
        """Return the files of variables, the one that wins last."""
        return ()

    @property
    def volumes(self) -> tuple[Volume, ...]:
        """Return the ``volumes`` entries in order; ``tmpfs`` mounts are not among them."""
        if self._volumes is None:
            self._volumes = ()
            if "volumes" in self._entries:
                from tightship.model.items import volumes

                self._volumes = tuple(volumes(self))
        return self._volumes

    @property
    def secrets_kept(self) -> str:
        """Return how its language keeps a secret out of the file, unless it is as in Compose."""
        return ""

    def worded(self, text: str) -> str:
        """Return a text about it, with keys of Compose in code, as its language has it."""
        return text

    def holding(self, table: MappingValue) -> ContainerSettings:
        """Return the settings of the same container with these entries alone."""
        return ContainerSettings(self.name, self.key, table, self.project)

    def of(self, project: Project, *, complete: bool) -> Self:
        """Return the same settings in another view of the project."""
        from copy import copy  # few projects need one

        made = copy(self)
        made._project, made.complete = project, complete
        return made

    def value(self, *path: str) -> Value | None:
        """Return the value at a path, unless it is null."""
        entry = self._entries.get(path[0])
        if entry is None:  # most settings are absent
            return None
        found = entry.value if len(path) == 1 else self.table.get(*path)
        if isinstance(found, ScalarValue):
            return None if found.is_null else found.standing(path[-1])
        if path[0] in _LISTS and isinstance(found, SequenceValue):
            items = [
                one.standing(path[0]) if isinstance(one, ScalarValue) else one
                for one in found.items
            ]
            return found if items == found.items else found.with_items(items)
        return found

    def may_have(self, key: str) -> bool:
        """Return whether a file that is not checked here may set a key."""
        return not self.complete or key in self.elsewhere

    def absent(self, key: str) -> Setting[Any]:
        """Return the setting of a key that is not here."""
        return self._undecided if self.may_have(key) else self._absent

    def flag(self, *path: str) -> Setting[bool]:
        """Return a setting that is true or false."""
        leaf = self._leaf(*path)
        return self.absent(path[0]) if leaf is None else flag_setting(leaf)

    def text(self, *path: str) -> Setting[str]:
        """Return a setting that is a text."""
        leaf = self._leaf(*path)
        return self.absent(path[0]) if leaf is None else text_setting(leaf)

    def number(self, *path: str) -> Setting[float]:
        """Return a setting that is a number; any other text is not decided."""
        leaf = self._leaf(*path)
        if leaf is None:
            return self.absent(path[0])
        try:
            known = float(leaf.content or "") if leaf.decided else None
        except ValueError:
            known = None
        return setting_of(leaf, known, decided=known is not None)

    def size(self, *path: str) -> Setting[int]:
        """Return a setting that is a number of bytes, such as ``512m``."""
        leaf = self._leaf(*path)
        if leaf is None:
            return self.absent(path[0])
        known = quantity.parse_bytes(leaf.content or "") if leaf.decided else None
        return setting_of(leaf, known, decided=known is not None)

    def texts(self, *path: str) -> SettingList[str]:
        """Return a setting that is a list of texts, or a single text."""
        found = self.value(*path) if path[0] in self._entries else None
        decided = not self.may_have(path[0])
        if found is None:
            return SettingList(self.span, (), decided=decided)
        leaves = found.items if isinstance(found, SequenceValue) else [found]
        return SettingList(
            found.span,
            tuple(text_setting(leaf) for leaf in leaves if isinstance(leaf, ScalarValue)),
            decided=decided,
            source=found,
        )

    def pairs(self, *path: str) -> tuple[Pair, ...]:
        """Return the entries of a setting such as ``environment`` or ``labels``."""
        if path[0] not in self._entries:
            return ()
        return tuple(_pairs(path[0], self.value(*path)))

    def items(self, *path: str) -> list[Value]:
        """Return the items of a list, texts and mappings alike."""
        found = self.value(*path) if path[0] in self._entries else None
        return found.items if isinstance(found, SequenceValue) else []

    def _leaf(self, *path: str) -> ScalarValue | None:
        found = self.value(*path) if path[0] in self._entries else None
        return found if isinstance(found, ScalarValue) else None


def _pairs(key: str, value: Value | None) -> Iterator[Pair]:
    """Yield the entries of ``{A: b}`` or ``[A=b]``."""
    if isinstance(value, MappingValue):
        for name, entry in value.entries.items():
            if isinstance(entry.value, ScalarValue):
                yield Pair(name, entry.key.span, text_setting(entry.value.standing(key)))
    elif isinstance(value, SequenceValue):
        for item in value.items:
            if not isinstance(item, ScalarValue):
                continue
            name, equals, rest = item.text.partition("=")
            if not equals:
                setting = Setting[str](item.span, None, decided=False, source=item)
            elif item.decided:
                setting = setting_of(item, rest)
            else:
                leaf = item.split("=")[1]
                stands = leaf.standing(key)
                known = None if stands is leaf else stands.text
                setting = Setting(item.span, known, known is not None, item, stands.provenance)
            yield Pair(name, item.span, setting)
