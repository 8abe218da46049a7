"""Files that hold secrets, by their names and by their contents.

Only names count that have hardly any other use: ``id_rsa`` and ``privkey.pem`` do,
``cert.pem`` does not, nor does ``server.pem``, which may be either.
"""

from __future__ import annotations

import posixpath

from tightship.lazy import regex
from tightship.values.secret import known_token, looks_like_secret, url_credentials

_PRIVATE = regex(r"PRIVATE KEY|PuTTY-User-Key-File|AGE-SECRET-KEY-")
_PUBLIC = regex(
    r"\s*-----BEGIN (?:PGP PUBLIC KEY BLOCK|CERTIFICATE|[A-Z ]*PUBLIC KEY)-----"
    r"|---- BEGIN SSH2 PUBLIC KEY|(?:ssh|ecdsa)-[\w-]+ AAAA|untrusted comment:.*public key"
)
# The token, the password and the login of a registry; variables of npm hold none.
_NPM = regex(r"(?m)^[^#;\n]*(?:_authToken|_password|_auth)[ \t]*=[ \t]*(?![ \t\"']*\$\{)\S")
_LOGIN = regex(r"\bpassw(?:or)?d\b")


def holds_secret(path: str, text: str) -> bool | None:
    """Return whether a text holds the secret that its name promises.

    None is unknown: then the name decides. A template for variables, a public key with
    the name of a private one and ``.npmrc`` without a token hold none.
    """
    name = posixpath.basename(path).lower()
    if not text.strip():
        return False
    if name.endswith(".env") or name.startswith(".env."):
        return _has_variable(text)
    if name.endswith(".npmrc"):
        return _NPM.search(text) is not None
    if name.endswith("netrc"):
        return _LOGIN.search(text) is not None
    if _PRIVATE.search(text):
        return True
    return False if _PUBLIC.match(text) else None


def _has_variable(text: str) -> bool:
    from tightship.values.dotenv import parse  # few builds copy variables

    if known_token(text) is not None:
        return True
    return any(
        looks_like_secret(entry.key, entry.value or "")
        or url_credentials(entry.value or "") is not None
        for entry in parse(text, lambda _: None).entries
    )


_LONGEST = 1_000

_KEY = "a private key"
_STORE = "a store of keys"
_CREDENTIALS = "credentials"
_VARIABLES = "variables, which usually include secrets"


def _all(names: str, what: str) -> dict[str, str]:
    return dict.fromkeys(names.split(), what)


_NAMES = {
    **_all(
        "id_rsa id_dsa id_ecdsa id_ed25519 id_ecdsa_sk id_ed25519_sk ssh_host_rsa_key"
        " ssh_host_dsa_key ssh_host_ecdsa_key ssh_host_ed25519_key key.pem privkey.pem"
        " privatekey.pem private_key.pem private-key.pem private.pem",
        _KEY,
    ),
    **_all(
        ".netrc _netrc .pgpass .git-credentials .pypirc .my.cnf .mylogin.cnf .dockercfg"
        " .dockerconfigjson .boto .s3cfg .vault-token kubeconfig credentials.json"
        " application_default_credentials.json .terraformrc terraform.rc",
        _CREDENTIALS,
    ),
    ".env": _VARIABLES,
    ".npmrc": "settings of npm, which may hold a token",
    ".htpasswd": "hashes of passwords",
    "terraform.tfstate": "the state of Terraform, secrets included",
}
# Files known by the folder that they lie in, and folders that hold secrets.
_BELOW = {
    ".aws/credentials": _CREDENTIALS,
    ".docker/config.json": _CREDENTIALS,
    ".kube/config": _CREDENTIALS,
    ".cargo/credentials.toml": _CREDENTIALS,
    ".gem/credentials": _CREDENTIALS,
    ".config/gcloud": _CREDENTIALS,
    ".config/gh/hosts.yml": _CREDENTIALS,
}
_FOLDERS = {".ssh": "the keys of a user", ".aws": _CREDENTIALS}
_PATTERNS = (
    (regex(r".+[-_.]key\.pem|.+[-_.]?private[-_]?key\.pem|.+\.ppk"), _KEY),
    (regex(r"(?!debug\.).+\.keystore|.+\.(?:p12|pfx|jks|kdbx)"), _STORE),
    (regex(r"(?:.+[-_.])?service[-_]?account(?:[-_.].+)?\.json"), "the key of a service account"),
    (regex(r".+-firebase-adminsdk-.+\.json"), "the key of a service account"),
    (regex(r"client_secrets?(?:[-_.].+)?\.json"), _CREDENTIALS),
    (regex(r".+\.tfstate(?:\.backup)?"), "the state of Terraform, secrets included"),
    (regex(r"(?:prod|production|secrets?)\.env"), _VARIABLES),
)
_ANY = regex("|".join(f"(?:{pattern.pattern})" for pattern, _ in _PATTERNS))
# The ends of all these names, and of those of other keys.
_ENDS = (
    *(".pem", ".ppk", ".keystore", ".p12", ".pfx", ".jks", ".kdbx", ".json"),
    *(".tfstate", ".tfstate.backup", ".env", ".key"),
)
# `.env.local` and others hold values, those of `.env.example` are invented.
_ENV = ".env."
_NO_VALUES = regex(
    r"(?i)ci|default|dist|doc|dummy|enc|example|md|sample|schema|skel|spec|template|test"
    r"|tmpl|tpl|vault"
)
_PUBLIC_NAME = regex(r"(?<![a-z])pub(?![a-z])|cacerts|public|trust")
# A `.key` is a private one, unless its name or destination is about OpenPGP, about
# packages or of a licence.
_DOT_KEY = regex(r".+\.key")
_OTHER_KEYS = regex(
    r"(?<![a-z])(?:apt|archive|keyrings?|maven|pgp|release|repo|repository|rpm|sources"
    r"|yum)(?![a-z])|gpg|licen[cs]e|sign"
)
IN_FOLDERS = (
    *(".env", ".env.local", ".env.production", ".npmrc", ".netrc", ".git-credentials"),
    *(".pypirc", "id_rsa", "id_ecdsa", "id_ed25519", "privkey.pem", "key.pem"),
    *("private.pem", "server.key", "terraform.tfstate"),
)
"""The names of secret files that are often at the top of a project."""

