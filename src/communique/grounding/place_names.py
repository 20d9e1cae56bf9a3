"""Names of places in a sentence: what the gazetteer knows of its words, before anybody says what they mean."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from communique.grounding.words import MONTHS, WEEKDAYS
from communique.knowledge.gazetteer import Gazetteer, Site
from communique.knowledge.place_names import fold_word
from communique.language.tree import Sentence
from communique.records import Span

Form = Literal["name", "abbreviation", "demonym"]
_MOST_WORDS = 9
"""Words that the longest name of a place may have, hyphens included."""
_PLAIN = frozenset({"city", "town", "village"})
_KNOWN_CITY = 300_000
_SMALL = frozenset(
    "of the de la le les los las el al ash ar as az do da dos das del di du der den am an and y e i".split()
)
_PARTY = re.compile(r"(?:R|D|DFL|I)-(?=[A-Z])")
_DAYS = frozenset((*MONTHS, *WEEKDAYS))


@dataclass(frozen=True, slots=True)
class Named:
    """A name at words `first` to `last` of the sentence numbered `sentence`, with all places that it may mean."""

    sentence: int
    first: int
    last: int
    span: Span
    text: str
    key: str
    form: Form
    sites: tuple[Site, ...]


def raw_text(s: Sentence) -> str:
    """Return the sentence as one string with every word at its place (`Sentence.start` is 0 in it)."""
    parts, at = [], s.start
    for word, start, end in zip(s.words, s.starts, s.ends, strict=True):
        parts.append(" " * (start - at) + word)
        at = end
    return "".join(parts)


def find_names(
    s: Sentence, number: int, gazetteer: Gazetteer, words: Mapping[str, frozenset[str]], blocked: Collection[int]
) -> list[Named]:
    """Return the names of places in sentence `s`, the longest at each word, in text order.

    `number` is kept as the sentence's; `blocked` are words that no name may have, because they name somebody else.
    """
    found: dict[int, Named] = {}
    i, count = 0, len(s.words)
    while i < count:
        first = s.words[i][0]
        if not (first.isupper() or (first in "ae" and _article(s, i))):
            i += 1
            continue
        named = _name_at(s, number, gazetteer, words, i)
        if named is None or _taken(named, blocked):
            i += 1
            continue
        if not _of_something_else(s, named, words):
            found[i] = named
        i = named.last + 1
    for named in _abbreviations(s, number, gazetteer, {n.last for n in found.values()}):
        # "Washington, D.C." is one name; of "Ga." nothing else is found.
        if not any(n.first < named.first <= n.last for n in found.values()):
            for inner in [f for f, n in found.items() if named.first <= n.first <= named.last]:
                del found[inner]
            found[named.first] = named
    return [found[i] for i in sorted(found)]


def _taken(named: Named, blocked: Collection[int]) -> bool:
    """Tell whether the words name somebody else; "Hindu Kush" goes on after "Hindu" and is a name of its own."""
    inside = [j for j in range(named.first, named.last + 1) if j in blocked]
    if not inside:
        return False
    return len(inside) > named.last - named.first or named.first - 1 in blocked or named.last + 1 in blocked


def _of_something_else(s: Sentence, n: Named, words: Mapping[str, frozenset[str]]) -> bool:
    """Tell whether the name is part of that of a street, a lake, a hill: "Dublin Road", "Lake Vermont"."""
    after, before = n.last + 1, n.first - 1
    if n.form == "name" and after < len(s) and s.words[after][0].isupper() and s.starts[after] == s.ends[n.last] + 1:
        low = s.words[after].lower()
        # "Dublin Road", "Red River", but "Kansas Highway Patrol", "Texas Forest Service"
        longer = after + 1 < len(s) and s.words[after + 1][0].isupper() and s.starts[after + 1] == s.ends[after] + 1
        if not longer and (low in words["street"] or low in words["feature"]) and not n.key.endswith("county"):
            return True
    if n.form != "name" or before < 0 or not s.words[before][0].isupper() or s.starts[n.first] > s.ends[before] + 1:
        return False
    return s.words[before].lower() in words["feature"] and s.words[before].lower() not in ("hill", "hills", "springs")


def _article(s: Sentence, i: int) -> bool:
    """Tell whether an article written small begins a name: "al-Bab", "el-Arish"."""
    if s.words[i][:3] in ("al-", "el-"):
        return s.words[i][3:4].isupper()
    return (
        s.words[i] in ("al", "el", "ad", "ash")
        and i + 2 < len(s.words)
        and s.words[i + 1] == "-"
        and s.words[i + 2][0].isupper()
    )


def _folded(s: Sentence, i: int, words: Mapping[str, frozenset[str]]) -> tuple[str, dict[int, int]]:
    """Return the words from `i` on as they are looked up, as far as one name can go, and which word ends where."""
    parts, at, ends = [], 0, {}
    for j in range(i, min(i + _MOST_WORDS, len(s.words))):
        word = s.words[j]
        if j > i and not (
            word[0].isupper()
            or not word[0].isalpha()
            or word in _SMALL
            or len(word) == 1
            or word.partition("-")[0] in _SMALL
            or word in words["region"]
            or word in words["body"]
        ):
            break
        if j > i and s.starts[j] > s.ends[j - 1]:
            parts.append(" ")
            at += 1
        folded = fold_word(word)
        if folded:
            parts.append(folded)
            at += len(folded)
            ends[at] = j
    return "".join(parts), ends


def _name_at(
    s: Sentence, number: int, gazetteer: Gazetteer, words: Mapping[str, frozenset[str]], i: int
) -> Named | None:
    text, ends = _folded(s, i, words)
    dash = _PARTY.match(s.words[i])
    skipped = len(fold_word(dash[0])) if dash else 0  # "R-Florence": a member from there
    rest = text[skipped:]
    two = _text(s, i, i + 1) if i + 1 < len(s) and s.words[i + 1][0].isupper() else ""
    if two and (of := gazetteer.demonym(two)):
        return _named(s, number, i, i + 1, fold_word(two), "demonym", of)
    after = s.words[i + 1].lower() if i + 1 < len(s) else ""
    demonym = gazetteer.demonym(s.words[i]) if s.words[i][0].isupper() and len(s.words[i]) > 3 else ()
    for key in reversed(gazetteer.prefixes(rest, s.words[i])):
        last = i if key[0] == "=" else ends.get(skipped + len(key), -1)
        if last < i or not _capital(s, i, last, words) or (last == i and s.words[i].islower()):
            continue
        if s.words[last] in ("'s", "’s") and last - i < 2:
            continue
        if _council(s, key, last, gazetteer):
            continue
        if key in _DAYS or (sites := gazetteer.at(key)) == ():
            continue
        if len(key) <= 4 and s.words[i].isupper() and not _headline(s):
            # "UN" is no town in Gujarat; "OSLO" in capitals is the city
            sites = tuple(x for x in sites if key[0] == "=" or x.kind == "country" or x.population >= _KNOWN_CITY)
            if not sites:
                continue
        if last == i and demonym and after not in words["region"] and not _comma_name(s, i):
            break
        return _named(s, number, i, last, key, "name", sites)
    if not demonym or _language(s, i, words):
        return None
    return _named(s, number, i, i, fold_word(s.words[i]), "demonym", demonym)


def _headline(s: Sentence) -> bool:
    """Tell whether a sentence is written in capitals."""
    return all(w.isupper() for w in s.words if w.isalpha())


def _language(s: Sentence, i: int, words: Mapping[str, frozenset[str]]) -> bool:
    """Tell whether the word is the name of a language ("speaks English", "in Arabic")."""
    if s.words[i].lower() not in words["language"] or s.deps[i] not in ("dobj", "pobj", "conj", "nsubj", "attr"):
        return False
    return s.tags[i] in ("NNP", "NN", "JJ") and not (i and s.words[i - 1].lower() == "the")


def _comma_name(s: Sentence, i: int) -> bool:
    """Tell whether a comma and a name follow ("Canadian, Texas")."""
    return i + 2 < len(s) and s.words[i + 1] == "," and s.words[i + 2][0].isupper()


def _council(s: Sentence, key: str, last: int, gazetteer: Gazetteer) -> bool:
    """Tell whether the last word belongs to what follows: "Dublin City Council" is of Dublin."""
    base, _, word = key.rpartition(" ")
    return (
        word in ("city", "county") and last + 1 < len(s) and s.words[last + 1][0].isupper()
        and s.words[last + 1].lower() not in ("and", "of") and word == "city" and gazetteer.known(base)
    )  # fmt: skip


def _capital(s: Sentence, first: int, last: int, words: Mapping[str, frozenset[str]]) -> bool:
    """Tell whether the words are written as a name: "Gaza strip" is, "Nice weather" is not."""
    return all(
        w[0].isupper() or not w[0].isalpha() or w.partition("-")[0] in _SMALL or len(w) == 1
        or (i > first and (w in words["region"] or w in words["body"]) and w not in _PLAIN and s.words[first] != "The")
        for i, w in enumerate(s.words[first : last + 1], start=first)
    )  # fmt: skip


def _abbreviations(s: Sentence, number: int, gazetteer: Gazetteer, ends: Collection[int]) -> Iterator[Named]:
    """Yield "Ga." and "Calif." and, after one of the names that end at `ends`, ", GA"."""
    if not any("." in w and len(w) > 1 for w in s.words) and not any(len(w) == 2 and w.isupper() for w in s.words):
        return
    pattern, names = gazetteer.abbreviations
    for match in pattern.finditer(raw_text(s)):
        group = 1 if match[1] else 2
        start, end = s.start + match.start(group), s.start + match.end(group)
        inside = [i for i in range(len(s)) if s.starts[i] < end and s.ends[i] > start]
        sites = tuple(
            x for x in gazetteer.sites(names[match[group]])
            if x.country in ("USA", "CAN", "AUS", "PRI") and x.kind in ("region", "capital", "city", "territory")
            and (x.kind != "city" or x.population > 1_000_000)
        )  # fmt: skip
        sites = tuple(x for x in sites if x.kind == "region") or sites
        if match[2] and inside and not (inside[0] > 1 and inside[0] - 2 in ends):
            continue
        if inside and sites:
            yield Named(number, inside[0], inside[-1], (start, end), match[group], "=" + match[group], "abbreviation",
                        sites)  # fmt: skip


def _named(s: Sentence, number: int, first: int, last: int, key: str, form: Form, sites: tuple[Site, ...]) -> Named:
    return Named(number, first, last, s.cut(first, last), _text(s, first, last), key, form, sites)


def _text(s: Sentence, first: int, last: int) -> str:
    """The words as written, with single blanks."""
    parts = [s.words[first]]
    for i in range(first + 1, last + 1):
        parts.append((" " if s.starts[i] > s.ends[i - 1] else "") + s.words[i])
    return "".join(parts)
