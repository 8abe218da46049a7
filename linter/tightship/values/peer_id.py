"""What other linters call their checks, in the form that the aliases of rules have."""

from __future__ import annotations

from tightship.lazy.regex import regex

_TRIVY = regex(r"(?i)(?:AVD-)?DS-?0*([0-9]{1,4})")
_KICS = regex(r"(?i)([0-9a-f]{8})(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_HADOLINT = regex(r"DL[0-9]{4}|SC[0-9]{4}")


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
        if folder in ("hadolint", "shellcheck") or _HADOLINT.fullmatch(word):
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
