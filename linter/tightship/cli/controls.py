"""``tightship controls``: the state of the controls of standards, with evidence."""

from __future__ import annotations

import os

from tightship.cli.arguments import Parser
from tightship.cli.console import Output, UsageError
from tightship.cli.options import ComposeOptions, ConfigurationOptions, add_policies
from tightship.config.key import ConfigError
from tightship.engine.disk.given import look_up
from tightship.engine.disk.root import real_path
from tightship.rules.catalogues import BUILT_IN, built_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tightship.cli.arguments import Given
    from tightship.engine.plan.scope import Scope
    from tightship.engine.rule_runner import RuleRunner
    from tightship.engine.verdict import Verdict
    from tightship.policies.policy import Policy
    from tightship.report.controls import ControlsReport
    from tightship.report.terminal import Paint
    from tightship.rules.catalogues import Catalogue

_ABOUT = """\
Shows which controls of the CIS Docker Benchmark, the OWASP Docker Security Cheat
Sheet, NIST SP 800-190 and BSI SYS.1.6 the files meet, which they do not meet, and
which are undecided, with the place or the default that shows it. Without a PATH, it
looks at this folder. A linter certifies nothing.
"""

_EPILOG = """\
states:
  met                      no finding, and the facts that decide it are known
  contribution             the same, where files prove only a part of the control
  not met                  a finding, accepted or not, or a fact that shows it
  met with exception       an exception of the policy accepts the findings
  undecided here           a variable, an image or a part that was not checked decides
  not applicable           no service or image that it is about
  not decidable from files the host, the daemon, a registry or people decide

examples:
  tightship controls
  tightship controls --evidence shop
  tightship controls --catalogue cis --output-format html > controls.html
  tightship controls --catalogue acme.toml --output-format json
  tightship controls --policy policy.toml#sha256=HEX --as-of 2026-12-31

exit codes:
  0  shown
  2  nothing to look at, or a part could not be checked
  3  Tightship failed: a bug, or its output could not be written
"""


def run(arguments: list[str]) -> int:
    """Show the state of controls in what the arguments name; return the exit code."""
    from tightship.controls.assessment import unchecked
    from tightship.report.terminal import Paint

    given, output = parser().read(arguments, "paths"), Output()
    if "as_of" in given:
        _take_for_today(given["as_of"])
    report = _report(given, [*_catalogues(given.get("catalogue", []))])
    paint = Paint(on=output.is_colored(given.get("color", "auto")))
    output.close(_written(report, given, paint))
    is_whole = bool(report.verdicts) and not any(map(unchecked, report.verdicts))
    return 0 if is_whole and not any(report.missed) else 2


def _take_for_today(day: str) -> None:
    from tightship.values.quantity import take_for_today

    try:
        take_for_today(day)
    except ValueError:
        raise UsageError(f"--as-of takes a day such as 2026-12-31, not `{day}`") from None


def _catalogues(words: Iterable[str]) -> Iterator[Catalogue]:
    """Yield the catalogues that are named, each once, or all of Tightship's."""
    taken = {built_in(name).id: "a catalogue of Tightship" for name in BUILT_IN}
    for word in dict.fromkeys(words) or BUILT_IN:
        made = built_in(word) if word in BUILT_IN else _read(word, taken)
        taken.setdefault(made.id, f"the catalogue in `{word}`")
        yield made


def _read(path: str, taken: Mapping[str, str]) -> Catalogue:
    """Return the catalogue in a file, whose id is not ``taken``.

    Raises:
        UsageError: if it is no text that can be read.
        ConfigError: if it has another format.

    """
    from tightship.controls.format import read
    from tightship.engine.disk import regular
    from tightship.rules.index import INDEX
    from tightship.text import Source

    try:
        with regular.open_named(path) as file:
            text = regular.decoded(file.read(regular.MAX_BYTES))[0].removeprefix("\ufeff")
    except (regular.RefusedError, regular.UndecodedError) as error:
        kinds = ", ".join(BUILT_IN)
        raise UsageError(f"--catalogue takes {kinds} or a file: `{path}` {error}") from None
    found = read(Source(path, text), {entry.name for entry in INDEX}, taken)
    if isinstance(found, list):
        raise ConfigError(found)
    return found


def _report(given: Given, catalogues: Sequence[Catalogue]) -> ControlsReport:
    from tightship.controls.assessment import assessed, subjects
    from tightship.engine.plan.scope import Scope
    from tightship.engine.sealed import is_missed
    from tightship.report.controls import ControlsReport
    from tightship.values.quantity import today

    scope = Scope()
    paths = given["paths"] or [os.curdir]
    runner, policies = _runner(catalogues), _policies(given)
    _check_names(policies, catalogues)
    runner.policies = policies
    verdicts = [*_verdicts(given, paths, runner, scope)]
    found = [subject for verdict in verdicts for subject in subjects(verdict)]
    commit, is_changed = _commit(paths)
    return ControlsReport(
        [(one, [*assessed(one, found, policies)]) for one in catalogues],
        verdicts,
        scope,
        real_path(os.curdir),
        today(),
        commit,
        is_changed,
        [one.title for one in policies],
        [one for policy in policies for one in scope.left if is_missed(one, policy)],
    )


