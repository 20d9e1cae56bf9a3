"""Where: the places that a sentence names, and the one where a deed was done."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from communique.grounding.tense import governing_verb
from communique.grounding.words import MONTHS, WEEKDAYS
from communique.knowledge.gazetteer import LARGEST_NAME, Gazetteer, Site
from communique.language.tree import Sentence
from communique.records import Place

# Prepositions that say where something is; "to" and the like only after a verb of motion.
LOCATIVE = frozenset(
    """in at near off over outside inside across around along throughout within on above beneath under beside between
    from toward towards to into onto through via opposite surrounding""".split()
)
STATIC = frozenset(
    """in at near off outside inside across around along throughout within above opposite through surrounding
    between""".split()
)
# "Over" says where only for what flies, bursts or sails; "criticised China over Taiwan" names a subject.
OVER = frozenset(
    """fly patrol explode burst shoot down intercept drop hover scramble crash operate cross pass bomb flight
    drill""".split()
)
WATERS = frozenset("sea ocean strait gulf bay river lake canal mountains".split())
ON = frozenset({"island", "islands", "peninsula", "sea", "river", "lake", "border", "area", "canal", "mountains"})
TARGET = frozenset({"to", "into", "onto", "toward", "towards", "for", "via"})
MOTION = frozenset(
    """arrive come go travel fly head return visit march drive move deploy send dispatch sail enter walk flee cross
    advance withdraw retreat land bring take transfer deport ferry rush pour redeploy relocate journey tour extradite
    evacuate airlift ship deliver invite""".split()
)
SOURCE = frozenset({"from"})
LEAVING = frozenset("withdraw retreat flee leave evacuate expel deport depart fire launch escape".split())
DIRECT = frozenset(
    """visit enter reach tour leave storm shell bomb bombard capture seize besiege invade occupy raid retake
    quit""".split()
)
_REGION_WORDS = frozenset(
    "province region state governorate oblast county prefecture district krai republic department".split()
)
# Words after a name that make it the name of something that stands there rather than of a person.
_NAME_TAGS = ("NNP", "NNPS")
_TITLES = frozenset(
    "mr mr. mrs mrs. ms ms. dr dr. sir lord lady president premier chancellor senator sen. rep. gov. governor minister "
    "secretary king queen prince princess pope bishop general gen. colonel col. captain judge justice professor".split()
)
_PUBLIC = frozenset(
    """mayor minister president premier governor police university airport court ministry government parliament embassy
    summit olympics games exchange office council authority authorities city province region state district county
    island islands airport port hospital conference accord agreement international foreign prime time square stadium
    protocol declaration process central embassy consulate general attorney chief olympic winter summer""".split()
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A place name at words `first` to `last`, with all places that it may mean."""

    first: int
    last: int
    name: str
    text: str


def find_places(
    sentence: Sentence, gazetteer: Gazetteer, blocked: Collection[int] = frozenset(), countries: Collection[str] = ()
) -> tuple[Place, ...]:
    """Return the places that the sentence names, in text order.

    `blocked` are words that belong to names of people and other actors; `countries` are the codes of the states that
    the report speaks of, which settle names that several places share.
    """
    mentions = list(_mentions(sentence, gazetteer, blocked))
    if not mentions:
        return ()
    first = [gazetteer.best(m.name, countries) for m in mentions]
    context = set(countries) | {s.country for s in first if s is not None and s.kind not in ("city", "region")}
    found = []
    after: tuple[Site, ...] = ()
    for n, mention in enumerate(mentions):
        around, fixed = _surroundings(sentence, mentions, n, gazetteer), after
        site = gazetteer.best(mention.name, context, around, region=_region_follows(sentence, mention))
        if fixed:  # "Atlanta, Georgia": what the first lies in is what the second means
            site = next(
                (s for s in fixed if site is None or s.name == mention.name or s in gazetteer.sites(mention.name)), site
            )
        after = tuple(
            a
            for a in around
            if site is not None and a.country == site.country and (a.kind != "region" or a.admin1 == site.admin1)
        )
        if site is not None and not (
            site.name in gazetteer.guarded and not around and not _trusted(sentence, mention, site)
        ):
            found.append(_place(sentence, mention, site))
    return tuple(found)


def _place(s: Sentence, m: Mention, site: Site) -> Place:
    return Place(
        site.name,
        site.kind,
        site.country,
        site.admin1,
        site.geonameid,
        site.lat,
        site.lon,
        m.text,
        s.cut(m.first, m.last),
    )


