"""``tightship policy``: run the examples of a policy, print its page, explain a verdict."""

from __future__ import annotations

from tightship.cli.arguments import Parser
from tightship.cli.console import Output, UsageError
from tightship.cli.policy_files import load
from tightship.report.terminal import Paint, styled_markdown, visible
from tightship.report.wording import counted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tightship.cli.arguments import Given
    from tightship.policies.policy import Policy, PolicyRule
    from tightship.project_facts.values import Facts

_ABOUT = """\
Works on policies: what an organisation demands of Compose files and Dockerfiles.

  test FILE ...                run the examples of each rule
  docs FILE                    print the page of a policy, as Markdown
  explain FILE RULE [NAME]     show why a rule holds or not for a service, fact by fact;
                               the project is that of the current folder, or of --project

`tightship check --policy FILE` checks files by a policy.
"""

_EPILOG = """\
examples:
  tightship policy test policy.toml
  tightship policy docs policy.toml > policy.md
  tightship policy explain policy.toml corp/registry web

exit codes:
  0  every example shows what it is said to; the rule is kept
  1  an example fails; the rule is broken
  2  invalid arguments, or an invalid policy
"""

_ACTIONS = ("docs", "explain", "test")


def run(arguments: list[str]) -> int:
    """Do what the command line asks for; return the exit code."""
    given = parser().read(arguments, "words")
    words: list[str] = given["words"]
    if not words or words[0] not in _ACTIONS:
        raise UsageError("name an action: `test`, `docs` or `explain`, as `--help` shows")
    action: Callable[[Sequence[str], Given], int] = {
        "docs": _docs,
        "explain": _explain,
        "test": _test,
    }[words[0]]
    return action(words[1:], given)


def _policies(files: Sequence[str]) -> list[Policy]:
    if not files:
        raise UsageError("name the file of a policy")
    return [load(one, asker="policy") for one in files]


def _test(files: Sequence[str], given: Given) -> int:
    from tightship.engine.rule_examples import failures
    from tightship.report.report import Place

    output, code = Output(), 0
    for policy in _policies(files):
        failed = [*failures(policy)]
        for one in failed:
            place = Place(one.example.span)
            output.write(f"{place.seen_as(place.path)}: {one.rule.id}: {visible(one.why)}\n")
        every = sum(len(rule.examples) for rule in policy.rules)
        told = f"{len(failed)} of {every} examples fail" if failed else f"all {every} examples pass"
        output.write(f"{policy.title}: {counted(len(policy.rules), 'rule')}, {told}\n")
        code = 1 if failed else code
    output.close()
    return code


def _docs(files: Sequence[str], given: Given) -> int:
    from tightship.policies.rule import page

    output = Output()
    paint = Paint(on=output.is_colored(given.get("color", "auto")))
    for policy in _policies(files):
        output.write(styled_markdown(page(policy), paint))
    output.close()
    return 0


def _explain(words: Sequence[str], given: Given) -> int:
    from tightship.policies.operators import both
    from tightship.policies.rule import explain, holds

    if len(words) not in (2, 3):
        raise UsageError("name the policy, the rule, and a service if it is about one")
    [policy] = _policies(words[:1])
    rule = next((one for one in policy.rules if one.id == words[1]), None)
    if rule is None:
        known = ", ".join(one.id for one in policy.rules)
        raise UsageError(f"the policy has no rule `{words[1]}`; it has {known}")
    name = words[2] if len(words) > 2 else ""
    found = [*_asked(rule, given.get("project", "."), name)]
    if not found:
        what = f" named `{name}`" if name else ""
        raise UsageError(f"nothing here{what} is of the kind `{rule.about}`")
    output = Output()
    verdict: bool | None = True
    for facts in found:
        told = holds(rule, facts)
        words_of = {True: "keeps", False: "breaks", None: "is undecided by the files for"}
        output.write(f"{_title(facts)} {words_of[told]} {rule.id}\n")
        for line in explain(rule, facts):
            output.write(f"  {visible(line)}\n")
        verdict = both(verdict, told) if verdict is not None else False
    output.close()
    return 0 if verdict else 1


def _asked(rule: PolicyRule, path: str, name: str) -> Iterator[Facts]:
    """Yield the things of a project that a rule is about."""
    from tightship.engine.check import check
    from tightship.engine.plan.config_files import Configs
    from tightship.engine.plan.planning import plan_paths
    from tightship.engine.rule_runner import RuleRunner
    from tightship.engine.settings.selection import Selection
    from tightship.project_facts.groups import subjects

    configs = Configs(isolated=True)
    configs.plain = RuleRunner(Selection(), ())
    for verdict in check(plan_paths([path], configs)):
        loaded = verdict.project
        if loaded is None:
            continue
        for facts in subjects(loaded, settles=rule.settles_defaults):
            if facts.group.name == rule.about and (not name or _title(facts) == name):
                yield facts


def _title(facts: Facts) -> str:
    """Return how people name a thing: a service by its name, an image by its reference."""
    from tightship.policies.conditions import shown

    name = "reference" if facts.group.name == "image" else "name"
    return shown(facts.get(name))


def parser() -> Parser:
    """Return the parser of the command line."""
    made = Parser("policy", "ACTION FILE ... [options]", _ABOUT, _EPILOG)
    made.add_argument(
        "words", nargs="*", metavar="FILE", help="test, docs or explain, and then files of policies"
    )
    made.add_argument(
        "--project", metavar="PATH", help="the folder or file to explain (default: .)"
    )
    made.add_color()
    return made
