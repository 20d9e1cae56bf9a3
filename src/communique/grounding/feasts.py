"""Movable feasts, by the libraries that keep their calendars.

Easter comes from dateutil, the Islamic calendar (Umm al-Qura, as announced in Saudi Arabia) from hijridate, the Hebrew
one from pyluach. They are imported when a report first names a feast of theirs.
"""

from __future__ import annotations

from datetime import date

_LEAP_ADAR, _ADAR = 13, 12


def easter(year: int, *, orthodox: bool = False) -> date:
    """Return Easter Sunday of a year, as a day of the Gregorian calendar."""
    from dateutil.easter import EASTER_ORTHODOX, EASTER_WESTERN
    from dateutil.easter import easter as easter_of

    found: date = easter_of(year, EASTER_ORTHODOX if orthodox else EASTER_WESTERN)
    return found


def islamic(year: int, month: int, day: int) -> list[date]:
    """Return when a day of the Islamic year falls in a Gregorian year: once, now and then twice, after 2077 never."""
    from hijridate import Hijri

    found = []
    for hijri in range((year - 622) * 33 // 32 - 1, (year - 622) * 33 // 32 + 4):
        try:
            d = Hijri(hijri, month, day).to_gregorian()
        except (ValueError, OverflowError):  # outside the years that the calendar was announced or computed for
            continue
        if d.year == year:
            found.append(date(d.year, d.month, d.day))
    return found


def hebrew(year: int, month: int, day: int) -> list[date]:
    """Return when a day of the Hebrew year (Nisan is month 1, Purim's Adar 12) falls in a Gregorian year."""
    from pyluach.dates import HebrewDate
    from pyluach.hebrewcal import Year

    found = []
    for number in (year + 3760, year + 3761):
        own = _LEAP_ADAR if month == _ADAR and Year(number).leap else month
        d = HebrewDate(number, own, day).to_pydate()
        if d.year == year:
            found.append(d)
    return found
