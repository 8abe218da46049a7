"""Downloads of a command, and the files that it saves them to.

The flags are those of the manuals of curl, GNU Wget, aria2 and HTTPie.
"""

from __future__ import annotations

import posixpath

from tightship.commands.file_writes import output_files, teed
from tightship.lazy import regex

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from tightship.commands.calls import Call
    from tightship.commands.program import Flag, Program
    from tightship.syntax.shell.nodes import Word

# From `curl --help all` (8.14) and `wget --help` (GNU Wget 1.25).
_CURL = """
-A -b -C -c -d -D -E -e -F -H -K -m -o -P -Q -r -t -T -U -u -w -x -X -Y -y -z
--abstract-unix-socket --alt-svc --aws-sigv4 --cacert --capath --cert --cert-type
--ciphers --config --connect-timeout --connect-to --continue-at --cookie --cookie-jar
--create-file-mode --crlfile --curves --data --data-ascii --data-binary --data-raw
--data-urlencode --delegation --dns-interface --dns-ipv4-addr --dns-ipv6-addr
--dns-servers --doh-url --dump-header --ech --egd-file --engine --etag-compare
--etag-save --expect100-timeout --form --form-string --ftp-account
--ftp-alternative-to-user --ftp-method --ftp-port --ftp-ssl-ccc-mode
--happy-eyeballs-timeout-ms --haproxy-clientip --header --hostpubmd5 --hostpubsha256
--hsts --interface --ip-tos --ipfs-gateway --json --keepalive-cnt --keepalive-time --key
--key-type --krb --libcurl --limit-rate --local-port --login-options --mail-auth
--mail-from --mail-rcpt --max-filesize --max-redirs --max-time --netrc-file --noproxy
--oauth2-bearer --output --output-dir --parallel-max --pass --pinnedpubkey --preproxy
--proto --proto-default --proto-redir --proxy --proxy-cacert --proxy-capath --proxy-cert
--proxy-cert-type --proxy-ciphers --proxy-crlfile --proxy-header --proxy-key
--proxy-key-type --proxy-pass --proxy-pinnedpubkey --proxy-service-name
--proxy-tls13-ciphers --proxy-tlsauthtype --proxy-tlspassword --proxy-tlsuser
--proxy-user --proxy1.0 --pubkey --quote --random-file --range --rate --referer
--request --request-target --resolve --retry --retry-delay --retry-max-time
--sasl-authzid --service-name --sigalgs --socks4 --socks4a --socks5
--socks5-gssapi-service --socks5-hostname --speed-limit --speed-time --ssl-sessions
--stderr --telnet-option --tftp-blksize --time-cond --tls-max --tls13-ciphers
--tlsauthtype --tlspassword --tlsuser --trace --trace-ascii --trace-config --unix-socket
--upload-file --upload-flags --url --url-query --user --user-agent --variable
--vlan-priority --write-out
"""
_WGET = """
-a -A -B -D -e -i -I -l -o -O -P -Q -R -t -T -U -w -X --accept --accept-regex
--append-output --base --bind-address --body-data --body-file --ca-certificate
--ca-directory --certificate --certificate-type --ciphers --config --connect-timeout
--crl-file --cut-dirs --default-page --directory-prefix --dns-timeout --domains
--exclude-directories --exclude-domains --execute --follow-tags --ftp-password
--ftp-user --header --http-password --http-user --ignore-tags --include-directories
--input-file --level --limit-rate --load-cookies --local-encoding --method
--output-document --output-file --password --pinnedpubkey --post-data --post-file
--prefer-family --private-key --private-key-type --progress --proxy-password
--proxy-user --quota --read-timeout --referer --regex-type --reject --reject-regex
--rejected-log --remote-encoding --report-speed --restrict-file-names
--retry-on-http-error --save-cookies --secure-protocol --start-pos --timeout --tries
--user --user-agent --wait --waitretry --warc-dedup --warc-file --warc-header
--warc-max-size --warc-tempdir
"""
_ARIA2C = "-d -i -j -k -m -o -s -t -x --dir --out --header"
_HTTPIE = "-a -o -s --auth --download-as --output --timeout --verify"

VALUED: dict[str, frozenset[str]] = {
    "curl": frozenset(_CURL.split()),
    "wget": frozenset(_WGET.split()),
    "aria2c": frozenset(_ARIA2C.split()),
    "http": frozenset(_HTTPIE.split()),
    "https": frozenset(_HTTPIE.split()),
}
"""The flags of each downloading program that take the next word."""

_OUTPUT = {
    "curl": ("-o", "--output"),
    "wget": ("-O", "--output-document"),
    "aria2c": ("-o", "--out"),
    "http": ("-o", "--output"),
    "https": ("-o", "--output"),
}
# curl and HTTPie print a download by default.
_SAVES = {
    "curl": frozenset(("-O", "--remote-name", "--remote-name-all")),
    "http": frozenset(("-d", "--download")),
    "https": frozenset(("-d", "--download")),
}
_HOST = regex(
    r"(?:[A-Za-z][A-Za-z0-9+.-]*+://)?+(?:[^/?#@\s]*+@)?+(\[[^]/]*+\]|[^:/?#\s]++)"
    r"(\Z|[:/?#])"
)
_LOOPBACK = regex(
    r"(?i)(?:.+\.)?localhost\.?|ip6-localhost|127(?:\.[0-9]{1,3}){3}|0\.0\.0\.0|\[?::1\]?"
)
_HOMES = ("~/", "$HOME/")
_QUOTES = str.maketrans("", "", "\"'{}")


