"""Offices and roles: "the Russian president", "leaders of the five nations", "police in Istanbul", "militants"."""

from __future__ import annotations

from dataclasses import replace

from communique.actors.affiliation import Affiliation
from communique.actors.base import NOBODY, Resolved
from communique.actors.discourse import as_body
from communique.actors.mentions import Mention, core
from communique.actors.people import People
from communique.actors.references import References
from communique.knowledge.actors import Office, Role
from communique.records import Actor, Span

_STATE_SECTORS = ("GOV", "MIL", "LEG", "JUD")
_SHARED_CODES = ("UNO", "EUR")  # many bodies have these codes, each with a director and a president of its own


class Titles(People, References, Affiliation):
    """Resolves offices and roles."""

    def _office(self, i: int, mention: Mention) -> Resolved:
        """Return the holders of an office; if no state is named, by what was said before."""
        office = mention.of("office")[0].office
        if office is None or self._in_street_name(i, mention):
            return NOBODY
        span, text = self._phrase(i, mention)
        whose, how = self._country(i)
        if office.code and not whose and (body := self._book.entity(office.code)) is not None:
            whose, how = (Actor(body.code, body.name, body.kind),), "the body that has such an office"
        if office.of_body and (employer := self._employer(i, mention)) is not None and employer.sector != "GOV":
            return self._led(i, office, employer, whose, mention)
        if not whose:
            found = None if self._outside(i, mention) else self._office_before(i, office, span)
            if found is not None:
                return found
            salient = self.discourse.salient()
            if salient is None or self._plural(i) or not self._definite(i):
                return self._group(i) or self._back_reference(i) or self._office_alone(i, office, mention, span)
            whose, how = (as_body(salient),), "the state that the report has named most"
        # "The leaders of Russia and China": one of each.
        several = self._plural(i) and len(whose) == 1
        found_actors = tuple(self._holder_of(state, office, i, mention, span, several) for state in whose)
        return Resolved(found_actors, f"{text!r}: {office.id} ({how})", self._plural(i) or len(whose) > 1)

    def _in_street_name(self, i: int, mention: Mention) -> bool:
        """ "King's Cross", "Queen's Park": a title with a capital before the possessive and another capital."""
        s = self.sentence
        return (
            s.deps[i] == "poss" and s.words[mention.first][0].isupper() and i + 2 < len(s) and s.pos[i + 2] == "PROPN"
            and mention.first == i and i + 2 not in self._at and not s.kids(i, "det", "poss", "amod", "compound")
        )  # fmt: skip

    def _led(
        self, i: int, office: Office, employer: Actor, whose: tuple[Actor, ...], mention: Mention
    ) -> Resolved:  # fmt: skip
        """ "The president of the Riigikogu", "the head of the hospital": of the body's sector, not of the state."""
        span, text = self._phrase(i, mention)
        base = as_body(whose[0]) if whose else Actor(employer.code, employer.name, employer.kind)
        former = self._outside(i, mention) == "former"
        led = replace(base, sector="ELI" if former else employer.sector, office=office.id, text=text, span=span)
        return Resolved((led,), f"{text!r}: {office.id} of {employer.name or 'a body'} ({employer.sector})")

    def _office_alone(self, i: int, office: Office, mention: Mention, span: Span) -> Resolved:
        """ "A retired vice president": an office of no state that is known."""
        if not office.sector or office.of_body:
            return NOBODY
        sector = "ELI" if self._outside(i, mention) == "former" else office.sector
        actor = Actor("", "", "role", sector, office=office.id, text=self._text(span), span=span)
        return Resolved((actor,), f"{self._text(span)!r}: {office.id} of no state that is named", self._plural(i))

    def _office_before(self, i: int, office: Office, span: Span) -> Resolved | None:
        """Return the one named with the office before, or the two leaders that acted together."""
        text = self._text(span)
        known = self.discourse.holder(office.id)
        if known is not None and not self._plural(i):
            return Resolved(
                (replace(known, text=text, span=span),), f"{text!r}: {known.person or known.name}, named before"
            )
        size = self._number(i)
        if not size:
            return None
        group = self.discourse.people_group(size, self.sentence.index)
        return Resolved(
            tuple(replace(a, text=text, span=span) for a in group), f"{text!r}: those who acted together before", True
        )

    def _holder_of(
        self, state: Actor, office: Office, i: int, mention: Mention, span: Span, several: bool
    ) -> Actor:  # fmt: skip
        """Return who held the office on the day, as a person if the phrase means one and only one can be meant."""
        s = self.sentence
        indefinite = any(s.words[c].lower() in self._words.indefinite for c in s.kids(i, "det", "nummod"))
        outside = self._outside(i, mention)
        alone = not outside and (state.code not in _SHARED_CODES or office.id == "secretary-general")
        if alone and not office.several and not several and not indefinite:
            holder = self._book.office_holder(state.code, office.id, self._day)
            if holder is not None and not self._named_otherwise(i, holder.person):
                return self._holder(holder, i, mention, span)
        sector = "ELI" if outside == "former" else office.sector
        return replace(as_body(state), sector=sector, office=office.id, text=self._text(span), span=span)

    def _named_otherwise(self, i: int, person: str) -> bool:
        """Tell whether the name behind an office is another than that of its holder: "the home secretary, Ann Lee"."""
        s = self.sentence
        named = [s.words[c] for c in s.kids(i, "appos") if s.pos[c] == "PROPN" and not self._inside_name(c)]
        return bool(named) and not any(person.endswith(name) for name in named)

    def _outside(self, i: int, mention: Mention) -> str:
        """Say whether the words before an office say that it is not held: "former", or "other" ("shadow minister")."""
        first = min(core(self.sentence, i)[0], mention.first)
        before = {self.sentence.words[k].lower() for k in range(max(first - 2, 0), mention.first)}
        if before & self._words.former:
            return "former"
        return "other" if before & self._words.not_in_office else ""

    def _counterpart(self, i: int, mention: Mention) -> Resolved | None:
        """Return who holds in another state the office of the one named: "his Swedish counterpart"."""
        s = self.sentence
        owner = next((a for c in s.kids(i, "poss") for a in self.resolve(c) if a.office), None)
        whose, how = self._country(i)
        if owner is None or not whose:
            return None
        span, text = self._phrase(i, mention)
        found = []
        for state in whose:
            holder = self._book.office_holder(state.code, owner.office, self._day)
            found.append(
                self._holder(holder, i, mention, span)
                if holder is not None
                else replace(as_body(state), sector=owner.sector, office=owner.office, text=text, span=span)
            )
        return Resolved(tuple(found), f"{text!r}: {owner.office} ({how})", len(found) > 1)

    def _role(self, i: int, mention: Mention) -> Resolved:
        """Return the sector that a role word stands for, with the country from the words around it."""
        role = mention.of("role")[0].role
        if role is None:
            return NOBODY
        span, text = self._phrase(i, mention)
        many = self._plural(i)
        if self.sentence.lemmas[i] in self._words.partitives and (part := self._partitive(i)) and part.actors[0].sector:
            return part
        if role.code:
            entity = self._book.entity(role.code)
            name = entity.name if entity else role.code
            whole = Actor(role.code, name, "state", role.sector, text=text, span=span)
            return Resolved((whole,), f"{text!r}: role {role.form}", many)
        whose, how = self._country(i)
        if self.sentence.lemmas[i] in self._words.head_nouns and (led := self._head_of(i, mention)) is not None:
            return led
        sector = self._sector_of(i, mention, role.sector)
        if not whose:
            said = role.head or sector != role.sector or self._people_of(i, mention)
            return self._role_alone(i, replace(role, sector=sector, head=said), span)
        found = tuple(replace(as_body(w), sector=sector, text=text, span=span) for w in whose)
        return Resolved(found, f"{text!r}: role {role.form} ({how})", many or len(found) > 1)

    def _head_of(self, i: int, mention: Mention) -> Resolved | None:
        """ "The head of NATO": who leads a state or organisation, if it is named after the noun."""
        s = self.sentence
        owners = [p for c in s.kids(i, "prep") if s.lemmas[c] == "of" for p in s.kids(c, "pobj")]
        whose = tuple(a for p in owners for a in self.resolve(p) if a.code and not a.sector and not a.person)
        leader = self._book.offices.get("leader")
        if not whose or leader is None:
            return None
        span, text = self._phrase(i, mention)
        actors = tuple(self._holder_of(w, leader, i, mention, span, len(whose) == 1 and self._plural(i)) for w in whose)
        return Resolved(actors, f"{text!r}: leader (of {whose[0].name})", len(actors) > 1)

    def _unknown_member(self, i: int) -> Resolved | None:
        """ "Two large gang confederations", "an army accountant": a noun for people or groups, of a known sector."""
        if not self._member_of(i):
            return None
        employer = self._employer(i, None)
        whose, how = self._country(i)
        if employer is None and not whose:
            return None
        span = self.sentence.cut(*core(self.sentence, i))
        text = self._text(span)
        sector = employer.sector if employer is not None else ""
        base = as_body(whose[0]) if whose else as_body(employer) if employer is not None else Actor("", "", "role")
        actor = replace(base, sector=sector, text=text, span=span)
        return Resolved((actor,), f"{text!r}: of {base.name or sector} ({how or 'no country'})", self._plural(i))

    def _relative(self, i: int) -> Resolved | None:
        """ "The wife of the former president": family of who governs or governed (PLOVER: ELI)."""
        s = self.sentence
        if s.lemmas[i].lower() not in self._words.family_nouns:
            return None
        owners = [p for c in s.kids(i, "prep") if s.lemmas[c] == "of" for p in s.kids(c, "pobj")]
        for p in (*owners, *s.kids(i, "poss")):
            self._read_all(p)
            for a in self.resolve(p):
                if a.office or a.sector in ("GOV", "ELI"):
                    span = s.cut(*core(s, i))
                    text = self._text(span)
                    kin = replace(as_body(a), sector="ELI", text=text, span=span)
                    return Resolved((kin,), f"{text!r}: of the family of {a.person or a.office}", self._plural(i))
        return None

    def thing_of(self, i: int) -> Actor | None:
        """Return the body that an unknown noun at `i` is of: "an Iranian navy speedboat", "an army barracks"."""
        employer = self._employer(i, None) if self.sentence.pos[i] == "NOUN" else None
        if employer is None:
            return None
        whose = self._country(i)[0]
        return replace(as_body(whose[0]) if whose else employer, sector=employer.sector)

    def sector_word(self, i: int) -> Actor | None:
        """Return the sector of a role word at `i` that is no actor by itself: "warships", "an alliance"."""
        mention = self._at.get(i)
        role = next((f.role for f in mention.of("role") if f.role and f.role.sector), None) if mention else None
        return Actor(role.code, "", "role", role.sector) if role is not None else None

    def _role_alone(self, i: int, role: Role, span: Span) -> Resolved:
        """Return what a role word without a country stands for: those named before, the state's "army"."""
        s = self.sentence
        text = self._text(span)
        words = self._words
        if not role.head and s.lemmas[i] not in words.people_nouns:
            return self._group(i) or self._back_reference(i) or self._partitive(i) or NOBODY
        referring = s.lemmas[i] in words.state_nouns or s.lemmas[i] in words.leader_nouns
        if referring and (back := self._back_reference(i)):
            return back
        if s.lemmas[i] in words.partitives and (part := self._partitive(i)):
            return part
        salient = self.discourse.salient()
        bare = s.starts[core(s, i)[0]] >= s.starts[self._at[i].first] and self._definite(i)
        if role.sector in _STATE_SECTORS and bare and salient is not None:
            actor = replace(as_body(salient), sector=role.sector, text=text, span=span)
            return Resolved((actor,), f"{text!r}: {role.sector} of the state that the report has named most")
        return Resolved(
            (Actor("", "", "role", role.sector, text=text, span=span),), f"{text!r}: role {role.form}", self._plural(i)
        )

    def _phrase(self, i: int, mention: Mention) -> tuple[Span, str]:
        first, last = core(self.sentence, i)
        span = self.sentence.cut(min(first, mention.first), max(last, mention.last))
        return span, self._text(span)

    def _plural(self, i: int) -> bool:
        return self.sentence.tags[i] in ("NNS", "NNPS")
