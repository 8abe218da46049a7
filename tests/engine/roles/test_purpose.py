"""The purpose of a file by its path, where the repository decides."""

from __future__ import annotations

import pytest

from tightship.engine.roles.purpose import Purposes
from tightship.engine.roles.sign_words import distribution_of


@pytest.mark.parametrize(("number", "expected"), [(29, "test"), (30, "fixture")])
def test_many_dockerfiles_below_a_folder_for_tests_are_its_input(
    number: int, expected: str
) -> None:
    names = [f"tests/build/{one}/Containerfile" for one in range(number)]
    purposes = Purposes(lambda: names)
    assert purposes.of(names[0])[0] == expected
    assert purposes.of("tests/compose.yaml")[0] == "test"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("gitpod/Dockerfile", "development"),
        ("docs/tutorial/Dockerfile", "example"),
        ("docs/tutorials.Dockerfile", "example"),
        ("tools/Dockerfile", "product"),
        ("hack/compose.yaml", "product"),
        ("shop.debug.yml", "product"),
        ("parser/testfiles/znc/Dockerfile", "fixture"),
        ("interop/server/Dockerfile", "test"),
        ("images/devel:shop:ci/Dockerfile", "product"),
        ("shop-dev/Dockerfile", "product"),
        ("dev/Dockerfile", "development"),
        ("script/demo-store/compose.yaml", "example"),
        ("testnet/compose.yaml", "product"),
        ("docker/bench_py3.Dockerfile", "test"),
        ("docker/workbench.Dockerfile", "product"),
    ],
)
def test_a_folder_tells_the_purpose(name: str, expected: str) -> None:
    assert Purposes(lambda: [name, "a", "b"]).of(name)[0] == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("centos9s/Dockerfile", "centos9s"),
        ("images/debian12-32bit/Dockerfile", "debian12-32bit"),
        ("ubuntu.Dockerfile", "ubuntu.Dockerfile"),
        ("elastic/Dockerfile", None),
    ],
)
def test_a_distribution_is_known_with_its_version(name: str, expected: str | None) -> None:
    assert distribution_of(name) == expected


def test_a_digest_of_an_image_is_no_template() -> None:
    from tightship.syntax.dockerfile.read import read
    from tightship.text import Source

    text = f"FROM a@sha256:{'0' * 64}\nFROM b@sha256:{'1' * 64}\n"
    assert read(Source("Dockerfile", text)).template is None
