"""What the words beside a name say of it: that it is a place, that it is a region, in what it lies."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from communique.grounding.place_names import Named
from communique.knowledge.gazetteer import Gazetteer, Site, lies_in
from communique.knowledge.place_names import fold_word
from communique.language.tree import Sentence

_NAME_TAGS = ("NNP", "NNPS")
_JOINING = ((",",), ("in",), (",", "in"), ("(",))
_PARTS = frozenset("north south east west centre center northeast northwest southeast southwest heart middle".split())
_LISTING = ((",",), ("and",), (",", "and"), ("or",))
_LARGE = frozenset({"country", "territory", "region", "area", "district"})
_NEVER, _WORD, _PERSON, _NONE = 3, 2, 1, 0


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is said of a name.

    `located`: that it is a place (0 nothing, 1 hinted, 2 said). `region`: the kinds that the word for a region beside
    it means. `around`: what it lies in by the text ("Paris, Texas"), `inside`: the places of the name there. `civic`:
    that something follows which only a town has ("Jordan elementary"). `compound`: that it stands among words that
    make one name with it, `followed`: that the next of them is like a surname ("Shiraz Maher").
    """

    located: int
    region: tuple[str, ...]
    around: tuple[Site, ...] = ()
    inside: tuple[Site, ...] = ()
    civic: bool = False
    compound: bool = False
    followed: bool = False


def evidence(s: Sentence, names: Sequence[Named], n: int, gazetteer: Gazetteer, *, dateline: bool) -> Evidence:
    """Read the words around the name `names[n]` of the sentence `s`."""
    named, words = names[n], gazetteer.words
    around, inside = _around(s, names, n)
    region = _region_kinds(s, named, words)
    located = 2 if inside or region or dateline else _located(s, named, words)
    if n > 0 and names[n - 1].last + 2 >= named.first and located < 2:
        outer, _ = _around(s, names, n - 1)
        if any(x in named.sites for x in outer):
            located = 2
    if located < 2 and any(_listed(s, *pair, gazetteer) for pair in _neighbours(names, n)):
        located = 2
    return Evidence(
        located,
        region,
        around,
        inside,
        _before(s, named, words["urban"]),
        _compound(s, named, words),
        _followed(s, named, gazetteer),
    )


def _neighbours(names: Sequence[Named], n: int) -> Iterator[tuple[Named, Named, Named]]:
    """Yield the name before and the name after, each as (one, two, the other than `names[n]`)."""
    if n > 0:
        yield names[n - 1], names[n], names[n - 1]
    if n + 1 < len(names):
        yield names[n], names[n + 1], names[n + 1]


def _listed(s: Sentence, one: Named, two: Named, other: Named, gazetteer: Gazetteer) -> bool:
    """Tell whether "one and two" are a list, and the other of them a name that is nothing but a place."""
    between = s.words[one.last + 1 : two.first]
    return between in _LISTING and other.form == "name" and guard(other.key, gazetteer) == _NONE


def _located(s: Sentence, named: Named, words: Mapping[str, frozenset[str]]) -> int:
    after, before = named.last + 1, named.first - 1
    if before >= 0 and s.words[before].lower() == "the":
        before -= 1
    word = s.words[before].lower() if before >= 0 else ""
    if word in words["static"] or word == "into":
        return 2
    if word == "of" and before > 0 and s.words[before - 1].lower() in words["town"]:
        return 2
    # "in downtown Arlington", "in northern Idlib", "in nearby Gori", "southwest of Brandon"
    nearby = before > 0 and s.words[before].islower() and s.pos[before] in ("ADJ", "NOUN", "ADV")
    if nearby and s.words[before - 1].lower() in words["static"]:
        return 2
    if word == "of" and before > 0 and s.words[before - 1].lower() in words["direction"]:
        return 2
    if _before(s, named, words["civic"]):
        return 2
    if _joined_to_place(s, named, words):
        return 2
    if word in words["locative"]:
        return 1
    if after < len(s) and s.words[after].lower() in words["body"]:
        return 1
    return 0


def _compound(s: Sentence, named: Named, words: Mapping[str, frozenset[str]]) -> bool:
    """Tell whether the name stands among other words in capitals that make one name with it ("Hoda Muthana")."""
    before, after = named.first - 1, named.last + 1
    if after < len(s) and _joined(s, after, named.last) and s.heads[named.last] > named.last:
        low = s.words[after].lower()
        if low not in words["body"] and low not in words["civic"]:
            return True
    if before < 0 or not _joined(s, named.first, before) or s.words[before].lower() in words["static"]:
        return False
    if before == 0 and s.pos[before] not in ("PROPN", "X"):
        return False
    return s.tags[before] in _NAME_TAGS and s.heads[before] >= named.first


def _followed(s: Sentence, named: Named, gazetteer: Gazetteer) -> bool:
    """Tell whether a surname follows: a word in capitals that is no English one ("Shiraz Maher", "Berlin Wall")."""
    after = named.last + 1
    if after >= len(s) or not _joined(s, after, named.last) or s.tags[after] not in _NAME_TAGS:
        return False
    key = fold_word(s.words[after])
    return len(key) > 2 and not gazetteer.named_also(key, "english") and not gazetteer.named_also(key, "word")


def _joined(s: Sentence, second: int, first: int) -> bool:
    return s.words[second][0].isupper() and s.words[first][0].isupper() and s.starts[second] == s.ends[first] + 1


