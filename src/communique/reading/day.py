"""Days of publication as people and feeds write them.

A day is taken as written: the time of day is ignored, and no time zone is converted. Dates of which the order of day
and month cannot be known (04/02/2022) are refused, for a date that is silently wrong spoils every record of a report;
14/02/2022 can be only one day, and 04.02.2022, with dots, is written day first everywhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from communique.errors import InputError
from communique.records import Span

MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip

_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_YEAR = r"(?P<year>[12][0-9]{3})(?![0-9])"
_DAY = r"(?<![0-9])(?P<day>[0-3]?[0-9])(?:st|nd|rd|th)?(?![0-9])"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE | re.ASCII)
    for form in (
        rf"(?<![0-9]){_YEAR}(?P<sep>[-/.])(?P<number>[01]?[0-9])(?P=sep)(?P<day>[0-3]?[0-9])(?:(?![0-9])|(?=T))",
        r"(?<![0-9])(?P<year>[12][0-9]{3})(?P<number>[01][0-9])(?P<day>[0-3][0-9])(?:T?[0-9]{6}Z?)?(?![0-9])",
        rf"{_DAY}(?:\s+of)?[\s-]\s*{_MONTH},?[\s-]\s*{_YEAR}",
        rf"\b{_MONTH}\s*{_DAY},?\s+{_YEAR}",
        rf"\b{_MONTH}\s+{_DAY}\s+[0-2][0-9]:[0-5][0-9]:[0-5][0-9](?:\s+(?:[a-z]{{3,4}}|[+-][0-9]{{4}}))?\s+{_YEAR}",
        rf"(?<![0-9./])(?P<day>[0-3]?[0-9])\.(?P<number>[01]?[0-9])\.{_YEAR}",
        rf"(?<![0-9./-])(?P<day>1[3-9]|2[0-9]|3[01])(?P<sep>[/-])(?P<number>0?[1-9]|1[0-2])(?P=sep){_YEAR}",
        rf"(?<![0-9./])(?P<number>0?[1-9]|1[0-2])/(?P<day>1[3-9]|2[0-9]|3[01])/{_YEAR}",
        rf"(?<![0-9./])0?(?P<day>[1-9]|1[0-2])/0?(?P<number>(?P=day))/{_YEAR}",
    )
)
_DOUBTFUL = re.compile(r"\s*(?:0?[1-9]|1[0-2])([/-])(?:0?[1-9]|1[0-2])\1[12][0-9]{3}(?![0-9])", re.ASCII)
_ANY_YEAR = re.compile("[12][0-9]{3}")  # without one no form fits
_URL_FORMS = tuple(
    re.compile(form, re.IGNORECASE | re.ASCII)
    for form in (
        r"[/=_-](?P<year>(?:19|20)[0-9]{2})(?P<sep>[/_-]?)(?P<number>[01][0-9])(?P=sep)(?P<day>[0-3][0-9])(?![0-9])",
        rf"/(?P<year>(?:19|20)[0-9]{{2}})[/-]{_MONTH}[/-](?P<day>[0-3]?[0-9])(?![0-9])",
    )
)
_URL = re.compile(r"(?:https?://|www\.)[^\s<>\"')\]]+", re.IGNORECASE)
_COPYRIGHT_YEAR = re.compile(
    r"(?:©|\(c\)|\bcopyright\b)\D{0,40}(?:[12][0-9]{3}\s?[-–]\s?)?([12][0-9]{3})(?![0-9])", re.I
)
_DAY_AND_MONTH = tuple(
    re.compile(form, re.IGNORECASE) for form in (rf"{_DAY}(?:\s+of)?\s+{_MONTH}", rf"\b{_MONTH}\s*{_DAY}")
)
_NOISE = (
    r"(?<![0-9])[0-2]?[0-9](?:[:.h][0-5][0-9]){1,2}(?:[.,][0-9]{1,9})?(?![0-9])|\b(?:at|on)\b|\b[ap]\.?m\b\.?"
    r"|(?<=[0-9])z\b|\b(?:gmt|utc|bst|e[sd]t|[cmp][sd]t|ces?t|msk|ist|sgt|jst|et)\b|[+-][0-2][0-9]:?[0-5][0-9]"
    r"|\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b|t(?=[0-2][0-9]:)"
)
# Zones as Java and JavaScript write them: `[Europe/Oslo]`, `(Central European Time)`.
_BESIDE_DAY = re.compile(_NOISE + r"|\[[a-z_/+-]{1,40}\]|\([a-z ]{1,40} time\)", re.IGNORECASE | re.ASCII)
_BESIDE_DATE_LINE = re.compile(
    _NOISE + r"|(?<![0-9/])[0-3]?[0-9]/[0-3]?[0-9]/(?:[12][0-9])?[0-9]{2}(?![0-9/])"
    r"|\b(?:first|last|originally|published|posted|updated?|modified|issued|created|date|time|filed|by|local|from|in)\b"
    r"|\b(?:moscow|beijing|london|new york|brussels|eastern|pacific|central|greenwich|uk|us)(?= time)",
    re.IGNORECASE | re.ASCII,
)
_CUE = re.compile(r"\b(?:published|posted|updated?|modified|issued|created|date|filed)\b", re.IGNORECASE)
_LATER = re.compile(r"\b(?:updated?|modified)\b", re.IGNORECASE)
_LONGEST = 80
_LONGEST_LINE = 120


def parse_day(text: str) -> str:
    """Return the ISO day (`YYYY-MM-DD`) that `text` names; time of day and weekday beside it are ignored.

    Knows ISO dates and datetimes, `20220204`, `4 February 2022`, `Feb 4, 2022` and RFC 2822.
    Raises InputError for anything else, also for days that no calendar has and for numbers in doubtful order.
    """
    text = text.replace("\xa0", " ")
    found = find_day(text) if len(text) <= _LONGEST else None
    if found is not None:
        day, (start, end) = found
        rest = _BESIDE_DAY.sub(" ", f"{text[:start]} {text[end:]}")
        if not rest.strip(" ,;.()\t"):
            return day
    shown = text if len(text) <= _LONGEST else text[:_LONGEST] + "..."
    if _DOUBTFUL.match(text):
        raise InputError(f"{shown!r} is no date whose day and month can be told apart. Write it as YYYY-MM-DD.")
    raise InputError(f"{shown!r} is no date. Write it as YYYY-MM-DD.")


@dataclass(frozen=True, slots=True)
class DateLine:
    """A line that says when a report was published: the ISO day, empty if the order of its numbers is doubtful.

    `later` is true for the day of an update, which counts only if no other is given.
    """

    day: str
    later: bool = False


def date_line(text: str) -> DateLine | None:
    """Return what `text` says if it is a line of nothing but date, time and words such as "Published", else None."""
    if not 6 <= len(text) <= _LONGEST_LINE:
        return None
    first = find_day(text)
    rest = text
    found = first
    while found is not None:
        rest = rest[: found[1][0]] + " " + rest[found[1][1] :]
        found = find_day(rest)
    if first is None and not (_CUE.search(text) and any(c.isdigit() for c in text)):
        return None
    if any(c.isalnum() for c in _BESIDE_DATE_LINE.sub(" ", rest)):
        return None
    later = _LATER.search(text[: first[1][0]] if first else text) is not None
    return DateLine(first[0] if first else "", later)


def find_day(text: str) -> tuple[str, Span] | None:
    """Return the first full date in `text` as an ISO day, with its span; None if there is none."""
    best: tuple[str, Span] | None = None
    for form in _FORMS if _ANY_YEAR.search(text) else ():
        for match in form.finditer(text):
            day = _iso(match)
            if day and (best is None or match.start() < best[1][0]):
                best = (day, match.span())
                break
    return best


def url_day(url: str) -> str:
    """Return the day in a web address (`/2022/02/04/`, `/2022/feb/04`, `-20220204`), "" if there is none."""
    for form in _URL_FORMS:
        for match in form.finditer(url):
            if day := _iso(match):
                return day
    return ""


def urls(text: str) -> list[str]:
    """Return the web addresses in `text`."""
    return _URL.findall(text)


def day_of_year(text: str, year: str) -> str:
    """Return the day that `text` names without a year ("3 March") in `year`; "" if it names none."""
    for form in _DAY_AND_MONTH:
        for match in form.finditer(text):
            try:
                return date(int(year), _month(match["month"]), int(match["day"])).isoformat()
            except ValueError:
                continue
    return ""


def copyright_year(text: str) -> str:
    """Return the last year of a copyright line, "" if `text` is none."""
    match = _COPYRIGHT_YEAR.search(text)
    return match[1] if match else ""


def _iso(match: re.Match[str]) -> str:
    parts = match.groupdict()
    month = int(parts["number"]) if parts.get("number") else _month(parts["month"])
    try:
        return date(int(parts["year"]), month, int(parts["day"])).isoformat()
    except ValueError:
        return ""


def _month(name: str) -> int:
    return next(number for number, month in enumerate(MONTHS, 1) if month.startswith(name[:3].lower()))
