"""What tests of sources make files of: web archives, pages, texts of our own."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

from communique.records import Failure
from communique.settings import Settings
from communique.sources.files import read_path
from communique.sources.item import RawItem

FIRST = "Norway closed its embassy in Minsk on Monday after a row over fishing rights, the government in Oslo said."
SECOND = "Belarus said it would answer in kind, and called home its own envoy from the Norwegian capital."
PAGE = f"""<!doctype html><html lang="en"><head><title>Norway closes its embassy in Minsk | Northern Star</title>
<meta property="og:site_name" content="Northern Star">
<meta property="article:published_time" content="2022-02-04T10:31:00+01:00">
<script>var menu = "<p>not a paragraph</p>";</script><style>p {{ color: red }}</style></head>
<body><nav><ul><li><a href="/">Home</a></li><li><a href="/world">World</a></li></ul></nav>
<article><h1>Norway closes its embassy in Minsk</h1><p>By Ida Berg</p><p>Share this story</p>
<p>{FIRST}</p><p>READ MORE: Oslo's new course in the Arctic</p><h2>Answer from Minsk</h2>
<p>{SECOND}</p><ul><li>Norway: four diplomats</li><li>Belarus: two diplomats</li></ul></article>
<aside><h3>Most read</h3><p><a href="/x">Sweden expels envoy</a></p></aside>
<div id="comments"><p>I think that this is all wrong, and I have said so before.</p></div>
<footer>© 2022 Northern Star. All rights reserved.</footer></body></html>"""


def response(
    address: str,
    body: bytes,
    *,
    media: str = "text/html; charset=utf-8",
    status: str = "200 OK",
    kind: str = "response",
    headers: str = "",
) -> bytes:
    """Return a record of a web archive, not packed."""
    answer = f"HTTP/1.1 {status}\r\nContent-Type: {media}\r\n{headers}\r\n".encode() + body
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {address}\r\nWARC-Date: 2022-02-05T06:00:00Z\r\n"
        "WARC-Record-ID: <urn:uuid:12345678-1234-1234-1234-123456789012>\r\n"
        f"Content-Type: application/http; msgtype={kind}\r\nContent-Length: {len(answer)}\r\n\r\n"
    )
    return head.encode() + answer + b"\r\n\r\n"


def packed(records: list[bytes]) -> bytes:
    """Return records as a file `.warc.gz` holds them: each packed by itself."""
    return b"".join(gzip.compress(record, mtime=0) for record in records)


def read(path: str | Path, settings: Settings | None = None) -> list[RawItem | Failure]:
    return list(read_path(path, settings or Settings()))


def items(path: str | Path, settings: Settings | None = None) -> list[RawItem]:
    found = read(path, settings)
    assert all(isinstance(item, RawItem) for item in found), found
    return [item for item in found if isinstance(item, RawItem)]


def causes(found: list[RawItem | Failure]) -> Iterator[tuple[str, str]]:
    return ((item.source, item.cause) for item in found if isinstance(item, Failure))
