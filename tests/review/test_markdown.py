"""The comment, rendered by a CommonMark parser and read as a browser would."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Literal

import pytest
from hypothesis import example, given, strategies as st
from markdown_it import MarkdownIt

from tightship.engine.verdict import Verdict
from tightship.findings import Severity
from tightship.report.report import ReportOptions
from tightship.report.terminal import visible
from tightship.text import Edit, Source, Span
from tightship_annexes.review.report.markdown import LIMIT, block, code, html, prose

if TYPE_CHECKING:
    from tests.report.conftest import Make

TAGS = {*("h2", "h3", "ul", "li", "p", "strong", "code", "pre", "details", "summary")}
NASTY = st.lists(
    st.one_of(
        st.sampled_from(
            [
                *("`", "``", "\\", "@a", "#1", "!2", "~l", "%m", "GH-3", "$x$", "$1"),
                *("<b>", "<!--", "-->", "&lt;", "&#64;", "](x)", "![", "**", "_", "|"),
                *("https://evil.example", "www.evil.example", "a@b.example", "~~~"),
                *(" ", "a", "\n", "\r\n\r\n# x\n", "    ", "- ", "1. ", "\t", "\x1b"),
                *("<details>", "</details>", "```", "\u202e", "\ud800"),
            ]
        ),
        st.text(max_size=5),
    ),
    max_size=12,
).map("".join)
# What GitHub and GitLab seek in text that has been rendered.
REFERENCE = re.compile(r"@\w|(?<![^\W_])[#!&]\d|GH-\d|(?i:www)\.|~\w|%\w|://")


class Page(HTMLParser):
    """The tags of a page, its text, and its text outside of code."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags = set[str]()
        self.attributes = list[tuple[str, str | None]]()
        self.text = ""
        self.loose = list[str]()
        self.comments = list[str]()
        self._code = 0
        self.feed(MarkdownIt("commonmark").enable("table").render(text))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [pair for pair in attrs if tag != "code"]
        self._code += tag == "code"

    def handle_endtag(self, tag: str) -> None:
        self._code -= tag == "code"

    def handle_data(self, data: str) -> None:
        self.text += data
        if not self._code:
            self.loose.append(data)

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)


def harmless(page: Page) -> bool:
    """Tell whether a page has our tags only, and names nobody and nothing."""
    return (
        page.tags <= TAGS
        and not page.attributes
        and not page.comments
        and not any(REFERENCE.search(text) for text in page.loose)
    )


def squeezed(text: str) -> str:
    """Return a text without what rendering may change: space, and backticks."""
    return re.sub(r"[\s`]+", "", text)


@given(text=NASTY)
@example(text="`a``b`")
@example(text="` ``` `")
@example(text="`")
@example(text="`` ` ``")
@example(text="$`x`$")
def test_prose_is_shown_literally(text: str) -> None:
    page = Page(f"- item: {prose(text)} (end)\n")
    assert harmless(page)
    assert squeezed(page.text) == squeezed(f"item: {visible(text)} (end)")


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("`a` and `b`", ["a", "b"]),
        ("`a``b`", ["a", "b"]),
        ("of `a`'s `@b`", ["a", "@b"]),
        ("`a", []),
        ("@b", ["@"]),
    ],
)
def test_text_in_backticks_is_code(text: str, codes: list[str]) -> None:
    for page in (
        MarkdownIt("commonmark").render(prose(text)),
        MarkdownIt("commonmark").render(html(text)),
    ):
        assert re.findall(r"<code>(.*?)</code>", page) == codes


@given(text=NASTY)
def test_html_is_shown_literally(text: str) -> None:
    page = Page(f"<details><summary>Fix: {html(text)}</summary>\n\nend\n\n</details>\n")
    assert harmless(page)
    assert squeezed(page.text) == squeezed(f"Fix: {visible(text)}end")


@given(text=NASTY)
@example(text="`")
@example(text=" ")
@example(text="  a  ")
def test_code_is_exact(text: str) -> None:
    page = Page(f"x {code(text)} y\n")
    assert page.tags == {"p", "code"}
    assert page.text.strip() == f"x {visible(text) or ' '} y"


