"""Isolation and rules need nothing but the model: the front end of commands proves it."""

from __future__ import annotations

import sys
from subprocess import run
from typing import TYPE_CHECKING

import pytest
from tests.frontends.docker_run.commands_of import containers_of

from tightship.engine.judge.subjects import container_subjects
from tightship.engine.rule_runner import RuleRunner
from tightship.engine.settings.selection import Selection
from tightship.isolation.profile import Profile
from tightship.isolation.reach_map import ReachMap
from tightship.model.container_settings import ContainerSettings
from tightship.text import apply_edits

if TYPE_CHECKING:
    from tightship.findings import Finding

TEXT = """\
# How to start it

docker run --name web --privileged --publish 8080:80 nginx:1.27
docker run --volume /var/run/docker.sock:/var/run/docker.sock --user 1000 portainer/agent:2
docker run --read-only --cap-drop ALL --security-opt no-new-privileges --user 1000 app:1
"""


def findings(text: str, *rules: str) -> list[Finding]:
    runner = RuleRunner(Selection(rules))
    subjects = [part for one in containers_of(text) for part in container_subjects(one)]
    results = runner.run(subjects)
    return [one.finding for group in results.groups for one in group]


def fixed(text: str, rule: str) -> str:
    [finding] = findings(text, rule)
    assert finding.fix is not None
    return apply_edits(finding.span.source, finding.fix.edits)


def test_a_message_names_a_container_as_its_front_end_does() -> None:
    [finding] = findings(TEXT, "privileged-container")
    assert finding.message.startswith("container `web` is privileged")
    assert finding.span.text == "--privileged"


def test_a_mount_is_found_where_the_line_has_it() -> None:
    [finding] = findings(TEXT, "docker-socket-mounted")
    assert finding.span.text == "/var/run/docker.sock:/var/run/docker.sock"
    assert "container `agent`" in finding.message


def test_a_port_is_found_with_its_address() -> None:
    assert [one.span.text for one in findings(TEXT, "port-on-all-interfaces")] == ["8080:80"]


def test_the_grade_is_that_of_the_settings() -> None:
    first, second, third = map(Profile, containers_of(TEXT))
    assert (first.grade, second.grade) == ("F", "F")
    assert third.worst < "F"
    assert "seccomp" in {row.mechanism for row in third.rows}


def test_containers_without_networks_in_common_have_a_map() -> None:
    made = ReachMap(tuple(Profile(one) for one in containers_of(TEXT)))
    assert len(made.profiles) == 3


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        ("privileged-container", "docker run --privileged x:1\n", "docker run x:1\n"),
        (
            "privilege-escalation-allowed",
            "docker run postgres:17\n",
            "docker run --security-opt no-new-privileges:true postgres:17\n",
        ),
    ],
)
def test_the_editor_of_the_front_end_makes_the_fix(rule: str, before: str, after: str) -> None:
    assert fixed(before, rule) == after


def test_settings_without_an_editor_get_no_edits() -> None:
    settings = containers_of("docker run --privileged x:1\n")[0].settings
    plain = ContainerSettings(settings.name, settings.key, settings.table, settings.project)
    assert plain.flag("privileged").is_surely(True)
    assert plain.editor.remove("privileged") == ()
    assert plain.editor.put("read_only", "true") == ()
    assert plain.editor.add("cap_drop", "ALL") == ()


def test_nothing_of_compose_is_loaded_for_another_front_end() -> None:
    program = """if True:
        import sys
        from tests.model.test_front_end import TEXT, Profile, containers_of, findings
        assert findings(TEXT, "default")
        assert [Profile(one).grade for one in containers_of(TEXT)]
        print([name for name in sys.modules if name.startswith("tightship.frontends.compose")])
    """
    made = run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert made.stdout == "[]\n"
