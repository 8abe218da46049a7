"""Fixes in rounds: what is applied, what waits, what is refused, and how it is proved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from ruamel.yaml import YAML
from tests.checking import judged

from tightship.engine.disk.files import Files
from tightship.engine.fix.fixes import Fixed, FixSelection, fixed
from tightship.engine.fix.proof import ProofFailed, check_dockerfile, check_yaml
from tightship.engine.plan.candidates import named
from tightship.engine.rule_runner import RuleRunner
from tightship.engine.settings.selection import Selection
from tightship.findings import Finding, Findings, Fix
from tightship.isolation.container import Container
from tightship.rules import every_rule
from tightship.rules.definition import Rule, rule
from tightship.rules.example import Good
from tightship.text import Edit, Source, Span

if TYPE_CHECKING:
    from pathlib import Path

    from tightship.engine.verdict import Verdict

FILE = """services:
  web:
    image: nginx:1.29
"""


class Project:
    """Files in a folder, which are fixed in memory."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def fix(
        self,
        files: str | dict[str, str],
        *,
        rules: list[Rule] | None = None,
        unsafe: bool = True,
        names: tuple[str, ...] = (),
    ) -> Fixed:
        texts = {"compose.yaml": files} if isinstance(files, str) else files
        for name, text in texts.items():
            (self.root / name).write_bytes(text.encode())
        given = Files(str(self.root))
        found = named(str(self.root / next(iter(texts))))
        full = RuleRunner(Selection(["strict"]), [*every_rule(), *(rules or ())])
        mine = RuleRunner(Selection(["strict"]), rules) if rules else full
        return fixed(
            given,
            lambda now: judged(now, found, mine),
            lambda now: judged(now, found, full),
            FixSelection(all_effects=unsafe, names=names),
        )


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def text_of(made: Fixed, name: str = "compose.yaml") -> str:
    return made.texts[name][1]


def names_of(made: Fixed) -> list[str]:
    return sorted(judged.rule.name for judged in made.applied)


def test_fixes_of_one_service_make_one_text(project: Project) -> None:
    made = project.fix(FILE, names=("writable-root-filesystem", "unlimited-resources"))
    assert names_of(made) == ["unlimited-resources", "writable-root-filesystem"]
    text = text_of(made)
    assert text.startswith(FILE)
    for key in ("read_only: true", "mem_limit:", "pids_limit:"):
        assert text.count(f"\n    {key}") == 1


def test_remaining_findings_are_judged_in_the_new_text(project: Project) -> None:
    made = project.fix(FILE, names=("writable-root-filesystem",))
    left = {one.rule.name for verdict in made.verdicts for one in verdict.findings}
    assert "writable-root-filesystem" not in left
    assert "unlimited-resources" in left


def test_only_safe_fixes_are_applied_by_default(project: Project) -> None:
    text = 'version: "3"\n' + FILE
    made = project.fix(text, unsafe=False)
    assert names_of(made) == ["obsolete-version"]
    assert text_of(made) == FILE


def test_two_fixes_that_add_the_same_key_come_one_after_the_other(project: Project) -> None:
    text = FILE.replace("image: nginx:1.29", "image: nginx:1.29\n    privileged: true")
    made = project.fix(text)
    assert text_of(made).count("security_opt:") <= 1
    assert made.unresolved == []


def test_nothing_is_left_to_fix_after_fixing(project: Project) -> None:
    once = project.fix('version: "3"\n' + FILE)
    again = project.fix(text_of(once))
    assert (again.applied, again.texts) == ([], {})


def test_an_override_is_fixed_where_it_is_written(project: Project) -> None:
    files = {"compose.yaml": FILE, "compose.override.yaml": "services:\n  web:\n    pid: host\n"}
    made = project.fix(files, names=("host-pid-namespace",))
    assert set(made.texts) == {"compose.override.yaml"}


