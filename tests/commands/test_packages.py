"""Commands of package managers: what they do, and which packages they name."""

from __future__ import annotations

import pytest

from tightship.commands.calls import calls
from tightship.commands.packages import PackageCommand
from tightship.syntax.shell.read import read
from tightship.syntax.shell.text import Text
from tightship.text import Source, Span


def command(script: str) -> PackageCommand | None:
    """Return the package command that a script of one command is."""
    source = Source("Dockerfile", script)
    [call] = calls(read(Text.of(Span(source, 0, len(script)))))
    return PackageCommand.of(call)


@pytest.mark.parametrize(
    ("script", "manager", "action", "operands"),
    [
        ("apt-get install -y a b", "apt", "install", "a b"),
        ("apt-get -o A=b -t x install a", "apt", "install", "a"),
        ("apt-get build-dep a", "apt", "dependencies", "a"),
        ("sudo apt update", "apt", "refresh", ""),
        ("aptitude full-upgrade", "apt", "upgrade", ""),
        ("apk add -t .x --no-cache a", "apk", "install", "a"),
        ("apk del a", "apk", "remove", "a"),
        ("apk cache clean", "apk", "clean", ""),
        ("yum update", "yum", "upgrade", ""),
        ("dnf --setopt a=b clean all", "yum", "clean", ""),
        ("dnf in -y a", "yum", "install", "a"),
        ("dnf up", "yum", "upgrade", ""),
        ("dnf rei a", "yum", "install", "a"),
        ("dnf module install a:1", "yum", "install", "a:1"),
        ("yum localinstall a.rpm", "yum", "local", "a.rpm"),
        ("microdnf makecache", "yum", "refresh", ""),
        ("dnf5 install a", "yum", "install", "a"),
        ("zypper -n in --repo x a", "zypper", "install", "a"),
        ("zypper -D /repos in -r x a", "zypper", "install", "a"),
        ("zypper cc", "zypper", "clean", ""),
        ("pacman -Sy --noconfirm a", "pacman", "install", "a"),
        ("pacman -Syu --ignore b", "pacman", "upgrade", ""),
        ("pacman -U ./a.pkg.tar.zst", "pacman", "local", "./a.pkg.tar.zst"),
        ("pacman -Sy", "pacman", "refresh", ""),
        ("pacman -Scc", "pacman", "clean", ""),
        ("pacman -Rns a", "pacman", "remove", "a"),
        ("pip3.12 install a", "pip", "install", "a"),
        ("python3 -I -m pip install a", "pip", "install", "a"),
        ("pipx inject env a", "pipx", "inject", "env a"),
        ("uv pip install a", "uv", "install", "a"),
        ("uvx a --flag", "uv", "run", "a"),
        ("poetry self add a", "poetry", "install", "a"),
        ("conda env create -f x.yml", "conda", "sync", ""),
        ("npm isntall a", "npm", "install", "a"),
        ("npm ci", "npm", "sync", ""),
        ("yarn global add a", "yarn", "install", "a"),
        ("yarn", "yarn", "sync", ""),
        ("bun a x", "bun", "install", "x"),
        ("gem i a", "gem", "install", "a"),
        ("bundle install", "bundle", "sync", ""),
        ("go install -tags x -ldflags '-s -w' e.com/a", "go", "install", "e.com/a"),
        ("cargo +nightly install a", "cargo", "install", "a"),
        ("composer global require a/b", "composer", "install", "a/b"),
    ],
)
def test_the_action_of_a_command(script: str, manager: str, action: str, operands: str) -> None:
    found = command(script)
    assert found is not None
    assert (found.manager.name, found.action) == (manager, action)
    assert " ".join(word.value or "" for word in found.operands) == operands


@pytest.mark.parametrize(
    "script",
    [
        *("apt-get", "apt-get $VERB a", "apt-cache show a", "apk info", "pacman -Q"),
        *("pacman -Ss a", "pip", "pip list", "python -m venv x", "python x.py -m pip"),
        *("gem list", "yarn build", "npx a"),
    ],
)
def test_other_commands_are_none(script: str) -> None:
    assert command(script) is None


@pytest.mark.parametrize(
    ("script", "changes_nothing"),
    [
        ("dnf install --downloadonly a", True),
        ("dnf install -y a", False),
        ("apt-get -s install a", True),
        ("zypper -D /repos install a", False),
        ("zypper install -D a", True),
        ("pacman -Sp a", True),
        ("npm i --dry-run a", True),
    ],
)
def test_a_command_that_changes_nothing(script: str, *, changes_nothing: bool) -> None:
    found = command(script)
    assert found is not None
    assert found.only_shows is changes_nothing


