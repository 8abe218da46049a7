"""``tightship config``: the settings in effect, and where each comes from."""

from __future__ import annotations

import os

from tightship.cli.arguments import Parser
from tightship.cli.console import Output, UsageError
from tightship.cli.options import ConfigurationOptions, SelectionOptions
from tightship.config.keys import with_options
from tightship.config.settings import Settings
from tightship.engine.disk.files import Files
from tightship.engine.disk.given import look_up
from tightship.engine.disk.root import project_root
from tightship.engine.settings.selection import UnknownWordError
from tightship.report.settings import Added, Effective
from tightship.report.terminal import brief
from tightship.rules import every_option

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.cli.arguments import Given
    from tightship.text import Span

_ABOUT = """\
Prints the settings for a file or folder, as TOML, with the place that each
comes from: a file, an option, or the default.
"""

_EPILOG = """\
examples:
  tightship config
  tightship config deploy/compose.yaml
  tightship config --select strict --output-format json

exit codes:
  0  printed
  2  the configuration is invalid
  3  Tightship failed: a bug, or its output could not be written
"""


def run(arguments: list[str]) -> int:
    """Print the settings for what the arguments name; return the exit code."""
    given = parser().read(arguments, "paths")
    if len(given["paths"]) > 1:
        raise UsageError("config takes only one PATH")
    try:
        effective = _effective(given)
    except UnknownWordError as error:
        raise UsageError(f"{error} (`tightship rule` lists them)") from None
    output = Output()
    if given.get("output_format") == "json":
        from tightship.report.json import encoder

        output.write(encoder()(effective.json()) + "\n")
    else:
        output.write(effective.toml())
    output.close()
    return 0


def _effective(given: Given) -> Effective:
    """Return the settings for a path.

    Raises:
        ConfigError: if a file is invalid.
        UnknownWordError: if an option names no rule.

    """
    path: str = given["paths"][0] if given["paths"] else os.curdir
    if not os.path.lexists(path):
        raise UsageError(f"`{path}` does not exist: name a file or a folder")
    at = look_up(path)
    root = project_root(at)
    options, selection = ConfigurationOptions(given), SelectionOptions(given)
    configs = options.configs()
    settings = configs.of(at.folder, Files(root)) or Settings(at.folder)
    select, ignore = _words(selection.select), _words(selection.ignore)
    extend = _words(selection.extend)
    if select or ignore or extend:
        from tightship.rules.definition import known_rules

        selection.selection.rules(known_rules())
    values = {"select": (*select, *extend) if select else (), "fail-on": selection.fail_on}
    overrides = {key: value for key, value in values.items() if value}
    added: dict[str, Added] = {
        "select": Added("--extend-select", extend),
        "ignore": Added("--ignore", ignore),
        "exclude": Added("--exclude", tuple(options.exclude)),
        "severity": Added("--severity", selection.severity),
    }

    def shown(place: Span) -> str:
        name = place.source.name
        if not options.file:
            name = os.path.relpath(os.path.join(root, name))
        return f"{brief(name)}:{place.line}"

    keys = with_options(every_option())
    return Effective(settings, keys, overrides, added, shown)


def _words(given: list[str]) -> tuple[str, ...]:
    words = (word.strip() for text in given for word in text.split(","))
    return tuple(word for word in words if word)


def parser() -> Parser:
    """Return the parser of the command line."""
    made = Parser("config", "[PATH] [options]", _ABOUT, _EPILOG)
    made.add_argument("paths", nargs="*", metavar="PATH", help="a file or folder (default: .)")
    SelectionOptions.add_to(made, "same as in `tightship check`")
    made.add_text_or_json("text (TOML)")
    ConfigurationOptions.add_to(made)
    return made