def test_a_dockerfile_is_fixed_with_the_project_that_builds_it(project: Project) -> None:
    files = {
        "compose.yaml": "services:\n  web:\n    build: .\n",
        "Dockerfile": "FROM alpine:3.22\nENV A b\nUSER app\n",
    }
    made = project.fix(files, unsafe=False)
    assert text_of(made, "Dockerfile") == "FROM alpine:3.22\nENV A=b\nUSER app\n"


def test_a_byte_order_mark_and_line_ends_stay(project: Project) -> None:
    text = "\ufeff" + ('version: "3"\n' + FILE).replace("\n", "\r\n")
    made = project.fix(text, names=("writable-root-filesystem", "obsolete-version"))
    source, new = made.texts["compose.yaml"]
    assert source.bom
    assert "\n" not in new.replace("\r\n", "")
    assert names_of(made) == ["obsolete-version", "writable-root-filesystem"]


def test_many_services_are_fixed_in_one_run(project: Project) -> None:
    text = "services:\n" + "".join(f"  s{number}:\n    image: nginx:1.29\n" for number in range(60))
    made = project.fix(text, names=("writable-root-filesystem",))
    assert len(made.applied) == 60
    assert text_of(made).count("read_only: true") == 60


# -- fixes that go wrong are not applied


def wrong(edit: str, *, where: str = "name") -> Rule:
    """Return a rule whose fix puts a text behind the name of each service."""

    def wrong_fix(container: Container) -> Findings:
        if container.flag("init").is_surely(True):
            return
        span = container.span
        at = span.end + 1 if where == "name" else len(span.source.text)
        place = Span(span.source, at, at)
        yield Finding(
            span,
            "it is wrong",
            fix=Fix.tightens("Make it worse", (Edit(place, edit),), may_break="all"),
        )

    return rule(on=Container, severity="warning", examples=(Good(""),))(wrong_fix)


