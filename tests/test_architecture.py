"""The house rules that no other tool holds."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tightship.rules import every_rule

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

ROOT = Path(__file__).parents[1]
LINTER = sorted(ROOT.glob("linter/tightship*/**/*.py"))
PRODUCT = [*LINTER, *sorted(ROOT.glob("lsp/**/*.py"))]
SITE = sorted(ROOT.glob("linter/site/*.py"))
TESTS = sorted(ROOT.glob("tests/**/*.py"))
EVERY = [*PRODUCT, *SITE, *TESTS]
ANNEXES = [path.parent for path in ROOT.glob("linter/tightship_annexes/*/__init__.py")]
RULES, RULE_TESTS = ROOT / "linter" / "tightship" / "rules", ROOT / "tests" / "rules"
# These read and write the disk; everything else is handed what they read.
DISK = {
    "linter/tightship/engine/disk/regular.py",
    "linter/tightship/engine/disk/folder.py",
    "linter/tightship/engine/disk/new_file.py",
}
# The bytecode of our own modules, which Python reads otherwise.
BYTECODE = {"linter/tightship/lazy/modules.py"}
NULL_DEVICE = {"linter/tightship/cli/console.py"}
# They ask the user's own Git what has changed, and ShellCheck about scripts, when they are
# told to, and turn off all that a repository could have these do. Nothing else may start a
# program.
START_PROGRAMS = {"linter/tightship/cli/git.py", "linter/tightship/engine/shellcheck/program.py"}
# `tightship try` starts the project of the user, after a question.
ENGINE = {"linter/tightship_annexes/trial/engine.py"}
TRIAL = {path.relative_to(ROOT).as_posix() for path in LINTER if path.parent.name == "trial"}
# What the kernel tells about processes and routes.
KERNEL = {"linter/tightship_annexes/trial/cleaning.py"}
# It asks the ports of containers that `try` started, in its network or on 127.0.0.1.
PORTS = {
    "linter/tightship_annexes/trial/agreement.py",
    "linter/tightship_annexes/trial/reach.py",
    "linter/tightship_annexes/trial/requests.py",
}
# Processes of Tightship itself, which judge what they are given.
PROCESSES = {"linter/tightship/engine/worker_pool.py"}
# Programs that use the API pay for these modules anyway.
API = {"linter/tightship/api/values.py"}
# Types that PyYAML and pygls do not have.
UNTYPED = {
    "linter/tightship/syntax/yaml/events.py",
    "lsp/tightship_lsp/connection/protocol.py",
    "lsp/tightship_lsp/server.py",
}


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def lines_with(pattern: str, paths: Iterable[Path], exempt: Collection[str] = ()) -> Iterator[str]:
    """Yield each line, as ``file:line: text``, on which a pattern is found."""
    search = re.compile(pattern).search
    for path in paths:
        if shown(path) in exempt:
            continue
        lines = path.read_text(encoding="utf-8").splitlines()
        for number, line in enumerate(lines, start=1):
            if search(line):
                yield f"{shown(path)}:{number}: {line.strip()}"


def none(offenders: Iterable[str]) -> None:
    """Fail with a list of all offenders, one on a line."""
    listed = list(offenders)
    assert not listed, "\n".join(("", *listed))


def test_file_names_describe_the_content() -> None:
    empty = {"utils", "helpers", "common", "base", "misc", "types"}
    none(shown(path) for path in EVERY if path.stem in empty)


def test_files_are_short() -> None:
    lengths = {p: len(p.read_text(encoding="utf-8").splitlines()) for p in [*PRODUCT, *SITE]}
    none(f"{shown(path)}: {n} lines" for path, n in lengths.items() if n > 420)


def test_functions_are_short() -> None:
    """A few are long, mostly by what they tell about their arguments."""
    functions = [
        (shown(path), one.name, one.end_lineno - one.lineno + 1)
        for path in PRODUCT
        for one in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef) and one.end_lineno
    ]
    long = [f"{path}: {name}, {lines} lines" for path, name, lines in functions if lines > 40]
    none(long if len(long) > 10 else ())


def test_lines_of_facts_are_short() -> None:
    none(lines_with(r".{101}", ROOT.glob("linter/tightship/facts/**/*.toml")))


def test_only_the_files_layer_touches_the_disk() -> None:
    pattern = r"(?<![.\w])open\(|os\.open\(|read_text\("
    none(lines_with(pattern, PRODUCT, DISK | BYTECODE | NULL_DEVICE | KERNEL))


def test_facts_are_read_in_one_way() -> None:
    """A wheel has modules in place of the files of facts, so opening such a file fails there."""
    pattern = r"get_data\b|importlib\.resources|facts/[\w/{}]+\.toml[\"'] *[),]"
    none(lines_with(pattern, PRODUCT, {"linter/tightship/lazy/modules.py"}))


@pytest.mark.parametrize("annexe", ANNEXES, ids=lambda path: path.name)
def test_an_annexe_imports_the_seams_in_its_readme(annexe: Path) -> None:
    readme = (annexe / "README.md").read_text(encoding="utf-8")
    seams = re.findall(r"(?m)^- `(tightship[\w.]*)`", readme)
    imported = {one for path in annexe.rglob("*.py") for one in imported_packages(path)}
    assert seams == sorted(imported)


def imported_packages(path: Path) -> Iterator[str]:
    """Yield the packages of the core that a file imports, or imports something from."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module[:10] == "tightship.":
            name = node.module
            is_package = (ROOT / "linter" / name.replace(".", "/")).is_dir()
            yield name if is_package else name.rpartition(".")[0]


