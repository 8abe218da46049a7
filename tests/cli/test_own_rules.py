"""Rules of installed packages: named by the user, and by no file that is checked."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
import venv
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import pygls
import pytest
import yaml
from tests.lsp.conftest import rules, session

import tightship
import tightship_lsp
from tightship.cli.own_rules import template

if TYPE_CHECKING:
    from collections.abc import Mapping

PACKAGES = (tightship, tightship_lsp, yaml, pygls)
COMMAND = "import sys\nfrom tightship.cli.main import main\nif __name__ == '__main__':\n    {}"
WRONG = "services:\n  web:\n    image: registry.example/web:1.3\n"
NAME = "corp/tag-differs-from-version"
RAISES = '''
"""It fails.

Why.

## How to fix

Do."""
from tightship.rules.kit import Bad, Container, Finding, Findings, Good, rule

@rule(on=Container, severity="error", references=("x",), examples=(
    Bad("services:\\n  «web»: {image: x}\\n"), Good("services:\\n  db: {image: x}\\n")))
def fails_by_name(container: Container) -> Findings:
    import email.mime.text  # late, when a hostile folder might be in the way
    if container.name == "boom":
        raise ValueError("no such thing")
    if container.name == "exit":
        raise SystemExit(0)
    if container.name == "junk":
        yield "junk"
    if container.name == "late":
        yield Finding(container.span, "late", fix=lambda: 1 / 0)
    if container.name == "web":
        yield Finding(container.span, "web is there")
'''


class Installed:
    """A Python with Tightship and packages of rules, as users install them."""

    def __init__(self, home: Path) -> None:
        venv.create(home, symlinks=os.name != "nt")
        bins = home / ("Scripts" if os.name == "nt" else "bin")
        self.python = bins / Path(sys.executable).name
        self.site = next(home.glob("[Ll]ib/**/site-packages"))
        ways = {str(Path(one.__file__ or "").parents[1]) for one in PACKAGES}
        (self.site / "ways.pth").write_text("\n".join(sorted(ways)))
        self.command = bins / "command.py"
        self.command.write_text(COMMAND.format("sys.exit(main())"))

    def install(self, name: str, prefix: str, point: str, files: Mapping[str, str]) -> None:
        install(self.site, name, prefix, point, files)

    def run(
        self,
        folder: Path,
        *words: str,
        start: tuple[str, ...] = (),
        variables: Mapping[str, str] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        command = [str(self.python), *(start or (str(self.command),)), *words]
        known = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "TIGHTSHIP"))}
        return subprocess.run(
            command,
            cwd=folder,
            env=known | {**(variables or {})},
            capture_output=True,
            text=True,
            timeout=120,
        )


def install(site: Path, name: str, prefix: str, point: str, files: Mapping[str, str]) -> None:
    """Write modules and their metadata, as `pip install` does."""
    about = site / f"{name}-1.0.dist-info"
    texts = {
        f"{about.name}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{about.name}/entry_points.txt": f"[tightship.rules]\n{prefix} = {point}\n",
        **files,
    }
    for path, text in texts.items():
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_text(text)


def marking(marker: Path) -> str:
    return f"open({str(marker)!r}, 'w').close()\n"


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    home = tmp_path_factory.mktemp("python")
    made = Installed(home)
    files = {
        path.removeprefix("src/"): text
        for path, text in template("corp").items()
        if path.startswith("src/")
    }
    made.install("corp_tightship_rules", "corp", "corp_tightship_rules:PACKAGE", files)
    package = "from tightship.rules.kit import RulePackage\n"
    own = f"{RAISES}{package}PACKAGE = RulePackage(1, (fails_by_name,))\n"
    made.install("bad_rules", "bad", "bad_rules:PACKAGE", {"bad_rules.py": own})
    of_two = f"{RAISES}{package}PACKAGE = RulePackage(2, (fails_by_name,))\n"
    made.install("two_rules", "two", "two_rules:PACKAGE", {"two_rules.py": of_two})
    made.install("no_rules", "no", "no_rules:PACKAGE", {"no_rules.py": "PACKAGE = 1\n"})
    alone = f"{RAISES}{package}PACKAGE = RulePackage(1, (fails_by_name))\n"
    made.install("alone_rules", "alone", "alone_rules:PACKAGE", {"alone_rules.py": alone})
    broken = marking(home / "broken-was-imported") + "import nothing_of_this_name\n"
    made.install("broken_rules", "broken", "broken_rules:PACKAGE", {"broken_rules.py": broken})
    about_stages = own.replace("on=Container", "on=Stage, keys=('image',)")
    about_stages = about_stages.replace("import Bad,", "import Stage, Bad,")
    made.install("stage_rules", "stage", "stage_rules:PACKAGE", {"stage_rules.py": about_stages})
    fatal = own.replace('"error"', '"fatal"')
    made.install("fatal_rules", "fatal", "fatal_rules:PACKAGE", {"fatal_rules.py": fatal})
    for one in ("twin_a", "twin_b"):
        made.install(one, "twin", f"{one}:PACKAGE", {f"{one}.py": own})
    made.install("taken_rules", "users", "bad_rules:PACKAGE", {})
    return made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "compose.yaml").write_text(WRONG)
    (tmp_path / "VERSION").write_text("1.4\n")
    return tmp_path


def found(python: Installed, folder: Path, *words: str, **variables: str) -> list[str]:
    """Return the rules with findings, and those that are accepted."""
    words = ("check", "--output-format", "json", *words)
    done = python.run(folder, *words, variables=variables)
    report = json.loads(done.stdout)
    return [one["rule"] for one in report["findings"] if "/" in one["rule"]]


def test_a_package_is_used_only_if_it_is_named(python: Installed, folder: Path) -> None:
    assert found(python, folder) == []
    assert found(python, folder, "--rules-from", "corp") == [NAME]
    assert found(python, folder, "--rules-from=corp", "--rules-from", "bad") != [NAME]
    assert found(python, folder, TIGHTSHIP_RULES_FROM="corp") == [NAME]
    assert found(python, folder, "--rules-from", "corp", TIGHTSHIP_RULES_FROM="corp") == [NAME]
    assert not list(python.site.parents[2].glob("broken-was-imported"))


@pytest.mark.parametrize(
    ("words", "is_found"),
    [
        (("--select", NAME), True),
        (("--select", "CORP/Tag_Differs_From_Version"), True),
        (("--select", "corp"), True),
        (("--select", "users"), False),
        (("--select", "users", "--extend-select", "corp"), True),
        (("--ignore", "corp"), False),
        (("--ignore", NAME), False),
    ],
)
def test_words_select_its_rules(
    python: Installed, folder: Path, words: tuple[str, ...], is_found: bool
) -> None:
    assert found(python, folder, "--rules-from", "corp", *words) == [NAME] * is_found


def test_severities_comments_settings_and_baselines_hold_for_its_rules(
    python: Installed, folder: Path
) -> None:
    words = ("check", "--rules-from", "corp", "--select", "corp")
    assert python.run(folder, *words).returncode == 1
    assert python.run(folder, *words, "--severity", f"{NAME}=info").returncode == 0
    assert python.run(folder, *words, "--write-baseline").returncode == 0
    assert python.run(folder, *words).returncode == 0
    (folder / "tightship-baseline.json").unlink()
    (folder / "tightship.toml").write_text(f'[severity]\n"{NAME}" = "info"\n')
    assert python.run(folder, *words).returncode == 0
    (folder / "tightship.toml").unlink()
    accepted = WRONG.replace("1.3", f"1.3  # tightship: ignore[{NAME}] legacy")
    (folder / "compose.yaml").write_text(accepted)
    done = python.run(folder, *words)
    assert done.returncode == 0
    assert "1 more accepted" in done.stdout


def test_a_comment_with_a_name_of_another_package_is_no_mistake(
    python: Installed, folder: Path
) -> None:
    accepted = WRONG.replace("1.3", f"1.3  # tightship: ignore[{NAME}] legacy")
    (folder / "compose.yaml").write_text(accepted)
    words = ("check", "--select", "correctness", "--output-format", "concise")
    assert python.run(folder, *words).returncode == 0
    wrong = accepted.replace("tag-differs-from", "tag-differs-form")
    (folder / "compose.yaml").write_text(wrong)
    assert python.run(folder, *words).returncode == 0
    done = python.run(folder, *words, "--rules-from", "corp")
    assert f"did you mean `{NAME}`?" in done.stdout
    assert done.returncode == 1


def test_reports_and_pages_show_its_rules(python: Installed, folder: Path) -> None:
    words = ("--rules-from", "corp")
    done = python.run(folder, "check", *words, "--output-format", "sarif")
    run = json.loads(done.stdout)["runs"][0]
    [rule] = [one for one in run["tool"]["driver"]["rules"] if one["id"] == NAME]
    assert rule["name"] == "CorpTagDiffersFromVersion"
    assert "helpUri" not in rule
    page = python.run(folder, "rule", *words, NAME)
    assert page.stdout.startswith(f"# {NAME}\n")
    assert "VERSION" in page.stdout
    assert NAME in python.run(folder, "rule", "--output-format", "json", *words).stdout
    assert python.run(folder, "rule", NAME).returncode == 2


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "crop",
            "no installed package has rules of the name `crop`; installed ones: `alone`, `bad`",
        ),
        ("two", "`two_rules` is written for version 2 of the rule kit, and this Tightship has"),
        ("no", "`no_rules:PACKAGE` of `no_rules` is no RulePackage"),
        ("alone", "`rules` of `alone_rules` is not a tuple of rules, each with its name"),
        ("broken", "the rules of `broken_rules` do not load: ModuleNotFoundError"),
        ("stage", "`fails-by-name` of `stage_rules` has `keys`, which are those of a service"),
        ("fatal", "`severity` is `info`, `warning` or `error`, not `fatal`"),
        ("twin", "several packages have rules of the name `twin`: ['twin_a', 'twin_b']"),
        ("users", "`users` of `taken_rules` cannot begin the names of rules"),
        ("", "--rules-from takes the name of a package of rules"),
    ],
)
def test_what_cannot_be_used_is_an_error(
    python: Installed, folder: Path, name: str, said: str
) -> None:
    done = python.run(folder, "check", "--rules-from", name)
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("service", ["boom", "exit", "junk", "late"])
def test_a_rule_that_fails_is_a_gap_with_its_name(
    python: Installed, folder: Path, service: str
) -> None:
    text = f"services:\n  web: {{image: x}}\n  {service}: {{image: x}}\n  last: {{image: x}}\n"
    (folder / "compose.yaml").write_text(text)
    done = python.run(folder, "check", "--rules-from", "bad", "--select", "bad")
    assert done.returncode == 2
    assert "the rule `bad/fails-by-name` of the package `bad_rules` failed here" in done.stdout
    assert "compose.yaml:3:3: error: the rule" in done.stdout
    assert "web is there" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_other_processes_use_its_rules(python: Installed, folder: Path) -> None:
    for number in range(200):
        (folder / str(number)).mkdir()
        (folder / str(number) / "compose.yaml").write_text(WRONG)
        (folder / str(number) / "VERSION").write_text("1.4\n")
    words = ("check", "--rules-from", "corp", "--select", "corp", "--output-format", "concise")
    alone = python.run(folder, *words, "--jobs", "1")
    together = python.run(folder, *words, "--jobs", "2")
    assert alone.stdout.count(NAME) == 201
    assert together.stdout == alone.stdout


def test_the_template_keeps_its_promises(python: Installed, folder: Path) -> None:
    done = python.run(folder, "rule", "--test", "corp")
    assert (done.returncode, done.stdout) == (0, f"ok      {NAME}\n")
    both = python.run(folder, "rule", "--test", "corp,bad")
    assert both.stdout == f"ok      {NAME}\nok      bad/fails-by-name\n"
    tests = folder / "test_rules.py"
    tests.write_text(template("corp")["tests/test_rules.py"])
    done = python.run(folder, start=("-m", "unittest", "discover", str(folder)))
    assert done.returncode == 0, done.stderr


def test_examples_that_are_not_true_fail(python: Installed, folder: Path) -> None:
    done = python.run(folder, "rule", "--test", "bad")
    assert done.returncode == 0, done.stdout
    text = RAISES.replace("«web»", "«api»").replace("## How to fix", "## Fix")
    package = (
        "from tightship.rules.kit import RulePackage\nPACKAGE = RulePackage(1, (fails_by_name,))"
    )
    python.install(
        "untrue_rules", "untrue", "untrue_rules:PACKAGE", {"untrue_rules.py": text + package}
    )
    done = python.run(folder, "rule", "--test", "untrue")
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "FAILED  untrue/fails-by-name",
        "        its page has no chapter `## How to fix`, or several",
        "        example 1: the rule does not find `api` in line 2 of `compose.yaml`",
    ]


def test_a_template_is_written_once(python: Installed, folder: Path) -> None:
    assert python.run(folder, "rule", "--new", "acme-web").returncode == 0
    made = folder / "acme-web-tightship-rules"
    assert 'acme-web = "acme_web_tightship_rules:PACKAGE"' in (made / "pyproject.toml").read_text()
    again = python.run(folder, "rule", "--new", "acme-web")
    assert (again.returncode, "already exists" in again.stderr) == (2, True)
    for word in ("users", "../x", "a/b", "Acme", "-x", "tally"):
        assert python.run(folder, "rule", "--new", word).returncode == 2
    two = python.run(folder, "rule", "--new", "acme", "other")
    assert (two.returncode, "--new takes one name" in two.stderr) == (2, True)
    assert sorted(one.name for one in folder.iterdir()) == sorted(
        ["acme-web-tightship-rules", "compose.yaml", "VERSION"]
    )


# What a folder may try that is checked.


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("tightship.toml", 'rules_from = ["corp"]\n'),
        ("tightship.toml", 'rules-from = ["corp"]\n'),
        ("pyproject.toml", '[tool.tightship]\nrules-from = ["corp"]\n'),
    ],
)
def test_settings_cannot_name_a_package(
    python: Installed, folder: Path, name: str, text: str
) -> None:
    (folder / name).write_text(text)
    done = python.run(folder, "check")
    assert done.returncode == 2
    assert f"{name}:" in done.stderr


def test_env_files_and_entry_points_of_a_folder_name_no_package(
    python: Installed, folder: Path
) -> None:
    (folder / ".env").write_text("TIGHTSHIP_RULES_FROM=corp\n")
    (folder / "pyproject.toml").write_text(
        '[project]\nname = "x"\n[project.entry-points."tightship.rules"]\nevil = "evil:PACKAGE"\n'
    )
    assert found(python, folder) == []
    assert found(python, folder, "--env-from-process") == []
    done = python.run(folder, "check", "--rules-from", "evil")
    assert "no installed package has rules of the name `evil`" in done.stderr


@pytest.mark.parametrize(
    "way", [".", "", "{folder}", "{folder}/../{folder.name}", "/x:", "./sub/.."]
)
@pytest.mark.parametrize("module", [False, True])
def test_nothing_of_a_folder_is_imported(
    python: Installed, tmp_path: Path, folder: Path, way: str, module: bool
) -> None:
    marker = tmp_path / "imported"
    hostile = marking(marker)
    names = (
        "evil.py",
        "corp_tightship_rules.py",
        "corp_tightship_rules/__init__.py",
        "bad_rules.py",
    )
    files: dict[str, str] = dict.fromkeys((*names, "email/__init__.py", "csv.py"), hostile)
    install(folder, "evil", "evil", "evil:PACKAGE", files)
    start = ("-m", "tightship") if module else ()
    variables = {"PYTHONPATH": way.format(folder=folder)}
    done = python.run(folder, "check", "--rules-from", "evil", start=start, variables=variables)
    assert "no installed package has rules of the name `evil`" in done.stderr
    words = ("check", "--rules-from", "corp", "--rules-from", "bad", "--select", "corp,bad")
    done = python.run(folder, *words, start=start, variables=variables)
    assert NAME in done.stdout, done.stderr
    assert not marker.exists()


@pytest.mark.asyncio
async def test_an_editor_shows_its_rules_and_their_pages(python: Installed, folder: Path) -> None:
    server = (str(python.python), str(python.command), "lsp", "--rules-from", "corp")
    async with session(folder, server=server) as editor:
        uri = editor.open("compose.yaml", "dockercompose", WRONG)
        shown = await editor.publishes(uri, version=1)
        [one] = [one for one in shown if one.code == NAME]
        assert one.code_description is not None
        page = Path(unquote(urlsplit(one.code_description.href).path))
        assert page.read_text().startswith(f"# {NAME}\n")
        (folder / "VERSION").write_text("1.3\n")
        editor.touch(editor.uri("VERSION"))
        editor.change(uri, 2, WRONG + "\n")
        assert NAME not in rules(await editor.publishes(uri, version=2))


MANY = '''
"""Too many services.

