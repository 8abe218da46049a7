"""``tightship harden``: show or write the hardening of services that is known to work."""

from __future__ import annotations

import os

from tightship.cli.arguments import Parser
from tightship.cli.console import Output, UsageError, print_error
from tightship.cli.invoked_project import InvokedProject, check_services, loaded_project
from tightship.cli.options import ComposeOptions, ConfigurationOptions, print_problems
from tightship.config.key import ConfigError
from tightship.engine.disk.regular import Refusal
from tightship.engine.disk.root import real_path
from tightship.engine.harden.plan import hardening_plan
from tightship.engine.rule_runner import RuleRunner
from tightship.engine.settings.selection import STRICT, Selection
from tightship.report.terminal import Paint, brief, visible_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.engine.harden.plan import HardeningPlan

_ABOUT = """\
Shows, for each service, the hardening that is known to work, the grade of the
knowledge behind it, and the remaining weaknesses with reasons. --write or --to writes
the hardening.

It writes a read-only root file system with the paths that the image writes, the
capabilities that it needs and no others, no-new-privileges, and limits on memory and
processes. It does not change services with an unknown image.
"""

_EPILOG = """\
examples:
  tightship harden                     show the changes
  tightship harden web db              for two services
  tightship harden --diff              as a patch
  tightship harden --write             change the Compose files
  tightship harden --to compose.hardened.yaml
                                       write an override file, and print its command

exit codes:
  0  shown or written
  1  with --diff, something would be written
  2  no project here, the project could not be fully checked, or a file could not
     be written
  3  Tightship failed: a bug, or its output could not be written
"""


def run(arguments: list[str]) -> int:
    """Harden what the arguments name; return the exit code."""
    given = parser().read(arguments, "names")
    output, options = Output(), ComposeOptions(given)
    project = InvokedProject(options)
    try:
        plan = _plan(project, ConfigurationOptions(given), given["names"])
    except ConfigError as error:
        return print_problems(error)
    paint = Paint(on=output.is_colored(given.get("color", "auto")))
    if given.get("diff"):
        return _diff(project, plan, output, paint)
    written, code, hint = "", 0, ""
    if given.get("write"):
        written, code = _write(project, plan)
    elif given.get("to"):
        written, hint = _write_override(project, plan, given["to"])
    if given.get("output_format") == "json":
        from tightship.report.hardening import as_data
        from tightship.report.json import encoder

        output.write(encoder()(as_data(plan)) + "\n")
    else:
        from tightship.report.hardening import as_text, summary

        output.write(f"{as_text(plan, paint)}\n{summary(plan, written=written)}{hint}")
    output.close()
    return 2 if plan.after.gaps else code


def _plan(
    project: InvokedProject, configuration: ConfigurationOptions, names: list[str]
) -> HardeningPlan:
    """Return the plan for some services, or all.

    Raises:
        ConfigError: if a configuration file is invalid.
        UsageError: if the project has no services, or none of such a name.

    """
    runner = project.rule_runner(configuration)
    every = RuleRunner(Selection([STRICT]))
    verdicts = project.judged(runner)
    loaded = loaded_project(verdicts)
    check_services(names, [container.name for container in loaded.containers])
    return hardening_plan(
        project.files,
        verdicts,
        lambda now: project.judged(runner, now),
        lambda now: project.judged(every, now),
        names,
    )


def _diff(project: InvokedProject, plan: HardeningPlan, output: Output, paint: Paint) -> int:
    from tightship.engine.fix.run import Change
    from tightship.report.rewriting import diff

    changes = [
        Change(project.files.path(name), source, text)
        for name, (source, text) in plan.made.texts.items()
    ]
    output.write(diff(changes, real_path(os.curdir), paint))
    output.close()
    return 2 if plan.after.gaps else int(bool(changes))


def _write(project: InvokedProject, plan: HardeningPlan) -> tuple[str, int]:
    """Write the patched files; return their names, and the exit code."""
    from tightship.engine.disk.writing import write_all

    refused = write_all(project.files, plan.made.texts) if plan.made.texts else []
    for refusal in refused:
        print_error(f"not written: {brief(refusal.message)}")
    if refused:
        return "", 2
    return ", ".join(visible_path(name) for name in plan.made.texts), 0


def _write_override(project: InvokedProject, plan: HardeningPlan, path: str) -> tuple[str, str]:
    """Write the override file; return its name, and a sentence with its command.

    Raises:
        UsageError: if it cannot be written, or would replace another file.

    """
    from tightship.cli.output_file import write_file
    from tightship.engine.disk.regular import read_regular
    from tightship.engine.harden.override import HEAD, OverrideError, command, override

    if path == "-":
        raise UsageError("--to takes the name of a file; --diff prints the changes")
    if not plan.made.texts:
        return "", ""
    full = os.path.abspath(path)
    if ".git" in real_path(full).lower().split(os.sep):
        raise UsageError(
            f"`{path}` is in a folder `.git`, whose files Git obeys: name another file"
        )
    if os.path.lexists(full):
        found = read_regular(full)
        if isinstance(found, Refusal) or not found.startswith(HEAD.encode()):
            raise UsageError(f"`{path}` is another file, so it is not overwritten: name a new file")
    try:
        text = override(project.files, plan, full)
    except OverrideError as error:
        raise UsageError(
            f"no override file can do this: {error}; --write changes the files"
        ) from None
    write_file(path, text)
    before = plan.before.project
    paths = before.compose.paths if before is not None and before.compose else ()
    files = [*map(project.files.path, paths), full]
    return visible_path(path), f"Start it with: {command(files, os.curdir)}\n"


def parser() -> Parser:
    """Return the parser of the command line."""
    made = Parser("harden", "[SERVICE ...] [options]", _ABOUT, _EPILOG)
    made.add_argument("names", nargs="*", metavar="SERVICE", help="services (default: all)")
    how = made.add_mutually_exclusive_group()
    how.add_argument(
        "--write", action="store_true", help="write the changes into the Compose files"
    )
    how.add_argument(
        "--to",
        metavar="FILE",
        help="write the changes into an override file, and print the command for it",
    )
    how.add_argument("--diff", action="store_true", help="print the changes as a unified diff")
    made.add_text_or_json("text")
    made.add_color()
    ConfigurationOptions.add_to(made, exclude=False)
    ComposeOptions.add_to(made, profiles=False)
    return made