def _before(s: Sentence, named: Named, wanted: frozenset[str]) -> bool:
    after = named.last + 1
    return after < len(s) and s.starts[after] == s.ends[named.last] + 1 and s.words[after].lower() in wanted


def _joined_to_place(s: Sentence, named: Named, words: Mapping[str, frozenset[str]]) -> bool:
    """Tell whether the name is an item of a list that stands after a preposition of place."""
    i = named.last
    for _ in range(6):
        if s.deps[i] not in ("conj", "appos") or s.heads[i] == i:
            break
        i = s.heads[i]
    if i == named.last:
        return False
    head = s.heads[i]
    return s.deps[i] == "pobj" and s.words[head].lower() in words["static"]


def _region_kinds(s: Sentence, named: Named, words: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    """Return the kinds of place that the word beside the name means ("Aleppo province", "the state of Georgia")."""
    word, after = "", named.last + 1
    if after < len(s) and s.starts[after] == s.ends[named.last] + 1:
        word = s.words[after].lower()
        # "Columbia State Community College", "Kansas State University" are of no state
        if word == "state" and after + 1 < len(s) and s.words[after][0].isupper() and s.words[after + 1][0].isupper():
            return ()
    if word not in words["region"]:
        word = _shared_word(s, named, words)
    before = named.first - 1
    if not word and before > 0 and s.words[before].lower() == "of" and s.words[before - 1].lower() in words["region"]:
        word = s.words[before - 1].lower()
    if word in ("county", "counties", "parish", "district", "districts"):
        return ("district", "region")
    if word in ("state", "states", "territory"):
        return ("region", "territory")
    return ("region", "district", "area", "territory") if word else ()


def _shared_word(s: Sentence, named: Named, words: Mapping[str, frozenset[str]]) -> str:
    """Return the word for regions at the end of a list that the name is in ("Barrow, Jackson and Hall counties")."""
    i = named.last + 1
    while i < len(s) and (s.words[i] in (",", "and", "or") or s.words[i][0].isupper()) and i < named.last + 14:
        i += 1
    word = s.words[i].lower() if i < len(s) else ""
    plural = word.endswith("s") and word in words["region"]
    return word if plural and i > named.last + 1 else ""


def _around(s: Sentence, names: Sequence[Named], n: int) -> tuple[tuple[Site, ...], tuple[Site, ...]]:
    """Return what "Paris, Texas" and "Tripoli in Libya" name as surroundings, and the places of the name in them."""
    if n + 1 == len(names):
        return (), ()
    one, two = names[n], names[n + 1]
    if two.form == "demonym" or one.form == "demonym":
        return (), ()
    between = s.words[one.last + 1 : two.first]
    if (
        between not in _JOINING
        and not (between and between[0] in (",", "in") and len(between) <= 3 and between[-1] in ("'s", "’s"))
        and not _part_of(between)
    ):
        return (), ()
    outer = tuple(x for x in two.sites if x.kind in _LARGE)
    inside = tuple(x for x in one.sites if any(holds(x, o) for o in outer))
    if not inside or _lists(s, one, two, names, n):
        return (), ()
    return tuple(o for o in outer if any(holds(x, o) for x in inside)), inside


def _part_of(between: Sequence[str]) -> bool:
    """Tell whether the words between two names are like ", in the north of" or "in northern"."""
    words = tuple(w for w in between if w != ",")
    if not words or words[0] != "in" or len(words) > 4:
        return False
    return (len(words) == 2 and words[1].endswith("ern")) or (words[-1] == "of" and words[-2] in _PARTS)


def _lists(s: Sentence, one: Named, two: Named, names: Sequence[Named], n: int) -> bool:
    """Tell whether the two are items of a list of countries ("in Syria, Lebanon and Jordan")."""
    if two.form == "abbreviation":
        return False
    largest = max(one.sites, key=lambda x: x.weight)
    return largest.kind in ("country", "region") and any(x.kind == "country" for x in two.sites)


def holds(site: Site, around: Site) -> bool:
    """Tell whether a place lies in a country, region or district; in a district if it is near its middle."""
    if around.kind != "district":
        return lies_in(site, around)
    return (
        site.kind not in _LARGE
        and site.country == around.country
        and site.admin1 == around.admin1
        and km(site, around) < 60
    )


def km(a: Site, b: Site) -> float:
    """Return the distance of two places in kilometres, near enough for comparing."""
    mean = math.radians((a.lat + b.lat) / 2)
    across = (a.lon - b.lon + 180) % 360 - 180
    return 111.2 * math.hypot(a.lat - b.lat, across * math.cos(mean))


def guard(key: str, gazetteer: Gazetteer) -> int:
    """Return how much a name needs to be said to be a place: 0 not, 1 it is a person's name too, 2 it is a word,
    3 a word that only its region makes a place.
    """
    if " " in key:
        first, _, rest = key.partition(" ")
        both = gazetteer.named_also(first, "given") and gazetteer.named_also(rest, "surname")
        return _PERSON if both else _NONE
    if gazetteer.named_also(key, "never"):
        return _NEVER
    if gazetteer.named_also(key, "word"):
        return _WORD
    return _PERSON if gazetteer.named_also(key, "surname") or gazetteer.named_also(key, "given") else _NONE
