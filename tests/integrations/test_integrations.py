"""The files for other tools: up to date, valid, and as the product does."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from tests.generate.integration_facts import INTEGRATIONS, LINE, PATTERNS, UNPUBLISHED, facts
from tests.generate.integrations import EXTENSION, METADATA, PLACE, generated
from tests.generate.pages import README, ROOT
from tests.integrations.package_page import package_page

import tightship
from tightship.cli.main import main
from tightship.engine.plan.candidates import language_of

if TYPE_CHECKING:
    from pathlib import Path

ADDRESS = "https://example.org/someone/tightship"


def read(name: str) -> str:
    return (PLACE / name).read_text("utf-8")


# -- generated


def test_every_folder_is_on_the_page() -> None:
    listed = " ".join(one.files for one in INTEGRATIONS)
    for folder in PLACE.iterdir():
        assert folder.is_file() or f"]({folder.name}/" in listed, folder.name


def test_one_constant_gives_packages_their_addresses() -> None:
    texts = generated(ADDRESS, "someone@example.org")
    project = tomllib.loads(texts[METADATA])["project"]
    assert project["urls"]["Repository"] == ADDRESS
    assert project["authors"][0]["email"] == "someone@example.org"
    assert project["scripts"] == facts()["scripts"], "they are no part of the table"
    manifest = json.loads(texts[EXTENSION])
    assert manifest["repository"]["url"] == f"{ADDRESS}.git"
    assert manifest["bugs"]["url"].startswith(ADDRESS)
    assert manifest["homepage"] == ADDRESS
    assert f"]({ADDRESS}/actions/workflows/tests.yml)" in texts[README]


def test_with_an_address_no_file_has_the_placeholder() -> None:
    texts = generated(ADDRESS)
    page = PLACE / "README.md"  # which explains it
    left = [path for path, text in texts.items() if UNPUBLISHED in text]
    assert left == [page]
    assert sum(ADDRESS in text for text in texts.values()) > 8


def test_without_an_address_packages_have_none() -> None:
    texts = generated("", "")
    assert "urls" not in tomllib.loads(texts[METADATA])["project"]
    manifest = json.loads(texts[EXTENSION])
    assert not manifest.keys() & {"repository", "homepage", "bugs"}
    assert "![Tests]" not in texts[README]


def test_links_of_the_page_at_an_index_lead_to_the_repository() -> None:
    text = README.read_text("utf-8")
    assert package_page(text, "") == text
    page = package_page(text, ADDRESS)
    links = re.findall(r"\]\(([^)]+)\)", page)
    assert len(links) == len(re.findall(r"\]\(([^)]+)\)", text))
    version = f"v{tightship.__version__}"
    for link in links:
        assert re.match(rf"{ADDRESS}/(raw|blob)/{version}/", link), link
        path = link.removeprefix(ADDRESS).split("/", 3)[3].partition("#")[0]
        assert (ROOT / path).exists(), link
    pictures = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", page)
    assert pictures
    assert all("/raw/" in picture for picture in pictures)


def test_a_release_makes_the_package_page_before_it_builds() -> None:
    text = (ROOT / ".github/workflows/release.yml").read_text("utf-8")
    made = text.index("python -m tests.integrations.package_page")
    assert made < text.index("python -m build")


# -- facts that are the product's


@pytest.mark.parametrize("pattern", [one for all_ in PATTERNS.values() for one in all_])
def test_a_pattern_matches_files_that_a_run_judges(pattern: str) -> None:
    languages = {"dockerfile": "dockerfile", "dockercompose": "compose"}
    [language] = [languages[name] for name, all_ in PATTERNS.items() if pattern in all_]
    assert language_of(pattern.replace("*", "web")) == language


@pytest.fixture
def lines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> list[str]:
    """Real findings, one on a line."""
    (tmp_path / "compose.yaml").write_text(
        "services:\n  web:\n    image: nginx:latest\n    privileged: true\n", "utf-8"
    )
    monkeypatch.chdir(tmp_path)
    assert main(["check", "--output-format", "concise"]) == 1
    found = capsys.readouterr().out.splitlines()
    return [line for line in found if line.startswith("compose.yaml")]


def test_the_problem_matcher_reads_every_line(lines: list[str]) -> None:
    [matcher] = json.loads(read("github/problem-matcher.json"))["problemMatcher"]
    [pattern] = matcher["pattern"]
    assert pattern["regexp"] == LINE
    seen = set[str]()
    for line in lines:
        found = re.fullmatch(pattern["regexp"], line)
        assert found is not None, line
        assert found[pattern["file"]] == "compose.yaml"
        assert int(found[pattern["line"]]) in range(1, 5)
        seen |= {found[pattern["severity"]], found[pattern["code"]]}
    assert {"error", "warning", "info", "privileged-container"} <= seen


# -- schemas


def validate(schema: str, path: Path) -> None:
    command = [sys.executable, "-m", "check_jsonschema", str(path)]
    done = subprocess.run(
        [*command, "--builtin-schema", f"vendor.{schema}"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_both_documents_of_the_component_are_valid(tmp_path: Path) -> None:
    header, _, jobs = read("gitlab/templates/tightship.yml").partition("---\n")
    for name, text in (("header", header), ("jobs", jobs)):
        path = tmp_path / f"{name}.yml"
        path.write_text(text, "utf-8")
        validate("gitlab-ci", path)
    inputs = yaml.safe_load(header)["spec"]["inputs"]
    used = set(re.findall(r"\$\[\[ inputs\.([a-z-]+) \]\]", jobs))
    assert used == inputs.keys()


def test_the_mirror_has_the_hooks_of_the_project() -> None:
    hooks = yaml.safe_load(read("pre-commit-mirror/.pre-commit-hooks.yaml"))
    project = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert hooks == project
    path = PLACE / "pre-commit-mirror" / ".pre-commit-hooks.yaml"
    command = [sys.executable, "-m", "pre_commit", "validate-manifest", str(path)]
    assert subprocess.run(command, capture_output=True).returncode == 0
    package = tomllib.loads(read("pre-commit-mirror/pyproject.toml"))["project"]
    assert package["dependencies"] == [f"tightship=={tightship.__version__}"]


MEGALINTER = {
    *("linter_name", "name", "linter_text", "linter_url", "linter_repo"),
    *("linter_rules_url", "linter_rules_configuration_url", "linter_spdx_license"),
    *("linter_speed", "cli_lint_mode", "cli_executable", "cli_lint_extra_args"),
    *("cli_lint_fix_arg_name", "cli_config_arg_name", "config_file_name"),
    *("cli_help_arg_name", "cli_version_arg_name", "can_output_sarif"),
    *("cli_sarif_args", "cli_lint_errors_count", "cli_lint_errors_regex"),
    *("examples", "install"),
}
"""Keys of a linter that MegaLinter's documentation of descriptors has."""


