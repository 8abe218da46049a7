"""``tightship map``: print reachable services, and the paths to the host and to data."""

from __future__ import annotations

from tightship.cli.arguments import Parser
from tightship.cli.console import Output
from tightship.cli.invoked_project import InvokedProject, check_services, loaded_project
from tightship.cli.options import ComposeOptions
from tightship.engine.rule_runner import RuleRunner
from tightship.engine.settings.selection import Selection
from tightship.isolation.profile import Profile
from tightship.isolation.reach_map import ReachMap
from tightship.report.terminal import Paint

_ABOUT = """\
Prints the connections of a project: published ports, shared networks, namespaces,
volumes and secrets, and services that control the host; the shortest paths from a
published port to the host and to each data store; and the change that cuts most of them.

With a SERVICE, it prints what an attacker in that service can reach.
"""

_EPILOG = """\
examples:
  tightship map                            the project in this folder
  tightship map web                        the reach of an attacker in `web`
  tightship map --output-format mermaid    a diagram that code hosts render
  tightship map --output-format json

exit codes:
  0  printed
  2  no project here, or it could not be fully checked
  3  Tightship failed: a bug, or its output could not be written
"""


def run(arguments: list[str]) -> int:
    """Print the map of what the arguments name; return the exit code."""
    given = parser().read(arguments, "names")
    output = Output()
    project = InvokedProject(ComposeOptions(given))
    # What could not be checked is found without any rule but that about it.
    judged = project.judged(RuleRunner(Selection(["not-checked"])))
    loaded = loaded_project(judged)
    check_services(given["names"], [one.name for one in loaded.containers])
    found = ReachMap([Profile(one) for one in loaded.containers])
    starts = [node for node in found.services if node.name in given["names"]]
    kind = given.get("output_format", "text")
    if kind == "json":
        from tightship.report.json import encoder
        from tightship.report.reach import as_data, of_services

        data = of_services(found, starts) if starts else as_data(found)
        output.write(encoder()(data) + "\n")
    elif kind == "mermaid":
        from tightship.report.mermaid import diagram

        output.write(diagram(found, starts))
    else:
        from tightship.report.reach import as_text, of_service

        paint = Paint(on=output.is_colored(given.get("color", "auto")))
        texts = [of_service(found, one, paint) for one in starts]
        output.write("\n".join(texts) if starts else as_text(found, paint))
    output.close()
    return 2 if judged[0].gaps else 0


def parser() -> Parser:
    """Return the parser of the command line."""
    made = Parser("map", "[SERVICE ...] [options]", _ABOUT, _EPILOG)
    made.add_argument("names", nargs="*", metavar="SERVICE", help="services (default: all)")
    made.add_argument(
        "--output-format",
        choices=("text", "mermaid", "json"),
        metavar="FORMAT",
        help="text, mermaid or json (default: text)",
    )
    made.add_color()
    ComposeOptions.add_to(made, profiles=False)
    return made
