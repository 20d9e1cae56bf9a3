"""Lists of reports: feeds, sitemaps and lists of addresses, each told from the others by what is in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from communique.errors import FetchError

BY_WORDS = "#"
# How GDELT names its lists, and we lists of addresses.
LIST_NAMES = (
    r"(?:\.(?:export|mentions|gkg)\.csv(?:\.zip)?|\.gal\.json(?:\.gz)?|\.urls|\.articlelist"
    r"|(?:^|[/\\])(?:gal)?(?:masterfilelist|lastupdate)(?:-translation)?\.txt)$"
)
MOST_BYTES = 1 << 26  # of a list after unpacking, as the protocol of sitemaps has it, and some more
_GZIP = b"\x1f\x8b"
_ZIP = b"PK\x03\x04"
_ROOT = re.compile(rb"<(?![?!])(?:[\w.-]+:)?([\w.-]+)")
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_FEEDS = frozenset({b"rss", b"feed", b"rdf"})
_SITEMAPS = frozenset({b"urlset", b"sitemapindex"})
_DAY = re.compile(r"\s*([12]\d{3})-?([01]\d)-?([0-3]\d)")
_TO_THE_SECOND = re.compile(r"(\d{4})(\d\d)(\d\d)T?(\d\d)(\d\d)(\d\d)Z?")


@dataclass(frozen=True, slots=True)
class Entry:
    """A report that a list names. `text` is the report itself where the list carries it, else its page is fetched.

    `stamp` is when the list says that it changed last, in UTC, or stands for its words after the mark `BY_WORDS`;
    `published` is the day of publication. Both are empty if unknown. `fault` says why the entry leads nowhere.
    """

    address: str
    title: str = ""
    published: str = ""
    stamp: str = ""
    outlet: str = ""
    language: str = ""
    text: str = ""
    fault: str = ""

    @property
    def day(self) -> str:
        """The latest day that is known of it, "" if none is."""
        return max(self.published, "" if self.stamp.startswith(BY_WORDS) else self.stamp[:10])


@dataclass(frozen=True, slots=True)
class Child:
    """A list that a list names, and when that changed last, empty if unknown."""

    address: str
    stamp: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list holds. `fault` says where it breaks off, if it does; what comes before counts."""

    kind: str
    entries: tuple[Entry, ...] = ()
    children: tuple[Child, ...] = ()
    fault: str = ""


def parse_listing(content: bytes, address: str, media: str = "") -> Listing | None:
    """Return the list that `content` is; None for whatever else it is, such as a page.

    `address` is where it stands, on which its links may build, or the name of a file. Raises FetchError for a list
    that is broken from its start, packed in a broken way or too long.
    """
    from communique.sources import feeds, gdelt, sitemaps

    content = unpacked(content, address)
    kind = root_of(content)
    if kind in _FEEDS:
        return feeds.parse_feed(content, address, media)
    if kind in _SITEMAPS:
        return sitemaps.parse_sitemap(content, address)
    return gdelt.parse_lines(content, address)


def unpacked(content: bytes, name: str) -> bytes:
    """Return a list that comes gzipped, or alone in a zip file, unpacked; anything else as it is."""
    from communique.sources import gdelt
    from communique.sources.body import gunzipped

    try:
        if content.startswith(_GZIP):
            return gunzipped(content, MOST_BYTES)
        if content.startswith(_ZIP) and gdelt.is_list(name):
            return gdelt.unzipped(content, MOST_BYTES)
    except ValueError as error:
        raise FetchError(f"{name} cannot be unpacked: {error}.") from None
    return content


def root_of(content: bytes) -> bytes:
    """Return the name of the first element of an XML document, lower case and without its prefix; empty for others."""
    head = _COMMENT.sub(b"", content[:4000])
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        head = head.decode("utf-16", errors="ignore").encode()
    head = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    match = _ROOT.search(head) if head.startswith(b"<") else None
    return match[1].lower() if match else b""


def day_of(text: str) -> str:
    """Return the ISO day at the start of an ISO date, or of a date as mail has it, as written; "" for others."""
    if match := _DAY.match(text):
        year, month, day = match.groups()
        return f"{year}-{month}-{day}" if _is_day(int(year), int(month), int(day)) else ""
    moment = _mail_date(text)
    return moment.date().isoformat() if moment else ""


def stamp_of(text: str) -> str:
    """Return a moment as UTC, ISO 8601 to the second; a day as its first moment; "" for what is neither.

    A time without a zone is taken as UTC: stamps are compared with each other only.
    """
    text = text.strip()
    if match := _TO_THE_SECOND.fullmatch(text):
        text = "{}-{}-{}T{}:{}:{}Z".format(*match.groups())
    try:
        moment: datetime | None = datetime.fromisoformat(text)
    except ValueError:
        moment = _mail_date(text)
    if moment is None:
        return ""
    try:
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError:
        return ""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment.year >= 1000 else ""


def _mail_date(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        datetime(year, month, day)
    except ValueError:
        return False
    return True
