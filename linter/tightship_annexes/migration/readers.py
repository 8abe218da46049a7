"""Settings of other linters: what each key of a file means for a `tightship.toml`."""

from __future__ import annotations

from tightship.lazy import TYPE_CHECKING, regex
from tightship.syntax.yaml import read as yaml_read
from tightship.syntax.yaml.nodes import Mapping, Scalar, Sequence, follow
from tightship.values.matching import Wildcard
from tightship.values.registry import registry_problem
from tightship_annexes.migration.translation import every_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.syntax.yaml.nodes import Node
    from tightship.text import Source
    from tightship_annexes.migration.translation import Translation


_MOST = 10_000  # words in one list


class Value:
    """A value, with the place that it is written at (`.hadolint.yaml:3`)."""

    def __init__(self, node: Node) -> None:
        self._node = follow(node) or node

    @property
    def place(self) -> str:
        """Return the file and the line, from 1 on."""
        return self._node.span.place

    @property
    def text(self) -> str:
        """Return the text of a scalar, and an empty one of anything else."""
        return self._node.value if isinstance(self._node, Scalar) else ""

    @property
    def is_true(self) -> bool:
        """Return whether it is the truth value true."""
        return self.text.lower() == "true"

    @property
    def is_table(self) -> bool:
        """Return whether it is a mapping."""
        return isinstance(self._node, Mapping)

    def entries(self) -> Iterator[tuple[str, Value]]:
        """Yield the keys of a mapping with their values, of the last one of a name."""
        if isinstance(self._node, Mapping):
            found = {
                key.value: value for key, value in self._node.entries if isinstance(key, Scalar)
            }
            for key, node in found.items():
                yield key, Value(node)

    def get(self, key: str) -> Value | None:
        """Return the value of a key of a mapping."""
        return dict(self.entries()).get(key)

    def items(self) -> list[Value]:
        """Return the items of a list; a scalar is a list of one."""
        if isinstance(self._node, Sequence):
            return [Value(node) for node in self._node.items[:_MOST]]
        return [self] if self.text else []

    def words(self) -> Iterator[tuple[str, str]]:
        """Yield the words of a list, or of a text with commas, each with its place."""
        for item in self.items():
            for word in item.text.split(","):
                if word.strip():
                    yield word.strip(), item.place


def read(source: Source) -> Value | None:
    """Return the mapping that a file holds, or None if it is none."""
    stream = yaml_read.read(source)
    if stream.problems or len(stream.documents) != 1:
        return None
    value = Value(stream.documents[0])
    return value if value.is_table else None


_OF_HADOLINT = {"error": "error", "warning": "warning", "info": "info", "style": "info"}
_THRESHOLDS_OF_HADOLINT = {**_OF_HADOLINT, "ignore": "info", "none": "never"}
_LABEL_TYPES = ("text", "url", "semver", "hash", "rfc3339", "spdx", "email")
COMMENTS = "comments apply unless `tightship check --no-ignores` is called"
_OUTPUT = ("format", "no-color", "output")

_OF_COMPOSE_LINT = {"critical": "error", "high": "error", "medium": "warning", "low": "info"}
_OF_DCLINT = {"1": "warning", "2": "error"}

_OF_KICS = {
    "critical": "error",
    "high": "error",
    "medium": "warning",
    "low": "info",
    "info": "info",
    "trace": "info",
}
_LEVELS = ("info", "warning", "error")
_PLAIN_PATH = regex(r"[\w./-]+")
_EXPIRY = regex(r"exp:(\S+)")
_SEVERITY_DIFFERS = "severities are not the same here: `fail-on`, `severity` and `ignore` decide"
_NO_SETTING = "Tightship has no such setting"
_NO_END = "settings here have no end; a comment `# trivy:ignore:ID:exp:DATE` in the file has"


def hadolint(settings: Value, translation: Translation) -> None:
    """Take over a `.hadolint.yaml`, and select the sets that have the rest of its rules."""
    translation.replaces("hadolint")
    translation.select_all(settings.place)
    for key, value in settings.entries():
        if key == "ignored":
            for word, place in value.words():
                translation.ignore("hadolint", word, place)
        elif key == "override":
            _hadolint_overrides(value, translation)
        elif key == "trustedRegistries":
            trusted(value, translation)
        elif key == "label-schema":
            _labels(value, _is_true(settings, "strict-labels"), translation)
        elif key not in ("failure-threshold", "no-fail", "strict-labels"):
            translation.leave(f"`{key}`", value.place, _hadolint_reason(key, value))
    _hadolint_threshold(settings, translation)


def _hadolint_overrides(value: Value, translation: Translation) -> None:
    for name, listed in value.entries():
        severity = _OF_HADOLINT.get(name)
        if severity is None:
            translation.leave(f"`{name}`", listed.place, "this names no severity")
            continue
        for word, place in listed.words():
            translation.severity("hadolint", word, severity, place)


