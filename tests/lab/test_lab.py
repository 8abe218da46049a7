"""A real engine: the model holds for new cases, and nothing is left behind."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.lab import (
    built_images,
    capability_comparison,
    capability_matrix,
    image_comparison,
    network_comparison,
    networks,
    seccomp,
)
from tests.lab.cases import CASES
from tests.lab.comparison import disagreements
from tests.lab.generate import project
from tests.lab.image_cases import cases
from tests.lab.premises import NEEDING_OWN_ENGINE, Premise, every_premise
from tests.lab.records import Recorder
from tests.lab.transcripts import not_run, pages, problems
from tests.lab.trial import try_premises

if TYPE_CHECKING:
    from tests.lab.engine import Engine

    from tightship.rules.definition import Rule
    from tightship.rules.example import Verified

REPOSITORY = Path(__file__).parents[2]
NEW_PROJECTS = 6
NEW_DOCKERFILES = 10
NEW_PROFILES = 10

# Starts an engine, says where, and waits to be killed.
HOLDER = """
import signal, time
from tests.lab.engine import engine
# A runner in the background may ignore the signal, and its children with it.
signal.signal(signal.SIGINT, signal.default_int_handler)
with engine() as started:
    print(started.folder, flush=True)
    time.sleep(600)
"""


@pytest.fixture(scope="session")
def recorder(running: Engine) -> Recorder:
    return Recorder(running)


@pytest.mark.parametrize("name", [name for name in CASES if "refused" not in name])
def test_the_model_holds_for_cases_by_hand(recorder: Recorder, name: str) -> None:
    record = recorder.record(name, CASES[name])
    assert "refused" not in record
    assert disagreements(recorder.header(), record) == []


@pytest.mark.parametrize("user", capability_matrix.cases())
def test_the_model_says_which_capabilities_programs_have(running: Engine, user: str) -> None:
    capability_matrix.make_images(running)
    header, [record] = capability_matrix.records(running, [user])
    assert capability_comparison.disagreements(header, record) == []


@pytest.mark.parametrize("number", range(NEW_PROJECTS))
def test_the_model_holds_for_new_services(recorder: Recorder, number: int) -> None:
    seed = random.randrange(1000, 10**6)
    record = recorder.record(f"new-{number}", project(seed))
    assert "refused" not in record, f"seed {seed}: {record['refused']}"
    assert disagreements(recorder.header(), record) == [], f"seed {seed}"


def test_the_model_holds_for_images_by_hand_and_new_ones(running: Engine) -> None:
    built_images.make_base(running)
    seed = random.randrange(1000, 10**6)
    files = [*cases(), *built_images.generated_files(range(seed, seed + NEW_DOCKERFILES))]
    compared = image_comparison.compare(built_images.built(running, files))
    assert compared.disagreements == [], f"seed {seed}"
    assert compared.images > NEW_DOCKERFILES


def test_the_model_holds_for_a_new_project_pair_by_pair(running: Engine) -> None:
    seed = random.randrange(1000, 10**6)
    record = networks.record(running, "new-network", networks.project(seed))
    assert "refused" not in record, f"seed {seed}: {record['refused']}"
    compared = network_comparison.compare([record])
    assert compared.disagreements == [], f"seed {seed}"
    assert compared.pairs > networks.SERVICES


def test_the_filter_of_profiles_is_that_of_the_kernel(running: Engine) -> None:
    first = random.randrange(1000, 10**6)
    made = seccomp.records(running, range(first, first + NEW_PROFILES))
    head = seccomp.header(running)
    wrong = [line for one in made for line in seccomp.disagreements(head, one)]
    assert wrong == [], f"seeds from {first}"


@pytest.mark.parametrize("action", ["SCMP_ACT_TRACE", "SCMP_ACT_ERRNO"])
def test_a_tracer_in_the_container_lets_a_traced_call_continue(
    running: Engine, action: str
) -> None:
    assert seccomp.traced(running, action) == (action == "SCMP_ACT_TRACE")


@pytest.mark.parametrize(
    "premise", [pytest.param(p, id=f"{p.rule}-{p.see}") for p in every_premise()]
)
def test_the_claim_of_a_rule_is_shown(running: Engine, premise: Premise) -> None:
    if not running.own and premise.needs_own_engine:
        pytest.skip("only the lab's own engine has what this looks at")
    [tried] = try_premises(running, [premise])
    assert not tried.problem


@pytest.mark.parametrize(
    ("rule", "seen"), [pytest.param(*page, id=page[0].name) for page in pages()]
)
def test_commands_on_a_page_print_the_shown_output(
    running: Engine, rule: Rule, seen: Verified
) -> None:
    if not running.own and rule.name in NEEDING_OWN_ENGINE:
        pytest.skip("only the lab's own engine has what this looks at")
    if reason := not_run(running, rule, seen):
        pytest.skip(reason)
    assert problems(running, rule, seen) == []


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_the_lab_leaves_nothing_behind(running: Engine, how: signal.Signals) -> None:
    if not running.own:
        pytest.skip("the engine is not the lab's own")
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert holder.stdout is not None
    folder = Path(holder.stdout.readline().strip())
    assert folder.exists()
    holder.send_signal(how)
    holder.wait(timeout=60)
    holder.stdout.close()
    end = time.monotonic() + 20
    while folder.exists() and time.monotonic() < end:
        time.sleep(0.1)
    assert not folder.exists()
    assert not list(Path("/sys/fs/cgroup").glob(f"*/{folder.name}"))
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            assert folder.name not in process.read_text()
        except (FileNotFoundError, ProcessLookupError):
            continue
