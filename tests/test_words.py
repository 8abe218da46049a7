"""What users read is in plain modern English: none of the words that made people stop.

linter/docs/style.md says how to write instead.
"""

from __future__ import annotations

import ast
import json
import re
import tokenize
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tightship.rules import every_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "linter" / "docs"
GITHUB = ROOT / ".github"
PAGES = [
    ROOT / "README.md",
    ROOT / "CHANGELOG.md",
    ROOT / "vscode-ext" / "README.md",
    *sorted(GITHUB.glob("*.md")),
    # The page about style shows what not to write.
    *(page for page in sorted(DOCS.glob("*.md")) if page.name != "style.md"),
]
# Files whose comments and messages developers read.
SCRIPTS = [
    ROOT / "Makefile",
    ROOT / "pyproject.toml",
    ROOT / ".ci" / "run",
    *sorted(ROOT.glob("tests/*/install.sh")),
    *sorted(GITHUB.glob("*/*.yml")),
]

WORDS = {
    r"mend(s|ed|ing)?": "old for `fix`",
    r"moot": "formal for `irrelevant`",
    r"whoever": "old for `anyone who`",
    r"(told|tells|tell) of": "old for `report`",
    r"(not )?to be had": "old for `unavailable`",
    r"(is|are|and|but) none[.,;]?$|(is|are) none[.,;:]": "inverted: say what it is not",
    r"none that": "inverted for `unknown`",
    r"(is|are|says?) otherwise( than)?": "old for `differs`",
    r"need be": "old for `has to be`",
    r"besides": "old for `also`",
    r"a \w+ of (one's|its|their|your|his) own": "long for `its own …`",
    r"anew": "old for `again`",
    r"(but|save) for": "old for `except`",
    r"beside": "rare for `next to` or `together with`",
    r"unasked": "rare for `by default`",
    r"stands? (in the file|as plain|for (any|all|every)|there|here)": "odd for `is`",
    r"as it stands": "odd for `as it is`",
    r"for it is": "old for `because`",
    r"and the like|or the like": "vague for `similar`",
    r"kin": "old for `similar`",
    r"an?y more": "two words for `any longer`",
    r"without a word": "figure for `without a message`",
    r"pass(es|ed)? over": "odd for `ignore`",
    r"laid over|lays? .{1,30} over": "odd for `merge onto`",
    r"as whom|to whom|for whom": "formal",
    r"nobody (can|could|knows|but)": "inverted for `is unknown`",
    r"so that nobody": "inverted for `to prevent`",
    r"only a run can tell": "dialect for `known only at run time`",
    r"(wants?|refuses?|refused) (the|a|that|of|it)": "a program requires or rejects",
    r"makes no sense": "vague for `invalid`",
    r"could not be judged|was not judged|is not judged": "a file is checked",
    r"(is|are|was|were) told|told (apart|about)": "old for `reported` or `distinguished`",
    r"lest|thereby|whereby|thereof|wherein|herein|hence|unto|betwixt": "old or formal",
    r"amongst|whilst|amid": "old for `among` and `while`",
    r"mostly": "odd for `usually`",
    r"(some|any|every)body": "use `someone`, `anyone`, `everyone`: one word for one thing",
    r"heed(s|ed)?": "old for `obey`",
    r"(go|goes|going) on": "odd for `continue`",
    r"hands? over|handed over": "figure for `gives control of`",
    r"speaks? for": "figure for `absorb`",
    r"answers? to (it|an?|the|several)": "odd for `corresponds to`",
    r"be (they|it)": "old for `whether … or …`",
    r"for (it|they) (is|are|has|have|can|may|do|does)": "old for `because`",
    r"takes? (it|them|(an?|the|any) \w+) for (an?|the|that)": "odd for `reads as`",
    r"in force": "formal for `active`",
    r"is looked for": "a rule runs",
    r"made one": "odd for `merged`",
    r"(is|are) to (stay|be|accept|run|do|have)": "formal for `must`",
}
PATTERN = re.compile(
    "|".join(rf"\b(?:{word})(?!\w)" for word in WORDS), re.IGNORECASE | re.MULTILINE
)
# "What it writes stays." and "Where a rule has options, set them." name the subject late.
INVERTED = re.compile(r"(?:^|[.:;] )(?:What [^.?!|]*\.|Where [^.?!|,]*,)")
# For docstrings and comments, which say "judge", and "nobody" of a case that is open.
ARCHAIC = re.compile(
    r"\b(?:whoever|to be had|besides|anew|thereby|whereby|thereof|wherein|lest|whilst"
    r"|moot|mend|told of|tells of|need be|an? `*\w+`* of (?:its|their|your|his) own)(?!\w)",
    re.IGNORECASE,
)
# Words of others, and of shells.
QUOTED = re.compile(r"`[^`\n]*`|```.*?```|\"[^\"\n]*\"", re.DOTALL)


