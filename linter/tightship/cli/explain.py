"""``tightship explain``: print the effective configuration, with its origins."""

from __future__ import annotations

from tightship.cli.arguments import Parser
from tightship.cli.console import Output, UsageError, print_error
from tightship.cli.options import ComposeOptions
from tightship.engine.load.invoked import assemble
from tightship.report.place import Place
from tightship.report.terminal import HIDDEN, Paint, brief

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.cli.arguments import Given
    from tightship.frontends.compose.effective.assembly import Assembly
    from tightship.report.json import Json
    from tightship.text import Span

_ABOUT = """\
Prints the configuration that Compose runs, with the origin of each value.

The output is that of `docker compose config`, with the file and line of every value and
its history: anchors, `extends`, `include`, variables, and replaced values.
Secrets are hidden: --show-secrets prints them.
With --isolation, it prints the isolation of each container, with a grade from A to F.
"""

_EPILOG = """\
examples:
  tightship explain                  the whole project in this folder
  tightship explain web              one service
  tightship explain web deploy.resources.limits
  tightship explain -f compose.yaml -f compose.prod.yaml web
  tightship explain --output-format json
  tightship explain --show-secrets     exactly the values of `docker compose config`
  tightship explain --isolation        the isolation of each service, with a grade
  tightship explain --isolation web    every mechanism of one service

exit codes:
  0  printed
  2  nothing to explain, or Compose rejects the project
  3  Tightship failed: a bug, or its output could not be written
"""


def run(arguments: list[str]) -> int:
    """Explain what the arguments name; return the exit code."""
    given = parser().read(arguments, "words")
    words: list[str] = given["words"]
    if len(words) > 2:
        raise UsageError("explain takes a service and a key, not more")
    output, options = Output(), ComposeOptions(given)
    if given.get("isolation"):
        return _isolation(given, options, output)
    assembly = assemble(options.loading)
    _print_refusals(assembly)
    if assembly.configuration is None:
        return 2
    printed = assembly.configuration.printed()
    is_json = given.get("output_format") == "json"
    config: Json = {**(printed.as_json if is_json and not words else printed.config)}
    origins: Json = {**printed.origins}
    hides = not given.get("show_secrets")
    if hides:
        from tightship.report.explanation import without_secrets

        config = without_secrets(config, origins)
    for name, path in zip(("service", "key"), _paths(words), strict=False):
        config, origins = _below(config, origins, path, name)
    if is_json:
        from tightship.report.json import encoder

        whole: Json = {"config": config, "origins": origins}
        output.write(encoder()(whole) + "\n")
    else:
        from tightship.report.explanation import explanation

        paint = Paint(on=output.is_colored(given.get("color", "auto")))
        text = explanation(config, origins, paint)
        output.write(text)
        if hides and HIDDEN in text:
            output.write(f"# {HIDDEN} hides a secret: --show-secrets prints it\n")
    output.close()
    return 2 if assembly.refused else 0


def _isolation(given: Given, options: ComposeOptions, output: Output) -> int:
    """Print the isolation profiles of a project, or of a service; return the exit code."""
    from tightship.cli.invoked_project import InvokedProject, check_services, loaded_project
    from tightship.engine.harden.measures import remedies
    from tightship.engine.rule_runner import RuleRunner
    from tightship.engine.settings.selection import Selection
    from tightship.isolation.profile import Profile
    from tightship.report.profile import as_data, full, overview

    names: list[str] = given["words"]
    if len(names) > 1:
        raise UsageError("with --isolation, explain takes one service and no key")
    verdicts = InvokedProject(options).judged(RuleRunner(Selection()))
    profiles = [Profile(one) for one in loaded_project(verdicts).containers]
    check_services(names, [one.name for one in profiles])
    shown = [one for one in profiles if not names or one.name in names]
    findings = verdicts[0].findings
    paint = Paint(on=output.is_colored(given.get("color", "auto")))
    if given.get("output_format") == "json":
        from tightship.report.json import encoder

        rows = [as_data(one, remedies(one, findings)) for one in shown]
        output.write(encoder()({"services": rows}) + "\n")
    elif names:
        output.write("".join(full(p, remedies(p, findings), paint) for p in shown))
    else:
        output.write(overview(shown, paint))
    output.close()
    return 2 if verdicts[0].gaps else 0


def _paths(words: list[str]) -> list[list[str]]:
    """Return the keys that lead to the service, and from there to the value."""
    paths = [["services", words[0]]] if words else []
    return [*paths, words[1].split(".")] if len(words) > 1 else paths


def _below(config: Json, origins: Json, path: list[str], what: str) -> tuple[Json, Json]:
    for key in path:
        if not isinstance(config, dict) or key not in config:
            raise UsageError(_unknown(config, key, what))
        config = config[key]
        origins = origins.get(key) if isinstance(origins, dict) else None
    return config, origins


def _unknown(config: Json, key: str, what: str) -> str:
    from tightship.report.wording import listed
    from tightship.values.matching import closest

    names = list(config) if isinstance(config, dict) else []
    guess = closest(key, names)
    hint = ""
    if guess:
        hint = f"; did you mean `{guess}`?"
    elif names:
        hint = f"; choose from {listed(names)}"
    return f"unknown {what} `{brief(key)}` here{hint}"


def _print_refusals(assembly: Assembly) -> None:
    """Print what Compose would reject, and why there is nothing to explain."""
    refusals = _refusals(assembly)
    for span, reason in refusals:
        place = f"{Place(span).seen_as(brief(span.source.name))}: " if span else ""
        print_error(place + brief(reason))
    if assembly.configuration is None:
        if not assembly.invocation.files:
            print_error("no Compose file in this folder or above; name one with `-f`")
        elif not refusals:
            print_error("the files are empty, and Compose rejects an empty project")


def _refusals(assembly: Assembly) -> list[tuple[Span | None, str]]:
    """Return what Compose would reject, and what could not be read, with reasons."""
    found: list[tuple[Span | None, str]] = [
        (None, f"`{path}` does not exist") for path in assembly.invocation.missing
    ]
    found += [*assembly.invocation.variables.rejected, *assembly.loading.refused]
    found += [(gap.span, gap.reason) for gap in assembly.loading.gaps]
    for stream in assembly.loading.streams.values():
        found += [(problem.span, problem.message) for problem in stream.problems]
    found += [(v.span, v.message) for v in assembly.violations]
    found += [(f.span, f.message) for f in assembly.faults if f.refused]
    # A fault of the load and a violation may be the same.
    return [*dict.fromkeys(found)]


def parser() -> Parser:
    """Return the parser of the command line."""
    made = Parser("explain", "[SERVICE [KEY]] [options]", _ABOUT, _EPILOG)
    made.add_argument(
        "words", nargs="*", metavar="SERVICE [KEY]", help="a service, and one of its keys"
    )
    made.add_argument(
        "--isolation",
        action="store_true",
        help="print the isolation of each container, or all mechanisms of one service",
    )
    made.add_argument(
        "--show-secrets", action="store_true", help="print passwords, keys and tokens as they are"
    )
    made.add_text_or_json("text")
    made.add_color()
    ComposeOptions.add_to(made, profiles=True)
    return made
