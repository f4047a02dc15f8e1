"""Periods of reports: whole days of UTC."""

import datetime as dt
from dataclasses import dataclass

from shared.core.errors import InvalidInput

LONGEST_DAYS = 366


@dataclass(frozen=True)
class Period:
    """From a day to another, which is no longer part of it."""

    since: dt.date
    until: dt.date

    @property
    def values(self) -> dict[str, dt.date | dt.datetime]:
        """Return the days as `since` and `until`, and their first moments as `start` and `end`."""
        start, end = (dt.datetime.combine(day, dt.time(), dt.UTC) for day in (self.since, self.until))
        return {"since": self.since, "until": self.until, "start": start, "end": end}


def period_of(since: dt.date, until: dt.date, longest: int = LONGEST_DAYS) -> Period:
    """Check a period; raises InvalidInput."""
    if not dt.timedelta() < until - since <= dt.timedelta(days=longest):
        raise InvalidInput.field("to", "OUT_OF_RANGE", f"`to` must be 1 to {longest} days after `from`.")
    return Period(since, until)
