"""What the configuration of a run turns off, counted for its summary."""

from __future__ import annotations

from tightship.engine.settings.selection import DEFAULT, Selection
from tightship.lazy import Record
from tightship.rules.definition import known_rules

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tightship.config.settings import Settings
    from tightship.engine.plan.config_files import Configs


class SettingsEffect(Record):
    """What a configuration file turns off.

    ``name`` is its path from ``root``, which is empty for a file that the user named.
    ``rules_off`` counts the rules that it selects, or the default set has, and that do
    not run, ``excluded`` the files and folders that a run left out because of it,
    ``exceptions`` its tables that accept findings, and ``severities`` those it sets.
    """

    name: str
    root: str
    rules_off: int
    excluded: int
    exceptions: int
    severities: int


def effects(configs: Configs, select: Sequence[str]) -> list[SettingsEffect]:
    """Return what each configuration file of a run turns off.

    Args:
        configs: the settings of the run, after it.
        select: the words of ``--select``, which replace those of files.

    """
    return [
        _effect(settings, settings.file.source.name, configs, select)
        for settings in configs.met()
        if settings.file is not None
    ]


def _effect(
    settings: Settings, name: str, configs: Configs, select: Sequence[str]
) -> SettingsEffect:
    tables = (*settings.per_path, *settings.per_service)
    lowered = [settings.severity, *(one.severity for one in tables)]
    return SettingsEffect(
        name,
        configs.root_of(settings),
        rules_off=_rules_off(settings, select),
        excluded=len(configs.excluded_by.get(id(settings), ())),
        exceptions=len([one for one in tables if one.ignore]),
        severities=sum(map(len, lowered)),
    )


def _rules_off(settings: Settings, select: Sequence[str]) -> int:
    words = select or settings.select
    usual = Selection(words if select else (DEFAULT, *words))
    own = Selection(words, settings.ignore)
    return len([one for one in known_rules() if usual.takes(one) and not own.takes(one)])
