"""No fix that keeps behaviour weakens a container: profiles before and after, row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, example, given, settings, strategies as st
from tests.checking import judged

from tightship.engine.disk.files import Files
from tightship.engine.fix.fixes import FixSelection, fixed
from tightship.engine.plan.candidates import named
from tightship.engine.rule_runner import RuleRunner
from tightship.engine.settings.selection import Selection
from tightship.findings import Finding, Findings, Fix, FixEffect
from tightship.isolation.container import Container
from tightship.isolation.state import PORT, states
from tightship.rules.definition import rule
from tightship.rules.example import Good
from tightship.text import Edit, Span, apply_edits

if TYPE_CHECKING:
    from pathlib import Path

    from tightship.engine.verdict import JudgedFinding, Verdict
    from tightship.isolation.loaded_project import LoadedProject

STRICT = RuleRunner(Selection(["strict"]))
DOCKERFILE = "FROM debian:13\nRUN useradd app\nUSER app\n"


class Folder:
    """The files of one project, judged with all rules."""

    def __init__(self, root: Path, files: dict[str, str], runner: RuleRunner = STRICT) -> None:
        for old in root.iterdir():
            old.unlink()
        for name, text in files.items():
            (root / name).write_text(text)
        self.files = Files(str(root))
        self.main = named(str(root / "compose.yaml"))
        self.runner = runner

    def judge(self, files: Files | None = None) -> list[Verdict]:
        return judged(files or self.files, self.main, self.runner)

    @property
    def fixes(self) -> list[tuple[JudgedFinding, Fix]]:
        found = (one for verdict in self.judge() for one in verdict.findings)
        return [(one, one.finding.fix) for one in found if one.finding.fix is not None]

    def effects(self) -> dict[str, FixEffect]:
        return {fix.title: fix.effect for _, fix in self.fixes}

    def project(self, fix: Fix | None = None) -> LoadedProject:
        files = self.files
        if fix is not None:
            sources = {edit.span.source for edit in fix.edits}
            files = files.over(
                {
                    one.name: apply_edits(one, [e for e in fix.edits if e.span.source is one])
                    for one in sources
                }
            )
        [verdict] = self.judge(files)
        assert verdict.project is not None
        return verdict.project


def weaker_rows(before: LoadedProject, after: LoadedProject) -> list[str]:
    """Return what a container has after a fix and had not before: by points and names alone."""
    found: list[str] = []
    old = {one.name: states(one) for one in before.profiles(())}
    for profile in after.profiles(()):
        assert profile.name in old
        for key, state in states(profile).items():
            was = old[profile.name].get(key)
            if key[0] == PORT:
                weaker = state.exposure > (was.exposure if was is not None else 0)
            else:
                worth = sum(one.points for one in was.possible) if was is not None else 0
                weaker = sum(one.points for one in state.possible) > worth
                weaker |= was is not None and was.is_decided and was.names < state.names
            if weaker:
                found.append(f"{profile.name}: {key} {was} -> {state}")
    return found


MISSPELT = (
    "privleged: true",
    "privleged: false",
    "restrat: always",
    "cap_ad: [SYS_ADMIN]",
    "cap_ad: [CHOWN]",
    "cap_add: [SYS_ADMNI]",
    "cap_add: ALL",
    "cap_drp: [ALL]",
    "cap_drop: [NET_RAWS]",
    "cap_drop: ALL",
    "cap_drop: [NET_RAW, SYS_TIME]",
    "cap_add: [NET_RAW]",
    "usre: root",
    "usr: app",
    "user: 0",
    "user: 1000",
    "read_onyl: true",
    "read_onyl: false",
    "pdi: host",
    "ipcc: host",
    "network_mod: host",
    "usrns_mode: host",
    "secuirty_opt: [seccomp=unconfined]",
    "security_opts: [no-new-privileges:true]",
    "devces: [/dev/sda]",
    "volums: ['/:/host']",
    "volums: ['data:/data']",
    "volumes: ['data:/data']",
    "volumes: [{type: bind, source: /etc, target: /e, read_onyl: true}]",
    "volumes: [{type: bind, sorce: /, target: /h}]",
    "prts: ['80:80']",
    "ports: ['::1:8080:80']",
    "grop_add: ['0']",
    "group_add: ['5', '5']",
    "mem_limt: 64m",
    "pids_limti: 100",
    "depends_on: {base: {conditon: service_started}}",
    "devic_cgroup_rules: ['c *:* rwm']",
)
STEPS = (
    "USR root",
    "USR app",
    "USER app",
    "USER root",
    "VOLUM /data",
    "RUN --securty=insecure make",
    "RUN --ntwork=host make",
    "COPY --chwon=1000 a /b",
    'entrypont ["/bin/app"]',
    "ENV A b",
)


@st.composite
def projects(draw: st.DrawFn) -> dict[str, str]:
    """Return a project with an overlay, an extended service and a built image."""

    def service() -> str:
        lines = draw(st.lists(st.sampled_from(MISSPELT), max_size=4, unique_by=_key))
        return "".join(f"    {line}\n" for line in lines)

    steps = draw(st.lists(st.sampled_from(STEPS), max_size=3))
    first = draw(st.sampled_from(("FROM debian:13\n", "FROM Debian:13\n", "FORM nginx\n")))
    return {
        "compose.yaml": f"services:\n  base:\n    image: debian:13\n{service()}"
        f"  web:\n    extends: base\n{service()}"
        f"  app:\n    build: .\n{service()}"
        "volumes: {data: {driver_opt: {type: none, o: bind, device: /}}}\n",
        "compose.override.yaml": f"services:\n  web:\n    init: true\n{service()}",
        "Dockerfile": first + "".join(f"{one}\n" for one in steps),
    }


def _key(line: str) -> str:
    return line.partition(":")[0]


SLOW = settings(
    max_examples=settings().max_examples // 4,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
)


@SLOW
@given(projects())
def test_no_fix_that_keeps_behaviour_weakens_a_container(
    tmp_path: Path, files: dict[str, str]
) -> None:
    folder = Folder(tmp_path, files)
    before = folder.project()
    for one, fix in folder.fixes:
        if fix.keeps_behaviour:
            assert weaker_rows(before, folder.project(fix)) == [], (one.rule.name, fix.title)


@SLOW
@given(projects())
@example({"compose.yaml": "services:\n  web:\n    image: nginx\n    privleged: true\n"})
def test_no_run_that_fixes_weakens_a_container(tmp_path: Path, files: dict[str, str]) -> None:
    folder = Folder(tmp_path, files)
    before = folder.project()
    made = fixed(folder.files, folder.judge, folder.judge, FixSelection())
    after = folder.files.over({name: text for name, (_, text) in made.texts.items()})
    [verdict] = folder.judge(after)
    assert verdict.project is not None
    assert weaker_rows(before, verdict.project) == []


@pytest.mark.parametrize(
    ("line", "title", "effect"),
    [
        ("privleged: true", "Write `privileged`", FixEffect.CHANGES),
        ("privleged: false", "Write `privileged`", FixEffect.KEEPS),
        ("cap_ad: [SYS_ADMIN]", "Write `cap_add`", FixEffect.CHANGES),
        ("cap_add: [SYS_ADMNI]", "Write `SYS_ADMIN`", FixEffect.CHANGES),
        ("cap_drop: [NET_RAWS]", "Write `NET_RAW`", FixEffect.KEEPS),
        ("pdi: host", "Write `pid`", FixEffect.CHANGES),
        ("network_mod: host", "Write `network_mode`", FixEffect.CHANGES),
        ("volums: [/:/h]", "Write `volumes`", FixEffect.CHANGES),
        ("prts: ['80:80']", "Write `ports`", FixEffect.CHANGES),
        ("ports: ['::1:8080:80']", "Put the address in brackets", FixEffect.KEEPS),
        ("restrat: always", "Write `restart`", FixEffect.KEEPS),
        ("read_onyl: true", "Write `read_only`", FixEffect.KEEPS),
    ],
)
def test_a_correction_that_grants_changes_behaviour(
    line: str, title: str, effect: FixEffect, tmp_path: Path
) -> None:
    text = f"services:\n  web:\n    image: nginx:1.29\n    {line}\n"
    fixes = {fix.title: fix for _, fix in Folder(tmp_path, {"compose.yaml": text}).fixes}
    assert fixes[title].effect is effect
    is_said = fixes[title].may_break.startswith("the isolation of `web` (")
    assert is_said is (effect is FixEffect.CHANGES)


def test_options_of_a_volume_grant_a_path_of_the_host(tmp_path: Path) -> None:
    text = (
        "services: {web: {image: 'nginx:1.29', volumes: ['disk:/v']}}\n"
        "volumes: {disk: {driver_opt: {type: none, o: bind, device: /}}}\n"
    )
    effects = Folder(tmp_path, {"compose.yaml": text}).effects()
    assert effects["Write `driver_opts`"] is FixEffect.CHANGES


def test_a_correction_that_adds_services_changes_behaviour(tmp_path: Path) -> None:
    text = "services: {}\nx-a: 1\n"
    other = "servics:\n  web: {image: nginx}\n"
    effects = Folder(tmp_path, {"compose.yaml": text, "compose.override.yaml": other}).effects()
    assert effects["Write `services`"] is FixEffect.CHANGES


@pytest.mark.parametrize(
    ("step", "effect"),
    [
        ("USR root", FixEffect.CHANGES),
        ("USR 1000", FixEffect.KEEPS),
        ("RUN --securty=insecure true", FixEffect.CHANGES),
        ("VOLUM /data", FixEffect.KEEPS),
    ],
)
@pytest.mark.parametrize("main", ["services: {app: {build: .}}\n", ""])
def test_a_step_of_a_dockerfile(step: str, effect: FixEffect, main: str, tmp_path: Path) -> None:
    folder = Folder(tmp_path, {"compose.yaml": main, "Dockerfile": f"{DOCKERFILE}{step}\n"})
    if not main:
        folder.main = named(str(tmp_path / "Dockerfile"))
    found = {
        fix.effect
        for one, fix in folder.fixes
        if one.rule.name in ("unknown-instruction", "invalid-dockerfile")
    }
    assert found == {effect}


def test_a_fix_of_a_rule_that_promises_too_much_is_refused(tmp_path: Path) -> None:
    @rule(on=Container, severity="error", fix="keeps-behaviour", examples=(Good("services: {}"),))
    def misleading(container: Container) -> Findings:
        """Offer a fix that grants everything."""
        source, at = container.span.source, container.span.source.text.find("init")
        if at > 0:
            fix = Fix.keeps("Tidy", (Edit(Span(source, at, at + 4), "privileged"),))
            yield Finding(container.span, "untidy", fix=fix)

    text = "services:\n  web:\n    image: nginx:1.29\n    init: true\n"
    folder = Folder(tmp_path, {"compose.yaml": text}, RuleRunner(STRICT.selection, [misleading]))
    made = fixed(folder.files, folder.judge, folder.judge, FixSelection())
    assert made.texts == {}
    [left] = made.unresolved
    assert left.reason.startswith("it would weaken the isolation of `web` (capabilities: ")


def test_a_long_file_is_not_loaded_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tightship.engine.judge import corrections

    text = "services:\n" + "".join(
        f"  s{at}:\n    image: nginx\n    restrat: always\n" for at in range(9)
    )
    folder = Folder(tmp_path, {"compose.yaml": text})
    monkeypatch.setattr(corrections, "_MOST_CHARACTERS", 3 * len(text) + 1)
    effects = [fix.effect for one, fix in folder.fixes if one.rule.name == "unknown-key"]
    assert effects == [FixEffect.KEEPS] * 3 + [FixEffect.CHANGES] * 6
