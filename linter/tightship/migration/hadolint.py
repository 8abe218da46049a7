"""The settings of hadolint."""

from __future__ import annotations

from tightship.values.registry import registry_problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.migration.document import Value
    from tightship.migration.translated import Taken

_SEVERITIES = {"error": "error", "warning": "warning", "info": "info", "style": "info"}
_THRESHOLDS = {**_SEVERITIES, "ignore": "info", "none": "never"}
_OUTPUT = ("format", "no-color", "output")


def hadolint(settings: Value, taken: Taken) -> None:
    """Take over a `.hadolint.yaml`, and select the sets that have the rest of its rules."""
    taken.add("select", "hygiene", settings.place)
    extra = "needs `pip install 'tightship[shellcheck]'`"
    taken.add("select", "shellcheck", f"{settings.place}, {extra}")
    for key, value in settings.entries():
        if key == "ignored":
            for word, place in value.words():
                taken.ignore("hadolint", word, place)
        elif key == "override":
            _overrides(value, taken)
        elif key == "failure-threshold" and value.text in _THRESHOLDS:
            if not _is_true(settings, "no-fail"):
                taken.fail_on(_THRESHOLDS[value.text], value.place)
        elif key == "no-fail":
            if value.is_true:
                taken.fail_on("never", value.place)
        elif key == "trustedRegistries":
            _registries(value, taken)
        else:
            taken.leave(f"`{key}`", value.place, _reason(key, value))


def _overrides(value: Value, taken: Taken) -> None:
    for name, listed in value.entries():
        severity = _SEVERITIES.get(name)
        if severity is None:
            taken.leave(f"`{name}`", listed.place, "this names no severity")
            continue
        for word, place in listed.words():
            taken.severity("hadolint", word, severity, place)


def _registries(value: Value, taken: Taken) -> None:
    for word, place in value.words():
        problem = registry_problem(word)
        if problem:
            taken.leave(f"`{word}`", place, problem)
        else:
            taken.add("trusted-registries", word, place)


def _reason(key: str, value: Value) -> str:
    if key in _OUTPUT:
        return "the form of the output is chosen with `--output-format`"
    if key in ("label-schema", "strict-labels"):
        return "labels are options of the rules `missing-label` and `invalid-label-value`"
    if key == "disable-ignore-pragma":
        return "comments always apply, and each report counts the accepted findings"
    if key == "failure-threshold":
        return f"`{value.text}` names no severity"
    return "hadolint has no such setting"


def _is_true(settings: Value, key: str) -> bool:
    value = settings.get(key)
    return value is not None and value.is_true