def _region_follows(s: Sentence, m: Mention) -> bool:
    after = m.last + 1
    return after < len(s) and s.words[after].lower() in _REGION_WORDS


def _mentions(s: Sentence, gazetteer: Gazetteer, blocked: Collection[int]) -> Iterator[Mention]:
    i = 0
    while i < len(s):
        mention = _mention_at(s, gazetteer, blocked, i) if _may_start(s, i) and i not in blocked else None
        if mention is None:
            i += 1
            continue
        if not _within_other_name(s, mention):
            yield mention
        i = mention.last + 1


def _may_start(s: Sentence, i: int) -> bool:
    word = s.words[i]
    if not word[0].isupper():
        return False
    if s.tags[i] in _NAME_TAGS:
        return True
    # The tagger does not know every town; after a preposition of place a capital is enough.
    if i > 0 and s.words[i - 1].lower() in LOCATIVE and s.tags[i] not in ("PRP", "PRP$", "CD"):
        return True
    return i + 1 < len(s) and (word == "The" or (i > 0 and s.words[i + 1].lower() in _REGION_WORDS))


def _mention_at(s: Sentence, gazetteer: Gazetteer, blocked: Collection[int], i: int) -> Mention | None:
    for last in range(min(len(s) - 1, i + 2 * LARGEST_NAME), i - 1, -1):
        if any(j in blocked for j in range(i, last + 1)) or (not s.words[last][0].isalnum() and s.words[last] != "."):
            continue
        text = _text(s, i, last)
        if text.lower() in MONTHS or text.lower() in WEEKDAYS:
            continue
        if gazetteer.sites(text):
            return Mention(i, last, text, text)
    return None


def _text(s: Sentence, first: int, last: int) -> str:
    """The words as written, with single blanks."""
    parts = [s.words[first]]
    for i in range(first + 1, last + 1):
        parts.append((" " if s.starts[i] > s.ends[i - 1] else "") + s.words[i])
    return "".join(parts)


def _within_other_name(s: Sentence, m: Mention) -> bool:
    """Tell whether the words are part of a person's or a body's name ("Jack London", "Paris Hilton")."""
    before, after = m.first - 1, m.last + 1
    if (
        after < len(s)
        and s.tags[after] in _NAME_TAGS
        and s.deps[m.last] == "compound"
        and s.starts[after] == s.ends[m.last] + 1
    ):
        word = s.words[after].lower()
        located = before >= 0 and s.words[before].lower() in LOCATIVE
        if word not in _PUBLIC and not located:
            return True
    if before < 0 or s.starts[m.first] != s.ends[before] + 1 or not s.words[before][0].isupper():
        return False
    word = s.words[before].lower()
    if word in _TITLES:
        return True
    if s.tags[before] not in _NAME_TAGS or s.deps[before] != "compound":
        return False
    # "Jack London"; "Winter Olympic Games", where both words belong to a third.
    return s.heads[before] in range(m.first, m.last + 1) or (
        s.deps[m.last] == "compound" and s.heads[before] == s.heads[m.last]
    )


def _surroundings(s: Sentence, mentions: list[Mention], n: int, gazetteer: Gazetteer) -> tuple[Site, ...]:
    """Return what "Paris, Texas" and "Tripoli in Libya" name as surroundings."""
    if n + 1 == len(mentions):
        return ()
    between = s.words[mentions[n].last + 1 : mentions[n + 1].first]
    if between in ((",",), ("in",), (",", "in"), ("(",)) or (
        between and between[0] in (",", "in") and len(between) <= 3 and between[-1] == "'s"
    ):
        return tuple(x for x in gazetteer.sites(mentions[n + 1].name) if x.kind in ("country", "region", "territory"))
    return ()


def _trusted(s: Sentence, m: Mention, site: Site) -> bool:
    """A name that is a word or a person's too counts after a preposition of place, or if the place is a great one."""
    if site.kind in ("country", "capital") or site.population > 1_000_000:
        return True
    if m.first == 0:
        return False
    verb = s.heads[m.last]
    return s.words[m.first - 1].lower() in STATIC | TARGET | SOURCE or (
        s.deps[m.last] == "dobj" and s.lemmas[verb].lower() in DIRECT
    )


