r"""Flags, settings and files that disable the verification of server certificates.

Each entry is from the program's own manual: curl(1), wget(1), aria2c(1), HTTPie
(``--verify``), git-config(1) (``http.sslVerify``) and git(1) (``GIT_SSL_NO_VERIFY``),
pip (``--trusted-host``), uv (``--allow-insecure-host``), npm (``strict-ssl``), Yarn
(``strict-ssl``, ``enableStrictSsl``), conda (``ssl_verify``), Composer
(``disable-tls``), Bundler (``ssl_verify_mode``), Maven Wagon and Maven Resolver, Node.js
(``NODE_TLS_REJECT_UNAUTHORIZED``), PEP 493 (``PYTHONHTTPSVERIFY``), ``go help
environment`` (``GOINSECURE``), yum.conf(5) and dnf.conf(5) (``sslverify``),
apt-transport-https(1) (``Verify-Peer``), apk(8), hg and svn.

Composer's ``secure-http`` is not here: it allows plain HTTP, and certificates are still
verified.
"""

from __future__ import annotations

from tightship.commands.download import (
    VALUED,
    Download,
    is_loopback,
    is_loopback_name,
    is_plain_http,
)
from tightship.commands.verification_bypass import (
    END,
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


_WGET = "--no-check-certificate"
# GNU getopt takes any unambiguous beginning of an option.
_WGET_FLAGS = frozenset(_WGET[:length] for length in range(len("--no-check"), len(_WGET) + 1))
_WGETRC = rf"check[_-]?certificate[ \t]*=[ \t]*{NO}"
_APT = r"Acquire::https::(?:[^\s:]++::)*+Verify-(?:Peer|Host)"
_APT_NO = r"(?:false|no|off|0|without|disable)"

_GIT = ProgramBypasses(
    settings={
        flag: regex(rf"(?i)http\.(?:\S+\.)?sslverify=(?:{NO})?") for flag in ("-c", "--config")
    },
    valued=("-C", "--git-dir", "--work-tree", "-f", "--file", "--type"),
    words=regex(rf"(?i)\Aconfig (?:set )?(?P<at>http\.(?:\S+\.)?sslverify {NO}){END}"),
)
_PIP = ProgramBypasses(
    settings={"--trusted-host": regex(r".+"), "--allow-insecure-host": regex(r".+")},
    words=regex(rf"\A(?:pip )?config set (?P<at>\S*\btrusted-host \S.*?){END}"),
)
_NPM = ProgramBypasses(
    ("--no-strict-ssl",),
    settings={"--strict-ssl": regex("false")},
    words=regex(rf"\A(?:config |c )?set (?P<at>(?:strict-ssl|enableStrictSsl)[ =]false){END}"),
)
_YUM = ProgramBypasses(
    settings={"--setopt": regex(rf"(?i)(?:\S+\.)?sslverify=(?:{NO})")},
    # dnf5 config-manager(8)
    words=regex(
        rf"(?i)\A(?:config-manager )?setopt (?:\S+ )*?(?P<at>(?:\S+\.)?sslverify=(?:{NO})){END}"
    ),
)
_APT_GET = ProgramBypasses(
    valued=("-t", "-c", "--target-release", "--config-file"),
    settings={flag: regex(rf"(?i){_APT}=(?:{_APT_NO})") for flag in ("-o", "--option")},
)
_CONDA = ProgramBypasses(
    ("-k", "--insecure"),
    valued=("-n", "-p", "-c", "--name", "--prefix", "--channel", "--file"),
    words=regex(rf"(?i)\Aconfig (?:set )?(?P<at>ssl_verify (?:false|no|off)){END}"),
)
_MAVEN = ProgramBypasses(
    settings={
        "-D": regex(
            r"maven\.wagon\.http\.ssl\.insecure=true"
            r"|aether\.connector\.https\.securityMode=insecure"
        )
    }
)
_HTTPIE = ProgramBypasses(valued=VALUED["http"], settings={"--verify": regex(r"(?i)no|false")})

PROGRAMS: dict[str, ProgramBypasses] = {
    "curl": ProgramBypasses(("-k", "--insecure"), valued=VALUED["curl"]),
    "wget": ProgramBypasses(
        _WGET_FLAGS,
        valued=VALUED["wget"],
        settings={flag: regex(f"(?i){_WGETRC}") for flag in ("-e", "--execute")},
    ),
    "aria2c": ProgramBypasses(
        valued=VALUED["aria2c"], settings={"--check-certificate": regex("false")}
    ),
    **dict.fromkeys(("http", "https"), _HTTPIE),
    "git": _GIT,
    **dict.fromkeys(("pip", "uv"), _PIP),
    **dict.fromkeys(("npm", "pnpm", "yarn"), _NPM),
    **dict.fromkeys(("conda", "mamba", "micromamba"), _CONDA),
    **dict.fromkeys(YUM, _YUM),
    **dict.fromkeys(("apt", "apt-get", "aptitude"), _APT_GET),
    "apk": ProgramBypasses(("--no-check-certificate",)),
    "composer": ProgramBypasses(
        words=regex(rf"\A(?:global )?config (?P<at>disable-tls (?:true|1)){END}")
    ),
    "bundle": ProgramBypasses(
        words=regex(rf"\Aconfig (?:set )?(?P<at>ssl_verify_mode 0){END}")
    ),
    "go": ProgramBypasses(words=regex(rf"\Aenv (?P<at>GOINSECURE=[^\s\0]++){END}")),
    **dict.fromkeys(("mvn", "mvnw"), _MAVEN),
    "hg": ProgramBypasses(("--insecure",)),
    "svn": ProgramBypasses(
        ("--trust-server-cert",),
        settings={"--trust-server-cert-failures": regex(r".*\b(?:unknown-ca|cn-mismatch)\b.*")},
    ),
}  # fmt: skip

VARIABLES = {
    "NODE_TLS_REJECT_UNAUTHORIZED": ("Node.js", regex("0")),
    # Python 3 ignores it.
    "PYTHONHTTPSVERIFY": ("Python 2", regex("0")),
    # Any value, even `false` or none: git checks whether it is set (tried, 2.47).
    "GIT_SSL_NO_VERIFY": ("`git`", None),
    "NPM_CONFIG_STRICT_SSL": ("`npm`", regex("false")),
    "YARN_ENABLE_STRICT_SSL": ("`yarn`", regex("false|0")),
    "PIP_TRUSTED_HOST": ("`pip`", regex(r"(?s)\s*\S.*")),
    "UV_INSECURE_HOST": ("`uv`", regex(r"(?s)\s*\S.*")),
    "CONDA_SSL_VERIFY": ("`conda`", regex("(?i)false|no|off")),
    "BUNDLE_SSL_VERIFY_MODE": ("`bundle`", regex("0")),
    "GOINSECURE": ("`go`", regex(r"(?s)\s*\S.*")),
}


LINES: tuple[ConfigLines, ...] = (
    config_lines("`curl`", r"[._]?curlrc", r"-k|(?:--)?insecure"),
    config_lines("`wget`", r"\.?wgetrc", _WGETRC),
    config_lines("`npm`", r"\.?npmrc", r"strict-ssl[ \t]*=[ \t]*false"),
    config_lines("`yarn`", r"\.yarnrc", r"\"?strict-ssl\"?[ \t]+false"),
    config_lines("`yarn`", r"\.yarnrc\.yml", r"enableStrictSsl:[ \t]*false"),
    config_lines("`pip`", r"pip\.conf", r"trusted-host[ \t]*=[ \t]*[^\s\0\\]++"),
    config_lines("`conda`", r"\.?condarc", r"ssl_verify:[ \t]*(?:false|no|off)"),
    config_lines("`git`", r"\.gitconfig|etc/gitconfig", rf"sslverify[ \t]*=[ \t]*{NO}"),
    config_lines(
        "`yum`", r"(?:yum|dnf)\.conf|[^/]*\.repo", rf"sslverify[ \t]*=[ \t]*{NO}"
    ),
    config_lines(
        "`apt`", r"etc/apt/apt\.conf(?:\.d/[^/]*)?", rf'{_APT}[ \t]+"?{_APT_NO}"?[ \t]*;'
    ),
)  # fmt: skip

CERTIFICATE_VERIFICATION = Verification(PROGRAMS, VARIABLES, LINES)
"""The verification of server certificates, and what disables it."""


def is_harmless(off: Bypass, *, unless_known: bool = False) -> bool:
    """Return whether the bypass surely affects no certificate of another machine.

    That holds for requests to the machine itself, and for those that stay with plain
    HTTP, as curl's do unless it follows redirects. It also holds if curl is given the
    server's key, which it compares all the same (tried, 8.14). ``unless_known`` takes a
    host that is not certain for the machine itself.
    """
    if off.value and _are_loopback(off.value):
        return True
    call = off.call
    if call is None or call.program is None:
        return False
    download = Download.of(call)
    if download is None:
        urls = [word for word in call.program.words if "://" in word.head]
        return bool(urls) and all(map(is_loopback, urls))
    if download.is_local or (unless_known and not download.host):
        return True
    return download.program.name == "curl" and _is_curl_safe(download)


def _is_curl_safe(download: Download) -> bool:
    arguments = download.arguments
    if arguments.flag("--pinnedpubkey"):
        return True
    if arguments.flag("-L", "--location", "--location-trusted", "--proto-default"):
        return False
    return all(map(is_plain_http, download.urls))


def _are_loopback(hosts: str) -> bool:
    """Return whether a list of hosts, each with or without a port, is this machine."""
    return all(is_loopback_name(name.partition(":")[0]) for name in hosts.split())