@pytest.mark.parametrize(
    ("script", "packages"),
    [
        ("apt-get install a=1 b/sid c:arm64 d- ./e.deb", "a =1|b /sid|c |removed d-|file ./e.deb"),
        ("apk add a=1-r0 'b>2' c@edge !d e.apk", "a =1-r0|b >2|c |removed !d|file e.apk"),
        ("yum install a-1.2-3 java-11-openjdk b-1 @c d.rpm /usr/bin/e",
         "a -1.2-3|java-11-openjdk |b -1|unknown @c|file d.rpm|file /usr/bin/e"),
        ("zypper in a=1 'b>=2' https://x.org/c.rpm", "a =1|b >=2|url https://x.org/c.rpm"),
        ("zypper in -t pattern devel_basis", ""),
        ("zypper in --type=package a", "a "),
        ("pacman -S a b=1", "a |b =1"),
        ("pip install a==1 b[x]~=2 'c;python_version>\"3\"' d/e f.whl -r g.txt",
         "list g.txt|a ==1|b ~=2|c |file d/e|file f.whl"),
        ("pip install git+https://x.org/a@v1#egg=a 'b @ git+https://x.org/b'",
         "git git+https://x.org/a v1|git b "),
        ("pip install --root-user-action ignore --exists-action w a==1", "a ==1"),
        ("npm i a@1 @s/b @s/c@^2 d@latest u/r g:r e-v1.2.3.tar.gz",
         "a @1|@s/b |@s/c @^2|d @latest|git u/r |g:r |file e-v1.2.3.tar.gz"),
        ("npm i git+https://x.org/a.git#v1 a@npm:b@2 github:u/r",
         "git git+https://x.org/a.git v1|a @npm:b@2|git github:u/r "),
        ("gem install a:1 b -- --use-system-libraries=true", "a :1|b "),
        ("go install -tags x e.com/a@v1 e.com/b ./c cmd/d", "e.com/a @v1|e.com/b |file ./c|file cmd/d"),
        ("go run e.com/a@latest e.com/b", "e.com/a @latest"),
        ("cargo install --git https://x.org/a --tag v1", "git https://x.org/a "),
        ("cargo install a@1 b", "a @1|b "),
        ("composer require a/b:^1 c/d 2.0 e/f", "a/b :^1|c/d 2.0|e/f "),
        ("conda install -c x 'a 1.2' b=1 c::d", "a  1.2|b =1|c::d "),
        ("pipx inject env a==1 b", "a ==1|b "),
        ("apt-get install a=$V $B", "unknown a|unknown "),
    ],
)  # fmt: skip
def test_the_packages_of_a_command(script: str, packages: str) -> None:
    found = command(script)
    assert found is not None
    assert "|".join(
        f"{one.name} {one.version}"
        if one.kind == "package"
        else f"{one.kind} {one.name}" + (f" {one.version}" if one.kind == "git" else "")
        for one in found.packages
    ) == packages  # fmt: skip


def test_a_long_word_is_read_at_once() -> None:
    found = command("pip install " + "a@b:" * 50_000)
    assert found is not None
    assert [one.kind for one in found.packages] == ["package"]


@pytest.mark.parametrize(
    ("script", "unpinned"),
    [
        ("gem install a -v 1", ""),
        ("pip install -c x.txt a", ""),
        ("pip install -e git+https://x.org/a b==1", "git+https://x.org/a"),
        ("pip install git+https://x.org/a@main", "git+https://x.org/a@main"),
        ("npm i a@latest b@1 c@npm:d", "a@latest c@npm:d"),
        ("go install e.com/a@latest e.com/b@v1", "e.com/a@latest"),
        ("cargo install --git https://x.org/a --branch b", "https://x.org/a"),
        ("cargo install --git https://x.org/a --rev 1f", ""),
        ("cargo install --path . ", ""),
        ("uv tool install a@latest b@1 c==1", "a@latest"),
        ("composer require a/b:dev-main", "a/b:dev-main"),
        ("apt-get install a=$V $B", ""),
        ("dnf module install a-1 b:1 c/p d:1/p $E", "a-1 c/p"),
    ],
)
def test_packages_without_a_version(script: str, unpinned: str) -> None:
    found = command(script)
    assert found is not None
    assert " ".join(one.word.value or "" for one in found.unpinned) == unpinned


def test_a_program_of_the_project_is_no_package_manager_of_the_system() -> None:
    assert command("./apt-get install a") is None
    assert command("/usr/bin/apt-get install a") is not None
    assert command("venv/bin/pip install a") is not None
