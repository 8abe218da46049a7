"""Packages that a command installs: of systems and of languages, and those with power.

A program with the setuid or setgid bit, or with file capabilities, gains what its caller
lacks (execve(2)): `no-new-privileges` and an emptied bounding set take that away. The
programs are those of the packages of Debian 12 and 13, as `dpkg-deb --contents` and the
maintainer scripts show them, and of the packages with these names in Alpine and Fedora.

The flags and verbs are those of the manuals of apt-get(8), apk(8), yum(8), dnf(8),
tdnf(8) and zypper(8), and of pip, npm, gem and ``go install``.
"""

from __future__ import annotations

from functools import lru_cache

from tightship.commands.program import unversioned
from tightship.lazy import regex

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    from tightship.commands.calls import Call
    from tightship.commands.program import Arguments, Program
    from tightship.syntax.shell.nodes import Word

    Family = Literal["apt", "apk", "yum", "zypper"]
    Action = Literal["install", "remove", "upgrade", "refresh", "clean"]


PRIVILEGED_PACKAGES = {
    "arping": "arping",
    "at": "at",
    "bubblewrap": "bwrap",
    "busybox-suid": "bbsuid",
    "chromium-sandbox": "chrome-sandbox",
    "cifs-utils": "mount.cifs",
    "cron": "crontab",
    "cronie": "crontab",
    "davfs2": "mount.davfs",
    "doas": "doas",
    "dumpcap": "dumpcap",
    "exim4": "exim4",
    "exim4-daemon-heavy": "exim4",
    "exim4-daemon-light": "exim4",
    "firejail": "firejail",
    "fping": "fping",
    "fuse": "fusermount",
    "fuse3": "fusermount3",
    "inetutils-ping": "ping",
    "iputils": "ping",
    "iputils-arping": "arping",
    "iputils-ping": "ping",
    "mtr": "mtr-packet",
    "mtr-tiny": "mtr-packet",
    "nfs-common": "mount.nfs",
    "ntfs-3g": "ntfs-3g",
    "opendoas": "doas",
    "pmount": "pmount",
    "policykit-1": "pkexec",
    "polkit": "pkexec",
    "pkexec": "pkexec",
    "postfix": "postdrop",
    "procmail": "procmail",
    "sendmail": "sendmail",
    "shadow-uidmap": "newuidmap",
    "singularity-container": "starter-suid",
    "sudo": "sudo",
    "sudo-ldap": "sudo",
    "tcptraceroute": "tcptraceroute",
    "uidmap": "newuidmap",
    "wireshark-common": "dumpcap",
}
"""Package names, each with one of its programs that gains privileges."""


_FAMILIES: dict[str, Family] = {
    "apt-get": "apt",
    "apt": "apt",
    "aptitude": "apt",
    "apk": "apk",
    "yum": "yum",
    "dnf": "yum",
    "dnf5": "yum",
    "microdnf": "yum",
    "tdnf": "yum",
    "zypper": "zypper",
}
_VALUED = {
    "apt": "-a -c -o -t --config-file --default-release --host-architecture --option"
    " --target-release",
    "apk": "-p -t -X --arch --cache-dir --cache-max-age --keys-dir --progress-fd --repositories-file"
    " --repository --root --virtual --wait",
    "yum": "-c -d -e -x --config --disablerepo --enablerepo --exclude --excludepkgs"
    " --forcearch --installroot --releasever --repo --repoid --setopt",
    "zypper": "-c -p -R -r -t --config --from --installroot --plus-repo --releasever"
    " --repo --root --type",
}
_ACTIONS: dict[str, dict[str, Action]] = {
    "apt": {
        "install": "install",
        "reinstall": "install",
        "build-dep": "install",
        "remove": "remove",
        "purge": "remove",
        "autoremove": "remove",
        "upgrade": "upgrade",
        "dist-upgrade": "upgrade",
        "full-upgrade": "upgrade",
        "update": "refresh",
        "clean": "clean",
        "distclean": "clean",
    },
    "apk": {"add": "install", "del": "remove", "upgrade": "upgrade", "update": "refresh"},
    "yum": {
        "install": "install",
        "reinstall": "install",
        "localinstall": "install",
        "groupinstall": "install",
        "remove": "remove",
        "erase": "remove",
        "autoremove": "remove",
        "upgrade": "upgrade",
        "update": "upgrade",
        "distro-sync": "upgrade",
        "makecache": "refresh",
        "clean": "clean",
    },
    "zypper": {
        "install": "install",
        "in": "install",
        "remove": "remove",
        "rm": "remove",
        "update": "upgrade",
        "up": "upgrade",
        "dist-upgrade": "upgrade",
        "dup": "upgrade",
        "refresh": "refresh",
        "ref": "refresh",
        "clean": "clean",
        "cc": "clean",
    },
}


