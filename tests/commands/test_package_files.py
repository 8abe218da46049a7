"""What package managers leave on the disk, by the order of the commands."""

from __future__ import annotations

import pytest

from tightship.commands.calls import calls
from tightship.commands.package_files import covers, remaining
from tightship.syntax.shell.read import read
from tightship.syntax.shell.text import Text
from tightship.text import Source, Span


def left(script: str, *variables: str) -> list[str]:
    """Return manager, store and verb of what a script leaves."""
    made = [*calls(read(Text.of(Span(Source("Dockerfile", script), 0, len(script)))))]
    return [
        f"{command.manager.name} {store['name']} {command.verb.value}"
        for command, store in remaining(made, lambda name: name in variables)
    ]


LISTS, ARCHIVES = "apt lists update", "apt archives install"


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("apt-get update && apt-get install a", [LISTS, ARCHIVES]),
        ("apt-get update # rm -rf /var/lib/apt", [LISTS]),
        ("rm -rf /var/lib/apt/lists/* && apt-get update", [LISTS]),
        ("apt-get update && apt-get install a && apt-get clean", [LISTS]),
        ("apt-get update; apt-get distclean", []),
        ("apt-get update && rm -rf /var/cache/apt/*", [LISTS]),
        ("apt-get update && apt-get -s install a", [LISTS]),
        ("yum clean all && yum install -y a-1", ["yum cache install"]),
        ("dnf install -y a-2 && make clean", ["yum cache install"]),
        ("apk add --no-cache py3-pip=1 && pip install a==1", ["pip cache install"]),
        ("pip install --no-cache-dir a && pip install b", ["pip cache install"]),
        ("dnf install -y a && rm -rf /var/cache/yum", []),
        ("zypper in a && zypper cc -a", []),
        ("pacman -Syu && pacman -Scc", []),
        ("pacman -S a && pacman -Rns b", ["pacman cache -S"]),
        ("yarn && yarn add a", ["yarn cache yarn"]),
        ("cargo install a", ["cargo registry install"]),
        # Branches, functions, and scripts in scripts.
        ("if a; then apt-get update; else yum install b; fi; rm -rf /var/lib/apt",
         ["yum cache install"]),
        ("sh -c 'apt-get update && rm -rf /var/lib/apt/lists/*'", []),
        ("bash -lc 'apt-get update'; rm -rf /var/lib/apt/lists/*", []),
        ("bash <<X\nrm -rf /var/lib/apt/lists/*\napt-get update\nX\n", [LISTS]),
        ("clean() { rm -rf /var/lib/apt/lists/*; }; apt-get update; clean", []),
        ("fetch() { apt-get update; }; fetch", [LISTS]),
        ("trap 'rm -rf /var/lib/apt/lists/*' EXIT; apt-get update", []),
    ],
)  # fmt: skip
def test_what_is_left(script: str, expected: list[str]) -> None:
    assert left(script) == expected


@pytest.mark.parametrize(
    ("after", "is_left"),
    [
        ("rm -rf /var/lib/apt/lists", False),
        ("rm -rf /var/lib/apt/", False),
        ("rm -r /var/lib/apt/lists/* /var/log/*", False),
        ("rm -rf /var/lib/a*", False),
        ("rm -rf /var/lib/{dpkg,apt,cache}/", False),
        ('rm -rf "${ROOT}"/var/lib/apt/lists/*', False),
        ("find /var/lib/apt/lists -type f -delete", False),
        ("cd /var/lib/apt/lists && rm -rf *", False),
        ("for d in /var/lib/apt/lists; do rm -rf $d/*; done", False),
        ("for d in a; do rm -rf /var/lib/apt/lists; done", False),
        ("$CLEAN /var/lib/apt/lists", False),
        ("/cleanup.sh", True),
        ("$CLEAN", True),
        ("rm -rf $CACHE", True),
        ("rm -rf /var/lib/dpkg /var/libs /tmp/*", True),
        ("rm -rf /var", True),
        ("echo /var/lib/apt/lists", True),
        ("mkdir -p /var/lib/apt/lists/partial", True),
    ],
)
def test_what_empties_a_folder(after: str, *, is_left: bool) -> None:
    assert left(f"apt-get update && {after}") == ([LISTS] if is_left else [])


@pytest.mark.parametrize(
    ("before", "after", "variables"),
    [
        ("PIP_NO_CACHE_DIR=1", "", ()),
        ("export PIP_NO_CACHE_DIR=1;", "", ()),
        ("env PIP_CACHE_DIR=/x", "", ()),
        ("pip config set global.no-cache-dir true &&", "", ()),
        ("", "", ("PIP_NO_CACHE_DIR",)),
        ("", "--no-cache-dir", ()),
        ("", "--cache-dir /x", ()),
        ("", "--no-cache", ()),
        ("", "&& rm -rf ~/.cache", ()),
        ("", '&& rm -rf "$HOME/.cache/pip"', ()),
        ("", "&& rm -rf /home/a/.cache/*", ()),
        ("", "&& pip3 cache purge", ()),
    ],
)
def test_a_cache_that_is_not_left(before: str, after: str, variables: tuple[str, ...]) -> None:
    assert left(f"{before} pip install a {after}", *variables) == []
    assert left("pip install a") == ["pip cache install"]


@pytest.mark.parametrize(
    ("paths", "target", "is_covered"),
    [
        ("/var/lib/apt/lists", "/var/lib/apt", True),
        ("/var/lib/apt/lists", "/var/cache/apt", False),
        ("/var/cache/dnf /var/cache/yum", "/var/cache", True),
        ("~/.cache/pip", "/root/.cache", True),
        ("~/.cache/pip", "/root/.cache/uv", False),
        ("~/.npm", "/root/.npmrc", False),
        ("~/.npm", "/home/node/.npm/", True),
    ],
)
def test_a_mount_in_place_of_a_folder(paths: str, target: str, *, is_covered: bool) -> None:
    assert covers(target, {"paths": paths}) is is_covered
