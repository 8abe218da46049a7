"""The rule `unpinned-language-package`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.dockerfile.conftest import image

from tightship.rules.dockerfile.hygiene.unpinned_language_package import unpinned_language_package

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


@pytest.mark.parametrize(
    "script",
    [
        "pip install «flask»",
        "pip3 install --upgrade «pip»",
        "pip install -i https://x.org «flask[async]»",
        "python3 -m pip install a==1 «b»",
        "npm install -g «serve»",
        "npm i «@scope/tool»",
        "gem install «rake»",
        "gem install a:1 «b» --no-document",
        "go install «example.com/tool»",
        "go install «example.com/tool@latest»",
        "go get «example.com/tool»",
    ],
)
def test_a_package_without_a_version(found: Found, script: str) -> None:
    plain = script.replace("«", "").replace("»", "")
    marked = script[script.index("«") + 1 : script.index("»")]
    there = found(image(f"RUN {plain}"), unpinned_language_package)
    assert there == [("info", marked)]


@pytest.mark.parametrize(
    "script",
    [
        "pip install flask==3.1",
        "pip install 'flask>=3,<4' 'a~=1'",
        "pip install -r requirements.txt",
        "pip install -c constraints.txt flask",
        "pip install -e . ./lib /src/a.whl b.whl .[dev]",
        "pip install git+https://x.org/a.git@v1",
        "pip install $PACKAGES",
        "pip download flask",
        "npm install",
        "npm ci",
        "npm install serve@14.2.5 @scope/tool@1.0.0 ./local a.tgz user/repo",
        "gem install rake -v 13.3.0",
        "gem install rake:13.3.0 a.gem",
        "go install example.com/tool@v1.4.2",
        "go install ./... .",
        "go build example.com/tool",
    ],
)
def test_packages_with_a_possible_version(found: Found, script: str) -> None:
    assert found(image(f"RUN {script}"), unpinned_language_package) == []


def test_the_message_names_the_program(judge: Judge) -> None:
    [one] = judge(image("RUN pip3 install a b"), [unpinned_language_package])
    assert one.finding.message == ("`a` and 1 more are installed by pip without a fixed version")