Why.

## How to fix

Split."""
from tightship.rules.kit import (
    Bad, Finding, Findings, Good, LoadedProject, Option, Options, RulePackage, rule)

MOST = Option("most", "integer", int, "How many.", "1", bounds=(1, 99))

@rule(on=LoadedProject, severity="warning", options=(MOST,), url="https://corp.example/many",
    strict=True, examples=(Bad("services:\\n  a: {image: x}\\n  «b»: {image: x}\\n"),
    Good("services:\\n  a: {image: x}\\n")))
def many_services(project: LoadedProject, options: Options) -> Findings:
    for one in project.containers[options[MOST]:]:
        yield Finding(one.span, "one service too many")

PACKAGE = RulePackage(1, (many_services,))
'''


def test_options_sets_and_addresses_hold_for_its_rules(python: Installed, folder: Path) -> None:
    python.install("many_rules", "many", "many_rules:PACKAGE", {"many_rules.py": MANY})
    (folder / "compose.yaml").write_text("services:\n  a: {image: x}\n  b: {image: x}\n")
    words, strict = ("--rules-from", "many"), ("--select", "strict")
    assert python.run(folder, "rule", "--test", "many").returncode == 0
    assert found(python, folder, *words, *strict) == []
    settings = folder / "tightship.toml"
    settings.write_text('[rules."many/many-services"]\nmost = 1\n')
    assert found(python, folder, *words) == []
    done = python.run(folder, "check", *words, *strict, "--output-format", "json")
    assert '"https://corp.example/many"' in done.stdout
    shown = tomllib.loads(python.run(folder, "config", *words).stdout)
    assert shown["rules"]["many/many-services"] == {"most": 1}
    page = python.run(folder, "rule", *words, "many/many-services").stdout
    assert '[rules."many/many-services"]' in page
    assert "unknown rule `many/many-services`" in python.run(folder, "check").stderr
    settings.write_text('[rules."many/many-services"]\nmost = 0\n')
    assert "has to be a whole number from 1 to 99" in python.run(folder, "check", *words).stderr
