"""A change cannot turn off its own check: what only its own settings hide is reported."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from tests.ecosystem.work_tree import WorkTree

from tightship.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

if shutil.which("git") is None:
    pytest.skip("there is no git", allow_module_level=True)

BASE = 'services:\n  a:\n    image: "x:1"\n'
PRIVILEGED = f"{BASE}    privileged: true\n"
ERROR = "privileged-container"
ACCEPTED = "# tightship: ignore[{}] {}\n"


class Repository(WorkTree):
    """A work tree with a service, committed."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        super().__init__(folder)
        self._capsys = capsys
        self.write("compose.yaml", BASE)
        self.start = self.commit()

    def base(self, name: str, text: str) -> None:
        """Add a file to the base."""
        self.write(name, text)
        self.start = self.commit()

    def check(self, *options: str) -> tuple[int, dict[str, str]]:
        """Return the exit code, and what hides which rules: by path and line."""
        code, data = self.data(*options)
        return code, {
            one["rule"]: _place(one["hidden_by"])
            for one in data["findings"]
            if one["hidden_by"] is not None
        }

    def data(self, *options: str) -> tuple[int, dict[str, Any]]:
        since = ("--changed-since", self.start)
        code = main(["check", "--output-format=json", *since, *options])
        out = self._capsys.readouterr().out
        data: dict[str, Any] = json.loads(out)
        return code, data

    def output(self, *options: str) -> tuple[int, str]:
        code = main([*(options or ("check", "--changed-since", self.start))])
        out = self._capsys.readouterr()
        return code, out.out + out.err


def _place(hidden: dict[str, Any]) -> str:
    return f"{hidden['path']}:{hidden['start']['line']}"


