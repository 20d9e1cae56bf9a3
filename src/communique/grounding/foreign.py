"""Absolute dates in forms that our own rules do not read ("4 février 2022", "04.02.2022"), through dateparser.

dateparser takes a tenth of a second to import and a millisecond a phrase, so that it is asked only for phrases that
have a day and a year and that no rule of ours has read.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache

LANGUAGES = ("en", "fr", "de", "es", "it", "pt", "nl", "ru", "tr")


@lru_cache(maxsize=1024)
def read_foreign(text: str) -> date | None:
    """Return the day that `text` names with day, month and year, or None. Ambiguous numbers are read day first."""
    import dateparser

    found = dateparser.parse(
        text, languages=list(LANGUAGES),
        settings={
            "STRICT_PARSING": True, "PARSERS": ["absolute-time"], "RELATIVE_BASE": datetime(2000, 1, 1),
            "DATE_ORDER": "YMD" if text[:4].isdigit() else "DMY", "RETURN_AS_TIMEZONE_AWARE": False,
        },
    )  # fmt: skip
    return found.date() if found else None
