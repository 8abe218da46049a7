"""The options that limit reports to new findings."""

from __future__ import annotations

import os

from tightship.cli.console import UsageError
from tightship.engine.disk.root import canonical

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.cli.arguments import Given, Parser
    from tightship.engine.accept.baseline import Baseline
    from tightship.engine.disk.before import UndoneChange
    from tightship.engine.plan.config_files import Configs
    from tightship.engine.verdict import JudgedFinding

_DEFAULT_FILE = "tightship-baseline.json"


class BaselineOptions:
    """The file of known findings, and whether a run writes it."""

    def __init__(self, given: Given) -> None:
        self.file: str = given.get("baseline", "")
        self.write: bool = given.get("write_baseline", False)

    @staticmethod
    def add_to(parser: Parser) -> None:
        """Add the options to a parser."""
        group = parser.add_argument_group("adopting an existing project")
        group.add_argument(
            "--baseline", metavar="FILE", help="report only findings that are not in this file"
        )
        group.add_argument(
            "--write-baseline",
            action="store_true",
            help="write all findings to the file of --baseline (default: the"
            f" configured file, or {_DEFAULT_FILE}), and exit with 0",
        )

    def load_before(self, change: UndoneChange) -> Baseline | None:
        """Return the baseline that ``--baseline`` names, as it was before a change."""
        from tightship.engine.accept.baseline import Baseline, BaselineError

        path = canonical(self.file) if self.file else ""
        if not path or not change.changes(path):
            return self.load()
        try:
            data = change.content(path) or b""
            return Baseline.read(data.decode("utf-8", "surrogateescape"))
        except BaselineError:
            return Baseline()

    def load(self) -> Baseline | None:
        """Return the baseline that ``--baseline`` names, unless it is to be written.

        Raises:
            UsageError: if there is none in that file.

        """
        if not self.file or self.write:
            return None
        from tightship.engine.accept.baseline import Baseline, BaselineError
        from tightship.engine.disk.regular import Refusal, read_regular

        data = read_regular(self.file, limit=100_000_000)
        if isinstance(data, Refusal):
            raise UsageError(f"--baseline: {data.message}")
        try:
            return Baseline.read(data.decode("utf-8", "surrogateescape"))
        except BaselineError as error:
            raise UsageError(f"--baseline: `{self.file}`: {error}") from None

    def target(self, configs: Configs) -> str:
        """Return the file to write: as the options name it, the configuration, or none.

        Raises:
            ConfigError: if the configuration names a file that may not be written.
            UsageError: if the file is no baseline.

        """
        if not self.write:
            return self.file
        configured = None if self.file else configs.baseline_file()
        default = _DEFAULT_FILE if configured is None else os.path.relpath(configured)
        path = self.file or default
        from tightship.engine.accept.baseline import is_replaceable

        if not is_replaceable(path):
            raise UsageError(
                f"`{path}` is not a baseline, so it is not overwritten: name a new file"
            )
        return path


def write_baseline(path: str, findings: list[JudgedFinding]) -> str:
    """Write a baseline of findings, and return a sentence about it.

    Raises:
        OutputError: if it cannot be written.

    """
    from tightship.cli.output_file import write_file
    from tightship.engine.accept.baseline import written
    from tightship.report.wording import counted

    write_file(path, written(findings))
    return (
        f"Wrote {counted(len(findings), 'finding')} to {path}: with"
        f" `--baseline {path}`, a run reports only new findings.\n"
    )
