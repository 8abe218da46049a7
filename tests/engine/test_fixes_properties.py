"""Whatever a Compose file looks like, its fixes touch only what they must."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from ruamel.yaml import YAML
from tests.checking import judged

from tightship.engine.disk.files import Files
from tightship.engine.fix.fixes import Fixed, FixSelection, fixed
from tightship.engine.plan.candidates import named
from tightship.engine.rule_runner import RuleRunner
from tightship.engine.settings.selection import Selection

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from tightship.engine.verdict import Verdict

# These add, and take nothing away.
pytestmark = pytest.mark.usefixtures("known_image")

ADDING = (
    "writable-root-filesystem",
    "unlimited-resources",
    "privilege-escalation-allowed",
    "default-capabilities-kept",
)
BENCH = RuleRunner(Selection(["strict"]))

comments = st.sampled_from(("", "", "  # why", "  #\ttabs\there", "  # ünïcödé ☃"))
above = st.sampled_from(("", "", "# a comment\n", "\n", "\n# after a blank line\n"))
ENTRIES = st.sampled_from(
    (
        "image: 'nginx:1.29'",
        "command: [a, b]",
        "environment: {A: b, C: 'd'}",
        "volumes: ['/etc:/etc', 'data:/tmp']",
        "volumes:\n- ./x:/x\n- type: tmpfs\n  target: /run",
        "volumes:\n  - /usr:/usr:rw",
        "tmpfs: /tmp",
        "tmpfs:\n  - /run",
        "security_opt:\n  - apparmor=unconfined",
        "security_opt: []",
        "security_opt:\n  - seccomp:unconfined",
        "security_opt:\n- label=disable\n- seccomp=unconfined",
        "restart: always",
        "cap_add: [NET_ADMIN]",
        "cap_drop:\n- MKNOD",
        "ports:\n  - '80:80'\n  - 127.0.0.1:81:81",
        "privileged: true",
        "pid: host",
        'user: "root"',
        "labels:\n  text: |\n    several\n    lines\n",
        "deploy: {resources: {limits: {memory: 1g}}}",
        "healthcheck:\n  test: >-\n    folded\n    text",
        "logging: *log",
        "<<: *more",
        "extends: {service: base}",
        "networks: {default: }",
    )
)


@st.composite
def services(draw: st.DrawFn) -> str:
    """Return a service in block style, its entries as somebody may have written them."""
    step = draw(st.sampled_from((2, 4)))
    lines = list[str]()
    keys = set[str]()
    for entry in draw(st.lists(ENTRIES, max_size=5)):
        key = entry.partition(":")[0]
        if key in keys:
            continue
        keys.add(key)
        first, *rest = entry.split("\n")
        lines += draw(above).splitlines()
        bare = first.endswith((":", "|", ">-"))
        lines.append(first + ("" if bare else draw(comments)))
        lines += rest
    if not lines:
        return " {image: x}\n"
    return "\n" + "".join(f"{' ' * (2 * step)}{line}\n" if line else "\n" for line in lines)


@st.composite
def files(draw: st.DrawFn) -> str:
    """Return a Compose file; not all of them are ones that Compose takes."""
    head = draw(st.sampled_from(("", "# a file\n", "---\n", 'version: "3"\n', "name: x\n")))
    anchors = "x-log: &log\n  driver: local\nx-more: &more {init: true, read_only: false}\n"
    base = draw(st.sampled_from(("  base: {image: x}\n", "  base:\n    image: x\n")))
    names = draw(st.lists(st.sampled_from("abc"), max_size=3, unique=True))
    flow = draw(st.booleans())
    body = "".join(f"  {name}:{draw(comments)}{draw(services())}" for name in names)
    body = body.replace("# why {", "{").replace("☃ {", "{").replace("\there {", "{")
    if flow:
        body += "  flow: {image: x, user: root, volumes: ['/etc:/e'],\n    cap_add: []}\n"
    text = f"{head}{anchors}services:\n{base}{body}"
    if draw(st.booleans()):
        text = text.rstrip("\n")
    if draw(st.booleans()):
        text = text.replace("\n", "\r\n")
    return text


def fix(root: Path, text: str, names: tuple[str, ...] = ()) -> Fixed:
    path = root / "compose.yaml"
    path.write_bytes(text.encode())
    found = named(str(path))
    wanted = FixSelection(all_effects=True, names=names)

    def judge(now: Files) -> list[Verdict]:
        return judged(now, found, BENCH)

    return fixed(Files(str(root)), judge, judge, wanted)


def is_subsequence(part: str, whole: str) -> bool:
    rest = iter(whole)
    return all(character in rest for character in part)


SLOW = settings(
    max_examples=settings().max_examples // 8,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@SLOW
@given(files())
def test_additions_keep_every_other_character(tmp_path: Path, text: str) -> None:
    made = fix(tmp_path, text, ADDING)
    for _, new in made.texts.values():
        assert is_subsequence(text, new)
        assert ("\r\n" in new) == ("\r\n" in text)
        assert "\n" not in new.replace("\r\n", "") or "\r\n" not in text


@SLOW
@given(files())
def test_a_fixed_file_loads_and_has_nothing_left_to_fix(tmp_path: Path, text: str) -> None:
    made = fix(tmp_path, text)
    new = made.texts["compose.yaml"][1] if made.texts else text
    loader: Any = YAML(typ="rt", pure=True)
    loader.allow_duplicate_keys = True
    loader.load(new)
    again = fix(tmp_path, new)
    assert again.applied == []
    assert again.texts == {}


@SLOW
@given(files())
def test_only_harmful_fixes_are_left_out(tmp_path: Path, text: str) -> None:
    for left in fix(tmp_path, text).unresolved:
        assert "would be a new finding" in left.reason, (left.judged.rule.name, left.reason)


@pytest.mark.parametrize("end", ["\n", "\r\n", ""])
def test_the_last_line_keeps_its_line_end(end: str, tmp_path: Path) -> None:
    made = fix(tmp_path, f"services:\n  a:\n    image: x:1{end}", ADDING)
    new = made.texts["compose.yaml"][1]
    assert new.endswith(end)
    assert end or not new.endswith("\n")
