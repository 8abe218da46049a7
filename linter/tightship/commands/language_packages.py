"""Installations by the package managers of programming languages.

The flags are those of the manuals of pip, npm, gem and ``go install``.
"""

from __future__ import annotations

from tightship.commands.interpreter import unversioned
from tightship.lazy import regex

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.commands.calls import Call
    from tightship.commands.program import Arguments
    from tightship.syntax.shell.nodes import Word

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
_VALUED = {"pip": _PIP, "npm": _NPM, "gem": _GEM, "go": _GO}
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
        elif name in _VALUED:
            arguments = program.arguments(_VALUED[name].split())
        else:
            return None
        operands = arguments.operands
        if not operands or operands[0].value not in _VERBS[name]:
            return None
        return cls(name, arguments)
