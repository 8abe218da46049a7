"""The settings of other linters, taken over: what counts, and what is told of the rest."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from tightship.config.key import pattern_problem
from tightship.engine.plan.config_files import read_config
from tightship.migration.migrate import migrated
from tightship.migration.translation import Translation, every_check
from tightship.rules.index import INDEX

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any

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
    return lambda files: tomllib.loads(text_of(files))


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
    settings = tomllib.loads(made)
    assert settings == {
        "select": ["default", "hygiene", "shellcheck", "DL3057"],
        "ignore": ["DL3002", "DL3048", "SC2086"],
        "severity": {"DL3006": "error", "DL3057": "error", "DL3007": "info"},
        "trusted-registries": ["docker.io", "*.gcr.io"],
        "fail-on": "info",
    }
    assert '"DL3002",  # .hadolint.yaml:2\n' in made
    assert '"DL3048",  # .hadolint.yaml:3\n' in made
    assert '"SC2086",  # .hadolint.yaml:4\n' in made
    assert '"shellcheck",  # .hadolint.yaml:1, needs `pip install \'tightship' in made
    assert "# .hadolint.yaml:9: `library`: `library` names no registry" in made
    assert "# .hadolint.yaml:10: `label-schema`: labels are options of the rules" in made


def test_a_hadolint_configuration_that_never_fails(settings_of: Settings) -> None:
    text = "failure-threshold: error\nno-fail: true\n"
    assert settings_of({".hadolint.yml": text})["fail-on"] == "never"


def test_the_settings_of_dclint(text_of: Migrated) -> None:
    text = """{"rules": {"no-version-field": 0, "no-unbound-port-interfaces": 2,
        "require-quotes-in-ports": [1, {"quoteType": "double"}],
        "service-image-require-explicit-tag": [1, {"prohibitedTags": ["dev"]}]},
        "exclude": ["old"], "quiet": true}"""
    made = text_of({".dclintrc": text})
    assert tomllib.loads(made) == {
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
    assert tomllib.loads(made) == {"ignore": ["dclint:no-version-field"]}
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
    assert tomllib.loads(made) == {
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
    assert tomllib.loads(made) == {
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
    assert tomllib.loads(made) == {
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
        {".hadolint.yaml": "failure-threshold: error\n", "kics.config": "fail-on: low\n"}
    )
    assert tomllib.loads(made) == {
        "select": ["default", "hygiene", "shellcheck"],
        "fail-on": "error",
    }
    place = ".hadolint.yaml:1"
    assert f"kics.config:1: fails on `info`: `error` is translation from {place}\n" in made


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
        is_left = f"# x:1: `{word}`: {check.reason}\n" in made
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
