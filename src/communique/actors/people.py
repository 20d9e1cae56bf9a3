"""Persons by name: those whom a list knows, and those whom the report introduces."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from communique.actors.base import NOBODY, Resolved
from communique.actors.choose import LIVING, Choice, best_entity, best_holder, shortened
from communique.actors.discourse import as_body
from communique.actors.mentions import NOMINAL, Mention, core, proper_name
from communique.actors.owners import Owners
from communique.knowledge.actors import Form, Holder
from communique.knowledge.phrases import without_accents
from communique.knowledge.place_names import fold
from communique.knowledge.spelling import alike
from communique.records import Actor, Span

_REMEMBERED = 400  # days: dates of office are at times known by the year only
_GREAT = "P5"  # permanent members of the Security Council: any paper names their leaders without the state
_PARTICLES = frozenset({"de", "da", "di", "del", "van", "von", "der", "al", "el", "bin", "ben", "le", "la"})
_OFFICIAL = frozenset({"GOV", "MIL", "LEG", "JUD", "SPY", "COP"})
_INITIAL = re.compile(r"[A-Z]\.?")


class People(Owners):
    """Resolves persons."""

    def _person(self, i: int, mention: Mention) -> Resolved | None:
        s = self.sentence
        full = mention.of("person")
        forms = full or mention.of("surname")
        if not forms or (s.pos[i] not in NOMINAL and not full):
            return None
        following = mention.last + 1
        if not full and following < len(s) and s.pos[following] == "PROPN" and s.heads[mention.last] >= following:
            return None  # "Saeed Khatibzadeh": a surname of somebody else's is a given name here
        first = proper_name(s, mention.last)[0]
        stranger = [
            k for k in range(first, mention.first)
            if k not in self._at
            and s.words[k] not in self._words.honorifics
            and s.words[k].lower() not in self._words.calendar_words
            and s.words[k] != "-"
        ]  # fmt: skip
        if stranger and not full:
            return None
        name = without_accents(self._text(s.cut(mention.first, mention.last)))
        if not full and mention.of("name", "capital", "adjective", "inhabitant") and name not in self.discourse.people:
            return None  # "Jordan" is the kingdom unless a minister of that name was introduced
        if not full and name in self.discourse.people:
            return Resolved(
                (self._with_span(self.discourse.people[name], i, mention),), f"{name!r}: named before in the report"
            )
        choice = self._choose(i, mention, forms)
        if choice.chosen is None or (not full and not self._surname_fits(mention, choice.chosen, forms)):
            once = None if full else self._once(i, mention, forms)
            return self._introduced(i, mention, once, name) if once is not None else None
        return self._introduced(i, mention, choice, name)

    def _once(self, i: int, mention: Mention, forms: Sequence[Form]) -> Choice[Holder] | None:
        """ "President Obama" years after: who once governed under the title that stands before the surname."""
        office = self._office_before_name(i) if self._day else ""
        if not office:
            return None
        codes = {a.code for a in self._country(i)[0]}
        held = [
            h for form in forms for h in self._book.holders_of_name(form, self._day)
            if h.office == office and self._book.governs(h) and h.standing(self._day) == "former"
            and h.days_from(self._day) < LIVING and (not codes or h.code in codes)
        ]  # fmt: skip
        if not held:
            return None
        last = min(held, key=lambda h: (not self.discourse.weight(h.code), h.days_from(self._day), h.code, h.person))
        return Choice(last, f"the last {office} of that name")

    def _office_before_name(self, i: int) -> str:
        """Return the id of the office that the title says, also where it says that it is not held any more."""
        title = self._title(i)
        if title is None or title[0]:
            return title[0] if title else ""
        s = self.sentence
        for k in reversed(range(core(s, i)[0], i)):
            mention = self._at.get(k)
            if mention is not None and s.words[mention.first].lower() in self._words.former:
                words = " ".join(s.words[mention.first + 1 : mention.last + 1])
                return next((f.office.id for f in self._book.forms.named(words) if f.office), "")
        return ""

    def _introduced(self, i: int, mention: Mention, choice: Choice[Holder], name: str) -> Resolved:
        holder = choice.chosen
        assert holder is not None
        actor = self._holder(holder, i, mention)
        title = self._title(i)
        if actor.sector in ("ELI", "") and title is not None and title[1] and not self._said_former(i):
            actor = replace(actor, sector=title[1], office=title[0])  # the report knows better: "Minister X"
        elif actor.sector not in _OFFICIAL and title is not None and title[1] and not title[0]:
            actor = replace(actor, sector=title[1])  # what the report calls somebody without an office: "gang leader X"
        self.discourse.introduce(actor)
        what = f"{holder.person}, {holder.office or holder.sector} of {holder.code}"
        reason = f"{name!r}: {what} ({holder.where}; {choice.why})"
        return Resolved((actor,), reason, lost=choice.lost)

    def _said_former(self, i: int) -> bool:
        s = self.sentence
        return any(s.words[k].lower() in self._words.former for k in range(core(s, i)[0], i))

    def _choose(self, i: int, mention: Mention, forms: Sequence[Form]) -> Choice[Holder]:
        """Choose the tenure, with the state that the words around the name give where there are namesakes."""
        codes: set[str] = set()
        if len(forms) > 1:
            codes = {a.code for a in self._country(i)[0]}
        return best_holder(self._book, forms, self._day, self.discourse.weight, codes)

    def _surname_fits(self, mention: Mention, holder: Holder, forms: Sequence[Form]) -> bool:
        """A bare surname that was not introduced counts if its bearer is in office on the day.

        One that others have too counts only for who governs, one of the long lists only where the report has named the
        state. So it is with who governs, but for a great power, by a surname of the English-speaking world ("Manning").
        """
        s = self.sentence
        if s.parsed and not all(
            s.tags[k].startswith("NNP") or (k == 0 and s.pos[k] == "NOUN")
            for k in range(mention.first, mention.last + 1)
        ):
            return False
        if not self._day or not holder.start or holder.standing(self._day) != "holder":
            return False
        common = any(f.common for f in forms)
        if self._book.governs(holder):
            known = not (common and self._anybody(mention)) or self._is_great(holder.code)
        else:
            known = not (common or self._book.obscure(holder))
        return known or self._state_named(holder.code)

    def _anybody(self, mention: Mention) -> bool:
        """Tell whether many people of the English-speaking world have the surname."""
        surname = fold(self.sentence.words[mention.last])
        return self._gazetteer is not None and self._gazetteer.named_also(surname, "surname")

    def _is_great(self, code: str) -> bool:
        powers = self._book.entity(_GREAT)
        return powers is not None and code in powers.members_on(self._day)

    def _state_of_person(self, mention: Mention) -> list[Actor]:
        name = without_accents(self._text(self.sentence.cut(mention.first, mention.last)))
        known = self.discourse.people.get(name)
        if known is not None:
            return [as_body(known)] if known.code else []
        forms = mention.of("person", "surname")
        holder = best_holder(self._book, forms, self._day, self.discourse.weight).chosen
        entity = self._book.entity(holder.code) if holder is not None else None
        if holder is None or entity is None or not self._book.governs(holder):
            return []
        if not mention.of("person") and not self._surname_fits(mention, holder, forms):
            return []
        return [Actor(entity.code, entity.name, entity.kind)]

    def _state_named(self, code: str) -> bool:
        if self.discourse.weight(code):
            return True
        return any(
            f.entity is not None and f.entity.code == code
            for m in self.mentions
            for f in m.of("name", "adjective", "capital", "seat", "inhabitant")
        )

    def _part_of_person(self, i: int, mention: Mention) -> bool:
        """ "Jordan" in "Michael Jordan" is no state: a given name stands before it."""
        s = self.sentence
        first = proper_name(s, mention.last)[0]
        return any(
            k not in self._at
            and s.words[k] != "-"
            and s.deps[k] == "compound"
            and s.heads[k] == i
            and s.words[k].isalpha()
            and not s.words[k].isupper()
            for k in range(first, mention.first)
        )

    def _unknown_person(self, i: int) -> Resolved:
        """ "Turkish Interior Minister Suleyman Soylu", "Dmitri Trenin of the Carnegie Moscow Center", then "Soylu"."""
        s = self.sentence
        first, last = self._name_run(i)
        span = s.cut(first, last)
        name = without_accents(self._text(span))
        particle = s.words[first].lower() in _PARTICLES and first < last
        known = self.discourse.people.get(name) or (self.discourse.people.get(s.words[last]) if particle else None)
        if known is not None:
            return Resolved(
                (replace(known, text=self._text(span), span=span),), f"{name!r}: named before in the report"
            )
        if found := self._spelled_otherwise(i, first, last) or self._body_spelled_otherwise(first, last):
            return found
        whose, how = self._country(i)
        if any(self._at[k].of("capital") for k in range(first, last) if k in self._at):
            whose, how = (), ""  # "Paris" as a given name
        if self._is_place(first, last):
            return NOBODY
        kind = self._noun_kind(i)
        if kind:
            return self._unknown_body(i, whose, how) if kind == "body" else NOBODY
        title = self._title(i)
        if s.words[first].lower() in self._book.title_words:
            return NOBODY
        if (title is None and s.kid(i, "det") is not None) or not all(
            w[0].isupper() for w in s.words[first : last + 1] if len(w) > 3
        ):
            return NOBODY  # "the Winter Palace" is no person
        if first == last and title is None:
            return NOBODY  # one unknown capitalised word is a person only if a title says so
        if title is not None and title[0] and whose and (found := self._by_office(i, first, last, title[0], whose)):
            return found
        if title is None and not whose and not self._acts(i):
            return NOBODY
        whole = s.cut(min(core(s, i)[0], first), last)
        base = as_body(whose[0]) if whose else Actor("", "", "person")
        actor = replace(
            base, sector=title[1] if title else "", person=name, office=title[0] if title else "",
            text=self._text(whole), span=whole,
        )  # fmt: skip
        self.discourse.introduce(actor)
        return Resolved((actor,), f"{name!r}: a person by the name's form ({how or 'no country'})")

    def _spelled_otherwise(self, i: int, first: int, last: int) -> Resolved | None:
        """Find a name that the lists have without a middle name or initial, or in another transliteration."""
        s = self.sentence
        words = [w for w in s.words[first : last + 1] if w != "-" and not _INITIAL.fullmatch(w)]
        if len(words) < 2 or self._noun_kind(i):
            return None
        full = " ".join(words)
        tried = [full, *(" ".join(w) for w in shortened(words))]
        for text, table in [*((t, self._book.forms) for t in tried), (alike(full), self._book.alike)]:
            forms = tuple(f for f in table.named(text) if f.use == "person")
            mention = Mention(first, last, forms)
            if not forms:
                continue
            choice = self._choose(i, mention, forms)
            holder = choice.chosen
            if holder is None or (text != full and not self._likely(i, holder)):
                continue
            return self._introduced(i, mention, choice, full)
        return None

    def _body_spelled_otherwise(self, first: int, last: int) -> Resolved | None:
        """Find an armed group or party whose name is written in another transliteration: "Ahlu Sunnah Waljama"."""
        if last - first < 1:
            return None
        span = self.sentence.cut(first, last)
        text = self._text(span)
        forms = [
            f for f in self._book.alike.named(alike(text))
            if f.use == "name" and f.entity is not None and f.entity.kind in ("armed", "party")
        ]  # fmt: skip
        form = best_entity(forms, self._day, self.discourse.weight).chosen if forms else None
        if form is None or form.entity is None:
            return None
        actor = self._entity(form.entity, span, text, form.entity.sector)
        return Resolved((actor,), f"{text!r}: like {form.entity.name} ({form.entity.where})")

    def _likely(self, i: int, holder: Holder) -> bool:
        """A name that was not found as it stands needs its state in the phrase or the report, or a famous bearer."""
        if not self._book.obscure(holder) and self._day and holder.standing(self._day) == "holder":
            return True
        whose = {a.code for a in self._country(i)[0]}
        return holder.code in whose if whose else self._state_named(holder.code)

    def _by_office(self, i: int, first: int, last: int, office: str, whose: tuple[Actor, ...]) -> Resolved | None:
        """ "Turkish Interior Minister Soylu": who held the office of that state, if the name is his."""
        if first != last:
            return None
        wanted = without_accents(self.sentence.words[last]).lower()
        held = [
            h for h in self._book.tenures(whose[0].code, office)
            if wanted in without_accents(h.person).lower().split() and h.days_from(self._day) < _REMEMBERED
        ]  # fmt: skip
        if not held:
            return None
        holder = min(held, key=lambda h: (h.days_from(self._day), h.start))
        choice = Choice(holder, f"the {office} of {holder.code} with that name")
        return self._introduced(i, Mention(first, last, ()), choice, wanted)

    def _unknown_body(self, i: int, whose: tuple[Actor, ...], how: str) -> Resolved:
        """ "The Carnegie Moscow Center", "Kenya's Electoral Commission": a body of the state in its name."""
        if not whose:
            return NOBODY
        first, last = core(self.sentence, i)
        span = self.sentence.cut(first, last)
        text = self._text(span)
        return Resolved((replace(as_body(whose[0]), text=text, span=span),), f"{text!r}: a body ({how})")

    def _title(self, i: int) -> tuple[str, str] | None:
        """Return (office, sector) of the title before the name at `i`, or in its apposition."""
        s = self.sentence
        # The title's last word stands nearest to the name: a "deputy agriculture minister" is a minister.
        near = [*reversed(range(core(s, i)[0], i)), *(c for c in s.kids(i, "appos", "nmod") if c > i)]
        for k in near:
            mention = self._at.get(k)
            if mention is None:
                continue
            for form in mention.of("office"):
                if form.office:
                    return form.office.id, form.office.sector
            for form in mention.of("role"):
                if form.role:
                    return "", form.role.sector
        return ("", "") if any(s.words[k] in self._words.honorifics for k in near) else None

    def _acts(self, i: int) -> bool:
        """Two capitalised words are taken for a person where they are the subject of a verb or the agent of one."""
        return self.sentence.deps[i] in ("nsubj", "nsubjpass", "pobj", "dobj", "poss", "conj", "appos")

    def _holder(self, holder: Holder, i: int, mention: Mention, span: Span | None = None) -> Actor:
        entity = self._book.entity(holder.code)
        first, last = core(self.sentence, i)
        whole = span or self.sentence.cut(min(first, mention.first), max(last, mention.last))
        sector, office = holder.sector, holder.office
        if self._day and holder.standing(self._day) == "former" and sector in _OFFICIAL:
            sector = "ELI"  # PLOVER: former officials
        elif self._day and holder.standing(self._day) == "future":
            sector, office = "", ""  # what he is to become says nothing of what he is
        return Actor(
            holder.code, entity.name if entity else holder.code, entity.kind if entity else "state", sector,
            person=without_accents(holder.person), office=office, wikidata=holder.wikidata,
            text=self._text(whole), span=whole,
        )  # fmt: skip

    def _with_span(self, actor: Actor, i: int, mention: Mention) -> Actor:
        first, last = core(self.sentence, i)
        span = self.sentence.cut(min(first, mention.first), max(last, mention.last))
        return replace(actor, text=self._text(span), span=span)
