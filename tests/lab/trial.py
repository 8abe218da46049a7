"""Run the attempt and the control of premises, and look at what came of them."""

from __future__ import annotations

import json
import re
from itertools import count
from typing import TYPE_CHECKING

from tests.lab.looking import look
from tests.lab.premises import NOT_SHOWN, rules_to_show
from tests.lab.run import run_project, written

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tests.lab.engine import Engine
    from tests.lab.premises import Files, Premise

# No two projects of a run have one name.
_numbers = count()


class Tried:
    """The outcome of a premise; ``problem`` is empty where the claim was shown."""

    def __init__(self, premise: Premise, seen: str, controlled: str) -> None:
        self.premise = premise
        self.seen = seen
        self.controlled = controlled
        wrong = list[str]()
        if not re.fullmatch(premise.shown, seen):
            wrong.append(f"the attempt: {seen!r}, not {premise.shown!r}")
        if not re.fullmatch(premise.control, controlled):
            wrong.append(f"the control: {controlled!r}, not {premise.control!r}")
        self.problem = "; ".join(wrong)


def try_premises(engine: Engine, premises: Iterable[Premise]) -> list[Tried]:
    """Run the attempt and the control of each premise."""
    tried = list[Tried]()
    for premise in premises:
        index = next(_numbers)
        seen, controlled = (
            _try(engine, f"{premise.rule}-{index}-{which}", files, premise.see)
            for which, files in (("bad", premise.bad), ("fixed", premise.fixed))
        )
        tried.append(Tried(premise, seen, controlled))
    return tried


def _try(engine: Engine, name: str, files: Files, see: str) -> str:
    if see == "config":
        return _config(engine, name, files)
    if see.startswith("build"):
        return _in_build(engine, name, files, see)
    outcome = run_project(engine, name, files)
    if see == "start":
        return "refused" if outcome.refused else "started"
    if outcome.refused:
        return f"refused: {outcome.refused}"
    return look(outcome, see)


def _in_build(engine: Engine, name: str, files: Files, see: str) -> str:
    """Return what the probe printed in a step of a build."""
    folder = written(engine, name, files)
    how, what, which = see.split(":")
    command = ["docker-compose", "--progress", "plain", "build", "--no-cache"]
    if how == "buildx":
        command = ["docker", "buildx", "build", "--no-cache", "--progress", "plain"]
        command += ["--allow", "network.host", "."]
    done = engine.run(*command, folder=folder)
    found = re.search(r'\{"files": .*\}', done.stdout + done.stderr)
    if done.returncode or not found:
        return f"refused: {done.stderr.strip().splitlines()[-1]}"
    return str(json.loads(found[0])[what][which])


def _config(engine: Engine, name: str, files: Files) -> str:
    folder = written(engine, name, files)
    done = engine.run("docker-compose", "config", "--quiet", folder=folder)
    return "refused" if done.returncode else "started"


def report(tried: Sequence[Tried]) -> str:
    """Return what was shown of all rules, in a few lines."""
    shown = {one.premise.rule for one in tried if not one.problem}
    shown -= {one.premise.rule for one in tried if one.problem}
    every = {rule.name for rule in rules_to_show()}
    lines = [
        f"{one.premise.rule}, {one.premise.see}: {one.problem}" for one in tried if one.problem
    ]
    lines += [f"not shown: {name}: {why}" for name, why in NOT_SHOWN.items()]
    lines.append(f"rules with a positive run and a control: {len(shown & every)} of {len(every)}")
    return "\n".join(lines)
