"""What package managers themselves say that a command line installs.

Each oracle makes a repository with the packages ``pa``, ``pb`` and ``pc``, each in the versions
1.0 and 2.0, and asks its program, which installs nothing. npm is asked how its own parsers read
the line. ``python -m tests.commands.package_managers 300`` compares so many lines of each.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from abc import ABC, abstractmethod
from io import BytesIO
from pathlib import Path
from shlex import join
from typing import ClassVar

from tests.commands.node_registry import Registry

from tightship.commands.calls import calls
from tightship.commands.packages import PackageCommand
from tightship.syntax.shell.read import read
from tightship.syntax.shell.text import Text
from tightship.text import Source, Span

NAMES, VERSIONS = ("pa", "pb", "pc"), ("1.0", "2.0")
Answer = dict[str, str]


def _some(chance: random.Random, options: list[str]) -> list[str]:
    return chance.sample(options, chance.randint(0, min(3, len(options))))


class Oracle(ABC):
    """One package manager with a repository.

    ``forms`` are templates of packages, ``before`` and ``after`` options before and behind the
    verb, among the packages unless the program is not ``mixed``, and ``lines`` how many lines an
    exhaustive test compares.
    """

    program = ""
    verbs: ClassVar[list[str]] = ["install"]
    forms: ClassVar[list[str]] = ["{n}", "{n}", "{n}={v}"]
    before: ClassVar[list[str]] = []
    after: ClassVar[list[str]] = []
    mixed = True
    lines = 300
    newest = "2.0"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def missing(self) -> str:
        """Return why the program cannot be asked, or nothing."""
        return "" if shutil.which(self.program) else f"there is no {self.program}"

    @abstractmethod
    def prepare(self) -> None:
        """Make the repository."""

    @abstractmethod
    def answer(self, line: list[str]) -> Answer | None:
        """Return the version of each package; None if the program refuses the line."""

    def generated(self, chance: random.Random) -> list[str]:
        """Return a command line."""
        names = chance.sample(NAMES, chance.randint(1, 3))
        words = [
            [chance.choice(self.forms).format(n=name, v=chance.choice(VERSIONS))] for name in names
        ]
        options = [one.split() for one in _some(chance, self.after)]
        words = [*options, *words]
        if self.mixed:
            chance.shuffle(words)
        before = [word for one in _some(chance, self.before) for word in one.split()]
        verb = chance.choice(self.verbs).split()
        return [self.program, *before, *verb, *(word for one in words for word in one)]

    def run(self, *line: str, **variables: str) -> str | None:
        """Return what a program prints, or None if it fails."""
        done = subprocess.run(
            line, cwd=self.folder, env={**os.environ, "LC_ALL": "C", **variables},
            capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL, check=False,
        )  # fmt: skip
        return done.stdout if done.returncode == 0 else None


class Apt(Oracle):
    """apt-get(8) simulates with an empty system."""

    program = "apt-get"
    verbs: ClassVar[list[str]] = ["install", "install", "reinstall"]
    forms: ClassVar[list[str]] = ["{n}", "{n}={v}", "{n}:amd64", "{n}:amd64={v}", "{n}+", "{n}/sid"]
    before: ClassVar[list[str]] = ["-y", "-q", "-o A::B=pc", "-qq", "--option A=pc"]
    after: ClassVar[list[str]] = [
        *("-y", "--no-install-recommends", "-t sid", "--target-release sid", "-o=A=pc", "-tsid"),
        *("-yqq", "-c /dev/null", "--default-release=sid", "-yo A=pc", "--solver internal"),
    ]

    def prepare(self) -> None:
        """Make an index; a simulation needs no archives."""
        for one in ("etc/apt/apt.conf.d", "etc/apt/preferences.d", "lists/partial", "dpkg", "repo"):
            (self.folder / one).mkdir(parents=True)
        (self.folder / "dpkg/status").touch()
        (self.folder / "cache/archives/partial").mkdir(parents=True)
        entries = [
            f"Package: {name}\nVersion: {version}\nArchitecture: amd64\nDescription: x\n"
            f"Filename: ./{name}_{version}.deb\nSize: 1\nSHA256: {'0' * 64}\n"
            for name in NAMES
            for version in VERSIONS
        ]
        index = self.folder / "repo/Packages"
        index.write_text("\n".join(entries))
        (self.folder / "repo/Release").write_text("Suite: sid\nCodename: sid\n")
        (self.folder / "etc/apt/sources.list").write_text(
            f"deb [trusted=yes] file:{self.folder}/repo ./\n"
        )
        (self.folder / "apt.conf").write_text(
            f'Dir "{self.folder}"; Dir::State "{self.folder}";'
            f' Dir::State::status "{self.folder}/dpkg/status"; APT::Architecture "amd64";'
            ' APT::Architectures:: "amd64"; APT::Sandbox::User "root";'
            f' Acquire::Languages "none"; Dir::Cache "{self.folder}/cache";'
        )
        assert self.run("apt-get", "update", APT_CONFIG=str(self.folder / "apt.conf")) is not None

    def answer(self, line: list[str]) -> Answer | None:
        """Return what it would unpack."""
        said = self.run(line[0], "-s", *line[1:], APT_CONFIG=str(self.folder / "apt.conf"))
        return None if said is None else dict(re.findall(r"^Inst (\S+) \((\S+)", said, re.M))


class Rpms(Oracle):
    """A repository of RPM packages."""

    def missing(self) -> str:
        """Return the first program that is not there."""
        needed = (self.program, "rpmbuild", "createrepo_c")
        return next((f"there is no {one}" for one in needed if not shutil.which(one)), "")

    def prepare(self) -> None:
        """Build the packages."""
        (self.folder / "p.spec").write_text(
            "Name: %{n}\nVersion: %{v}\nRelease: 1\nSummary: x\nLicense: x\nBuildArch: noarch\n"
            "%description\nx\n%files\n"
        )
        for name in NAMES:
            for version in VERSIONS:
                given = {"n": name, "v": version, "_rpmdir": "repo", "_topdir": "top"}
                given = {k: v if k in "nv" else f"{self.folder}/{v}" for k, v in given.items()}
                defined = [word for k, v in given.items() for word in ("--define", f"{k} {v}")]
                self.run("rpmbuild", "-bb", "--quiet", *defined, "p.spec")
        assert self.run("createrepo_c", "-q", "repo") is not None


def _whole(found: re.Match[str]) -> str:
    return f"{found[1]}-{found[2] or VERSIONS[0]}-1.noarch"


class Dnf(Rpms):
    """dnf(8) stops before the transaction."""

    program = "dnf"
    verbs: ClassVar[list[str]] = ["install", "in", "install-nevra"]
    forms: ClassVar[list[str]] = ["{n}", "{n}-{v}", "{n}-{v}-1", "{n}-{v}-1.noarch", "{n}.noarch"]
    before: ClassVar[list[str]] = ["-y", "--setopt tsflags=nodocs", "-x other", "--setopt=a=b"]
    after: ClassVar[list[str]] = [
        *("-y", "--best", "--exclude other", "--enablerepo t", "-d 1", "--nodocs", "--color never"),
        *("--disableplugin x", "-e0", "--forcearch x86_64", "--allowerasing"),
    ]
    lines = 40

    def generated(self, chance: random.Random) -> list[str]:
        """Return a command line, with whole names for the verb that takes no others."""
        line = super().generated(chance)
        if "install-nevra" in line:
            return [re.sub(r"^(p[a-z])(?:-([\d.]+).*|\.noarch)?$", _whole, one) for one in line]
        return line

    def answer(self, line: list[str]) -> Answer | None:
        """Return the table of the transaction."""
        said = subprocess.run(
            [
                *("dnf", f"--installroot={self.folder}/root", "--releasever=1", "--assumeno"),
                *(f"--repofrompath=t,file://{self.folder}/repo", "--repo=t", "--nogpgcheck"),
                *(word for word in line[1:] if word != "-y"),
            ],
            capture_output=True, text=True, timeout=60, check=False,
            env={**os.environ, "LC_ALL": "C"},
        ).stdout  # fmt: skip
        found = re.findall(r"^ (p\w) +noarch +(\S+)-1 ", said, re.M)
        return dict(found) or None


class Zypper(Rpms):
    """zypper(8) has a dry run; options come before packages."""

    program = "zypper"
    mixed = False
    verbs: ClassVar[list[str]] = ["install", "in"]
    forms: ClassVar[list[str]] = ["{n}", "{n}={v}", "{n}-{v}", "{n}-{v}-1", "t:{n}", "{n}.noarch"]
    before: ClassVar[list[str]] = ["-n", "-q", "-s 1", "--table-style 2", "-A", "--userdata pc"]
    after: ClassVar[list[str]] = [
        *("-y", "--no-recommends", "-r t", "--repo t", "--from t", "-t package", "--details"),
        *("-l", "--download only", "--solver-focus Job", "-f", "-R", "--type=package"),
    ]

    def prepare(self) -> None:
        """Add the repository, below a root of its own."""
        super().prepare()
        (self.folder / "repos.d").mkdir()
        (self.folder / "repos.d/t.repo").write_text(
            f"[t]\nname=t\nbaseurl=dir://{self.folder}/repo\nenabled=1\ngpgcheck=0\n"
            "repo_gpgcheck=0\n"
        )
        assert self._asked("refresh") is not None

    def answer(self, line: list[str]) -> Answer | None:
        """Return what its summary has."""
        at = next(at for at, word in enumerate(line) if word in self.verbs)
        said = self._asked(*line[1:at], "--no-refresh", "-x", line[at], "-D", *line[at + 1 :])
        found = re.findall(r'<solvable .*?name="(\w+)" edition="([\d.]+)-1"', said or "")
        return dict(found) or None

    def _asked(self, *words: str) -> str | None:
        return self.run(
            *("zypper", "--root", f"{self.folder}/root", "--reposd-dir", f"{self.folder}/repos.d"),
            *("--cache-dir", f"{self.folder}/cache", "-n", "--no-gpg-checks", "--releasever", "1"),
            *words,
        )


class Pacman(Oracle):
    """pacman(8) prints the targets; its repository has one version of each package."""

    program = "pacman"
    verbs: ClassVar[list[str]] = ["-S", "-S --needed", "--sync"]
    forms: ClassVar[list[str]] = ["{n}", "{n}=2.0", "tests/{n}", "{n}>1.0"]
    before: ClassVar[list[str]] = ["--noconfirm", "--color never"]
    after: ClassVar[list[str]] = [
        *("--noconfirm", "--needed", "--ignore other", "--overwrite pc", "--asdeps", "-q"),
        *("--arch auto", "--assume-installed x=1", "--ignoregroup pc"),
    ]

    def prepare(self) -> None:
        """Make the database of the repository."""
        (self.folder / "repo").mkdir()
        (self.folder / "root/var/lib/pacman").mkdir(parents=True)
        with tarfile.open(self.folder / "repo/tests.db", "w:gz") as archive:
            for name in NAMES:
                text = f"%FILENAME%\n{name}.pkg.tar.zst\n\n%NAME%\n{name}\n\n%VERSION%\n2.0-1\n\n"
                text += "%CSIZE%\n1\n\n%ISIZE%\n1\n\n%ARCH%\nany\n\n"
                entry = tarfile.TarInfo(f"{name}-2.0-1/desc")
                entry.size = len(text)
                archive.addfile(entry, BytesIO(text.encode()))
        (self.folder / "pacman.conf").write_text(
            f"[options]\nRootDir={self.folder}/root\nDBPath={self.folder}/root/var/lib/pacman\n"
            f"CacheDir={self.folder}/cache\nLogFile={self.folder}/log\nArchitecture=auto\n"
            f"SigLevel=Never\n[tests]\nServer=file://{self.folder}/repo\n"
        )
        config = ("--config", "pacman.conf", "--disable-sandbox")
        assert self.run("pacman", *config, "-Sy") is not None

    def answer(self, line: list[str]) -> Answer | None:
        """Return the targets."""
        said = self.run(*line, "--config", "pacman.conf", "-p", "--print-format", "%n %v")
        return None if said is None else dict(re.findall(r"^(\w+) ([\d.]+)-1$", said, re.M))


class Pip(Oracle):
    """Pip writes a report of a dry run."""

    program = "pip"
    lines = 40
    forms: ClassVar[list[str]] = [
        *("{n}", "{n}=={v}", "{n} == {v}", "{n}>={v}", "{n}~={v}", "{n}[x]=={v}", "{n}[x]"),
        *("{n}<2", "{n}; python_version > '3'", "wheels/{n}-{v}-py3-none-any.whl"),
    ]
    before: ClassVar[list[str]] = [
        "--no-cache-dir",
        "--retries 1",
        "--exists-action w",
        "--isolated",
    ]
    after: ClassVar[list[str]] = [
        *("-U", "--no-deps", "--root-user-action ignore", "--timeout 3", "-c empty.txt", "--pre"),
        *("--upgrade-strategy eager", "--progress-bar off", "--no-binary none", "-t target"),
        *("--cache-dir=pc", "--trusted-host pc", "-r empty.txt", "--log pc", "--src=pc"),
    ]
    _DRIVER = (
        "import sys, json; from pip._internal.cli.main import main\n"
        "for line in sys.stdin: print(main(json.loads(line)), file=sys.stderr)"
    )

    def missing(self) -> str:
        """Return nothing: each environment has it."""
        return ""

    def prepare(self) -> None:
        """Make wheels."""
        (self.folder / "wheels").mkdir()
        (self.folder / "empty.txt").touch()
        for name in NAMES:
            for version in VERSIONS:
                path = self.folder / f"wheels/{name}-{version}-py3-none-any.whl"
                with zipfile.ZipFile(path, "w") as wheel:
                    about = f"{name}-{version}.dist-info"
                    data = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
                    wheel.writestr(f"{about}/METADATA", data + "Provides-Extra: x\n")
                    wheel.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
                    wheel.writestr(f"{about}/RECORD", "")

    def answer(self, line: list[str]) -> Answer | None:
        """Return what the report of a dry run has."""
        report = self.folder / "report.json"
        report.unlink(missing_ok=True)
        wheels = str(self.folder / "wheels")
        words = [word for word in line[1:] if word != "--isolated"]
        self.run(
            sys.executable, "-m", "pip", *words, "--dry-run", "-I", "-q", "--report", str(report),
            PIP_NO_INDEX="1", PIP_FIND_LINKS=wheels, PIP_DISABLE_PIP_VERSION_CHECK="1",
        )  # fmt: skip
        if not report.exists():
            return None
        found = [one["metadata"] for one in json.loads(report.read_text())["install"]]
        return {one["name"]: one["version"] for one in found}


class Uv(Pip):
    """Uv has a dry run."""

    program = "uv"
    verbs: ClassVar[list[str]] = ["pip install"]
    forms: ClassVar[list[str]] = [
        *("{n}", "{n}=={v}", "{n}>={v}", "{n}[x]=={v}", "{n}<2", "{n}; python_version>'3'"),
        "wheels/{n}-{v}-py3-none-any.whl",
    ]
    before: ClassVar[list[str]] = ["--offline", "--color never", "--directory ."]
    after: ClassVar[list[str]] = [
        *("-U", "--no-deps", "-c empty.txt", "--link-mode copy", "--resolution=highest", "-P pc"),
        *("--index-strategy first-index", "--prerelease allow", "--no-binary-package pc", "-n"),
    ]

    def missing(self) -> str:
        """Return whether there is none."""
        return Oracle.missing(self)

    def answer(self, line: list[str]) -> Answer | None:
        """Return what it would install."""
        done = subprocess.run(
            [*line, "--dry-run", "--no-index", "--find-links=wheels", "--target=target"],
            cwd=self.folder, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        found = dict(re.findall(r"^ \+ (\w+)(?:==| @ file:.*/\w+-)([\d.]+\d)", done.stderr, re.M))
        return found if done.returncode == 0 else None


class Gem(Oracle):
    """Gem explains what it would install from the folder."""

    program = "gem"
    verbs: ClassVar[list[str]] = ["install", "i", "inst"]
    forms: ClassVar[list[str]] = ["{n}", "{n}:{v}", "{n}:~>{v}", "{n}:>={v}", "{n}-{v}.gem"]
    after: ClassVar[list[str]] = [
        *("-N", "--no-document", "-i target", "--bindir x", "-P NoSecurity", "--platform ruby"),
        *("--install-dir=target", "-f", "-n x"),
    ]
    lines = 40

    def prepare(self) -> None:
        """Build the gems."""
        for name in NAMES:
            for version in VERSIONS:
                (self.folder / "x.gemspec").write_text(
                    f'Gem::Specification.new {{ |s| s.name="{name}"; s.version="{version}";'
                    ' s.summary="x"; s.authors=["x"]; s.files=[] }'
                )
                assert self.run("gem", "build", "-q", "x.gemspec") is not None

    def answer(self, line: list[str]) -> Answer | None:
        """Return what it explains."""
        said = self.run(*line, "--explain", "--local")
        return None if said is None else dict(re.findall(r"^  (\w+)-([\d.]+)$", said, re.M))


class Composer(Oracle):
    """Composer has a dry run."""

    program = "composer"
    verbs: ClassVar[list[str]] = ["require", "req"]
    forms: ClassVar[list[str]] = ["v/{n}", "v/{n}:{v}", "v/{n}={v}", "v/{n} {v}", "v/{n}:^{v}"]
    before: ClassVar[list[str]] = ["-n", "--no-cache", "-d .", "--working-dir=."]
    after: ClassVar[list[str]] = [
        *("--dev", "-W", "--prefer-install dist", "--ignore-platform-req php", "--no-audit", "-o"),
        *("--audit-format json", "--sort-packages", "--prefer-stable"),
    ]
    lines = 40

    def prepare(self) -> None:
        """Declare the packages."""
        every = [{"name": f"v/{name}", "version": one} for name in NAMES for one in VERSIONS]
        known = [{"packagist.org": False}, {"type": "package", "package": every}]
        (self.folder / "composer.json").write_text(json.dumps({"repositories": known}))

    def generated(self, chance: random.Random) -> list[str]:
        """Return a command line in which some versions are words of their own."""
        line = super().generated(chance)
        return line if chance.random() < 0.5 else [w for one in line for w in one.split()]

    def answer(self, line: list[str]) -> Answer | None:
        """Return what it would lock."""
        done = subprocess.run(
            [*line, "--dry-run", "-n"], cwd=self.folder, capture_output=True, text=True,
            timeout=60, check=False, env={**os.environ, "COMPOSER_ALLOW_SUPERUSER": "1"},
        )  # fmt: skip
        found = re.findall(r"Locking v/(\w+) \(([\d.]+)\)", done.stderr + done.stdout)
        return dict(found) or None


class Npm(Oracle):
    """The parsers of npm for command lines and for packages."""

    program = "npm"
    verbs: ClassVar[list[str]] = ["install", "i", "add", "isntall"]
    forms: ClassVar[list[str]] = [
        *("{n}", "{n}@{v}.0", "{n}@^{v}", "{n}@latest", "@s/{n}", "@s/{n}@{v}", "./{n}", "{n}.tgz"),
        *("u/{n}", "u/{n}#v{v}", "github:u/{n}", "git+https://x.org/{n}.git#v{v}", "{n}@~{v}"),
        *("https://x.org/{n}.tgz", "{n}@npm:o@{v}", "{n}-{v}.tar.gz", "git@x.org:u/{n}.git"),
        *("{n}@u/{n}", "file:{n}", "{n}@{v} - 3", "git://x.org/{n}.git"),
    ]
    before: ClassVar[list[str]] = ["--prefix x", "--silent", "-g", "--loglevel error", "-C x"]
    after: ClassVar[list[str]] = [
        *("-g", "--save-dev", "--registry http://x.org", "--omit dev", "--no-audit", "-E", "-D"),
        *("--cache=x", "--cache pc", "--tag next", "-w pc", "--location global", "--reg http://x"),
        *("--unknown", "--force", "--legacy-peer-deps", "--include=dev", "--fetch-retries 3"),
    ]
    _SCRIPT = """
        const at = process.argv[1], line = JSON.parse(process.argv[2]);
        const { definitions, shorthands } = require(at + "/@npmcli/config/lib/definitions");
        const types = {}; for (const k in definitions) types[k] = definitions[k].type;
        const remain = require(at + "/nopt")(types, shorthands, line, 0).argv.remain.slice(1);
        const npa = require(at + "/npm-package-arg");
        console.log(JSON.stringify(remain.map(x => npa(x)).map(
            p => [p.raw, p.type, p.gitCommittish || p.gitRange || "", p.rawSpec])));
    """
    KINDS: ClassVar[dict[str, str]] = {
        **dict.fromkeys(("version", "range", "tag", "alias"), "package"),
        "git": "git",
        "remote": "url",
        "file": "file",
        "directory": "file",
    }

    def prepare(self) -> None:
        """Find the parsers."""
        npm = Path(shutil.which("npm") or "").resolve()
        self.modules = npm.parents[1] / "node_modules"

    def missing(self) -> str:
        """Return whether npm and its modules are there."""
        if reason := super().missing():
            return reason
        self.prepare()
        found = (self.modules / "npm-package-arg").exists()
        return "" if found else "npm has no modules of its own"

    def answer(self, line: list[str]) -> Answer | None:
        """Return kind, and whether there is a version, of each word."""
        said = self.run("node", "-e", self._SCRIPT, str(self.modules), json.dumps(line[1:]))
        return None if said is None else {
            raw: f"{self.KINDS[kind]} {self._is_pinned(kind, reference, spec)}"
            for raw, kind, reference, spec in json.loads(said)
        }  # fmt: skip

    def _is_pinned(self, kind: str, reference: str, spec: str) -> bool:
        if kind == "git":
            return bool(reference)
        return kind in ("remote", "file", "directory") or any(map(str.isdigit, spec))


class Node(Oracle):
    """A package manager of Node.js installs from a registry on the loopback."""

    verbs: ClassVar[list[str]] = ["add"]
    forms: ClassVar[list[str]] = [
        *("{n}", "{n}@{v}.0", "{n}@^{v}.0", "{n}@latest", "@s/{n}", "@s/{n}@{v}.0", "{n}@~{v}.0")
    ]
    newest = "2.0.0"
    lines = 40

    def prepare(self) -> None:
        """Start the registry."""
        self.registry = Registry(NAMES, ("1.0.0", "2.0.0"))

    def answer(self, line: list[str]) -> Answer | None:
        """Return what it installs in an empty project."""
        with tempfile.TemporaryDirectory(dir=self.folder) as project:
            Path(project, "package.json").write_text('{"name": "x", "version": "1.0.0"}')
            Path(project, ".npmrc").write_text(f"registry={self.registry.address}\n")
            done = subprocess.run(
                line, cwd=project, capture_output=True, text=True, timeout=60, check=False,
                env={
                    "PATH": os.environ["PATH"], "HOME": project, "CI": "1",
                    "npm_config_registry": self.registry.address,
                },
            )  # fmt: skip
            manifests = Path(project).glob("node_modules/**/package.json")
            known = [json.loads(one.read_text("utf-8")) for one in manifests]
            named = json.loads(Path(project, "package.json").read_text())
            wanted = {
                name for key, one in named.items() if key.endswith("ependencies") for name in one
            }
            found = {one["name"]: one["version"] for one in known if one.get("name") in wanted}
            return found if done.returncode == 0 else None


def stop(oracle: Oracle) -> None:
    """End what an oracle has started."""
    if isinstance(oracle, Node):
        oracle.registry.close()


class Pnpm(Node):
    """Pnpm."""

    program = "pnpm"
    verbs: ClassVar[list[str]] = ["add", "install", "i"]
    before: ClassVar[list[str]] = ["--dir .", "-C .", "--loglevel error", "--silent"]
    after: ClassVar[list[str]] = [
        *("-D", "-E", "--save-exact", "--reporter silent", "--ignore-scripts", "--lockfile-dir ."),
        *(
            "--network-concurrency 2",
            "--store-dir store",
            "--virtual-store-dir=node_modules/v",
            "-O",
        ),
        *("--package-import-method copy", "--child-concurrency 1", "--node-linker hoisted"),
    ]


class Bun(Node):
    """Bun."""

    program = "bun"
    verbs: ClassVar[list[str]] = ["add", "install", "i", "a"]
    after: ClassVar[list[str]] = [
        *("-d", "-E", "--exact", "--optional", "--backend copyfile", "--cwd .", "--cache-dir c"),
        *("--network-concurrency 4", "--ignore-scripts", "--concurrent-scripts 2", "--silent"),
        *("--linker hoisted", "--no-progress", "--cache-dir=c"),
    ]


class Yarn(Node):
    """Yarn 1; the newer ones take fewer options."""

    program = "yarn"
    before: ClassVar[list[str]] = ["--cwd .", "--silent", "--cache-folder c"]
    after: ClassVar[list[str]] = [
        *("-D", "-E", "--exact", "--dev", "--network-timeout 9000", "--cache-folder=c", "-O"),
        *("--network-concurrency 2", "--ignore-scripts", "--non-interactive", "--no-lockfile"),
        *("--mutex file", "--no-progress", "--link-folder l", "--preferred-cache-folder c"),
    ]


ORACLES: list[type[Oracle]] = [
    *(Apt, Dnf, Zypper, Pacman, Pip, Uv, Gem, Composer, Npm, Pnpm, Bun, Yarn)
]


def modelled(line: list[str]) -> PackageCommand:
    """Return a command line as the model reads it."""
    script = join(line)
    [call] = calls(read(Text.of(Span(Source("Dockerfile", script), 0, len(script)))))
    found = PackageCommand.of(call)
    assert found is not None, script
    return found


def difference(oracle: Oracle, line: list[str], answer: Answer) -> str:
    """Return what the model says otherwise than the program, or nothing."""
    packages = [one for one in modelled(line).packages if one.kind != "list"]
    if isinstance(oracle, Npm):
        said = {one.word.value: f"{one.kind} {one.is_pinned}" for one in packages}
        return "" if said == answer else f"{join(line)}: {said}, and {oracle.program}: {answer}"
    model: Answer = {}
    for one in packages:
        file = re.search(r"(p\w)-([\d.]+\d)", one.name) if one.kind == "file" else None
        name, version = (file[1], file[2]) if file else (one.name, one.version)
        name = name.removeprefix("v/").removesuffix(".noarch")
        exact = re.fullmatch(r"[=:@ -]*([\d.]+?)(?:-1)?(?:\.noarch)?", version)
        ranged = re.search(r"[<>~^/]|@[a-z]", version)
        model[name] = "" if ranged else exact[1] if exact else version or oracle.newest
    fits = model.keys() == answer.keys() and all(
        version in ("", answer[name]) for name, version in model.items()
    )
    return "" if fits else f"{join(line)}: {model}, and {oracle.program}: {answer}"


def compared(oracle: Oracle, number: int, seed: int) -> tuple[int, list[str]]:
    """Return how many lines a program took, and the differences."""
    chance = random.Random(f"{oracle.program} {seed}")
    lines = [oracle.generated(chance) for _ in range(number)]
    answers = [(line, answer) for line in lines if (answer := oracle.answer(line)) is not None]
    return len(answers), [one for taken in answers if (one := difference(oracle, *taken))]


def main() -> None:
    """Compare lines of each manager, and print the differences."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    for kind in ORACLES:
        if sys.argv[2:] and kind.program not in sys.argv[2:]:
            continue
        with tempfile.TemporaryDirectory() as folder:
            oracle = kind(Path(folder))
            if reason := oracle.missing():
                print(f"{kind.program}: {reason}")
                continue
            oracle.prepare()
            taken, found = compared(oracle, number, 0)
            stop(oracle)
            print(f"{kind.program}: {taken} of {number} lines taken, {len(found)} differ")
            print(*found, sep="\n")


if __name__ == "__main__":
    main()
