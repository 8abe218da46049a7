"""In a workspace that is not trusted, settings hide no findings, which is told once."""

from __future__ import annotations

import pytest
from tests.lsp.test_configuration import Desk

from tightship_lsp.settings import Settings

PRIVILEGED = "services:\n  a:\n    image: x:1\n    privileged: true\n"
ERROR = "privileged-container"


@pytest.fixture
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    made = Desk(tmp_path_factory.mktemp("workspace"))
    made.session.configure(Settings.read({"tightship": {"trusted": False, "infos": True}}))
    return made


@pytest.mark.parametrize(
    ("settings", "key"),
    [
        (f'ignore = ["{ERROR}"]', "ignore"),
        ('select = ["unlimited-log"]', "select"),
        (f'severity = {{ {ERROR} = "info" }}', "severity"),
        ("[host]\nrootless = true", "host"),
        ('[[project]]\nfiles = ["other.yaml"]', "project"),
        (f'[[per-path]]\npaths=["*"]\nignore=["{ERROR}"]\nreason="r"', "per-path"),
        (f'[[per-service]]\nservices=["a"]\nignore=["{ERROR}"]\nreason="r"', "per-service"),
    ],
)
def test_settings_that_hide_findings_are_ignored(desk: Desk, settings: str, key: str) -> None:
    desk.write("other.yaml", "services: {}\n")
    desk.write("tightship.toml", f"{settings}\n")
    uri = desk.open("compose.yaml", PRIVILEGED)
    assert desk.grade(uri, ERROR) == "error"
    assert desk.warned == [
        f"tightship.toml may hide findings (`{key}`): Tightship ignores that until you"
        " trust this workspace"
    ]


def test_an_ignored_setting_is_reported_once(desk: Desk) -> None:
    desk.write("tightship.toml", 'ignore = ["default"]\n')
    desk.write("web/tightship.toml", 'exclude = ["*"]\n')
    for name in ("compose.yaml", "web/compose.yaml"):
        uri = desk.open(name, PRIVILEGED)
        assert ERROR in desk.rules(uri)
        desk.change(uri, f"{PRIVILEGED}    init: true\n")
        assert ERROR in desk.rules(uri)
    assert len(desk.warned) == 1


def test_settings_that_add_findings_apply(desk: Desk) -> None:
    settings = 'select = ["strict"]\nseverity = { root-user = "error" }\n'
    desk.write("tightship.toml", settings)
    uri = desk.open("compose.yaml", PRIVILEGED)
    assert "unlimited-cpu" in desk.rules(uri)
    assert desk.warned == []


def test_a_trusted_workspace_has_its_settings(desk: Desk) -> None:
    desk.write("tightship.toml", f'ignore = ["{ERROR}"]\n')
    uri = desk.open("compose.yaml", PRIVILEGED)
    assert ERROR in desk.rules(uri)
    desk.session.configure(Settings.read({"tightship": {"trusted": True}}))
    assert ERROR not in desk.rules(uri)


def test_a_workspace_is_trusted_by_default(desk: Desk) -> None:
    desk.session.configure(Settings.read({}))
    desk.write("tightship.toml", f'ignore = ["{ERROR}"]\n')
    assert ERROR not in desk.rules(desk.open("compose.yaml", PRIVILEGED))
    assert desk.warned == []


def test_the_scan_of_the_workspace_leaves_nothing_out(desk: Desk) -> None:
    desk.write("web/compose.yaml", PRIVILEGED)
    desk.write("tightship.toml", 'exclude = ["web/"]\n')
    assert [one.path for one in desk.session.scan()] == [str(desk.folder / "web" / "compose.yaml")]
