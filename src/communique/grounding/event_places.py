"""The place where a deed was done, among those that its sentence names."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from communique.grounding.tense import governing_verb
from communique.language.tree import Sentence
from communique.records import Place

# Prepositions that say where something is; "to" and the like only after a verb of motion.
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
