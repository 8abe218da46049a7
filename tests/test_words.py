"""What users read is in plain modern English: none of the words that made people stop.

linter/docs/style.md says how to write instead.
"""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tightship.rules import every_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "linter" / "docs"
# For people who change Tightship, and the page that shows what not to write.
INTERNAL = {"style.md", "architecture.md", "testing.md", "adding-an-image.md"}

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
}
PATTERN = re.compile(
    "|".join(rf"\b(?:{word})(?!\w)" for word in WORDS), re.IGNORECASE | re.MULTILINE
)
# Words of others, and of shells.
QUOTED = re.compile(r"`[^`\n]*`|```.*?```|\"[^\"\n]*\"", re.DOTALL)


def odd(text: str) -> list[str]:
    """Return what a text has of the words, outside of code and quotations."""
    plain = QUOTED.sub("`…`", " ".join(text.split()) if "```" not in text else text)
    return [found[0] for found in PATTERN.finditer(plain)]


def strings(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the texts of a module with their lines, without its docstrings."""
    tree = ast.parse(path.read_text("utf-8"))
    left_out = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(
            node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
        )
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    # Below an assignment, a string documents a constant.
    left_out |= {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            left_out |= {id(part) for part in node.values}
            parts = (
                str(part.value) if isinstance(part, ast.Constant) else "…"
                for part in node.values
            )
            yield node.lineno, "".join(parts)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or id(node) in left_out:
            continue
        if isinstance(node.value, str) and " " in node.value:
            yield node.lineno, node.value


def test_no_rule_page_has_them() -> None:
    found = {rule.name: words for rule in every_rule() if (words := odd(rule.doc))}
    assert found == {}


def test_no_text_of_the_linter_or_the_server_has_them() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {word}"
        for folder in ("linter/tightship", "lsp/tightship_lsp")
        for path in sorted((ROOT / folder).rglob("*.py"))
        for line, text in strings(path)
        for word in odd(text)
    ]
    assert found == []


@pytest.mark.parametrize(
    "page",
    [
        ROOT / "README.md",
        ROOT / "vscode-ext" / "README.md",
        *(page for page in sorted(DOCS.glob("*.md")) if page.name not in INTERNAL),
    ],
    ids=lambda page: page.stem,
)
def test_no_page_has_them(page: Path) -> None:
    text = page.read_text("utf-8")
    text = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    found = [
        f"{number}: {word}"
        for number, paragraph in enumerate(text.split("\n\n"), 1)
        for word in odd(paragraph)
    ]
    assert found == []


def test_neither_the_extension_nor_the_action_has_them() -> None:
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
    )
    assert [text for text in before if not odd(text)] == []
    assert odd('`whoever` is a word, and so is "anew"') == []
