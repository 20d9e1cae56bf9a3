"""Whose sector somebody has: an "intelligence agency officer" that of the agency, the "head of the court" its own."""

from __future__ import annotations

from communique.actors.base import MODIFIERS
from communique.actors.mentions import Mention, core
from communique.actors.owners import Owners
from communique.records import Actor

_ARMED = frozenset({"REB", "UAF"})  # PLOVER: rebels, and armed groups of no known side
_WEAK = frozenset({"", "UNK", "CVL", "UAF", "LAB", "MED"})
"""Sectors that a role word gives only where nothing else says what somebody belongs to."""
_BODIES = frozenset({"party", "armed", "company", "media", "ngo", "body", "igo"})


class Affiliation(Owners):
    """Resolves what a person or group belongs to, from the words before and after its noun."""

    def _employer(self, i: int, mention: Mention | None) -> Actor | None:
        """Return the body that the noun at `i` belongs to, with its sector, or None.

        Looks at modifiers ("Boko Haram gunmen", "army accountant"), then at possessors, then at "of the army", "at
        Harvard", "in the militia".
        A state has no sector of its own, so it is none here.
        """
        s = self.sentence
        start = core(s, i)[0]
        for k in range((mention.first if mention else i) - 1, start - 1, -1):
            near = self._at.get(k)
            if near is not None and near.last == k and not self._against(near) and (found := self._by_name(near)):
                return found
        for c in s.kids(i, "poss"):
            self._read_all(c)
            if (found := self._with_sector(self.resolve(c))) is not None:
                return found
        # "the chief of STAFF of the army": what follows hangs on the last word of the office
        last = mention.last if mention and i in range(mention.first, mention.last) else i
        for c in (*s.kids(i, "prep"), *(s.kids(last, "prep") if last != i else ())):
            if s.lemmas[c] in ("of", "at", "from", "with", "in", "for"):
                for p in s.kids(c, "pobj"):
                    if s.lemmas[c] in ("in", "for") and (place := self._at.get(p)) and place.of("capital", "name"):
                        continue  # where they are is not what they belong to
                    self._read_all(p)
                    # "the chairman of the company's board": of the company, if the board is nobody itself
                    owners = (*self._not_capitals(p), *self._owner_roles(p))
                    if (found := self._with_sector(owners)) is not None:
                        return found
        return None

    def _owner_roles(self, i: int) -> tuple[Actor, ...]:
        owners = self.sentence.kids(i, "poss")
        for c in owners:
            self._read_all(c)
        return tuple(a for c in owners for a in self._not_capitals(c))

    def _not_capitals(self, i: int) -> tuple[Actor, ...]:
        """A capital that owns or surrounds something is a place, not the government: "Harare's hospital"."""
        mention = self._at.get(i)
        return () if mention is not None and mention.of("capital") else self.resolve(i)

    def _by_name(self, mention: Mention) -> Actor | None:
        """Return the body that a modifier names, or the sector that it gives ("army", "gang")."""
        for form in mention.of("name", "seat"):
            e = form.entity
            if e is not None and e.sector and (e.kind in _BODIES or form.use == "seat"):
                return Actor(e.code, e.name, e.kind, e.sector)
        for form in mention.of("role"):
            if form.role is not None and form.role.sector not in _WEAK:
                return Actor(form.role.code, "", "role", form.role.sector)
        return None

    def _with_sector(self, actors: tuple[Actor, ...]) -> Actor | None:
        return next((a for a in actors if a.sector not in _WEAK and not a.person), None)

    def _sector_of(self, i: int, mention: Mention | None, own: str) -> str:
        """Return the sector of a role word at `i`: its own, or that of its body where its own says little.

        The soldiers of an armed group are the group's own: no state's army.
        """
        alone = mention is None or mention.first == mention.last
        weak = own in _WEAK or (alone and self.sentence.lemmas[i].lower() in self._words.generic_people)
        employer = self._employer(i, mention) if weak or own == "MIL" else None
        return employer.sector if employer is not None and (weak or employer.sector in _ARMED) else own

    def _people_of(self, i: int, mention: Mention) -> bool:
        """Tell whether the noun at `i` is said of a people: "Kurdish fighters", "Tuareg traders"."""
        start = core(self.sentence, i)[0]
        near = (self._at.get(k) for k in range(mention.first - 1, start - 1, -1))
        return any(f.entity is not None and f.entity.kind == "ethnic" for m in near if m for f in m.forms)

    def _member_of(self, i: int) -> bool:
        """Tell whether an unknown noun at `i` stands for people or a group of a body: "gang confederations"."""
        s = self.sentence
        return s.pos[i] == "NOUN" and s.lemmas[i].lower() in self._words.generic_people and s.deps[i] not in MODIFIERS
