"""What a trial shows becomes a file of facts that can be read, whatever a container says."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from hypothesis import given, strategies as st

from tightship.images.format import problems
from tightship.images.lookup import shared_file
from tightship.images.toml_file import facts_file
from tightship.text import Source
from tightship_annexes.trial.copy import Image
from tightship_annexes.trial.exercise import Exercise
from tightship_annexes.trial.hardening import Hardening
from tightship_annexes.trial.masking import Masks
from tightship_annexes.trial.observation import Usage
from tightship_annexes.trial.outcome import as_written, families
from tightship_annexes.trial.proving import Tried

if TYPE_CHECKING:
    from tightship.images.facts import ImageFamily


def made(text: str) -> dict[str, ImageFamily]:
    plain: Any = SimpleNamespace(about={"Config": {}}, usage=Usage(None, None))
    hardening = Hardening(capabilities=frozenset(("CHOWN",)))
    said = f"its log has {text}"
    why = {"CHOWN": said, "root file system": said}
    tried = Tried(
        "web",
        "",
        hardening,
        (Exercise("answers", said),),
        (f"CHOWN: {said}",),
        (),
        why,
        why,
        plain=plain,
    )
    service = {"command": [text], "entrypoint": [text]}
    run: Any = SimpleNamespace(
        copy=SimpleNamespace(
            images={"web": Image("x:1", f"sha256:{64 * '0'}")},
            config={"services": {"web": service}},
        ),
        engine=SimpleNamespace(name="Docker Engine 26.1.5", masks=Masks()),
    )
    return families([tried], run, {})


@given(st.text(max_size=200) | st.sampled_from(["\x1b[2J", "a\tb.", "'\"\\\n.", "\u202e", ". "]))
def test_its_file_can_be_read(text: str) -> None:
    found = facts_file(made(text))
    assert "\x1b" not in found
    assert not problems(Source("facts.toml", found), shared_file)


def test_the_words_are_in_the_file() -> None:
    [family] = made("x").values()
    assert family.measured is not None
    assert family.measured.answers == ("capabilities",)
    assert 'answers = ["capabilities"]' in facts_file({"web": family})


def test_what_another_rule_keeps_out_of_the_files_is_not_said_to_be_there() -> None:
    hardening = Hardening(frozenset(), read_only=True, scratch=("/run:exec",))
    left = SimpleNamespace(
        judged=SimpleNamespace(rule=SimpleNamespace(name="writable-root-filesystem")),
        why="its patch was not applied, for `tmpfs-weakened` would be new",
    )
    patch = SimpleNamespace(rule="default-capabilities-kept")
    web = SimpleNamespace(name="web", patches=[patch], left=[left])
    plan: Any = SimpleNamespace(services=[web])
    [one] = as_written([Tried("web", "", hardening)], plan)
    assert one.hardening.mechanisms == ("capabilities",)
    assert one.left == {"root file system": left.why}
    assert not one.why
    web.patches = []
    left.judged.rule.name = "default-capabilities-kept"
    [one] = as_written([Tried("web", "", Hardening(frozenset()))], plan)
    assert not one.hardening.mechanisms
    assert one.why == left.why
