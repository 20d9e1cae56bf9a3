"""The language that a text is in, where its source does not say.

A text is looked at in pieces, spread over it, and each piece has one vote, weighed by its letters: a long quotation in
another language does not carry a report with it. A piece counts as another language than the expected one only if the
model is sure of it both with its names and without them: short reports full of foreign names are English. The
thresholds were measured on news in English and on sentences in twenty languages, see docs/notes/sources.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache
from math import exp
from typing import Any

_PIECE = 200  # characters
_PIECES = 12
_LATIN_ENDS = "\u024f"
_LATIN_MORE = frozenset(map(chr, range(0x1E00, 0x1F00)))
_SURE = exp(2.0)  # how much likelier than the expected language another one must be
_LEAST = 1e-9
_COMMON = {"en": frozenset({"the", "of", "and"})}  # a sixth of English, and no part of any other language
_SHOWS = 0.07  # share of them in a piece, from which on it is English
_UNSAID = frozenset({"", "und", "mul", "zxx", "mis", "unknown", "none", "null", "nan", "n/a", "other"})
# What the model knows under several names, or what is no language of news and only draws short texts to itself.
_SAME = {"pcm": "en", "nn": "no", "nb": "no", "wuu": "zh", "yue": "zh", "arz": "ar", "ary": "ar", "sdh": "ku"}
_LEFT_OUT = frozenset(
    "zxx la sa eo vo an ext jv hbo grc gcf gcr bcl ace guw kab lij ltg vec wa qu gug br fy fo oc crh fuv kik gom se"
    .split()
)  # fmt: skip


def language_code(given: str) -> str:
    """Return the ISO 639-1 code of a language as sources name it (`en-GB`, `eng`, `English`); "" for what says none.

    What is neither a code nor a name that is known is returned as it is, in small letters: it is not ours to guess at.
    """
    name = given.strip().casefold().replace("_", "-")
    found = _names().get(name) or _names().get(name.partition("-")[0]) or name.partition("-")[0]
    return "" if found in _UNSAID else found


def language_of(pieces: Sequence[str], expected: str) -> str:
    """Return the ISO 639-1 code of the language in which most of the text is; `expected` where nothing speaks
    clearly for another one. (A language without a code of two letters gets that of three.)
    """
    votes: Counter[str] = Counter()
    doubtful: list[tuple[str, int]] = []
    for piece in _sample(pieces):
        letters = sum(map(str.isalpha, piece))
        if _is_plain(piece, expected):
            votes[expected] += letters
        else:
            doubtful.append((piece, letters))
    if votes[expected] < sum(letters for _, letters in doubtful):
        for piece, letters in doubtful:
            votes[_piece_language(piece, expected)] += letters
    best = max(votes.values(), default=0)
    return expected if votes[expected] == best else next(code for code, count in votes.items() if count == best)


def _sample(pieces: Sequence[str]) -> list[str]:
    """Return up to `_PIECES` stretches of the text, spread evenly over it; none goes over the end of a paragraph."""
    found = [text[at : at + _PIECE] for text in pieces for at in range(0, len(text), _PIECE)]
    if len(found) <= _PIECES:
        return found
    return [found[i * (len(found) - 1) // (_PIECES - 1)] for i in range(_PIECES)]


def _is_plain(text: str, expected: str) -> bool:
    """Return whether the commonest words of the expected language show it at once, and no model has to be asked."""
    words = text.casefold().split()
    common = _COMMON.get(expected, frozenset())
    return sum(word in common for word in words) > _SHOWS * len(words)


def _piece_language(text: str, expected: str) -> str:
    text = _of_one_script(text)
    if not any(map(str.isalpha, text)):
        return expected
    found, odds = _likeliest(text, expected)
    if found == expected or odds < _SURE:
        return expected
    plain = " ".join(word for word in text.split() if not any(map(str.isupper, word)))
    if plain and plain != text and (again := _likeliest(plain, expected))[0] != expected:
        return found if again[1] >= _SURE else expected
    return expected if plain != text else found


def _of_one_script(text: str) -> str:
    """Return the words in Latin letters, or those in others, whichever are more: to the model the others are louder."""
    if text.isascii():
        return text
    other = [
        word for word in text.split() if any(c > _LATIN_ENDS and c.isalpha() and c not in _LATIN_MORE for c in word)
    ]
    if not other:
        return text
    most = sum(map(len, other))
    rest = [word for word in text.split() if word not in set(other)]
    return " ".join(other if 2 * most > sum(map(len, rest)) + most else rest)


def _likeliest(text: str, expected: str) -> tuple[str, float]:
    """Return the likeliest language of `text`, and how many times as likely as the expected one it is."""
    chances: Counter[str] = Counter()
    for code, chance in _identifier().rank(text):
        chances[_SAME.get(code, code)] += chance
    best = max(chances, key=lambda code: chances[code])
    return best, chances[best] / max(chances[expected], _LEAST)


@cache
def _names() -> dict[str, str]:
    """Return the codes of two letters by the codes of three and by the names in English and in the language itself."""
    import csv
    from importlib.resources import files

    text = files("communique.reading").joinpath("languages.csv").read_text(encoding="utf-8")
    rows = csv.reader(line for line in text.splitlines() if line and not line.startswith("#"))
    return {name.casefold(): code for code, *names in rows for name in (code, *names) if name}


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    model = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    model.set_languages(set(model.labels) - _LEFT_OUT)
    return model
