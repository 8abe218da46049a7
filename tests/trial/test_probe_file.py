"""The file of probes: what it means, and what is wrong in it, with the place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tightship.config.key import ConfigError
from tightship.text import Source
from tightship_annexes.trial.copy import ProjectCopy
from tightship_annexes.trial.probe_file import NAME, beside, read
from tightship_annexes.trial.probes import Probe, published
from tightship_annexes.trial.requests import Request

PAGE = Path(__file__).parents[2] / "linter" / "docs" / "try.md"


def probes_in(text: str, folder: str = "") -> list[Probe]:
    probes, problems = read(Source(NAME, text), folder)
    assert not problems
    return probes


def request_in(text: str, folder: str = "") -> Request:
    [probe] = probes_in(f'[[probe]]\nservice = "web"\n{text}', folder)
    assert probe.request is not None
    return probe.request


def test_requests_and_commands() -> None:
    web = request_in('http = "GET /login"\nport = 80\nstatus = 302\nexpect = ["a", "ü"]')
    assert (web.line, web.port, web.status, web.send) == ("GET /login", 80, 302, [b""])
    assert web.expect == [b"a", "ü".encode()]
    dns = request_in('udp = "\\u0000\\u00FF"\nport = 53\nexpect = "ok"')
    assert (dns.kind, dns.send, dns.expect) == ("udp", [b"\x00\xff"], [b"ok"])
    mail = request_in('tcp = ["", "QUIT\\r\\n"]\nport = 25\nexpect = ["220", "221"]')
    assert (mail.send, mail.expect) == ([b"", b"QUIT\r\n"], [b"220", b"221"])
    [one] = probes_in('[[probe]]\nservice = "web"\ncommand = "true"\nword = "answers"')
    assert (one.command, one.request, one.word) == ("true", None, "answers")


def test_forms_and_uploads(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"\x89PNG")
    form = request_in('http = "POST /a"\nport = 80\nform = {name = "a b"}')
    assert form.send == [b"name=a+b"]
    assert form.headers == {"Content-Type": "application/x-www-form-urlencoded"}
    text = 'http = "POST /a"\nport = 80\nform = {name = "n"}\nupload = {file = "a.png"}'
    upload = request_in(text, str(tmp_path))
    [body] = upload.send
    mark = upload.headers["Content-Type"].partition("boundary=")[2].encode()
    about = b'Content-Disposition: form-data; name="'
    assert body == b"\r\n".join(
        (
            *(b"--" + mark, about + b'name"', b"", b"n"),
            *(b"--" + mark, about + b'file"; filename="a.png"', b"", b"\x89PNG"),
            *(b"--" + mark + b"--", b""),
        )
    )


def test_requests_of_one_name_are_told_apart() -> None:
    text = '[[probe]]\nservice = "web"\ntcp = ""\nport = 25\nexpect = "220"\n'
    assert [one.command for one in probes_in(text * 2)] == [
        "TCP request, port 25", "TCP request, port 25 (2)",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("keys", "line", "wrong"),
    [
        ("", 1, "a probe needs one of `http`, `tcp`, `udp` and `command`"),
        ('http = "GET /"\ntcp = ""', 1, "a probe needs one of"),
        ('http = "GET /"', 1, "`http` needs `port`: the port in the container"),
        ('http = "get"\nport = 80', 3, "`http` has to be a request such as `GET /login`"),
        ('command = "true"\nport = 80', 4, "`port` has no meaning with `command`"),
        ('tcp = ""\nport = 1', 1, "`tcp` needs `expect`: what the answer has to contain"),
        ('tcp = ["", "a"]\nport = 1\nexpect = "a"', 5, "`expect` has to have as many texts as"),
        ('udp = "\\u0100"\nport = 1\nexpect = "a"', 3, "whose characters are single bytes"),
        ('http = "GET /"\nport = 80\nupload = {f = "../a"}', 5, "is not below the folder"),
        ('http = "GET /"\nport = 80\nupload = {f = "no"}', 5, "`no` does not exist"),
        ('http = "GET /"\nport = 80\nbody = "a"\nform = {a = "b"}', 5, "`body` has no meaning"),
        ('http = "GET /"\nport = 80\nheaders = {a = "b\\nc"}', 5, "a text on one line"),
        ('comand = "true"', 3, "unknown key `comand` here; did you mean `command`?"),
    ],
)
def test_a_wrong_file(tmp_path: Path, keys: str, line: int, wrong: str) -> None:
    source = Source(NAME, f'[[probe]]\nservice = "web"\n{keys}\n')
    probes, problems = read(source, str(tmp_path))
    assert not probes
    assert wrong in problems[0].message
    assert source.point(problems[0].span.start)[0] + 1 == line


def test_the_file_beside_a_project(tmp_path: Path) -> None:
    assert not beside(str(tmp_path))
    (tmp_path / NAME).write_text('[[probe]]\nservice = "web"\ncommand = "true"\n')
    assert len(beside(str(tmp_path))) == 1
    (tmp_path / NAME).write_bytes(b"\xff")
    with pytest.raises(ConfigError, match="UTF-8"):
        beside(str(tmp_path))


def test_the_example_of_the_page_is_right(tmp_path: Path) -> None:
    text = PAGE.read_text("utf-8")
    [example] = [one.split("```")[0] for one in text.split("```toml\n") if "http =" in one]
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "a.png").write_bytes(b"")
    assert {one.request.kind for one in probes_in(example, str(tmp_path)) if one.request} == {
        "http", "tcp", "udp",
    }  # fmt: skip


def test_a_copy_publishes_the_ports_of_requests() -> None:
    services: dict[str, Any] = {
        "web": {"ports": [{"target": 80, "protocol": "tcp", "host_ip": "127.0.0.1"}]},
        "host": {"network_mode": "host"},
        "db": {},
    }
    copy = ProjectCopy({"services": services}, {}, [], {}, {}, {}, [], [])
    probes = [
        Probe("", name, request=Request("udp" if port == 53 else "tcp", port))
        for name, port in (("web", 80), ("db", 53), ("db", 5432), ("host", 80), ("none", 80))
    ]
    made = published(copy, probes).config["services"]
    assert made["web"] == services["web"]
    assert made["host"] == services["host"]
    assert [(one["target"], one["protocol"]) for one in made["db"]["ports"]] == [
        (53, "udp"), (5432, "tcp"),
    ]  # fmt: skip
    assert "ports" not in services["db"]
    assert json.loads(json.dumps(made)) == made
