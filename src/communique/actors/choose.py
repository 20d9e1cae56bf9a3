"""Which of several meanings of a name a report means, by its day, by what it has named before, and by cue words.

Each choice says why it was made and which candidates lost, for `communique explain`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

from communique.knowledge.actors import ActorBook, Form, Holder, Homonym, Reading
from communique.knowledge.phrases import cut_words
from communique.records import Considered

T = TypeVar("T")
_ENTITY_USES = ("name", "seat", "capital", "inhabitant", "adjective")
_ENTITY_WHY = "the first by day, state, use and list"
_ENTITY_REASONS = (
    "it did not exist on the day", "another state is named with the words", "its state is named less or not at all",
    "a name goes before a seat, a capital and a people", "the list of the best-known goes first",
    "the order of the files",
)  # fmt: skip
LIVING = 40 * 365  # days; a bare name rarely means somebody who held office longer ago than that
_NEAR, _FAR = 3, 1  # what a cue word counts in the sentence itself, and anywhere before it
Weight = Callable[[str], float]
"""How much the report has named the body with this code so far; 0 where it has not."""


@dataclass(frozen=True, slots=True)
class Choice(Generic[T]):
    """What a name was taken for, why, and what else it could have meant."""

    chosen: T | None
    why: str = ""
    lost: tuple[Considered, ...] = ()
    told: bool = False
    """Something in the report points to it: it is not merely what the name means as a rule."""


def best_holder(
    book: ActorBook, forms: Iterable[Form], day: str, weight: Weight, codes: Collection[str] = ()
) -> Choice[Holder]:
    """Choose the tenure that a person's name means on `day`.

    Of namesakes the one whose state is named with them (`codes`) is meant; of a surname alone who governs; then the one
    whose state the report has named. A tenure held on the day goes before one that was, and that before one to come.
    """
    forms = tuple(forms)
    alone = any(form.use == "surname" for form in forms)
    ranked = [h for form in forms for h in book.holders_of_name(form, day)[:1]]
    near = [h for h in ranked if not day or h.days_from(day) < LIVING]
    if not near:
        return Choice(None, "nobody of the name held office within 40 years of the day")

    def rank(h: Holder) -> tuple[bool, bool, bool, bool, int, bool, bool, str, str]:
        away = h.days_from(day)
        return (
            bool(codes) and h.code not in codes, alone and away > 0, alone and not book.governs(h),
            not weight(h.code), away, h.standing(day) == "future", not h.leader, h.code, h.person,
        )  # fmt: skip

    first, *others = sorted(near, key=rank)
    why = "the only one of the name" if not others else _why(first, codes, weight)
    return Choice(first, why, tuple(_lost(h, day) for h in others if h.person != first.person or h.code != first.code))


def _why(h: Holder, codes: Collection[str], weight: Weight) -> str:
    if h.code in codes:
        return f"{h.code} is named with the person"
    return f"the report has named {h.code}" if weight(h.code) else "nearest to the day"


def _lost(h: Holder, day: str) -> Considered:
    standing = h.standing(day)
    reason = {
        "holder": "its state is named less, or it governs less",
        "former": f"held it until {h.end}",
        "future": f"from {h.start} on",
    }
    return Considered(h.person, f"{h.office or h.sector} of {h.code} ({h.where})", reason[standing])


def best_entity(
    forms: Iterable[Form], day: str, weight: Weight = lambda code: 0.0, codes: Collection[str] = ()
) -> Choice[Form]:
    """Choose the meaning of a name of a body.

    One that exists on `day`; the one that belongs to a state named with it (`codes`); for parties, parliaments and the
    like, which bear one name in many states, that of the state that the report has named most; a name before a seat
    before a capital; the shorter list of the best-known before the long ones.
    """
    known = [f for f in forms if f.entity is not None]
    if len(known) == 1:
        return Choice(known[0])

    def rank(form: Form) -> tuple[bool, bool, float, int, bool, str]:
        e = form.entity
        assert e is not None
        shared = e.kind not in ("state", "territory", "igo", "bloc", "group")
        return (
            not e.exists_on(day), bool(codes) and e.code not in codes, -weight(e.code) if shared else 0.0,
            _ENTITY_USES.index(form.use), e.where.startswith("actors/organisations/"), e.id,
        )  # fmt: skip

    ranked = sorted(known, key=rank)
    if not ranked:
        return Choice(None)
    lost = []
    best, first = ranked[0].entity, rank(ranked[0])
    assert best is not None
    for form in ranked[1:]:
        e = form.entity
        assert e is not None
        if (e.id, e.sector) != (best.id, best.sector):
            differs = next(place for place, (a, b) in enumerate(zip(first, rank(form), strict=True)) if a != b)
            lost.append(Considered(e.name, f"{form.use} of {e.code} ({e.where})", _ENTITY_REASONS[differs]))
    return Choice(ranked[0], _ENTITY_WHY if lost else "", tuple(lost))


def best_reading(homonym: Homonym, near: Set[str], far: Set[str]) -> Choice[Reading]:
    """Choose what a name with several well-known bearers means by the cue words around it.

    `near` are the cues in the sentence and `far` those in the report before it (see `cues_in`). Without any the first
    reading holds.
    """
    scores = []
    for place, reading in enumerate(homonym.readings):
        here = [cue for cue in reading.cues if cue in near]
        there = [cue for cue in reading.cues if cue in far]
        scores.append((_NEAR * len(here) + _FAR * len(there), -place, reading, here or there))
    scores.sort(key=lambda row: row[:2], reverse=True)
    points, _, reading, cues = scores[0]
    why = f"by {', '.join(map(repr, cues[:3]))}" if points else "nothing around says otherwise"
    lost = tuple(
        Considered(r.name, f"{r.code or 'no actor'} ({homonym.where})", f"by {', '.join(map(repr, c[:3]))}" if c else
                   "no word around points to it") for _, _, r, c in scores[1:]
    )  # fmt: skip
    return Choice(reading, why, lost, bool(points))


def cues_in(text: str, homonym: Homonym) -> set[str]:
    """Return the cue words of all readings that stand in `text`, in any case."""
    low = text.replace("’", "'").lower()
    cues = {cue for reading in homonym.readings for cue in reading.cues}
    possible = [cue for cue in cues if all(word in low and search(low) for word, search in _words_of(cue))]
    folded = _folded(text) if possible else ""  # which takes long, and most texts have none of the cues
    return {cue for cue in possible if _folded_cue(cue) in folded}


@lru_cache(maxsize=4096)
def _folded_cue(cue: str) -> str:
    return _folded(cue)


@lru_cache(maxsize=4096)
def _words_of(cue: str) -> tuple[tuple[str, Callable[[str], object]], ...]:
    """Return the words of a cue, each with a search for it as a word of a text in small letters."""
    found = []
    for word in _folded_cue(cue).split():
        before, after = ("(?<![^\\W_])" if word[0].isalnum() else ""), ("(?![^\\W_])" if word[-1].isalnum() else "")
        found.append((word, re.compile(f"{before}{re.escape(word)}{after}").search))
    return tuple(found)


def _folded(text: str) -> str:
    return f" {' '.join(cut_words(text.replace('’', chr(39)).replace('-', ' '))).lower()} "


def shortened(words: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the shorter forms in which a list may have a name of these words: without what stands in the middle."""
    if len(words) < 3:
        return [tuple(reversed(words))] if len(words) == 2 else []
    return list(dict.fromkeys([(words[0], words[-1]), (words[0], *words[2:]), tuple(words[:2]), tuple(words[1:])]))
