"""Downloads that are unpacked, installed or made executable without a check.

``remote_code`` finds those that the same script executes. Here the commands may be those
of several steps, in which a file is known by its name.
"""

from __future__ import annotations

import posixpath

from tightship.commands.download import Download, file_name
from tightship.commands.file_mode import parse
from tightship.commands.packages import PackageCommand
from tightship.lazy import LazyModule, Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tightship.commands import saved_files
    from tightship.commands.calls import Call, ScriptRun
    from tightship.commands.program import Program
    from tightship.syntax.shell.nodes import Word
else:
    saved_files = LazyModule("tightship.commands.saved_files")

_MOST_FILES = 100
_TAR = frozenset(("tar", "bsdtar", "gtar"))
_TAR_VALUED = (
    *("-C", "-f", "-I", "-T", "-X", "--directory", "--exclude", "--file"),
    *("--strip-components", "--transform", "--use-compress-program"),
)
_UNPACKERS = frozenset(("unzip", "7z", "7za", "7zr", "unrar", "jar", "cpio"))
_EXPANDERS = frozenset(("gunzip", "bunzip2", "unxz", "unzstd", "unlzma"))
_COMPRESSORS = frozenset(("gzip", "bzip2", "xz", "zstd"))
_EXPANDING = ("-d", "--decompress", "--uncompress")
_INSTALLING_RPM = ("-i", "-U", "-F", "--install", "--upgrade", "--freshen")
_INSTALL_VALUED = (
    *("-m", "-o", "-g", "-t", "-S", "--mode", "--owner", "--group"),
    *("--target-directory", "--suffix"),
)
_DEEP = ("-R", "--recursive")
_TAKES_URLS = frozenset(("rpm", "yum", "dnf", "dnf5", "microdnf", "tdnf"))
_SCHEMES = ("http://", "https://", "ftp://")


class UnverifiedFile(Record):
    """A download, and the word of the command that first makes use of it.

    ``use`` is what happens to it, as in "is unpacked". ``download`` is ``None`` if the
    program that installs it also downloads it; ``word`` then is the URL.
    """

    download: Download | None
    use: str
    word: Word

    @property
    def url(self) -> Word:
        """Return the URL; the first one of a download of several."""
        return self.download.urls[0] if self.download is not None else self.word


def unverified_files(runs: Sequence[ScriptRun]) -> Iterator[UnverifiedFile]:
    """Yield the downloads that are used, in the order of their use in each script."""
    downloads = {
        id(call): found
        for run in runs
        for call in run.calls
        if call.program is not None and (found := Download.of(call)) is not None
    }
    files = saved_files.SavedFiles() if downloads else None
    for run in runs:
        for place, call in enumerate(run.calls):
            program, download = call.program, downloads.get(id(call))
            if program is None:
                continue
            if download is not None and files is not None:
                if not download.is_local:
                    yield from _piped(download)
                    files.keep(download)
            elif files is None or not files.check(run.calls, place):
                if program.name in _TAKES_URLS:
                    yield from _by_url(call, program)
                if files:
                    _use_files(files, call, program)
    if files is not None:
        for use in files.unverified(runs):
            yield UnverifiedFile(use.file.download, use.how, use.word)


def _piped(download: Download) -> Iterator[UnverifiedFile]:
    """Yield a download whose output the next command unpacks or installs."""
    from tightship.commands.program import programs
    from tightship.syntax.shell.nodes import Simple

    call = download.call
    after = call.pipeline.commands[call.position + 1 :]
    if not download.is_printed or not after or not isinstance(after[0], Simple):
        return
    found = programs(after[0])
    if not found:
        return
    program = found[-1]
    use = _use(program)
    if use is None or use[1]:  # it reads files, and not its input
        return
    yield UnverifiedFile(download, use[0], program.word)


def _use_files(files: saved_files.SavedFiles, call: Call, program: Program) -> None:
    if program.name in ("mv", "cp"):
        _rename(files, program)
        return
    use = _installed(call) or _use(program)
    if use is None:
        return
    kind, names = use
    is_deep = program.name == "chmod" and program.arguments().flag(*_DEEP) is not None
    for name in names[:_MOST_FILES]:
        for file in files.named(name):
            files.use(file, call, kind, program.word)
        # A mode for a whole folder makes programs executable, and data by the way.
        for file in files.below(name) if is_deep else ():
            if "." not in posixpath.basename(file.name):
                files.use(file, call, kind, program.word)


