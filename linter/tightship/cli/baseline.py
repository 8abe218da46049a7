"""The options with which ``check`` tells only what is new."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.cli.arguments import Parser
    from tightship.cli.check import Options
    from tightship.engine.accept.baseline import Baseline
    from tightship.engine.plan.configs import Configs
    from tightship.engine.verdict import Judged

_USUAL = "tightship-baseline.json"


def add_baseline(parser: Parser) -> None:
    """Add the options to a parser."""
    group = parser.add_argument_group("adopting an existing project")
    group.add_argument(
        "--baseline",
        default="",
        metavar="FILE",
        help="leave out the findings that this file holds, and tell only new ones",
    )
    group.add_argument(
        "--write-baseline",
        action="store_true",
        help="write what is found to the file of --baseline"
        f" (default: the one that is configured, or {_USUAL}), and exit with 0",
    )


def place_of(options: Options, configs: Configs) -> str:
    """Return where a baseline is to be written.

    Raises:
        ConfigError: if the configuration names a place where none may be written.

    """
    if options.baseline:
        return options.baseline
    configured = configs.baseline_file()
    return _USUAL if configured is None else os.path.relpath(configured)


def load(path: str) -> Baseline:
    """Return the baseline in a file.

    Raises:
        UsageError: if there is none.

    """
    from tightship.cli.console import UsageError
    from tightship.engine.accept.baseline import Baseline, BaselineError
    from tightship.engine.disk.regular import Refusal, read_regular

    data = read_regular(path, limit=100_000_000)
    if isinstance(data, Refusal):
        raise UsageError(f"--baseline: {data.message}")
    try:
        return Baseline.read(data.decode("utf-8", "surrogateescape"))
    except BaselineError as error:
        raise UsageError(f"--baseline: `{path}`: {error}") from None


def save(path: str, findings: list[Judged]) -> str:
    """Write a baseline of findings, and return a sentence about it.

    Raises:
        OutputError: if it cannot be written.

    """
    from tightship.cli.console import OutputError
    from tightship.engine.accept.baseline import written
    from tightship.engine.disk.new_file import NewFile, UnwritableError

    try:
        file = NewFile(path)
        file.write(written(findings))
        file.finish()
    except UnwritableError as error:
        raise OutputError(str(error)) from None
    count = len(findings)
    return (
        f"Wrote {count} finding{'' if count == 1 else 's'} to {path}: with"
        f" `--baseline {path}`, a run tells only what is new.\n"
    )