def event_places(
    sentence: Sentence, clause_head: int, places: Collection[Place], dateline: Place | None = None
) -> tuple[Place, ...]:
    """Return where the deed at word `clause_head` was done, by the first of these that gives something:

    a preposition of place governed by the clause, its objects or what it visits; an adverbial clause of it or the
    clause that governs it ("met as he arrived in Beijing"); the dateline. A party that is merely named is no place.
    """
    at = {_word_at(sentence, p): p for p in places}
    for head in _clauses(sentence, clause_head):
        found = [p for i, p in sorted(at.items()) if _done_at(sentence, i, head, p)]
        if found:
            return _narrowest(found)
    return (dateline,) if dateline is not None else ()


def _word_at(s: Sentence, p: Place) -> int:
    """Return the word of a place whose head lies outside it."""
    inside = [i for i in range(len(s)) if p.span[0] <= s.starts[i] and s.ends[i] <= p.span[1]]
    return next((i for i in inside if s.heads[i] not in inside or s.heads[i] == i), inside[-1] if inside else 0)


def _clauses(s: Sentence, head: int) -> Iterator[int]:
    """Yield the predicate, then the clauses that say when it was done, then those that govern it."""
    yield head
    verb = governing_verb(s, head)
    if verb != head and s.deps[head] not in ("poss", "compound"):
        yield verb
    yield from (c for c in s.kids(verb, "advcl") if _while(s, c))
    seen = verb
    for j in s.ancestors(verb):
        if s.pos[j] in ("VERB", "AUX"):
            if s.deps[seen] in ("ccomp", "relcl", "acl") or (s.deps[seen] == "advcl" and not _while(s, seen)):
                return
            yield j
            seen = j


def _while(s: Sentence, clause: int) -> bool:
    mark = s.kid(clause, "mark", "advmod")
    return mark is None or s.words[mark].lower() in ("as", "when", "while", "where", "after", "upon", "to")


def _done_at(s: Sentence, i: int, head: int, place: Place) -> bool:
    """Tell whether the place at word `i` is reached from `head` through a preposition that says where."""
    if s.deps[i] == "dobj" and s.heads[i] == head:
        return s.lemmas[head].lower() in DIRECT
    top = i
    while s.deps[top] in ("conj", "appos", "compound", "nmod", "poss") and s.heads[top] != top and top != head:
        up = s.heads[top]
        if s.deps[top] in ("compound", "poss", "nmod") and s.deps[up] != "pobj":
            return False
        top = up
    if s.deps[top] not in ("pobj", "pcomp") or top == head:
        return False
    preposition = s.heads[top]
    governor = s.heads[preposition]
    while s.pos[governor] == "ADP" and s.heads[governor] != governor:
        governor = s.heads[governor]
    word = s.words[preposition].lower()
    if governor == head:
        return _says_where(word, s.lemmas[head].lower(), place)
    # "held talks in Geneva": the preposition may hang on the object or on what the object is about.
    j = governor
    for _ in range(4):
        if s.pos[j] not in ("NOUN", "PROPN", "PRON", "ADP", "NUM") or s.heads[j] == j:
            return False
        if s.deps[j] in ("nsubj", "nsubjpass") and governor == j and s.deps[j] != "nsubjpass":
            return False
        j = s.heads[j]
        if j == head:
            return _static(word, s.lemmas[governor].lower(), place)
    return False


def _static(word: str, lemma: str, place: Place) -> bool:
    """Tell whether a preposition says where something is, whatever moves."""
    if word == "over":
        return lemma in OVER or place.kind in WATERS
    return word in STATIC or (word == "on" and place.kind in ON)


def _says_where(word: str, lemma: str, place: Place) -> bool:
    if _static(word, lemma, place):
        return True
    if word in TARGET:
        return lemma in MOTION
    return word in SOURCE and lemma in LEAVING


def _narrowest(found: list[Place]) -> tuple[Place, ...]:
    """Leave out a country or region that only says where another of the places lies."""
    return tuple(
        p for p in found
        if not any(q is not p and q.country == p.country and _narrower(q, p) for q in found)
    )  # fmt: skip


def _narrower(q: Place, p: Place) -> bool:
    if p.kind == "country":
        return q.kind != "country"
    return p.kind == "region" and q.kind in ("city", "capital") and q.admin1 == p.admin1


def dateline_place(text: str, gazetteer: Gazetteer) -> Place | None:
    """Return the place of a dateline ("BEIJING", "GENEVA, Switzerland"), None if the gazetteer does not know it."""
    name, _, around = text.partition(",")
    within = gazetteer.sites(around.strip()) if around.strip() else ()
    site = gazetteer.best(name.strip(), (), within)
    if site is None:
        return None
    return Place(site.name, site.kind, site.country, site.admin1, site.geonameid, site.lat, site.lon, name.strip())