@pytest.fixture
def repository(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Repository:
    made = Repository(tmp_path / "work", capsys)
    made.enter(monkeypatch)
    return made


@pytest.mark.parametrize(
    "settings",
    [
        'exclude = ["*"]',
        'exclude = ["compose.yaml"]',
        'ignore = ["default"]',
        'ignore = ["privileged-container"]',
        'select = ["unlimited-log"]',
        '[[project]]\nfiles = ["other.yaml"]',
        '[[roles]]\npaths = ["compose.yaml"]\npurpose = "vendored"',
        '[[per-path]]\npaths = ["*"]\nignore = ["privileged-container"]\nreason = "r"',
        '[[per-service]]\nservices = ["a"]\nignore = ["privileged-container"]\n'
        'reason = "it has to"',
        '[[per-path]]\npaths = ["*"]\nselect = ["unlimited-log"]\nreason = "r"',
    ],
)
@pytest.mark.parametrize("name", ["tightship.toml", ".tightship.toml", "pyproject.toml"])
@pytest.mark.parametrize("is_committed", [True, False], ids=["committed", "not"])
def test_settings_of_a_change_hide_nothing_of_it(
    repository: Repository, settings: str, name: str, is_committed: bool
) -> None:
    repository.write("compose.yaml", PRIVILEGED)
    repository.write("other.yaml", BASE)
    line = 1
    if name == "pyproject.toml":
        settings = settings.replace("[[", "[[tool.tightship.")
        if not settings.startswith("["):
            settings, line = f"[tool.tightship]\n{settings}", 2
    repository.write(name, f"{settings}\n")
    if is_committed:
        repository.commit()
    code, hidden = repository.check()
    assert (code, hidden.get(ERROR)) == (1, f"{name}:{line}")
    assert "privileged" in repository.output()[1]


@pytest.mark.parametrize(
    "settings", ['severity = { privileged-container = "info" }', 'severity = { default = "info" }']
)
def test_a_change_lowers_no_severity_of_its_own_finding(
    repository: Repository, settings: str
) -> None:
    repository.write("compose.yaml", PRIVILEGED)
    repository.write("tightship.toml", f"{settings}\n")
    code, hidden = repository.check()
    assert (code, hidden.get(ERROR)) == (1, "tightship.toml:1")


@pytest.mark.parametrize("level", ["never", "error"])
def test_a_change_cannot_fail_on_less(repository: Repository, level: str) -> None:
    repository.base("tightship.toml", 'fail-on = "info"\n')
    repository.write("compose.yaml", f"{BASE}  b:\n    image: y:1\n")
    repository.write("tightship.toml", f'fail-on = "{level}"\n')
    code, text = repository.output()
    assert code == 1
    assert "tightship.toml:1" in text


FACTS = """\
[families.x]
summary = "x"
holds_for = "all"
new_privileges = { needed = false, source = "us" }
sources.us = "documented: our wiki"
"""
LOWERED = "privilege-escalation-allowed"


@pytest.mark.parametrize("name", ["tightship-facts.toml", "facts/x.toml"])
@pytest.mark.parametrize("after", [None, "", FACTS.replace("false", "true")])
def test_a_change_of_facts_makes_no_finding_less_grave(
    repository: Repository, name: str, after: str | None
) -> None:
    repository.write("tightship.toml", 'facts = ["facts/x.toml"]\n' if "/" in name else "")
    repository.base(name, FACTS)
    repository.write("compose.yaml", f"{BASE}  b:\n    image: x:1\n")
    code, hidden = repository.check()
    assert (code, hidden) == (1, {})
    if after is not None:
        repository.write(name, after or "[families.y]\nsummary = 's'\nholds_for = 'all'\n")
    elif "/" in name:
        repository.write("tightship.toml", "")
    else:
        (repository.folder / name).unlink()
    code, hidden = repository.check()
    place = "tightship.toml" if after is None and "/" in name else name
    assert (code, hidden.get(LOWERED)) == (1, f"{place}:1")


def test_new_facts_of_a_change_fail_nothing_that_was_there(repository: Repository) -> None:
    repository.write("tightship-facts.toml", FACTS)
    assert repository.check() == (0, {})


def test_a_comment_of_the_change_hides_nothing_of_it(repository: Repository) -> None:
    text = PRIVILEGED.replace("    privileged", f"    {ACCEPTED.format(ERROR, 'r')}    privileged")
    repository.write("compose.yaml", text)
    assert repository.check() == (1, {ERROR: "compose.yaml:4"})
    assert "hidden by compose.yaml:4 of this change" in repository.output()[1]


def test_a_comment_about_the_file_hides_nothing_of_it(repository: Repository) -> None:
    comment = f"# tightship: ignore-file[{ERROR}] r\n"
    repository.write("compose.yaml", comment + PRIVILEGED)
    assert repository.check() == (1, {ERROR: "compose.yaml:1"})


def test_a_comment_of_another_linter_hides_nothing(repository: Repository) -> None:
    repository.write("compose.yaml", f"# kics-scan ignore\n{PRIVILEGED}")
    code, hidden = repository.check()
    assert (code, hidden[ERROR]) == (1, "compose.yaml:1")


def test_a_comment_in_a_dockerfile_hides_nothing(repository: Repository) -> None:
    repository.base("Dockerfile", "FROM alpine:3.22\nUSER 1000\n")
    comment = "# tightship: ignore[curl-without-verification, image-runs-as-root] r\n"
    text = f"{comment}FROM alpine:3.22\nEXPOSE 80\n"
    repository.write("Dockerfile", text)
    assert repository.check() == (1, {"image-runs-as-root": "Dockerfile:1"})


def test_a_comment_in_an_inline_dockerfile_hides_nothing(repository: Repository) -> None:
    inline = (
        "services:\n  a:\n    build:\n      dockerfile_inline: |\n"
        "        # tightship: ignore[image-runs-as-root] r\n"
        "        FROM alpine:3.22\n        EXPOSE 80\n"
    )
    repository.write("compose.yaml", inline)
    assert repository.check() == (1, {"image-runs-as-root": "compose.yaml:5"})


def test_a_finding_that_was_there_is_not_hidden_either(repository: Repository) -> None:
    repository.base("compose.yaml", PRIVILEGED)
    repository.write("tightship.toml", f'ignore = ["{ERROR}"]\n')
    assert repository.check() == (1, {ERROR: "tightship.toml:1"})


@pytest.mark.parametrize("is_configured", [True, False])
def test_a_baseline_of_the_change_hides_nothing_of_it(
    repository: Repository, is_configured: bool
) -> None:
    repository.write("compose.yaml", PRIVILEGED)
    repository.output("check", "--write-baseline")
    if is_configured:
        repository.write("tightship.toml", 'baseline = "tightship-baseline.json"\n')
    code, hidden = repository.check()
    assert code == 1
    assert hidden[ERROR].startswith("tightship-baseline.json:")


@pytest.mark.parametrize("is_configured", [True, False])
def test_a_longer_baseline_hides_nothing(repository: Repository, is_configured: bool) -> None:
    repository.output("check", "--write-baseline")
    repository.base("tightship.toml", 'baseline = "tightship-baseline.json"\n' * is_configured)
    before = (repository.folder / "tightship-baseline.json").read_text("utf-8")
    repository.write("compose.yaml", PRIVILEGED)
    repository.output("check", "--write-baseline")
    after = (repository.folder / "tightship-baseline.json").read_text("utf-8")
    assert before != after
    code, hidden = repository.check()
    assert (code, {*hidden}) == (1, {ERROR})
    assert hidden[ERROR].startswith("tightship-baseline.json:")


@pytest.mark.parametrize("is_new", [True, False], ids=["new", "longer"])
def test_the_baseline_that_the_command_line_names_is_that_before(
    repository: Repository, is_new: bool
) -> None:
    if not is_new:
        repository.output("check", "--write-baseline")
        repository.commit()
        repository.start = repository.git("rev-parse", "HEAD")
    repository.write("compose.yaml", PRIVILEGED)
    repository.output("check", "--write-baseline")
    code, hidden = repository.check("--baseline=tightship-baseline.json")
    assert code == 1
    assert hidden[ERROR].startswith("tightship-baseline.json:")


@pytest.mark.parametrize("is_new", [True, False], ids=["new", "edited"])
def test_the_configuration_that_the_command_line_names_is_that_before(
    repository: Repository, is_new: bool
) -> None:
    if not is_new:
        repository.base("ci/settings.toml", 'ignore = ["unlimited-log"]\n')
    repository.write("compose.yaml", PRIVILEGED)
    repository.write("ci/settings.toml", f'ignore = ["{ERROR}"]\n')
    code, hidden = repository.check("--config=ci/settings.toml")
    assert (code, hidden.get(ERROR)) == (1, "ci/settings.toml:1")


def test_the_removed_settings_of_the_base_count(repository: Repository) -> None:
    repository.base("tightship.toml", '# All of it.\nselect = ["strict"]\nfail-on = "info"\n')
    (repository.folder / "tightship.toml").unlink()
    repository.write("compose.yaml", f"{BASE}  b:\n    image: y:1\n")
    code, data = repository.data()
    hidden = [one for one in data["findings"] if one["hidden_by"] is not None]
    assert code == 1
    assert hidden
    assert {_place(one["hidden_by"]) for one in hidden} == {"tightship.toml:2"}
    message = "hidden by this change, which removes tightship.toml:2"
    assert all(message in one["message"] for one in hidden)


def test_moved_settings_of_the_base_count(repository: Repository) -> None:
    repository.base("tightship.toml", f'severity = {{ {ERROR} = "error" }}\n')
    repository.git("mv", "tightship.toml", ".tightship.toml")
    repository.write("compose.yaml", PRIVILEGED)
    repository.write(".tightship.toml", f'ignore = ["{ERROR}"]\n')
    assert repository.check() == (1, {ERROR: ".tightship.toml:1"})


def test_settings_that_take_precedence_hide_nothing(repository: Repository) -> None:
    repository.base("pyproject.toml", '[tool.tightship]\nselect = ["default"]\n')
    repository.write("compose.yaml", PRIVILEGED)
    repository.write("tightship.toml", 'select = ["unlimited-log"]\n')
    code, hidden = repository.check()
    assert (code, hidden[ERROR]) == (1, "tightship.toml:1")


def test_settings_of_a_folder_hide_nothing(repository: Repository) -> None:
    repository.base("web/compose.yaml", BASE)
    repository.write("web/compose.yaml", PRIVILEGED)
    repository.write("web/tightship.toml", f'\nignore = ["{ERROR}"]\n')
    assert repository.check() == (1, {ERROR: "web/tightship.toml:2"})


def test_settings_of_a_folder_that_set_nothing_hide_nothing(repository: Repository) -> None:
    repository.base("tightship.toml", 'select = ["strict"]\nfail-on = "info"\n')
    repository.base("web/compose.yaml", BASE)
    repository.write("web/compose.yaml", f"{BASE}  b:\n    image: y:1\n")
    repository.write("web/tightship.toml", "# none\n")
    code, hidden = repository.check()
    assert code == 1
    assert {*hidden.values()} == {"web/tightship.toml:1"}


def test_a_link_to_settings_hides_nothing(repository: Repository) -> None:
    repository.write("ci/settings.toml", 'ignore = ["unlimited-log"]\n')
    (repository.folder / "tightship.toml").symlink_to("ci/settings.toml")
    repository.commit()
    repository.start = repository.git("rev-parse", "HEAD")
    repository.write("compose.yaml", PRIVILEGED)
    repository.write("ci/settings.toml", f'ignore = ["{ERROR}"]\n')
    code, hidden = repository.check()
    assert (code, {*hidden}) == (1, {ERROR})


@pytest.mark.parametrize(
    "name",
    [
        *("compose.example.yaml", "old/compose.yaml", "node_modules/compose.yaml"),
        "third_party/compose.yaml",
    ],
)
def test_a_file_moves_out_of_sight_with_a_finding(repository: Repository, name: str) -> None:
    repository.base("tightship.toml", 'exclude = ["*.example.yaml", "old/"]\n')
    repository.base("compose.yaml", f"{BASE}  # {'x' * 200}\n")
    text = f"{PRIVILEGED}  # {'x' * 200}\n"
    (repository.folder / "compose.yaml").unlink()
    repository.write(name, text)
    repository.commit()
    code, data = repository.data()
    found = {one["rule"]: one["message"] for one in data["findings"]}
    assert code == 1
    assert "hidden by this change, which moves it from compose.yaml" in found[ERROR]


def test_a_file_in_an_excluded_folder_stays_unchecked(repository: Repository) -> None:
    repository.base("tightship.toml", 'exclude = ["old/"]\n')
    repository.write("old/compose.yaml", PRIVILEGED)
    assert repository.check() == (0, {})


def test_a_tracked_file_that_git_ignores_is_checked(repository: Repository) -> None:
    repository.write("compose.yaml", PRIVILEGED)
    repository.write(".gitignore", "compose.yaml\n")
    repository.git("add", "--force", "--all")
    repository.commit()
    code, text = repository.output()
    assert code == 1
    assert "is privileged" in text


def test_a_file_that_compose_file_drops_is_checked(repository: Repository) -> None:
    override = "services:\n  a:\n    init: true\n"
    repository.base("compose.override.yaml", override)
    repository.write("compose.override.yaml", f"{override}    privileged: true\n")
    repository.write(".env", "COMPOSE_FILE=compose.yaml\n")
    repository.commit()
    code, text = repository.output()
    assert code == 1
    assert "is privileged" in text


def test_invalid_settings_in_a_change_give_2(repository: Repository) -> None:
    repository.write("compose.yaml", PRIVILEGED)
    repository.write("tightship.toml", "ignore = [\n")
    code, text = repository.output()
    assert code == 2
    assert "tightship.toml:" in text


def test_a_manifest_of_vendored_code_hides_no_file_that_was_checked(repository: Repository) -> None:
    repository.base("vendor/compose.yaml", PRIVILEGED)
    repository.write("vendor/modules.txt", "")
    code, data = repository.data()
    found = {one["rule"]: one["message"] for one in data["findings"]}
    assert code == 1
    hidden = "hidden by this change, which gives vendor/compose.yaml another role"
    assert hidden in found[ERROR]


def test_new_code_of_other_people_is_counted_and_not_checked(repository: Repository) -> None:
    repository.base("vendor/modules.txt", "")
    repository.write("vendor/compose.yaml", PRIVILEGED)
    repository.commit()
    code, text = repository.output()
    assert code == 0
    assert f"nothing to check has changed since {repository.start}\n" in text
    assert "Not read: 1 file (1 with code of other people). `-v` lists it.\n" in text


def test_a_change_repairs_invalid_settings(repository: Repository) -> None:
    repository.base("tightship.toml", "ignore = [\n")
    repository.write("tightship.toml", "ignore = []\n")
    assert repository.check() == (0, {})


def test_settings_that_hide_nothing_are_one_line(repository: Repository) -> None:
    repository.write("compose.yaml", f"{BASE}    init: true\n")
    repository.write("tightship.toml", 'exclude = ["vendor/"]\n')
    code, text = repository.output()
    assert code == 0
    line = "This change edits the configuration (tightship.toml:1), and hides no finding."
    assert text.splitlines().count(line) == 1


def test_other_tables_of_a_pyproject_are_no_settings(repository: Repository) -> None:
    table = '[tool.tightship]\nexclude = ["vendor/"]\n'
    repository.base("pyproject.toml", f'[project]\nversion = "1"\n{table}')
    repository.write("pyproject.toml", f'[project]\nversion = "2"\n{table}')
    code, text = repository.output()
    assert code == 0
    assert "This change" not in text


@pytest.mark.parametrize("option", ["--fail-on=never", "--no-config"])
def test_the_command_line_has_priority(repository: Repository, option: str) -> None:
    repository.write("compose.yaml", PRIVILEGED)
    repository.write("tightship.toml", f'ignore = ["{ERROR}"]\n')
    code, hidden = repository.check(option)
    assert code == int(option == "--no-config")
    assert hidden == ({ERROR: "tightship.toml:1"} if code == 0 else {})


@pytest.mark.parametrize(
    "settings", ['exclude = ["*"]', 'ignore = ["default"]', 'fail-on = "never"']
)
def test_a_whole_check_takes_the_settings_of_a_commit(
    repository: Repository, settings: str
) -> None:
    repository.base("web/compose.yaml", PRIVILEGED)
    repository.write("tightship.toml", f"{settings}\n")
    code, text = repository.output("check", "--settings-of", repository.start)
    assert code == 1
    assert "web/compose.yaml:4:" in text
    assert "tightship.toml:1" in text or settings.startswith("fail")


def test_a_whole_check_reports_what_new_comments_accept(repository: Repository) -> None:
    repository.base("compose.yaml", PRIVILEGED)
    comment = f"# tightship: ignore-file[{ERROR}] r\n"
    repository.write("compose.yaml", comment + PRIVILEGED)
    code, text = repository.output("check", "--settings-of", repository.start)
    assert code == 1
    assert "hidden by compose.yaml:1 of this change" in text
    repository.commit()
    assert repository.output("check", "--settings-of", "HEAD")[0] == 0


def test_after_a_review_the_settings_of_a_change_count(repository: Repository) -> None:
    repository.write("compose.yaml", PRIVILEGED)
    repository.write("tightship.toml", f'ignore = ["{ERROR}"]\n')
    assert repository.check("--trust-change") == (0, {})


@pytest.mark.parametrize(
    "options",
    [
        ("--changed-since=HEAD", "--settings-of=HEAD"),
        ("--trust-change",),
        ("--settings-of=HEAD", "-"),
        ("--settings-of=HEAD", "--write-baseline"),
    ],
)
def test_invalid_options_are_rejected(repository: Repository, options: tuple[str, ...]) -> None:
    code, text = repository.output("check", *options)
    assert code == 2
    assert text.startswith("tightship: ")


COMMENTED = """\
services:
  # tightship: ignore[privileged-container] the build box
  a:
    image: "x:1"
  b:
    image: "x:1"
"""


def test_a_comment_of_the_base_accepts_what_it_was_about(repository: Repository) -> None:
    repository.base("compose.yaml", COMMENTED)
    text = COMMENTED.replace('"x:1"\n  b', '"x:1"\n    privileged: true\n  b')
    repository.write("compose.yaml", text)
    assert repository.check() == (0, {})


def test_a_comment_that_moves_to_another_service_is_new(repository: Repository) -> None:
    repository.base("compose.yaml", COMMENTED)
    comment = "  # tightship: ignore[privileged-container] the build box\n"
    text = COMMENTED.replace(comment, "").replace("  b:\n", f"{comment}  b:\n")
    repository.write("compose.yaml", f"{text}    privileged: true\n")
    assert repository.check() == (1, {ERROR: "compose.yaml:4"})


def test_a_comment_about_one_item_accepts_no_other(repository: Repository) -> None:
    item = "      - /:/host:ro # tightship: ignore[host-root-mounted] a backup\n"
    text = f"{BASE}    volumes:\n{item}"
    repository.base("compose.yaml", text)
    rules = repository.data()[1]
    assert rules["findings"] == []
    repository.write("compose.yaml", f"# moved\n{text}")
    assert repository.check() == (0, {})


def test_the_base_may_allow_suppressions_with_a_reason(repository: Repository) -> None:
    repository.base("tightship.toml", "accept-new-suppressions = true\n")
    dockerfile = "FROM alpine:3.22\nEXPOSE 80\n"
    comment = "# tightship: ignore[image-runs-as-root]"
    repository.write("Dockerfile", f"{comment} it only builds\n{dockerfile}")
    assert repository.check() == (0, {})
    repository.write("Dockerfile", f"{comment}\n{dockerfile}")
    assert repository.check() == (1, {"image-runs-as-root": "Dockerfile:1"})


def test_the_base_may_allow_exceptions_with_a_reason(repository: Repository) -> None:
    allow = "accept-new-suppressions = true\n"
    repository.base("tightship.toml", allow)
    repository.write("Dockerfile", "FROM alpine:3.22\nEXPOSE 80\n")
    exception = '[[per-path]]\npaths = ["*"]\nignore = ["image-runs-as-root"]\nreason = "r"\n'
    repository.write("tightship.toml", allow + exception)
    assert repository.check() == (0, {})


def test_the_change_itself_allows_nothing(repository: Repository) -> None:
    repository.write("tightship.toml", "accept-new-suppressions = true\n")
    comment = "# tightship: ignore[image-runs-as-root] it only builds\n"
    repository.write("Dockerfile", f"{comment}FROM alpine:3.22\nEXPOSE 80\n")
    assert repository.check() == (1, {"image-runs-as-root": "Dockerfile:1"})


@pytest.mark.parametrize("level", ["warning", "info", "error"])
def test_the_base_allows_no_error(repository: Repository, level: str) -> None:
    settings = f'accept-new-suppressions = true\nseverity = {{ {ERROR} = "{level}" }}\n'
    repository.base("tightship.toml", f'fail-on = "info"\n{settings}')
    comment = f"# tightship: ignore-file[{ERROR}] r\n"
    repository.write("compose.yaml", comment + PRIVILEGED)
    assert repository.check() == (1, {ERROR: "compose.yaml:1"})


def test_no_error_inside_another_finding_is_accepted(repository: Repository) -> None:
    repository.base("tightship.toml", "accept-new-suppressions = true\n")
    service = '[[per-service]]\nservices = ["a"]\nreason = "r"\n'
    repository.write("compose.yaml", PRIVILEGED)
    repository.write(
        "tightship.toml", f'accept-new-suppressions = true\n{service}ignore = ["{ERROR}"]\n'
    )
    assert repository.check() == (1, {ERROR: "tightship.toml:2"})


def test_a_part_that_a_comment_hides_gives_2(repository: Repository) -> None:
    text = f"# tightship: ignore-file[not-checked] r\ninclude: [missing.yaml]\n{BASE}"
    repository.write("compose.yaml", text)
    code, hidden = repository.check()
    assert (code, hidden) == (2, {"not-checked": "compose.yaml:1"})


def test_a_shared_value_is_not_hidden_for_one_service(repository: Repository) -> None:
    text = "x-a: &a\n  image: x:1\n  privileged: true\nservices:\n  a: {<<: *a}\n  b: {<<: *a}\n"
    repository.write("compose.yaml", text)
    repository.write(
        "tightship.toml", f'[[per-service]]\nservices = ["b"]\nignore = ["{ERROR}"]\nreason = "r"\n'
    )
    assert repository.check() == (1, {ERROR: "tightship.toml:1"})


@pytest.mark.parametrize("format_", ["concise", "github", "sarif", "junit", "gitlab"])
def test_every_format_reports_it(repository: Repository, format_: str) -> None:
    repository.write("compose.yaml", PRIVILEGED)
    repository.write("tightship.toml", 'exclude = ["*"]\n')
    since = ("check", "--changed-since", repository.start)
    code, text = repository.output(*since, f"--output-format={format_}")
    assert code == 1
    assert "hidden by tightship.toml:1 of this change" in text


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        ('ignore = ["root-user"]', "1 rule off by tightship.toml."),
        ('severity = { root-user = "info" }', "1 severity set by tightship.toml."),
        (
            'ignore = ["default-capabilities-kept", "root-user"]\nexclude = ["x/", "y.yaml"]',
            "2 rules off, 2 paths excluded by tightship.toml.",
        ),
        ('fail-on = "error"', "Configured by tightship.toml."),
        (
            '[[per-path]]\npaths = ["x/"]\nignore = ["root-user"]\nreason = "r"',
            "1 exception by tightship.toml.",
        ),
    ],
)
def test_the_summary_names_the_configuration(
    repository: Repository, settings: str, line: str
) -> None:
    repository.write("tightship.toml", f"{settings}\n")
    repository.write("x/compose.yaml", BASE)
    repository.write("y.yaml", BASE)
    assert line in repository.output("check")[1].splitlines()


def test_the_summary_is_silent_without_a_configuration(repository: Repository) -> None:
    text = repository.output("check")[1]
    assert "onfigur" not in text
    assert " by " not in text.splitlines()[-1]
