"""``tightship try``: prove the hardening of services in a copy of the project."""

from __future__ import annotations

import os
import sys

from tightship.cli.arguments import Parser
from tightship.cli.console import Output, OutputError, UsageError, is_terminal, print_error
from tightship.cli.harden import hardened_projects, write, write_override
from tightship.cli.invoked_project import choice, invoked
from tightship.cli.operands import OPERANDS_HELP
from tightship.cli.options import ComposeOptions, ConfigurationOptions
from tightship.cli.output_file import write_file
from tightship.engine.disk.folder import end_by_exception
from tightship.engine.disk.given import read_given
from tightship.engine.disk.regular import Refusal, decoded
from tightship.engine.disk.root import project_root, real_path
from tightship.engine.plan.config_files import FACTS
from tightship.engine.rule_runner import RuleRunner
from tightship.engine.settings.selection import Selection
from tightship.images.format import problems
from tightship.images.lookup import shared_file
from tightship.images.toml_file import updated
from tightship.lazy import Record
from tightship.report.hardening import summary as hardening_summary
from tightship.report.json import encoder
from tightship.report.rewriting import diff
from tightship.report.terminal import Paint, visible, visible_path
from tightship.text import Source
from tightship_annexes.trial import probe_file
from tightship_annexes.trial.announcement import QUESTION, Progress, announcement
from tightship_annexes.trial.clean_command import clean_all, cleaned, remove_ended
from tightship_annexes.trial.cleaning import changed_services
from tightship_annexes.trial.danger import WORDS
from tightship_annexes.trial.engine import Engine, EngineError
from tightship_annexes.trial.engine_trials import PATIENCE
from tightship_annexes.trial.options import add_copy, add_ways, add_writing, ways
from tightship_annexes.trial.outcome import as_data, as_text, as_written, families, summary
from tightship_annexes.trial.preparing import Asked, Prepared, RefusedError
from tightship_annexes.trial.probes import Probe, published
from tightship_annexes.trial.proposing import proposed
from tightship_annexes.trial.proving import Proof
from tightship_annexes.trial.run import Run
from tightship_annexes.trial.use import Enter, can_enter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tightship.cli.arguments import Given
    from tightship.cli.invoked_project import Invoked, InvokedProject
    from tightship.engine.fix.run import Change
    from tightship.engine.harden.plan import HardeningPlan
    from tightship.engine.plan.config_files import Configs
    from tightship.images.facts import ImageFamily
    from tightship.isolation.loaded_project import LoadedProject
    from tightship.report.json import Json
    from tightship_annexes.trial.copy import Note
    from tightship_annexes.trial.proving import Tried

    Families = Mapping[str, ImageFamily]

_ABOUT = f"""\
Starts a copy of a project on your container engine, takes rights away from its services,
and keeps what still works. Each setting has a word: with it, the service starts, answers,
or was used. Only what was used is proved: add probes that do real work. The project's own
programs run: use it only for a project that you would start yourself.

The copy has another name, networks without a way out, empty volumes, copies of its folders
and ports on 127.0.0.1 only. A service with a way to the host is started only if --allow
names the way. The facts that the trial shows go to tightship-facts.toml next to the
Compose file, which `check`, `harden` and editors then use.

{OPERANDS_HELP}
Without a PATH, the project is the one that Compose loads in this folder.
"""

_EPILOG = """\
words of --allow, separated by commas:
{0}

examples:
  tightship try                        all services of the project here
  tightship try web --probe 'curl -fsS http://localhost:$PORT_WEB_80/login'
  tightship try --use                  use the hardened copy yourself until Enter
  tightship try --build --yes --write  build it, ask nothing, change the Compose files
  tightship try --changed              only what differs from its facts
  tightship try --clean                remove what an interrupted run has left

exit codes:
  0  each service was used with all settings that were found, or nothing has changed;
     with --clean: ended runs have left nothing
  1  a service only starts or answers with a setting, nothing was found for it, or it was
     not started; with --clean: something is left
  2  no project, no engine, no consent, or nothing that can be started; a part of a
     project could not be checked, or a Compose file could not be written
  3  Tightship failed: a bug, or its output could not be written
"""


def run(arguments: list[str]) -> int:
    """Try what the arguments name; return the exit code."""
    given = parser().read(arguments, "operands")
    end_by_exception()
    try:
        if given.get("clean"):
            return clean_all(Engine())
        what = _asked(given)
        return _tried(Engine(), what, given)
    except RefusedError as error:
        for one in error.dangers:
            text = f"{one.text}: Compose would read it; `--allow {one.word}` permits that"
            print_error(visible(text))
    except EngineError as error:
        print_error(visible(str(error)))
    return 2


