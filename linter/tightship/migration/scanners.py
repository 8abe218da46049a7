"""The settings of KICS, Checkov and Trivy, as far as they are about containers' files."""

from __future__ import annotations

from tightship.lazy import regex
from tightship.migration.checks import every_check
from tightship.values.wildcard import Wildcard

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.migration.document import Value
    from tightship.migration.translated import Taken
    from tightship.text import Source

_SEVERITIES = {
    "critical": "error",
    "high": "error",
    "medium": "warning",
    "low": "info",
    "info": "info",
    "trace": "info",
}
_ORDER = ("info", "warning", "error")
_PLAIN_PATH = regex(r"[\w./-]+")
_EXPIRY = regex(r"exp:(\S+)")
_SEVERITY_DIFFERS = "severities are not the same here: `fail-on`, `severity` and `ignore` decide"
_NO_SETTING = "Tightship has no such setting"
_NO_END = "settings here have no end; a comment `# trivy:ignore:ID:exp:DATE` in the file has"


def kics(settings: Value, taken: Taken) -> None:
    """Take over a `kics.config`."""
    for key, value in settings.entries():
        if key in ("exclude-queries", "e"):
            for word, place in value.words():
                taken.ignore("kics", word, place)
        elif key == "exclude-paths":
            _paths(value, taken)
        elif key == "fail-on":
            words = [word.lower() for word, _ in value.words()]
            known = [_SEVERITIES[word] for word in words if word in _SEVERITIES]
            if known:
                taken.fail_on(min(known, key=_ORDER.index), value.place)
        elif key == "exclude-results":
            reason = "a result has another fingerprint here; a baseline has them"
            taken.leave(f"`{key}`", value.place, reason)
        elif key == "exclude-severities":
            taken.leave(f"`{key}`", value.place, _SEVERITY_DIFFERS)
        else:
            taken.leave(f"`{key}`", value.place, _NO_SETTING)


def checkov(settings: Value, taken: Taken) -> None:
    """Take over a `.checkov.yaml`."""
    for key, value in settings.entries():
        if key == "skip-check":
            for word, place in value.words():
                _checkov_skip(word, place, taken)
        elif key == "skip-path":
            _paths(value, taken, are_expressions=True)
        elif key == "soft-fail":
            if value.is_true:
                taken.fail_on("never", value.place)
        elif key in ("soft-fail-on", "hard-fail-on"):
            taken.leave(f"`{key}`", value.place, _SEVERITY_DIFFERS)
        elif key == "check":
            reason = "`select` lists the rules to run"
            taken.leave(f"`{key}`", value.place, reason)
        else:
            taken.leave(f"`{key}`", value.place, _NO_SETTING)


def _checkov_skip(word: str, place: str, taken: Taken) -> None:
    if "*" not in word:
        taken.ignore("checkov", word, place)
        return
    pattern = Wildcard(word)
    ids = [check.id.partition(":")[2] for check in every_check()["Checkov"]]
    matching = [one for one in ids if pattern.matches(one)]
    for one in matching:
        taken.ignore("checkov", one, place)
    if not matching:
        taken.leave(f"`{word}`", place, "it names no check of Dockerfiles")


def trivy(settings: Value, taken: Taken) -> None:
    """Take over a `trivy.yaml`."""
    for key, value in settings.entries():
        if key == "severity":
            taken.leave(f"`{key}`", value.place, _SEVERITY_DIFFERS)
        elif key == "exit-code":
            if value.text == "0":
                taken.fail_on("never", value.place)
        elif key == "ignorefile":
            if value.text.removeprefix("./") not in (".trivyignore", ".trivyignore.yaml"):
                reason = "only the usual names are read"
                taken.leave(f"`{value.text}`", value.place, reason)
        elif key == "scan":
            for name, one in value.entries():
                if name in ("skip-dirs", "skip-files"):
                    _paths(one, taken)
                else:
                    taken.leave(f"`scan.{name}`", one.place, _NO_SETTING)
        else:
            taken.leave(f"`{key}`", value.place, _NO_SETTING)


def trivy_ignore_yaml(settings: Value, taken: Taken) -> None:
    """Take over a `.trivyignore.yaml`."""
    for key, value in settings.entries():
        if key != "misconfigurations":
            reason = "Tightship looks for misconfigurations only"
            taken.leave(f"`{key}`", value.place, reason)
            continue
        for one in value.items():
            _trivy_exception(one, taken)


def _trivy_exception(one: Value, taken: Taken) -> None:
    parts = dict(one.entries())
    if "id" not in parts:
        taken.leave("an entry", one.place, "it has no id")
        return
    word, reason = parts["id"].text, ""
    if "statement" in parts:
        reason = parts["statement"].text
    if "expired_at" in parts:
        what = f"`{word}` until {parts['expired_at'].text}"
        taken.leave(what, one.place, _NO_END)
    elif "paths" in parts and parts["paths"].items():
        paths = tuple(_anchored(path) for path, _ in parts["paths"].words())
        taken.accept("trivy", word, one.place, key="paths", names=paths, reason=reason)
    else:
        taken.ignore("trivy", word, one.place, reason)


def trivy_ignore(source: Source, taken: Taken) -> None:
    """Take over a `.trivyignore`: an id on each line, and perhaps the day that it ends."""
    for number, line in enumerate(source.text.splitlines(), 1):
        words = line.partition("#")[0].split()
        if not words:
            continue
        place = f"{source.name}:{number}"
        end = next((m for m in map(_EXPIRY.match, words[1:]) if m), None)
        if end is not None:
            taken.leave(f"`{words[0]}` until {end[1]}", place, _NO_END)
        else:
            taken.ignore("trivy", words[0], place)


def _paths(value: Value, taken: Taken, *, are_expressions: bool = False) -> None:
    for word, place in value.words():
        if are_expressions and not _PLAIN_PATH.fullmatch(word):
            reason = "it is a regular expression, and `exclude` takes patterns"
            taken.leave(f"`{word}`", place, reason)
        elif are_expressions:
            taken.add("exclude", word.removeprefix("./"), place)
        else:
            taken.add("exclude", _anchored(word), place)


def _anchored(path: str) -> str:
    """Return a path from this folder on as a pattern: one without `/` is found anywhere."""
    path = path.removeprefix("./")
    return path if path.startswith(("/", "**")) else f"/{path}"
