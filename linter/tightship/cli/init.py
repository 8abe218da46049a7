"""``tightship init``: ask the owner once what files are for, and write the settings."""

from __future__ import annotations

import os
import sys

from tightship.cli.arguments import Parser
from tightship.cli.console import Output, UsageError, is_terminal
from tightship.cli.options import ConfigurationOptions
from tightship.cli.output_file import write_file
from tightship.config.additions import HEAD, Addition, with_additions
from tightship.engine.check import Filters, check
from tightship.engine.disk.regular import Refusal, read_regular
from tightship.engine.disk.root import real_path
from tightship.engine.plan.planning import plan_paths
from tightship.engine.plan.settings_text import own_file, settings_in
from tightship.engine.rule_runner import RuleRunner
from tightship.engine.settings.selection import Selection
from tightship.engine.survey import Survey, folder_pattern
from tightship.lazy import Record
from tightship.report.terminal import brief, visible_path
from tightship.report.wording import counted, listed
from tightship.text import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from tightship.config.settings import Settings
    from tightship.engine.roles.role import Claim, Purpose

    Chosen = Callable[[set[int]], list[Addition]]

_NAME = "tightship.toml"

_ABOUT = f"""\
Looks at the files below this folder, asks what only you know, at most ten questions, and
writes the answers to {_NAME}, or to the settings that are there: what files are
for, which front ends to read, and which folders have code of other people.

Run again, it asks about what is new. Without a terminal, with --yes or with --dry-run, it
asks nothing, and takes only what paths and commands show.
"""

_EPILOG = """\
answers:
  yes        they are what they look like
  no         they are part of the product; it does not ask again
  show       list the files with the evidence, numbered
  1 3        only these of them are; the others are part of the product
  later      no answer: it asks again

exit codes:
  0  written, or nothing is new
  2  no answer, or the settings are invalid or those of a folder above
  3  Tightship failed: a bug, or the file could not be written
"""

_LOOKS: dict[Purpose, tuple[str, str]] = {
    "test": ("like tests", "for tests"),
    "example": ("like demos", "for demonstration"),
    "development": ("as if for development", "for development"),
    "build": ("as if for builds", "only for builds"),
}
_MOST_QUESTIONS = 10
_MOST_SHOWN = 100


class _Question(Record):
    """A question about some things, which have names and evidence.

    ``additions`` returns the settings for an answer: the numbers of the things that are as they
    look. ``usual`` is the answer of who is not asked, or only presses Enter.
    """

    text: str
    items: Sequence[tuple[str, str]]
    additions: Chosen
    is_usual: bool


def run(arguments: list[str]) -> int:
    """Ask, and write the settings; return the exit code."""
    given = parser().read(arguments)
    output, here = Output(), real_path(os.curdir)
    name, text, settings = _there(here)
    configs = ConfigurationOptions({}).configs()
    plan = plan_paths([os.curdir], configs)
    survey = Survey(here, plan, settings)
    for verdict in check(plan, Filters(runner=RuleRunner(Selection(())))):
        survey.add(verdict)
    output.write(_found(survey, [one.reason for one in plan.scope.left]))
    asks = not (given.get("yes") or given.get("dry_run"))
    asks = asks and is_terminal(sys.stdin) and is_terminal(sys.stdout)
    additions = list[Addition]()
    for question in [*_questions(survey)][:_MOST_QUESTIONS]:
        additions += _answered(question, output) if asks else _taken(question, output)
    _write(name, text, additions, settings, output, is_draft=bool(given.get("dry_run")))
    output.close("".join(f"{line}\n" for line in _next(survey)))
    return 0