def _hadolint_threshold(settings: Value, translation: Translation) -> None:
    """Let the same checks fail a run: by default, all of them."""
    given = settings.get("failure-threshold")
    threshold, place = "info", f"{settings.place}, the default of hadolint"
    if given is not None and given.text in _THRESHOLDS_OF_HADOLINT:
        threshold, place = _THRESHOLDS_OF_HADOLINT[given.text], given.place
    elif given is not None:
        reason = f"`{given.text}` names no severity"
        translation.leave("`failure-threshold`", given.place, reason)
    if _is_true(settings, "no-fail"):
        threshold, place = "never", settings.place
    translation.fail_on(threshold, place)
    if threshold != "never":
        translation.keep_failing(threshold, place)


def _labels(schema: Value, is_strict: bool, translation: Translation) -> None:
    """Require the labels of a schema, of their types; a strict one has all labels."""
    for name, kind in schema.entries():
        if kind.text not in _LABEL_TYPES:
            translation.leave(f"`{name}`", kind.place, f"`{kind.text}` is no type of labels")
            continue
        translation.option("missing-label", "required", name, kind.place)
        translation.option("invalid-label-value", "types", name, kind.place, kind.text)
        if is_strict:
            translation.option("unexpected-label", "allowed", name, kind.place)


def trusted(value: Value, translation: Translation) -> None:
    """Take over trusted registries, and note which names are none."""
    for word, place in value.words():
        problem = registry_problem(word)
        if problem:
            translation.leave(f"`{word}`", place, problem)
        else:
            translation.add("trusted-registries", word, place)


def _hadolint_reason(key: str, value: Value) -> str:
    if key in _OUTPUT:
        return "the form of the output is chosen with `--output-format`"
    if key == "disable-ignore-pragma":
        return COMMENTS if value.is_true else "comments apply here, too"
    return "hadolint has no such setting"


def _is_true(settings: Value, key: str) -> bool:
    value = settings.get(key)
    return value is not None and value.is_true


def compose_lint(settings: Value, translation: Translation) -> None:
    """Take over a `.compose-lint.yml`."""
    translation.replaces("compose-lint")
    for key, value in settings.entries():
        if key == "rules":
            for word, rule in value.entries():
                _compose_lint_rule(word, rule, translation)
        else:
            translation.leave(f"`{key}`", value.place, "compose-lint has no such setting")


def _compose_lint_rule(word: str, rule: Value, translation: Translation) -> None:
    reason = _text(rule, "reason")
    for key, value in rule.entries():
        if key == "enabled":
            if value.text.lower() == "false":
                translation.ignore("compose-lint", word, value.place, reason)
        elif key == "severity":
            severity = _OF_COMPOSE_LINT.get(value.text.lower())
            if severity is None:
                what = f"`severity` of `{word}`"
                translation.leave(what, value.place, f"`{value.text}` names no severity")
            else:
                translation.severity("compose-lint", word, severity, value.place)
        elif key == "exclude_services":
            services = [*value.entries()] or [(one.text, one) for one in value.items()]
            for service, why in services:
                translation.accept(
                    "compose-lint",
                    word,
                    why.place,
                    key="services",
                    names=(service,),
                    reason=(why.text if value.is_table else "") or reason,
                )
        elif key != "reason":
            what = f"`{key}` of `{word}`"
            translation.leave(what, value.place, "compose-lint has no such setting")


def _text(value: Value, key: str) -> str:
    found = value.get(key)
    return "" if found is None else found.text


def dclint(settings: Value, translation: Translation) -> None:
    """Take over a `.dclintrc`."""
    translation.replaces("dclint")
    for key, value in settings.entries():
        if key == "rules":
            for name, rule in value.entries():
                _dclint_rule(name, rule, translation)
        elif key == "exclude":
            for word, place in value.words():
                translation.add("exclude", word, place)
        elif key not in ("$schema", "debug"):
            reason = "the command line selects the output"
            translation.leave(f"`{key}`", value.place, reason)


def _dclint_rule(name: str, rule: Value, translation: Translation) -> None:
    parts = rule.items()
    level = parts[0].text if parts else ""
    if level == "0":
        translation.ignore("dclint", name, rule.place)
    elif level in _OF_DCLINT:
        translation.severity("dclint", name, _OF_DCLINT[level], rule.place)
    else:
        translation.leave(f"`{name}`", rule.place, "its level is not 0, 1 or 2")
    if len(parts) > 1:
        reason = "the corresponding rule has no such options"
        translation.leave(f"options of `{name}`", rule.place, reason)


def kics(settings: Value, translation: Translation) -> None:
    """Take over a `kics.config`."""
    translation.replaces("KICS")
    for key, value in settings.entries():
        if key in ("exclude-queries", "e"):
            for word, place in value.words():
                translation.ignore("kics", word, place)
        elif key == "exclude-paths":
            _paths(value, translation)
        elif key == "fail-on":
            words = [word.lower() for word, _ in value.words()]
            known = [_OF_KICS[word] for word in words if word in _OF_KICS]
            if known:
                translation.fail_on(min(known, key=_LEVELS.index), value.place)
        elif key == "exclude-results":
            reason = "a result has another fingerprint here; a baseline has them"
            translation.leave(f"`{key}`", value.place, reason)
        elif key == "exclude-severities":
            translation.leave(f"`{key}`", value.place, _SEVERITY_DIFFERS)
        else:
            translation.leave(f"`{key}`", value.place, _NO_SETTING)


