"""From texts to verdicts: a run over a tree that no disk has."""

from __future__ import annotations

from functools import partial

from tightship.engine.disk.git_tree import TextFiles
from tightship.engine.plan.candidates import Candidate
from tightship.engine.plan.git_tree import find_in_tree
from tightship.engine.plan.plan import in_order, main_files_above
from tightship.engine.rule_runner import RuleRunner
from tightship.engine.run import Run, verdicts_on

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tightship.engine.settings.selection import Selection
    from tightship.engine.verdict import Verdict


def check_texts(texts: Mapping[str, str | bytes], selection: Selection) -> Iterator[Verdict]:
    """Judge the projects of a tree as a run over its top folder would, without a disk.

    Args:
        texts: the text of each file by its name, relative to the top, with ``/``.
        selection: selects the rules; configuration files do not count.

    Raises:
        UnknownWordError: if the selection names no rule, theme, set or id.

    """
    files = TextFiles(texts)
    run = Run(RuleRunner(selection))
    run.main_files = partial(
        main_files_above, exists=files.exists, read=files.content, top=files.root
    )
    candidates = find_in_tree(files, lambda _: False, dockerfiles=True)
    for one in in_order(candidates, tuple, run.judged.__contains__):
        if isinstance(one, Candidate):  # a tree of texts refuses none
            yield from verdicts_on(run, files, one)