class PackageCommand:
    """One command of a package manager.

    ``family`` groups the managers with the same verbs and flags. ``verb`` is the word
    that says what to do, ``action`` its meaning, and ``operands`` are what follows it:
    the packages of an installation.
    """

    __slots__ = ("action", "arguments", "call", "family", "operands", "program", "verb")

    def __init__(
        self, call: Call, program: Program, family: Family, arguments: Arguments, action: Action
    ) -> None:
        self.call = call
        self.program = program
        self.family: Family = family
        self.arguments = arguments
        self.action: Action = action
        self.verb: Word = arguments.operands[0]
        self.operands = arguments.operands[1:]

    @classmethod
    def of(cls, call: Call) -> PackageCommand | None:
        """Return the command of a package manager that a command is, if it is one."""
        program = call.program
        if program is None or program.name not in _FAMILIES:
            return None
        return _read(call)

    @property
    def title(self) -> str:
        """Return the program and what it is to do."""
        return f"{self.program.name} {self.verb.value}"

    @property
    def only_shows(self) -> bool:
        """Return whether it changes nothing in the image."""
        return self.arguments.flag(*_SHOWING) is not None


_SHOWING = (
    *("--simulate", "--just-print", "--dry-run", "--recon", "--no-act", "--print-uris"),
    *("--assumeno", "--assume-no", "--download-only", "--downloadonly", "--help", "-h"),
)


# Several rules ask about the commands of one file.
@lru_cache(maxsize=64)
def _read(call: Call) -> PackageCommand | None:
    program = call.program
    assert program is not None
    family = _FAMILIES[program.name]
    arguments = program.arguments(_VALUED[family].split())
    if not arguments.operands:
        return None
    action = _ACTIONS[family].get(arguments.operands[0].value or "")
    if action is None:
        return None
    return PackageCommand(call, program, family, arguments, action)


_PIP = """
-C -c -e -f -i -r -t --abi --cache-dir --cert --client-cert --config-settings --constraint
--editable --extra-index-url --find-links --global-option --implementation --index-url --log
--no-binary --only-binary --platform --prefix --progress-bar --proxy --python-version --report
--requirement --retries --root --src --target --timeout --trusted-host --upgrade-strategy
--use-feature
"""
_NPM = "-w --cache --include --loglevel --omit --prefix --registry --tag --workspace"
_GEM = "-P -i -n -v --bindir --install-dir --platform --source --trust-policy --version"
_GO = "-C -ldflags -mod -modfile -o -tags -gcflags -asmflags"
_VALUED_OF_LANGUAGES = {"pip": _PIP, "npm": _NPM, "gem": _GEM, "go": _GO}
_VERBS = {
    "pip": ("install",),
    "npm": ("install", "i", "add"),
    "gem": ("install",),
    "go": ("install", "get"),
}
# A version, a place, or a file; `@latest` of go is none.
_PINNED = {
    "pip": regex(r".*[=<>~]=?.*|.*@.*|\.{0,2}/.*|\.{1,2}(?:\[.*)?|.*\.(?:whl|zip|gz)|.*:.*"),
    "npm": regex(r".+@.*|\.{0,2}/.*|\.|.*\.tgz|.*[:#].*|[^@/]+/.+"),
    "gem": regex(r".*:.*|.*\.gem"),
    "go": regex(r".*@(?!latest|main|master|head).*|\.{0,2}/.*|\.|[^./]+(?:/.*)?|.*\.go"),
}


class Installation:
    """One command that installs packages of a language.

    ``name`` is the package manager: ``pip``, ``npm``, ``gem`` or ``go``. ``unpinned`` are
    the packages that surely have no version.
    """

    __slots__ = ("arguments", "name", "unpinned", "verb")

    def __init__(self, name: str, arguments: Arguments) -> None:
        self.name = name
        self.arguments = arguments
        self.verb: Word = arguments.operands[0]
        pinned = _PINNED[name]
        self.unpinned = [
            word
            for word in arguments.operands[1:]
            if word.value and pinned.fullmatch(word.value) is None
        ]
        if name == "gem" and arguments.flag("-v", "--version") is not None:
            self.unpinned = []
        if name == "pip" and arguments.flag("-c", "--constraint") is not None:
            self.unpinned = []

    @classmethod
    def of(cls, call: Call) -> Installation | None:
        """Return the installation that a command is, if it is one."""
        program = call.program
        if program is None:
            return None
        name = unversioned(program.name)
        words = program.words
        if name in ("python", "pypy") and len(words) > 2:
            # `python -m pip install`
            if [words[0].value, words[1].value] != ["-m", "pip"]:
                return None
            name = "pip"
            arguments = type(program)("pip", words[1], words[2:]).arguments(_PIP.split())
        elif name in _VALUED_OF_LANGUAGES:
            arguments = program.arguments(_VALUED_OF_LANGUAGES[name].split())
        else:
            return None
        operands = arguments.operands
        if not operands or operands[0].value not in _VERBS[name]:
            return None
        return cls(name, arguments)