def checkov(settings: Value, translation: Translation) -> None:
    """Take over a `.checkov.yaml`."""
    translation.replaces("Checkov")
    for key, value in settings.entries():
        if key == "skip-check":
            for word, place in value.words():
                _checkov_skip(word, place, translation)
        elif key == "skip-path":
            _paths(value, translation, are_expressions=True)
        elif key == "soft-fail":
            if value.is_true:
                translation.fail_on("never", value.place)
        elif key in ("soft-fail-on", "hard-fail-on"):
            translation.leave(f"`{key}`", value.place, _SEVERITY_DIFFERS)
        elif key == "check":
            reason = "`select` lists the rules to run"
            translation.leave(f"`{key}`", value.place, reason)
        else:
            translation.leave(f"`{key}`", value.place, _NO_SETTING)


def _checkov_skip(word: str, place: str, translation: Translation) -> None:
    if "*" not in word:
        translation.ignore("checkov", word, place)
        return
    pattern = Wildcard(word)
    ids = [check.id.partition(":")[2] for check in every_check()["Checkov"]]
    matching = [one for one in ids if pattern.matches(one)]
    for one in matching:
        translation.ignore("checkov", one, place)
    if not matching:
        translation.leave(f"`{word}`", place, "it names no check of Dockerfiles")


def trivy(settings: Value, translation: Translation) -> None:
    """Take over a `trivy.yaml`."""
    translation.replaces("Trivy")
    for key, value in settings.entries():
        if key == "severity":
            translation.leave(f"`{key}`", value.place, _SEVERITY_DIFFERS)
        elif key == "exit-code":
            if value.text == "0":
                translation.fail_on("never", value.place)
        elif key == "ignorefile":
            if value.text.removeprefix("./") not in (".trivyignore", ".trivyignore.yaml"):
                reason = "only the usual names are read"
                translation.leave(f"`{value.text}`", value.place, reason)
        elif key == "scan":
            for name, one in value.entries():
                if name in ("skip-dirs", "skip-files"):
                    _paths(one, translation)
                else:
                    translation.leave(f"`scan.{name}`", one.place, _NO_SETTING)
        else:
            translation.leave(f"`{key}`", value.place, _NO_SETTING)


def trivy_ignore_yaml(settings: Value, translation: Translation) -> None:
    """Take over a `.trivyignore.yaml`."""
    translation.replaces("Trivy")
    for key, value in settings.entries():
        if key != "misconfigurations":
            reason = "Tightship looks for misconfigurations only"
            translation.leave(f"`{key}`", value.place, reason)
            continue
        for one in value.items():
            _trivy_exception(one, translation)


def _trivy_exception(one: Value, translation: Translation) -> None:
    parts = dict(one.entries())
    if "id" not in parts:
        translation.leave("an entry", one.place, "it has no id")
        return
    word, reason = parts["id"].text, ""
    if "statement" in parts:
        reason = parts["statement"].text
    if "expired_at" in parts:
        what = f"`{word}` until {parts['expired_at'].text}"
        translation.leave(what, one.place, _NO_END)
    elif "paths" in parts and parts["paths"].items():
        paths = tuple(_anchored(path) for path, _ in parts["paths"].words())
        translation.accept("trivy", word, one.place, key="paths", names=paths, reason=reason)
    else:
        translation.ignore("trivy", word, one.place, reason)


def trivy_ignore(source: Source, translation: Translation) -> None:
    """Take over a `.trivyignore`: an id on each line, and perhaps the day that it ends."""
    translation.replaces("Trivy")
    for number, line in enumerate(source.text.splitlines(), 1):
        words = line.partition("#")[0].split()
        if not words:
            continue
        place = f"{source.name}:{number}"
        end = next((m for m in map(_EXPIRY.match, words[1:]) if m), None)
        if end is not None:
            translation.leave(f"`{words[0]}` until {end[1]}", place, _NO_END)
        else:
            translation.ignore("trivy", words[0], place)


def _paths(value: Value, translation: Translation, *, are_expressions: bool = False) -> None:
    for word, place in value.words():
        if are_expressions and not _PLAIN_PATH.fullmatch(word):
            reason = "it is a regular expression, and `exclude` takes patterns"
            translation.leave(f"`{word}`", place, reason)
        elif are_expressions:
            translation.add("exclude", word.removeprefix("./"), place)
        else:
            translation.add("exclude", _anchored(word), place)


def _anchored(path: str) -> str:
    """Return a path from this folder on as a pattern: one without `/` is found anywhere."""
    path = path.removeprefix("./")
    return path if path.startswith(("/", "**")) else f"/{path}"
