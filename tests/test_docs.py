"""The pages of the documentation: every link is followed, every named rule exists.

`make generate` runs the commands of a page (``tests/generate/shown_commands.py``).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from tests.generate.migrating import rules_by_alias
from tests.generate.shown_commands import FILES, PAGES, Folder, executed

from tightship.rules import every_rule
from tightship.rules.definition import code_of
from tightship_annexes.migration.translation import every_check

if TYPE_CHECKING:
    from pathlib import Path

every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)


@every_page
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
        if "://" not in link:
            assert (page.parent / link).exists(), link


@every_page
def test_every_rule_named_in_a_comment_exists(page: Path) -> None:
    names = {rule.name for rule in every_rule()}
    themes = {rule.theme for rule in every_rule()}
    found = re.findall(r"tightship: ignore(?:-file)?\[([^\]]+)\]", page.read_text("utf-8"))
    for word in (word.strip() for listed in found for word in listed.split(",")):
        assert word in names | themes | {"RULE"} or code_of(word), word


def test_a_wrong_output_on_a_page_is_replaced(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "project", FILES)
    shown = "$ tightship --version\nsomething\n$ tightship rule nothing  # exits with 2\n"
    told = "".join(executed(folder, shown))
    assert "something" not in told
    assert "tightship 0" in told
    with pytest.raises(AssertionError, match="did you mean"):
        list(executed(folder, "$ tightship chek\n"))


# -- coming from other linters


def test_every_alias_is_in_a_table_and_no_id_is_twice() -> None:
    ids = [check.id for checks in every_check().values() for check in checks]
    assert len(ids) == len(set(ids))
    assert set(rules_by_alias()) <= set(ids)


@pytest.mark.parametrize(
    ("linter", "count"),
    [
        ("hadolint", 72),
        ("BuildKit", 22),
        ("compose-lint", 30),
        ("Trivy", 29),
        ("Checkov", 28),
        ("Semgrep", 42),
    ],
)
def test_a_table_has_every_check_of_its_linter(linter: str, count: int) -> None:
    assert len(every_check()[linter]) == count


@pytest.mark.parametrize(
    ("alias", "names"),
    [
        ("trivy:DS-0001", {"untagged-base-image", "latest-base-image"}),
        ("semgrep:prefer-copy-over-add", {"unverified-remote-add"}),
        ("semgrep:dockerfile-dockerd-socket-mount", {"docker-socket-volume"}),
        ("semgrep:avoid-platform-with-from", {"constant-platform"}),
        ("semgrep:multiple-entrypoint-instructions", {"repeated-instruction"}),
        ("CL-0001", {"docker-socket-mounted", "host-control-socket-mounted", "host-root-mounted"}),
    ],
)
def test_an_id_has_the_rules_with_the_same_findings(alias: str, names: set[str]) -> None:
    assert set(rules_by_alias()[alias]) == names
