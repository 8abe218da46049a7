"""The settings of other linters, taken over: what counts, and what is told of the rest."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, strategies as st

from tightship.config.key import pattern_problem
from tightship.engine.plan.settings_text import read_config
from tightship.rules.index import INDEX
from tightship_annexes.migration.migrate import migrated
from tightship_annexes.migration.translation import Translation, every_check

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Migrated = Callable[[dict[str, str]], str]


@pytest.fixture
def text_of(tmp_path: Path) -> Migrated:
    """Return what writes files, and returns the configuration made of them.

    Tightship itself has to take it.
    """

    def run(files: dict[str, str]) -> str:
        for name, text in files.items():
            (tmp_path / name).write_text(text, encoding="utf-8")
        translation = migrated(str(tmp_path))
        assert translation is not None
        made = translation.text()
        (tmp_path / "tightship.toml").write_text(made, encoding="utf-8")
        read_config(str(tmp_path / "tightship.toml"))  # raises what is wrong in it
        return made

    return run


@pytest.fixture
def settings_of(text_of: Migrated) -> Callable[[dict[str, str]], dict[str, Any]]:
    return lambda files: set_in(text_of(files))


def set_in(made: str) -> dict[str, Any]:
    """Return settings without the checks that are selected because they were on by default."""
    settings = tomllib.loads(re.sub(r".* has it by default\n", "", made))
    if settings.get("select") == ["default"]:
        settings.pop("select")
    return settings


if TYPE_CHECKING:
    Settings = Callable[[dict[str, str]], dict[str, Any]]


HADOLINT = """\
ignored:
  - DL3002
  - DL3048
  - SC2086
override:
  error: [DL3006, DL3057]
  style: [DL3007]
failure-threshold: style
trustedRegistries: [docker.io, "*.gcr.io", library]
label-schema: {author: text}
"""


def test_the_settings_of_hadolint(text_of: Migrated) -> None:
    made = text_of({".hadolint.yaml": HADOLINT})
    settings = set_in(made)
    assert settings == {
        "select": ["default", "hygiene", "shellcheck", "DL3057"],
        "ignore": ["DL3002", "DL3048", "SC2086"],
        "severity": {"DL3006": "error", "DL3057": "error", "DL3007": "info"},
        "trusted-registries": ["docker.io", "*.gcr.io"],
        "fail-on": "info",
        "rules": {
            "missing-label": {"required": ["author"]},
            "invalid-label-value": {"types": {"author": "text"}},
        },
    }
    assert '"DL3002",  # .hadolint.yaml:2\n' in made
    assert '"DL3048",  # .hadolint.yaml:3\n' in made
    assert '"SC2086",  # .hadolint.yaml:4\n' in made
    assert '"shellcheck",  # .hadolint.yaml:1, needs `pip install \'tightship' in made
    assert "# .hadolint.yaml:9: `library`: `library` names no registry" in made


def test_a_hadolint_configuration_that_never_fails(settings_of: Settings) -> None:
    text = "failure-threshold: error\nno-fail: true\n"
    assert settings_of({".hadolint.yml": text})["fail-on"] == "never"


def test_a_hadolint_configuration_fails_a_run_as_before(settings_of: Settings) -> None:
    assert settings_of({".hadolint.yaml": "ignored: []\n"})["fail-on"] == "info"
    settings = settings_of(
        {".hadolint.yaml": "failure-threshold: error\noverride: {info: [DL3020]}\n"}
    )
    assert settings["fail-on"] == "error"
    severity = settings["severity"]
    assert severity["DL3020"] == "info"
    assert severity["DL3000"] == "error"
    theirs = {one.id: one.severity for one in every_check()["hadolint"]}
    assert all(theirs[id] == "error" for id in severity)
    for rule in (rule for entry in INDEX if "DL3000" in entry.aliases for rule in [entry.load()]):
        assert rule.severity.word != "error"


@pytest.mark.parametrize(
    ("option", "result"),
    [
        ("failure-threshold: none", {"fail-on": "never"}),
        ("failure-threshold: ignore", {"fail-on": "info"}),
        ("failure-threshold: style", {"fail-on": "info"}),
        ("no-fail: true", {"fail-on": "never"}),
        ("no-fail: false", {}),
        ("ignored: [DL3008, SC2086]", {"ignore": ["DL3008", "SC2086"]}),
        ("override: {error: [DL3057]}", {"severity": {"DL3057": "error"}}),
        ("override: {warning: [DL3057]}", {"severity": {"DL3057": "warning"}}),
        ("override: {info: [DL3057]}", {"severity": {"DL3057": "info"}}),
        ("override: {style: [DL3057]}", {"severity": {"DL3057": "info"}}),
        ("trustedRegistries: [ghcr.io]", {"trusted-registries": ["ghcr.io"]}),
        (
            "label-schema: {a: text, b: rfc3339, c: semver, d: url, e: hash, f: spdx, g: email}",
            {
                "rules": {
                    "missing-label": {"required": [*"abcdefg"]},
                    "invalid-label-value": {
                        "types": {
                            "a": "text",
                            "b": "rfc3339",
                            "c": "semver",
                            "d": "url",
                            "e": "hash",
                            "f": "spdx",
                            "g": "email",
                        }
                    },
                }
            },
        ),
        (
            "label-schema: {a: text}\nstrict-labels: true",
            {
                "rules": {
                    "missing-label": {"required": ["a"]},
                    "invalid-label-value": {"types": {"a": "text"}},
                    "unexpected-label": {"allowed": ["a"]},
                }
            },
        ),
        ("strict-labels: false", {}),
        ("disable-ignore-pragma: false", "comments apply here, too"),
        ("disable-ignore-pragma: true", "`tightship check --no-ignores`"),
        ("format: json", "`--output-format`"),
        ("no-color: true", "`--output-format`"),
        ("output: x", "`--output-format`"),
        ("label-schema: {a: colour}", "`colour` is no type of labels"),
        ("override: {fatal: [DL3002]}", "this names no severity"),
        ("failure-threshold: fatal", "`fatal` names no severity"),
        ("verbose: true", "hadolint has no such setting"),
    ],
)
def test_each_option_of_hadolint(text_of: Migrated, option: str, result: Any) -> None:
    made = text_of({".hadolint.yaml": f"{option}\n"})
    settings = set_in(made)
    if isinstance(result, str):
        assert result in made.partition("# Not taken over:\n")[2]
        result = {}
    assert "# Not taken over:" not in made or not result
    select = ["default", "hygiene", "shellcheck"]
    select += ["DL3057"] if "DL3057" in option else []
    assert settings == {"select": select, "fail-on": "info", **result}


TALLY = """\
bogus = 1