def _rename(files: saved_files.SavedFiles, program: Program) -> None:
    operands = program.arguments(("-t", "--target-directory", "-S")).operands
    if len(operands) != 2:
        return
    name, to = file_name(operands[0]), file_name(operands[1])
    if operands[1].raw.rstrip("\"'").endswith(("/", "/bin", "/sbin", ".")):
        to = posixpath.join(to, posixpath.basename(name))
    files.rename(name, to)


def _use(program: Program) -> tuple[str, list[str]] | None:
    """Return what a program does to which files; none means its input."""
    name = program.name
    if name in _TAR:
        return _unpacked_by_tar(program)
    if name in _UNPACKERS or name in _EXPANDERS:
        return "is unpacked", _names(program.arguments(("-d", "-C")).operands)
    if name in _COMPRESSORS:
        arguments = program.arguments()
        if arguments.flag(*_EXPANDING) is not None:
            return "is unpacked", _names(arguments.operands)
        return None
    if name == "dpkg":
        arguments = program.arguments()
        if arguments.flag("-i", "--install", "--unpack") is not None:
            return "is installed", _names(arguments.operands)
        return None
    if name == "rpm":
        arguments = program.arguments(("--root", "--prefix", "--dbpath"))
        if arguments.flag(*_INSTALLING_RPM) is not None and not arguments.flag("-q"):
            return "is installed", _names(arguments.operands)
        return None
    if name in ("chmod", "install"):
        return _made_executable(program)
    return None


def _unpacked_by_tar(program: Program) -> tuple[str, list[str]] | None:
    words = program.words
    first = words[0].value if words else None
    # The old form: `tar xzf file`.
    if first and first[0] != "-" and first.isalpha():
        if "x" not in first:
            return None
        file = words[1] if len(words) > 1 and "f" in first else None
        return "is unpacked", _of_file(file_name(file) if file is not None else "")
    arguments = program.arguments(_TAR_VALUED)
    if arguments.flag("-x", "--extract", "--get") is None:
        return None
    flag = arguments.flag("-f", "--file")
    if flag is None or flag.source is None:
        return "is unpacked", []
    is_apart = flag.source is not flag.word
    return "is unpacked", _of_file(file_name(flag.source) if is_apart else flag.value)


def _of_file(name: str | None) -> list[str]:
    """Return a file that is no name of the input."""
    return [name] if name and name not in ("-", "/dev/stdin") else []


def _names(words: list[Word]) -> list[str]:
    return [file_name(word) for word in words]


def _made_executable(program: Program) -> tuple[str, list[str]] | None:
    if program.name == "chmod":
        operands = program.arguments().operands
        # `chmod -x` has no mode among its operands.
        mode = parse(operands[0].value or "") if operands else None
        files = operands[1:]
    else:
        arguments = program.arguments(_INSTALL_VALUED)
        if arguments.flag("-d", "--directory") is not None:
            return None
        flag = arguments.flag("-m", "--mode")
        mode = parse(flag.value or "") if flag else parse("755")
        files = arguments.operands[:-1]
    if mode is None or not mode.sets(0o111) or not files:
        return None
    return "is made executable", _names(files)


def _installed(call: Call) -> tuple[str, list[str]] | None:
    """Return the files that a package manager is to install."""
    command = PackageCommand.of(call)
    if command is None or command.action not in ("install", "local") or command.only_shows:
        return None
    return "is installed", _names(command.operands)


def _by_url(call: Call, program: Program) -> Iterator[UnverifiedFile]:
    """Yield the URLs that a package manager is to install.

    Neither dnf nor yum checks the signature of such a package by default (dnf.conf(5),
    localpkg_gpgcheck), and rpm takes a package without one.
    """
    command = PackageCommand.of(call)
    words: list[Word] = []
    if command is not None and command.manager.name == "yum" and _installed(call) is not None:
        words = command.operands
    elif program.name == "rpm" and _use(program) is not None:
        words = program.arguments().operands
    for word in words[:_MOST_FILES]:
        if word.head.lower().startswith(_SCHEMES):
            yield UnverifiedFile(None, "is installed", word)
