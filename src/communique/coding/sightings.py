"""What the words of a sentence show before it is parsed: whom it may name, and what it may tell of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from communique.knowledge import Knowledge
from communique.knowledge.actors import Form
from communique.knowledge.cues import ADJECTIVE, ANY, DEED, NOUN, OPERATOR, SPOKEN, VERB
from communique.knowledge.language import LanguageWords
from communique.language.choice import Cut, Forms

_PREFIX = 10  # words within which a colon stands after a speaker (communique.coding.framing)
_KNOWN_PLACE = 4.5  # on the gazetteer's scale (communique.actors.owners)
_BODIES = frozenset({"name", "seat", "capital", "inhabitant", "adjective"})
_OF_THE_STATE = frozenset({"GOV", "MIL", "LEG", "JUD"})  # "the army" is that of the state spoken of
_AS = {"VBG": VERB | NOUN, "VBN": VERB | ADJECTIVE, "NNS": NOUN | VERB, "NN": NOUN}
"""As what a word with this tag may head a pattern; other verbs and adjectives go by the first two letters."""
_LIKE = {"VB": VERB, "JJ": ADJECTIVE}
_SAID = 2  # verbs that a sentence must have to tell what was said: the saying and what is said
_VIEWS = frozenset({"in", "by", "to"})


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
    """A noun for a state or its leaders, which may be that spoken of."""
    pronoun: bool
    personal: bool
    first_person: bool

    @property
    def known(self) -> bool:
        return self.body or self.person


class Sightings:
    """Looks at sentences with the knowledge of one coder."""

    def __init__(self, knowledge: Knowledge, words: LanguageWords) -> None:
        self._book = knowledge.actors
        self._cues = knowledge.cues
        self._gazetteer = knowledge.gazetteer
        self._words = words
        self._cooperative = knowledge.lexicon.any_of("cooperative")
        self._personal = frozenset(w for w, kind in words.pronouns.items() if kind == "one person")
        self._referring = words.state_nouns | words.leader_nouns | words.features.keys()

    def look(self, cut: Cut, forms: Forms) -> Seen:
        """Return what is seen in a sentence."""
        words = cut.words
        lemmas = tuple([forms(word) for word in words])
        together = frozenset().union(*lemmas)
        mentions = self._book.forms.find_all(words)
        taken: set[int] = set()
        uses: set[str] = set()
        for first, end, meanings in mentions:
            found = {use for form in meanings for use in self._uses(form)}
            uses |= found
            if "body" in found:
                taken.update(range(first, end))
        framed = self._framed(words, together)
        small = {word.lower() for word in words}
        return Seen(
            words, lemmas, together,
            self._told([(form, ANY) for form in together], together) | framed,
            framed,
            tuple(_runs(words, taken)),
            "body" in uses, "person" in uses, "office" in uses, "role" in uses, "of state" in uses,
            not self._words.honorifics.isdisjoint(words),
            not self._referring.isdisjoint(together),
            not small.isdisjoint(self._words.pronouns.keys()),
            not small.isdisjoint(self._personal),
            not small.isdisjoint(self._words.first_person),
        )  # fmt: skip

    def told(self, seen: Seen, tags: Sequence[str]) -> int:
        """Return what a sentence may tell of, now that its words have tags."""
        heads = []
        for lemmas, tag in zip(seen.lemmas, tags, strict=True):
            if kind := _AS.get(tag) or _LIKE.get(tag[:2]):
                heads += [(lemma, kind) for lemma in lemmas]
        found = self._told(heads, seen.all)
        if verb_groups(tags) < _SAID:
            found &= ~SPOKEN
        return found | seen.framed

    def town(self, name: Sequence[str]) -> bool:
        """Tell whether a name is, or ends in, that of a place large enough to say whose somebody is."""
        sites = (self._gazetteer.best(" ".join(name[start:])) for start in range(len(name)))
        return any(site is not None and site.weight >= _KNOWN_PLACE for site in sites)

    def _told(self, heads: Sequence[tuple[str, int]], words: frozenset[str]) -> int:
        found = self._cues.told(heads, words)
        if found & OPERATOR and not self._cooperative.isdisjoint(words):
            found |= DEED  # "offered to help": an operator makes a deed of what no pattern codes
        return found

    def _framed(self, words: Sequence[str], lemmas: frozenset[str]) -> int:
        if "according" in lemmas or ":" in words[1:_PREFIX]:
            return SPOKEN
        if "as" in lemmas and "it" in lemmas and words[-2].lower() == "it":
            return SPOKEN  # "as A put it"
        return SPOKEN if lemmas & self._words.viewpoint_nouns and lemmas & _VIEWS else 0

    def _uses(self, form: Form) -> Iterator[str]:
        if form.use in _BODIES and form.entity is not None:
            yield "body"
        elif form.use == "person":
            yield "person"
        elif form.use == "surname" and not form.common and not all(self._book.obscure(h) for h in form.holders):
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


def verb_groups(tags: Sequence[str]) -> int:
    """Return how many verbs with their auxiliaries a sentence has: "would have SAID that it WAS": two."""
    found, going = 0, False
    for tag in tags:
        verb = tag[:2] in ("VB", "MD")
        found += verb and not going
        going = verb or (going and tag == "RB")
    return found
