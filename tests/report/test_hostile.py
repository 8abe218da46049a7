"""Whatever a file, its name or a message holds, every report stays what it is."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest
from hypothesis import example, given, settings, strategies as st
from tests.report.page import read

from tightship.engine.verdict import JudgedFinding, Subject, Verdict
from tightship.findings import Finding, Fix, Related, Severity
from tightship.report.formats import FORMATS
from tightship.rules import every_rule
from tightship.text import Edit, Source, Span

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.report.conftest import Make

NASTY = [
    "\n::error::injected",
    "\r\n## heading\n",
    "\x1b[31mred\x1b[0m",
    "\x00\x07\x7f\x85\u2028\u2029",
    "]]><script>alert(1)</script><![CDATA[",
    "<!-- --> <img src=x onerror=alert(1)> &amp; &#0;",
    "\u202eevil\u2066\ufeff\u200b",
    "\ud800 and \udcff",
    "\uffff\ufffe\U0010ffff",
    "@everyone #1 !2 GH-3 ~bug %v1 $`x`$ https://evil.example www.evil.example",
    "` `` ``` ~~~ **b** _i_ [x](javascript:1) ![y](z) | a | b |\\",
    "a%0Ab,c:d=e;f::g",
    "\"quoted\" 'single'",
    "../../etc/passwd",
    "//host/share",
    "",
]
TEXTS = st.one_of(
    st.sampled_from(NASTY),
    st.text(max_size=40),
    st.text(st.characters(categories=("Cc", "Cf", "Cs", "Zl", "Po")), max_size=20),
    st.lists(st.sampled_from([*NASTY, "a", "`", " ", "@", "\\"]), max_size=6).map("".join),
)
JOINERS = "\u200c\u200d\xa0\u3000"
RULES = [rule for rule in every_rule() if rule.theme != "correctness"][:2]
SOME = [pytest.param(name, id=name) for name in FORMATS if name not in ("text", "markdown")]


def nasty_verdict(name: str, text: str, body: str) -> Verdict:
    """Return a verdict that says hostile things at every opportunity."""
    source = Source(name, f"{body}\n{text}\n")
    other = Source(text, body)
    span = Span(source, 0, len(source.text))
    fix = Fix.tightens(text, (Edit(span, text),), may_break=body)
    because = (Related(Span(other, 0, len(body)), text),)
    subject = Subject("service", text, Span(source, 0, 0))
    first = JudgedFinding(
        RULES[0],
        Finding(span, text, fix=fix, because=because),
        Severity.ERROR,
        subject,
        key_path=("services", text),
    )
    second = JudgedFinding(
        RULES[1], Finding(Span(other, 0, 0), body), Severity.INFO, Subject("file", text)
    )
    return Verdict(f"/{text}", (source, other), [first, second], services=1)


def says_everything(name: str, document: str) -> None:
    """Check that a document is whole, and has both findings."""
    READERS.get(name, read_anything)(document)


def read_anything(document: str) -> None:
    assert all(rule.name in document for rule in RULES)


def read_json(document: str) -> None:
    assert len(json.loads(document)["findings"]) == 2


def read_sarif(document: str) -> None:
    [run] = json.loads(document)["runs"]
    assert [one["ruleId"] for one in run["results"]] == [rule.name for rule in RULES]
    document.encode("ascii")
    json.dumps(json.loads(document), ensure_ascii=False).encode("utf-8")


def read_gitlab(document: str) -> None:
    assert len(json.loads(document)) == 2
    json.dumps(json.loads(document), ensure_ascii=False).encode("utf-8")


def read_lines(document: str) -> None:
    lines = document.split("\n")
    assert lines.pop() == ""
    assert len(lines) == 2
    assert all(line.endswith(f" [{rule.name}]") for line, rule in zip(lines, RULES, strict=True))


def read_commands(document: str) -> None:
    lines = document.split("\n")
    assert lines.pop() == ""
    assert len(lines) == 2
    command = re.compile(r"::(error|notice) (file=[^:,]*,line=\d+,[^:]*)::(.*)")
    assert all(command.fullmatch(line) for line in lines)
    assert not re.search(r"%(?!25|0D|0A|3A|2C)", document)


def read_junit(document: str) -> None:
    tests = ElementTree.fromstring(document).iter("testcase")
    names = [test.get("name", "").partition(" ")[0] for test in tests]
    assert names == [rule.name for rule in RULES]


def read_checkstyle(document: str) -> None:
    errors = ElementTree.fromstring(document).iter("error")
    assert [error.get("source") for error in errors] == [f"tightship.{rule.name}" for rule in RULES]


def read_html(document: str) -> None:
    rules = [one.text for one in read(document).all("code") if one.classes == ["rule"]]
    assert sorted(rules) == sorted(rule.name for rule in RULES)


READERS: dict[str, Callable[[str], None]] = {
    "concise": read_lines,
    "json": read_json,
    "sarif": read_sarif,
    "github": read_commands,
    "gitlab": read_gitlab,
    "junit": read_junit,
    "checkstyle": read_checkstyle,
    "html": read_html,
}


@pytest.mark.parametrize("form", SOME)
@given(name=TEXTS, text=TEXTS, body=TEXTS)
def test_a_document_stays_whole(form: str, make: Make, name: str, text: str, body: str) -> None:
    document = make.document(form, nasty_verdict(name, text, body))
    says_everything(form, document)


@pytest.mark.parametrize("form", SOME)
@pytest.mark.parametrize("text", NASTY)
def test_hostile_names_are_harmless_in_every_format(form: str, make: Make, text: str) -> None:
    says_everything(form, make.document(form, nasty_verdict(text, text, text)))


@pytest.mark.parametrize("form", FORMATS)
@given(name=TEXTS, text=TEXTS, body=TEXTS)
@example(name="\x1b[2J", text="\x9b31m\u202e", body="\x07")
def test_no_terminal_control_is_printed(
    form: str, make: Make, name: str, text: str, body: str
) -> None:
    document = make.document(form, nasty_verdict(name, text, body))
    bad = {char for char in document if not char.isprintable()} - {"\n", *JOINERS}
    assert not bad
    document.encode("utf-8")


@pytest.mark.parametrize("form", ["json", "sarif", "gitlab", "junit", "checkstyle"])
@given(text=TEXTS)
@settings(max_examples=settings().max_examples // 10)
def test_documents_for_programs_are_ascii(form: str, make: Make, text: str) -> None:
    assert make.document(form, nasty_verdict(text, text, text)).isascii()
