"""Commands that start containers, as `tightship check` judges them."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from tests.checking import check

from tightship.cli.main import main
from tightship.engine.fix.declared_proof import check_declared
from tightship.engine.fix.proof import ProofFailed
from tightship.text import Edit, Source, Span

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tightship.engine.verdict import JudgedFinding

PRIVILEGED = "docker run --privileged x:1\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    return tmp_path


def put(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def found(root: Path, *names: str, select: tuple[str, ...] = ("default",)) -> list[JudgedFinding]:
    paths = [str(root / name) for name in names] or [str(root)]
    return [*_findings(paths, select)]


def _findings(paths: list[str], select: tuple[str, ...]) -> Iterator[JudgedFinding]:
    for verdict in check(paths, select, configured=True):
        yield from verdict.findings


def places(findings: list[JudgedFinding], rule: str) -> list[str]:
    return sorted(one.span.source.name for one in findings if one.rule.name == rule)


def test_a_named_script_is_judged(root: Path) -> None:
    put(root, {"start.sh": PRIVILEGED, "tool": f"#!/bin/sh\n{PRIVILEGED}"})
    names = ["start.sh", "tool"]
    assert places(found(root, *names), "privileged-container") == names


@pytest.mark.skipif(shutil.which("git") is None, reason="there is no Git")
def test_a_script_that_git_does_not_know_is_judged(root: Path) -> None:
    put(root, {"tightship.toml": 'front-ends = ["docker-run"]\n', "a/old.sh": PRIVILEGED})
    for words in (("init", "--quiet"), ("add", "--all")):
        subprocess.run(["git", *words], cwd=root, check=True)
    put(root, {"b/new.sh": PRIVILEGED})
    for names in ((), ("a", "b")):
        assert places(found(root, *names), "privileged-container") == ["a/old.sh", "b/new.sh"]


@pytest.mark.parametrize("name", ["start.sh", "Makefile", "README.md", "a.service"])
@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "this file is empty"),
        ("true\n", "nothing in this file starts a container"),
        ("[Service]\nExecStart=/bin/true\n", "nothing in this file starts a container"),
        ("a: b\n", "nothing in this file starts a container"),
    ],
)
def test_a_named_script_without_containers_is_no_compose_file(
    root: Path, name: str, text: str, message: str
) -> None:
    put(root, {name: text})
    assert [one.finding.message for one in found(root, name)] == [message]


def test_a_folder_is_searched_for_commands_by_choice(root: Path) -> None:
    texts = {
        "a/start.sh": PRIVILEGED,
        "Makefile": f"a:\n\t{PRIVILEGED}",
        ".github/workflows/a.yml": f"jobs: {{a: {{steps: [{{run: '{PRIVILEGED.strip()}'}}]}}}}\n",
        "README.md": f"```sh\n{PRIVILEGED}```\n",
        "node_modules/a/start.sh": PRIVILEGED,
        "ignored/start.sh": PRIVILEGED,
        ".gitignore": "ignored/\n",
        "Dockerfile": "FROM alpine:3.22\n",
    }
    put(root, texts)
    assert places(found(root), "privileged-container") == []
    scripts = [".github/workflows/a.yml", "Makefile", "a/start.sh"]
    put(root, {"tightship.toml": 'front-ends = ["docker-run"]\n'})
    assert places(found(root), "privileged-container") == scripts
    put(root, {"tightship.toml": 'front-ends = ["docker-run", "documents"]\n'})
    assert places(found(root), "privileged-container") == sorted((*scripts, "README.md"))
    put(root, {"tightship.toml": "", "a/tightship.toml": 'front-ends = ["docker-run"]\n'})
    assert places(found(root, "a"), "privileged-container") == ["a/start.sh"]


@pytest.mark.parametrize("before", ["echo '\n{}'\n", 'X="\n{}"\n', "f() {{ log x '\n{}'; }}\n"])
def test_a_line_of_a_quoted_text_accepts_nothing(root: Path, before: str) -> None:
    put(
        root,
        {"start.sh": before.format("# tightship: ignore[privileged-container] x") + PRIVILEGED},
    )
    assert places(found(root, "start.sh"), "privileged-container")


def test_a_comment_accepts_a_finding(root: Path) -> None:
    comment = "# tightship: ignore[privileged-container] a tool of the host\n"
    text = f"{comment}docker run \\\n  --privileged x:1\n{PRIVILEGED}"
    put(root, {"start.sh": text})
    [left] = [one for one in found(root, "start.sh") if one.rule.name == "privileged-container"]
    assert left.span.source.point(left.span.start)[0] == 3


def test_a_tool_needs_no_limits(root: Path) -> None:
    put(
        root,
        {"a.sh": "docker run --rm nginx:1.29 nginx -t\n", "b.sh": "docker run -d nginx:1.29\n"},
    )
    lacking = [one for one in found(root, "a.sh", "b.sh") if one.rule.name == "unlimited-resources"]
    words = {one.span.source.name: one.severity.word for one in lacking}
    assert words == {"a.sh": "info", "b.sh": "warning"}


def test_a_script_without_such_commands_is_skipped(root: Path) -> None:
    put(root, {"a.sh": "echo docker run x:1\n"})
    assert found(root, "a.sh") == []


def test_podman_gives_fewer_capabilities(root: Path) -> None:
    put(root, {"a.sh": "podman run -d nginx:1.29\n"})
    [one] = [one for one in found(root, "a.sh") if one.rule.name == "default-capabilities-kept"]
    assert one.finding.message.endswith("keeps Podman's default capabilities")


def test_podman_takes_any_limit_and_the_transport_of_an_image(root: Path) -> None:
    words = "run -m 512k docker://quay.io/a/b:1"
    put(root, {"a.sh": f"podman {words}\n", "b.sh": f"docker {words}\n"})
    names = {one.rule.name for one in found(root, "a.sh")}
    assert names.isdisjoint(("invalid-limit", "invalid-value"))
    names = {one.rule.name for one in found(root, "b.sh")}
    assert names.issuperset(("invalid-limit", "invalid-value"))


def test_a_document_that_shows_a_compose_file_is_no_compose_file(root: Path) -> None:
    services = "```yaml\nservices:\n  a:\n    image: x:1\n```\n"
    compose = services.replace("```yaml\n", "").replace("```\n", "")
    text = f"# Use\n\n{services}\n~~~\n{compose}~~~\n\n```sh\n{PRIVILEGED}```\n"
    put(root, {"README.md": text})
    assert places(found(root, "README.md"), "privileged-container") == ["README.md"]
    assert places(found(root, "README.md"), "invalid-yaml") == []


def test_what_has_no_name_is_an_expression(root: Path) -> None:
    put(root, {"a.sh": 'docker run -u "$(user_of x):$GROUP" x:1\n'})
    rule = "security-setting-from-environment"
    [one] = [one for one in found(root, "a.sh") if one.rule.name == rule]
    assert one.finding.message.startswith("an expression and `GROUP` decide the user of `x`,")
    put(root, {"a.sh": "docker run -u $(id -u):$(id -g) x:1\n"})
    assert not places(found(root, "a.sh"), rule)


def test_a_document_that_begins_with_from_is_no_dockerfile(root: Path) -> None:
    text = f"From the root of this repository run:\n\n```\n{PRIVILEGED}```\n"
    put(root, {"README.md": text})
    findings = found(root, "README.md")
    assert places(findings, "privileged-container") == ["README.md"]
    assert places(findings, "unknown-instruction") == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("docker run -d -v /usr/bin:/host x:1\n", "docker run -d -v /usr/bin:/host:ro x:1\n"),
        ('docker run -d -v "/usr/bin:/host" x:1\n', 'docker run -d -v "/usr/bin:/host:ro" x:1\n'),
        (
            "docker run -d --mount type=bind,src=/usr/bin,dst=/h x:1\n",
            "docker run -d --mount type=bind,src=/usr/bin,dst=/h,readonly x:1\n",
        ),
        (
            "docker run -d --privileged -v /lib/modules:/a --cgroupns=host x:1\n",
            "docker run -d -v /lib/modules:/a:ro --cgroupns=private x:1\n",
        ),
    ],
)
def test_a_fix_may_change_a_part_of_a_word(
    before: str, after: str, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(root, {"a.sh": before})
    main(["check", str(root / "a.sh"), "--fix", "--all-fixes", "--fail-on", "never"])
    assert (root / "a.sh").read_text() == after, capsys.readouterr()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["check"], "2 containers in 1 file"),
        (["check"], "2 containers lack hardening"),
        (["map"], "2 containers, 1 reached from outside"),
        (["explain", "--isolation"], "container  grade"),
        (["harden", "--diff"], "--read-only"),
        (["harden"], "Would harden 2 of 2 containers"),
        (["harden", "--to", "o.yaml"], "only Compose merges files"),
    ],
)
def test_a_script_starts_containers_and_no_services(
    words: list[str], expected: str, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "docker run -d --name a1 -p 80:80 nginx:1.29\ndocker run -d redis:8\n"
    put(root, {"start.sh": text})
    main([words[0], str(root / "start.sh"), *words[1:]])
    printed = capsys.readouterr()
    assert expected in printed.out + printed.err
    assert words == ["map"] or "service" not in printed.out


def test_the_proof_of_a_fix_sees_another_word() -> None:
    text = "docker run -v /a:/b --init x:1\n"
    source = Source("a.sh", text)
    at = text.index(" --init")
    edit = Edit(Span(source, at, at), ":ro")
    check_declared(source, text.replace("/b", "/b:ro"), [edit])
    with pytest.raises(ProofFailed, match="`--init`"):
        check_declared(source, text.replace("/b --init", "/b:ro"), [edit])


def test_only_compose_projects_are_tried(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(root, {"a.sh": "docker run -d --name web example/web:1\n"})
    path = str(root / "a.sh")
    assert main(["harden", path]) == 0
    out = capsys.readouterr().out
    assert "left:" in out
    assert "tightship try" not in out
    assert main(["try", path]) == 2
    assert "`tightship convert FILE:LINE` prints a command as one" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("fields", "verbs"),
    [
        ("volume-opt=o=bind", ["write"]),
        ('"volume-opt=o=rbind,ro"', ["read"]),
        ("volume-opt=o=bind,volume-driver=nfs", []),
    ],
)
@pytest.mark.parametrize("source", ["source=data,", ""])
def test_options_of_a_volume_mount_the_host(
    fields: str, verbs: list[str], source: str, root: Path
) -> None:
    given = f"{source}target=/x,volume-opt=type=none,volume-opt=device=/,{fields}"
    put(root, {"start.sh": f"docker run --mount '{given}' x:1\n"})
    every = found(root, "start.sh", select=("host-root-mounted", "invalid-mount"))
    assert [one.finding.message.split()[3] for one in every] == verbs


def test_a_device_has_a_mode_and_no_target(root: Path) -> None:
    put(root, {"start.sh": "docker run --device /dev/sda:r x:1\n"})
    names = {one.rule.name for one in found(root, "start.sh")}
    assert "host-disk-device" in names
    assert "device-permission-as-target" not in names


def test_a_port_without_a_place_for_an_address_gets_none(root: Path) -> None:
    put(root, {"start.sh": "docker run -p published=5432,target=5432 postgres:17\n"})
    every = found(root, "start.sh", select=("sensitive-port-published",))
    assert [one.finding.fix for one in every] == [None]
