"""What hostile bytes are thrown at: each way by which a file from outside comes into the program.

A target reads bytes as a user's file would be read, to the end, and on to the report that would be coded. It may say
that they are no such file (a CommuniqueError, or a Failure among the items); anything else that is raised is a fault of
ours, and so is an answer that breaks a promise: a text with lone surrogates, a block outside its text.
"""

from __future__ import annotations

import gzip
import io
import json
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from communique.errors import CommuniqueError
from communique.knowledge import load_knowledge
from communique.knowledge.furniture import FurnitureBook
from communique.reading import read_item
from communique.records import Failure
from communique.settings import Settings
from communique.sources.files import read_path
from communique.sources.item import RawItem
from communique.sources.listing import parse_listing
from communique.sources.robots import parse_rules

_MEMORY = Path("/dev/shm")
_MOST_ITEMS = 50  # of one file: many small ones show nothing more
TEXT = "Norway closed its embassy in Minsk on Monday, the government in Oslo said. Belarus called home its own envoy."
ROW = {"id": "1", "text": TEXT, "date": "2022-02-04"}
PAGE = (
    f"<!doctype html><html lang='en'><head><title>Embassy</title></head><body><p>{TEXT}</p><p>{TEXT}</p></body></html>"
)


@dataclass(frozen=True, slots=True)
class Target:
    """What is done with the bytes, and files from which a fuzzer may start."""

    run: Callable[[bytes], None]
    seeds: Callable[[], Iterator[bytes]]


@cache
def _settings() -> Settings:
    return Settings(max_report_chars=200_000)


@cache
def _furniture() -> FurnitureBook:
    return load_knowledge().furniture


def read(item: RawItem) -> None:
    """Read an item as a report."""
    try:
        document = read_item(item, furniture=_furniture(), settings=_settings())
    except CommuniqueError:
        return
    text = document.report.text
    text.encode("utf-8")  # no lone surrogates
    assert all(0 <= b.start < b.end <= len(text) for b in document.blocks), "a block outside its text"


def as_file(content: bytes, suffix: str) -> None:
    """Read the bytes as a file with this suffix."""
    with tempfile.TemporaryDirectory(dir=_MEMORY if _MEMORY.is_dir() else None) as folder:
        path = Path(folder) / f"a.{suffix}"
        path.write_bytes(content)
        try:
            for number, item in enumerate(read_path(path, _settings())):
                if number >= _MOST_ITEMS:
                    break
                if isinstance(item, Failure):
                    assert item.cause, "a failure without a cause"
                else:
                    read(item)
        except CommuniqueError as error:
            assert str(error), "an error without a sentence"
        assert [*Path(folder).iterdir()] == [path], "something was written beside the file"


def listing(content: bytes) -> None:
    """Read the bytes as a feed, a sitemap or a list of articles that a site gave."""
    try:
        found = parse_listing(content, "http://site.example/list.xml")
    except CommuniqueError:
        return
    for entry in found.entries if found is not None else ():
        assert entry.address.startswith(("http://", "https://")), entry.address


def robots(content: bytes) -> None:
    """Read the bytes as what a site says of who may read it."""
    rules = parse_rules(content)
    assert rules.delay >= 0
    try:
        rules.check("http://site.example/private/1.html", "http://site.example")
    except CommuniqueError:
        return


def _texts() -> Iterator[bytes]:
    yield f"OSLO, Feb 4 (Wire) - {TEXT}\n\nShare this\n\nBy Ida Berg\n\n© 2022 Northern Star".encode()
    yield TEXT.encode("utf-16")
    yield "“Caf锓 said.\r\n".encode("cp1252", "replace")


def _jsonl() -> Iterator[bytes]:
    yield f"{json.dumps(ROW)}\n{json.dumps(ROW | {'id': 2})}\n".encode()


def _csv() -> Iterator[bytes]:
    yield f'id,text,date\n1,"{TEXT}",2022-02-04\n'.encode()
    yield f"id\ttext\n1\t{TEXT}\n".encode("utf-16")


def _warc() -> Iterator[bytes]:
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE.encode()
    head = "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://site.example/1\r\n"
    record = (
        f"{head}Content-Type: application/http\r\nContent-Length: {len(answer)}\r\n\r\n".encode() + answer + b"\r\n\r\n"
    )
    yield record + record
    yield gzip.compress(record, mtime=0)


def _zip() -> Iterator[bytes]:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as made:
        made.writestr("a/1.txt", TEXT)
        made.writestr("../2.html", PAGE)
    yield whole.getvalue()


def _pdf() -> Iterator[bytes]:
    stream = f"BT /F1 12 Tf 72 700 Td ({TEXT}) Tj ET".encode()
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Arial>>",
    ]
    body = b"".join(b"%d 0 obj%s endobj\n" % (number, part) for number, part in enumerate(parts, 1))
    yield b"%PDF-1.4\n" + body + b"trailer<</Root 1 0 R>>\n%%EOF"


def _lists() -> Iterator[bytes]:
    entry = "<title>Embassy</title><link>http://site.example/1</link><pubDate>Fri, 04 Feb 2022 10:00:00 GMT</pubDate>"
    yield f"<?xml version='1.0'?><rss version='2.0'><channel><item>{entry}</item></channel></rss>".encode()
    atom = "<entry><link href='/2'/><updated>2022-02-04</updated></entry>"
    yield f"<feed xmlns='http://www.w3.org/2005/Atom'>{atom}</feed>".encode()
    yield b"<urlset><url><loc>http://site.example/3</loc><lastmod>2022-02-04</lastmod></url></urlset>"
    yield b"<sitemapindex><sitemap><loc>http://site.example/s.xml</loc></sitemap></sitemapindex>"


def _robots() -> Iterator[bytes]:
    yield b"User-agent: *\nCrawl-delay: 5\nDisallow: /private/*.html$\nSitemap: http://site.example/s.xml\n"


TARGETS: Mapping[str, Target] = {
    "text": Target(partial(as_file, suffix="txt"), _texts),
    "page": Target(partial(as_file, suffix="html"), lambda: iter([PAGE.encode()])),
    "jsonl": Target(partial(as_file, suffix="jsonl"), _jsonl),
    "csv": Target(partial(as_file, suffix="csv"), _csv),
    "warc": Target(partial(as_file, suffix="warc.gz"), _warc),
    "zip": Target(partial(as_file, suffix="zip"), _zip),
    "pdf": Target(partial(as_file, suffix="pdf"), _pdf),
    "list": Target(listing, _lists),
    "robots": Target(robots, _robots),
}