[output]
format = "sarif"
fail-level = "warning"

[rules]
include = ["buildkit/*", "hadolint/DL3057"]
exclude = ["buildkit/MaintainerDeprecated", "hadolint/DL400*", "DL3003", "tally/secrets-in-code"]

[rules.tally.max-lines]
max = 50

[rules.hadolint.DL3026]
severity = "error"
trusted-registries = ["ghcr.io"]

[rules.tally.labels.valid-key]
severity = "off"

[inline-directives]
enabled = false
warn-unused = true
require-reason = true

[slow-checks]
mode = "off"
"""


def test_the_settings_of_tally(text_of: Migrated) -> None:
    made = text_of({".tally.toml": TALLY})
    settings = set_in(made)
    ignored = ["DL4000", "DL4001", "DL4003", "DL4004", "DL4005", "DL4006", "DL3003"]
    assert settings == {
        "select": ["default", "hygiene", "shellcheck", "DL3057"],
        "ignore": [*ignored, "tally:secrets-in-code", "tally:valid-key"],
        "trusted-registries": ["ghcr.io"],
        "severity": {"DL3026": "error"},
        "fail-on": "warning",
    }
    assert '"tally:valid-key",  # .tally.toml:19\n' in made
    for line in (
        ".tally.toml:1: `bogus`: tally has no such setting",
        ".tally.toml:4: `output.format`: the form of the output is chosen with `--output-format`",
        ".tally.toml:12: `max` of `tally/max-lines`: the corresponding rule has no such option",
        ".tally.toml:22: `enabled`: comments apply unless `tightship check --no-ignores` is called",
        ".tally.toml:24: `require-reason`: reasons are not required here",
        ".tally.toml:26: `slow-checks`: Tightship asks no registry",
    ):
        assert f"# {line}\n" in made


@pytest.mark.parametrize(
    ("text", "fail_on"),
    [
        ("", "info"),
        ("[output]\nfail-level = 'none'\n", "never"),
        ("[ai]\nenabled = true\n", "info"),
    ],
)
def test_what_fails_a_run_of_tally(settings_of: Settings, text: str, fail_on: str) -> None:
    assert settings_of({"tally.toml": text})["fail-on"] == fail_on


def test_a_broken_file_of_tally_is_said(text_of: Migrated) -> None:
    made = text_of({".tally.toml": "[rules]\ninclude = [\n"})
    assert "the file: it is not TOML\n" in made


def test_what_is_lost_is_told_unless_it_was_off(tmp_path: Path) -> None:
    (tmp_path / ".hadolint.yaml").write_text("ignored: [DL4006]\n", encoding="utf-8")
    translation = migrated(str(tmp_path))
    assert translation is not None
    lost = translation.losses()
    assert "DL3003: a `cd` that other commands" in lost
    assert "DL4006" not in lost
    assert "DL1001" not in lost
    (tmp_path / ".hadolint.yaml").write_text("override: {info: [DL1001]}\n", encoding="utf-8")
    translation = migrated(str(tmp_path))
    assert translation is not None
    assert "# .hadolint.yaml:1: `DL1001`: about comments\n" in translation.text()


@pytest.mark.parametrize(
    ("files", "check", "is_selected"),
    [
        ({".hadolint.yaml": "ignored: []\n"}, "DL3066", True),
        ({".hadolint.yaml": "ignored: [DL3066]\n"}, "DL3066", False),
        ({".hadolint.yaml": "ignored: []\n"}, "DL3057", False),  # off by default
        ({".hadolint.yaml": "ignored: []\n"}, "DL3003", False),  # in the set hygiene
        ({".trivyignore": "DS-0002\n"}, "trivy:DS-0013", True),
        ({".trivyignore": "DS-0002\n"}, "trivy:DS-0004", False),  # in the default set
        ({".tally.toml": ""}, "DL3066", True),
    ],
)
def test_what_is_on_there_is_selected(
    text_of: Migrated, files: dict[str, str], check: str, is_selected: bool
) -> None:
    assert (f'  "{check}",  # ' in text_of(files).partition("\n]")[0]) == is_selected


def test_every_difference_is_about_a_check_with_a_rule() -> None:
    known = {alias for rule in INDEX for alias in rule.aliases}
    for checks in every_check().values():
        for check in checks:
            assert bool(check.absent) == (check.id not in known), check.id
            assert not check.absent or not (check.laxer or check.stricter), check.id


def test_the_settings_of_dclint(text_of: Migrated) -> None:
    text = """{"rules": {"no-version-field": 0, "no-unbound-port-interfaces": 2,
        "require-quotes-in-ports": [1, {"quoteType": "double"}],
        "service-image-require-explicit-tag": [1, {"prohibitedTags": ["dev"]}]},
        "exclude": ["old"], "quiet": true}"""
    made = text_of({".dclintrc": text})
    assert set_in(made) == {
        "select": ["default", "dclint:no-unbound-port-interfaces"],
        "ignore": ["dclint:no-version-field"],
        "exclude": ["old"],
        "severity": {
            "dclint:no-unbound-port-interfaces": "error",
            "dclint:service-image-require-explicit-tag": "warning",
        },
    }
    assert "`require-quotes-in-ports`: a matter of style" in made
    assert "options of `service-image-require-explicit-tag`: " in made


def test_dclint_in_a_package_and_in_a_program(text_of: Migrated) -> None:
    package = '{"name": "x", "dclint": {"rules": {"no-version-field": 0}}}'
    made = text_of({"package.json": package, "dclint.config.js": "throw 1"})
    assert set_in(made) == {"ignore": ["dclint:no-version-field"]}
    assert "# dclint.config.js: the file: it is a program, which Tightship does not run\n" in made


def test_a_package_without_settings_is_skipped(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text('{"name": "dclint"}')
    assert migrated(str(tmp_path)) is None


def test_the_settings_of_compose_lint(settings_of: Settings) -> None:
    text = """\
