"""No value of a project leaves a trial, in whichever form its programs print it."""

from __future__ import annotations

import base64
import html
import json
import shlex
import string
import textwrap
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, quote_plus, urlencode

from hypothesis import given, settings, strategies as st

from tightship_annexes.trial.copy import Note
from tightship_annexes.trial.engine import Completed, Engine
from tightship_annexes.trial.masking import Masks, masks
from tightship_annexes.trial.observation import look

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import pytest

NAMES = ("DB_PASSWORD", "API_TOKEN", "GREETING", "SECRET_KEY", "X")
SIGNS = string.ascii_letters + string.digits + "!#$%&()*+,-./:;<=>?@[]^_{|}~ \"'\\\u00e9\u20ac"
VALUES = st.text(SIGNS, min_size=10, max_size=40).filter(
    lambda text: (
        len({*text.strip()} - {*" \"'\\/._"}) > 7
        and any(one.isdigit() for one in text)
        and not text.strip().startswith(("/", ":"))  # a path is no secret
    )
)


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


WAYS: Mapping[str, Callable[[str, str], str]] = {
    "env": lambda name, value: f"{name}={value}",
    "set -x": lambda name, value: f"+ export {name}={shlex.quote(value)}",
    "export -p": lambda name, value: f'declare -x {name}="{value}"',
    "in the middle": lambda _, value: f"cannot log in as app:{value}@db: permission denied",
    "JSON": lambda name, value: json.dumps({name: value}),
    "JSON in JSON": lambda name, value: json.dumps(json.dumps({name: value})),
    "JSON without escapes": lambda name, value: json.dumps({name: value}, ensure_ascii=False),
    "repr": lambda name, value: repr({name: value}),
    "bytes": lambda _, value: repr(value.encode()),
    "URL": lambda _, value: f"postgres://app:{quote(value, safe='')}@db/app",
    "path": lambda _, value: f"GET /{quote(value)} failed",
    "form": lambda name, value: urlencode({name: value}),
    "small": lambda _, value: quote_plus(value).lower(),
    "base64": lambda _, value: f"Authorization: {encoded(value)}",
    "login": lambda _, value: f"header {encoded(f'user:{value}')} is wrong",
    "base64 in lines": lambda _, value: "\n".join(textwrap.wrap(encoded("a" + value + "\n"), 9)),
    "hexadecimal": lambda _, value: f"key {value.encode().hex()}",
    "HTML": lambda _, value: f"<b>{html.escape(value)}</b>",
    "in lines": lambda _, value: "\n".join(value[at : at + 5] for at in range(0, len(value), 5)),
    "coloured": lambda _, value: f"\x1b[31m{value[:4]}\x1b[0m{value[4:]}",
    "capitals": lambda _, value: value.upper(),
    "cut": lambda _, value: f"permission denied: {'x' * 260} {value} {'y' * 280}",
}


class Printing(Engine):
    """An engine with one container, which has printed a text."""

    def __init__(self, text: str, hides: Masks) -> None:
        self._docker, self._text, self.masks = "docker", text, hides

    def _run(self, command: Any, *_: object, **_given: object) -> Completed:
        return Completed(0, self._text if command[1] == "logs" else "", "")


def project(**values: str) -> dict[str, Any]:
    doubled = {name: value.replace("$", "$$") for name, value in values.items()}
    return {"services": {"web": {"image": "shop/web:1", "environment": doubled}}}


def hidden(config: dict[str, Any]) -> Masks:
    return masks((), (), config)


def said(text: str, hides: Masks) -> str:
    about = {"Id": "c1", "State": {"Running": False, "ExitCode": 1}}
    seen = look(Printing(text, hides), about, {})
    return "\n".join((*seen.words, seen.last_words, *seen.refusals))


def leaks(value: str, text: str) -> bool:
    """Return whether five signs in a row of a value are in a text, other than common ones."""
    parts = {value[at : at + 5] for at in range(len(value) - 4)}
    return any(one in text for one in parts if len({*one}) > 3)


@settings(max_examples=500, deadline=None)
@given(st.sampled_from(NAMES), VALUES, st.sampled_from(sorted(WAYS)), st.booleans())
def test_a_value_is_hidden_in_each_form(name: str, value: str, way: str, denied: bool) -> None:
    printed = WAYS[way](name, value)
    if denied:
        printed += "\npermission denied"
    found = said(printed, hidden(project(**{name: value})))
    for one in (value, encoded(value), value.encode().hex(), value.upper()):
        assert not leaks(one, found)


def test_parts_of_a_secret_are_hidden() -> None:
    value = "q7Zr-0193-mNx4-Lp2w"
    found = hidden(project(API_TOKEN=value, GREETING=f"{value}!"))
    rows = [f"00000{at}: 7137 5a72  {value[at : at + 10]}" for at in range(0, len(value), 10)]
    for text in ("\n".join(rows), f"the token {value[:12]}... is wrong", f"...{value[5:]}"):
        assert not leaks(value, said(text, found)), text


def test_values_come_from_all_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OF_SHELL", "shell-0193")
    (tmp_path / "secret").write_text("secret-0193\n")
    (tmp_path / "app.conf").write_text("requirepass conf-0193\n")
    (tmp_path / ".env").write_text("export TAG='file-0193'\n")
    config = project(URL="postgres://app:url-0193@db/app", BASIC_AUTH="me:login-0193")
    config["services"]["web"]["build"] = {"args": {"KEY": "argument$$0193"}}
    config["secrets"] = {"a": {"file": str(tmp_path / "secret")}, "b": {"environment": "OF_SHELL"}}
    config["configs"] = {
        "c": {"file": str(tmp_path / "app.conf")}, "d": {"content": "token: content-0193"},
    }  # fmt: skip
    texts = ["command: run ${OF_SHELL} --password literal-0193"]
    images = ["PATH=/usr/bin", "API_KEY=image-0193"]
    found = masks(texts, [str(tmp_path / ".env")], config, images)
    values = (
        *("shell-0193", "secret-0193", "conf-0193", "file-0193", "url-0193", "login-0193"),
        *("argument$0193", "content-0193", "literal-0193", "image-0193"),
    )
    for value in values:
        assert value not in found.text(f"it is {value}, and no other"), value


def test_what_reasons_need_stays() -> None:
    found = hidden(
        project(
            PORT="8080", DEBUG="true", DATA="/var/lib/app", NAME="data", VERSION="1.29.1",
            DB_PASSWORD="web", EMPTY="", USERS="ab",
        )
    )  # fmt: skip
    text = "open /var/lib/app/data/x on port 8080: web is true, database 1.29.1, ab"
    assert found.text(text) == text
    assert found.text("the data is here") == "the **** is here"


def test_what_looks_like_a_secret_is_hidden_without_values() -> None:
    found = Masks().everywhere({
        "exercised": ("`curl -u admin:hunter2 http://localhost/`",),
        "left": {"limits": "it says postgres://app:hunter2@db/app"},
        "kept": (Note("web", "password=hunter2"),),
    })  # fmt: skip
    assert "hunter2" not in str(found)
    assert "hunter2" not in found["kept"][0].text
