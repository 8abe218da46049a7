"""``tightship map``: print reachable services, and the paths to the host and to data."""

from __future__ import annotations

from tightship.cli.arguments import Parser
from tightship.cli.console import Output, UsageError
from tightship.cli.invoked_project import choice, gaps_of, invoked
from tightship.cli.operands import OPERANDS_HELP
from tightship.cli.options import ComposeOptions, ConfigurationOptions
from tightship.engine.rule_runner import RuleRunner
from tightship.engine.settings.selection import Selection
from tightship.isolation.reach_map import ReachMap
from tightship.report.terminal import Paint, brief

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tightship.cli.invoked_project import InvokedProject
    from tightship.report.json import Json

_ABOUT = f"""\
Prints the connections of a project: published ports, shared networks, namespaces,
volumes and secrets, and services that control the host; the shortest paths from a
published port to the host and to each data store; and the change that cuts most of them.

With a SERVICE, it prints what an attacker in that service can reach.

{OPERANDS_HELP}
Without a PATH, the project is the one that Compose loads in this folder. Several projects
come one after the other, each below its first file.
"""

_EPILOG = """\
examples:
  tightship map                            the project in this folder
  tightship map web                        the reach of an attacker in `web`
  tightship map shop                       each project below a folder
  tightship map --output-format mermaid    a diagram that code hosts render
  tightship map --output-format json

exit codes:
  0  printed
  2  no project here, or a part of one could not be checked
  3  Tightship failed: a bug, or its output could not be written
"""


def run(arguments: list[str]) -> int:
    """Print the map of what the arguments name; return the exit code."""
    given = parser().read(arguments, "operands")
    output = Output()
    # What could not be checked is found without any rule but that about it.
    runner = RuleRunner(Selection(["not-checked"]))
    configs = ConfigurationOptions({}).configs()
    asked = invoked(given["operands"], ComposeOptions(given), configs, runner)
    paint = Paint(on=output.is_colored(given.get("color", "auto")))
    maps = [_Map(one, asked.names) for one in asked.projects if one.loaded is not None]
    output.close(_written(maps, given.get("output_format", "text"), paint, is_many=asked.is_many))
    return 2 if asked.has_gaps else 0


class _Map:
    """The map of a project, and the services that are asked for."""

    def __init__(self, project: InvokedProject, names: Sequence[str]) -> None:
        self.project, self.title = project, project.title
        self.found = ReachMap(project.loaded.profiles() if project.loaded is not None else ())
        self.starts = [node for node in self.found.services if node.name in names]

    def text(self, paint: Paint) -> str:
        """Return it as text."""
        from tightship_annexes.review.report.reach import as_text, of_service

        texts = [of_service(self.found, one, paint) for one in self.starts]
        return "\n".join(texts) or as_text(self.found, paint)

    def data(self) -> Json:
        """Return it as plain data for JSON."""
        from tightship_annexes.review.report.reach import as_data, of_services

        data = of_services(self.found, self.starts) if self.starts else as_data(self.found)
        return {**data, "gaps": gaps_of(self.project)}


def _written(maps: Sequence[_Map], kind: str, paint: Paint, *, is_many: bool) -> str:
    """Return maps in a format.

    Raises:
        UsageError: if the format shows one project, and there are several.

    """
    if kind == "json":
        from tightship.report.json import encoder

        several: list[Json] = [{**one.project.data, "map": one.data()} for one in maps]
        data: Json = {"projects": several} if is_many else maps[0].data()
        return encoder()(data) + "\n"
    if kind == "mermaid":
        from tightship_annexes.review.report.mermaid import diagram

        if len(maps) > 1:
            raise UsageError(f"a diagram shows one project: {choice([one.title for one in maps])}")
        return diagram(maps[0].found, maps[0].starts)
    from tightship_annexes.review.report.reach import closing

    if len(maps) == 1:
        return maps[0].text(paint) + closing()
    parts = (f"{paint('bold', brief(one.title))}\n\n{one.text(paint)}" for one in maps)
    return "\n".join(parts) + closing()


def parser() -> Parser:
    """Return the parser of the command line."""
    made = Parser("map", "[PATH ...] [SERVICE ...] [options]", _ABOUT, _EPILOG)
    made.add_operands()
    made.add_argument(
        "--output-format",
        choices=("text", "mermaid", "json"),
        metavar="FORMAT",
        help="text, mermaid or json (default: text)",
    )
    made.add_color()
    ComposeOptions.add_to(made, profiles=False)
    return made
