"""``tightship config``: the settings in effect, and where each comes from."""

from __future__ import annotations

import os

from tightship.cli.arguments import Parser
from tightship.cli.configured import add_config, complain_about, configs_of
from tightship.cli.console import Output, UsageError
from tightship.config.keys import with_options
from tightship.config.problem import ConfigError
from tightship.config.settings import Settings
from tightship.engine.disk.files import Files
from tightship.engine.disk.root import canonical, project_root
from tightship.engine.settings.selection import Selection, UnknownWordError
from tightship.report.settings import Effective
from tightship.report.terminal import brief
from tightship.rules import every_option

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace

    from tightship.text import Span

_ABOUT = """\
Prints the settings that hold for a file or folder, as TOML, with the place that each
comes from: a file, an option, or the default.
"""

_EPILOG = """\
examples:
  tightship config
  tightship config deploy/compose.yaml
  tightship config --select strict --output-format json

exit codes:
  0  printed
  2  the configuration makes no sense
  3  Tightship failed: it has a bug, or its output could not be written
"""


def run(arguments: list[str]) -> int:
    """Print the settings for what the arguments name; return the exit code."""
    found = _parser().read(arguments, "paths")
    if len(found.paths) > 1:
        raise UsageError("config takes one PATH")
    path = found.paths[0] if found.paths else os.curdir
    try:
        effective = _effective(found, path)
    except UnknownWordError as error:
        raise UsageError(f"{error} (`tightship rule` lists them)") from None
    except ConfigError as error:
        return complain_about(error)
    output = Output()
    if found.output_format == "json":
        from tightship.report.json import encoder

        output.write(encoder()(effective.json()) + "\n")
    else:
        output.write(effective.toml())
    output.close()
    return 0


def _effective(found: Namespace, path: str) -> Effective:
    """Return the settings for a path.

    Raises:
        ConfigError: if a file makes no sense.
        UnknownWordError: if an option names what is no rule.

    """
    if not os.path.lexists(path):
        raise UsageError(f"`{path}` does not exist")
    full = canonical(path)
    folder = os.path.realpath(full) if os.path.isdir(full) else os.path.dirname(full)
    root = project_root(path)
    configs = configs_of(found.config, isolated=found.no_config)
    settings = configs.of(folder, Files(root)) or Settings(folder)
    given: dict[str, object] = {}
    words = [(name, _words(getattr(found, name))) for name in ("select", "ignore")]
    select, ignore = (one for _, one in words)
    if select or ignore:
        from tightship.rules.index import INDEX

        Selection(select, ignore).rules(INDEX)
    if select:
        given["select"] = select
    if found.fail_on:
        given["fail-on"] = found.fail_on

    def shown(place: Span) -> str:
        name = place.source.name
        if not found.config:
            name = os.path.relpath(os.path.join(root, name))
        return f"{brief(name)}:{place.source.point(place.start)[0] + 1}"

    keys = with_options(every_option())
    return Effective(settings, keys, given, {"ignore": ignore}, shown)


def _words(given: list[str]) -> tuple[str, ...]:
    words = (word.strip() for text in given for word in text.split(","))
    return tuple(word for word in words if word)


def _parser() -> Parser:
    parser = Parser("config", "[PATH] [options]", _ABOUT, _EPILOG)
    add = parser.add_argument
    add("paths", nargs="*", metavar="PATH", help="a file or folder (default: .)")
    for option in ("--select", "--ignore"):
        add(
            option,
            action="append",
            default=[],
            metavar="WORDS",
            help="as `tightship check` takes it",
        )
    add(
        "--fail-on",
        choices=("error", "warning", "info", "never"),
        default="",
        metavar="GRADE",
        help="as `tightship check` takes it",
    )
    add(
        "--output-format",
        choices=("text", "json"),
        default="text",
        metavar="FORMAT",
        help="text (TOML) or json (default: text)",
    )
    add_config(parser)
    return parser
