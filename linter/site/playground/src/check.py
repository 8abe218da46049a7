"""What the worker calls: one check, from JSON to JSON."""

import json
from typing import Any

import tightship

VERSION = tightship.__version__


def check(request: str) -> str:
    """Check the texts of a request; the answer has the fields of ``tightship.Result``."""
    asked = json.loads(request)
    options = tightship.Options(select=asked["select"])
    result = tightship.check_texts(asked["texts"], options=options)
    return json.dumps(result, default=_fields)


def _fields(value: Any) -> dict[str, Any]:
    """Return the fields of a dataclass; ``asdict`` would copy all that is in them."""
    return {name: getattr(value, name) for name in value.__slots__}
