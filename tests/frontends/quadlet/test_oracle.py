"""Our settings of a unit are those of the command line that Podman's generator makes of it."""

from __future__ import annotations

import pytest
from tests.frontends.docker_run.commands_of import NoFiles, shown
from tests.frontends.quadlet.units import CASES, recorded
from tests.frontends.quadlet.units_of import project_of

from tightship.frontends.flags.entries import Entries, FlagSettings
from tightship.frontends.flags.flags import Arguments, arguments
from tightship.frontends.flags.options import whole_word
from tightship.model.file_project import FileProject
from tightship.syntax.shell.text import Text
from tightship.text import Source, Span

# What Podman adds itself: the name, and `--read-only=false` where it is the default.
_ADDED = {"container_name": "systemd-%N", "read_only": "false"}


def _theirs(words: list[str]) -> FlagSettings:
    source = Source("x", " ".join(words))
    given = arguments([whole_word(Text(source, [(one, 0, 1)])) for one in words], "podman")
    project = FileProject(source, NoFiles())
    made = Arguments(given.flags, given.image, given.command, given.unknown)
    return FlagSettings("x", Span(source, 0, 0), made, Entries(), project)


def _plain(settings: FlagSettings) -> dict[str, str]:
    found = {key: one for key, one in shown(settings).items() if one and _ADDED.get(key) != one}
    # Podman writes capabilities in lower case.
    return {key: str(one).lower() for key, one in found.items()}


@pytest.mark.parametrize("case", CASES)
def test_settings_are_those_that_podman_recorded(case: str) -> None:
    project = project_of(CASES[case])
    [own] = project.services.values()
    assert isinstance(own, FlagSettings)
    assert not project.gaps
    assert _plain(own) == _plain(_theirs(recorded()[case]))


def test_each_case_has_an_answer() -> None:
    assert [*recorded()] == [*CASES]