def _invoked(given: Given, options: ComposeOptions, configs: Configs | None = None) -> Invoked:
    configs = configs or ConfigurationOptions(given).configs()
    configs.plain = RuleRunner(Selection())
    return invoked(given["operands"], options, configs)


def _asked(given: Given) -> Asked:
    """Return the project that the arguments name.

    Raises:
        UsageError: there is none, there are several, or a part of it cannot be read.

    """
    configs = ConfigurationOptions(given).configs()
    found = _invoked(given, ComposeOptions({**given, "env_from_process": True}), configs)
    if len(found.projects) > 1:
        raise UsageError(
            f"`try` starts one project: {choice([one.title for one in found.projects])}"
        )
    [project] = found.projects
    loaded = _loaded(project, found)
    allowed = frozenset(one for words in given.get("allow", ()) for one in words.split(","))
    if {"with_data", "network"} <= given.keys() and "data-and-network" not in allowed:
        raise UsageError(
            "--with-data together with --network would let your data leave this machine:"
            " leave one out, or add `--allow data-and-network`"
        )
    settings = configs.of(os.path.dirname(project.paths[0]), project.files)
    folder = os.path.abspath(given.get("project_directory") or os.path.dirname(project.paths[0]))
    probes = [Probe(p.command, p.service, p.image) for p in (settings.probe if settings else ())]
    return Asked(
        loaded,
        project.paths,
        folder,
        # Not the current folder, which may be that of many projects.
        project_root(project.paths[0], others=[os.path.join(folder, "file")]),
        found.names,
        allowed,
        [*_compose_options(given)],
        given.get("env_file", ()),
        [*probes, *probe_file.beside(os.path.dirname(project.paths[0]))],
        pulls=given.get("pull", False),
        builds=given.get("build", False),
        has_network=given.get("network", False),
        takes_data=given.get("with_data", False),
    )


def _loaded(project: InvokedProject, found: Invoked) -> LoadedProject:
    if any(one.noun != "service" for one in project.verdicts):
        raise UsageError(
            "`try` starts Compose projects; `tightship convert FILE:LINE` prints a command as one"
        )
    if project.loaded is None or found.has_gaps:
        raise UsageError("a project of which a part is unknown is not started")
    return project.loaded


def _compose_options(given: Given) -> Iterator[str]:
    """Yield the options of Compose, but for those that the call itself sets."""
    for name in ("env_file", "profile"):
        for value in given.get(name, ()):
            yield from (f"--{name.replace('_', '-')}", value)
    if given.get("project_name"):
        yield from ("-p", given["project_name"])


def _tried(engine: Engine, what: Asked, given: Given) -> int:
    """Ask, start, and report; return the exit code."""
    if given.get("use") and not can_enter():
        raise UsageError("`--use` ends with Enter: it needs a terminal, or a pipe that gives it")
    prepared = Prepared(engine, what)
    if given.get("changed"):
        services = changed_services(what.loaded.containers, prepared.copy)
        if not services:
            print_error("nothing has changed since the facts were measured")
            return 0
        prepared.limit_to(services)
    probes = prepared.probes
    text = announcement(what, prepared.copy, engine, prepared.missing, probes)
    if not prepared.copy.services:
        print_error(f"nothing can be started\n{text}")
        return 2
    _consent(text, given)
    progress = Progress()
    remove_ended(engine, progress)
    with cleaned(engine, prepared.label, progress):
        copy = published(prepared.complete(progress.say), probes)
        progress.run = started = Run(engine, copy, prepared.label, what.folder)
        containers = {one.name: one for one in what.loaded.containers}
        probes = [*map(Probe, given.get("probe", ())), *probes]
        if given.get("propose_probes"):
            text = proposed(started, copy.services, progress.say)
            return _proposed(os.path.join(os.path.dirname(what.files[0]), probe_file.NAME), text)
        found = Proof(
            started,
            copy.services,
            containers,
            probes,
            progress.say,
            given.get("patience", PATIENCE),
            Enter(sys.stdin.readline) if given.get("use") else None,
        ).tried()
        facts = families(found, started, containers)
    return _reported(given, what, found, facts, copy.left_out)


def _proposed(path: str, text: str) -> int:
    """Write a first file of probes, or show it where there is one; return the exit code."""
    if not text:
        print_error("no probe succeeds in the project as it is: write one, or use `--use`")
        return 1
    if os.path.lexists(path):
        output = Output()
        output.close(text)
        print_error(f"`{probe_file.NAME}` is there, and stays as it is")
    else:
        write_file(path, text)
        print_error(f"`{probe_file.NAME}` is new: read it, and then run `tightship try`")
    return 0


