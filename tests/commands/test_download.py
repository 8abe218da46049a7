"""What commands fetch, where they put it, and what they write by themselves."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from tightship.commands.calls import Call, calls
from tightship.commands.download import VALUED, Download, host, is_loopback, same_file
from tightship.commands.file_writes import file_writes
from tightship.commands.program import code
from tightship.syntax.shell.read import read
from tightship.syntax.shell.text import UNKNOWN, Text
from tightship.text import Source


def call(script: str) -> Call:
    source = Source("script", script)
    return next(calls(read(Text(source, [(script, 0, len(script))]))))


@pytest.mark.parametrize(
    ("script", "files", "is_printed"),
    [
        ("curl https://a.b/x", [], True),
        ("curl -o y https://a.b/x", ["y"], False),
        ("curl -sSLoy https://a.b/x", ["y"], False),
        ("curl --output=y https://a.b/x", ["y"], False),
        ("curl -o ./d/../y https://a.b/x", ["y"], False),
        ("curl -O https://a.b/d/x?v=1", ["x"], False),
        ("curl -o y https://a.b/x -o z https://a.b/w", ["y", "z"], False),
        ("curl https://a.b/x > y", ["y"], False),
        ("curl https://a.b/x 2> log", [], True),
        ("curl https://a.b/x | sudo tee y z | wc", ["y", "z"], True),
        ("curl -o - https://a.b/x > y", ["y"], False),
        ('curl -o "$D/y" https://a.b/x', ["$D/y"], False),
        ("wget https://a.b/d/x", ["x"], False),
        ("wget -O- https://a.b/x", [], True),
        ("wget -qO y https://a.b/x", ["y"], False),
        ("wget -o log https://a.b/x", ["x"], False),
        ("wget https://a.b/x https://a.b/y", ["x", "y"], False),
        ("http https://a.b/x", [], True),
        ("http --download https://a.b/x", ["x"], False),
        ("aria2c https://a.b/x", ["x"], False),
    ],
)
def test_a_download_goes_to_files_or_to_the_output(
    script: str, files: list[str], *, is_printed: bool
) -> None:
    found = Download.of(call(script))
    assert found is not None
    assert (found.files, found.is_printed) == (files, is_printed)


@pytest.mark.parametrize("script", ["curl --version", "echo curl x", "$CURL x", "ls"])
def test_a_command_that_fetches_nothing_is_not_a_download(script: str) -> None:
    assert Download.of(call(script)) is None


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://a.b/x", "a.b"),
        ("https://me:pw@a.b:8443/x", "a.b"),
        ("a.b:80", "a.b"),
        ("https://[::1]:80/", "[::1]"),
        ("https://a.b", "a.b"),
        ("https://a.b/$X", "a.b"),
        ("https://a.b:$X", "a.b"),
        ("https://a.b$X", ""),
        ("https://$X/", ""),
        ("$X", ""),
        ("https://$U@a.b", ""),
    ],
)
def test_the_host_is_named_only_if_certain(url: str, name: str) -> None:
    found = Download.of(call(f"curl {url}"))
    assert found is not None
    assert [host(one) for one in found.urls] == [name]


@pytest.mark.parametrize(
    ("url", "is_own"),
    [
        ("http://localhost/", True),
        ("https://LOCALHOST:1", True),
        ("https://a.localhost/", True),
        ("https://127.0.0.1:$P", True),
        ("https://127.1.2.3", True),
        ("https://[::1]/", True),
        ("https://0.0.0.0:1", True),
        ("file:///x", True),
        ("https://localhost.a.b/", False),
        ("https://localhost@a.b/", False),
        ("https://127.0.0.1.a.b/", False),
        ("https://localhost$X/", False),
        ("https://a.b/localhost", False),
    ],
)
def test_the_machine_itself_is_known(url: str, *, is_own: bool) -> None:
    found = Download.of(call(f"curl {url}"))
    assert found is not None
    assert is_loopback(found.urls[0]) is is_own


def test_a_bare_name_matches_the_file_in_any_folder() -> None:
    assert same_file("x", "/tmp/x")
    assert same_file("/a/x", "/a/x")
    assert not same_file("/a/x", "/b/x")
    assert not same_file("x", "y")


@pytest.mark.parametrize(
    ("script", "source"),
    [
        ("sh", "stdin"),
        ("sh -s a", "stdin"),
        ("sh -x a b", "a"),
        ("bash -o pipefail a", "a"),
        ("bash +x a", "a"),
        ("sh -c a b", "text a"),
        ("python3 -u - a", "stdin"),
        ("python3.12 a", "a"),
        ("python3 -m a", "nothing"),
        ("perl -pe a b", "text a"),
        ("php -f a", "a"),
        ("php -- a", "stdin"),
        (". a", "a"),
        ("./a b", "./a"),
        ("$D/a b", "$D/a"),
        ("sudo ./a", "./a"),
        ("a b", "no code"),
        ("cat a", "no code"),
        ("xargs sh", "no code"),
    ],
)
def test_executed_files_are_found(script: str, source: str) -> None:
    found = code(call(script))
    if found is None:
        assert source == "no code"
    elif found.stdin:
        assert source == "stdin"
    elif found.file is not None:
        assert source == found.file.raw
    else:
        assert source == (f"text {found.text.raw}" if found.text else "nothing")


@pytest.mark.parametrize(
    ("script", "texts"),
    [
        ("echo a b > f", [("f", "a b")]),
        ("echo 'a  b' c >> f", [("f", "a  b c")]),
        ("echo a | tee f g", [("f", "a"), ("g", "a")]),
        ("echo a | sudo tee -a f", [("f", "a")]),
        ("cat > f <<E\na\nE", [("f", "a\n")]),
        ("tee f <<E\na\nE", [("f", "a\n")]),
        ("echo $A > d/$B", [(f"d/{UNKNOWN}", UNKNOWN)]),
        ("sed -i s/a/b/ f", [("f", "b")]),
        ("sed -i -e 's|a|b|;s|c|d|' f g", [("f", "b"), ("f", "d"), ("g", "b"), ("g", "d")]),
        ("sed -i '$ a text' f", [("f", "text")]),
        ("sed s/a/b/ f", []),
        ("echo a", []),
        ("echo a 2> f", []),
        ("cat a > f", []),
    ],
)  # fmt: skip
def test_text_written_to_files_is_found(script: str, texts: list[tuple[str, str]]) -> None:
    found = [(path, text.value) for path, text in file_writes(call(script))]
    assert found == texts


@pytest.mark.parametrize(
    ("program", "flag"),
    [("curl", r"^ *(?:(-\S), )? *(--[\w.-]+)( <)?"), ("wget", r"^ *(?:(-\w),)? *(--[\w-]+)(=)?")],
)
def test_flags_with_a_value_are_those_of_the_program(program: str, flag: str) -> None:
    path = shutil.which(program)
    if path is None:
        pytest.skip(f"no {program} here")
    command = [path, "--help", *(["all"] if program == "curl" else [])]
    shown = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    valued, bare = set[str](), set[str]()
    for short, long, value in re.findall(flag, shown, re.MULTILINE):
        (valued if value else bare).update({long, *([short] if short else [])})
    if len(valued) < 50:
        pytest.skip(f"{program} is not the one whose help is known")
    unsaid = {"--help", "-h", "--backups", "--use-askpass", "--compression"}
    assert not VALUED[program] & (bare - valued)
    # A newer version may have a few more.
    assert len(valued - VALUED[program] - unsaid) <= len(valued) // 20
