"""Detection of secrets, by name, by value, or inside a text.

A heuristic that is rarely wrong: a name counts only if it ends in a word for a secret,
and a value only if it could be used as it is.
"""

from __future__ import annotations

from tightship.lazy import TYPE_CHECKING, Record, regex
from tightship.values.hole import has_hole

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from tightship.text import Span

_LONGEST_NAME = 200

HINTS = ("pass", "pw", "secret", "token", "key", "cred", "auth")
_WORDS = regex(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words for a secret, and endings of words that are run together, as in
# PGPASSWORD. PASS is no ending: think of BYPASS.
_SECRET_WORDS = _words(
    "PASS PW PWD CREDENTIAL CREDENTIALS CREDS DBPASS ROOTPASS USERPASS ADMINPASS MAILPASS"
    " SMTPPASS REQUIREPASS MASTERAUTH PRIVKEY"
)
_SECRET_ENDINGS = (
    *("PASSWORD", "PASSWD", "PASSPHRASE", "PASSCODE", "SECRET", "TOKEN", "APIKEY"),
    *("PRIVATEKEY", "SECRETKEY", "MASTERKEY", "ENCRYPTIONKEY", "SIGNINGKEY"),
)
# The words that make a key a secret one: API_KEY is, and SORT_KEY, PUBLIC_KEY, LICENSE_KEY and
# ACCESS_KEY (the name that goes with a secret key) are not.
_KEY_KINDS = _words(
    "ACCOUNT ADMIN AES API AUTH CIPHER CRYPT CRYPTO DEPLOY ENCRYPT ENCRYPTION HMAC JWT MASTER"
    " PRESHARED PRIVATE SECRET SHARED SIGNING SSH"
)
# Words that may follow: SECRET_KEY_BASE is a secret, TOKEN_TTL is not.
_TAILS = _words(
    "ACCESS ADMIN B BACKUP BASE CONTENT CONTENTS CURRENT DATA DEFAULT DEV DEVELOPMENT"
    " HEX KEY MASTER NEW OLD OVERRIDE PHRASE PLAIN PLAINTEXT PREVIOUS PRIMARY PROD"
    " PRODUCTION READ RO ROOT RW SECONDARY STAGING STRING TEST TEXT VALUE WRITE"
)
# A name with one of these is public, or a setting.
_HARMLESS = _words(
    "ALLOW CHECK DISABLE ENABLE FORGOT IGNORE MAX MIN NOPASSWD NUM PUB PUBLIC PUBLISHABLE"
    " REQUIRE RESET SHOW SKIP VALIDATE"
)
# The key of Laravel, Neo4j's user/password, the token of a Vault for development, the key of
# Azure Storage, and what npm takes as user and password.
_WHOLE_NAMES = _words(
    "APP_KEY NEO4J_AUTH VAULT_DEV_ROOT_TOKEN_ID AZURE_STORAGE_KEY NPM_AUTH NPM_CONFIG__AUTH"
)
# etcd compares it, so that clusters do not mix: it opens nothing.
_NO_SECRETS = _words("ETCD_INITIAL_CLUSTER_TOKEN")
# Build tools put variables of these names into the pages that they build, for everybody
# (Vite, Create React App, Vue CLI, Gatsby: documentation of environment variables).
_PUBLISHED = ("VITE_", "REACT_APP_", "VUE_APP_", "GATSBY_")

# Keys to services elsewhere: a text that asks for a key is not one. The token of an
# administrator is set here, and works whatever it is.
_KEYS_TO_ELSEWHERE = regex(
    r"(?i)token|api_?-?key|client_?-?secret|aws_secret_(?:access_)?key"
    r"|(?:smtp|e?mail)\w{0,40}pass"
)
_SET_HERE = regex(r"(?i)(?:admin|root)_?token")
_ASKS_FOR_ONE = regex(
    r"(?i)(?:[a-z]{1,12}[-_])?(?:your|my|insert|replace|enter|put|paste|fill|todo|tbd|example"
    r"|sample|dummy|fake|mock|placeholder|some)(?:[-_ .\d]|me$|$|(?-i:[A-Z]))|.*[-_ ]here$"
    # LibreChat takes `user_provided` as "each user enters a key".
    r"|(?:user|customer)[-_ ]?(?:provided|supplied|defined)$"
    r"|(?:no|without)[-_ ]?(?:api[-_ ]?)?(?:key|token|secret)$"
    # What emulators such as LocalStack and DynamoDB local take.
    r"|(?:test|testing|local|localstack|foo|foobar)$"
    # A number of tokens, or a switch: keys are longer.
    r"|[0-9]{1,4}$"
)
# A user and a password that are the same one of these, as a build without a database needs.
_NO_ACCOUNT = _words("dummy fake mock placeholder unused")

# A user and a password, as `BASIC_AUTH=admin:s3cret`; digits alone are a port.
_LOGIN_NAME = regex(r"(?i)(?:.*[_-])?(?:basic|http|proxy|web|user)[_-]?auth")
_LOGIN = regex(r"\w[\w.@-]{0,60}:(?![0-9]{1,5}$)([^\s:/$]\S{2,})")

_NO_VALUE = _words(
    "null nil none undefined unset empty n/a na ~ true false yes no on off enabled"
    " disabled enable disable 0 1 invalid missing unused notused notset unneeded"
    " unknown"
)
# As in `not-set`, `NOT_USED`, `not configured`.
_NOT_SET = regex("(?i)not[-_ ]?(?:available|configured|defined|needed|provided|required|set|used)")
# Templates, and the parameters of Symfony.
_TEMPLATE = regex(r"\{\{|\{%|%[A-Za-z][\w.():]{0,99}%")
_NOT_LITERAL = regex(
    r"""(?xs)
      \$\{?[A-Za-z_]\w*\}? | \$\(.*\) | `.*`      # the shell's variables and commands
    | <[^<>]*> | \[[^\[\]]*\] | __\w+__ | @@?\w+@@?  # to be filled in
    | [xX*._?-]+ | [A-Za-z]{1,12}[-_][xX*._?-]{3,} # blotted out
    | (?:vault|bao|op|ref\+\w+|arn|ssm|secretsmanager|aws-?sm|gcp-?sm|azure-?kv|keyvault
        |doppler|infisical|sops|file|env|secrets?|kms):.*
    | ENC[\[(].*                                  # encrypted
    | (?:\$(?:2[abxy]|argon2\w*|[156y]|apr1|pbkdf2[\w-]*|scrypt)\$  # hashed
        |\{(?:S?SHA|CRYPT)|pbkdf2_\w+\$|scrypt:).*
    | [A-Za-z][A-Za-z0-9+.-]{0,30}://.*           # a place, not a secret
    | (?:~|\.{1,2})?(?:/[\w.@-]+)+/?              # a path
    | [A-Za-z]:\\.*
    | [\w./@-]*/[\w.@-]+\.(?:pem|key|txt|json|ya?ml|env|crt|cer|p12|pfx|jks|pub|secret)
    | -----BEGIN\ (?:CERTIFICATE|[A-Z ]*PUBLIC\ KEY).* | (?:ssh-|ecdsa-)\S+\ .*
    | pk_(?:live|test)_\w+ | pk\.[\w.-]+            # to be published: Stripe, Mapbox
    """
)
_LONGEST_PLACEHOLDER = 2_000


def is_secret_name(name: str) -> bool:
    """Return whether the name of a variable is that of a secret.

    ``DB_PASSWORD``, ``apiKey`` and ``SECRET_KEY_BASE`` are; ``DB_PASSWORD_FILE``,
    ``TOKEN_TTL``, ``PUBLIC_KEY`` and ``SECRET_LOCAL_HOSTNAME`` are not.
    """
    if len(name) > _LONGEST_NAME or not _has_hint(name):
        return False
    if name.upper() in _WHOLE_NAMES:
        return True
    if name.startswith(_PUBLISHED) or name.upper() in _NO_SECRETS:
        return False
    words = [word.upper() for word in _WORDS.findall(name)]
    if not _HARMLESS.isdisjoint(words):
        return False
    while words and (words[-1].isdigit() or _is_tail(words)):
        words.pop()
    if not words:
        return False
    last = words[-1]
    if last == "KEY":
        return len(words) > 1 and words[-2] in _KEY_KINDS
    if last == "PWD" and len(words) == 1:
        return False  # the shell's working directory
    return last in _SECRET_WORDS or last.endswith(_SECRET_ENDINGS)


def _has_hint(text: str) -> bool:
    text = text.lower()
    return any(hint in text for hint in HINTS)


def _is_tail(words: list[str]) -> bool:
    """Return whether the last word of a name is not the one that decides."""
    if words[-1] not in _TAILS or len(words) < 2:
        return False
    # "API_KEY" is read as one, while the KEY of "SECRET_ACCESS_KEY" is only a tail.
    return words[-1] != "KEY" or words[-2] not in _KEY_KINDS


def is_placeholder_or_reference(value: str) -> bool:
    """Return whether a value is surely not a secret itself, whatever its name.

    It is a word such as ``null``, ``invalid`` or ``not-set``, names a place (a path, a URL,
    ``vault:…``), waits to be filled in (``<TOKEN>``, ``{{ token }}``, a hole), or is a
    hash. A default such as ``changeme`` is none of these: it works as a password.
    """
    value = _unquoted(value)
    if not value or value.lower() in _NO_VALUE or has_hole(value):
        return True
    if _NOT_SET.fullmatch(value):
        return True
    value = value[:_LONGEST_PLACEHOLDER]
    return bool(_TEMPLATE.search(value) or _NOT_LITERAL.fullmatch(value))


def _unquoted(value: str) -> str:
    """Return a value without the quotes that a list of ``NAME="value"`` keeps in it."""
    value = value.strip()
    for _ in range(2):  # as in `'"x"'`
        if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
            value = value[1:-1].strip()
    return value


def _is_name(name: str, value: str) -> bool:
    """Return whether a value is the end of its name: `clientsecret` for `CLIENT_SECRET`."""
    said = _unquoted(value).lower().replace("-", "").replace("_", "")
    return len(said) >= len("token") and name.lower().replace("_", "").endswith(said)


def looks_like_secret(name: str, value: str) -> bool:
    """Return whether both a name and its value look like a secret.

    So do ``BASIC_AUTH`` and a value such as ``user:password``, and a host of Bundler
    (``BUNDLE_GITHUB__COM``) with the credentials for it: bundle-config(1).
    """
    if not is_secret_name(name):
        return _is_login(name, value)
    if is_placeholder_or_reference(value):
        return False
    if _KEYS_TO_ELSEWHERE.search(name) and not _SET_HERE.search(name):
        return not (_ASKS_FOR_ONE.match(_unquoted(value)[:_LONGEST_NAME]) or _is_name(name, value))
    return True


def _is_login(name: str, value: str) -> bool:
    name = name[:_LONGEST_NAME]
    is_host = name.startswith("BUNDLE_") and "__" in name
    if not is_host and not (name.lower().endswith("auth") and _LOGIN_NAME.fullmatch(name)):
        return False
    found = _LOGIN.fullmatch(value.strip()[:_LONGEST_NAME])
    return found is not None and not is_placeholder_or_reference(found[1])


class Token(Record):
    """A token in a text: its kind and its place."""

    kind: str
    start: int
    end: int

    def __repr__(self) -> str:
        return f"Token({self.kind} at {self.start})"


_KINDS = {
    "aws": "AWS access key",
    "github": "GitHub token",
    "gitlab": "GitLab token",
    "slack": "Slack token",
    "slack_hook": "Slack webhook",
    "discord": "Discord webhook",
    "stripe": "Stripe key",
    "google": "Google API key",
    "npm": "npm token",
    "pypi": "PyPI token",
    "docker": "Docker Hub token",
    "digitalocean": "DigitalOcean token",
    "sendgrid": "SendGrid key",
    "huggingface": "Hugging Face token",
    "anthropic": "Anthropic key",
    "openai": "OpenAI key",
    "tailscale": "Tailscale key",
    "vault": "Vault token",
    "age": "age identity",
    "telegram": "Telegram bot token",
    "pem": "private key",
}
_TOKEN = regex(
    r"""(?xa)
    (?<![A-Za-z0-9])(?:
      (?P<aws>(?:AKIA|ASIA)[A-Z2-7]{16}(?![A-Za-z0-9]))
    | (?P<github>gh[oprsu]_[A-Za-z0-9]{36,255}|github_pat_\w{60,255})
    | (?P<gitlab>gl(?:pat|dt|rt|cbt|ptt|ft|soat|agent|imt)-[\w-]{20,255})
    | (?P<slack>xox[abeoprs]-[0-9A-Za-z-]{20,255})
    | (?P<slack_hook>hooks\.slack\.com/services/T\w{6,20}/B\w{6,20}/\w{16,40})
    | (?P<discord>discord(?:app)?\.com/api/webhooks/[0-9]{17,20}/[\w-]{60,80})
    | (?P<stripe>[rs]k_live_[0-9A-Za-z]{16,255})
    | (?P<google>AIza[\w-]{35}(?![\w-]))
    | (?P<npm>npm_[A-Za-z0-9]{36}(?![A-Za-z0-9]))
    | (?P<pypi>pypi-AgE[\w-]{50,255})
    | (?P<docker>dckr_(?:pat|oat)_[\w-]{27,64})
    | (?P<digitalocean>do[opr]_v1_[0-9a-f]{64})
    | (?P<sendgrid>SG\.[\w-]{22}\.[\w-]{43})
    | (?P<huggingface>hf_[A-Za-z0-9]{34}(?![A-Za-z0-9]))
    | (?P<anthropic>sk-ant-[\w-]{40,255})
    | (?P<openai>sk-(?:proj-|svcacct-)?[\w-]{20,128}T3BlbkFJ[\w-]{20,128})
    | (?P<tailscale>tskey-(?:auth|api|client)-[\w-]{16,128})
    | (?P<vault>hv[bs]\.[\w-]{24,255})
    | (?P<age>AGE-SECRET-KEY-1[0-9A-Z]{58})
    | (?P<telegram>[0-9]{8,10}:AA[\w-]{33}(?![\w-]))
    )
    | (?P<pem>-----BEGIN\ (?:[A-Z0-9]{1,16}\ ){0,3}PRIVATE\ KEY(?:\ BLOCK)?-----)
      (?:\\[nr]|\s)*[A-Za-z0-9+/=]{16}
    """
)

# One of these is in every token. Looking for them takes a tenth of what the pattern
# takes, and nearly no text has one.
_HEADS = (
    *("AKIA", "ASIA", "gho_", "ghp_", "ghr_", "ghs_", "ghu_", "github_pat_"),
    *("glpat-", "gldt-", "glrt-", "glcbt-", "glptt-", "glft-", "glsoat-", "glagent-"),
    *("glimt-", "xox", "hooks.slack.com", "/api/webhooks/", "k_live_", "AIza", "npm_", "pypi-AgE"),
    *("dckr_", "_v1_", "SG.", "hf_", "sk-", "tskey-", "hvb.", "hvs.", "AGE-SECRET-"),
    *(":AA", "-----BEGIN "),
)


def known_token(text: str) -> Token | None:
    """Return the first token of a known format in a text."""
    return next(known_tokens(text), None)


def known_tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of known formats in a text.

    Examples from documentation (``…EXAMPLE``, ``…xxxx``) do not count.
    """
    for head in _HEADS:
        if head in text:
            break
    else:
        return
    for found in _TOKEN.finditer(text):
        kind = found.lastgroup or ""
        token = found[kind]
        real = len(set(token)) > 10 and "EXAMPLE" not in token.upper()
        if kind == "pem" or (real and "xxxx" not in token.lower()):
            yield Token(_KINDS[kind], *found.span(kind))


class TextFragment(Record):
    """A text to be searched for tokens, with its place in a file."""

    text: str
    span: Span

    def part(self, start: int, end: int) -> Span:
        """Return the place of a part of the text, as exactly as it is known."""
        if self.span.end - self.span.start == len(self.text):
            return self.span.within(start, end)
        return self.span.part(self.text[start:end])


_URL_PASSWORD = regex(
    r"""(?xi)
      ://[^\s/?#:@'"]{0,255}:([^\s/?#@'"`]{1,255})@    # scheme://user:password@host
    | \b[\w.-]{1,64}:([^\s/@'"]{1,128})@(?:tcp|unix)\(  # Go's database strings
    | [?&;](?:password|pwd)=([^&;\s'"]{1,255})          # JDBC and ADO
    | ;AccountKey=([A-Za-z0-9+/]{40,100}={0,2})         # Azure Storage
    """
)


# A text without one of these has no such password.
_URL_MARKS = (
    *("@", "?password=", "&password=", ";password=", "?pwd=", "&pwd=", ";pwd="),
    ";accountkey=",
)


def url_credentials(value: str) -> tuple[int, int] | None:
    """Find a literal password in a URL or a connection string: its start and end."""
    return next(url_passwords(value), None)


def url_passwords(text: str) -> Iterator[tuple[int, int]]:
    """Find the literal passwords of all URLs and connection strings in a text."""
    lower = text.lower()
    for mark in _URL_MARKS:
        if mark in lower:
            break
    else:
        return
    for found in _URL_PASSWORD.finditer(text):
        group = found.lastindex or 0
        if not is_placeholder_or_reference(found[group]) and not _is_no_account(found):
            yield found.span(group)


def _is_no_account(found: re.Match[str]) -> bool:
    word = found[1]
    return word in _NO_ACCOUNT and found[0].startswith(f"://{word}:")


# Names with their values inside of a longer text: a line or a word ``name=value``, an
# option of a program, a member of a JSON object, and a line of ``.netrc``.
_INSIDE = regex(
    r"""(?xm)
      (?:^|(?<=[\s;"'`]))(?:export\ {1,4}|-D|--)?(?P<name>[A-Za-z_/][\w./:-]{0,200})=
      ["']?(?P<value>[^\s"';]{1,255})
    | (?:^|(?<=\s))--(?P<option>[A-Za-z][\w-]{0,60})\ {1,4}(?P<given>[^\s"'-][^\s"']{0,255})
    | "(?P<key>[\w.-]{1,200})"\s{0,4}:\s{0,4}"(?P<member>[^"\n]{1,255})"
    | \bmachine\s{1,4}\S{1,255}\s{1,4}login\s{1,4}\S{1,255}\s{1,4}(?P<netrc>password)
      \s{1,4}(?P<login>\S{1,255})
    """
)
_INSIDE_GROUPS = (("name", "value"), ("option", "given"), ("key", "member"), ("netrc", "login"))


def secret_inside(text: str) -> tuple[int, int] | None:
    """Find a secret with its name in a longer text: its start and end.

    So are ``-Ddb.password=…`` among the options of a program, ``host=db password=…``,
    ``{"password": "…"}``, and a line of a file.
    """
    if "=" not in text and '"' not in text and len(text.split(None, 1)) < 2:
        return None  # a single word, as most values are
    if not _has_hint(text):
        return None
    for found in _INSIDE.finditer(text):
        for name, value in _INSIDE_GROUPS:
            if found[name] and looks_like_secret(found[name], found[value]):
                return found.span(value)
    return None
