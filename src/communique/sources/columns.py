"""Which column of a table, or key of an object, holds what of a report.

The user's own choice (`--map text=body`, `Settings.columns`) goes before the names that are common. Names are
compared without case, blanks and signs: `Full Text`, `full_text` and `fullText` are one name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from communique.errors import InputError, unknown
from communique.sources.formats import clean
from communique.sources.item import RawItem

# In the order in which they are tried: the plainest name first, and what is only likely last.
ALIASES: dict[str, tuple[str, ...]] = {
    "text": (
        "text", "content", "body", "fulltext", "articletext", "articlebody", "bodytext", "maintext", "article",
        "articlecontent", "contenttext", "plaintext", "storytext", "story", "newstext", "textcontent", "html",
        "contenthtml", "bodyhtml",
    ),
    "id": ("id", "docid", "articleid", "storyid", "documentid", "itemid", "newsid", "uid", "uuid", "guid"),
    "published": (
        "date", "published", "publishedat", "publisheddate", "publicationdate", "pubdate", "datepublished", "datepubl",
        "publishdate", "publishedon", "publicationtime", "articledate", "dateline", "day", "datetime", "timestamp",
        "firstpublished", "created", "createdat", "datecreated",
    ),
    "title": ("title", "headline", "head", "articletitle", "newstitle", "storytitle"),
    "url": ("url", "link", "articleurl", "sourceurl", "webpage", "weburl", "permalink", "uri", "href", "address"),
    "outlet": (
        "source", "outlet", "publisher", "publication", "sourcename", "publishername", "newspaper", "medium", "media",
        "site", "sitename", "newssource", "domain", "sourcedomain", "hostname",
    ),
    "language": ("language", "lang", "languagecode", "langcode", "sourcelang", "articlelanguage"),
}  # fmt: skip
FIELDS = tuple(ALIASES)
_SHOWN = 20
_SIGNS = re.compile(r"[\W_]+")
# What exports write where there is no day.
_NO_DAY = frozenset(
    ("null", "none", "nan", "nat", "n/a", "#n/a", "na", "nil", "n.d.", "undefined", "unknown", "-", "--", "0000-00-00",
     "0000-00-00 00:00:00")
)  # fmt: skip
_KINDS = {dict: "an object", list: "a list", int: "a number", float: "a number", bool: "true or false"}
_SECONDS = re.compile(r"[0-9]{9,10}(?:\.[0-9]+)?|[0-9]{12,13}")  # since 1970, or thousandths of them


@dataclass(frozen=True, slots=True)
class Columns:
    """The names of the columns that hold a report's fields; `names` maps a field to those to be tried, in order."""

    names: Mapping[str, tuple[str, ...]]

    def get(self, field: str) -> tuple[str, ...]:
        """Return the columns that may hold `field`, the likeliest first."""
        return self.names.get(field, ())


def parse_map(given: Iterable[str]) -> dict[str, str]:
    """Return what `--map text=body,published=date` says, as {field: column}.

    Raises InputError for a field that there is none of, and for what is no pair.
    """
    found: dict[str, str] = {}
    for pair in (p for text in given for p in re.split(r",(?=\s*\w+\s*=)", text)):
        field, sign, column = (part.strip() for part in pair.partition("="))
        if not sign or not column:
            raise InputError(f"--map {pair.strip()!r} is no pair. Write FIELD=COLUMN, as in --map text=body.")
        checked(field)
        found[field] = column
    return found


def checked(field: str) -> str:
    """Return `field` if a report has such a field; raises InputError, with the known ones, if not."""
    if field not in ALIASES:
        raise InputError(unknown("field", field, FIELDS, label="Fields"))
    return field


def columns_of(header: Sequence[str], chosen: Mapping[str, str], origin: str) -> Columns:
    """Return the columns of a table with this `header`.

    Raises InputError, naming the columns that there are, if one that was chosen is missing or none holds the text.
    """
    folded: dict[str, str] = {}
    for name in header:
        folded.setdefault(fold(name), name)
    for field, name in chosen.items():
        if checked(field) and name not in header and fold(name) not in folded:
            raise InputError(f"{origin} has no column {name!r}. It has: {_listed(header)}.")
    names: dict[str, tuple[str, ...]] = {}
    for field, aliases in ALIASES.items():
        wanted = (chosen[field],) if field in chosen else aliases
        names[field] = tuple(
            name if name in header else folded[fold(name)] for name in wanted if name in header or fold(name) in folded
        )
    if not names["text"]:
        raise InputError(f"{origin} has no column for the text. It has: {_listed(header)}. Say --map text=COLUMN.")
    return Columns(names)


