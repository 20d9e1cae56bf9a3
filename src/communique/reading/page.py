"""A page of HTML to the text of its article and what the page says of it.

What is an article is trafilatura's decision, with precision before recall; days are htmldate's, from what the page
declares and never from a guess. Its furniture is looked for afterwards, as in every text (`reading.classify`).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from communique.reading.markup import reduced, text_of
from communique.sources.formats import clean

_EARLIEST = "1900-01-01"
# htmldate refuses days after this one. Today would make the answer depend on the day on which it is asked for.
_LATEST = "2100-01-01"
_WEB = ("http://", "https://")


@dataclass(frozen=True, slots=True)
class Page:
    """The text of an article, with a blank line between paragraphs, and what its page says of it ("" if nothing)."""

    text: str
    title: str = ""
    url: str = ""
    outlet: str = ""
    published: str = ""


def read_page(html: str, *, origin: str, url: str = "", latest: str = "", told: bool = True) -> Page | None:
    """Return the article on a page, None if there is none.

    With `told`, also what the page says of it, which takes as long again. `url` is where it was fetched; `latest`
    (ISO) the day on which it was, than which no report on it is younger.
    Raises InputError, naming `origin`, if the page is too large to be looked through.
    """
    found = _extracted(reduced(html, origin), url, latest or _LATEST, told)
    text = text_of(found.body) if found is not None and found.body is not None else ""
    if not text:
        return None
    canonical = clean(found.url or "")
    return Page(
        text=text,
        title=" ".join(clean(found.title or "").split()),
        url=url or (canonical if canonical.startswith(_WEB) else ""),
        outlet=" ".join(clean(found.sitename or "").split()),
        published=found.date or "",
    )


def _extracted(html: str, url: str, latest: str, told: bool) -> Any:
    logging.getLogger("trafilatura").addHandler(logging.NullHandler())  # what it warns of, a Failure says
    logging.getLogger("htmldate").addHandler(logging.NullHandler())

    from lxml import etree
    from trafilatura import bare_extraction

    try:
        return bare_extraction(
            html,
            url=url or None,
            favor_precision=True,
            include_comments=False,
            include_tables=False,
            with_metadata=told,
            date_extraction_params={
                "original_date": True, "extensive_search": False, "min_date": _EARLIEST, "max_date": latest,
            },
        )  # fmt: skip
    except (etree.LxmlError, ValueError, TypeError, AttributeError, KeyError, IndexError, RecursionError):
        return None  # a page that the library stumbles over has no article that can be found