@given(lines=st.lists(NASTY, min_size=1, max_size=5))
def test_a_block_is_exact(lines: list[str]) -> None:
    shown = [f"+{line}" for line in lines]
    page = Page("\n".join(block("diff", shown)) + "\n\nend\n")
    assert page.tags == {"pre", "code", "p"}
    expected = "\n".join(visible(line) for line in shown)
    assert page.text.removesuffix("\n") == f"{expected}\n\nend"


@given(name=NASTY, message=NASTY, text=NASTY)
def test_a_whole_comment_has_our_tags_only(make: Make, name: str, message: str, text: str) -> None:
    source = Source(name, f"a: b\n{text}")
    span = Span(source, 0, 1)
    fix = make.tightens(message, Edit(span, text), may_break=message)
    verdict = make.verdict(make.found(span, message=message, fix=fix))
    assert harmless(Page(make.document("markdown", verdict)))


def test_a_comment_has_counts_and_findings_by_file(make: Make) -> None:
    _, [web, image] = make.file("services:\n  «web»:\n    image: «nginx»\n")
    _, [db] = make.file("«db»: {}\n", "db.yaml")
    fix = make.tightens("Drop `it`", Edit(image, "redis"), may_break="all of it")
    verdict = make.verdict(
        make.found(web, severity=Severity.INFO),
        make.found(image, "worse-thing", "`a_b` is *bad*", fix=fix),
        make.found(db, severity=Severity.ERROR),
        gaps=1,
    )
    assert make.document("markdown", verdict, options=BY_FILE) == make.golden(
        """
        ## Tightship: 1 error, 1 warning, 1 info in 2 files; 1 part could not be checked

        ### `compose.yaml`

        - **warning**, line 3: `a_b` is &#42;bad&#42; (`worse-thing`)

          <details><summary>Fix (tightens): Drop <code>it</code></summary>

          May break: all of it

          ```diff
          @@ line 3 @@
          -    image: nginx
          +    image: redis
          ```

          </details>

        - info, line 2: a thing is bad (`bad-thing`)

        ### `db.yaml`

        - **error**, line 1: a thing is bad (`bad-thing`)
        """
    )


def test_a_comment_without_findings_says_so(make: Make) -> None:
    source = Source("compose.yaml", "")
    text = make.document("markdown", Verdict("/p", (source,), [], services=1))
    assert text == "## Tightship: no findings in 1 file\n"


BY_FILE = ReportOptions(group_by="file")
FIX = re.compile(r"(?s)(<summary>Fix.*?</summary>).*?</details>")


@pytest.mark.parametrize("by", ["cause", "file", "none"])
@pytest.mark.parametrize("with_fix", [False, True])
@pytest.mark.parametrize("count", [1, 17, 18, 19, 20, 300])
def test_at_most_twenty_lines_are_open(
    make: Make, count: int, with_fix: bool, by: Literal["cause", "file", "none"]
) -> None:
    _, spans = make.file("«a»: b\n" * count)
    found = [
        make.found(
            span,
            message=f"thing {n}, bad",
            severity=Severity.ERROR if n == count - 1 else Severity.WARNING,
            fix=make.tightens("Drop it", Edit(span, "")) if with_fix else None,
        )
        for n, span in enumerate(spans)
    ]
    verdict = make.verdict(*found)
    text = make.document("markdown", verdict, options=ReportOptions(group_by=by))
    page = [line for line in FIX.sub(r"\1", text).splitlines() if line.strip()]
    folds = [n for n, line in enumerate(page) if re.match(r"<details><summary>\d", line)]
    opened = page[: folds[0] + 1] if folds else page
    assert len(opened) <= 20
    assert any(line.startswith("- **error**") for line in opened)
    # Nothing is lost, and what is folded is counted.
    assert sum(line.startswith("- **") for line in page) == count
    folded = sum(line.startswith("- **") for line in page[len(opened) :])
    assert sum(map(int, re.findall(r"(\d+) more", opened[-1]))) == folded
    assert Page(text).tags <= {"h3", *TAGS}


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@pytest.mark.parametrize("message", ["a thing is bad", "🐳" * 250, "`" * 500])
def test_a_comment_fits_and_counts_omitted_findings(make: Make, message: str) -> None:
    source = Source("compose.yaml", "a: b\n" * 3000)
    findings = [
        make.found(Span(source, 5 * line, 5 * line + 1), message=message) for line in range(3000)
    ]
    text = make.document("markdown", make.verdict(*findings), options=BY_FILE)
    assert LIMIT * 0.9 < units(text) <= LIMIT < 65_536
    shown = text.count("\n- **")
    left = re.search(r"\n(\d+) more findings are left out: a comment has 65,000 ", text)
    assert left
    assert shown + int(left[1]) == 3000
    assert text.startswith("## Tightship: 3000 warnings in 1 file\n")


