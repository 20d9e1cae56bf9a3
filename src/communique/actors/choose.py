"""Which of several meanings of a name a report means, by its day."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from communique.knowledge.actors import ActorBook, Form, Holder
from communique.knowledge.phrases import cut_words

_ENTITY_USES = ("name", "seat", "capital", "inhabitant", "adjective")
_LIVING = 40 * 365  # days; a bare name rarely means somebody who held office longer ago than that


def best_holder(book: ActorBook, forms: Iterable[Form], day: str) -> Holder | None:
    """Return the tenure that a person's name most likely means on `day`: one held then, else the nearest in time."""
    ranked = [h for form in forms for h in book.holders_of_name(form, day)[:1]]
    near = [h for h in ranked if not day or h.days_from(day) < _LIVING]
    if not near:
        return None
    return min(near, key=lambda h: (h.days_from(day), h.standing(day) == "future", not h.leader, h.code, h.person))


def best_entity(forms: Iterable[Form], day: str) -> Form | None:
    """Return the meaning of a name of a body: one that exists on `day`; a name before a seat before a capital."""
    known = [f for f in forms if f.entity is not None]
    if not known:
        return None

    def rank(form: Form) -> tuple[bool, int, str]:
        assert form.entity is not None
        return (not form.entity.exists_on(day), _ENTITY_USES.index(form.use), form.entity.id)

    return min(known, key=rank)


@lru_cache(maxsize=4)
def title_words(book: ActorBook) -> frozenset[str]:
    """Return the words of the names of offices, in small letters: they are no part of a person's name."""
    forms = (form for office in book.offices.values() for form in office.forms)
    return frozenset(word.lower() for form in forms for word in cut_words(form) if len(word) > 3)