rules:
  CL-0007: {enabled: false, reason: caches}
  CL-0008: {severity: medium}
  CL-0012: {enabled: false}
  CL-0005:
    exclude_services: {web: public, api: }
  CL-0003:
    reason: old
    exclude_services: [web, db]
"""
    settings = settings_of({".compose-lint.yml": text})
    assert settings["ignore"] == ["CL-0007"]
    assert settings["severity"] == {"CL-0008": "warning"}
    assert settings["per-service"] == [
        {"services": ["web"], "ignore": ["CL-0005"], "reason": "public"},
        {"services": ["api"], "ignore": ["CL-0005"], "reason": "accepted in .compose-lint.yml"},
        {"services": ["web"], "ignore": ["CL-0003"], "reason": "old"},
        {"services": ["db"], "ignore": ["CL-0003"], "reason": "old"},
    ]


def test_the_settings_of_kics(text_of: Migrated) -> None:
    text = """{"exclude-queries": "ae5b6871-7f45-42e0-bb4c-ab300c4d2026,
        698ed579-b239-4f8f-a388-baa4bcb13ef8", "exclude-paths": ["./vendor", "a/b"],
        "fail-on": ["high", "medium"], "exclude-results": ["1"], "minimal-ui": true}"""
    made = text_of({"kics.config": text})
    assert set_in(made) == {
        "ignore": ["kics:ae5b6871"],
        "exclude": ["/vendor", "/a/b"],
        "fail-on": "warning",
    }
    assert "about operation, not isolation" in made
    assert "`minimal-ui`: Tightship has no such setting" in made


def test_the_settings_of_checkov(text_of: Migrated) -> None:
    text = """\
