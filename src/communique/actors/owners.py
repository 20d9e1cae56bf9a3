"""To which state a noun phrase belongs: by its possessor, its modifiers, its title, or the place that it is in."""

from __future__ import annotations

from functools import cached_property

from communique.actors.base import MODIFIERS, NAMES, Base
from communique.actors.mentions import Mention, core, proper_name
from communique.knowledge.gazetteer import Site
from communique.records import Actor

_KNOWN_PLACE = 4.5  # on the gazetteer's scale: a town of some thirty thousand
_PLACE = 3.5  # a name that the gazetteer has as a place of some size is no person


class Owners(Base):
    """Resolves whose somebody is."""

    @cached_property
    def _owners(self) -> dict[int, tuple[tuple[Actor, ...], str]]:
        """What was found for each word; one noun is asked for its state several times."""
        return {}

    def _country(self, i: int) -> tuple[tuple[Actor, ...], str]:
        """Return the bodies that the noun phrase at `i` belongs to, and by which words."""
        known = self._owners.get(i)
        if known is None:
            known = self._owners[i] = self._search(i)
        return known

    def _search(self, i: int) -> tuple[tuple[Actor, ...], str]:
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

    def _elsewhere(self, mention: Mention, code: str) -> bool:
        """ "Paris, Texas": the region behind the comma lies in another state than the capital of that name."""
        region = self._region_behind(mention.last)
        return region is not None and region.country != code

    def _region_behind(self, last: int) -> Site | None:
        """Return the region of "Paris, TEXAS", where `last` is the last word of the town."""
        s, first = self.sentence, last + 2
        if self._gazetteer is None or first >= len(s) or s.words[first - 1] != "," or s.pos[first] != "PROPN":
            return None
        last = first
        while last + 1 < len(s) and s.pos[last + 1] == "PROPN":
            last += 1
        site = self._gazetteer.best(self._text(s.cut(first, last)))
        return site if site is not None and site.kind == "region" else None

    def _state_of(self, i: int) -> tuple[Actor, ...]:
        """Return the state in which the place at `i` lies, by the gazetteer: "police in Izmir", "the Lviv region"."""
        s = self.sentence
        named = s.words[i][0].isupper() and s.pos[i] in ("PROPN", "ADJ", "NOUN")
        if self._gazetteer is None or not named or (i in self._at and not self._at[i].of("role", "office")):
            return ()
        first = i
        while first > 0 and s.words[first - 1][0].isupper() and first - 1 not in self._at:
            if s.pos[first - 1] != "PROPN" and s.words[first - 1] not in self._words.name_openers:
                break
            first -= 1
        region = self._region_behind(i)
        for start in range(first, i + 1):
            span = s.cut(start, i)
            if self._gazetteer.is_word(self._text(span)):
                continue  # "Southern", "Federal": names of regions too
            site = region or self._gazetteer.best(self._text(span), self.discourse.named)
            entity = self._book.entity(site.country) if site is not None else None
            if site is None or entity is None:
                continue
            # "New London", however small, is not London.
            if site.weight >= _KNOWN_PLACE or (start < i and s.words[start] in self._words.name_openers):
                return (Actor(entity.code, entity.name, entity.kind, text=self._text(span), span=span),)
        return ()
