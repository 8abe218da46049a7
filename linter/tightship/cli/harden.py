"""``tightship harden``: show or write the hardening of services that is known to work."""

from __future__ import annotations

import os

from tightship.cli.arguments import Parser
from tightship.cli.console import Output, UsageError, print_error
from tightship.cli.invoked_project import gaps_of, invoked
from tightship.cli.operands import OPERANDS_HELP
from tightship.cli.options import ComposeOptions, ConfigurationOptions
from tightship.engine.disk.regular import Refusal
from tightship.engine.disk.root import canonical, real_path
from tightship.engine.harden.plan import hardening_plan
from tightship.engine.rule_runner import RuleRunner
from tightship.engine.settings.selection import STRICT, Selection
from tightship.report.hardening import HardenedProject
from tightship.report.terminal import Paint, brief, visible_path
from tightship.report.wording import listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tightship.cli.arguments import Given
    from tightship.cli.invoked_project import Invoked, InvokedProject
    from tightship.engine.disk.files import Files
    from tightship.engine.harden.plan import HardeningPlan, NewTexts
    from tightship.report.json import Json

_ABOUT = f"""\
Shows, for each service, the hardening that is known to work, the grade of the
knowledge behind it, and the remaining weaknesses with reasons. --write or --to writes
the hardening.

It writes a read-only root file system with the paths that the image writes, the
capabilities that it needs and no others, no-new-privileges, and limits on memory and
processes. It does not change services with an unknown image.

{OPERANDS_HELP}
Without a PATH, the project is the one that Compose loads in this folder; without one,
the projects below are listed. For several projects, a table at the end counts what is
left in each, and says which was not checked, and why.
"""

_EPILOG = """\
examples:
  tightship harden                     show the changes
  tightship harden web db              for two services
  tightship harden shop/compose.yaml web
  tightship harden . --write           change the files of all projects below this folder
  tightship harden --diff              as a patch
  tightship harden --write             change the Compose files
  tightship harden --to compose.hardened.yaml
                                       write an override file, and print its command

exit codes:
  0  shown or written
  1  with --diff, something would be written
  2  no project here, a part of a project could not be checked, or a file could not
     be written
  3  Tightship failed: a bug, or its output could not be written
"""


def run(arguments: list[str]) -> int:
    """Harden what the arguments name; return the exit code."""
    given = parser().read(arguments, "operands")
    output, configuration = Output(), ConfigurationOptions(given)
    configs = configuration.configs()
    configs.plain = RuleRunner(Selection())
    asked = invoked(given["operands"], ComposeOptions(given), configs)
    if given.get("to") and len(asked.projects) > 1:
        raise UsageError(
            f"--to writes the override file of one project, and here are {len(asked.projects)}:"
            f" name one, such as `{asked.projects[0].title}`"
        )
    hardened, texts = hardened_projects(asked)
    plans = [one.plan for one in hardened if one.plan is not None]
    paint = Paint(on=output.is_colored(given.get("color", "auto")))
    code = 2 if not asked.is_whole or any(one.gaps for one in hardened) else 0
    if given.get("diff"):
        from tightship.report.rewriting import diff

        changes = [*texts.changes]
        output.close(diff(changes, real_path(os.curdir), paint))
        return code or int(bool(changes))
    written, hint = "", ""
    if given.get("write"):
        written, is_refused = write(texts)
        code = 2 if is_refused else code
    elif given.get("to"):
        [(project, plan)] = zip(asked.projects, plans, strict=True)
        written, hint = write_override(project, plan, given["to"])
    output.close(_report(asked, hardened, given, paint, written) + hint)
    return code


def _report(
    asked: Invoked, hardened: list[HardenedProject], given: Given, paint: Paint, written: str
) -> str:
    """Return the report in the format that is asked for."""
    plans = [one.plan for one in hardened if one.plan is not None]
    if given.get("output_format") == "json":
        from tightship.report.hardening import as_data, of_project
        from tightship.report.json import encoder

        of_each: list[Json] = [
            {**one.data, **of_project(h)} for one, h in zip(asked.projects, hardened, strict=True)
        ]
        data: Json = {"projects": of_each} if asked.is_many else as_data(hardened[0])
        return encoder()(data) + "\n"
    from tightship.report.hardening import as_text, next_step, others, summary, table

    closing = summary(plans, written=written)
    # How many a baseline knows is another question, which `check` answers.
    if all(one.job.baseline is None for one in asked.projects):
        closing += others(plans, _check(asked, given))
    closing += next_step(plans)
    if len(hardened) == 1:
        return f"{as_text(plans[0], paint)}\n{closing}"
    parts = [
        f"{paint('bold', brief(one.title))}\n{as_text(one.plan, paint)}\n"
        for one in hardened
        if one.plan is not None
    ]
    return f"{''.join(parts)}{table(hardened, paint)}\n{closing}"


