"""A sealed check sees what a policy demands, whatever the checked files say about it."""

from __future__ import annotations

import subprocess
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from tightship.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

POLICY = """\
[policy]
name = "corp"
version = "3"
{more}
[[rule]]
id = "corp/privileged"
for = "service"
require.privileged = false
message = "{{name}} is privileged"
[[rule.good]]
"compose.yaml" = "services: {{a: {{image: b}}}}"
[[rule.bad]]
"compose.yaml" = "services: {{a: {{image: b, privileged: true}}}}"
"""
EXCEPTION = """
[[exception]]
rule = "corp/privileged"
{where}
reason = "it manages disks"
approved-by = "security"
until = {until}
"""
BAD = "services: {web: {image: 'nginx:1.29', privileged: true, read_only: true}}\n"
RUN = ["check", "--select", "obsolete-version"]


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the top of a repository that is the current folder."""
    made = tmp_path / "tree"
    made.mkdir()
    subprocess.run(["git", "init", "-q", str(made)], check=True)
    monkeypatch.chdir(made)
    return made


def written(tmp_path: Path, more: str = "", exceptions: str = "") -> str:
    path = tmp_path / "policy.toml"
    path.write_text(POLICY.format(more=more) + exceptions)
    return str(path)


def put(tree: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = tree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


# More ways to hide one are in tests/attack.
PLACES = ("compose.yaml", "deep/er/compose.yaml", "vendor/x/compose.yaml")


@pytest.mark.parametrize("place", PLACES)
def test_a_violation_is_found_wherever_it_is(
    place: str, tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(tree, {"compose.yaml": "services: {a: {image: a}}\n", place: BAD})
    subprocess.run(["git", "add", "-A"], check=True)
    assert main([*RUN, "--policy", written(tmp_path)]) == 1
    assert f"{place}:1" in capsys.readouterr().out


def test_other_processes_hide_no_violation(
    tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tightship.engine.check.FEWEST_FOR_WORKERS", 2)
    put(tree, {f"{one}/compose.yaml": BAD for one in "abc"})
    assert main([*RUN, "--jobs", "2", "--policy", written(tmp_path)]) == 1
    assert "3 errors" in capsys.readouterr().out


@pytest.mark.parametrize(
    "settings",
    [
        "[[project]]\nfiles = ['other.yaml']\n",
        "[[platform]]\npaths = ['compose.yaml']\nafter = ['other.yaml']\n",
    ],
)
def test_the_projects_of_settings_build_no_dockerfile_in_place_of_others(
    settings: str, tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    built = "services: {web: {build: sub, privileged: true}}\n"
    other = "services: {web: {image: a, build: !reset null, privileged: false}}\n"
    put(tree, {"compose.yaml": built, "sub/Dockerfile": "FROM debian:13\n", "other.yaml": other})
    put(tree, {"tightship.toml": settings})
    assert main([*RUN, "--policy", written(tmp_path), "sub"]) == 1
    assert "[corp/privileged]" in capsys.readouterr().out


def test_the_purpose_of_a_file_lowers_nothing_that_a_policy_demands(
    tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(tree, {"tests/Dockerfile": "FROM debian:latest\n"})
    assert main(["check"]) == 0
    assert main([*RUN, "--policy", written(tmp_path, 'builtin = ["latest-base-image"]')]) == 1
    assert "warning: `FROM` uses `debian:latest`" in capsys.readouterr().out


def test_the_project_of_merged_files_is_in_the_folder_of_the_first(
    tree: Path, tmp_path: Path
) -> None:
    command = "up:\n\tdocker compose -f z/base.yaml -f a/more.yaml up\n"
    more = "services: {web: {init: true}}\n"
    put(tree, {"z/base.yaml": BAD, "a/more.yaml": more, "Makefile": command})
    for where, expected in (('projects = ["z"]', 0), ('projects = ["a"]', 1)):
        exception = EXCEPTION.format(where=where, until="9999-01-01")
        assert main([*RUN, "--policy", written(tmp_path, exceptions=exception)]) == expected


def test_files_are_judged_as_the_platform_of_the_policy_runs_them(
    tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    app = "services: {web: {image: 'nginx:1.29', privileged: true}}\n"
    tame = "services: {web: {privileged: false}}\n"
    put(tree, {"apps/a/compose.yaml": app, "platform/tame.yaml": tame})
    platform = """
