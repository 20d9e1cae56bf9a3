"""The answer of a host: its body read and unpacked within a limit, its media type and character set."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message

import httpx

from communique.errors import FetchError

_CHUNK = 1 << 16
_GZIP = 16 + zlib.MAX_WBITS
_REDIRECTING = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Answer:
    """What one address answered; `leads_to` is the target of a redirect as it stands."""

    status: int
    content: bytes = b""
    media: str = ""
    charset: str = ""
    leads_to: str = ""
    headers: httpx.Headers = field(default_factory=httpx.Headers)


def answer_of(response: httpx.Response, address: str, most: int, *, cut: bool = False) -> Answer:
    """Return the answer of an open response, whose body may be `most` bytes long after unpacking.

    With `cut`, the first `most` bytes of a longer one are returned. Raises httpx.HTTPStatusError for a status that is
    no answer, FetchError for a body that is too long or broken.
    """
    if response.status_code == 304:
        return Answer(304, headers=response.headers)
    if response.status_code in _REDIRECTING:
        target = response.headers.get("Location", "")
        if not target:
            raise FetchError(f"{address} leads elsewhere, but does not say where.")
        return Answer(response.status_code, leads_to=target)
    response.raise_for_status()
    media, charset = _content_type(response.headers.get("Content-Type", ""))
    body = _body(response, address, most, cut)
    return Answer(response.status_code, body, media, charset, headers=response.headers)


def gunzipped(content: bytes, most: int) -> bytes:
    """Return a gzipped file unpacked. Raises ValueError if it is broken, or longer than `most` bytes."""
    return b"".join(_unpacked(iter((content,)), zlib.decompressobj(_GZIP), most))


def _content_type(header: str) -> tuple[str, str]:
    message = Message()
    message["Content-Type"] = header.replace("\n", " ").replace("\r", " ")
    charset = message.get_param("charset", "")
    media = message.get_content_type() if "/" in header else ""
    return media, charset if isinstance(charset, str) else ""


def _body(response: httpx.Response, address: str, most: int, cut: bool) -> bytes:
    packing = response.headers.get("Content-Encoding", "").strip().lower()
    unpackers = {"gzip": _GZIP, "x-gzip": _GZIP, "deflate": zlib.MAX_WBITS}
    if packing not in ("", "identity", *unpackers):
        raise FetchError(f"{address} comes packed as {packing[:20]!r}, which was not asked for.")
    chunks: Iterator[bytes] = response.iter_raw(_CHUNK)
    if packing in unpackers:
        chunks = _unpacked(chunks, zlib.decompressobj(unpackers[packing]), most + 1)
    body = bytearray()
    try:
        for chunk in chunks:
            body += chunk
            if len(body) > most:
                if cut:
                    return bytes(body[:most])
                raise FetchError(
                    f"{address} is longer than {most:,} bytes. Set COMMUNIQUE_WEB_MAX_BYTES higher to fetch it."
                )
    except _TooLong:
        raise FetchError(f"{address} is longer than {most:,} bytes when unpacked.") from None
    except ValueError:
        raise FetchError(f"{address} is broken: it cannot be unpacked.", passing=True) from None
    return bytes(body)


class _TooLong(ValueError):
    pass


def _unpacked(chunks: Iterator[bytes], unpacker: zlib._Decompress, most: int) -> Iterator[bytes]:
    """Yield what `chunks` unpack to, never more than a chunk over `most` bytes. Raises ValueError for broken ones."""
    left = most
    try:
        for chunk in chunks:
            piece = unpacker.decompress(chunk, left + 1)
            left -= len(piece)
            if left < 0:
                raise _TooLong(f"longer than {most} bytes")
            yield piece
    except zlib.error as error:
        raise ValueError(str(error)) from None
    if not unpacker.eof:
        raise ValueError("it breaks off")