HISTORY = ".git"
"""The folder with all that was ever committed."""

# `COPY .en[v] .` is a way to copy what may not be there.
_ONE = regex(r"\[([^\]^-])\]")


def secret_file(path: str, to: str = "") -> str | None:
    """Return the kind of secret in a file or folder; ``to`` is where it is copied.

    A path may hold wildcards: ``*.key`` and ``id_rsa*`` name secrets themselves.
    """
    path = path[-_LONGEST:].lower()
    if "[" in path:
        path = _ONE.sub(lambda found: found[1], path)
    path = posixpath.normpath("/" + path.rstrip("*?"))
    name = posixpath.basename(path)
    return (
        next((what for tail, what in _BELOW.items() if path.endswith(f"/{tail}")), None)
        or _FOLDERS.get(name)
        or _NAMES.get(name)
        or _by_pattern(name, to.lower()[-_LONGEST:])
    )


def _by_pattern(name: str, to: str) -> str | None:
    if name.startswith(_ENV) and name != _ENV:
        has_none = "*" in name or _NO_VALUES.search(name, len(_ENV))
        return None if has_none else _VARIABLES
    if not name.endswith(_ENDS):
        return None
    if _PUBLIC_NAME.search(name):
        return None
    if _ANY.fullmatch(name):  # hardly any name does
        return next(what for pattern, what in _PATTERNS if pattern.fullmatch(name))
    if not _DOT_KEY.fullmatch(name) or _OTHER_KEYS.search(f"{name} {to}"):
        return None
    return _KEY


VARIABLES_OF_SECRETS = {
    "AWS_SHARED_CREDENTIALS_FILE": _CREDENTIALS,
    "GOOGLE_APPLICATION_CREDENTIALS": _CREDENTIALS,
    "HF_TOKEN_PATH": "a token",
    "KUBECONFIG": _CREDENTIALS,
    "NETRC": _CREDENTIALS,
    "PGPASSFILE": _CREDENTIALS,
}
"""Variables with which programs find a file of secrets, and the kind of secret."""

# Where programs look for secrets; a file of another name is copied there for that.
_PLACES = frozenset(
    (
        *(".netrc", ".pgpass", ".git-credentials", ".pypirc", ".vault-token", ".npmrc"),
        *("id_rsa", "id_dsa", "id_ecdsa", "id_ed25519"),
    )
)
_PUBLIC_IN_SSH = regex(
    r".*\.pub|known_hosts.*|(?:ssh[-_.]?)?config|authorized[-_]keys.*|environment|rc"
)
_A_KEY = regex(r"(?:.*[-_.])?(?:id|key|rsa|ed25519|ecdsa|deploy)(?:[-_.].*)?|.+\.pem")


def secret_place(to: str, source: str) -> str | None:
    """Return the kind of secret that belongs at a destination, whatever its source.

    A file that is copied into ``.ssh`` is one if its name is that of a key. A template
    is none.
    """
    to, source = to[-_LONGEST:].lower(), source[-_LONGEST:].lower()
    what = _at(to, posixpath.basename(source.rstrip("/")))
    return what if what is not None and may_have_values(source) else None


def may_have_values(path: str) -> bool:
    """Return whether a path names one file that is no template."""
    name = posixpath.basename(path[-_LONGEST:].rstrip("/"))
    return not any(mark in name for mark in "*?[") and _NO_VALUES.search(name) is None


def _at(to: str, name: str) -> str | None:
    path = posixpath.normpath("/" + to)
    if path.endswith("/.ssh"):
        is_key = _A_KEY.fullmatch(name) and not _PUBLIC_IN_SSH.fullmatch(name)
        return _KEY if is_key and to.endswith("/") else None
    last = posixpath.basename(path)
    if last in _PLACES and not to.endswith("/"):
        return _NAMES[last]
    return next((what for tail, what in _BELOW.items() if path.endswith(f"/{tail}")), None)
