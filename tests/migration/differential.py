"""What hadolint and tally find and Tightship does not: each difference in one of three lists.

*Documented* has a case of `facts/other_linters.toml` whose predicate holds here. *Right* is
where Docker does not do what hadolint reports. Everything else is *wrong*: ours to mend.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.peers import SCRIPTS, tally
from tests.checking import check

from tightship.engine.settings.selection import Selection
from tightship.syntax.dockerfile.read import read
from tightship.text import Source
from tightship_annexes.migration.comparison import compared, read_report
from tightship_annexes.migration.translation import every_check

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tightship_annexes.migration.comparison import Comparison, PeerFinding

RIGHT, DOCUMENTED, WRONG = "right", "documented", "wrong"
_AT_ONCE = 500
_CACHES = ("DL3009", "DL3019", "DL3032", "DL3036", "DL3040", "DL3042", "DL3060")
_ANSWERS = ("DL3014", "DL3030", "DL3034", "DL3038")
_LANGUAGES = ("DL3013", "DL3016", "DL3028", "DL3062")
_SYSTEMS = ("DL3008", "DL3018", "DL3033", "DL3037", "DL3041")


class Place:
    """The instruction of a finding: its text, and the texts of its stage around it."""

    def __init__(self, text: str, line: int, path: str = "") -> None:
        self.folders = [*Path(path).resolve().parents[:3]]
        tree = read(Source("Dockerfile", text))
        spans = [one.span for one in tree.instructions]
        lines = [span.source.point(span.start)[0] + 1 for span in spans]
        at = max((n for n, start in enumerate(lines) if start <= line), default=0)
        texts = [span.text for span in spans]
        froms = [n for n, one in enumerate(tree.instructions) if one.name == "FROM"]
        first = max((n for n in froms if n <= at), default=0)
        end = min((n for n in froms if n > at), default=len(texts))
        self.text = texts[at]
        self.file = text
        self.before = texts[first:at]
        self.after = texts[at + 1 : end]
        self.is_last = end == len(texts)
        self.last_stage = "\n".join(texts[max(froms, default=0) :])
        self.earlier = "\n".join(texts[:at])

    @property
    def last_word(self) -> str:
        """Return the destination of COPY and ADD."""
        return self.text.split()[-1].strip('"[]').rstrip("/")

    def has(self, pattern: str) -> bool:
        """Return whether the instruction has a pattern."""
        return re.search(pattern, self.text) is not None

    @property
    def whole_stage(self) -> str:
        """Return the instructions of the stage."""
        return "\n".join((*self.before, self.text, *self.after))

    @property
    def stage(self) -> str:
        """Return the instructions of the stage before this one."""
        return "\n".join(self.before)

    @property
    def shell(self) -> str:
        """Return the SHELL that applies: to a trigger, the last one of the image."""
        known = [*self.before, *(self.after if self.text.startswith("ONBUILD") else ())]
        return next((one for one in reversed(known) if one.startswith("SHELL")), "")


def _only_copied(place: Place) -> bool:
    return not place.is_last


def _in_compose(place: Place, text: str) -> bool:
    files = (one for folder in place.folders for one in folder.glob("compose.y*"))
    return any(text in one.read_text("utf-8") for one in files)


_FETCHES = r"\b(wget|curl) +(?:-|http)"
_ADDS_USER = re.compile(r"\b(useradd|adduser)\b")
_SCRATCH = r"(?i)^FROM(?: --platform=\S+)? scratch\b"

# By the beginning of a documented case, with the checks: whether it is that case.
_DOCUMENTED: dict[tuple[tuple[str, ...], str], Callable[[Place], bool]] = {
    (("DL3000",), "a relative WORKDIR below"): lambda at: bool(
        re.search(r"(?m)^WORKDIR [\"']?[/$]", at.earlier) or re.match(_SCRATCH, at.stage)
    ),
    (("DL3001",), "`kill` of a process"): lambda at: at.has(r"kill .*\$|& ?\\?\n|& "),
    (("DL3002",), "stages that are not the image"): lambda at: not at.is_last
    or _in_compose(at, "user:")
    or bool(re.match(r"FROM (postgres|mysql|mariadb|mongo|redis)\b", at.stage)),
    (("DL3003",), "a `cd` that other"): lambda at: at.has(
        r"(?s)(&&|;|\|\||\bthen|\bdo|\(|\{|\|)\s*(\\\n\s*)*cd\b"
    ) or at.has(r"(\[.*|-c [\"'])\bcd "),
    (("DL3003",), "a folder below"): lambda at: at.has(r"cd ~"),
    (_CACHES, "stages whose files are only copied"): lambda at: (
        _only_copied(at)
        or at.has(r"--mount=type=(cache|tmpfs),target=(?!/var/(cache|lib)/apt )")
        or at.has(r"--mount=.*\bapt-get\b|rm -?r?f?|clean|purge|--cache-dir")
        or "PIP_NO_CACHE_DIR" in at.stage
    ),
    (_LANGUAGES, "packages from the project"): lambda at: _only_copied(at)
    or at.has(r"install (?:-\S+ )*\.|lock"),
    (_LANGUAGES, "packages in a variable"): lambda at: at.has(
        r"\$|file:|install[^&;]* (\.|cmd/)|run \w+\.go| -(-?\w[\w-]*[ =]|v)|#"
    ),
    (_ANSWERS, "settings that answer"): lambda at: at.has(
        r"(?i)assume-?yes|force-yes|\bmicrodnf\b|-qqq"
    ),
    (("DL3000", "DL3015"), "a variable in a word"): lambda at: at.has(r"\$"),
    (("DL3006",), "a stage whose name"): lambda at: (
        f"as {at.text.split()[1]}\n".lower() in at.file.lower() or at.has(r"^FROM \w+\$")
    ),
    (("DL3008", "DL3014", "DL3015"), "`--download-only`"): lambda at: at.has("--download-only"),
    (("DL3010",), "a `.gz` that is"): lambda at: at.has(r"(?<!\.tar)\.gz"),
    (("DL3015",), "a setting of `-o`"): lambda at: at.has(r"Install-Recommends"),
    (("DL3020",), "an archive among"): lambda at: at.has(r"\.t|\.Z|git|\$"),
    (("DL3022",), "a variable"): lambda at: at.has(r"--from=(\d|\S*[A-Z$])"),
    (("DL3029",), "a platform from"): lambda at: at.has(r"--platform=(\$|\w+/(\w+).* \S+\2)"),
    (("DL3044",), "an escaped"): lambda at: at.has(r"\\\\?\$"),
    (("DL3046",), "a number in"): lambda at: at.has(r"(-u|--uid)[ =]?[\"']?\$"),
    (("DL3047",), "calls that download"): lambda at: at.has(r"wget (--help|--version|-V|-h)"),
    (("DL3048",), "labels of Docker's"): lambda at: at.has(r"com\.docker\.\w*\.?extension"),
    (("DL4006",), "pipes in conditions"): lambda at: bool(
        at.has(r"\b(if|while|until)\b|^(ONBUILD )?RUN (--\S+ )*\[")
        or re.search(r"SHELL .*pipefail", at.file)
        or "windows" in at.file
    ),
    (_ANSWERS, "a file, a pipe"): lambda at: at.has(r"-y?f ?install|<|\| ?\w+|\$")
    or bool(re.search(r"(?m)^(COPY|ADD) .* /(etc\S*)?$", at.whole_stage)),
    (_SYSTEMS, "packages in a variable"): lambda at: at.has(
        r"(install|add|in)\b[^&;]*(\$|/|@|!)|(install|add|in)\b[^&;]* --?[\w-]+[ =]|group"
    ),
    (("DL3015",), "`apt-get -f install`"): lambda at: at.has(r"-\w*f\w* +install|install +-\w*f"),
    (("DL3021",), "a destination that"): lambda at: bool(
        re.search(rf"(?m)^(COPY|ADD|WORKDIR) .*{re.escape(at.text.split()[-1])}/?$", at.stage)
        or at.has(r" (\.\.?|\$\S+)$")
    ),
    (("DL3022",), "official images"): lambda at: at.has(
        r"--from=(\S*[/:@]|nginx\b|composer\b|busybox\b|alpine\b)"
    ),
    (("DL3025", "buildkit:JSONArgsRecommended"), "`exec` in front"): lambda at: at.has(r"^(CMD|ENTRYPOINT) exec\b")
    or bool(at.shell)
    or any(re.match(at.text.split()[0], one) for one in at.after)
    or (at.text.startswith("CMD") and "ENTRYPOINT /" in f"{at.stage}\n" + "\n".join(at.after)),
    (("DL3025",), "HEALTHCHECK"): lambda at: at.has(r"^(ONBUILD )?HEALTHCHECK"),
    (("DL1000",), "heredocs"): lambda at: (
        "<<" in at.file or at.has(r"^(CMD|RUN)\s*$|^EXPOSE .*(:|sctp)")
    ),
    (("DL3045",), "a stage from `scratch`"): lambda at: bool(
        re.match(_SCRATCH, at.stage) or re.search(r"FROM (golang|node|rust|ruby|php)", at.earlier)
    ),
    (("DL3059",), "steps with more than two"): lambda at: not at.is_last
    or at.has(r"^RUN (--|\[)|<<|&&(.|\n)*&&|;.*;")
    or at.before[-1].count("&&") > 1 or at.before[-1].startswith(("RUN --", "RUN ["))
    or "#" in at.file,
    (("DL3064",), "placeholders"): lambda at: at.text in at.earlier
    or at.has(r"=(x|changeme|/\S*)\b|(?i:\b(user_?name|client_key|\w*_length|\w+file)\b)"),
    (("DL3066",), "names that a step"): lambda at: at.has(r"^(ONBUILD )?USER +[A-Za-z$]"),
    (("DL3067",), "an image in place"): lambda at: at.has(r"--from=[a-z]"),
    (("DL4001",), "further uses"): lambda at: bool(re.search(r"\b(wget|curl)\b", at.stage))
    or len({*re.findall(_FETCHES, at.whole_stage)}) < 2
    or not at.has(_FETCHES),
    (("buildkit:UndefinedVar",), "`${NAME:-word}`"): lambda at: at.has(r"\$\{\w+:?-"),
    (("tally:invalid-json-form",), "brackets after"): lambda at: not at.has(r"^[A-Z ]+\["),
    (("tally:world-writable-state-path-workaround",), "folders with the sticky"): lambda at: at.has(
        r"chmod (-\S+ )*(1777|\S*\+t)"
    ),
    (("DL3057",), "stages that are not"): lambda at: (bool(re.match(_SCRATCH, at.last_stage))
    and not re.search(r"(?m)^(CMD|ENTRYPOINT)\b", at.last_stage))
    or _in_compose(at, "healthcheck:"),
    (("buildkit:SecretsUsedInArgOrEnv",), "placeholders"): lambda at: at.text in at.earlier
    or at.has(r"=(x|changeme|/\S*)\b|(?i:\b(user_?name|client_key)\b)"),
    (("tally:no-unreachable-stages",), "a stage with a name"): lambda at: not at.is_last
    and at.has(r"(?i)^FROM .* AS \S+$"),
    (("tally:copy-after-user-without-chown",), "files that no later"): lambda at: not any(
        re.search(rf"\b(chmod|chown|chgrp) [^&;]*{re.escape(at.last_word)}", one)
        for one in at.after
    ),
    (("tally:shell-run-in-scratch",), "further steps"): lambda at: bool(
        re.search(r"(?m)^(RUN|COPY|ADD|SHELL)\b", at.stage)
    ),
    (("tally:stateful-root-runtime",), "base images that may"): lambda at: _in_compose(
        at, "user:"
    )
    or bool(
        re.match(r"FROM (\S*\$|(postgres|mysql|mariadb|mongo|redis|\w+\.)\S*)", at.stage)
    ),
    (("tally:user-created-but-never-used",), "stages that are not"): lambda at: (
        not at.is_last
        or len(_ADDS_USER.findall(at.whole_stage)) > 1
        or bool(re.match(r"FROM \S*[.$]", at.stage))
    ),
    (("tally:named-identity-in-passwdless-stage",), "names in variables"): lambda at: at.has(
        r"\$"
    )
    or bool(re.search(r"(?m)^RUN\b", at.whole_stage)),
    (("DL4006",), "pipes that begin"): lambda at: at.has(
        r"\b(echo|printf|yes|:|true)\b[^|]*(\\\n[^|]*)*\||pipefail|\$\(|`"
    ),
}  # fmt: skip


# What the program misreads, and what Docker does.
_RIGHT: dict[tuple[str, str], Callable[[Place], bool]] = {
    ("buildkit:WorkdirRelativePath", "Docker removes the quotes of a path"): lambda at: at.has(
        r"^WORKDIR [\"']/"
    ),
    ("DL3001", "a program of the project"): lambda at: at.has(r"\./(service|kill|mount|top)\b"),
    ("DL4005", "another file than `/bin/sh` is replaced"): lambda at: (
        not at.has(r"\s/bin/sh\s*($|[&;])")
    ),
    ("buildkit:UndefinedVar", "`scratch` has a PATH in BuildKit"): lambda at: at.has(r"\$PATH\b"),
}


def judged(finding: PeerFinding, text: str) -> tuple[str, str]:
    """Return the list that a difference belongs to, and the reason."""
    place = Place(text, finding.line, finding.path)
    is_script = place.has(r"^(ONBUILD )?(RUN|CMD|ENTRYPOINT|HEALTHCHECK)")
    if is_script and re.search(r"pwsh|powershell", place.shell):
        return RIGHT, "a script in PowerShell"
    for (id, reason), holds in _RIGHT.items():
        if finding.check == id and holds(place):
            return RIGHT, reason
    cases = _cases()[finding.check]
    for (checks, begin), holds in _DOCUMENTED.items():
        text_of_case = next((one for one in cases if one.startswith(begin)), None)
        if finding.check in checks and text_of_case is not None and holds(place):
            return DOCUMENTED, text_of_case
    return WRONG, place.text


@cache
def _cases() -> dict[str, tuple[str, ...]]:
    """Return the laxer cases of each check."""
    return {one.id: one.laxer for checks in every_check().values() for one in checks}


# The words of each program's command that end before the files.
_COMMANDS = {
    "hadolint": ("--no-fail", "--format", "json"),
    "tally": ("lint", "--no-config", "--slow-checks", "off", "--select", "*", "--format", "json"),
}


def installed(peer: str) -> str | None:
    """Return the path of hadolint or tally, if it is installed."""
    if peer == "tally" and tally().name == "tally" and tally().exists():
        return str(tally())
    return shutil.which(peer) or shutil.which(peer, path=str(SCRIPTS))


def differences(peer: str, files: Iterable[Path]) -> Comparison:
    """Return what a linter and all rules but those of ShellCheck find in Dockerfiles.

    Checks that no rule here has are left out: their reasons are about the check itself.
    """
    paths = [str(file.resolve()) for file in files]
    theirs: dict[str, list[PeerFinding]] = {}
    for start in range(0, len(paths), _AT_ONCE):
        command = [installed(peer) or peer, *_COMMANDS[peer], *paths[start : start + _AT_ONCE]]
        done = subprocess.run(command, stdout=subprocess.PIPE, timeout=600, check=False)
        for one in read_report(done.stdout, peer):
            if not one.check.startswith("SC") and one.check not in _absent():
                theirs.setdefault(os.path.abspath(one.path), []).append(one)
    words = ("strict", "hygiene")
    return compared(theirs, check(sorted(theirs), words), Selection(words))


@cache
def _absent() -> set[str]:
    return {one.id for checks in every_check().values() for one in checks if one.absent}
