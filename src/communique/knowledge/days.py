"""Days as they stand in knowledge files: a day, a month or a year (ISO)."""

from __future__ import annotations

import calendar
import re
from functools import lru_cache

_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")


@lru_cache(maxsize=20_000)
def day_of(value: str, *, first: bool) -> str:
    """Return the day that `value` means, "" if it is no date; of a year or month alone its first or last.

    Most days stand in many rows, so that they are worked out once.
    """
    match = _DATE.fullmatch(value)
    if match:
        year, month, day = match.groups()
        month = month or ("01" if first else "12")
        if 1 <= int(month) <= 12:
            last = calendar.monthrange(int(year), int(month))[1] if int(year) else 31
            day = day or ("01" if first else f"{last:02d}")
            if 1 <= int(day) <= last:
                return f"{year}-{month}-{day}"
    return ""
