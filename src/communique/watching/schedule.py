"""Times: intervals as people write them, moments as the store writes them, and when to try again what failed."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from communique.errors import InputError

_INTERVAL = re.compile(r"(\d{1,6})\s*(s|sec|seconds?|m|min|minutes?|h|hours?|d|days?)", re.IGNORECASE)
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_LONGEST = 86400.0 * 31
_LONGEST_BACKOFF = 86400.0
_FORM = "%Y-%m-%dT%H:%M:%SZ"


def seconds_of(text: str) -> float:
    """Return the seconds of an interval: `45s`, `30m`, `2h`, `1d`. Raises InputError with what to write."""
    match = _INTERVAL.fullmatch(text.strip())
    seconds = int(match[1]) * _SECONDS[match[2][0].lower()] if match else 0
    if not 0 < seconds <= _LONGEST:
        raise InputError(f"{text!r} is no interval. Write a number and s, m, h or d, as in 30m; at most 31d.")
    return float(seconds)


def moment(at: datetime) -> str:
    """Return a time as the store writes it: UTC, to the second."""
    return at.astimezone(UTC).strftime(_FORM)


def later(at: datetime, seconds: float) -> str:
    """Return the moment so many seconds after `at`."""
    return moment(at + timedelta(seconds=min(seconds, 366 * 86400.0)))


def seconds_until(when: str, at: datetime) -> float:
    """Return the seconds from `at` until a moment of the store's, 0 for one that is past and for ""."""
    if not when:
        return 0.0
    return max(0.0, (parsed(when) - at).total_seconds())


def parsed(when: str) -> datetime:
    """Return a moment of the store's."""
    return datetime.strptime(when, _FORM).replace(tzinfo=UTC)


def backoff(every: float, failures: int, asked: float = 0.0) -> float:
    """Return for how many seconds what failed `failures` times in a row, and would be due `every` so many seconds, is
    left alone: twice as long each time, up to a day; longer where its host asked for that."""
    return max(asked, min(max(every, 1.0) * 2.0 ** min(failures - 1, 20), max(every, _LONGEST_BACKOFF)))
