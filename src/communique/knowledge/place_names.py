"""How a place's name is written down to be looked up: one form for all its spellings.

"São Tomé", "Sao Tome" and "SAO TOME" are one, and so are "St. Louis" and "Saint Louis", "al-Bab" and "Al Bab". Short
names in capitals ("US", "UAE") are kept apart, because small letters make them other words.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

ABBREVIATION = "="
"""What the key of a name that stands in capitals only begins with."""
_SHORT = 4
_LETTERS = str.maketrans(
    {"ı": "i", "ł": "l", "đ": "d", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ə": "a"}
    | dict.fromkeys("‘’ʼʻʿʾ'`´.")
    | dict.fromkeys("-‐‑‒–", " ")
)
_WORDS = {"saint": "st", "sainte": "ste", "mount": "mt", "fort": "ft", "&": "and"}
_ANY_WORD = re.compile(r"\b(?:saint|sainte|mount|fort)\b|&")


@lru_cache(maxsize=20_000)
def fold_word(word: str) -> str:
    """Return a word, or a piece of one, without case, diacritics, periods and apostrophes; hyphens become blanks."""
    low = word.lower()
    if not low.isascii():
        low = "".join(c for c in unicodedata.normalize("NFKD", low) if not unicodedata.combining(c))
    low = low.translate(_LETTERS)
    return _WORDS.get(low, low)


@lru_cache(maxsize=20_000)
def fold(name: str) -> str:
    """Return the form of a whole name under which it is looked up."""
    low = " ".join(fold_word(name).split())
    return _ANY_WORD.sub(lambda m: _WORDS[m[0]], low)


def abbreviation(name: str) -> str:
    """Return the key of a short name in capitals ("U.S." and "US" alike), empty if it is none."""
    bare = name.replace(".", "")
    return ABBREVIATION + bare if bare.isupper() and bare.isalpha() and 2 <= len(bare) <= _SHORT else ""


def keys_of(name: str) -> tuple[str, ...]:
    """Return the keys of a name: one, or none for a name without a letter."""
    key = abbreviation(name) or fold(name)
    return (key,) if key.strip(" ,") else ()