def _policies(given: Given) -> Sequence[Policy]:
    if "policy" not in given and "policy_from" not in given:
        return ()
    from tightship.cli.policy_files import policies

    return policies(given.get("policy", ()), given.get("policy_from", ()))


def _check_names(policies: Iterable[Policy], catalogues: Iterable[Catalogue]) -> None:
    """Refuse a policy that names a control which a catalogue of this report does not have."""
    known = {one.id: {control.key for control in one.controls} for one in catalogues}
    for rule in (rule for policy in policies for rule in policy.rules):
        for key in rule.controls:
            catalogue = key.partition(":")[0]
            if key not in known.get(catalogue, (key,)):
                raise UsageError(
                    f"rule `{rule.id}` names `{key}`, which `{catalogue}` does not have"
                )


def _runner(catalogues: Iterable[Catalogue]) -> RuleRunner:
    """Return what runs the rules of catalogues, whatever settings select."""
    from tightship.controls.assessment import rules_of
    from tightship.engine.rule_runner import RuleRunner
    from tightship.engine.settings.selection import Selection
    from tightship.rules.index import INDEX

    about_gaps = {entry.name for entry in INDEX if "gap" in entry.tags}
    return RuleRunner(Selection(sorted(rules_of(catalogues) | about_gaps)))


def _verdicts(
    given: Given, paths: Sequence[str], runner: RuleRunner, scope: Scope
) -> Iterator[Verdict]:
    from tightship.engine.check import Filters, check
    from tightship.engine.plan.candidates import language_of
    from tightship.engine.plan.planning import plan_paths
    from tightship.engine.plan.scope import excluded_file

    configs = ConfigurationOptions(given).configs()
    invocation = ComposeOptions(given).loading
    plan = plan_paths([*paths], configs, invocation, scope=scope)
    for verdict in check(plan, Filters(runner=runner)):
        scope.add(verdict)
        yield verdict
    for path, is_folder in configs.excluded.items():
        if is_folder or language_of(os.path.basename(path)):
            scope.leave(excluded_file(path))


def _commit(paths: Sequence[str]) -> tuple[str, bool]:
    """Return the commit that is checked out, and whether files differ from it."""
    from tightship.cli.git import Git

    try:
        git = Git(look_up(paths[0]).folder, "controls")
        git = Git(git.top(), "controls")
        git.disarm()
        commit = git.commit_if_any("HEAD")
        changed = git.names("diff-index", "-z", "--name-only", "--ignore-submodules", commit, "--")
        return commit, bool(commit) and any(changed)
    except UsageError:
        return "", False


def _written(report: ControlsReport, given: Given, paint: Paint) -> str:
    """Return the report in the format that is asked for."""
    form = given.get("output_format", "text")
    if form == "text":
        from tightship.report.controls import as_text

        return as_text(report, paint, evidence=given.get("evidence", False))
    if form == "html":
        from tightship.report.formats import FormatUnavailableError, module_of_annexe

        try:
            page: str = module_of_annexe("html").page(report)
        except FormatUnavailableError as error:
            raise UsageError(str(error)) from None
        return page
    from tightship.report.json import encoder

    if form == "sarif":
        from tightship.report.controls import as_sarif as as_data
    else:
        from tightship.report.controls import as_data
    return encoder()(as_data(report)) + "\n"


def parser() -> Parser:
    """Return the parser of the command line."""
    made = Parser("controls", "[PATH ...] [options]", _ABOUT, _EPILOG)
    made.add_argument("paths", nargs="*", metavar="PATH", help="files, or folders to search")
    made.add_argument(
        "--catalogue",
        action="append",
        metavar="FILE",
        help="cis, owasp, nist, bsi, or a file with your own catalogue; may be given"
        " several times (default: the four)",
    )
    made.add_argument(
        "--as-of",
        metavar="DATE",
        help="the day by which exceptions and the end of support count (default: today)",
    )
    made.add_argument(
        "--evidence",
        action="store_true",
        help="show what decides, for each service and image (text; other formats have it)",
    )
    made.add_argument(
        "--output-format",
        choices=("text", "json", "html", "sarif"),
        metavar="FORMAT",
        help="text, json, html (one page to print) or sarif (default: text)",
    )
    made.add_color()
    add_policies(made)
    ConfigurationOptions.add_to(made)
    ComposeOptions.add_to(made, profiles=False)
    return made