@pytest.fixture(autouse=True)
def _theme(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a rule that is made here lie where rules lie."""
    monkeypatch.setattr(f"{__name__}.__name__", "tightship.rules.compose.users.wrong")


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        ("\n    hostname: x", "still found"),
        ("\n    init: true\n    pid: host", "host-pid-namespace would be a new finding"),
        ("\n    init: true\n    init: true", "duplicate-key would be a new finding"),
        ("\n    init: true\n   x", "another YAML library does not read it"),
        ("\n    init: true\n  db:\n    image: x", "would be a new finding"),
    ],
)
def test_an_unproved_fix_is_left_out_with_its_reason(
    edit: str, reason: str, project: Project
) -> None:
    made = project.fix(FILE, rules=[wrong(edit)])
    assert (made.applied, made.texts) == ([], {})
    [left] = made.unresolved
    assert reason in left.reason


def test_a_good_fix_is_applied_beside_a_bad_one(project: Project) -> None:
    good = [one for one in every_rule() if one.name == "obsolete-version"]
    made = project.fix('version: "3"\n' + FILE, rules=[*good, wrong("\n    x: y")])
    assert names_of(made) == ["obsolete-version"]
    assert len(made.unresolved) == 1


WEAKENED = """services:
  web:
    image: nginx:1.29
    restart: always
    security_opt:
      - {option}
    stop_signal: SIGTERM
  db:
    image: nginx:1.29
    command: [nginx,
      b]
    security_opt:
      - {option}
"""


@pytest.mark.parametrize(
    "option", ["seccomp:unconfined", "seccomp=unconfined", "label=disable", "label:disable"]
)
def test_one_fix_does_not_add_to_the_list_that_another_removes(
    option: str, project: Project
) -> None:
    made = project.fix(WEAKENED.format(option=option))
    loader: Any = YAML(typ="safe")  # its types are incomplete
    web, db = loader.load(text_of(made))["services"].values()
    assert (web["restart"], web["stop_signal"]) == ("always", "SIGTERM")
    assert db["command"] == ["nginx", "b"]
    for service in (web, db):
        assert service["security_opt"] == ["no-new-privileges:true"]
    assert not made.unresolved


def test_good_and_bad_fixes_are_sorted_out_in_few_proofs(project: Project) -> None:
    """A project is judged about twice as often as it has fixes that fail."""
    lines = "".join(f"  s{n}: {{image: x{n}}}\n" for n in range(40))
    judged = 0

    @rule(on=Container, severity="info", examples=(Good("services: {}\n"),))
    def half_wrong(container: Container) -> Findings:
        nonlocal judged
        judged += container.name == "s0"
        if container.flag("init").is_set:
            return
        number = int(container.name[1:])
        add = "init: true" if number % 2 else "init: true, pid: host"
        place = container.settings.table.node.span.end - 1
        source = container.span.source
        edit = Edit(Span(source, place, place), f", {add}")
        fix = Fix.keeps("Do it", (edit,))
        yield Finding(container.span, "there is no init", fix=fix)

    made = project.fix(f"services:\n{lines}", rules=[half_wrong])
    assert len(made.applied) == 20
    assert len(made.unresolved) == 20
    assert judged < 20 + 40


@pytest.mark.usefixtures("known_image")
def test_fixes_that_cannot_be_applied_at_all_cost_no_proofs(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tightship.engine.fix.fixes._MOST_PROOFS", 8)
    services = "".join(f"  u{n}: {{image: x}}\n  s{n}: {{}}\n" for n in range(6))
    made = project.fix(f"services:\n{services}")
    assert not made.unresolved
    assert len(made.applied) == 6 * 8  # of the services with an image


def test_a_fix_beyond_the_limit_of_proofs_is_reported(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tightship.engine.fix.fixes._MOST_PROOFS", 1)
    made = project.fix(FILE + "  db:\n    image: x\n", rules=[wrong("\n    x: y")])
    assert not made.applied
    assert ["too many fixes were tried" in one.reason for one in made.unresolved] == [True] * 2


# -- the witnesses


def test_a_fix_that_extends_an_untouched_value_is_rejected() -> None:
    old = "a:\n  b: 1\n  c:\n    - 2\nd: 3\n"
    source = Source("compose.yaml", old)
    end = old.index("\nd")
    edits = [
        Edit(Span(source, old.index("\n  c"), end), ""),
        Edit(Span(source, end, end), "\n    - 4"),
    ]
    with pytest.raises(ProofFailed, match=r"`a\.b` would change"):
        check_yaml(source, "a:\n  b: 1\n    - 4\nd: 3\n", edits)


def test_a_fix_that_turns_keys_into_text_is_rejected() -> None:
    source = Source("compose.yaml", "a:\n  b: y\n")
    edits = [Edit(Span(source, 2, 2), " |")]
    with pytest.raises(ProofFailed, match=r"`a\.b` would change"):
        check_yaml(source, "a: |\n  b: y\n", edits)


def edit_of(source: Source, old: str, new: str) -> Edit:
    start = source.text.index(old)
    return Edit(Span(source, start, start + len(old)), new)


def test_a_fix_with_distant_changes_is_rejected() -> None:
    source = Source("compose.yaml", "a:\n  b: 1\nc:\n  d: 2\n")
    edit = edit_of(source, "1", "3")
    check_yaml(source, "a:\n  b: 3\nc:\n  d: 2\n", [edit])
    with pytest.raises(ProofFailed, match=r"`c\.d` would change"):
        check_yaml(source, "a:\n  b: 3\nc:\n  d: 4\n", [edit])


def test_a_list_that_grows_changes_as_a_whole_and_one_that_does_not_by_item() -> None:
    source = Source("compose.yaml", "a: [1, 2]\nb: [1]\n")
    edit = edit_of(source, "2", "3")
    check_yaml(source, "a: [1, 3]\nb: [1]\n", [edit])
    check_yaml(source, "a: [1, 2, 3]\nb: [1]\n", [edit_of(source, "2", "2, 3")])
    with pytest.raises(ProofFailed, match="`b` would change"):
        check_yaml(source, "a: [1, 3]\nb: [1, 2]\n", [edit])


def test_an_alias_is_not_what_it_stands_for() -> None:
    source = Source("compose.yaml", "a: &x {k: 1}\nb: *x\n")
    edit = edit_of(source, "1", "2")
    check_yaml(source, "a: &x {k: 2}\nb: *x\n", [edit])
    with pytest.raises(ProofFailed):
        check_yaml(source, "a: &x {k: 2}\nb: {k: 1}\n", [edit])


def test_a_fix_that_changes_another_instruction_is_rejected() -> None:
    source = Source("Dockerfile", "FROM a\nENV A b\nRUN x\n")
    edit = edit_of(source, "A b", "A=b")
    check_dockerfile(source, "FROM a\nENV A=b\nRUN x\n", [edit])
    with pytest.raises(ProofFailed, match="RUN instruction would change"):
        check_dockerfile(source, "FROM a\nENV A=b\nRUN y\n", [edit])


def test_shared_values_are_fixed_for_all_services(project: Project) -> None:
    text = """x-a: &a {privileged: true}
services:
  one: {image: "x:1", <<: *a}
  two: {image: "x:1", <<: *a}
"""
    made = project.fix(text, names=("privileged-container",))
    assert names_of(made) == ["privileged-container"]
    left = {one.rule.name for verdict in made.verdicts for one in verdict.findings}
    assert "privileged-container" not in left


def test_a_misspelt_key_is_renamed_and_not_duplicated(project: Project) -> None:
    text = "services:\n  web:\n    image: traefik:3.5\n    readonly: true\n"
    made = project.fix(text, names=("unknown-key", "writable-root-filesystem"))
    assert text_of(made).count("read_only") == 1
    assert "readonly" not in text_of(made)


@pytest.mark.parametrize("unsafe", [False, True])
def test_a_corrected_key_can_reveal_new_findings(project: Project, unsafe: bool) -> None:
    text = FILE + "    readonly: true\n"
    made = project.fix(text, unsafe=unsafe)
    assert "unknown-key" in names_of(made)
    assert made.unresolved == []
    assert text_of(made).count("read_only: true") == 1
    assert "readonly" not in text_of(made)
    left = {one.rule.name for verdict in made.verdicts for one in verdict.findings}
    assert ("read-only-without-writable-path" in left) is not unsafe


def test_a_corrected_instruction_can_reveal_new_findings(project: Project) -> None:
    text = "FORM alpine:3.20\nRUNN curl -k https://example.org/a | sh\n"
    made = project.fix({"Dockerfile": text}, unsafe=False)
    assert names_of(made) == ["unknown-instruction"] * 2
    assert made.unresolved == []


def test_the_right_key_is_not_added_beside_a_misspelt_one(project: Project) -> None:
    text = FILE + "    readonly: true\n"
    made = project.fix(text, names=("writable-root-filesystem",))
    assert names_of(made) == []
    [left] = made.unresolved
    assert "unknown-key can no longer be fixed" in left.reason


def test_an_anchor_may_be_set_twice_without_a_warning(project: Project) -> None:
    text = FILE + "    labels: &a [x=y]\n    ports: &a ['80:80']\n    readonly: true\n"
    made = project.fix(text, names=("unknown-key",))
    assert names_of(made) == ["unknown-key"]


def test_buffers_are_never_written_to_the_disk(tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text("services:\n  web: {image: 'x:1'}\n")
    over = "services:\n  web: {pid: host, ipc: host}\n"
    given = Files(str(tmp_path), {str(tmp_path / "compose.override.yaml"): over})
    found = named(str(tmp_path / "compose.yaml"))
    full = RuleRunner(Selection(["strict"]))

    def judge(now: Files) -> list[Verdict]:
        return judged(now, found, full)

    wanted = FixSelection(
        all_effects=True, names=("host-pid-namespace", "writable-root-filesystem")
    )
    made = fixed(given, judge, judge, wanted)
    left = {one.rule.name for verdict in made.verdicts for one in verdict.findings}
    assert "host-ipc-namespace" in left, "the override is still there"
    assert "host-pid-namespace" not in left
