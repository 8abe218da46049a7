"""What the editor waits for: no more is judged, compared or collected than is needed."""

from __future__ import annotations

import asyncio
import threading
from functools import partial
from typing import TYPE_CHECKING

import pytest
from tests.lsp.conftest import capabilities

from tightship_lsp.diagnostics import checker as checker_module
from tightship_lsp.diagnostics.checker import Checker
from tightship_lsp.diagnostics.convert import DiagnosticCapabilities
from tightship_lsp.judging import projects, report
from tightship_lsp.judging.configuration import WorkspaceSettings
from tightship_lsp.judging.project import JudgedProject, verdicts_on
from tightship_lsp.session import Session
from tightship_lsp.uri import uri_of
from tightship_lsp.work.worker import Priority, Worker

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tightship.engine.plan.job import Job
    from tightship.engine.verdict import JudgedFinding, Verdict
    from tightship_lsp.diagnostics.client_diagnostics import ClientDiagnostics

pytestmark = pytest.mark.asyncio

PATIENCE = 15.0
WEB = "services:\n  web:\n    image: a:1\n    privileged: true\n"
KEPT = 2


class Desk:
    """A checker for a folder, and what it judged."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.judged: list[str] = []
        self.worker = Worker()
        self.session = Session(worker=self.worker)
        self.session.watched = True
        self.session.add_folders([uri_of(str(self.folder))])
        can = DiagnosticCapabilities(capabilities("visual_studio_code"))
        self.checker = Checker(self.session, self.worker, can)

    def write(self, name: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True)
        path.write_text(WEB, encoding="utf-8")

    def open(self, name: str, text: str = WEB) -> str:
        uri = uri_of(str(self.folder / name))
        self.session.put(uri, "dockercompose", 1, text)
        return uri

    def edit(self, uri: str, text: str = f"{WEB}#\n") -> None:
        self.session.change(uri, 2, [(None, text)], lambda line, units: units)

    async def current(self, uri: str) -> ClientDiagnostics:
        job = self.checker.current(uri, Priority.EDIT)
        found = await asyncio.wait_for(job, PATIENCE)
        assert found is not None
        return found

    async def changed(self, uri: str, last: ClientDiagnostics) -> ClientDiagnostics | None:
        job = self.checker.changed(uri, lambda: last, Priority.EDIT)
        return await asyncio.wait_for(job, PATIENCE)

    def is_judged(self, job: Job) -> list[Verdict]:
        self.judged.append(job.candidate.path)
        return verdicts_on(job)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    made = Desk(tmp_path)
    monkeypatch.setattr(projects, "verdicts_on", made.is_judged)
    monkeypatch.setattr(projects, "_MOST", KEPT)
    return made


async def test_a_scan_leaves_the_verdicts_on_open_documents(desk: Desk) -> None:
    opened = [desk.open(f"open{number}/compose.yaml") for number in range(3)]
    shown = {uri: await desk.current(uri) for uri in opened}
    for number in range(KEPT + 2 * len(opened) + 1):
        desk.write(f"other{number}/compose.yaml")
    desk.judged.clear()
    found = [one.report.uri async for one in desk.checker.closed()]
    assert len(set(found)) == KEPT + 2 * len(opened) + 1
    assert len(desk.judged) == len(found)
    desk.edit(opened[0])
    for uri in opened[1:]:
        assert await desk.changed(uri, shown[uri]) is None
    assert await desk.changed(opened[0], shown[opened[0]]) is not None
    assert len(desk.judged) == len(found) + 1


async def test_a_scan_of_few_projects_judges_those_that_changed(desk: Desk) -> None:
    for number in range(KEPT):
        desk.write(f"other{number}/compose.yaml")
    for changed, judged in ((None, KEPT), (None, 0), ("other0/compose.yaml", 1)):
        if changed is not None:
            desk.session.touch([uri_of(str(desk.folder / changed))])
        desk.judged.clear()
        found = [one.report.uri async for one in desk.checker.closed()]
        assert len(found) == KEPT
        assert len(desk.judged) == judged


async def test_a_report_on_the_same_verdicts_is_not_made(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = list[str | None]()
    found_in = report._found

    def found(
        path: str | None, judged: tuple[JudgedProject, ...], *, infos: bool
    ) -> Iterator[tuple[JudgedFinding, JudgedProject]]:
        made.append(path)
        return found_in(path, judged, infos=infos)

    monkeypatch.setattr(report, "_found", found)
    uri, other = desk.open("one/compose.yaml"), desk.open("two/compose.yaml")
    shown = await desk.current(uri)
    assert len(made) == 1
    desk.edit(other)
    assert await desk.changed(uri, shown) is None
    assert len(made) == 1
    # Verdicts that look the same are compared once.
    desk.session.touch([uri])
    for _ in range(2):
        assert await desk.changed(uri, shown) is None
        assert len(made) == 2


async def test_a_later_state_judged_in_between_counts(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = "services: {base: {image: 'a:1', privileged: true}}\n"
    text = "services:\n  web: {extends: {file: base.yaml, service: base}}\n"
    uri, extended = desk.open("compose.yaml", text), desk.open("base.yaml", base)
    other = desk.open("other/compose.yaml")
    is_first = True

    def edited_meanwhile(job: Job) -> list[Verdict]:
        nonlocal is_first
        if is_first:
            is_first = False
            desk.edit(extended, base.replace("true", "false"))
            assert desk.session.report(other) is not None
            # The file is read after the last check.
            return verdicts_on(job.replaced(check_cancelled=None))
        return verdicts_on(job)

    monkeypatch.setattr(projects, "verdicts_on", edited_meanwhile)
    desk.session.report(uri)
    assert not is_first
    now = desk.session.report(uri)
    assert now is not None
    [verdict] = now.projects[0].verdicts
    found = {one.rule.name for one in verdict.findings}
    assert found
    assert "privileged-container" not in found


async def test_a_scan_collects_its_garbage_step_by_step(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = list[bool]()

    def collect_new() -> None:
        steps.append(desk.worker.is_in_series())

    monkeypatch.setattr(checker_module, "collect_new", collect_new)
    for number in range(4):
        desk.write(f"other{number}/compose.yaml")
    async for _ in desk.checker.closed():
        assert desk.worker.is_in_series()
    assert steps == [True] * 5  # the last one finds that nothing is left
    assert not desk.worker.is_in_series()


async def test_a_scan_gives_way_while_it_finds_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    done, asked = list[str](), threading.Event()
    edits = list[asyncio.Future[None]]()
    loop, is_excluded = asyncio.get_running_loop(), WorkspaceSettings.excluded

    def edit() -> None:
        job = desk.worker.run(partial(done.append, "edit"), Priority.EDIT)
        edits.append(asyncio.ensure_future(job))
        loop.call_soon(asked.set)  # when the job is in the queue

    def excluded(self: WorkspaceSettings, path: str, is_folder: bool) -> bool:
        if not edits:
            loop.call_soon_threadsafe(edit)
            assert asked.wait(PATIENCE)
        if path.endswith("last"):
            done.append("last")
        return is_excluded(self, path, is_folder)

    monkeypatch.setattr(WorkspaceSettings, "excluded", excluded)
    for name in ("first", "last"):
        (desk.folder / name).mkdir()
    async with asyncio.timeout(PATIENCE):
        assert [one async for one in desk.checker.closed()] == []
        await asyncio.gather(*edits)
    assert done == ["edit", "last"]
