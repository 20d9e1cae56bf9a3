"""Persons by name: those whom a list knows, and those whom the report introduces."""

from __future__ import annotations

from dataclasses import replace

from communique.actors.base import NOBODY, Base, Resolved
from communique.actors.choose import best_holder, title_words
from communique.actors.discourse import as_body
from communique.actors.mentions import NOMINAL, Mention, core, proper_name
from communique.knowledge.actors import Holder
from communique.knowledge.phrases import without_accents
from communique.records import Actor, Span


class People(Base):
    """Resolves persons."""

    def _person(self, i: int, mention: Mention) -> Resolved | None:
        s = self.sentence
        full = mention.of("person")
        forms = full or mention.of("surname")
        if not forms or s.pos[i] not in NOMINAL:
            return None
        first = proper_name(s, mention.last)[0]
        before = range(first, mention.first)
        following = mention.last + 1
        if not full and following < len(s) and s.pos[following] == "PROPN" and s.heads[mention.last] >= following:
            return None  # "Saeed Khatibzadeh": a surname of somebody else's is a given name here
        stranger = [
            k
            for k in before
            if k not in self._at
            and s.words[k] not in self._words.honorifics
            and s.words[k].lower() not in self._words.calendar_words
            and s.words[k] != "-"
        ]
        key = without_accents(self._text(s.cut(mention.first, mention.last)))
        if stranger and not full:
            return None
        if not full and key in self.discourse.people:
            return Resolved(
                (self._with_span(self.discourse.people[key], i, mention),), f"{key!r}: named before in the report"
            )
        holder = best_holder(self._book, forms, self._day)
        if holder is None or (not full and not self._surname_fits(i, mention, holder)):
            return None
        actor = self._holder(holder, i, mention)
        self.discourse.introduce(actor)
        return Resolved((actor,), f"{key!r}: {holder.person}, {holder.office} of {holder.code} ({holder.where})")

    def _surname_fits(self, i: int, mention: Mention, holder: Holder) -> bool:
        """A bare surname that was not introduced counts if its bearer is in office on the day."""
        s = self.sentence
        if not all(
            s.tags[k].startswith("NNP") or (k == 0 and s.pos[k] == "NOUN")
            for k in range(mention.first, mention.last + 1)
        ):
            return False
        return bool(self._day) and holder.start <= self._day and (not holder.end or self._day <= holder.end)

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
        first, last = proper_name(s, i)
        while first < last and (
            self._is_title(first)
            or s.words[first] in self._words.honorifics
            or s.words[first] == "-"
            or s.words[first].lower() in self._words.calendar_words
        ):
            first += 1
        name = without_accents(self._text(s.cut(first, last)))
        span = s.cut(first, last)
        known = self.discourse.people.get(name)
        if known is not None:
            return Resolved(
                (replace(known, text=self._text(span), span=span),), f"{name!r}: named before in the report"
            )
        whose, how = self._country(i)
        if any(self._at[k].of("capital") for k in range(first, last) if k in self._at):
            whose, how = (), ""  # "Paris" as a given name
        kind = self._noun_kind(i)
        if kind:
            return self._unknown_body(i, whose, how) if kind == "body" else NOBODY
        title = self._title(i)
        if any(s.words[k].lower() in title_words(self._book) for k in range(first, last + 1)):
            return NOBODY
        if (title is None and s.kid(i, "det") is not None) or not all(
            w[0].isupper() for w in s.words[first : last + 1] if len(w) > 3
        ):
            return NOBODY  # "the Winter Palace" is no person
        if first == last and title is None:
            return NOBODY  # one unknown capitalised word is a person only if a title says so
        if title is None and not whose and not self._acts(i):
            return NOBODY
        whole = s.cut(min(core(s, i)[0], first), last)
        base = as_body(whose[0]) if whose else Actor("", "", "person")
        sector = title[1] if title else ""
        actor = replace(
            base, sector=sector, person=name, office=title[0] if title else "", text=self._text(whole), span=whole
        )
        self.discourse.introduce(actor)
        return Resolved((actor,), f"{name!r}: a person by the name's form ({how or 'no country'})")

    def _unknown_body(self, i: int, whose: tuple[Actor, ...], how: str) -> Resolved:
        """ "The Carnegie Moscow Center", "Kenya's Electoral Commission": a body of the state in its name."""
        if not whose:
            return NOBODY
        first, last = core(self.sentence, i)
        span = self.sentence.cut(first, last)
        text = self._text(span)
        return Resolved((replace(as_body(whose[0]), text=text, span=span),), f"{text!r}: a body ({how})")

    def _is_title(self, k: int) -> bool:
        """Tell whether word `k` before a name belongs to a title or a nationality, not to the name itself."""
        mention = self._at.get(k)
        if mention is None or mention.of("person", "surname"):
            return False
        return bool(
            mention.of("office", "role", "adjective", "name", "seat")
        )  # "Paris" before a surname is a given name

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
        sector = holder.sector
        if holder.end and self._day and holder.end < self._day:
            sector = "ELI"  # PLOVER: former officials
        return Actor(
            holder.code, entity.name if entity else holder.code, entity.kind if entity else "state", sector,
            person=without_accents(holder.person), office=holder.office, wikidata=holder.wikidata,
            text=self._text(whole), span=whole,
        )  # fmt: skip

    def _with_span(self, actor: Actor, i: int, mention: Mention) -> Actor:
        first, last = core(self.sentence, i)
        span = self.sentence.cut(min(first, mention.first), max(last, mention.last))
        return replace(actor, text=self._text(span), span=span)