def _there(here: str) -> tuple[str, str, Settings | None]:
    """Return the name and the text of the settings in this folder, and the settings.

    Raises:
        ConfigError: if they are invalid.
        UsageError: if they cannot be read, or those of a folder above hold here.

    """
    name = own_file(here)
    if name is not None:
        found = read_regular(os.path.join(here, name))
        if isinstance(found, Refusal):
            raise UsageError(found.message)
        try:
            source = Source(name, found.decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise UsageError(f"`{name}` is not UTF-8") from None
        return name, source.text, settings_in(source, os.path.join(here, name), here)
    from tightship.engine.disk.files import Files
    from tightship.engine.disk.root import project_root

    root = project_root(os.path.join(here, _NAME), here=here)
    above = ConfigurationOptions({}).configs().of(here, Files(root))
    if above is not None:
        place = os.path.relpath(above.folder, here)
        raise UsageError(f"the settings in `{visible_path(place)}` hold here: run `init` there")
    return _NAME, HEAD, None


def _found(survey: Survey, left: Sequence[str]) -> str:
    """Return sentences on what is there."""
    kinds = [*survey.kinds.values()]
    counts = [counted(kinds.count(one), one) for one in dict.fromkeys(kinds) if one != "part"]
    if number := left.count("template"):
        counts.append(f"{counted(number, 'template')}, not read")
    if survey.unknown:
        counts.append(f"{counted(len(survey.unknown), 'service')} with an unknown image")
    return f"Found {listed(counts)}.\n" if counts else "Found no project here.\n"


def _questions(survey: Survey) -> Iterator[_Question]:
    for one in survey.proposals():
        items = [(name, _evidence(claim)) for name, claim in one.claims.items()]
        folders = (one.is_shown and "/" in name for name in one.claims)
        named = zip(one.claims, folders, strict=True)
        shown = _some(
            [f"{name.partition('/')[0]}/**" if is_below else name for name, is_below in named]
        )
        does = "may be" if not one.is_shown else "looks" if len(items) == 1 else "look"
        yield _Question(
            f"{shown} {does} {_LOOKS[one.purpose][not one.is_shown]}",
            items,
            _roles(survey, one.claims, is_shown=one.is_shown),
            one.is_shown,
        )
    if vendored := survey.vendored:
        exclude = "Folders with code of other people, which are not checked."
        yield _Question(
            f"{_some(vendored)} {'has' if len(vendored) == 1 else 'have'} code of other people:"
            " exclude it",
            [(one, "is a folder for code of other people") for one in vendored],
            _values("exclude", exclude, [*map(folder_pattern, vendored)]),
            is_usual=True,
        )
    if front_ends := survey.front_ends:
        about = "Front ends for files that start containers, or build images, without Compose."
        names = [f"`{front_end}`" for front_end in front_ends]
        yield _Question(
            f"{counted(sum(map(len, front_ends.values())), 'file')} start containers or build"
            f" images without Compose: read them ({', '.join(names)})",
            [(front_end, _some(found)) for front_end, found in front_ends.items()],
            _values("front-ends", about, [*front_ends]),
            is_usual=True,
        )


def _evidence(claim: Claim) -> str:
    return "; ".join(f"{one.place} {one.message}" for one in claim.evidence)


def _some(names: Sequence[str]) -> str:
    """Return the first of some names, and how many more there are."""
    first, *others = dict.fromkeys(names)
    more = len(names) - names.count(first)
    return f"`{visible_path(first)}`" + (f" and {more} more" if others else "")


def _roles(survey: Survey, claims: Mapping[str, Claim], *, is_shown: bool) -> Chosen:
    """Return what makes settings of an answer about the purposes of files."""

    def additions(chosen: set[int]) -> list[Addition]:
        groups: dict[Purpose, list[str]] = {}
        for number, (name, claim) in enumerate(claims.items()):
            purpose = claim.purpose if number in chosen else "product"
            groups.setdefault(purpose, []).append(name)
        made = list[Addition]()
        for purpose, names in groups.items():
            shown = is_shown and purpose != "product"
            paths = survey.patterns(names, purpose, is_shown=shown)
            reasons = [*dict.fromkeys(_evidence(claims[name]) for name in names)]
            more = f"; and {len(reasons) - 1} more" if len(reasons) > 1 else ""
            comment = brief(reasons[0], 200) + more
            if purpose == "product":
                comment = f"Part of the product, although {comment}"
            made.append(Addition("roles", comment, keys=(("paths", paths), ("purpose", purpose))))
        return made

    return additions


def _values(key: str, comment: str, values: Sequence[str]) -> Chosen:
    return lambda chosen: [Addition(key, comment, [values[number] for number in sorted(chosen)])]


def _taken(question: _Question, output: Output) -> list[Addition]:
    """Return the settings of who is not asked, and say what is taken."""
    if not question.is_usual:
        output.write(f"Asked in a terminal: {question.text}?\n")
        return []
    output.write(f"Taken: {question.text}.\n")
    return question.additions({*range(len(question.items))})


def _answered(question: _Question, output: Output) -> list[Addition]:
    """Ask until there is an answer; return the settings.

    Raises:
        UsageError: at the end of the input.

    """
    every = {*range(len(question.items))}
    usual = "yes" if question.is_usual else "later"
    while True:
        output.close(f"{question.text}: yes / no / show [{usual}] ")
        line = sys.stdin.readline()
        if not line:
            output.write("\n")
            raise UsageError("no answer: nothing is written")
        answer = line.strip().lower() or usual
        numbers = answer.replace(",", " ").split()
        if answer in ("y", "yes"):
            return question.additions(every)
        if answer in ("n", "no"):
            return question.additions(set())
        if answer in ("l", "later"):
            return []
        if all(one.isascii() and one.isdigit() for one in numbers):
            chosen = {int(one) - 1 for one in numbers}
            if chosen <= every:
                return question.additions(chosen)
        output.write(_shown(question))


def _shown(question: _Question) -> str:
    lines = [
        f"  {number:3}  {visible_path(name)}: {brief(evidence, 300)}\n"
        for number, (name, evidence) in enumerate(question.items[:_MOST_SHOWN], 1)
    ]
    if len(question.items) > _MOST_SHOWN:
        lines.append(f"       and {len(question.items) - _MOST_SHOWN} more\n")
    return "".join(lines) + "  Answers: yes, no, later, or the numbers of those that are.\n"


def _write(
    name: str,
    text: str,
    additions: Sequence[Addition],
    settings: Settings | None,
    output: Output,
    *,
    is_draft: bool,
) -> None:
    """Write the settings, or print what would be added.

    Raises:
        ConfigError: if the settings would not be valid: the file has the key in another form.

    """
    if not additions and settings is not None:
        output.write(f"Nothing new: `{name}` stays as it is.\n")
        return
    table = settings.table if settings is not None else ()
    new = with_additions(text, additions, table)
    settings_in(Source(name, new), os.path.join(real_path(os.curdir), name), real_path(os.curdir))
    if is_draft:
        output.write(f"\n{new if settings is None else with_additions('', additions, table)}\n")
        return
    write_file(name, new)
    output.write(f"Wrote {name}: read it, and commit it.\n")


def _next(survey: Survey) -> Iterator[str]:
    """Yield the commands that come next."""
    if not survey.kinds:
        return
    yield "Next: `tightship check`, and `tightship harden .` for what is known to work."
    if survey.unknown:
        names = [*survey.unknown.values()]
        needs = "needs" if len(names) == 1 else "need"
        yield f"`tightship try` finds out what {_some(names)} {needs}."
    yield "`tightship check --write-baseline` accepts what is there, so that only new findings fail."


def parser() -> Parser:
    """Return the parser of the command line."""
    made = Parser("init", "[options]", _ABOUT, _EPILOG)
    add = made.add_argument
    add("--yes", action="store_true", help="ask nothing, and take what is shown")
    add("--dry-run", action="store_true", help="print the settings, and write nothing")
    return made
