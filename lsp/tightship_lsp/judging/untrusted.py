"""Settings from a place that is not trusted: what hides findings is ignored."""

from __future__ import annotations

from tightship.config.settings import Settings
from tightship.engine.plan.config_files import Configs
from tightship.findings import Severity
from tightship.rules.definition import known_rules

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tightship.engine.disk.files import Files
    from tightship.engine.settings import CommandLine

_HIDING = (
    *("ignore", "exclude", "baseline", "host", "provided"),
    *("platform", "project", "roles", "per-path", "per-service"),
)


class UntrustedConfigs(Configs):
    """Settings of a run that only add findings, whatever files set.

    ``tell`` is called with the name of each file whose keys are ignored, and with these.
    """

    def __init__(
        self,
        command_line: CommandLine,
        tell: Callable[[str, list[str]], None],
        *,
        overlay: Mapping[str, str | bytes] | None = None,
    ) -> None:
        super().__init__(command_line, overlay=overlay, baselines=False)
        self._tell = tell
        # By their identity: the settings as they are written, and what counts of them.
        self._trimmed: dict[int, tuple[Settings, Settings]] = {}

    def _own(self, folder: str, files: Files) -> Settings | None:
        given = super()._own(folder, files)
        if given is None:
            return None
        if id(given) not in self._trimmed:
            self._trimmed[id(given)] = given, without_hiding(given)
            keys = hiding_keys(given)
            if keys and given.file is not None:
                self._tell(given.file.source.name, keys)
        _, settings = self._trimmed[id(given)]
        self._roots[id(settings)] = files.root
        return settings


def without_hiding(given: Settings) -> Settings:
    """Return the part of settings that cannot hide a finding.

    More rules may run, rules may be errors, and comments may need a reason. Options
    count for rules that find nothing without them.
    """
    settings = Settings(given.folder, given.file, given.table)
    settings.select = ("default", *given.select)
    settings.severity = {
        word: severity for word, severity in given.severity.items() if severity is Severity.ERROR
    }
    settings.require_reason = given.require_reason
    settings.facts, settings.policies = given.facts, given.policies
    needing = {rule.name for rule in known_rules() if rule.needs}
    settings.rules = {rule: options for rule, options in given.rules.items() if rule in needing}
    return settings


def hiding_keys(given: Settings) -> list[str]:
    """Return the keys that may hide findings, as far as a file sets them."""
    found = [key for key in _HIDING if given.place(key) is not None]
    kept = without_hiding(given)
    if not {"default", "strict"}.intersection(given.select):
        found.insert(0, "select")
    found += ("severity",) if kept.severity != given.severity else ()
    found += ("rules",) if kept.rules != given.rules else ()
    return found