def _check(asked: Invoked, given: Given) -> str:
    """Return the command that checks what was named."""
    from shlex import join

    files = [word for path in ComposeOptions(given).loading.files for word in ("-f", path)]
    named = files or [one for one in given["operands"] if one not in asked.names]
    # `check` looks below the current folder, and Compose above it, too.
    above = [one.title for one in asked.projects if one.title.startswith(os.pardir)]
    return join(["tightship", "check", *(named or above)])


def hardened_projects(asked: Invoked) -> tuple[list[HardenedProject], NewTexts]:
    """Return the plan of each project, and the texts of all of them."""
    from tightship.engine.harden.plan import NewTexts

    every, texts = RuleRunner(Selection([STRICT])), NewTexts()
    hardened = list[HardenedProject]()
    for one in asked.projects:
        gaps = gaps_of(one)
        if one.loaded is None:
            reasons = (gap.reason for verdict in one.verdicts for gap in verdict.gaps)
            reason = next(reasons, "it has no services")
            hardened.append(HardenedProject(one.title, None, gaps, reason))
            continue
        plan = _plan(one, texts.over(one.files), every, asked.names)
        texts.add(one.files, plan.made.texts)
        hardened.append(HardenedProject(one.title, plan, gaps))
    return hardened, texts


def _plan(
    project: InvokedProject, files: Files, every: RuleRunner, names: Sequence[str]
) -> HardeningPlan:
    """Return the plan for some services, or all."""
    runner = project.job.runner
    verdicts = project.verdicts if files is project.files else project.judged(runner, files)
    return hardening_plan(
        files,
        verdicts,
        lambda now: project.judged(runner, now),
        lambda now: project.judged(every, now),
        [name for name in names if name in project.services],
    )


def write(texts: NewTexts) -> tuple[str, bool]:
    """Write the patched files; return their names, and whether one was refused."""
    refused = texts.write()
    for refusal in refused:
        print_error(f"not written: {brief(refusal.message)}")
    here = real_path(os.curdir)
    names = [visible_path(os.path.relpath(path, here)) for path in texts.written]
    return listed(names), bool(refused)


def write_override(project: InvokedProject, plan: HardeningPlan, path: str) -> tuple[str, str]:
    """Write the override file; return its name, and a sentence with its command.

    Raises:
        UsageError: if it cannot be written, or would replace another file.

    """
    from tightship.cli.output_file import write_file
    from tightship.engine.harden.plan import OverrideError, command, override

    if path == "-":
        raise UsageError("--to takes the name of a file; --diff prints the changes")
    if not plan.made.texts:
        return "", ""
    full = _own_place(path)
    try:
        text = override(project.files, plan, full)
    except OverrideError as error:
        raise UsageError(
            f"no override file can do this: {error}; --write changes the files"
        ) from None
    write_file(path, text)
    files = [*project.paths, full]
    hint = f"Start it with: {command(files, os.curdir)}\n"
    if not _is_known(project, full):
        words = command(files, os.curdir).removeprefix("docker compose ").removesuffix(" up -d")
        hint += (
            f"`tightship check` does not find it by itself: use `tightship check {words}`, or"
            " list the files in `COMPOSE_FILE` or in a `[[project]]` of tightship.toml.\n"
        )
    return visible_path(path), hint


def _own_place(path: str) -> str:
    """Return the absolute path of an override file that may be written.

    Raises:
        UsageError: if it would replace another file.

    """
    from tightship.engine.disk.given import read_given
    from tightship.engine.roles.role import HARDENED

    full = os.path.abspath(path)
    found = read_given(path)
    is_there = not isinstance(found, Refusal) or found.reason != "missing"
    if is_there and (isinstance(found, Refusal) or not found.startswith(HARDENED.encode())):
        raise UsageError(f"`{path}` is another file, so it is not overwritten: name a new file")
    return full


def _is_known(project: InvokedProject, path: str) -> bool:
    """Return whether the next check of the folder judges a project together with a file."""
    from tightship.engine.plan.job import Job
    from tightship.engine.plan.planning import plan_paths

    configs = ConfigurationOptions({}).configs(baselines=False)
    folder = os.path.dirname(os.path.abspath(project.paths[0]))
    jobs = [one for one in plan_paths([folder], configs).jobs() if isinstance(one, Job)]
    merged = {file for job in jobs for one in job.file_sets or () for file in one.paths}
    return canonical(path) in merged


def parser() -> Parser:
    """Return the parser of the command line."""
    made = Parser("harden", "[PATH ...] [SERVICE ...] [options]", _ABOUT, _EPILOG)
    made.add_operands()
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
    made.add_rules_from()
    ConfigurationOptions.add_to(made, exclude=False, facts=True)
    ComposeOptions.add_to(made, profiles=False)
    return made
