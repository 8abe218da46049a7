"""Every generated file is as `make generate` makes it, and the program says which is not."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from tests.generate import __main__ as program
from tests.generate.pages import ROOT, table, with_block
from tests.generate.products import PRODUCTS, Product, stale

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("product", PRODUCTS, ids=lambda product: product.name)
def test_a_generated_file_is_up_to_date(product: Product) -> None:
    found = [str(path.relative_to(ROOT)) for path in stale(product)]
    assert not found, f"{', '.join(found)}: stale, run `make generate`"


def test_no_two_products_have_the_same_name() -> None:
    names = [product.name for product in PRODUCTS]
    assert len(names) == len(set(names))


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """Make two products: a file that is missing, and one that is to be removed."""
    new, old = tmp_path / "folder" / "new", tmp_path / "old"
    old.write_text("old")
    made = (Product("new", lambda: {new: "new"}), Product("old", lambda: {old: None}))
    monkeypatch.setattr(program, "PRODUCTS", made)
    monkeypatch.setattr(program, "ROOT", tmp_path)
    return new, old


def test_a_check_names_stale_files_and_writes_nothing(
    two: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    new, old = two
    assert program.main(["--check"]) == 1
    shown = capsys.readouterr().out
    assert shown == "folder/new is stale\nold is stale\nrun `make generate`\n"
    assert not new.exists()
    assert old.exists()


def test_stale_files_are_written_or_removed(two: tuple[Path, Path]) -> None:
    new, old = two
    assert program.main(["new"]) == 0
    assert new.read_text() == "new"
    assert old.exists()
    assert program.main([]) == 0
    assert not old.exists()
    assert program.main(["--check"]) == 0


def test_a_changed_index_restarts_the_program(
    two: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    restarted = list[list[str]]()

    def restart(_: str, argv: list[str]) -> None:
        restarted.append(argv)

    monkeypatch.setattr(os, "execv", restart)
    monkeypatch.setattr(
        program, "PRODUCTS", (Product("index", lambda: {two[0]: "x"}, is_code=True),)
    )
    program.main([])
    program.main([])
    assert len(restarted) == 1


def test_an_unknown_product_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert program.main(["nothing"]) == 2
    assert "unknown: nothing; known: rule-index, " in capsys.readouterr().out


def test_a_block_replaces_what_is_between_its_marks() -> None:
    text = "a\n<!-- x -->\nold\n<!-- end -->\nb\n<!-- y -->\n<!-- end -->\n"
    assert with_block(text, "x", "new\n") == text.replace("old", "new")
    with pytest.raises(AssertionError, match="<!-- z -->"):
        with_block(text, "z", "")


def test_a_table_has_a_title_for_each_column() -> None:
    assert table(("a", ""), ["| 1 | 2 |"]) == "\n| a | |\n|---|---|\n| 1 | 2 |\n\n"
