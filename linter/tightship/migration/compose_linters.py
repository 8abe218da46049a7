"""The settings of compose-lint and dclint."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.migration.document import Value
    from tightship.migration.translated import Taken

_OF_COMPOSE_LINT = {"critical": "error", "high": "error", "medium": "warning", "low": "info"}
_OF_DCLINT = {"1": "warning", "2": "error"}


def compose_lint(settings: Value, taken: Taken) -> None:
    """Take over a `.compose-lint.yml`."""
    for key, value in settings.entries():
        if key == "rules":
            for word, rule in value.entries():
                _compose_lint_rule(word, rule, taken)
        else:
            taken.leave(f"`{key}`", value.place, "compose-lint has no such setting")


def _compose_lint_rule(word: str, rule: Value, taken: Taken) -> None:
    reason = _text(rule, "reason")
    for key, value in rule.entries():
        if key == "enabled":
            if value.text.lower() == "false":
                taken.ignore("compose-lint", word, value.place, reason)
        elif key == "severity":
            severity = _OF_COMPOSE_LINT.get(value.text.lower())
            if severity is None:
                what = f"`severity` of `{word}`"
                taken.leave(what, value.place, f"`{value.text}` names no severity")
            else:
                taken.severity("compose-lint", word, severity, value.place)
        elif key == "exclude_services":
            services = [*value.entries()] or [(one.text, one) for one in value.items()]
            for service, why in services:
                taken.accept(
                    "compose-lint",
                    word,
                    why.place,
                    key="services",
                    names=(service,),
                    reason=(why.text if value.is_table else "") or reason,
                )
        elif key != "reason":
            what = f"`{key}` of `{word}`"
            taken.leave(what, value.place, "compose-lint has no such setting")


def _text(value: Value, key: str) -> str:
    found = value.get(key)
    return "" if found is None else found.text


def dclint(settings: Value, taken: Taken) -> None:
    """Take over a `.dclintrc`."""
    for key, value in settings.entries():
        if key == "rules":
            for name, rule in value.entries():
                _dclint_rule(name, rule, taken)
        elif key == "exclude":
            for word, place in value.words():
                taken.add("exclude", word, place)
        elif key not in ("$schema", "debug"):
            reason = "the command line selects the output"
            taken.leave(f"`{key}`", value.place, reason)


def _dclint_rule(name: str, rule: Value, taken: Taken) -> None:
    parts = rule.items()
    level = parts[0].text if parts else ""
    if level == "0":
        taken.ignore("dclint", name, rule.place)
    elif level in _OF_DCLINT:
        taken.severity("dclint", name, _OF_DCLINT[level], rule.place)
    else:
        taken.leave(f"`{name}`", rule.place, "its level is not 0, 1 or 2")
    if len(parts) > 1:
        reason = "the corresponding rule has no such options"
        taken.leave(f"options of `{name}`", rule.place, reason)