skip-check: [CKV_DOCKER_3, "CKV_DOCKER_1*", CKV_AWS_1, CKV_DOCKER_99]
skip-path: [vendor, "a.*b"]
soft-fail: true
"""
    made = text_of({".checkov.yaml": text})
    ids = ["CKV_DOCKER_3", "CKV_DOCKER_1", "CKV_DOCKER_10", "CKV_DOCKER_11"]
    assert set_in(made) == {
        "ignore": [f"checkov:{one}" for one in ids],
        "exclude": ["vendor"],
        "fail-on": "never",
    }
    elsewhere = "it is about something other than Dockerfiles and Compose files"
    assert f"`CKV_AWS_1`: {elsewhere}\n" in made
    assert "`CKV_DOCKER_99`: no rule has this id\n" in made
    assert "`a.*b`: it is a regular expression" in made


def test_the_settings_of_trivy(text_of: Migrated) -> None:
    made = text_of(
        {
            ".trivyignore": "# why\nDS002\nAVD-DS-0013 # cd\nCVE-2020-1\nDS-0005 exp:2030-01-01\n",
            ".trivyignore.yaml": "misconfigurations:\n"
            "  - {id: DS-0026, statement: batch}\n"
            "  - {id: DS-0010, paths: [old/Dockerfile], statement: old}\n"
            "  - {id: DS-0001, expired_at: 2030-01-01}\n"
            "vulnerabilities: [{id: CVE-1}]\n",
            "trivy.yaml": "scan: {skip-dirs: [vendor]}\nseverity: [HIGH]\n",
        }
    )
    assert set_in(made) == {
        "ignore": ["trivy:DS-0026", "trivy:DS-0002", "trivy:DS-0013"],
        "exclude": ["/vendor"],
        "per-path": [{"paths": ["/old/Dockerfile"], "ignore": ["trivy:DS-0010"], "reason": "old"}],
    }
    assert '"trivy:DS-0013",  # .trivyignore:3' in made
    assert "# .trivyignore:4: `CVE-2020-1`: it is about something other" in made
    assert "# .trivyignore:5: `DS-0005` until 2030-01-01: settings here have" in made
    assert "# .trivyignore.yaml:4: `DS-0001` until 2030-01-01: " in made
    assert "# trivy.yaml:2: `severity`: severities are not the same here" in made


def test_the_first_of_two_thresholds_applies(text_of: Migrated) -> None:
    made = text_of(
        {".hadolint.yaml": "failure-threshold: info\n", "kics.config": "fail-on: critical\n"}
    )
    assert set_in(made) == {"select": ["default", "hygiene", "shellcheck"], "fail-on": "info"}
    place = ".hadolint.yaml:1"
    assert f"kics.config:1: fails on `error`: `info` is taken over from {place}\n" in made


def test_an_unreadable_file_is_reported(text_of: Migrated) -> None:
    made = text_of({".hadolint.yaml": "ignored: [", ".checkov.yaml": "- a\n"})
    reason = "the file: it contains no settings in YAML or JSON\n"
    assert f"# .hadolint.yaml: {reason}# .checkov.yaml: {reason}" in made


def test_nothing_outside_of_the_folder_is_read(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("ignored: [DL3002]\n")
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / ".hadolint.yaml").symlink_to(tmp_path / "secret")
    translation = migrated(str(folder))
    assert translation is not None
    assert "DL3002" not in translation.text()
    assert "it cannot be read" in translation.text()


@pytest.mark.parametrize("linter", ["hadolint", "dclint", "Trivy", "Checkov", "KICS"])
def test_every_check_is_taken_over_or_left_with_its_reason(linter: str) -> None:
    translation = Translation()
    checks = every_check()[linter]
    for check in checks:
        translation.ignore(linter.lower(), check.id.rpartition(":")[2], "x:1")
    made = translation.text()
    known = {alias for rule in INDEX for alias in rule.aliases}
    for check in checks:
        is_taken = f'"{check.id}",  # x:1\n' in made
        word = check.id.rpartition(":")[2]
        is_left = f"# x:1: `{word}`: {check.absent}\n" in made
        assert (is_taken, is_left) == (check.id in known, check.id not in known)


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=30))
def test_any_words_make_a_valid_configuration(word: str, path: str, why: str) -> None:
    translation = Translation()
    translation.sources.append(path)
    translation.add("exclude", path, word)
    translation.leave(word, path, why)
    translation.fail_on("error", word)
    translation.severity("hadolint", "DL3002", "info", word)
    translation.accept("trivy", "DS-0002", word, key="paths", names=(path,), reason=why)
    settings = tomllib.loads(translation.text())
    kept = [path] if pattern_problem(path) is None else []
    assert settings.get("exclude", []) == kept
    assert settings["fail-on"] == "error"
    if kept:
        assert settings["per-path"][0]["paths"] == [path]
