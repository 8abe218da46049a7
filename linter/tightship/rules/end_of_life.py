"""What the rules about the end of life of images share: their options, their wording."""

from __future__ import annotations

from tightship.config.key import Option
from tightship.images.end_of_life import named_cycles, newest, withdrawn
from tightship.values import quantity
from tightship.values.image import tagged

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.config.key import Options
    from tightship.values.image import Image
    from tightship.values.matching import Wildcard


def _wildcards(names: tuple[str, ...]) -> tuple[Wildcard, ...]:
    if not names:
        return ()
    from tightship.values.matching import Wildcard  # few settings name images

    return tuple(Wildcard(name) for name in names)


ALLOWED = Option(
    "allowed",
    "names",
    _wildcards,
    "Images to accept, as `name:tag`; `*` matches any text, `?` one character.",
    '["postgres:9.6*", "ubuntu:18.04"]',
    default=(),
)
GRACE = Option(
    "grace-days",
    "integer",
    int,
    "How many days after the end of support a finding appears.",
    "90",
    default=0,
    bounds=(0, 3650),
)


def what_ended(image: Image, options: Options) -> str:
    """Return what of an image is past its end, when it ended and what is supported.

    The text is empty where nothing has ended, as far as the name of the image tells, and
    where the image is allowed.
    """
    gone, named = withdrawn(image), [*named_cycles(image)]
    if gone is None and not named:
        return ""
    day = quantity.today(days_ago=options[GRACE])
    ended: list[str] = []
    supported: list[str] = []
    if gone is not None and quantity.is_past(gone[0], day):
        ended.append(f"the updates of this image ended {_on(gone[0])}")
        if gone[1]:
            supported.append(f"`{gone[1]}` replaces it")
    for cycle in named:
        if cycle.has_ended(day):
            ended.append(f"the support of {cycle} ended {_on(cycle.end)}")
            successor = newest(cycle.product, day)
            if successor is not None:
                supported.append(f"{successor} is supported until {successor.end}")
    if not ended or any(known.matches(tagged(image)) for known in options[ALLOWED]):
        return ""
    text = ", and ".join(ended)
    return f"{text}; {', and '.join(supported)}" if supported else text


def _on(end: str) -> str:
    """Return when: on a day, or in a month or a year."""
    return f"{'on' if end.count('-') == 2 else 'in'} {end}"