def item_of(values: Mapping[str, Any], origin: str, chosen: Mapping[str, str] | None = None) -> RawItem:
    """Return the raw item that an object describes; `chosen` maps fields to keys (`text` to `story.body`).

    Raises InputError if there is no text.
    """
    return row_item(values, _keys_of(tuple(values), tuple((chosen or {}).items())), origin)


@lru_cache(maxsize=256)
def _keys_of(given: tuple[str, ...], chosen: tuple[tuple[str, str], ...]) -> Columns:
    """Return which keys hold what; the objects of a file mostly have the same ones."""
    keys: dict[str, str] = {}
    for key in given:
        keys.setdefault(fold(key), key)
    names: dict[str, tuple[str, ...]] = {}
    for field, aliases in ALIASES.items():
        own = dict(chosen).get(field)
        if own is not None:
            names[field] = (own if own in given else keys.get(fold(own), own),)
        else:
            found = (alias if alias in given else keys.get(fold(alias)) for alias in aliases)
            names[field] = tuple(name for name in found if name is not None)
    return Columns(names)


def row_item(values: Mapping[str, Any], columns: Columns, origin: str) -> RawItem:
    """Return the raw item of a row or object. Raises InputError if it has no text."""
    names = columns.get("text")
    text = next((found for name in names if (found := _at(values, name)) is not None and not _is_nan(found)), None)
    if text is None:
        name = names[0] if names else "text"
        if name in values:
            raise InputError(f"There is nothing under {name!r} (null). Give each report its text, or leave it out.")
        raise InputError(
            f"There is no {name!r}, only {_listed(list(values))}. "
            f"Give each report its text under the key {name!r}, or say --map text=KEY."
        )
    if isinstance(text, bytes):
        text = text.decode("utf-8", errors="replace")
    if not isinstance(text, str):
        name = next(name for name in names if _at(values, name) is not None)
        kind = _KINDS.get(type(text), type(text).__name__)
        raise InputError(f"{name!r} is {kind}, not a string. Give the report's text as a string.")
    return RawItem(
        content=text,
        origin=origin,
        source_id=field_of(values, *columns.get("id")),
        published=_day(field_of(values, *columns.get("published"))),
        title=field_of(values, *columns.get("title")),
        url=field_of(values, *columns.get("url")),
        outlet=field_of(values, *columns.get("outlet")),
        language=field_of(values, *columns.get("language")),
    )


def field_of(values: Mapping[str, Any], *names: str) -> str:
    """Return the first of the fields that says something, as text; numbers are written out, other shapes ignored."""
    for name in names:
        if found := _written(_at(values, name)):
            return found
    return ""


def fold(name: str) -> str:
    """Return the name of a column as names are compared."""
    return _SIGNS.sub("", str(name)).casefold()


def _written(value: Any) -> str:
    if isinstance(value, Mapping):  # {"source": {"id": "...", "name": "..."}}
        value = value.get("name")
    if isinstance(value, float) and (_is_nan(value) or value.is_integer()):
        value = "" if _is_nan(value) else int(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return clean(str(value).strip())
    return ""


def _is_nan(value: object) -> bool:
    """Return whether a value is a number that is none, which pandas writes where there is nothing."""
    return isinstance(value, float) and value != value


def _at(values: Mapping[str, Any], name: str) -> Any:
    """Return the value under the key `name`, or down a path of keys (`story.body`)."""
    if name in values or "." not in name:
        return values.get(name)
    found: Any = values
    for key in name.split("."):
        if not isinstance(found, Mapping):
            return None
        found = found.get(key)
    return found


def _day(text: str) -> str:
    """Seconds since 1970 to the day in UTC, words for no date to none; other forms are left to reading."""
    if text.casefold() in _NO_DAY:
        return ""
    if not _SECONDS.fullmatch(text):
        return text
    number = float(text)
    return datetime.fromtimestamp(number / 1000 if number >= 1e11 else number, tz=UTC).date().isoformat()


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(clean(str(name))[:60] for name in names[:_SHOWN]) or "nothing"
    return shown + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")
