"""``tightship explain``: print the effective configuration, with its origins."""

from __future__ import annotations

import os

from tightship.cli.arguments import Parser
from tightship.cli.console import Output, UsageError, print_error
from tightship.cli.operands import OPERANDS_HELP, Operands, is_path
from tightship.cli.options import ComposeOptions, ConfigurationOptions
from tightship.engine.disk.files import Disk, Files
from tightship.engine.disk.root import real_path
from tightship.engine.load.invoked import assemble
from tightship.engine.plan.candidates import language_of
from tightship.engine.rule_runner import RuleRunner
from tightship.engine.settings.selection import Selection
from tightship.report.report import Place
from tightship.report.terminal import HIDDEN, Paint, brief, visible_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tightship.cli.arguments import Given
    from tightship.cli.invoked_project import Invoked
    from tightship.engine.roles.role import Role
    from tightship.engine.verdict import Verdict
    from tightship.frontends.compose.effective.assembly import Assembly
    from tightship.frontends.compose.loading.invocation import Options
    from tightship.report.json import Json
    from tightship.text import Span

_ABOUT = f"""\
Prints the configuration that Compose runs, with the origin of each value.

The output is that of `docker compose config`, with the file and line of every value and
its history: anchors, `extends`, `include`, variables, and replaced values.
Secrets are hidden: --show-secrets prints them.
With --isolation, it prints the isolation of each container, with a grade from A to F.

{OPERANDS_HELP}
With a file and no SERVICE, it begins with the file's role, and how that is known. If several
projects load the file, the commands that explain them follow. The role is all of a Dockerfile
that no service builds, and of a file that Compose does not load.
The word after a SERVICE is a KEY. Without a PATH, the project is the one that Compose loads
in this folder. A folder means its own project, or the only one below it; with --isolation,
it means all of them.
"""

_EPILOG = """\
examples:
  tightship explain                  the whole project in this folder
  tightship explain web              one service
  tightship explain web deploy.resources.limits
  tightship explain shop/compose.yaml web image
  tightship explain -f compose.yaml -f compose.prod.yaml web
  tightship explain --output-format json
  tightship explain --show-secrets     exactly the values of `docker compose config`
  tightship explain --isolation        the isolation of each service, with a grade
  tightship explain --isolation web    every mechanism of one service
  tightship explain deploy/hard.yml    how a file loads, the evidence, and its project
  tightship explain ci/Dockerfile      what an image is for, and the evidence

exit codes:
  0  printed
  2  nothing to explain, or Compose rejects the project
  3  Tightship failed: a bug, or its output could not be written
"""


def run(arguments: list[str]) -> int:
    """Explain what the arguments name; return the exit code."""
    given = parser().read(arguments, "operands")
    output = Output()
    if given.get("isolation"):
        return _isolation(given, output)
    disk = Disk()
    found = _not_of_compose(given, disk)
    project = found[0].project if len(found) == 1 else None
    if project is not None and (project.compose is None or found[0].noun != "service"):
        return _file(found[0], given, output)
    path = real_path("".join(given["operands"][:1]))
    building = [
        one for one in found if os.path.relpath(path, one.root).replace(os.sep, "/") in one.builders
    ]
    return _configuration(given, output, disk, building)


_HIDES = f"# {HIDDEN} hides a secret: --show-secrets prints it\n"


def _configuration(given: Given, output: Output, disk: Disk, building: Sequence[Verdict]) -> int:
    """Print the configuration of a project, or a part of it; return the exit code.

    ``building`` are the verdicts on the projects of a Dockerfile that is named.
    """
    is_json = given.get("output_format") == "json"
    options, words, asked = _project_and_words(given, disk)
    if len(words) > 2:
        raise UsageError("explain takes a path, a service and a key, not more")
    is_file = asked is not None and not words and os.path.isfile(given["operands"][0])
    role = asked.role if asked is not None and is_file else None
    if role is not None and not is_json:
        _print_role(given["operands"][0], role, building, output)
    if asked is not None and len(asked.projects) > 1 and not options.files:
        return _commands(asked, role, output, is_json=is_json)
    assembly = _assembled(options, given, disk)
    _print_refusals(assembly)
    if assembly.configuration is None:
        return 2
    printed = assembly.configuration.printed()
    config: Json = {**(printed.as_json if is_json and not words else printed.config)}
    origins: Json = {**printed.origins}
    hides = not given.get("show_secrets")
    if hides:
        from tightship.report.explanation import without_secrets

        config = without_secrets(config, origins)
    for name, path in zip(("service", "key"), _paths(words), strict=False):
        config, origins = _below(config, origins, path, name)
    if is_json:
        facts = _facts(assembly, words, disk, shows_secrets=not hides)
        _print_json({"config": config, "origins": origins, **facts, **_role_entry(role)}, output)
    else:
        from tightship.report.explanation import explanation

        text = explanation(config, origins, Paint(on=output.is_colored(given.get("color", "auto"))))
        provided = "".join(f"# {one}\n" for one in _provided(assembly))
        output.write(text + provided + (_HIDES if hides and HIDDEN in text else ""))
    output.close()
    return 2 if assembly.refused else 0