def test_a_fix_that_does_not_fit_is_left_out_before_its_finding(make: Make) -> None:
    source = Source("compose.yaml", "a: b\n")
    span = Span(source, 0, 1)
    long = make.tightens("Long", Edit(span, ("x" * 150 + "\n") * 60))
    findings = [make.found(span, fix=long) for _ in range(20)]
    text = make.document("markdown", make.verdict(*findings), options=BY_FILE)
    assert units(text) <= LIMIT
    assert text.count("\n- **") == 20
    assert 1 < text.count("<summary>Fix") < 20
    assert "left out" not in text


def test_a_comment_may_show_each_cause_once(make: Make) -> None:
    verdicts = list[Verdict]()
    for name in "abcdefgh":
        _, [image] = make.file("FROM «nginx»\n", f"{name}/Dockerfile")
        verdicts.append(make.verdict(make.found(image)))
    _, [web, db] = make.file("services:\n  «web»:\n  «db»:\n")
    fix = make.tightens("Lock it", Edit(web, "x"))
    lacking = [
        make.found(span, "unlimited", "bad", service=span, fix=fix, measure="limits")
        for span in (web, db)
    ]
    text = make.document("markdown", *verdicts, make.verdict(*lacking))
    others = ", ".join(f"`{name}/Dockerfile` line 1" for name in "bcdef")
    assert text == (
        "## Tightship: 10 warnings in 9 files\n\n"
        "- **warning**, `a/Dockerfile` line 1: a thing is bad (`bad-thing`);"
        f" also in {others} and 2 more places\n"
        "- **warning**, `compose.yaml` line 2: 2 services lack hardening that `tightship harden"
        " --write` adds (`unlimited`)\n"
        "  - `web` (line 2), `db` (line 3): limits\n\n"
        "  <details><summary>2 measures</summary>\n\n"
        "  - `web`: Lock it (tightens)\n  - `db`: Lock it (tightens)\n\n"
        "  </details>\n"
    )
    single = make.document("markdown", *verdicts, options=ReportOptions(group_by="none"))
    assert single.count("a thing is bad") == 8
    assert "### " not in single


def test_findings_of_a_cause_that_do_not_fit_are_counted(make: Make) -> None:
    source = Source("compose.yaml", "a: b\n" * 3000)
    findings = [
        make.found(Span(source, 5 * line, 5 * line + 1), message=f"{line // 2} is bad " + "x" * 99)
        for line in range(3000)
    ]
    text = make.document("markdown", make.verdict(*findings))
    left = re.search(r"\n(\d+) more findings are left out: a comment has 65,000 ", text)
    assert left
    assert units(text) <= LIMIT
    assert 2 * text.count("\n- **") + int(left[1]) == 3000


def test_missing_hardening_stands_by_its_severity(make: Make) -> None:
    _, [web, image] = make.file("services:\n  «web»:\n    image: «nginx»\n")
    lacking = make.found(web, "unlimited", service=web, measure="limits")
    info = make.found(image, message="it moves", severity=Severity.INFO)
    text = make.document("markdown", make.verdict(info, lacking))
    assert text.index("lacks hardening") < text.index("it moves")
