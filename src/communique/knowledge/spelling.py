"""One key for the spellings in which English reports print one foreign name: "Mohammed" and "Mohamad", "Sergey"
and "Sergei", "al-Maliki" and "Maliki".

The rules are those by which transliterations from Arabic, Persian, Cyrillic and Chinese differ in the press. The key is
compared only where no list has the name as it is written, and only for names of two words or more.
"""

from __future__ import annotations

import re
from functools import lru_cache

from communique.knowledge.phrases import without_accents

_ARTICLES = re.compile(r"\b(?:a[lnrstdz]|ash?|el|ul)[- ](?=[a-z]{3})")
_RULES = tuple(
    (re.compile(pattern), by)
    for pattern, by in (
        (r"['`ʿʾ]", ""), (r"\bm[ou]ham+[ae]d\b", "mhmd"), (r"\bye(?=[a-z]{3})", "e"), (r"\byu(?=[a-z]{3})", "iu"),
        (r"sch", "sh"), (r"tch|tsch", "ch"), (r"x", "ks"), (r"kh|q|ck|gh?", "k"), (r"dh", "d"), (r"ph", "f"),
        (r"th", "t"),
        (r"dj|dzh|zh", "j"), (r"ts|tz|z", "s"), (r"c(?![h])", "k"), (r"w", "v"), (r"ou|oo", "u"),
        (r"ee|ey|ei|ie|iy|yi|y|ai|ay", "i"), (r"ah\b", "a"), (r"ova\b", "ov"), (r"o(?=a)", ""),
        (r"[eo](?=[^aeiou])", ""), (r"i+", "i"), (r"u", ""), (r"(.)\1", r"\1"),
    )
)  # fmt: skip


@lru_cache(maxsize=20_000)
def alike(name: str) -> str:
    """Return the key of a name: equal for its common spellings. It is no spelling that anybody uses."""
    key = _ARTICLES.sub("", without_accents(name).lower()).replace("-", " ")
    for pattern, by in _RULES:
        key = pattern.sub(by, key)
    return " ".join(key.split())