def _print_json(data: Json, output: Output) -> None:
    from tightship.report.json import encoder

    output.write(encoder()(data) + "\n")


def _print_role(file: str, role: Role, building: Sequence[Verdict], output: Output) -> None:
    lines = _lines_about(file, building) if building else _role_lines(file, role)
    output.write("".join(f"# {line}\n" for line in lines))


def _commands(asked: Invoked, role: Role | None, output: Output, *, is_json: bool) -> int:
    """Print the commands that explain each project that a file belongs to; return the exit code."""
    if is_json:
        projects: list[Json] = [{**one.data} for one in asked.projects]
        _print_json({"projects": projects, **_role_entry(role)}, output)
    else:
        output.write("# Several projects load it. Print one of them:\n")
        output.write("".join(f"{one.command}\n" for one in asked.projects))
    output.close()
    return 0


def _not_of_compose(given: Given, disk: Disk) -> Sequence[Verdict]:
    """Return the verdicts on a file, if one is all that is named, and Compose does not load it.

    It is a Dockerfile, or starts containers in another way.
    """
    files = given["operands"]
    is_one = len(files) == 1 and is_path(files[0]) and os.path.isfile(files[0])
    if not is_one or language_of(os.path.basename(files[0])) == "compose":
        return ()
    from tightship.engine.check import Filters, check
    from tightship.engine.plan.planning import plan_paths

    plan = plan_paths(files, ConfigurationOptions({}).configs(), disk=disk)
    return [*check(plan, Filters(runner=RuleRunner(Selection(()))))]


def _lines_about(file: str, building: Sequence[Verdict]) -> Iterator[str]:
    """Yield what a Dockerfile is, with the services that build it."""
    from tightship.report.report import ReportOptions
    from tightship.report.views import FilesText

    report, is_about = FilesText(ReportOptions(os.getcwd())), False
    for line in "".join(map(report.verdict, building)).splitlines():
        if not line.startswith("  "):
            is_about = line.startswith(f"{visible_path(os.path.normpath(file))}: ")
        if is_about:
            yield line


def _file(verdict: Verdict, given: Given, output: Output) -> int:
    """Print the role of a file that is none of Compose, and its facts as JSON."""
    from tightship.report.report import ReportOptions
    from tightship.report.views import FilesText, role_data

    if given.get("output_format") == "json":
        from tightship.report.facts import facts_data

        assert verdict.project is not None
        facts = facts_data(verdict.project, shows_secrets=bool(given.get("show_secrets")))
        role = role_data(verdict.role_of(verdict.sources[0].name))
        _print_json({"facts": facts, "role": role}, output)
    else:
        lines = FilesText(ReportOptions(os.getcwd())).verdict(verdict).splitlines()
        if verdict.services:
            file = visible_path(given["operands"][0])
            lines.append(f"`tightship explain --isolation {file}` explains its containers")
        output.write("".join(f"# {line}\n" for line in lines))
    output.close()
    return 0


def _assembled(options: Options, given: Given, disk: Disk) -> Assembly:
    """Return the loaded files; commands may merge what those that Compose finds here lack."""
    configs = ConfigurationOptions({}).configs()
    assembly = assemble(options, configs)
    if not assembly.refused or options.files or not assembly.invocation.files:
        return assembly
    from tightship.cli.invoked_project import merged_paths

    paths = merged_paths(assembly.invocation.files[0], ComposeOptions(given), configs, disk)
    return assemble(options.replaced(files=paths), configs) if len(paths) > 1 else assembly


