"""What the words of a sentence show before it is parsed: whom it may name, and what it may tell of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from communique.knowledge import Knowledge
from communique.knowledge.actors import Form
from communique.knowledge.cues import (
    ADJECTIVE,
    ANY,
    ANY_DEED,
    DEED,
    DEED_TO,
    NOUN,
    OPERATOR,
    SAID_OF,
    SPOKEN,
    STANCE,
    VERB,
    Fits,
)  # fmt: skip
from communique.knowledge.language import LanguageWords
from communique.language.choice import Cut, Forms

_PREFIX = 10  # words within which a colon stands after a speaker (communique.coding.framing)
_KNOWN_PLACE = 4.5  # on the gazetteer's scale (communique.actors.owners)
_BODIES = frozenset({"name", "seat", "capital", "inhabitant", "adjective"})
_OF_THE_STATE = frozenset({"GOV", "MIL", "LEG", "JUD"})  # "the army" is that of the state spoken of
_AS = {"VBG": VERB | NOUN, "VBN": VERB | ADJECTIVE | SAID_OF, "VBD": VERB, "VB": VERB, "VBP": VERB, "VBZ": VERB,
       "NN": NOUN, "NNS": NOUN, "JJ": ADJECTIVE, "JJR": ADJECTIVE, "JJS": ADJECTIVE}  # fmt: skip
"""As what a word with this tag may head a pattern."""
_NEAR = 9  # words before and after a head among which the others of its pattern are looked for
_SHORT = 4  # words before an active verb within which something stands that belongs to its pattern
_FAR = 12  # words between a deed and who may be one of its sides
_AUXILIARY = 4  # words before a verb within which its auxiliaries stand
_CLAUSE = 5  # words after a noun or adjective of speech within which its clause begins


_ACTIVE = frozenset({"VB", "VBD", "VBP", "VBZ", "VBG"})


def _anyhow(parts: tuple[frozenset[str], ...]) -> bool:
    return True


def _in_order(lemmas: Sequence[frozenset[str]], head: int, parts: tuple[frozenset[str], ...]) -> bool:
    """Tell whether the parts of a pattern stand one after the other behind an active verb, or shortly before it."""
    at = max(head - _SHORT, 0) - 1
    for part in parts:
        following = range(at + 1, min(head + _NEAR + 1, len(lemmas)))
        found = next((k for k in following if k != head and not part.isdisjoint(lemmas[k])), None)
        if found is None:
            return False
        at = found
    return True


@dataclass(frozen=True, slots=True)
class Seen:
    """What the words of one sentence show; `told` of `Sightings` says more when they are tagged."""

    words: tuple[str, ...]
    lemmas: tuple[frozenset[str], ...]
    """Of each word itself and whatever lemma it may have."""
    all: frozenset[str]
    tells: int
    """What the words may tell of (`communique.knowledge.cues`), whatever their parts of speech."""
    framed: int
    """SPOKEN if there is a frame of speech that is no pattern: "according to", a colon after a name; else 0."""
    runs: tuple[range, ...]
    """Words with a capital that stand together, but for states and bodies: maybe people."""
    coded: tuple[int, ...]
    """Where known people, and states and bodies but as the place of something, are named or meant."""
    placed: tuple[int, ...]
    """Where states and bodies are named as the place of something."""
    pronouns: tuple[int, ...]
    """Where "he" and "she" stand."""
    body: bool
    """A state or body is named, or somebody with a code of its own."""
    person: bool
    """Somebody whom the lists know is named."""
    office: bool
    role: bool
    of_state: bool
    """Somebody by a role in a state: the army, the courts."""
    titled: bool
    """A name with a title before it."""
    refers: bool
    """A noun for a state or its leaders, which may be that spoken of; definite, as offices and roles must be too."""
    parties: tuple[int, ...]
    """Where the words stand that may be parties: those above, people by role, pronouns, unknown names."""
    pronoun: bool
    personal: bool
    first_person: bool
    things: tuple[int, ...]
    """Where "it" and "they" stand."""

    @property
    def known(self) -> bool:
        return self.body or self.person

    @property
    def impersonal(self) -> bool:
        """ "It" or "they" stands in it."""
        return bool(self.things)


class Sightings:
    """Looks at sentences with the knowledge of one coder."""

    def __init__(self, knowledge: Knowledge, words: LanguageWords) -> None:
        self._book = knowledge.actors
        self._cues = knowledge.cues
        self._gazetteer = knowledge.gazetteer
        self._words = words
        self._cooperative = knowledge.lexicon.any_of("cooperative")
        self._personal = frozenset(w for w, kind in words.pronouns.items() if kind == "one person")
        self._things = words.pronouns.keys() - self._personal
        self._beside = words.relative_pronouns | words.first_person
        self._referring = words.state_nouns | words.leader_nouns | words.features.keys()

    def look(self, cut: Cut, forms: Forms) -> Seen:
        """Return what is seen in a sentence."""
        words = cut.words
        small = [word.lower() for word in words]
        lemmas = tuple([forms(word) for word in words])
        together = frozenset().union(*lemmas)
        taken: set[int] = set()
        uses: set[str] = set()
        parties: set[int] = set()
        coded: set[int] = set()
        at_places: set[int] = set()
        for first, end, meanings in self._book.forms.find_all(words):
            found = {use for form in meanings for use in self._uses(form)}
            if not self._words.definite.isdisjoint(small[max(first - 2, 0) : first]):
                found |= {f"the {use}" for use in found}
            uses |= found
            if found:
                parties.add(first)
            placed = not self._words.locative.isdisjoint(small[max(first - 2, 0) : first])
            if found & {"person", "the office", "the of state"} or ("body" in found and not placed):
                coded.add(first)
            elif "body" in found:
                at_places.add(first)
            if "body" in found:
                taken.update(range(first, end))
        if not self._referring.isdisjoint(together):
            at = [i for i, own in enumerate(lemmas) if not self._referring.isdisjoint(own)]
            parties.update(at)
            if meant := [i for i in at if not self._words.definite.isdisjoint(small[max(i - 2, 0) : i])]:
                uses.add("refers")
                coded.update(meant)
        taken.update(i for i, word in enumerate(small) if word in self._words.first_person)  # "I"
        runs = tuple(_runs(words, taken))
        parties.update(i for i, word in enumerate(small) if word in self._words.pronouns or word in self._beside)
        parties.update(run.start for run in runs if run.start or len(run) > 1)
        framed = self._framed(words, together)
        present = set(small)
        return Seen(
            words, lemmas, together,
            self._told([(form, ANY) for form in together & self._cues.heads], together) | framed,
            framed, runs, tuple(sorted(coded)), tuple(sorted(at_places)),
            tuple([i for i, word in enumerate(small) if word in self._personal]),
            "body" in uses, "person" in uses, "office" in uses, "role" in uses,
            "the office" in uses or "the of state" in uses,
            not self._words.honorifics.isdisjoint(words), "refers" in uses, tuple(sorted(parties)),
            not present.isdisjoint(self._words.pronouns.keys()), not present.isdisjoint(self._personal),
            not present.isdisjoint(self._words.first_person),
            tuple([i for i, word in enumerate(small) if word in self._things]),
        )  # fmt: skip

    def told(self, seen: Seen, tags: Sequence[str], coded: Sequence[int], parties: Sequence[int]) -> int:
        """Return what a sentence may tell of, now that its words have tags; its parties stand at `parties`.

        The words of a pattern must stand near its head, somebody of a known state or body (at `coded`) near a deed, its
        doer before a verb, and a clause where it stands after what is said to be said.
        """
        found = seen.framed
        headline = not any(tag.startswith("VB") for tag in tags)  # "A snubs B": taken for a plural
        for i, (lemmas, tag) in enumerate(zip(seen.lemmas, tags, strict=True)):
            kind = _AS.get(tag, 0) | (VERB if headline and tag == "NNS" else 0)
            heads = lemmas & self._cues.heads if kind else lemmas
            if not kind or not heads:
                continue
            active = tag in _ACTIVE and self._words.relative_pronouns.isdisjoint(seen.all)
            fits = partial(_in_order, seen.lemmas, i) if active else _anyhow
            near = frozenset().union(*seen.lemmas[max(i - (_SHORT if active else _NEAR), 0) : i + _NEAR + 1])
            party = any(abs(at - i) <= _FAR for at in coded)
            for one in (VERB, SAID_OF, NOUN | ADJECTIVE):
                if one & kind:
                    tells = self._told([(head, one & kind) for head in heads], near, fits if one == VERB else _anyhow)
                    found |= tells & (ANY_DEED | STANCE) if party and self._has_doer(seen, parties, i, one) else 0
                    found |= tells & SPOKEN if tells & SPOKEN and self._says(seen, parties, tags, i, one) else 0
        return found & ~DEED_TO | (DEED if found & DEED_TO and len(parties) > 1 else 0)

    def _has_doer(self, seen: Seen, parties: Sequence[int], i: int, kind: int) -> bool:
        """Tell whether there may be somebody who does what word `i` says."""
        if kind == NOUN | ADJECTIVE:
            return any(abs(at - i) <= _NEAR for at in parties)
        return bool(parties) and (parties[0] < i or "by" in seen.all)

    def _says(self, seen: Seen, parties: Sequence[int], tags: Sequence[str], i: int, kind: int) -> bool:
        """Tell whether word `i`, which may be one of speech, can have a speaker and a clause that is said."""
        if kind == NOUN | ADJECTIVE or kind == SAID_OF:
            return any(not self._words.said_marks.isdisjoint(own) for own in seen.lemmas[i + 1 : i + 1 + _CLAUSE])
        before = range(max(i - _AUXILIARY, 0), i)
        if tags[i] == "VB" and not any(tags[k] == "MD" or "do" in seen.lemmas[k] for k in before):
            return False  # "to say": what is still to be said
        if tags[i] == "VBN" and not any("have" in seen.lemmas[k] for k in before) and not {"by", "that"} <= seen.all:
            return False  # "was told": who said it is not named
        near = (*range(max(i - _FAR, 0), i), *range(i + 1, i + _AUXILIARY))
        if not any(at in near for at in parties):
            return False
        verbs = [k for k, tag in enumerate(tags) if tag[:2] in ("VB", "MD")]
        if any(k > i for k in verbs):
            return True
        return any(seen.words[k] == "," and any(v < k for v in verbs) for k in range(i))

    def town(self, name: Sequence[str]) -> bool:
        """Tell whether a name is, or ends in, that of a place large enough to say whose somebody is."""
        sites = (self._gazetteer.best(" ".join(name[start:])) for start in range(len(name)))
        return any(site is not None and site.weight >= _KNOWN_PLACE for site in sites)

    def _told(self, heads: Sequence[tuple[str, int]], words: frozenset[str], fits: Fits = _anyhow) -> int:
        found = self._cues.told(heads, words, fits)
        if found & OPERATOR and not self._cooperative.isdisjoint(words):
            found |= DEED  # "offered to help": an operator makes a deed of what no pattern codes
        return found

    def _framed(self, words: Sequence[str], lemmas: frozenset[str]) -> int:
        if "according" in lemmas or ":" in words[1:_PREFIX]:
            return SPOKEN
        if "as" in lemmas and "it" in lemmas and words[-2].lower() == "it":
            return SPOKEN  # "as A put it"
        return SPOKEN if lemmas & self._words.viewpoint_nouns and lemmas & self._words.viewpoint_prepositions else 0

    def _uses(self, form: Form) -> Iterator[str]:
        if form.use in _BODIES and form.entity is not None:
            yield "body"
        elif form.use in ("person", "surname"):
            if form.use == "person" or not (form.common or all(self._book.obscure(h) for h in form.holders)):
                yield "person"
        elif form.use == "office":
            yield "office"
            if form.office is not None and form.office.code:
                yield "body"
        elif form.role is not None:
            if form.role.sector:
                yield "role"
            if form.role.sector in _OF_THE_STATE:
                yield "of state"
            if form.role.code:
                yield "body"


def _runs(words: Sequence[str], taken: set[int]) -> Iterator[range]:
    """Yield the runs of words with a capital; states and bodies end them."""
    first = -1
    for i, word in enumerate(words):
        if word[0].isupper() and i not in taken:
            first = i if first < 0 else first
        elif first >= 0 and word != "-":
            yield range(first, i)
            first = -1
    if first >= 0:
        yield range(first, len(words))


def names_of(report: Sequence[Seen]) -> list[tuple[tuple[str, ...], ...]]:
    """Return the names in each sentence of a report.

    A capital at the head of a sentence, or behind a mark, makes no name of a word that has none elsewhere.
    """
    sure = {s.words[i] for s in report for run in s.runs for i in run if not _opens(s.words, i)}
    found = []
    for s in report:
        names = []
        for run in s.runs:
            first = run.start + (_opens(s.words, run.start) and s.words[run.start] not in sure and len(run) == 1)
            if first < run.stop:
                names.append(s.words[first : run.stop])
        found.append(tuple(names))
    return found


def _opens(words: Sequence[str], i: int) -> bool:
    return not i or not words[i - 1][0].isalnum()
