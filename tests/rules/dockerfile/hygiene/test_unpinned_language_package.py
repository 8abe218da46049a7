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
        "go run «example.com/tool@latest» a",
        "gem i «rake»",
        "pipx install «a»",
        "pipx run «a» b",
        "uv tool install «a»",
        "uvx «a@latest»",
        "yarn add «a»",
        "pnpm add «@s/a»",
        "bun add «a»",
        "poetry add «a»",
        "conda install -c b «a»",
        "cargo install «a»",
        "composer require «a/b»",
        "pip install «git+https://x.org/a.git»",
        "npm install «git+https://x.org/a.git»",
        "npm install «user/repo»",
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
        "pip install --root-user-action ignore poetry==1.8.5",
        "pip install --exists-action w poetry==1.8.5",
        "pip install foo/bar",
        "npm install package-v1.2.3.tar.gz",
        "gem install bundler:2.0.1 -- --use-system-libraries=true",
        "npx a",
        "go run main.go",
        "go run ./cmd/a",
        "pipx install a==1",
        "uv add 'a>=1'",
        "yarn add a@1",
        "cargo install a --version 1 --locked",
        "composer require a/b:^1 c/d 2.*",
        "conda env create -f a.yml",
        "npm install",
        "npm ci",
        "npm install serve@14.2.5 @scope/tool@1.0.0 ./local a.tgz user/repo#v1",
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