def test_the_plugin_of_megalinter_has_documented_keys_and_real_options(
    lines: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    plugin = yaml.safe_load(read("megalinter/tightship.megalinter-descriptor.yml"))
    [linter] = plugin["linters"]
    assert linter.keys() <= MEGALINTER
    for name in ("Dockerfile", "compose.yaml", "docker-compose.prod.yml"):
        assert any(re.fullmatch(one, name) for one in plugin["file_names_regex"])
    assert not any(re.fullmatch(one, "app.yaml") for one in plugin["file_names_regex"])
    words = list(linter["cli_lint_extra_args"])
    sarif = [one.replace("{{SARIF_OUTPUT_FILE}}", "out") for one in linter["cli_sarif_args"]]
    assert main([*words, *sarif, "compose.yaml"]) == 1
    assert main([*words, "compose.yaml"]) == 1
    counts = re.findall(linter["cli_lint_errors_regex"], capsys.readouterr().out)
    severe = [line for line in lines if ": info: " not in line]
    assert sum(int(one) for one in counts) == len(severe)


def test_the_package_of_mason_brings_the_server() -> None:
    package = yaml.safe_load(read("mason/package.yaml"))
    assert package["source"]["id"] == (f"pkg:pypi/tightship@{tightship.__version__}?extra=lsp")
    assert package["bin"].keys() <= tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))[
        "project"
    ]["scripts"].keys() | {"tightship"}
    assert package["neovim"]["lspconfig"] == "tightship"


def test_recipes_have_the_dependencies_of_the_package() -> None:
    wanted: list[str] = tomllib.loads(METADATA.read_text("utf-8"))["project"]["dependencies"]
    recipe: dict[str, Any] = yaml.safe_load(read("conda/recipe.yaml"))
    assert set(wanted) <= set(recipe["requirements"]["run"])
    assert all(one in read("homebrew/tightship.rb") for one in wanted)
    [listed] = re.findall(r"dependencies = .*\[ (.*) \]", read("nix/flake.nix"))
    names = {re.split(r"[<>=]", one)[0].replace(".", "-") for one in wanted}
    assert set(listed.split()) == names


def test_the_template_of_jetbrains_starts_the_server() -> None:
    template = json.loads(read("jetbrains-lsp4ij/template.json"))
    assert template["programArgs"]["default"] == "tightship lsp"
    mapped = {one["languageId"] for one in template["fileTypeMappings"]}
    assert mapped == {"dockerfile", "dockercompose"}
    assert json.loads(read("jetbrains-lsp4ij/settings.json"))


def test_the_extension_of_zed_names_one_server_for_its_languages() -> None:
    manifest = tomllib.loads(read("zed/extension.toml"))
    server = manifest["language_servers"]["tightship"]
    assert set(server["language_ids"]) == set(server["languages"])
    assert manifest["version"] == tightship.__version__
    assert 'which("tightship")' in read("zed/src/lib.rs")


def test_helix_is_documented_with_the_same_lines() -> None:
    documented = (ROOT / "linter/docs/editors.md").read_text("utf-8")
    [block] = re.findall(r"<!-- tried: helix -->\n```toml\n(.*?)```", documented, re.DOTALL)
    ours = tomllib.loads(read("helix/languages.toml"))
    theirs = tomllib.loads(block)
    del theirs["language-server"]["tightship"]["config"]  # an example of a setting
    assert ours == theirs