MOST_FILES = 100
"""How many downloaded files are followed to the commands that use them: the last ones."""


class Download:
    """One command that downloads files.

    ``urls`` are its operands. ``files`` are the names of the files that it saves, as
    :func:`file_name` returns them; ``is_printed`` is true if it writes a download to
    its output, and that is not redirected to a file.
    """

    __slots__ = ("arguments", "call", "files", "is_printed", "program", "urls")

    def __init__(self, call: Call, program: Program) -> None:
        """Read the arguments of a program that ``VALUED`` knows."""
        self.call = call
        self.program = program
        self.arguments = program.arguments(VALUED[program.name])
        self.urls: list[Word] = [
            flag.source
            for flag in self.arguments.flags
            if flag.name == "--url" and flag.source is not None
        ] + self.arguments.operands
        self.files: list[str] = []
        self.is_printed = False
        self._place()

    @classmethod
    def of(cls, call: Call) -> Download | None:
        """Return the download of a command, if it is one."""
        program = call.program
        if program is None or program.name not in VALUED:
            return None
        found = cls(call, program)
        return found if found.urls else None

    @property
    def is_local(self) -> bool:
        """Return whether all URLs are of the machine itself."""
        return all(is_loopback(url) for url in self.urls)

    @property
    def host(self) -> str:
        """Return the first host, or nothing if that is not certain."""
        return next((found for url in self.urls if (found := host(url))), "")

    def _place(self) -> None:
        name, arguments = self.program.name, self.arguments
        outputs = [flag for flag in arguments.flags if flag.name in _OUTPUT[name]]
        for output in outputs:
            self._take(output)
        saves = _SAVES.get(name)
        if not outputs:
            if saves is None or arguments.flag(*saves):
                self.files += [_saved_as(url) for url in self.urls]
            else:
                self.is_printed = True
        self.redirect()

    def redirect(self) -> None:
        """Note the file to which the command sends what it would print."""
        targets = output_files(self.call.command.redirections)
        if self.is_printed and targets:
            self.is_printed = False
            self.files.append(file_name(targets[0]))
        elif self.is_printed:
            self.files += map(file_name, teed(self.call))

    def _take(self, output: Flag) -> None:
        if output.source is None:
            return
        if output.value in ("-", "/dev/stdout"):
            self.is_printed = True
        elif output.source is output.word and output.value is not None:
            self.files.append(posixpath.normpath(output.value))
        elif output.source is not output.word:
            self.files.append(file_name(output.source))


def file_name(word: Word) -> str:
    """Return a path to compare with others; variables stay in it as written."""
    path = word.raw.translate(_QUOTES) if word.value is None else word.value
    return posixpath.normpath(path) if path else ""


def same_file(one: str, other: str) -> bool:
    """Return whether two paths in one script most likely name one file.

    A path without a folder may be in any folder that the script changes to. The home
    directory is taken to be root's.
    """
    if one == other or absolute(one) == absolute(other):
        return True
    is_bare = "/" not in one or "/" not in other
    return is_bare and posixpath.basename(one) == posixpath.basename(other)


def absolute(path: str) -> str:
    """Return a path with root's home directory in place of ``~`` or ``$HOME``."""
    for home in _HOMES:
        if path.startswith(home):
            return "/root" + path[len(home) - 1 :]
    return path


def host(url: Word) -> str:
    """Return the host of a URL, or nothing if it is not certain."""
    found = _HOST.match(url.head)
    if found is None or (not found[2] and url.value is None):
        return ""
    return found[1]


def is_loopback(url: Word) -> bool:
    """Return whether a URL surely names the machine itself."""
    return is_loopback_name(host(url)) or url.head.startswith("file:")


def is_loopback_name(name: str) -> bool:
    """Return whether a host is the machine itself (RFC 6761, RFC 1122, RFC 4291).

    Linux also connects to the machine itself for ``0.0.0.0``.
    """
    return _LOOPBACK.fullmatch(name) is not None


def is_plain_http(url: Word) -> bool:
    """Return whether curl surely requests a URL without TLS at first.

    It uses HTTP if no scheme is written (curl(1), URL).
    """
    if url.head[:7].lower() == "http://":
        return True
    return url.value is not None and "://" not in url.value


def _saved_as(url: Word) -> str:
    """Return the last part of a URL, under which it is saved."""
    return posixpath.basename(file_name(url).partition("#")[0].partition("?")[0])


def first_unfollowed(calls: Iterable[Call]) -> Call | None:
    """Return the first command with more files than are followed."""
    count = 0
    for call in calls:
        download = Download.of(call)
        if download is not None:
            count += len(download.files)
            if count > MOST_FILES:
                return call
    return None