def odd(text: str) -> list[str]:
    """Return what a text has of the words, outside of code and quotations."""
    plain = QUOTED.sub("`…`", " ".join(text.split()) if "```" not in text else text)
    found = (*PATTERN.finditer(plain), *INVERTED.finditer(plain))
    return [one[0] for one in found]


def strings(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the texts of a module with their lines, without its docstrings."""
    tree = ast.parse(path.read_text("utf-8"))
    left_out = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    # Below an assignment, a string documents a constant.
    left_out |= {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            left_out |= {id(part) for part in node.values}
            parts = (
                str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values
            )
            yield node.lineno, "".join(parts)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or id(node) in left_out:
            continue
        if isinstance(node.value, str) and " " in node.value:
            yield node.lineno, node.value


def test_no_rule_page_has_an_archaic_word() -> None:
    found = {rule.name: words for rule in every_rule() if (words := odd(rule.doc))}
    assert found == {}


def test_no_text_of_the_linter_or_the_server_has_an_archaic_word() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {word}"
        for folder in ("linter/tightship", "lsp/tightship_lsp")
        for path in sorted((ROOT / folder).rglob("*.py"))
        for line, text in strings(path)
        for word in odd(text)
    ]
    assert found == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_no_page_has_an_archaic_word(page: Path) -> None:
    text = page.read_text("utf-8")
    text = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    found = [
        f"{number}: {word}"
        for number, paragraph in enumerate(text.split("\n\n"), 1)
        for word in odd(paragraph)
    ]
    assert found == []


def comments(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the docstrings and the comments of a module with their lines."""
    with path.open("rb") as file:
        for token in tokenize.tokenize(file.readline):
            text = token.string
            if token.type == tokenize.COMMENT or text.startswith('"""'):
                yield token.start[0], " ".join(text.split())


def test_no_docstring_or_comment_has_an_archaic_word() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {word[0]}"
        for folder in ("linter/tightship", "lsp/tightship_lsp")
        for path in sorted((ROOT / folder).rglob("*.py"))
        for line, text in comments(path)
        for word in ARCHAIC.finditer(QUOTED.sub("`…`", text))
    ]
    assert found == []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_script_of_developers_has_an_archaic_word(path: Path) -> None:
    text = QUOTED.sub("`…`", path.read_text("utf-8"))
    assert [word[0] for word in ARCHAIC.finditer(text)] == []


def test_neither_the_extension_nor_the_action_has_an_archaic_word() -> None:
    manifest = (ROOT / "vscode-ext" / "package.json").read_text("utf-8")
    texts: list[str] = re.findall(r'"(?:[^"\\]|\\.)*"', manifest)
    texts = [json.loads(text) for text in texts]
    texts.append((ROOT / "action.yml").read_text("utf-8"))
    assert [word for text in texts for word in odd(text)] == []


def test_each_word_is_found_where_it_is() -> None:
    before = (
        "A key is none that Compose knows.",
        "What has been mended stays, until you write it anew.",
        "Whoever reads this in a year",
        "says where it is weaker than it need be",
        "Only a run can tell, so the rule says nothing.",
        "Give the service a network of its own",
        "`x` says otherwise than `y`, and Compose refuses that",
        "a command line that makes no sense",
        "Hints. What the file sets stays as it is.",
        "Where a service has no user, the image decides.",
        "Each is found, be it in a list, for it is the last one.",
        "Only the proxy is told what the host hands over.",
    )
    assert [text for text in before if not odd(text)] == []
    assert odd('`whoever` is a word, and so is "anew"') == []
    assert odd("What can an attacker reach? Find out where it is, and why.") == []
    assert ARCHAIC.findall("whoever reads it, with a name of its own") != []
