"""The facts about the health of a container, and about its restarts."""

from __future__ import annotations

from tightship.project_facts.images import builds_unseen, has_no_check
from tightship.project_facts.values import Fact, Facts, Group, Scalar, scalar, text, unknown
from tightship.values.quantity import parse_duration

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from tightship.isolation.container import Container
    from tightship.model.setting import Setting

_LONGEST = 400


def health(container: Container) -> Facts:
    """Return the health check: that of the service, or else of its image."""
    test, disabled = (
        container.texts("healthcheck", "test"),
        container.flag("healthcheck", "disable"),
    )
    span = test.span
    first = test.items[0] if test.items else None
    if disabled.is_surely(True) or (first is not None and first.is_surely("NONE")):
        return Facts(HEALTH, None, disabled.span if disabled.is_set else span)
    if not disabled.decided or (first is not None and not first.decided):
        return Facts(HEALTH, None, span, known=False)
    if first is not None:
        return Facts(HEALTH, container, span)
    stage = container.stage
    if container.may_have("healthcheck") or stage is None or stage.healthcheck is None:
        has_none = not container.may_have("healthcheck") and _image_has_none(container)
        return Facts(HEALTH, None, container.span, known=has_none)
    is_none = [a.text.upper() for a in stage.healthcheck.arguments[:1]] == ["NONE"]
    return Facts(HEALTH, None if is_none else container, stage.healthcheck.span)


def _image_has_none(container: Container) -> bool:
    stage = container.stage
    if stage is not None:
        return stage.is_from_scratch or has_no_check(stage.image)
    return not builds_unseen(container) and has_no_check(container.pulled_image)


def _health_seconds(name: str, key: str, default: float) -> Callable[[Container], Scalar]:
    """Return what reads a time; for none, or 0, that of the image counts, and then a default.

    The engine merges them so (moby, daemon/commit.go, merge).
    """

    def read(container: Container) -> Scalar:
        own = _seconds(container.text("healthcheck", key))
        if own.value or not own.known:
            return own
        stage = container.stage
        step = stage.healthcheck if stage is not None else None
        option = step.flag(name) if step is not None else None
        if option is not None:
            seconds = parse_duration(option.text) if option.decided else None
            if seconds is None:
                return unknown(option.span)
            return Scalar(option.span, seconds or default)
        is_known = step is not None or (stage is not None and stage.is_from_scratch)
        return Scalar(own.span, default) if is_known else unknown(own.span)

    return read


def _test(container: Container) -> Scalar:
    found = container.texts("healthcheck", "test")
    if not found.all_decided:
        return unknown(found.span)
    if found.items:
        return Scalar(found.span, " ".join(item.value or "" for item in found.items)[:_LONGEST])
    step = container.stage.healthcheck if container.stage is not None else None
    return Scalar(found.span) if step is None else text(step.span, step.span.text[:_LONGEST])


def _seconds(found: Setting[str]) -> Scalar:
    if found.decided and found.value is None:
        return Scalar(found.span)
    seconds = parse_duration(found.value or "") if found.decided else None
    return Scalar(found.span, seconds, known=seconds is not None)


_CONDITIONS = {"none": "no", "any": "always", "": "no"}


def _restart(container: Container) -> Scalar:
    """Return the policy; that of ``deploy`` wins (verified with Compose 2.26.1).

    Without a condition it is ``no``, although the specification says ``any``.
    """
    if container.value("deploy", "restart_policy") is not None:
        found = container.text("deploy", "restart_policy", "condition")
        name = found.value or ""
        name = _CONDITIONS.get(name, name)
    else:
        found = container.text("restart")
        name = (found.value or "no").partition(":")[0]
    return Scalar(found.span, name) if found.decided else unknown(found.span)


def _attempts(container: Container) -> Scalar:
    if container.value("deploy", "restart_policy") is not None:
        return scalar(container.number("deploy", "restart_policy", "max_attempts"))
    found = container.text("restart")
    written = (found.value or "").partition(":")[2]
    if not found.decided:
        return unknown(found.span)
    return Scalar(found.span, int(written[:9]) if written.isdecimal() else None)


HEALTH = Group(
    "health",
    "a health check",
    {
        "test": Fact("text", "the command", _test),
        "interval": Fact(
            "duration", "the time between two checks", _health_seconds("interval", "interval", 30)
        ),
        "timeout": Fact(
            "duration", "the time for one check", _health_seconds("timeout", "timeout", 30)
        ),
        "start-period": Fact(
            "duration",
            "the time in which failures do not count",
            _health_seconds("start-period", "start_period", 0),
        ),
        "retries": Fact(
            "number", "the failures in a row", lambda c: scalar(c.number("healthcheck", "retries"))
        ),
    },
)
RESTART = Group(
    "restart",
    "the restarts of a container",
    {
        "policy": Fact(
            "text",
            "`no`, `always`, `on-failure` or `unless-stopped`",
            _restart,
            words="no always on-failure unless-stopped",
        ),
        "attempts": Fact("number", "the most attempts of `on-failure`", _attempts),
    },
)
