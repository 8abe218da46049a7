"""What a trial shows becomes a file of facts that can be read, whatever a container says."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from hypothesis import given, strategies as st

from tightship.images.format import problems
from tightship.images.lookup import shared_file
from tightship.images.toml_file import facts_file
from tightship.text import Source
from tightship.trial.copy import Image
from tightship.trial.hardening import Hardening
from tightship.trial.masking import Masks
from tightship.trial.observation import Usage
from tightship.trial.outcome import families
from tightship.trial.proving import Tried

if TYPE_CHECKING:
    from tightship.images.facts import ImageFamily


def made(text: str) -> dict[str, ImageFamily]:
    plain: Any = SimpleNamespace(about={"Config": {}}, usage=Usage(None, None))
    hardening = Hardening(capabilities=frozenset(("CHOWN",)))
    said = f"its log has {text}"
    why = {"CHOWN": said, "root file system": said}
    tried = Tried("web", "", hardening, (said,), (f"CHOWN: {said}",), (), why, why, plain=plain)
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
