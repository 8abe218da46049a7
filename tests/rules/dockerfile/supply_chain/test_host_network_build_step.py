"""The rule `host-network-build-step`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.rules.dockerfile.conftest import after_fixes

from tightship.rules.dockerfile.supply_chain.host_network_build_step import host_network_build_step

if TYPE_CHECKING:
    from tests.conftest import Judge


def test_the_escape_character_of_windows_files_goes_with_the_line(judge: Judge) -> None:
    before = "# escape=`\nFROM a\nRUN `\n  --network=host `\n  dir C:\\\n"
    after = "# escape=`\nFROM a\nRUN `\n  dir C:\\\n"
    assert after_fixes(judge, before, host_network_build_step) == after


def test_a_flag_split_by_a_continuation_has_no_fix(judge: Judge) -> None:
    files = {"Dockerfile": "FROM a\nRUN --netw\\\nork=host ls\n"}
    [found] = judge(files, [host_network_build_step])
    assert found.finding.fix is None