def _facts(
    assembly: Assembly, names: Sequence[str], disk: Disk, *, shows_secrets: bool
) -> dict[str, Json]:
    """Return the facts of the project or of one service as a part of the data for JSON."""
    if len(names) > 1:
        return {}
    from tightship.engine.judge.surroundings import JobSurroundings
    from tightship.engine.load.project import load_project
    from tightship.engine.plan.job import Job, ProjectFiles
    from tightship.engine.plan.planning import plan_paths
    from tightship.report.facts import facts_data

    called, files = assembly.invocation, assembly.loading.disk
    assert isinstance(files, Files)
    loaded = load_project(files, ProjectFiles(called.files, called.directory, called.variables))
    plan = plan_paths(called.files[:1], ConfigurationOptions({}).configs(), disk=disk)
    job = next((one for one in plan.jobs() if isinstance(one, Job)), None)
    # The repository says what its files are for, if it has all of them.
    if job is not None and job.files.root == files.root:
        loaded.around = JobSurroundings(job)
    return {"facts": facts_data(loaded, names, shows_secrets=shows_secrets)}


def _provided(assembly: Assembly) -> Iterator[str]:
    """Yield a sentence for each provider of parts that the files lack."""
    from tightship.report.wording import provided_text

    return map(visible_path, map(provided_text, assembly.project.provided_uses))


def _role_entry(role: Role | None) -> dict[str, Json]:
    """Return the role of a file as a part of the data for JSON."""
    from tightship.report.views import role_data

    return {"role": {**role_data(role)}} if role is not None else {}


def _role_lines(file: str, role: Role) -> Iterator[str]:
    from tightship.report.views import evidence_lines, role_words

    yield f"{visible_path(file)}: {role_words(role)}"
    yield from evidence_lines(role)


def _project_and_words(given: Given, disk: Disk) -> tuple[Options, Sequence[str], Invoked | None]:
    """Return the options of the invocation that is explained, the service and key, and what is named.

    No option names the files if a file that is named belongs to several projects.

    Raises:
        ConfigError: if a configuration file is invalid.
        UsageError: if the paths mean no project, or several.

    """
    options = ComposeOptions(given)
    has_files = bool(options.loading.files)
    operands = Operands.read(given["operands"], has_files=has_files, has_key=True)
    if not operands.paths:
        return options.loading, operands.names, None
    from tightship.cli.invoked_project import choice, invoked

    configs, runner = ConfigurationOptions({}).configs(), RuleRunner(Selection(()))
    asked = invoked(given["operands"], options, configs, runner, has_key=True, disk=disk)
    [folder] = operands.paths if len(operands.paths) == 1 else [""]
    # As Compose does, prefer the project in the folder itself to those below it.
    own = [one for one in asked.projects if os.path.dirname(one.paths[0]) == real_path(folder)]
    found = own[:1] or asked.projects
    if len(found) > 1 and (asked.names or not os.path.isfile(folder)):
        raise UsageError(f"explain prints one project: {choice([one.title for one in found])}")
    files = found[0].paths if len(found) == 1 else ()
    return options.loading.replaced(files=files), asked.names, asked


def _isolation(given: Given, output: Output) -> int:
    """Print the isolation profiles of projects, or of a service; return the exit code."""
    from tightship.cli.invoked_project import gaps_of, invoked
    from tightship.engine.harden.measures import remedies
    from tightship.report.profile import as_data, full, overview

    configs = ConfigurationOptions({}).configs()
    asked = invoked(given["operands"], ComposeOptions(given), configs, RuleRunner(Selection()))
    if len(asked.names) > 1:
        raise UsageError("with --isolation, explain takes one service and no key")
    paint = Paint(on=output.is_colored(given.get("color", "auto")))
    several: list[Json] = []
    texts: list[str] = []
    for project in asked.projects:
        profiles = project.loaded.profiles() if project.loaded is not None else ()
        shown = [one for one in profiles if not asked.names or one.name in asked.names]
        findings = project.verdicts[0].findings
        if given.get("output_format") == "json":
            rows: list[Json] = [as_data(one, remedies(one, findings)) for one in shown]
            data: dict[str, Json] = {"services": rows, "gaps": gaps_of(project)}
            several.append({**(project.data if asked.is_many else {}), **data})
        elif shown:
            head = f"{paint('bold', brief(project.title))}\n" if len(asked.projects) > 1 else ""
            details = "".join(full(p, remedies(p, findings), paint) for p in shown)
            texts.append(head + (details if asked.names else overview(shown, paint)))
    if several:
        _print_json({"projects": several} if asked.is_many else several[0], output)
    output.close("\n".join(texts))
    return 2 if asked.has_gaps else 0


def _paths(words: Sequence[str]) -> list[list[str]]:
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
            print_error("no Compose file in this folder or above; name a file or a folder")
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
    made = Parser("explain", "[PATH] [SERVICE [KEY]] [options]", _ABOUT, _EPILOG)
    made.add_argument(
        "operands",
        nargs="*",
        metavar="PATH, SERVICE or KEY",
        help="a folder or a file, a service, and one of its keys (default: the project here)",
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
