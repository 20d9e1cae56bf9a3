"""Noun phrases -> actors, by the day of the report, the words around them and what the report has said so far.

`SentenceActors` resolves every nominal word of one sentence, from left to right, when it is made; `resolve` then
answers for the head of an argument, coordination included. Each answer carries the reason for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from communique.actors.choose import best_entity, best_holder, press_name, title_words
from communique.actors.discourse import Discourse, Heard, as_body
from communique.actors.mentions import NOMINAL, Mention, coordinated, core, find_mentions, proper_name
from communique.knowledge.actors import ActorBook, Entity, Form, Holder
from communique.knowledge.language import LanguageWords
from communique.language.tree import Sentence
from communique.records import Actor, Span

_NAMES = ("name", "seat", "capital", "inhabitant")
_MODIFIERS = ("amod", "compound", "nmod", "npadvmod")
_EXPANDED = 8  # members; a longer list of actors says less than the region's name


@dataclass(frozen=True, slots=True)
class Resolved:
    """Who a noun phrase stands for, and why; `indirect` if its possessor does ("the statement", "China's abuses")."""

    actors: tuple[Actor, ...]
    reason: str
    many: bool = False
    indirect: bool = False


_NOBODY = Resolved((), "")


class SentenceActors:
    """The actors of one sentence, by the word that heads each noun phrase."""

    def __init__(
        self, s: Sentence, text: str, book: ActorBook, words: LanguageWords, discourse: Discourse, day: str
    ) -> None:
        """Read the sentence `s` of the report `text`, published on `day` (ISO, or empty if unknown)."""
        self.sentence = s
        self._report = text
        self.discourse = discourse
        self._book = book
        self._words = words
        self._day = day
        self.mentions = find_mentions(s, book)
        self._at = {i: m for m in self.mentions for i in range(m.first, m.last + 1)}
        self._found: dict[int, Resolved] = {}
        for i in range(len(s)):
            self._read(i)

    def resolve(self, head: int) -> tuple[Actor, ...]:
        """Return the actors that the noun phrase at `head` stands for, those joined to it included."""
        actors: dict[tuple[str, str, str], Actor] = {}
        for i in coordinated(self.sentence, head):
            for actor in self.at(i).actors:
                actors.setdefault((actor.code, actor.person, actor.sector), actor)
        return tuple(actors.values())

    def at(self, head: int) -> Resolved:
        """Return what the one noun phrase at `head` stands for, without those joined to it."""
        return self._found.get(head, _NOBODY)

    def holders_of(self, head: int) -> tuple[Actor, ...]:
        """Return the actors to whom the thing at `head` belongs: "China's abuses", "Western sanctions", "attempts by A"."""
        s = self.sentence
        for i in coordinated(s, head):
            for c in s.children[i]:
                if s.deps[c] == "poss" and (found := self.resolve(c)):
                    return found
            for c in s.children[i]:
                if s.deps[c] in _MODIFIERS and (found := self._modifier_actors(c)):
                    return found
            for c in s.kids(i, "prep"):
                if s.lemmas[c] in ("of", "by", "from"):
                    for p in s.kids(c, "pobj"):
                        if found := self.resolve(p) or self.holders_of(p):
                            return found
        return ()

    def modifier(self, word: int) -> tuple[Actor, ...]:
        """Return the bodies that a modifier names: "Chinese", "U.S.", "Russian and Chinese"."""
        return self._modifier_actors(word)

    def reason(self, head: int) -> str:
        return "; ".join(r for i in coordinated(self.sentence, head) if (r := self.at(i).reason))

    # -- reading a sentence -------------------------------------------------------------------------------------

    def _read(self, i: int) -> None:
        s = self.sentence
        if s.deps[i] in _MODIFIERS and s.pos[s.heads[i]] in NOMINAL and s.heads[i] > i:
            self._weigh(i)
            return
        if s.pos[i] in NOMINAL or (i in self._at and s.pos[i] == "ADJ" and s.deps[i] not in _MODIFIERS):
            if self._inside_name(i):
                return
            found = self._nominal(i)
        elif s.words[i].lower() in self._words.pronouns and s.pos[i] in ("PRON", "DET"):
            found = self._pronoun(i)
        elif s.pos[i] == "NUM" and s.deps[i] in ("nsubj", "nsubjpass", "pobj", "dobj"):
            found = self._counted(i)
        else:
            return
        if not found.actors:
            return
        self._found[i] = found
        if found.indirect or (found.actors[0].kind == "group" and not s.deps[i].startswith("nsubj")):
            return
        if s.words[i].lower() in self._words.pronouns and s.deps[i] not in ("nsubj", "nsubjpass"):
            return
        self._hear(i, found)

    def _weigh(self, i: int) -> None:
        """A state that modifies a noun ("Chinese support") is named, but no pronoun stands for it."""
        mention = self._at.get(i)
        if mention is not None and mention.last == i:
            for actor in self._mention_bodies(mention):
                if actor.kind != "group":
                    self.discourse.weigh(actor, 1.0)

    def _inside_name(self, i: int) -> bool:
        """Tell whether word `i` is a part of a name or phrase that another word heads."""
        mention = self._at.get(i)
        s = self.sentence
        if mention is None or mention.first == mention.last:
            return False
        head = next((k for k in range(mention.last, mention.first - 1, -1) if not mention.first <= s.heads[k] <= mention.last or s.heads[k] == k), i)
        return i != head

    def _hear(self, i: int, found: Resolved) -> None:
        s = self.sentence
        if len(found.actors) > 1:
            self.discourse.join(found.actors, s.index)
        subject = s.deps[i] in ("nsubj", "nsubjpass") or (s.deps[i] == "conj" and s.deps[s.heads[i]].startswith("nsubj"))
        self.discourse.hear(Heard(found.actors, s.index, i, subject, found.many))
        if s.deps[i] == "conj":
            first = i
            while s.deps[first] == "conj":
                first = s.heads[first]
            together = self.resolve(first)
            if len(together) > 1:
                self.discourse.hear(Heard(together, s.index, first, s.deps[first].startswith("nsubj"), True))
                self.discourse.join(together, s.index)

    # -- kinds of noun phrase -----------------------------------------------------------------------------------

    def _nominal(self, i: int) -> Resolved:
        s = self.sentence
        mention = self._at.get(i)
        found = self._known(i, mention) if mention else _NOBODY
        if not found.actors and s.pos[i] == "PROPN":
            found = self._unknown_person(i)
        if not found.actors:
            found = self._group(i) or self._back_reference(i) or self._voice(i) or self._partitive(i) or _NOBODY
        return self._with_apposition(i, found)

    def _known(self, i: int, mention: Mention) -> Resolved:
        person = self._person(i, mention)
        if person:
            return person
        names = mention.of(*_NAMES)
        if names and not self._part_of_person(i, mention) and not self._part_of_name(i):
            return self._named(i, mention, names)
        if mention.of("office"):
            return self._office(i, mention)
        if mention.of("role"):
            return self._role(i, mention)
        return _NOBODY

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
        stranger = [k for k in before if k not in self._at and s.words[k] not in self._words.honorifics and s.words[k] != "-"]
        key = press_name(self._text(s.cut(mention.first, mention.last)))
        if stranger and not full:
            return None
        if not full and key in self.discourse.people:
            return Resolved((self._with_span(self.discourse.people[key], i, mention),), f"{key!r}: named before in the report")
        holder = best_holder(self._book, forms, self._day)
        if holder is None or (not full and not self._surname_fits(i, mention, holder)):
            return None
        actor = self._holder(holder, i, mention)
        self.discourse.introduce(actor)
        return Resolved((actor,), f"{key!r}: {holder.person}, {holder.office} of {holder.code} ({holder.where})")

    def _surname_fits(self, i: int, mention: Mention, holder: Holder) -> bool:
        """A bare surname that was not introduced counts if its bearer is in office on the day."""
        tags = self.sentence.tags
        if not all(tags[k].startswith("NNP") for k in range(mention.first, mention.last + 1)):
            return False
        return bool(self._day) and holder.start <= self._day and (not holder.end or self._day <= holder.end)

    def _part_of_person(self, i: int, mention: Mention) -> bool:
        """"Jordan" in "Michael Jordan" is no state: a given name stands before it."""
        s = self.sentence
        first = proper_name(s, mention.last)[0]
        return any(k not in self._at and s.words[k] != "-" and s.deps[k] == "compound" and s.heads[k] == i and s.words[k].isalpha() and not s.words[k].isupper() for k in range(first, mention.first))

    def _part_of_name(self, i: int) -> bool:
        """"Japan" in "the Sea of Japan" and "China" in "the East China Sea" name no state."""
        s = self.sentence
        after = self._at[i].last + 1
        if after < len(s) and s.pos[after] == "PROPN" and after not in self._at and not self._at[i].of("person", "surname"):
            run = after
            while run + 1 < len(s) and s.pos[run + 1] == "PROPN":
                run += 1
            if self._noun_kind(run):
                return True
        head = s.heads[i]
        if s.deps[i] != "pobj" or s.lemmas[head] != "of":
            return False
        head = s.heads[head]
        return s.pos[head] == "PROPN" and self._noun_kind(head) == "thing" and head not in self._at

    def _named(self, i: int, mention: Mention, forms: Sequence[Form]) -> Resolved:
        form = best_entity(forms, self._day)
        if form is None or form.entity is None:
            return _NOBODY
        entity = form.entity
        span = self.sentence.cut(mention.first, mention.last)
        text = self._text(span)
        members = self._expanded(entity, i)
        if members:
            return Resolved(self._members(members, span, text), f"{text!r}: the members of {entity.name} ({entity.where})", True)
        sector = entity.sector or ("GOV" if form.use in ("seat", "capital") else "")
        actor = self._entity(entity, span, text, sector)
        return Resolved((actor,), f"{text!r}: {form.use} of {entity.name} ({entity.where})", form.use == "inhabitant" and form.plural)

    def _office(self, i: int, mention: Mention) -> Resolved:
        """"The Russian president", "Poland's foreign minister", "leaders of the five nations"."""
        s = self.sentence
        form = mention.of("office")[0]
        office = form.office
        if office is None:
            return _NOBODY
        many = s.tags[i] in ("NNS", "NNPS")
        whose, how = self._country(i)
        first, last = core(s, i)
        first, last = min(first, mention.first), max(last, mention.last)
        span = s.cut(first, last)
        text = self._text(span)
        if not whose:
            known = self.discourse.holder(office.id)
            if known is not None and not many:
                return Resolved((replace(known, text=text, span=span),), f"{text!r}: {known.person or known.name}, named before")
            two = self._number(i)
            if two:
                group = self.discourse.people_group(two, s.index)
                return Resolved(tuple(replace(a, text=text, span=span) for a in group), f"{text!r}: those who acted together before", True)
            salient = self.discourse.salient()
            if salient is None or many or not self._definite(i):
                return self._group(i) or self._back_reference(i) or _NOBODY
            whose, how = (as_body(salient),), "the state that the report has named most"
        found = []
        for state in whose:
            # Many bodies share a code such as UNO; only a state has one holder of an office.
            alone = state.kind in ("state", "territory") or state.code not in ("UNO", "EUR") or office.id == "secretary-general"
            known = self._book.office_holder(state.code, office.id, self._day) if alone and not many else None
            holder = known if not (many and len(whose) == 1) else None
            if holder is not None and not many:
                found.append(self._holder(holder, i, mention, span))
            else:
                found.append(replace(as_body(state), sector=office.sector, office=office.id, text=text, span=span))
        return Resolved(tuple(found), f"{text!r}: {office.id} ({how})", many or len(found) > 1)

    def _role(self, i: int, mention: Mention) -> Resolved:
        """"Russian troops", "police in Istanbul", "militants": a sector, with the country from the words around."""
        s = self.sentence
        role = mention.of("role")[0].role
        if role is None:
            return _NOBODY
        first, last = core(s, i)
        span = s.cut(min(first, mention.first), max(last, mention.last))
        text = self._text(span)
        many = s.tags[i] in ("NNS", "NNPS")
        if role.code:
            entity = self._book.entity(role.code)
            name = entity.name if entity else role.code
            return Resolved((Actor(role.code, name, "state", role.sector, text=text, span=span),), f"{text!r}: role {role.form}", many)
        whose, how = self._country(i)
        if not whose and not role.head:
            return self._group(i) or self._back_reference(i) or self._partitive(i) or _NOBODY
        if not whose:
            back = self._back_reference(i) if s.lemmas[i] in self._words.state_nouns | self._words.leader_nouns else None
            if back:
                return back
            if s.lemmas[i] in self._words.partitives:
                return self._partitive(i) or _NOBODY
            if role.sector in ("GOV", "MIL", "LEG", "JUD") and self._definite(i) and (salient := self.discourse.salient()):
                actor = replace(as_body(salient), sector=role.sector, text=text, span=span)
                return Resolved((actor,), f"{text!r}: {role.sector} of the state that the report has named most", many)
            return Resolved((Actor("", "", "role", role.sector, text=text, span=span),), f"{text!r}: role {role.form}", many)
        found = tuple(replace(as_body(w), sector=role.sector, text=text, span=span) for w in whose)
        return Resolved(found, f"{text!r}: role {role.form} ({how})", many or len(found) > 1)

    def _unknown_person(self, i: int) -> Resolved:
        """"Turkish Interior Minister Suleyman Soylu", "Dmitri Trenin of the Carnegie Moscow Center", then "Soylu"."""
        s = self.sentence
        first, last = proper_name(s, i)
        while first < last and (self._is_title(first) or s.words[first] in self._words.honorifics or s.words[first] == "-"):
            first += 1
        name = press_name(self._text(s.cut(first, last)))
        span = s.cut(first, last)
        known = self.discourse.people.get(name)
        if known is not None:
            return Resolved((replace(known, text=self._text(span), span=span),), f"{name!r}: named before in the report")
        whose, how = self._country(i)
        kind = self._noun_kind(i)
        if kind:
            return self._unknown_body(i, whose, how) if kind == "body" else _NOBODY
        title = self._title(i)
        if any(s.words[k].lower() in title_words(self._book) for k in range(first, last + 1)):
            return _NOBODY
        if (title is None and s.kid(i, "det") is not None) or not all(w[0].isupper() for w in s.words[first : last + 1] if len(w) > 3):
            return _NOBODY  # "the Winter Palace" is no person
        if first == last and title is None:
            return _NOBODY  # one unknown capitalised word is a person only if a title says so
        if title is None and not whose and not self._acts(i):
            return _NOBODY
        whole = s.cut(min(core(s, i)[0], first), last)
        base = as_body(whose[0]) if whose else Actor("", "", "person")
        sector = title[1] if title else ""
        actor = replace(base, sector=sector, person=name, office=title[0] if title else "", text=self._text(whole), span=whole)
        self.discourse.introduce(actor)
        return Resolved((actor,), f"{name!r}: a person by the name's form ({how or 'no country'})")

    def _noun_kind(self, i: int) -> str:
        """Return "body" or "thing" if the capitalised phrase at `i` ends in such a noun, else ""."""
        word = self.sentence.words[i].lower()
        for kind, nouns in (("body", self._words.body_nouns), ("thing", self._words.thing_nouns)):
            if word in nouns or (word.endswith("s") and word[:-1] in nouns):
                return kind
        return ""

    def _unknown_body(self, i: int, whose: tuple[Actor, ...], how: str) -> Resolved:
        """"The Carnegie Moscow Center", "Kenya's Electoral Commission": a body that belongs to the state in its name."""
        if not whose:
            return _NOBODY
        first, last = core(self.sentence, i)
        span = self.sentence.cut(first, last)
        text = self._text(span)
        return Resolved((replace(as_body(whose[0]), text=text, span=span),), f"{text!r}: a body ({how})")

    def _is_title(self, k: int) -> bool:
        """Tell whether word `k` before a name belongs to a title or a nationality, not to the name itself."""
        mention = self._at.get(k)
        return mention is not None and not mention.of("person", "surname")

    def _title(self, i: int) -> tuple[str, str] | None:
        """Return (office, sector) of the title before the name at `i`, or in its apposition."""
        s = self.sentence
        near = [*range(core(s, i)[0], i), *(c for c in s.kids(i, "appos", "nmod") if c > i)]
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
        return self.sentence.deps[i] in ("nsubj", "nsubjpass", "pobj", "dobj", "poss", "conj")

    def _group(self, i: int) -> Resolved | None:
        """"The five Central Asian nations", "Western countries", "Arab leaders"."""
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
        """"The two countries", "both sides", "the two leaders"."""
        s = self.sentence
        lemma = s.lemmas[i]
        if lemma in self._words.features and self._definite(i) and (last := self.discourse.last_of(self._words.features[lemma])):
            span = s.cut(*core(s, i))
            return Resolved((replace(last, text=self._text(span), span=span),), f"{self._text(span)!r}: {last.name}, named before")
        if lemma not in self._words.state_nouns and lemma not in self._words.leader_nouns:
            return None
        size = self._number(i)
        many = s.tags[i] == "NNS" and lemma not in self._words.relational_nouns and s.kid(i, "poss") is None
        if not size and not (many and self._definite(i)):
            return None
        size = size or 2
        people = lemma in self._words.leader_nouns
        group = self.discourse.people_group(size, s.index) if people else self.discourse.group(size, s.index)
        if not group:
            return None
        first, last = core(s, i)
        span = s.cut(first, last)
        text = self._text(span)
        return Resolved(tuple(replace(a, text=text, span=span) for a in group), f"{text!r}: those who acted together before", True)

    def _voice(self, i: int) -> Resolved | None:
        """"The Kremlin's statement said", "a joint statement said": the one who speaks through it."""
        s = self.sentence
        if s.lemmas[i] not in self._words.voice_nouns or s.pos[i] != "NOUN":
            return None
        span = s.cut(*core(s, i))
        text = self._text(span)
        if found := self.holders_of(i):
            return Resolved(tuple(replace(a, text=text, span=span) for a in found), f"{text!r}: of {found[0].name}", len(found) > 1, True)
        if any(s.lemmas[c] in self._words.joint_adjectives for c in s.kids(i, "amod")):
            group = self.discourse.group(2, s.index)
            return Resolved(tuple(replace(a, text=text, span=span) for a in group), f"{text!r}: of those who acted together before", True, True)
        return None

    def _partitive(self, i: int) -> Resolved | None:
        s = self.sentence
        if s.lemmas[i].lower() not in self._words.partitives:
            return None
        for c in s.kids(i, "prep"):
            if s.lemmas[c] == "of":
                for p in s.kids(c, "pobj"):
                    found = Resolved((), "")
                    if p not in self._found:
                        self._read(p)
                    found = self.at(p)
                    if found.actors:
                        return replace(found, many=True)
        return None

    def _counted(self, i: int) -> Resolved:
        size = self._words.numbers.get(self.sentence.words[i].lower(), 0)
        group = self.discourse.group(size, self.sentence.index) if size else ()
        span = self.sentence.cut(i, i)
        text = self._text(span)
        return Resolved(tuple(replace(a, text=text, span=span) for a in group), f"{text!r}: those who acted together before", True)

    def _with_apposition(self, i: int, found: Resolved) -> Resolved:
        """"His Chinese counterpart Xi Jinping" is Xi; "Yuri Ushakov, Putin's adviser" belongs to Putin's state."""
        s = self.sentence
        for c in s.kids(i, "appos"):
            if s.pos[c] not in NOMINAL or self._inside_name(c):
                continue
            if c not in self._found:
                self._read(c)
            other = self.at(c).actors
            if len(other) != 1 or (found.actors and len(found.actors) != 1):
                continue
            mine = found.actors[0] if found.actors else None
            if other[0].person and (mine is None or not mine.person):
                code = mine if mine is not None and mine.code and not other[0].code else other[0]
                merged = replace(other[0], code=code.code, name=code.name, kind=code.kind)
                return Resolved((merged,), f"{found.reason}; in apposition: {self.at(c).reason}".lstrip("; "))
            if mine is not None and mine.person and not other[0].person and other[0].code and (not mine.code or not mine.sector):
                merged = replace(mine, code=other[0].code, name=other[0].name, kind=other[0].kind, sector=mine.sector or other[0].sector, office=mine.office or other[0].office)
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
                return self._partitive(i) or _NOBODY
            actors = self.discourse.group(2, s.index)
        else:
            if s.deps[i] in ("nsubj", "nsubjpass") and s.words[i].lower() == "it" and s.kid(s.heads[i], "expl") is not None:
                return _NOBODY
            clause_subject = self._clause_subject(i)
            options = self.discourse.candidates(kind, s.index, i)
            actors = next((a for a in options if not (clause_subject and set(_keys(a)) & clause_subject)), ())
        if kind != "one person" and s.pos[i] == "PRON":
            actors = tuple(as_body(a) if kind == "one body" else a for a in actors)
        found = tuple(replace(a, text=text, span=span) for a in actors)
        return Resolved(found, f"{text!r}: stands for {', '.join(a.person or a.name or a.text for a in actors)}", kind in ("many", "two"))

    def _clause_subject(self, i: int) -> set[tuple[str, str]]:
        """An object pronoun does not mean the subject of its own verb."""
        s = self.sentence
        if s.deps[i] not in ("dobj", "dative", "pobj"):
            return set()
        verb = next((h for h in s.ancestors(i) if s.pos[h] in ("VERB", "AUX")), None)
        subject = s.kid(verb, "nsubj", "nsubjpass") if verb is not None else None
        return set(_keys(self.resolve(subject))) if subject is not None else set()

    # -- pieces -------------------------------------------------------------------------------------------------

    def _country(self, i: int) -> tuple[tuple[Actor, ...], str]:
        """Return the bodies that the noun phrase at `i` belongs to, and by which words."""
        s = self.sentence
        for c in s.kids(i, "poss"):
            if s.lemmas[i] in self._words.relational_nouns:
                break
            if c not in self._found and s.pos[c] in (*NOMINAL, "PRON"):
                self._read(c)
            if found := tuple(a for a in self.resolve(c) if a.code):
                return self._bodies(found), f"possessor {s.words[c]!r}"
        for c in reversed(s.children[i]):
            if s.deps[c] in _MODIFIERS and c < i and (found := self._modifier_actors(c)):
                return self._bodies(found), f"modifier {s.words[c]!r}"
        own = self._at.get(i)
        if own is not None:  # a modifier may hang on another word of the same title
            for k in range(own.first, own.last + 1):
                if k != i:
                    for c in s.children[k]:
                        if s.deps[c] in (*_MODIFIERS, "poss") and c not in range(own.first, own.last + 1):
                            found = self.resolve(c) if s.deps[c] == "poss" else self._modifier_actors(c)
                            if found:
                                return self._bodies(found), f"modifier {s.words[c]!r}"
        first = core(s, i)[0]
        for k in range(i - 1, first - 1, -1):  # "U.S. Secretary of State Antony Blinken"
            mention = self._at.get(k)
            if mention is not None and mention.first <= k and i not in range(mention.first, mention.last + 1) and mention.of("adjective", "name", "capital"):
                if found := self._mention_bodies(mention):
                    return self._bodies(found), f"modifier {s.words[k]!r}"
        for c in s.kids(i, "prep"):
            if s.lemmas[c] in ("of", "in", "from", "at", "for"):
                for p in s.kids(c, "pobj"):
                    if p not in self._found and s.pos[p] in (*NOMINAL, "PRON"):
                        self._read(p)
                    if found := tuple(a for a in self.resolve(p) if a.code):
                        return self._bodies(found), f"{s.lemmas[c]} {s.words[p]!r}"
        return (), ""

    def _modifier_actors(self, c: int) -> tuple[Actor, ...]:
        """Return the bodies that a modifier names: "Chinese", "U.S.", "Russian and Chinese", "U.S.-led"."""
        s = self.sentence
        found: list[Actor] = []
        for k in coordinated(s, c):
            mention = self._at.get(k)
            if mention is not None:
                found += self._mention_bodies(mention)
            for inner in s.kids(k, "npadvmod", "compound", "amod", "nmod"):
                mention = self._at.get(inner)
                if mention is not None and not found:
                    found += self._mention_bodies(mention)
        return tuple(found)

    def _mention_bodies(self, mention: Mention) -> list[Actor]:
        forms = mention.of("adjective", *_NAMES)
        form = best_entity(forms, self._day) if forms else None
        if form is None or form.entity is None:
            return []
        span = self.sentence.cut(mention.first, mention.last)
        text = self._text(span)
        members = self._expanded(form.entity, self.sentence.heads[mention.last])
        if members:
            return list(self._members(members, span, text))
        return [self._entity(form.entity, span, text, form.entity.sector)]

    def _bodies(self, actors: Iterable[Actor]) -> tuple[Actor, ...]:
        return tuple({a.code: as_body(a) for a in actors if a.code}.values())

    def _number(self, i: int) -> int:
        s = self.sentence
        for c in s.kids(i, "nummod", "det", "predet", "preconj"):
            if size := self._words.numbers.get(s.words[c].lower(), 0):
                return size
        return 0

    def _definite(self, i: int) -> bool:
        s = self.sentence
        return any(s.words[c].lower() in ("the", "their", "its", "his", "her", "both") for c in s.kids(i, "det", "poss", "predet"))

    def _members(self, codes: Iterable[str], span: Span, text: str) -> tuple[Actor, ...]:
        entities = [(code, self._book.entity(code)) for code in codes]
        return tuple(Actor(code, e.name if e else code, e.kind if e else "state", text=text, span=span) for code, e in entities)

    def _expanded(self, entity: Entity, i: int) -> tuple[str, ...]:
        """A small region stands for its members, a large one only where the phrase counts them ("the 55 nations")."""
        if entity.kind != "group":
            return ()
        members = entity.members_on(self._day)
        return members if len(members) <= _EXPANDED or self._number(i) == len(members) else ()

    def _entity(self, entity: Entity, span: Span, text: str, sector: str) -> Actor:
        sectors = entity.sectors
        return Actor(entity.code, entity.name, entity.kind, sector, sectors, wikidata=entity.wikidata, text=text, span=span)

    def _holder(self, holder: Holder, i: int, mention: Mention, span: Span | None = None) -> Actor:
        entity = self._book.entity(holder.code)
        first, last = core(self.sentence, i)
        whole = span or self.sentence.cut(min(first, mention.first), max(last, mention.last))
        sector = holder.sector
        if holder.end and self._day and holder.end < self._day:
            sector = "ELI"  # PLOVER: former officials
        return Actor(
            holder.code, entity.name if entity else holder.code, entity.kind if entity else "state", sector,
            person=press_name(holder.person), office=holder.office, wikidata=holder.wikidata, text=self._text(whole), span=whole,
        )  # fmt: skip

    def _with_span(self, actor: Actor, i: int, mention: Mention) -> Actor:
        first, last = core(self.sentence, i)
        span = self.sentence.cut(min(first, mention.first), max(last, mention.last))
        return replace(actor, text=self._text(span), span=span)

    def _text(self, span: Span) -> str:
        return self._report[span[0] : span[1]]


def _keys(actors: Iterable[Actor]) -> Iterator[tuple[str, str]]:
    return ((actor.code, actor.person) for actor in actors)
