"""Commands of the package managers of Linux distributions.

The flags and verbs are those of the manuals of apt-get(8), apk(8), yum(8), dnf(8),
tdnf(8) and zypper(8).
"""

from __future__ import annotations

from functools import lru_cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    from tightship.commands.calls import Call
    from tightship.commands.program import Arguments, Program
    from tightship.syntax.shell.nodes import Word

    Family = Literal["apt", "apk", "yum", "zypper"]
    Action = Literal["install", "remove", "upgrade", "refresh", "clean"]

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
