"""What is urgent is done first, and within what takes long."""

from __future__ import annotations

import asyncio
import threading
from functools import partial

import pytest

from tightship_lsp.work.worker import Priority, UnwantedError, Worker
from tightship_lsp.workspace.cancellation import Cancellation, OutdatedError
from tightship_lsp.workspace.changes import Changes

pytestmark = pytest.mark.asyncio

PATIENCE = 10.0


async def test_urgent_jobs_come_first_and_equal_ones_in_order() -> None:
    worker, done, go = Worker(), list[str](), threading.Event()
    first = asyncio.ensure_future(worker.run(partial(go.wait, PATIENCE), Priority.EDIT))
    await asyncio.sleep(0)
    rest = [
        worker.run(partial(done.append, name), priority)
        for name, priority in (
            ("scan", Priority.SCAN),
            ("lens", Priority.BACKGROUND),
            ("hover", Priority.REQUEST),
            ("another hover", Priority.REQUEST),
            ("fix", Priority.CODE_ACTION),
            ("typed", Priority.EDIT),
        )
    ]
    waiting = asyncio.gather(*rest)
    await asyncio.sleep(0)
    go.set()
    await asyncio.wait_for(asyncio.gather(first, waiting), PATIENCE)
    assert done == ["typed", "hover", "another hover", "fix", "lens", "scan"]


@pytest.mark.parametrize("in_thread", [False, True])
async def test_long_work_gives_way_to_what_is_more_urgent_only(in_thread: bool) -> None:
    worker, done, go = Worker(), list[str](), threading.Event()
    started = threading.Event()

    def long() -> None:
        started.set()
        if in_thread:
            worker.run_in_thread(partial(go.wait, PATIENCE))
        else:
            while not done:
                worker.give_way()
        done.append("fix")

    fixing = asyncio.ensure_future(worker.run(long, Priority.CODE_ACTION))
    while not started.is_set():
        await asyncio.sleep(0.001)
    scan = partial(done.append, "scan")
    scanning = asyncio.ensure_future(worker.run(scan, Priority.SCAN))
    await asyncio.sleep(0)
    hover = worker.run(partial(done.append, "hover"), Priority.REQUEST)
    await asyncio.wait_for(hover, PATIENCE)
    assert done[0] == "hover"
    go.set()
    await asyncio.wait_for(asyncio.gather(fixing, scanning), PATIENCE)
    assert done == ["hover", "fix", "scan"]


@pytest.mark.parametrize("in_thread", [False, True])
async def test_a_job_that_is_cancelled_ends_when_it_gives_way(in_thread: bool) -> None:
    worker, told, go = Worker(), list[str](), threading.Event()
    started = threading.Event()

    def long() -> None:
        started.set()
        try:
            if in_thread:
                worker.run_in_thread(partial(go.wait, PATIENCE))
            while True:
                worker.give_way()
        except UnwantedError:
            told.append("unwanted")
            raise

    job = asyncio.ensure_future(worker.run(long))
    while not started.is_set():
        await asyncio.sleep(0.001)
    job.cancel()
    never = asyncio.ensure_future(worker.run(partial(told.append, "never")))
    await asyncio.sleep(0)
    never.cancel()
    await asyncio.wait_for(worker.run(lambda: None), PATIENCE)
    go.set()
    assert told == ["unwanted"]


async def test_a_step_that_fails_in_its_thread_fails_where_it_is_waited_for() -> None:
    worker = Worker()

    def fail() -> None:
        raise LookupError("no")

    with pytest.raises(LookupError, match="no"):
        await worker.run(partial(worker.run_in_thread, fail))
    assert await worker.run(partial(worker.run_in_thread, lambda: 3)) == 3
    worker.give_way()  # outside of a job there is nothing to give way to


async def test_work_on_files_ends_when_one_of_them_changes_and_no_sooner() -> None:
    changes = Changes()
    changes.note("/a")
    heed = Cancellation(changes, None).check_for(lambda: ["/a", "/b"], changes.clock)
    heed()
    changes.note("/c")
    changes.note(None)
    heed()
    changes.note("/b")
    with pytest.raises(OutdatedError):
        heed()
    again = Cancellation(changes, None).check_for(lambda: ["/a", "/b"], changes.clock)
    again()
    changes.forget()
    with pytest.raises(OutdatedError):
        again()


async def test_a_series_of_jobs_continues_between_others() -> None:
    worker = Worker()
    with worker.series():
        await asyncio.wait_for(worker.run(int), PATIENCE)
        assert worker.is_in_series()
        with worker.series():
            pass
        assert worker.is_in_series()
    assert not worker.is_in_series()
