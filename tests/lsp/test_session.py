from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
from tests.lsp.findings import findings

from tightship_lsp.diagnostics.convert import characters
from tightship_lsp.judging import projects
from tightship_lsp.judging.project import verdicts_on
from tightship_lsp.session import Session
from tightship_lsp.settings import Settings
from tightship_lsp.uri import uri_of

if TYPE_CHECKING:
    from pathlib import Path

    from tightship.engine.plan.job import Job
    from tightship.engine.verdict import Verdict
    from tightship_lsp.judging.configuration import Configuration
    from tightship_lsp.session import Change

WEB = "services:\n  web:\n    image: a:1\n    privileged: true\n"


class Desk:
    """A session in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.said: list[str] = []
        self.session = Session(self.said.append)
        self.session.watched = True
        self.session.add_folders([uri_of(str(self.folder))])

    def uri(self, name: str) -> str:
        return uri_of(str(self.folder / name))

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def open(self, name: str, text: str, language: str = "dockercompose") -> str:
        uri = self.uri(name)
        self.session.put(uri, language, 1, text)
        return uri

    def change(self, uri: str, *changes: Change) -> bool:
        return self.session.change(uri, 2, changes, partial(characters, encoding="utf-16"))

    def rules(self, uri: str) -> list[str]:
        return [one.rule.name for one in findings(self.session, uri)]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_unchanged_projects_are_not_judged_again(desk: Desk) -> None:
    one = desk.open("one/compose.yaml", WEB)
    two = desk.open("two/compose.yaml", WEB)
    first = {uri: desk.session.report(uri) for uri in (one, two)}
    desk.change(one, (None, WEB + "#\n"))
    for uri, is_same in ((one, False), (two, True)):
        now, before = desk.session.report(uri), first[uri]
        assert now is not None
        assert before is not None
        assert now.is_like(before) == is_same
        assert (now.projects[0] is before.projects[0]) == is_same


def test_each_of_many_open_projects_is_judged_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged = list[str]()

    def counted(job: Job) -> list[Verdict]:
        judged.append(job.candidate.path)
        return verdicts_on(job)

    monkeypatch.setattr(projects, "_MOST", 2)
    monkeypatch.setattr(projects, "verdicts_on", counted)
    uris = [desk.open(f"p{number}/compose.yaml", WEB) for number in range(9)]
    for uri in uris:
        desk.session.report(uri)
    assert sorted(judged) == sorted(set(judged))
    assert len(judged) == len(uris)


@pytest.mark.parametrize(
    "name", [".env", "compose.override.yaml", "app/Dockerfile", "common.yml", "more.env"]
)
def test_every_file_that_a_project_reads_can_change_it(desk: Desk, name: str) -> None:
    text = (
        "services:\n  web:\n    build: app\n    env_file: more.env\n"
        "    extends: {file: common.yml, service: base}\n"
    )
    desk.write("common.yml", "services: {base: {image: a:1}}\n")
    uri = desk.open("compose.yaml", text)
    before = desk.session.report(uri)
    desk.open("unrelated.txt", "x", "plaintext")
    same = desk.session.report(uri)
    desk.open(name, "", "plaintext")
    after = desk.session.report(uri)
    assert before is not None
    assert same is not None
    assert after is not None
    assert same.is_like(before)
    assert not after.is_like(before)


def test_a_dockerfile_is_judged_with_the_services_that_build_it(desk: Desk) -> None:
    desk.write("deploy/compose.yaml", "services:\n  a:\n    build: ../app\n")
    dockerfile = desk.open("app/Dockerfile", "FROM a:1\nUSER root\n", "dockerfile")
    assert "image-runs-as-root" in desk.rules(dockerfile)
    # Wherever it is open, what is open counts.
    deploy = desk.open("deploy/compose.yaml", 'services:\n  a:\n    build: ../app\n    user: "1"\n')
    assert "image-runs-as-root" not in desk.rules(dockerfile)
    desk.session.close(deploy)
    assert "image-runs-as-root" in desk.rules(dockerfile)


def test_findings_of_two_projects_in_a_dockerfile_are_shown_once(desk: Desk) -> None:
    text = "services:\n  a:\n    build: {context: ../app}\n"
    for name in ("one", "two"):
        desk.open(f"{name}/compose.yaml", text)
    dockerfile = desk.open("app/Dockerfile", "FROM a:1\nUSER root\n", "dockerfile")
    assert desk.rules(dockerfile).count("image-runs-as-root") == 1
    report = desk.session.report(dockerfile)
    assert report is not None
    assert len(report.projects) == 2


def test_findings_of_a_project_are_grouped_by_file(desk: Desk) -> None:
    desk.write("common.yml", "services:\n  base:\n    privileged: true\n")
    uri = desk.open(
        "compose.yaml", "services:\n  web:\n    extends: {file: common.yml, service: base}\n"
    )
    report = desk.session.report(uri)
    assert report is not None
    [project] = report.projects
    assert {
        report.uri_of(project, one.span.source)
        for verdict in project.verdicts
        for one in verdict.findings
        if one.rule.name == "privileged-container"
    } == {desk.uri("common.yml")}
    common = desk.open("common.yml", "services:\n  base: {}\n", "yaml")
    assert "privileged-container" not in desk.rules(common)


def test_an_unsaved_main_file_is_a_project(desk: Desk) -> None:
    override = desk.open("compose.override.yaml", "services:\n  web:\n    privileged: true\n")
    main = desk.open("compose.yaml", "services:\n  web:\n    image: a:1\n")
    assert "privileged-container" in desk.rules(override)
    assert desk.rules(main)
    [project] = {id(p): p for p in desk.session.report(override).projects}.values()  # type: ignore[union-attr]
    assert project.path == str(desk.folder / "compose.yaml")


def test_nothing_above_the_workspace_folder_is_read(tmp_path: Path) -> None:
    (tmp_path / "secret.yaml").write_text("services: {a: {image: b}}\n", "utf-8")
    (tmp_path / "in").mkdir()
    desk = Desk(tmp_path / "in")
    text = "services:\n  web:\n    extends: {file: ../secret.yaml, service: a}\n"
    uri = desk.open("compose.yaml", text)
    assert "not-checked" in desk.rules(uri)


def test_a_failing_linter_is_reported_and_started_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tightship.engine.judge import compose

    def fail(*_: object) -> None:
        raise RecursionError("a bug")

    with monkeypatch.context() as broken:
        broken.setattr(compose, "judge_compose", fail)
        uri = desk.open("compose.yaml", WEB)
        assert desk.rules(uri) == ["not-checked"]
        assert desk.rules(uri) == ["not-checked"]
    [told] = desk.said
    assert "compose.yaml" in told
    assert "a bug" in told
    desk.change(uri, (None, WEB + "#\n"))
    assert "privileged-container" in desk.rules(uri)


def test_changed_rules_judge_again_and_other_settings_do_not(desk: Desk) -> None:
    uri = desk.open("compose.yaml", WEB)
    first = desk.session.report(uri)
    assert first is not None
    desk.session.configure(Settings.read({"debounce": 3, "infos": True}))
    same = desk.session.report(uri)
    assert same is not None
    assert same.is_like(first)
    desk.session.configure(Settings.read({"ignore": ["privileged-container"]}))
    assert "privileged-container" not in desk.rules(uri)


def test_a_file_keeps_the_uri_of_the_client(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real", target_is_directory=True)
    session = Session()
    link = str(tmp_path / "link")
    session.add_folders([uri_of(link)])
    real = str((tmp_path / "real").resolve())
    assert session.uri_of(f"{real}/a.yaml") == uri_of(f"{link}/a.yaml")
    session.put(uri_of(f"{link}/b%20.yaml"), "yaml", 1, "")
    assert session.uri_of(f"{real}/b%20.yaml") == uri_of(f"{link}/b%20.yaml")


def test_an_unopened_document_cannot_be_changed(desk: Desk) -> None:
    uri = desk.uri("compose.yaml")
    assert not desk.change(uri, (None, WEB))
    assert not desk.session.close(uri)
    assert desk.session.report(uri) is None
    assert desk.session.document(uri) is None


def test_settings_that_arrive_during_an_update_apply_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = Session()
    uri = uri_of(str(tmp_path / "compose.yaml"))
    session.put(uri, "dockercompose", 1, "services: {a: {image: x, privileged: true}}\n")
    make = Session._configuration

    def while_others_come(self: Session, settings: Settings) -> Configuration:
        made = make(self, settings)
        self.configure(Settings.read({"ignore": ["privileged-container"]}))
        return made

    with monkeypatch.context() as patch:
        patch.setattr(Session, "_configuration", while_others_come)
        session.projects()
    assert "privileged-container" not in [one.rule.name for one in findings(session, uri)]
