"""What resolving a noun phrase needs: the sentence, its mentions, the memory of the report, and small questions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from communique.actors.choose import best_entity, best_reading, cues_in
from communique.actors.discourse import Discourse, as_body
from communique.actors.mentions import NOMINAL, Mention, coordinated, core, find_mentions, proper_name
from communique.knowledge.actors import ActorBook, Entity
from communique.knowledge.gazetteer import Gazetteer
from communique.knowledge.language import LanguageWords
from communique.language.tree import Sentence
from communique.records import Actor, Considered, Span

NAMES = ("name", "seat", "capital", "inhabitant")
MODIFIERS = ("amod", "compound", "nmod", "npadvmod")
_SIDES = ("pro", "anti", "counter", "non")
_KNOWN_PLACE = 4.5  # on the gazetteer's scale: a town of some thirty thousand
_PLACE = 3.5  # a name that the gazetteer has as a place of some size is no person
_EXPANDED = 8  # members; a longer list of actors says less than the region's name


@dataclass(frozen=True, slots=True)
class Resolved:
    """Who a noun phrase stands for, and why.

    `many`: the phrase is plural. `indirect`: its possessor is meant ("the statement"), so no pronoun stands for it.
    `lost`: what else the words could have meant.
    """

    actors: tuple[Actor, ...]
    reason: str
    many: bool = False
    indirect: bool = False
    lost: tuple[Considered, ...] = ()


NOBODY = Resolved((), "")


class Base:
    """The state of one sentence's resolution; the kinds of noun phrase are in `people`, `references`, `resolve`."""

    def __init__(
        self, s: Sentence, text: str, book: ActorBook, words: LanguageWords, discourse: Discourse, day: str,
        gazetteer: Gazetteer | None = None,
    ) -> None:  # fmt: skip
        """Read the sentence `s` of the report `text`, published on `day` (ISO, or empty if unknown).

        `gazetteer` tells the state of a town ("police in Izmir"); without one only capitals have theirs.
        """
        self.sentence = s
        self._report = text
        self._gazetteer = gazetteer
        self.discourse = discourse
        self._book = book
        self._words = words
        self._day = day
        self.mentions = find_mentions(s, book)
        self._at = {i: m for m in self.mentions for i in range(m.first, m.last + 1)}
        self._found: dict[int, Resolved] = {}

    def _read(self, i: int) -> None:
        """Resolve the word at `i`, if it is nominal, and remember it."""
        raise AssertionError("given by SentenceActors")

    def resolve(self, head: int) -> tuple[Actor, ...]:
        """Return the actors that the noun phrase at `head` stands for, those joined to it included."""
        actors: dict[tuple[str, str, str], Actor] = {}
        s = self.sentence
        for i in coordinated(s, head):
            # "A and the minister B" is at times parsed with A as a modifier of B.
            joined = [
                c for c in s.kids(i, "nmod") if s.kid(c, "cc") is not None and any(a.person for a in self.at(c).actors)
            ]
            for k in (*joined, i):
                for actor in self.at(k).actors:
                    actors.setdefault((actor.code, actor.person, actor.sector), actor)
        return tuple(actors.values())

    def at(self, head: int) -> Resolved:
        """Return what the one noun phrase at `head` stands for, without those joined to it."""
        return self._found.get(head, NOBODY)

    def holders_of(self, head: int) -> tuple[Actor, ...]:
        """Return to whom the thing at `head` belongs: "China's abuses", "Western sanctions", "attempts by A"."""
        s = self.sentence
        for i in coordinated(s, head):
            for c in s.children[i]:
                if s.deps[c] != "poss":
                    continue
                self._read_all(c)
                if found := self.resolve(c):
                    return found
            for c in s.children[i]:
                # "the Paris accord" and "the Geneva talks" are no city's own.
                if s.deps[c] in MODIFIERS and not self.is_place_modifier(c) and (found := self._modifier_actors(c)):
                    return found
            for c in s.kids(i, "prep"):
                if s.lemmas[c] in ("of", "by", "from"):
                    for p in s.kids(c, "pobj"):
                        self._read_all(p)
                        if found := self.resolve(p) or self.holders_of(p):
                            return found
        return ()

    def entity(self, code: str) -> Entity | None:
        """Return the entity with this code."""
        return self._book.entity(code)

    def modifier(self, word: int) -> tuple[Actor, ...]:
        """Return the bodies that a modifier names: "Chinese", "U.S.", "Russian and Chinese"."""
        return self._modifier_actors(word)

    def is_place_modifier(self, word: int) -> bool:
        """Tell whether a modifier is a city, which says where a thing was rather than whose it is."""
        mention = self._at.get(word)
        return mention is not None and bool(mention.of("capital")) and not mention.of("name", "adjective", "seat")

    def reason(self, head: int) -> str:
        return "; ".join(r for i in coordinated(self.sentence, head) if (r := self.at(i).reason))

    def lost(self, head: int) -> tuple[Considered, ...]:
        """Return what else the words of the noun phrase at `head`, and of those joined to it, could have meant."""
        return tuple(c for i in coordinated(self.sentence, head) for c in self.at(i).lost)

    def _country(self, i: int) -> tuple[tuple[Actor, ...], str]:
        """Return the bodies that the noun phrase at `i` belongs to, and by which words."""
        for search in (
            self._by_possessor,
            self._by_modifier,
            self._by_title_words,
            self._by_words_before,
            self._by_place,
        ):
            actors, how = search(i)
            if actors:
                return self._bodies(actors), how
        return (), ""

    def _by_possessor(self, i: int) -> tuple[tuple[Actor, ...], str]:
        """Look at "Poland's minister"; "Poland's neighbour" is another than Poland."""
        s = self.sentence
        if s.lemmas[i] not in self._words.relational_nouns:
            for c in s.kids(i, "poss"):
                self._read_all(c)
                if found := tuple(a for a in self.resolve(c) if a.code):
                    return found, f"possessor {s.words[c]!r}"
        return (), ""

    def _by_modifier(self, i: int) -> tuple[tuple[Actor, ...], str]:
        s = self.sentence
        for c in reversed(s.children[i]):
            if s.deps[c] in MODIFIERS and c < i and (found := self._modifier_actors(c)):
                return found, f"modifier {s.words[c]!r}"
        return (), ""

    def _by_title_words(self, i: int) -> tuple[tuple[Actor, ...], str]:
        """Look at what modifies another word of the same title ("U.S. Secretary of State")."""
        s = self.sentence
        own = self._at.get(i)
        for k in range(own.first, own.last + 1) if own is not None else ():
            for c in s.children[k] if k != i else ():
                if s.deps[c] in (*MODIFIERS, "poss") and not (own and own.first <= c <= own.last):
                    found = self.resolve(c) if s.deps[c] == "poss" else self._modifier_actors(c)
                    if found:
                        return found, f"modifier {s.words[c]!r}"
        return (), ""

    def _by_words_before(self, i: int) -> tuple[tuple[Actor, ...], str]:
        """Look at the words of the phrase itself, whatever the parser made of them."""
        s = self.sentence
        relational = s.lemmas[i] in self._words.relational_nouns
        owned = {k for c in s.kids(i, "poss") for k in s.subtree(c)} if relational else set()
        # A person's own names are no hint: "Shiraz Maher".
        own = self._at.get(i)
        named = s.pos[i] == "PROPN" and (own is None or bool(own.of("person", "surname")))
        end = self._name_run(i)[0] if named else i
        before = range(end - 1, core(s, i)[0] - 1, -1)
        for k in before:
            mention = self._at.get(k)
            if mention is None or k in owned or mention.first <= i <= mention.last:
                continue
            if mention.of("adjective", *NAMES) and (bodies := self._mention_bodies(mention)):
                return tuple(bodies), f"modifier {s.words[k]!r}"
        for k in before:
            if k not in owned and k not in self._at and (found := self._state_of(k)):
                return found, f"modifier {found[0].text!r}"
        return (), ""

    def _by_place(self, i: int) -> tuple[tuple[Actor, ...], str]:
        """Look at "leaders of Poland and Hungary", "police in Istanbul", "officials from Warsaw"."""
        s = self.sentence
        own = self._at.get(i)
        # "the Ministry of Agriculture of Brazil": the state may hang on the last word of the title.
        inside = range(own.first, own.last + 1) if own is not None else range(i, i + 1)
        for c in (c for head in dict.fromkeys((i, *inside)) for c in s.kids(head, "prep") if c not in inside):
            if s.lemmas[c] in ("of", "in", "from", "at", "for"):
                for p in s.kids(c, "pobj"):
                    self._read_all(p)
                    if found := tuple(a for a in self.resolve(p) if a.code) or self._by_possessor(p)[0]:
                        return found, f"{s.lemmas[c]} {s.words[p]!r}"
                    if s.lemmas[p].lower() in self._words.place_nouns:  # "in the Iraqi city of Basra"
                        found = self._by_modifier(p)[0] or self._by_place(p)[0]
                    if found := found or self._state_of(p):
                        return found, f"{s.lemmas[c]} {s.words[p]!r}"
        return (), ""

    def _name_run(self, i: int) -> tuple[int, int]:
        """Return the words of the name that ends at `i`, without the titles and nationalities before it."""
        s = self.sentence
        first, last = proper_name(s, i)
        for k in range(last - 1, first - 1, -1):
            if (
                self._is_title(k)
                or s.words[k] in self._words.honorifics
                or s.words[k].lower() in self._words.calendar_words
            ):
                first = k + 1
                break
        while first < last and s.words[first] == "-":
            first += 1
        return first, last

    def _is_title(self, k: int) -> bool:
        """Tell whether word `k` before a name belongs to a title or a nationality, not to the name itself."""
        mention = self._at.get(k)
        if mention is None or mention.of("person", "surname") or self.sentence.words[k] in self._words.given_names:
            return False
        return bool(
            mention.of("office", "role", "adjective", "name", "seat")
        )  # "Paris" before a surname is a given name

    def _is_place(self, first: int, last: int) -> bool:
        """Tell whether words that look like a person's name are a place: "Deir ez-Zor", "Port Sudan"."""
        s = self.sentence
        if self._gazetteer is None or first == last:
            return False
        end = last
        while end + 2 < len(s) and s.words[end + 1] == "-" and s.words[end + 2][0].isupper():
            end += 2
        return any(
            site is not None and site.weight >= _PLACE
            for site in (self._gazetteer.best(self._text(s.cut(first, e))) for e in dict.fromkeys((last, end)))
        )

    def _against(self, mention: Mention) -> bool:
        """ "Pro-government", "anti-Chinese": says whom one is for or against, not whose one is."""
        words = self.sentence.words
        first = mention.first
        return first > 1 and words[first - 1] == "-" and words[first - 2].lower() in _SIDES

    def _elsewhere(self, mention: Mention, code: str) -> bool:
        """ "Paris, Texas": the region behind the comma lies in another state than the capital of that name."""
        s = self.sentence
        first = mention.last + 2
        if self._gazetteer is None or first >= len(s) or s.words[first - 1] != "," or s.pos[first] != "PROPN":
            return False
        last = first
        while last + 1 < len(s) and s.pos[last + 1] == "PROPN":
            last += 1
        site = self._gazetteer.best(self._text(s.cut(first, last)))
        return site is not None and site.kind == "region" and site.country != code

    def _state_of(self, i: int) -> tuple[Actor, ...]:
        """Return the state in which the place at `i` lies, by the gazetteer: "police in Izmir", "the Lviv region"."""
        s = self.sentence
        named = s.words[i][0].isupper() and s.pos[i] in ("PROPN", "ADJ", "NOUN")
        if self._gazetteer is None or not named or (i in self._at and not self._at[i].of("role", "office")):
            return ()
        first = i
        while (
            first > 0 and s.words[first - 1][0].isupper() and s.pos[first - 1] == "PROPN" and first - 1 not in self._at
        ):
            first -= 1
        for start in range(first, i + 1):
            span = s.cut(start, i)
            site = self._gazetteer.best(self._text(span), self.discourse.named)
            entity = self._book.entity(site.country) if site is not None else None
            if site is not None and entity is not None and site.weight >= _KNOWN_PLACE:
                return (Actor(entity.code, entity.name, entity.kind, text=self._text(span), span=span),)
        return ()

    def _read_all(self, head: int) -> None:
        """Resolve a phrase and those joined to it, if they stand further right than the reading has come."""
        for k in coordinated(self.sentence, head):
            if k not in self._found and self.sentence.pos[k] in (*NOMINAL, "PRON"):
                self._read(k)

    def _modifier_actors(self, c: int) -> tuple[Actor, ...]:
        """Return the bodies that a modifier names: "Chinese", "U.S.", "Russian and Chinese", "U.S.-led".

        Rebels "backed" by a state are not the state's own, so only some participles let its name through.
        """
        s = self.sentence
        found: list[Actor] = []
        for k in coordinated(s, c):
            mention = self._at.get(k)
            if mention is not None:
                found += self._mention_bodies(mention)
            elif s.pos[k] not in ("VERB", "ADJ") or s.lemmas[k] in self._words.own_participles:
                for inner in s.kids(k, "npadvmod", "compound", "amod", "nmod"):
                    mention = self._at.get(inner)
                    if mention is not None and not found:
                        found += self._mention_bodies(mention)
        return tuple(found)

    def _mention_bodies(self, mention: Mention) -> list[Actor]:
        words = self.sentence.words
        if self._against(mention):
            return []
        if mention.of("person", "surname") and not mention.of("adjective", *NAMES):
            return self._state_of_person(mention)
        after = mention.last + 2
        joined = after < len(words) and words[after - 1] == "-" and self.sentence.tags[after] in ("VBN", "VBD")
        if joined and self.sentence.lemmas[after] not in self._words.own_participles:
            return []
        if self._given_name(mention):
            return []
        forms = mention.of("adjective", *NAMES)
        form = best_entity(forms, self._day, self.discourse.weight).chosen if forms else None
        if form is None or form.entity is None:
            return []
        span = self.sentence.cut(mention.first, mention.last)
        text = self._text(span)
        if (reading := self._reading(mention)) is not None:
            return [replace(a, sector="") for a in reading.actors]
        members = self._expanded(form.entity, self.sentence.heads[mention.last])
        if members:
            return list(self._members(members, span, text))
        return [self._entity(form.entity, span, text, form.entity.sector)]

    def _state_of_person(self, mention: Mention) -> list[Actor]:
        """ "The Assad government": the state of who governs it."""
        raise AssertionError("given by People")

    def _given_name(self, mention: Mention) -> bool:
        """ "Jordan Peele" and "Chad Smith": an unknown capitalised word follows, and it is no thing or body."""
        s = self.sentence
        after = mention.last + 1
        if mention.first != mention.last or after >= len(s) or after in self._at or s.pos[after] != "PROPN":
            return False
        if s.words[mention.last] not in self._words.given_names or s.starts[after] != s.ends[mention.last] + 1:
            return False
        return not self._noun_kind(after)

    def _reading(self, mention: Mention) -> Resolved | None:
        """Return what a name with several well-known bearers means here ("Georgia"), None for any other name."""
        span = self.sentence.cut(mention.first, mention.last)
        text = self._text(span)
        homonym = self._book.homonyms.get(text)
        if homonym is None:
            return None
        start, end = self.sentence.span
        reached, far = self.discourse.cues.get(homonym.where, (0, frozenset[str]()))
        if reached < start:  # only what was not looked through yet
            far |= cues_in(self._report[reached:start], homonym)
            self.discourse.cues[homonym.where] = (start, far)
        choice = best_reading(homonym, cues_in(self._report[start:end], homonym), far)
        reading = choice.chosen
        if reading is None or not reading.code:
            return Resolved((), f"{text!r}: {reading.name if reading else 'nothing'} ({choice.why})", lost=choice.lost)
        entity = self._book.entity(reading.code)
        name, kind = (entity.name, entity.kind) if entity is not None else (reading.name, "state")
        actor = Actor(reading.code, name, kind, reading.sector, text=text, span=span)
        return Resolved((actor,), f"{text!r}: {reading.name} ({choice.why}; {homonym.where})", lost=choice.lost)

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
        return any(
            s.words[c].lower() in ("the", "their", "its", "his", "her", "both")
            for c in s.kids(i, "det", "poss", "predet")
        )

    def _members(self, codes: Iterable[str], span: Span, text: str) -> tuple[Actor, ...]:
        entities = [(code, self._book.entity(code)) for code in codes]
        return tuple(
            Actor(code, e.name if e else code, e.kind if e else "state", text=text, span=span) for code, e in entities
        )

    def _expanded(self, entity: Entity, i: int) -> tuple[str, ...]:
        """A small region stands for its members, a large one only where the phrase counts them ("the 55 nations")."""
        if entity.kind != "group":
            return ()
        members = entity.members_on(self._day)
        return members if len(members) <= _EXPANDED or self._number(i) == len(members) else ()

    def _entity(self, entity: Entity, span: Span, text: str, sector: str) -> Actor:
        sectors = entity.sectors
        return Actor(
            entity.code, entity.name, entity.kind, sector, sectors, wikidata=entity.wikidata, text=text, span=span
        )

    def _text(self, span: Span) -> str:
        return self._report[span[0] : span[1]]

    def _noun_kind(self, i: int) -> str:
        """Return "body" or "thing" if the capitalised phrase at `i` ends in such a noun, else ""."""
        word = self.sentence.words[i].lower()
        for kind, nouns in (("body", self._words.body_nouns), ("thing", self._words.thing_nouns)):
            if word in nouns or (word.endswith("s") and word[:-1] in nouns):
                return kind
        return ""
