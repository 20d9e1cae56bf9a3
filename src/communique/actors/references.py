"""Phrases that stand for somebody named elsewhere: pronouns, "the two countries", "its statement", appositions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from communique.actors.base import NOBODY, Resolved
from communique.actors.discourse import as_body
from communique.actors.mentions import NOMINAL, core
from communique.actors.owners import Owners
from communique.records import Actor


class References(Owners):
    """Resolves references."""

    def _inside_name(self, i: int) -> bool:
        raise AssertionError("given by SentenceActors")

    def _group(self, i: int) -> Resolved | None:
        """ "The five Central Asian nations", "Western countries", "Arab leaders"."""
        s = self.sentence
        if s.lemmas[i] not in self._words.state_nouns and s.lemmas[i] not in self._words.leader_nouns:
            return None
        whose, how = self._country(i)
        if not whose:
            return None
        first, last = core(s, i)
        span = s.cut(first, last)
        sector = "GOV" if s.lemmas[i] in self._words.leader_nouns else ""
        actors = tuple(replace(a, sector=sector or a.sector, text=self._text(span), span=span) for a in whose)
        return Resolved(actors, f"{self._text(span)!r}: {how}", s.tags[i] == "NNS")

    def _back_reference(self, i: int) -> Resolved | None:
        """ "The two countries", "both sides", "the two leaders"."""
        s = self.sentence
        lemma = s.lemmas[i]
        states = self._words.features.get(lemma)
        named = self.discourse.last_of(states) if states and self._definite(i) else None
        if named is not None:
            span = s.cut(*core(s, i))
            text = self._text(span)
            return Resolved((replace(named, text=text, span=span),), f"{text!r}: {named.name}, named before")
        if lemma not in self._words.state_nouns and lemma not in self._words.leader_nouns:
            return None
        if s.kid(i, "poss") is None and any(s.lemmas[c] in self._words.others for c in s.kids(i, "amod")):
            return None  # "the two other countries" are not those named before
        if any(s.lemmas[c] == "of" for c in s.kids(i, "prep")):
            return None
        size = self._number(i)
        many = s.tags[i] == "NNS" and lemma not in self._words.relational_nouns and s.kid(i, "poss") is None
        if not size and s.tags[i] == "NN" and lemma in self._words.state_nouns and self._the(i):
            return self._single(i)
        if not size and not (many and self._definite(i)):
            return None
        if lemma in self._words.people_nouns:
            if not (size and self._definite(i)):
                return None  # "two men were arrested", "the men who fled"
            group = self.discourse.persons(size, s.index)
        elif lemma in self._words.leader_nouns:
            group = self.discourse.people_group(size or 2, s.index)
        else:
            group = self.discourse.group(size or 2, s.index)
        if not group:
            return None
        first, last = core(s, i)
        span = s.cut(first, last)
        text = self._text(span)
        return Resolved(
            tuple(replace(a, text=text, span=span) for a in group), f"{text!r}: those who acted together before", True
        )

    def _the(self, i: int) -> bool:
        """Tell whether a noun stands alone with its article: "the country"."""
        s = self.sentence
        return [s.words[c].lower() for c in s.kids(i, "det")] == ["the"] and core(s, i)[0] == i

    def _single(self, i: int) -> Resolved | None:
        """ "The country", "the government": the state that was named last, as a subject if there is one."""
        actors = next(self.discourse.candidates("one body", self.sentence.index, i), ())
        if len(actors) != 1 or actors[0].kind not in ("state", "territory"):
            return None
        span = self.sentence.cut(i, i)
        text = self._text(span)
        return Resolved(
            (replace(as_body(actors[0]), text=text, span=span),), f"{text!r}: {actors[0].name}, named before"
        )

    def _voice(self, i: int) -> Resolved | None:
        """ "The Kremlin's statement said", "a joint statement said": the one who speaks through it."""
        s = self.sentence
        if s.lemmas[i] not in self._words.voice_nouns or s.pos[i] != "NOUN":
            return None
        span = s.cut(*core(s, i))
        text = self._text(span)
        if found := self.holders_of(i):
            return Resolved(
                tuple(replace(a, text=text, span=span) for a in found),
                f"{text!r}: of {found[0].name}",
                len(found) > 1,
                True,
            )
        if any(s.lemmas[c] in self._words.joint_adjectives for c in s.kids(i, "amod")):
            group = self.discourse.group(2, s.index)
            return Resolved(
                tuple(replace(a, text=text, span=span) for a in group),
                f"{text!r}: of those who acted together before",
                True,
                True,
            )
        return None

    def _partitive(self, i: int) -> Resolved | None:
        s = self.sentence
        if s.lemmas[i].lower() not in self._words.partitives:
            return None
        for c in s.kids(i, "prep"):
            if s.lemmas[c] == "of":
                for p in s.kids(c, "pobj"):
                    self._read_all(p)
                    found = self.at(p)
                    if found.actors:
                        return replace(found, many=True)
        return None

    def _crowd(self, i: int) -> Resolved | None:
        """ "Thousands", "hundreds" alone: people, of whom nothing else is said."""
        s = self.sentence
        if s.lemmas[i].lower() not in self._words.crowd_nouns or s.tags[i] != "NNS" or s.kid(i, "prep") is not None:
            return None
        span = s.cut(i, i)
        return Resolved((Actor("", "", "role", "CVL", text=self._text(span), span=span),), "a crowd", True)

    def _counted(self, i: int) -> Resolved:
        size = self._words.numbers.get(self.sentence.words[i].lower(), 0)
        group = self.discourse.group(size, self.sentence.index) if size else ()
        span = self.sentence.cut(i, i)
        text = self._text(span)
        return Resolved(
            tuple(replace(a, text=text, span=span) for a in group), f"{text!r}: those who acted together before", True
        )

    def _with_apposition(self, i: int, found: Resolved) -> Resolved:
        """ "His Chinese counterpart Xi Jinping" is Xi; "Yuri Ushakov, Putin's adviser" belongs to Putin's state."""
        s = self.sentence
        for c in s.kids(i, "appos"):
            if s.pos[c] not in NOMINAL or self._inside_name(c):
                continue
            self._read_all(c)
            together = self.resolve(c)
            if len(together) > 1 and s.tags[i] in ("NNS", "NNPS") and all(a.person for a in together):
                return Resolved(together, self.reason(c), True)  # "Presidents A and B"
            other = self.at(c).actors
            if not found.actors and other and not other[0].person and s.lemmas[i] in self._words.relational_nouns:
                return self.at(c)  # "Russia's ally Belarus", "its neighbour Chad"
            if len(other) != 1 or (found.actors and len(found.actors) != 1):
                continue
            mine = found.actors[0] if found.actors else None
            if other[0].person and (mine is None or not mine.person):
                code = mine if mine is not None and mine.code and not other[0].code else other[0]
                sector = other[0].sector or (mine.sector if mine is not None else "")
                office = other[0].office or (mine.office if mine is not None else "")
                merged = replace(other[0], code=code.code, name=code.name, kind=code.kind, sector=sector, office=office)
                self.discourse.introduce(merged)
                return Resolved((merged,), f"{found.reason}; in apposition: {self.at(c).reason}".lstrip("; "))
            if mine is not None and not mine.code and not mine.person and other[0].code and not other[0].person:
                # "the newspaper Le Monde"
                merged = replace(other[0], sector=other[0].sector or mine.sector)
                return Resolved((merged,), f"{found.reason}; in apposition: {self.at(c).reason}", lost=self.at(c).lost)
            if (
                mine is not None
                and mine.person
                and not other[0].person
                and other[0].code
                and (not mine.code or not mine.sector)
            ):
                merged = replace(
                    mine,
                    code=other[0].code,
                    name=other[0].name,
                    kind=other[0].kind,
                    sector=mine.sector or other[0].sector,
                    office=mine.office or other[0].office,
                )
                self.discourse.introduce(merged)
                return Resolved((merged,), f"{found.reason}; in apposition: {self.at(c).reason}")
        return found

    def _pronoun(self, i: int) -> Resolved:
        s = self.sentence
        kind = self._words.pronouns[s.words[i].lower()]
        span = s.cut(i, i)
        text = self._text(span)
        if kind == "two":
            if s.kid(i, "pobj", "prep") is not None or s.deps[i] in ("preconj", "det", "cc"):
                return self._partitive(i) or NOBODY
            actors = self.discourse.group(2, s.index)
        else:
            if s.words[i].lower() == "it" and self._expletive(i):
                return NOBODY
            clause_subject = self._clause_subject(i)
            gender = self._words.genders.get(s.words[i].lower(), "")
            options = self.discourse.candidates(
                kind, s.index, i, lambda a: not gender or self._book.gender(a.person) in ("", gender)
            )
            actors = next((a for a in options if not (clause_subject and set(_keys(a)) & clause_subject)), ())
        if kind != "one person" and s.pos[i] == "PRON":
            actors = tuple(as_body(a) if kind == "one body" else a for a in actors)
        found = tuple(replace(a, text=text, span=span) for a in actors)
        return Resolved(
            found,
            f"{text!r}: stands for {', '.join(a.person or a.name or a.text for a in actors)}",
            kind in ("many", "two"),
        )

    def _expletive(self, i: int) -> bool:
        """ "It is difficult to say", "it seems that": an "it" that stands for the clause behind it."""
        s = self.sentence
        verb = s.heads[i]
        if s.deps[i] not in ("nsubj", "nsubjpass"):
            return False
        if s.kid(verb, "expl") is not None:
            return True
        clauses = ("ccomp", "xcomp", "csubj", "advcl", "acl")
        told = [c for c in (verb, *s.kids(verb, "acomp", "attr", "oprd")) for k in s.kids(c, *clauses) if k > verb]
        return bool(told) and (s.lemmas[verb] in self._words.expletive_verbs)

    def _clause_subject(self, i: int) -> set[tuple[str, str]]:
        """An object pronoun does not mean the subject of its own verb."""
        s = self.sentence
        if s.deps[i] not in ("dobj", "dative", "pobj"):
            return set()
        verb = next((h for h in s.ancestors(i) if s.pos[h] in ("VERB", "AUX")), None)
        subject = s.kid(verb, "nsubj", "nsubjpass") if verb is not None else None
        return set(_keys(self.resolve(subject))) if subject is not None else set()


def _keys(actors: Iterable[Actor]) -> Iterator[tuple[str, str]]:
    return ((actor.code, actor.person) for actor in actors)
