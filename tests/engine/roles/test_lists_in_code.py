"""Names of files next to each other in code: files that are merged, or several projects."""

from __future__ import annotations

from tests.engine.roles.trees_of_texts import tree_with

from tightship.engine.disk.git_tree import TextFiles
from tightship.engine.roles.decide import Roles
from tightship.engine.roles.layout import layout_of

WHOLE = "services:\n  web:\n    image: nginx:1.29\n"
PART = "services:\n  web:\n    privileged: true\n"


def loading(text: str) -> str:
    texts = {"compose.yaml": WHOLE, "hard.yml": text, "a.py": '["compose.yaml", "hard.yml"]'}
    files = TextFiles(texts)
    layout = layout_of(tree_with(texts))
    return Roles(files, lambda: layout).of(files.path("hard.yml")).loading


def test_a_list_proves_an_overlay_only_for_a_file_that_lacks_something() -> None:
    assert loading(PART) == "overlay"
    assert loading(WHOLE) == "alone"
