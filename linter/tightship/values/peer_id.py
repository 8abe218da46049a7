"""The ids of rules of other linters, and comments for any linter."""

from __future__ import annotations

from tightship.lazy import regex

# Another linter's directive holds for the very next line.
FOR_ANOTHER_LINTER = regex(
    r"(?i)[ \t]*#+[ \t]*"
    r"(?:hadolint|shellcheck|nosemgrep|semgrep|trivy|kics|checkov|skipcq|yamllint)\b"
)
FOR_ANY_LINTER = regex(
    r"(?i)[ \t]*#+[ \t]*(?:(?:tightship|hadolint|shellcheck|nosem|nosemgrep|semgrep|trivy"
    r"|tfsec|kics|kics-scan|checkov|bridgecrew|cortex|skipcq|yamllint|tally|dclint)\b"
    r"|check[ \t]*=)"
)


_TRIVY = regex(r"(?i)(?:AVD-)?DS-?0*([0-9]{1,4})")
_KICS = regex(r"(?i)([0-9a-f]{8})(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_HADOLINT = regex(r"DL[0-9]{4}|SC[0-9]{4}")

# Linters whose ids are aliases as they are, and those whose ids have several forms.
_BEGINNINGS = {"hadolint": ("dl", "sc"), "compose-lint": ("cl-",)}
_FOLDERS = ("buildkit", "hadolint", "shellcheck", "tally")  # of tally's rules
_IN_FORMS = ("tally", "trivy", "kics", "semgrep")


def alias(linter: str, word: str) -> str:
    """Return the alias for a check of a linter, as its comments and settings name it.

    Trivy has had three forms (``DS002``, ``AVD-DS-0002``, ``DS-0002``), KICS names a query
    by a UUID, Semgrep by a dotted path, and tally has the rules of others in folders.
    """
    word = word.strip()
    if linter == "hadolint":
        return word if _HADOLINT.fullmatch(word) else ""
    if linter == "compose-lint":
        return word
    if linter == "tally":
        folder, _, name = word.rpartition("/")
        if folder in ("hadolint", "shellcheck") or _HADOLINT.fullmatch(word.upper()):
            return name
        return f"{folder if folder == 'buildkit' else 'tally'}:{name}"
    if linter == "trivy":
        match = _TRIVY.fullmatch(word)
        return f"trivy:DS-{int(match[1]):04}" if match else f"trivy:{word}"
    if linter == "kics":
        match = _KICS.fullmatch(word)
        return f"kics:{match[1] if match else word}"
    if linter == "semgrep":
        word = word.rpartition(".")[2]
    return f"{linter}:{word}"


def alias_in(word: str) -> str:
    """Return the alias that a word stands for, or the word itself if it is none.

    The word is in lower case, with ``-`` for ``_``, and so is the result. A word may name
    the linter (``hadolint:dl3007``), or be an id that only one linter can have, such as
    ``ckv-docker-3``, ``avd-ds-0001`` or the UUID of a query of KICS.
    """
    linter, colon, name = word.partition(":")
    if not colon:
        linter, name = _linter_of(word), word
    if linter in _BEGINNINGS:
        return name if name.startswith(_BEGINNINGS[linter]) else word
    if linter == "checkov":
        return f"checkov:{name}"
    return alias(linter, name).lower() if linter in _IN_FORMS else word


def _linter_of(word: str) -> str:
    """Return the linter that an id without a prefix belongs to, or nothing."""
    if word.startswith(("ckv-", "ckv2-")):
        return "checkov"
    if word.startswith(("ds", "avd-")) and _TRIVY.fullmatch(word):
        return "trivy"
    if word.partition("/")[0] in _FOLDERS and "/" in word:
        return "tally"
    return "kics" if len(word) == 36 and _KICS.fullmatch(word) else ""
