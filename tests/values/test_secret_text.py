from __future__ import annotations

import pytest
from tests.bounded import within

from tightship.rules.example import marked
from tightship.values.secret import HINTS
from tightship.values.secret_text import _HINT, secrets_in


@pytest.mark.parametrize(
    "text",
    [
        "DB_PASSWORD=«hunter2»\n",
        "  DB_PASSWORD: «hunter2»  # old\n",
        'a: b\r\n"api_token" : "«9f86d081884c7d65 and more»"\r\n',
        "environment: [DB_PASSWORD=«hunter2», A=b]\n",
        '["DB_PASSWORD=«hunter2»"]\n',
        "environment: {DB_PASSWORD: «hunter2», ROOT_PASSWORD: '«hunter3»'}\n",
        "PASSWORD=${PASSWORD:-«hunter2»}\n",
        'PASSWORD: "${PASSWORD-«hunter2»}"\n',
        "ENV DB_PASSWORD «hunter2»\n",
        "run --password «hunter2» --password=«hunter3»\n",
        "# DB_PASSWORD: «hunter2»\n",
        "url: postgres://app:«hunter2»@db/app, amqp://app:«hunter3»@mq\n",
        "user: «AKIAQX7RTZ2MVNW3PLB5»\n",
        "PASSWORD=${PASSWORD}\nTOKEN_TTL=30\nPUBLIC_KEY: abc\nDB_PASSWORD_FILE=/run/x\n",
        "# the secret password is not here\n",
        "docker run --name mongo -p 27017:27017 -p 127.0.0.1:1-2:1-2/tcp -p [::1]:1:1 mongo:7\n",
        "mongo -p «27017»; mongosh -p «1:2:3:4»\n",
        "- /etc/passwd:/etc/passwd:ro\n- ./passwd:/passwd\n- a/secret:ro,z\n",
        "a/passwd:«hunter2»\n",
    ],
)
def test_secrets_are_found_in_any_language(text: str) -> None:
    plain, spans = marked(text)
    assert sorted(set(secrets_in(plain))) == spans


@pytest.mark.parametrize("hint", [*HINTS, "@"])
def test_every_hint_is_found_in_any_case(hint: str) -> None:
    for word in (hint, hint.upper(), hint.title(), hint.replace("s", "ſ").replace("k", "\u212a")):
        found = _HINT.search(f"a line with a c{word}e")
        assert found is not None
        assert found.start() == len("a line with a c")
    assert _HINT.search(hint[1:]) is None


@pytest.mark.parametrize(
    "text", ["password=" * 100_000, "pass " * 200_000, "'password: " * 300 + "\n"]
)
def test_hostile_lines_end(text: str) -> None:
    with within(30):
        list(secrets_in(text))
