"""Flags, settings and files that disable the verification of package signatures.

Each entry is from the program's own manual: apt-get(8), apt.conf(5), apt-secure(8),
sources.list(5), dpkg(1), apk(8), yum(8), yum.conf(5), dnf.conf(5), zypper(8), rpm(8),
pacman.conf(5), debootstrap(8).

``zypper --gpg-auto-import-keys`` is not here: signatures are still verified, by a key
that is trusted on first use. Nor is ``repo_gpgcheck``, which is off by default.
"""

from __future__ import annotations

from tightship.commands.verification_bypass import (
    NO,
    YUM,
    ConfigLines,
    ProgramBypasses,
    Verification,
    config_lines,
)
from tightship.lazy import regex

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.commands.verification_bypass import Bypass

_YES = r"(?:true|yes|on|1|with|enable)"

_APT = (
    r"(?:APT::Get::AllowUnauthenticated|APT::Get::force-yes"
    r"|Acquire::AllowInsecureRepositories)"
)
# A repository in a folder of the image is not downloaded.
_SOURCE = (
    r"deb(?:-src)?[ \t]+\[[^]\n]{0,300}?\b(?P<at>(?:trusted|allow-insecure)=yes)\b[^]\n]{0,300}+\]"
    r"(?:[ \t]++(?!file:|copy:|cdrom:)|\Z)"
)

_APT_GET = ProgramBypasses(
    ("--allow-unauthenticated", "--force-yes", "--allow-insecure-repositories"),
    valued=("-t", "-c", "--target-release", "--config-file"),
    settings={flag: regex(rf"(?i){_APT}=(?:{_YES})") for flag in ("-o", "--option")},
)
_YUM = ProgramBypasses(
    ("--nogpgcheck", "--no-gpgchecks"),
    settings={"--setopt": regex(rf"(?i)(?:\S+\.)?gpgcheck=(?:{NO})")},
)
_REPOSITORY = ProgramBypasses(words=regex(_SOURCE))

PROGRAMS: dict[str, ProgramBypasses] = {
    "apt": _APT_GET,
    "apt-get": _APT_GET,
    "aptitude": ProgramBypasses(("--allow-untrusted",), settings=_APT_GET.settings),
    "add-apt-repository": _REPOSITORY,
    "apt-add-repository": _REPOSITORY,
    "debootstrap": ProgramBypasses(("--no-check-gpg",)),
    "dpkg": ProgramBypasses(
        settings={"--force": regex(r"(?:\S+,)?bad-verify(?:,\S+)?")}, flags=("--force-bad-verify",)
    ),
    "apk": ProgramBypasses(("--allow-untrusted",)),
    **dict.fromkeys(YUM, _YUM),
    "zypper": ProgramBypasses(
        (
            *("--no-gpg-checks", "--no-gpgcheck", "--allow-unsigned-rpm"),
            *("--gpgcheck-allow-unsigned", "--gpgcheck-allow-unsigned-repo"),
            "--gpgcheck-allow-unsigned-package",
        )
    ),
    "rpm": ProgramBypasses(("--nosignature", "--nodigest", "--noverify", "--nofiledigest")),
}


LINES: tuple[ConfigLines, ...] = (
    config_lines(
        "`yum`",
        r"(?:yum|dnf)\.conf|[^/]*\.repo",
        rf"gpgcheck[ \t]*=[ \t]*{NO}",
        r"\A(?=[\s\S]*(?:\b|\\n)baseurl[ \t]*=[ \t]*file:)(?![\s\S]*=[ \t]*(?:https?|ftp):)",
    ),
    config_lines("`apt`", r"etc/apt/apt\.conf(?:\.d/[^/]*)?", rf'{_APT}[ \t]+"?{_YES}"?[ \t]*;'),
    ConfigLines("`apt`", regex(r"/etc/apt/sources\.list(?:\.d/[^/]*\.list)?\Z"), regex(_SOURCE)),
    config_lines(
        "`apt`",
        r"etc/apt/sources\.list\.d/[^/]*\.sources",
        r"(?:Trusted|Allow-Insecure):[ \t]*yes",
        r"\A(?=[\s\S]*(?:\b|\\n)URIs:[ \t]*(?:file|copy|cdrom):)(?![\s\S]*https?:)",
    ),
    config_lines(
        "`pacman`",
        r"etc/pacman\.conf|etc/pacman\.d/[^/]*",
        r"SigLevel[ \t]*=[ \t]*(?:[A-Za-z]++[ \t]++)*?(?:Package)?Never",
    ),
)

SIGNATURE_VERIFICATION = Verification(PROGRAMS, {}, LINES)
"""The verification of package signatures, and what disables it."""

_RPM_ELSE = (
    "-q", "--query", "-V", "--verify", "-K", "--checksig", "-e", "--erase", "--import"
)  # fmt: skip


def may_install(off: Bypass) -> bool:
    """Return whether a command may install; rpm can also query and remove."""
    program = off.call.program if off.call is not None else None
    if program is None or program.name != "rpm":
        return True
    return program.arguments().flag(*_RPM_ELSE) is None