[[platform]]
paths = ["apps/*/compose.yaml"]
after = ["platform/tame.yaml"]
"""
    policy = written(tmp_path, exceptions=platform)
    assert main([*RUN, "--policy", policy]) == 0
    put(tree, {"other/compose.yaml": app})
    assert main([*RUN, "--policy", policy]) == 1
    out = capsys.readouterr().out
    assert "other/compose.yaml" in out
    assert "apps/a" not in out


def test_a_default_that_reads_otherwise_is_judged_as_well(
    tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text("""
[policy]
name = "corp"
[[rule]]
id = "corp/registry"
for = "image"
require.registry = "docker.io"
message = "{reference} comes from another registry"
good = [{ "compose.yaml" = "services: {a: {image: nginx}}" }]
bad = [{ "compose.yaml" = "services: {a: {image: 'ghcr.io/a/b'}}" }]
""")
    put(tree, {"compose.yaml": "services: {a: {image: 'evil.example:${X:-5000/x}'}}\n"})
    assert main([*RUN, "--policy", str(policy)]) == 1
    put(tree, {"compose.yaml": "services: {a: {image: 'nginx:${X:-1.29}'}}\n"})
    assert main([*RUN, "--policy", str(policy)]) == 0


def test_what_is_not_seen_is_2_and_named(
    tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fine = "services: {web: {image: 'nginx:1.29'}}\n"
    put(tree, {"compose.yaml": fine, "compose.yaml.j2": BAD})
    assert main([*RUN, "--policy", written(tmp_path)]) == 2
    assert (
        "compose.yaml.j2 was not checked: its name ends in `.j2`; if it is never run"
        in capsys.readouterr().out
    )
    left_out = written(tmp_path, 'left-out = ["*.j2"]')
    assert main([*RUN, "--policy", left_out]) == 0


def test_a_policy_demands_rules_of_tightship(
    tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    comment = "# tightship: ignore[host-pid-namespace] we like it\n"
    put(tree, {"compose.yaml": f"services:\n  a:\n    image: b\n    {comment}    pid: host\n"})
    policy = written(tmp_path, 'builtin = ["host-pid-namespace"]')
    assert main([*RUN, "--policy", policy]) == 1
    assert "[host-pid-namespace]" in capsys.readouterr().out


def test_advice_is_shown_and_fails_nothing(
    tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(tree, {"compose.yaml": BAD, "compose.yaml.j2": BAD})
    assert main([*RUN, "--policy", written(tmp_path, "advice = true")]) == 0
    assert "[corp/privileged]" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("where", "until", "expected"),
    [
        ("", "9999-01-01", 0),
        ('services = ["web"]', "9999-01-01", 0),
        ('services = ["db"]', "9999-01-01", 1),
        ('projects = ["."]', "9999-01-01", 0),
        ('projects = ["web"]', "9999-01-01", 1),
        ('files = ["compose.*"]', "9999-01-01", 0),
        ("", "2020-01-01", 1),
    ],
)
def test_only_an_exception_of_the_policy_accepts(
    where: str,
    until: str,
    expected: int,
    tree: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    put(tree, {"compose.yaml": "name: web\n" + BAD})
    policy = written(tmp_path, exceptions=EXCEPTION.format(where=where, until=until))
    assert main([*RUN, "-v", "--policy", policy]) == expected
    out = capsys.readouterr().out
    assert ("ended on 2020-01-01" in out) is (until == "2020-01-01")
    assert ("accepts nothing" in out) is (expected == 1 and until != "2020-01-01")


IMAGES = """
[[rule]]
id = "corp/registry"
for = "image"
require.registry = "r.example"
message = "{reference} comes from another registry"
good = [{ "compose.yaml" = "services: {a: {image: r.example/a}}" }]
bad = [{ "compose.yaml" = "services: {a: {image: a}}" }]
[[exception]]
rule = "corp/registry"
services = ["web"]
reason = "it is tested"
approved-by = "security"
until = 9999-01-01
"""


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("", 0),
        ("  other: {<<: *web, init: true}\n", 1),
        ("  other: {extends: web}\n", 1),
        ("  other: *web\n", 1),
    ],
)
def test_an_exception_for_a_service_is_none_for_others_that_get_its_image(
    more: str, expected: int, tree: Path, tmp_path: Path
) -> None:
    put(tree, {"compose.yaml": "services:\n  web: &web {image: a}\n" + more})
    assert main([*RUN, "--policy", written(tmp_path, exceptions=IMAGES)]) == expected


def test_the_exceptions_of_one_policy_are_no_use_against_another(
    tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(tree, {"compose.yaml": BAD})
    organisation = written(tmp_path)
    team = tmp_path / "team.toml"
    own = POLICY.format(more="") + EXCEPTION.format(where="", until="9999-01-01")
    team.write_text(own.replace('name = "corp"', 'name = "team"'))
    assert main([*RUN, "--policy", organisation, "--policy", str(team)]) == 1
    assert capsys.readouterr().out.count("[corp/privileged]") == 1


def test_a_digest_holds_the_content(
    tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(tree, {"compose.yaml": BAD})
    policy = tmp_path / "policy.toml"
    digest = sha256(POLICY.format(more="").encode()).hexdigest()
    policy.write_text(POLICY.format(more=""))
    assert main([*RUN, "--policy", f"{policy}#sha256={digest}"]) == 1
    policy.write_text(POLICY.format(more="").replace("false", "true"))
    assert main([*RUN, "--policy", f"{policy}#sha256={digest}"]) == 2
    assert "has another digest" in capsys.readouterr().err
    assert main([*RUN, "--policy", f"{policy}#sha512=00"]) == 2


def test_a_policy_that_the_change_can_edit_is_told(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(tree, {"compose.yaml": BAD, "policy.toml": POLICY.format(more="")})
    assert main([*RUN, "--policy", "policy.toml"]) == 1
    assert "a change can edit it" in capsys.readouterr().err


def git(*words: str) -> None:
    who = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    subprocess.run(["git", *who, *words], check=True, capture_output=True)


def test_the_policy_of_a_commit_counts_and_not_that_of_the_tree(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(tree, {"compose.yaml": BAD, "ci/policy.toml": POLICY.format(more="")})
    git("add", "-A")
    git("commit", "-qm", "base")
    put(tree, {"ci/policy.toml": POLICY.format(more="").replace("= false", "= true")})
    assert main([*RUN, "--policy-from", "HEAD:ci/policy.toml"]) == 1
    for wrong in ("HEAD", "HEAD:", ":x", "HEAD:none.toml", "none:ci/policy.toml", "HEAD:ci"):
        assert main([*RUN, "--policy-from", wrong]) == 2, wrong
    assert "has no file `none.toml`" in capsys.readouterr().err


def test_no_policy_is_read_through_a_link(tree: Path, tmp_path: Path) -> None:
    put(tree, {"compose.yaml": BAD})
    (tree / "policy.toml").symlink_to(written(tmp_path))
    git("add", "-A")
    git("commit", "-qm", "base")
    assert main([*RUN, "--policy-from", "HEAD:policy.toml"]) == 2


@pytest.mark.parametrize("text", ["", "[policy]\n", "\0", "name = 'x'"])
def test_an_invalid_policy_checks_nothing(text: str, tree: Path, tmp_path: Path) -> None:
    put(tree, {"compose.yaml": BAD})
    path = tmp_path / "policy.toml"
    path.write_text(text)
    assert main([*RUN, "--policy", str(path)]) == 2
    assert main([*RUN, "--policy", str(tmp_path / "none.toml")]) == 2


def test_settings_name_policies_and_nothing_else_there_weakens_them(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = """
policies = ["policy.toml"]
ignore = ["default", "strict"]
severity = { strict = "info" }
[[per-path]]
paths = ["*"]
ignore = ["default"]
reason = "no"
"""
    put(
        tree,
        {
            "compose.yaml": "# tightship: ignore-file[privileged-container] no\n" + BAD,
            "policy.toml": POLICY.format(more=""),
            "tightship.toml": settings,
        },
    )
    main(["check", "--write-baseline"])
    capsys.readouterr()
    assert main(["check"]) == 1
    assert "[corp/privileged]" in capsys.readouterr().out
    put(tree, {"tightship.toml": 'policies = ["none.toml"]\n'})
    assert main(["check"]) == 2
    assert "tightship.toml:1:13" in capsys.readouterr().err
    put(tree, {"tightship.toml": 'policies = ["policy.toml"]\n', "policy.toml": "[policy]\n"})
    assert main(["check"]) == 2
    assert "policy.toml:1" in capsys.readouterr().err


ONLY_NEW = [
    ("", True),
    ("only-new = false", True),
    ("only-new = true", False),
    ("only-new = 9000-12-31", False),
    ("only-new = 2020-12-31", True),
]


@pytest.mark.parametrize(("more", "old"), ONLY_NEW)
def test_a_policy_may_ask_for_what_a_change_brings(
    more: str, old: bool, tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(tree, {"old/compose.yaml": BAD, "new/compose.yaml": "services: {web: {image: a}}\n"})
    git("add", "-A")
    git("commit", "-qm", "base")
    policy = written(tmp_path, more)
    since = [*RUN, "--changed-since", "HEAD", "--policy", policy]
    assert main(since) == int(old)
    assert ("old/compose.yaml" in capsys.readouterr().out) is old
    put(tree, {"new/compose.yaml": BAD, "tightship.toml": 'ignore = ["default"]\n'})
    assert main(since) == 1
    out = capsys.readouterr().out
    assert "new/compose.yaml" in out
    assert ("old/compose.yaml" in out) is old
    # Without a change that is named, everything counts.
    assert main([*RUN, "--policy", policy]) == 1
    assert "old/compose.yaml" in capsys.readouterr().out


def test_the_day_up_to_which_earlier_violations_rest_is_told(
    tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(tree, {"compose.yaml": BAD})
    git("add", "-A")
    git("commit", "-qm", "base")
    put(tree, {"compose.yaml": f"# more\n{BAD}"})
    policy = written(tmp_path, "only-new = 9000-12-31")
    assert main([*RUN, "--changed-since", "HEAD", "--policy", policy]) == 0
    assert "up to 9000-12-31" in capsys.readouterr().out
    for wrong in ('"soon"', "1", '"2027-1-1"', "[]"):
        policy = written(tmp_path, f"only-new = {wrong}")
        assert main([*RUN, "--policy", policy]) == 2
        assert "`only-new` has to be true, or the last day, such as" in capsys.readouterr().err


def builtin(tmp_path: Path, more: str, exceptions: str = "") -> str:
    """Return a policy without its own rules."""
    path = tmp_path / "policy.toml"
    path.write_text(f'[policy]\nname = "corp"\n{more}\n{exceptions}')
    return str(path)


# What leaves a rule without a verdict, by the rule.
UNDECIDED = (
    ("privileged-container", "privileged: '${X}'"),
    ("root-user", "user: '${X}'"),
    ("host-pid-namespace", "pid: '${X}'"),
    ("writable-root-filesystem", "read_only: '${X}'"),
    ("host-takeover-capability", "cap_add: ['${X}']"),
    ("seccomp-unconfined", "security_opt: ['seccomp=${X}']"),
    ("selinux-disabled", "security_opt: ['${X}']"),
    ("host-root-mounted", "volumes: ['${X}:/x']"),
    ("docker-socket-mounted", "volumes: ['../..:/x']"),
    ("shared-mount-propagation", "volumes: [{type: bind, source: ., target: /x, bind:"
     " {propagation: '${X}'}}]"),
    ("host-disk-device", "devices: ['${X}:/dev/x']"),
    ("wildcard-device-rule", "device_cgroup_rules: ['${X}']"),
    ("privileged-hook", "post_start: [{command: a, privileged: '${X}'}]"),
    ("oom-killer-disabled", "oom_kill_disable: '${X}'"),
    ("sensitive-port-published", "ports: ['${X}:5432:5432']"),
    ("host-network-build", "build: {context: ., network: '${X}'}"),
)  # fmt: skip


@pytest.mark.parametrize(("rule", "setting"), UNDECIDED)
def test_what_a_rule_cannot_decide_breaks_a_policy_that_names_it(
    rule: str, setting: str, tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(tree, {"compose.yaml": f"services:\n  web:\n    image: nginx:1.29\n    {setting}\n"})
    put(tree, {"Dockerfile": "FROM debian:13\nUSER 1000\n"})
    found: dict[str, int] = {}
    for unknown in ("violation", "report", "ignore"):
        policy = builtin(tmp_path, f'builtin = ["{rule}"]\nunknown = "{unknown}"\n')
        found[unknown] = main([*RUN, "--policy", policy])
        told = capsys.readouterr().out
        assert ("the files do not decide" in told) == (unknown != "ignore")
        assert (f"[{rule}]" in told) == (unknown == "violation")
    assert found == {"violation": 1, "report": 2, "ignore": 0}
    others = builtin(tmp_path, 'builtin = ["host-uts-namespace", "apparmor-unconfined"]')
    if setting != "security_opt: ['${X}']":
        assert main([*RUN, "--policy", others]) == 0


@pytest.mark.parametrize(
    ("line", "rule"), [("USER $U", "image-runs-as-root"), ("USER 1", "latest-base-image")]
)
def test_an_argument_without_a_value_breaks_a_policy(
    line: str, rule: str, tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(tree, {"Dockerfile": f"ARG T\nFROM debian:$T\nARG U\n{line}\n"})
    assert main([*RUN, "--policy", builtin(tmp_path, f'builtin = ["{rule}"]')]) == 1
    assert f"[{rule}]" in capsys.readouterr().out


def test_what_is_not_known_of_an_image_breaks_no_policy_about_containers(
    tree: Path, tmp_path: Path
) -> None:
    service = (
        "{image: 'example/unknown:1', volumes: ['${HOME}/data:/d'], privileged: '${X:-false}'}"
    )
    put(tree, {"compose.yaml": f"services: {{web: {service}}}\n"})
    names = "root-user", "privileged-container", "host-root-mounted", "host-takeover-capability"
    more = f"builtin = {[*names]}".replace("'", '"')
    assert main([*RUN, "--policy", builtin(tmp_path, more)]) == 0


def test_an_exception_takes_what_a_rule_cannot_decide(tree: Path, tmp_path: Path) -> None:
    put(tree, {"compose.yaml": "services: {web: {image: 'nginx:1.29', pid: '${X}'}}\n"})
    exception = EXCEPTION.format(where='services = ["web"]', until="2999-01-01")
    exception = exception.replace("corp/privileged", "host-pid-namespace")
    assert (
        main([*RUN, "--policy", builtin(tmp_path, 'builtin = ["host-pid-namespace"]', exception)])
        == 0
    )
