"""The day of every run in tests and of every generated output."""

from __future__ import annotations

import datetime

# What is past its end of life must not depend on when the tests are run.
TODAY = datetime.date(2026, 11, 26)


def today(*, days_ago: int = 0) -> str:
    """Return the day as `tightship.values.quantity.today` does."""
    return (TODAY - datetime.timedelta(days_ago)).isoformat()