def test_nothing_is_fetched() -> None:
    modules = "urllib|socket|http|ssl|ctypes|pty"
    none(lines_with(rf"^\s*(?:from|import) (?:{modules})\b", PRODUCT, PORTS))


def test_one_file_starts_processes_of_our_own() -> None:
    modules = r"multiprocessing|concurrent\.futures import ProcessPoolExecutor"
    none(lines_with(rf"^\s*(?:from|import) (?:{modules})\b", PRODUCT, PROCESSES))


def test_nothing_is_executed() -> None:
    none(lines_with(r"^\s*(?:from|import) subprocess\b", PRODUCT, START_PROGRAMS | ENGINE))
    calls = r"\bos\.(?:system|popen|exec\w*|spawn\w*|fork)\b|(?<![.\w])(?:eval|exec)\("
    none(lines_with(calls, PRODUCT))


def test_the_linter_loads_nothing_slow_at_its_start() -> None:
    """`try`, which waits for an engine, may load some of them."""
    modules = "typing|dataclasses|pathlib|json|inspect|logging|tomllib"
    none(lines_with(rf"^(?:from|import) (?:{modules})\b", LINTER, API | TRIAL))


def test_paths_of_a_run_end_in_its_plan() -> None:
    """All that comes after the plan takes jobs, or verdicts."""
    planning = (
        *("linter/tightship/engine/plan/", "linter/tightship/api/", "linter/tightship/cli/"),
        *(f"linter/tightship_annexes/review/{one}.py" for one in ("diff", "map", "new_findings")),
    )
    none(
        f"{shown(path)}:{function.lineno}"
        for path in PRODUCT
        if not shown(path).startswith(planning)
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        and "paths" in [one.arg for one in ast.walk(function.args) if isinstance(one, ast.arg)]
    )


def test_one_place_bounds_the_time_of_tests() -> None:
    """Programs that print figures take the time as they like."""
    programs = {"lab", "bench", "attack", "node_modules"}
    tests = [path for path in TESTS if programs.isdisjoint(path.parts)]
    none(lines_with(r"\b(?:process_time|thread_time|perf_counter)\(", tests, {"tests/bounded.py"}))


def test_type_errors_are_not_ignored() -> None:
    none(lines_with(r"# (?:type|pyright): ?ignore", PRODUCT, UNTYPED))


def test_tests_of_rules_mirror_the_rules() -> None:
    folders = {path.parent for path in RULE_TESTS.glob("*/*/*.py")}
    relative = {path: path.relative_to(RULE_TESTS) for path in folders}
    none(shown(f) for f, part in relative.items() if not (RULES / part).is_dir())
    rules = {path.stem: path for path in RULES.glob("*/*/*.py")}
    none(
        f"{shown(path)}: the rule is {shown(rule)}"
        for path in RULE_TESTS.rglob("test_*.py")
        if (rule := rules.get(path.stem.removeprefix("test_")))
        and rule.parent.relative_to(RULES) != path.parent.relative_to(RULE_TESTS)
    )


def test_every_rule_has_tests_beyond_its_examples() -> None:
    texts = dict[Path, str]()
    for path in RULE_TESTS.glob("*/*/*.py"):
        text = path.read_text(encoding="utf-8")
        texts[path.parent] = texts.get(path.parent, "") + text
    missing = list[str]()
    for rule in every_rule():
        language, theme, function = rule.check.__module__.split(".")[-3:]
        folder = RULE_TESTS / language / theme
        name = rf"\b{function}\b|(?<![\w-]){rule.name}(?![\w-])"
        if not re.search(name, texts.get(folder, "")):
            missing.append(f"no test in {shown(folder)} names `{rule.name}`")
    none(missing)


def test_few_rules_ask_what_only_compose_has() -> None:
    """The others hold for a container of any front end."""
    package = (RULES / "__init__.py").read_text(encoding="utf-8")
    lists = re.findall(r"from tightship\.frontends\.compose\.\S+ import (.*)", package)
    names = re.findall(r"\w+", " ".join(lists))
    assert {"ComposeProject", "Fault"} <= {*names}
    imports = rf"^from tightship\.rules import .*\b(?:{'|'.join(names)})\b"
    asking = [*lines_with(imports, sorted(RULES.glob("*/*/*.py")))]
    assert len(asking) <= 20, "\n".join(asking)


def test_the_page_about_tests_names_every_folder() -> None:
    page = (ROOT / "linter" / "docs" / "testing.md").read_text(encoding="utf-8")
    folders = {path.parent for path in ROOT.glob("tests/*/**/test_*.py")}
    parts = {ROOT / "tests" / folder.relative_to(ROOT).parts[1] for folder in folders}
    none(shown(part) for part in sorted(parts) if f"`{shown(part)}" not in page)


def test_the_arrows_point_down() -> None:
    lint_imports = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([lint_imports], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_linter_and_lsp_are_source_roots_and_no_packages() -> None:
    assert not (ROOT / "linter" / "__init__.py").exists()
    assert not (ROOT / "lsp" / "__init__.py").exists()
