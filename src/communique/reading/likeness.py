"""How alike two reports are: a small value of each, from which copies are found and told from reports of their own.

A text is cut into shingles, runs of words (of characters where a script has no spaces), and three things are kept:

    keys    places in an index where copies meet: the slots of a MinHash signature (Broder 1997) over shingles of five
            words, of the whole text and of its head. Two texts meet in a slot as often as they share shingles (Indyk
            and Motwani 1998); long shingles keep apart what has common phrases only.
    words   a FracMinHash sketch (Irber et al. 2022) of shingles of three words: which share of one text the other
            has, also where one is much longer than the other.
    facts   the same of its names and numbers, each with the next one in the text: reports by one form with other
            countries and figures share most of their words, but not these.

Nothing here depends on the machine, the version of Python or the texts seen before.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING
from zlib import crc32

from communique.records import Report

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Hashes = npt.NDArray[np.uint64]

# Tuned on seed 1 of tools/story_set.py; docs/notes/stories.md says what other values gave.
WHOLE_KEYS, HEAD_KEYS = 8, 3
KEY_BITS = 48
_HEAD = 64  # shingles of the head
_SIGNED, _COMPARED = 5, 3  # words in a shingle of the signature and of the sketch
_SIGNED_SIGNS, _COMPARED_SIGNS = 9, 5  # characters, where a script has no spaces
_SKETCH, _FACTS = 128, 64  # hashes kept at most: a likeness stays below 1 KB
_SEED = 1997
# By these the words of a shingle are multiplied, so that their order counts: splitmix64 of 1 to 9, made odd.
_FACTORS = (
    0xE220A8397B1DCDAF, 0x6E789E6AA1B965F5, 0x06C45D188009454F, 0xF88BB8A8724C81ED, 0x1B39896A51A8749B,
    0x53CB9F0C747EA2EB, 0x2C829ABE1F4532E1, 0xC584133AC916AB3D, 0x3EE5789041C98AC3,
)  # fmt: skip

# Han, Kana, Thai, Lao, Burmese and Khmer are written without spaces between words: each sign is taken by itself.
_SIGN = (
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    r"\uf900-\ufaff\U00020000-\U0003ffff]"
)
_TOKEN = re.compile(rf"\d+(?:[.,:/]\d+)*\w*|{_SIGN}|(?:(?!{_SIGN})\w)+")
_SIGNS = re.compile(_SIGN)
_SENTENCE_ENDS = frozenset('.!?:"“”«»‘([•*\n\r\u2029')


@dataclass(frozen=True, slots=True)
class Sketch:
    """Of `size` hashes those below 2**32 / `scale`, sorted, as 32-bit numbers in `values` (little-endian)."""

    size: int
    scale: int
    values: bytes

    def hashes(self, scale: int) -> set[int]:
        """Return the hashes as a sketch of this scale, which may not be less than its own, would hold them."""
        found = struct.unpack(f"<{len(self.values) // 4}I", self.values)
        if scale == self.scale:
            return set(found)
        most = 2**32 // scale
        return {each for each in found if each < most}


@dataclass(frozen=True, slots=True)
class Likeness:
    """What is kept of a report's words: below 1 KB, compared by `alike`.

    `exact` is a hash of the words in their order, whatever their case. `head` holds 16-bit hashes of the first
    shingles. `cased` tells whether names can be told by their capitals. `keys` are 48-bit numbers.
    """

    exact: int
    words: Sketch
    facts: Sketch
    head: bytes
    cased: bool
    keys: tuple[int, ...]

    def packed(self) -> bytes:
        """Return all but the keys as bytes, for a file; `unpacked` reads them back."""
        parts = (self.words.values, self.facts.values, self.head)
        sizes = (self.words.size, self.words.scale, self.facts.size, self.facts.scale, *map(len, parts))
        return _PACKED.pack(self.exact, self.cased, *sizes) + b"".join(parts)


_PACKED = struct.Struct("<Q?IIIIHHH")


def unpacked(content: bytes) -> Likeness:
    """Return a likeness, without its keys, from what `Likeness.packed` gave."""
    exact, cased, size, scale, facts, facts_scale, *lengths = _PACKED.unpack_from(content)
    first = _PACKED.size
    second, third = first + lengths[0], first + lengths[0] + lengths[1]
    return Likeness(
        exact, Sketch(size, scale, content[first:second]), Sketch(facts, facts_scale, content[second:third]),
        content[third : third + lengths[2]], cased, (),
    )  # fmt: skip


def told_text(report: Report) -> str:
    """Return the text of a report without what is in `removed`: the words by which it is compared with others."""
    kept: list[str] = []
    at = 0
    for removed in report.removed:
        found = report.text.find(removed.span_text, at)
        if found < 0:
            continue
        kept.append(report.text[at:found])
        at = found + len(removed.span_text)
    return "\n".join((*kept, report.text[at:]))


def likeness(text: str) -> Likeness:
    """Return what is kept of `text` to find its copies; the same for the same text everywhere."""
    import numpy as np

    found = [(match[0], match.start()) for match in _TOKEN.finditer(text)]
    tokens = [token.casefold() for token, _ in found]
    exact = int.from_bytes(blake2b(" ".join(tokens).encode("utf-8", "surrogatepass"), digest_size=8).digest())
    signs = 2 * sum(1 for token in tokens if _SIGNS.match(token)) > len(tokens)
    numbers = {token: crc32(token.encode("utf-8", "surrogatepass")) for token in set(tokens)}
    hashed = np.array([numbers[token] for token in tokens], dtype=np.uint64)
    compared = _shingles(hashed, _COMPARED_SIGNS if signs else _COMPARED)
    signed = _shingles(hashed, _SIGNED_SIGNS if signs else _SIGNED)
    facts, cased = _facts(text, found)
    return Likeness(
        exact, _sketch(compared, _SKETCH), _sketch(_shingles(facts, 2), _FACTS),
        (compared[:_HEAD] >> np.uint64(48)).astype("<u2").tobytes(), cased, _keys(signed),
    )  # fmt: skip


def _shingles(hashed: Hashes, length: int) -> Hashes:
    """Return a hash of each run of `length` numbers, in order; of all of them where there are fewer."""
    import numpy as np

    length = min(length, len(hashed))
    if not length:
        return hashed
    last = len(hashed) - length + 1
    summed = hashed[:last] * np.uint64(_FACTORS[0])  # numpy counts modulo 2**64 without a word
    for place in range(1, length):
        summed += hashed[place : place + last] * np.uint64(_FACTORS[place])
    return _mixed(summed)


def _mixed(values: Hashes) -> Hashes:
    """Return the numbers after the last steps of splitmix64 (Steele, Lea and Flood 2014): every bit depends on all."""
    import numpy as np

    values ^= values >> np.uint64(30)
    values *= np.uint64(0xBF58476D1CE4E5B9)
    values ^= values >> np.uint64(27)
    values *= np.uint64(0x94D049BB133111EB)
    values ^= values >> np.uint64(31)
    return values


def _sketch(hashes: Hashes, most: int) -> Sketch:
    """Return the sketch with the least scale, a power of two, that keeps `most` hashes at most."""
    import numpy as np

    distinct = np.unique(hashes >> np.uint64(32))
    scale = 1
    while (kept := int(np.searchsorted(distinct, 2**32 // scale))) > most:
        scale *= 2
    return Sketch(len(distinct), scale, distinct[:kept].astype("<u4").tobytes())


def _keys(signed: Hashes) -> tuple[int, ...]:
    """Return where texts with these shingles are looked for. Of a text without words, nowhere."""
    if not len(signed):
        return ()
    import numpy as np
    from rensa import RMinHash

    content = signed.astype("<u8").tobytes()
    shingles = [content[at : at + 8] for at in range(0, len(content), 8)]
    slots: list[int] = []
    for some, number in ((shingles, WHOLE_KEYS), (shingles[:_HEAD], HEAD_KEYS)):
        signature = RMinHash(num_perm=number, seed=_SEED)
        signature.update(some)
        slots += signature.digest()
    # Mixed, they lie evenly in the index.
    mixed = _mixed(np.array([slot << 32 | value for slot, value in enumerate(slots)], dtype=np.uint64))
    return tuple((mixed >> np.uint64(64 - KEY_BITS)).tolist())


def _facts(text: str, tokens: Sequence[tuple[str, int]]) -> tuple[Hashes, bool]:
    """Return hashes of the numbers and of the words that are capital within a sentence, and whether capitals tell."""
    import numpy as np

    words = [token for token, _ in tokens if token[0].isalpha()]
    capital = sum(1 for word in words if word[0].isupper())
    cased = capital > 0 and 2 * capital < len(words)
    kept: list[int] = []
    for token, start in tokens:
        first = token[0]
        if first.isdigit() or (cased and first.isupper() and not _opens(text, start)):
            kept.append(crc32(token.casefold().encode("utf-8", "surrogatepass")))
    return np.array(kept, dtype=np.uint64), cased


def _opens(text: str, start: int) -> bool:
    """Whether the word at `start` opens a sentence, where a capital says nothing."""
    before = start - 1
    while before >= 0 and text[before] in " \u00a0":
        before -= 1
    return before < 0 or text[before] in _SENTENCE_ENDS
