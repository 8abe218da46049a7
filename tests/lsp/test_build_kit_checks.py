"""Beside a server that shows BuildKit's checks, as that of Docker's extension does.

Docker's extension cannot be had from the registries of packages, so that its part is
played by a client that turns these checks off.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from lsprotocol import types
from tests.lsp.conftest import rules

from tightship.engine.rule_runner import RuleRunner
from tightship.engine.settings.selection import Selection
from tightship.rules import every_rule
from tightship_lsp.settings import Settings

if TYPE_CHECKING:
    from tests.lsp.conftest import Edits

OFF = {"debounce": 0, "buildKitChecks": "off"}
EVERY = Settings.read({})
SHARED = set(Settings.read(OFF).words[1])

DOCKERFILE = """\
FROM alpine:3.22 AS Build
MAINTAINER somebody
ENV API_TOKEN=9f86d081884c7d65
from build
CMD echo $HOME
"""


def test_buildkit_checks_are_reported_until_a_client_turns_them_off() -> None:
    for value in ("auto", "on", None):
        assert Settings.read({"buildKitChecks": value}).words == EVERY.words
    assert Settings.read({**OFF, "ignore": ["users"]}).words[1][0] == "users"


def test_nearly_all_buildkit_checks_can_be_left_out() -> None:
    assert {"buildkit:JSONArgsRecommended", "buildkit:UndefinedVar"} <= SHARED
    known = {name for rule in every_rule() for name in rule.aliases}
    named = {name for name in known if name.startswith("buildkit:")}
    assert named - SHARED == {"buildkit:CopyIgnoredFile", "buildkit:SecretsUsedInArgOrEnv"}


def test_no_rule_with_other_findings_is_left_out() -> None:
    every = {rule.name for rule in RuleRunner(Selection(["strict"]))._selected}
    left = {rule.name for rule in RuleRunner(Selection(["strict"], SHARED))._selected}
    repeats = {rule.name for rule in every_rule() if any(name in SHARED for name in rule.aliases)}
    assert every - left <= repeats
    assert len(every - left) > 8


@pytest.mark.asyncio
async def test_an_editor_shows_each_check_once(editor: Edits) -> None:
    shown = dict[str, list[str]]()
    for choice in ("on", "off"):
        options = {"debounce": 0, "buildKitChecks": choice}
        async with editor("neovim@v0.10", options=options) as ed:
            uri = ed.open("Dockerfile", "dockerfile", DOCKERFILE)
            shown[choice] = rules(await ed.publishes(uri, version=1))
    theirs = {"deprecated-maintainer", "inconsistent-casing", "shell-form-entrypoint"}
    assert theirs <= {*shown["on"]}
    assert [one for one in shown["on"] if one not in theirs] == shown["off"]
    assert "secret-in-image-environment" in shown["off"]


@pytest.mark.asyncio
async def test_the_choice_can_change_during_a_session(editor: Edits) -> None:
    async with editor("neovim@v0.10", options=OFF) as ed:
        uri = ed.open("Dockerfile", "dockerfile", DOCKERFILE)
        assert "deprecated-maintainer" not in rules(await ed.publishes(uri, version=1))
        ed.client.workspace_did_change_configuration(
            types.DidChangeConfigurationParams(
                {"tightship": {"debounce": 0, "buildKitChecks": "on", "infos": True}}
            )
        )
        await ed.until(
            lambda: "deprecated-maintainer" in rules(getattr(ed.shown(uri), "diagnostics", ()))
        )