class _Written(Record):
    """What the trial changes: the plan to write, the patch, and sentences about the files."""

    plan: HardeningPlan | None = None
    changes: Sequence[Change] = ()
    text: str = ""
    is_refused: bool = False


def _written(given: Given, proved: Sequence[str]) -> _Written:
    """Write the changes that were asked for, by the facts that are there now."""
    again = _invoked(given, ComposeOptions(given)).replaced(names=proved)
    [hardened], texts = hardened_projects(again)
    plan, written, hint, is_refused = hardened.plan, "", "", False
    if plan is None:
        return _Written()
    changes = [*texts.changes]
    if given.get("write"):
        written, is_refused = write(texts)
    elif given.get("to"):
        written, hint = write_override(again.projects[0], plan, given["to"])
    text = hardening_summary([plan], written=written) + hint
    return _Written(plan, changes, text, is_refused)


def _reported(
    given: Given, what: Asked, found: Sequence[Tried], facts: Families, left_out: Sequence[Note]
) -> int:
    """Write the facts and the changes that were asked for, and report; return the exit code."""
    path, done, output, failure = "", _Written(), Output(), None
    try:
        if facts:
            path = _write_facts(os.path.join(os.path.dirname(what.files[0]), FACTS), facts)
            done = _written(given, [*facts])
    except (OutputError, UsageError) as error:  # The report took minutes: it is printed first.
        failure = error
    paint = Paint(on=output.is_colored(given.get("color", "auto")))
    grades, found = _grades(done.plan), as_written(found, done.plan)
    report = as_text(found, left_out, grades, paint) + done.text + summary(found, path)
    if given.get("output_format") == "json":
        data: Json = {"services": as_data(found, left_out, grades), "facts": path or None}
        report = encoder()(data) + "\n"
    if given.get("diff"):
        print(report, file=sys.stderr)
        report = diff(done.changes, real_path(os.curdir), paint)
    output.close(report)
    if failure is not None:
        raise failure
    if done.is_refused:
        return 2
    return int(bool(left_out) or not all(one.is_proved for one in found))


def _grades(plan: HardeningPlan | None) -> dict[str, tuple[str, str]]:
    """Return the grades of the services, as they are and as they would be written."""
    if plan is None or plan.before.project is None or plan.after.project is None:
        return {}
    after = {one.name: one.grade for one in plan.after.project.profiles()}
    before = plan.before.project.profiles()
    return {one.name: (one.grade, after[one.name]) for one in before if one.name in after}


def _write_facts(path: str, facts: Families) -> str:
    """Write facts next to the Compose file; return the path to show.

    Raises:
        OutputError: the file there cannot be read, or has them in another form.

    """
    found = read_given(path)
    if isinstance(found, Refusal) and found.reason == "missing":
        found = b""
    if isinstance(found, Refusal):
        raise OutputError(found.message)
    shown = visible_path(os.path.relpath(path, real_path(os.curdir)))
    text = updated(decoded(found)[0].removeprefix("\ufeff"), facts)
    if wrong := problems(Source(path, text), shared_file):
        raise OutputError(
            f"`{shown}` is not updated, because the result is invalid: {wrong[0].message};"
            " use one table such as `[families.web]` for each service"
        )
    write_file(path, text)
    return shown


def _consent(text: str, given: Given) -> None:
    """Show what would be started, and go on if the user agrees.

    Raises:
        UsageError: they do not, or cannot be asked.

    """
    print(text, file=sys.stderr, flush=True)
    if given.get("yes"):
        return
    if not is_terminal(sys.stdin):
        raise UsageError("there is no terminal to ask: add --yes if you agree")
    print(QUESTION, end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise UsageError("nothing was started")


def parser() -> Parser:
    """Return the parser of the command line."""
    words = "\n".join(f"  {word:18}{text}" for word, text in WORDS.items())
    made = Parser("try", "[PATH] [SERVICE ...] [options]", _ABOUT, _EPILOG.format(words))
    made.add_operands()
    add = made.add_argument
    add("--yes", action="store_true", help="start without a question")
    add(
        "--probe",
        action="append",
        metavar="COMMAND",
        help="a command of yours, run on this machine by the shell, that has to succeed; its"
        " PORT_SERVICE_PORT are the ports of the copy; may be given several times; those of"
        f" {probe_file.NAME} and of [[probe]] in tightship.toml run in containers",
    )
    add(
        "--allow",
        action="append",
        type=ways,
        metavar="WORDS",
        help="start services with these ways to the host, too (see below)",
    )
    add_ways(made)
    add_copy(made)
    add_writing(made)
    made.add_text_or_json("text")
    made.add_color()
    ConfigurationOptions.add_to(made, exclude=False)
    ComposeOptions.add_to(made, profiles=True)
    return made
