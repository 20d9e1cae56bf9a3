"""Bytes to text, whatever the encoding; what is no text is refused.

The order of trust: a byte order mark; the zero bytes that UTF-16 and UTF-32 leave; UTF-8, also with a little damage;
Windows-1252 if what it gives reads like a western language; the guess of charset-normalizer; Windows-1252 after all.
Windows-1252 comes before the guess because news with a few curly quotes gives a guesser too little to go by.
"""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

from communique.errors import InputError
from communique.sources.formats import clean, refuse_formats

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
# Letters that a wrong single-byte reading leaves inside words (Mac or DOS quotes read as Windows-1252), and signs that
# stand beside letters only in such readings.
_ODD = re.compile(
    r"[a-z][\u00c0-\u00de]|[\u00c0-\u00de]{2}|[A-Za-z][\u00a1\u00a4-\u00a9\u00ac\u00af\u00b1-\u00b9\u00bc-\u00bf\u00d7\u00f7]"
    r"|[\u0080-\u009f]"
)
_FEW = 0.12  # share of letters beyond ASCII up to which a text in Latin letters is the likelier one (French has 0.06)

# Where the zero bytes of western text stand, four bytes at a time; None: either.
_SHAPES: dict[str, tuple[bool | None, ...]] = {
    "utf-32-le": (False, None, True, True),
    "utf-32-be": (True, True, None, False),
    "utf-16-le": (False, True, False, True),
    "utf-16-be": (True, False, True, False),
}
_CONTROL = re.compile(r"[\x01-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_MANY = 0.1  # share of control characters from which a text is no text
_BREAKS = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_GUESSED_FROM = 200_000  # bytes shown to the guesser; more costs time and adds nothing


_DECLARED = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([A-Za-z][\w.:-]{1,30})", re.IGNORECASE)
_DECLARED_WITHIN = 8_192  # bytes from the start of a page
# Names that are taken for wider encodings, as browsers take them; the first is also what a server says that knows none.
_WIDER = {
    "iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932",
    "euc_kr": "cp949", "iso8859-9": "cp1254",
}  # fmt: skip
_NO_PAGES = frozenset({"utf-7", "punycode", "unicode_escape", "raw_unicode_escape"})
_MISREAD = 0.002  # share of bytes that may be wrong in the declared encoding
_TOO_FEW = 4  # letters beyond ASCII that say too little to gainsay a carrier


def decode(content: bytes | str, *, origin: str = "-", charset: str = "") -> str:
    """Return `content` as text with `\\n` line ends, without byte order mark, lone surrogates or control characters.

    A control character and a zero-width space become a space, a lone surrogate U+FFFD, so that only line ends shift
    offsets. `charset` is the encoding that the carrier names, if it names one.
    Raises InputError, naming `origin`, for what is no plain text (NUL bytes, a known file format, markup).
    """
    if isinstance(content, bytes):
        refuse_formats(content, origin=origin)
        content = to_text(content, origin=origin) if not charset else page_text(content, charset)
    text = content
    if "\0" in text or len(_CONTROL.findall(text)) > _MANY * len(text):
        raise InputError(f"{origin} is binary, not text. Give a plain text file.")
    text = _BREAKS.sub("\n", text.removeprefix("\ufeff"))
    return clean(_CONTROL.sub(" ", text).replace("\u200b", " "))


def to_text(content: bytes, *, origin: str = "-") -> str:
    """Return `content` in the encoding it is most likely in, line ends and control characters as they are.

    Raises InputError, naming `origin`, for known binary formats and for markup.
    """
    refuse_formats(content, origin=origin)
    if (text := _marked(content)) is not None:
        return text
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _likeliest(content)


def page_text(content: bytes, charset: str = "") -> str:
    """Return a page in the encoding that it is in, whatever its carrier (`charset`) and its own head say.

    Bytes that are UTF-8 are UTF-8, for no other encoding gives them by chance; only then is anybody believed.
    """
    if (text := _marked(content)) is not None:
        return text
    declared = [_known(name.decode("ascii")) for name in _DECLARED.findall(content[:_DECLARED_WITHIN])[:3]]
    said = [name for name in (_known(charset), *declared) if name]
    if b"\x1b" in content and (shifted := next((name for name in said if name.startswith("iso2022")), "")):
        return content.decode(shifted, errors="replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    # A carrier that says Latin-1 often says so of everything.
    for name in sorted(dict.fromkeys(said), key=lambda name: name == "cp1252"):
        text = _western(content, _TOO_FEW) if name == "cp1252" else content.decode(name, errors="replace")
        if text and text.count("\ufffd") <= _MISREAD * len(content):
            return text
    return _likeliest(content)


def _marked(content: bytes) -> str | None:
    """Return `content` in the encoding that its mark or its zero bytes give away, None if nothing does."""
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, errors="replace")
    encoding = _wide(content)
    return content.decode(encoding, errors="replace") if encoding else None


def _likeliest(content: bytes) -> str:
    """Return what is not UTF-8 in the encoding that it is most likely in."""
    return _damaged_utf8(content) or _western(content) or _guessed(content) or content.decode("cp1252", "replace")


def _known(name: str) -> str:
    """Return the codec for the name of an encoding as pages give it, "" if there is none."""
    try:
        found = codecs.lookup(name).name if name else ""
        b"a\x80".decode(found or "cp1252", errors="replace")
    except (LookupError, UnicodeError):
        return ""
    return "" if found in _NO_PAGES else _WIDER.get(found, found)


def _wide(content: bytes) -> str:
    """Return the name of the UTF-16 or UTF-32 form that the zero bytes show, or the empty string."""
    head = content[:4000]
    if not head or b"\0" not in head:
        return ""
    zeros = [head[i::4].count(0) / max(1, len(head[i::4])) for i in range(4)]
    for name, shape in _SHAPES.items():
        fits = all(
            wanted is None or (share > 0.7 if wanted else share < 0.1)
            for share, wanted in zip(zeros, shape, strict=True)
        )
        if fits and len(content) % (4 if "32" in name else 2) == 0:
            return name
    return ""


def _damaged_utf8(content: bytes) -> str:
    """Return the text if it is UTF-8 with a little damage: more good sequences beyond ASCII than bad ones."""
    text = content.decode("utf-8", errors="replace")
    bad = text.count("\ufffd") - content.count(b"\xef\xbf\xbd")
    good = sum(1 for c in text if c > "\x7f" and c != "\ufffd")
    return text if good > 2 * bad else ""


def _western(content: bytes, allowed: int = 0) -> str:
    """Return the text as Windows-1252 if few of its letters are beyond ASCII and none stands where none can.

    `allowed` letters beyond ASCII are few in the shortest text too.
    """
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        return ""
    high = [c for c in text if c > "\x7f"]
    if sum(1 for c in high if c.isalpha()) > max(allowed, _FEW * len(text)):
        return ""
    odd = sum(1 for _ in _ODD.finditer(text))
    return text if odd <= 0.1 * len(high) else ""


def _guessed(content: bytes) -> str:
    best = from_bytes(content[:_GUESSED_FROM]).best()
    if best is None:
        return ""
    try:
        return content.decode(best.encoding, errors="replace")
    except LookupError:
        return ""
