"""Finding the predicates of a sentence: words of the lexicon with the dependents that its patterns ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from communique.coding.answerable import answerable_for, copula_of
from communique.knowledge.language import LanguageWords
from communique.knowledge.lexicon import Lexicon
from communique.knowledge.patterns import HeadPatterns, Pattern, VerbClass
from communique.language.clauses import Argument, Clauses, Kind, shared_objects
from communique.language.mood import Mood, mood_of, raised_by
from communique.language.tree import Sentence

_KINDS: dict[str, Kind] = {"VERB": "verb", "AUX": "verb", "NOUN": "noun", "ADJ": "adjective"}
_CHAIN = frozenset({
    "prt", "prep", "dobj", "nsubjpass", "pobj", "attr", "acomp", "xcomp", "compound", "advmod", "dative", "oprd",
    "agent", "pcomp", "amod", "nmod", "npadvmod", "neg", "ccomp", "acl", "conj", "advcl",
})  # fmt: skip
_OTHERS = 5  # patterns that lost are kept for reading and for `explain`, no more than these


@dataclass(frozen=True, eq=False)
class Predicate:
    """A word that stands for a deed, a word or a stance, with the pattern that says so; each equals itself alone.

    `tokens` are the words of the pattern's chain, the head first; `others` the patterns that fitted too and lost.
    """

    head: int
    kind: Kind
    pattern: Pattern
    tokens: tuple[int, ...]
    arguments: tuple[Argument, ...]
    find_mood: Callable[[], Mood]
    others: tuple[Pattern, ...] = ()
    instead: tuple[Pattern, tuple[int, ...]] | None = None
    """Where an operator fits best: the pattern that codes an event by itself, should there be nothing to act on."""

    @property
    def cls(self) -> VerbClass:
        return self.pattern.cls

    @cached_property
    def mood(self) -> Mood:
        """Whether and when it is said to have happened; worked out when it is asked for, as of most it never is."""
        return self.find_mood()


@dataclass(frozen=True, slots=True)
class _Sets:
    """Sets of lemmas of the lexicon, for all words of a sentence."""

    light: frozenset[str]
    measures: frozenset[str]
    answerable: frozenset[str]


def find_predicates(clauses: Clauses, lexicon: Lexicon) -> tuple[dict[int, Predicate], dict[int, Predicate]]:
    """Return the predicates of the sentence by head word, and those whose word a longer pattern has used up."""
    s = clauses.sentence
    found: dict[int, Predicate] = {}
    sets = _Sets(*map(lexicon.any_of, ("light", "measure", "answerable")))
    words, lemmas = clauses.low_words, clauses.low_lemmas
    present = {*words, *lemmas}
    for i, lemma in enumerate(lemmas):
        if lemma not in lexicon.heads and words[i] not in lexicon.heads:
            continue  # most words: names, articles, prepositions
        kind = _kind(s, i, clauses.words)
        if kind is None:
            continue
        head = lexicon.headed(kind, words[i] if kind == "noun" and s.pos[i] == "VERB" else lemma)
        if head.may_match(present) and (predicate := _best(clauses, i, kind, head, sets)):
            found[i] = predicate
    used = {t: p.head for p in found.values() for t in p.tokens[1:] if _claims(p)}
    free = {i: p for i, p in found.items() if i not in used or used[i] == i}
    return free, {i: p for i, p in found.items() if i not in free}


def _kind(s: Sentence, i: int, words: LanguageWords) -> Kind | None:
    kind = _KINDS.get(s.pos[i])
    if kind == "noun" and s.tags[i] == "NNS" and s.heads[i] == i and s.kid(i, "nsubj") is not None:
        return "verb"  # "A snubs B": the tagger takes a headline's verb for a plural
    if kind == "verb" and s.tags[i] == "VBG" and s.deps[i] in ("nsubj", "nsubjpass") and s.kid(i, "dobj") is None:
        return "noun"  # "FIGHTING between A and B ceased"
    if kind == "verb" and s.deps[i] in ("aux", "auxpass"):
        return None
    if kind == "verb" and s.deps[i] == "amod" and s.tags[i] == "VBG":
        return None  # "growing support": a quality, not a deed
    if s.pos[i] == "VERB" and s.deps[i] == "compound":
        return None
    if i and s.lemmas[i] in words.linking_nouns and s.words[i - 1].lower() in words.linking_nouns[s.lemmas[i]]:
        return None  # "in order to", "no doubt": no deed, no word
    passive = s.lemmas[i] in words.expected_passives or s.lemmas[i] in words.hearsay_passives
    if kind == "verb" and passive and _raises(s, i):
        return None  # "is expected to", "was reported to have": the mood of what follows
    return kind


def _raises(s: Sentence, i: int) -> bool:
    """Tell whether verb `i` only passes its subject on: a passive without agent, with an infinitive or with nothing."""
    if s.kid(i, "nsubjpass") is None or s.kid(i, "agent") is not None:
        return False
    below = s.kids(i, "xcomp")
    return any(raised_by(s, v) == i for v in below)


def _claims(p: Predicate) -> bool:
    return bool(p.cls.type or p.cls.stance or p.cls.operator or p.cls.speech)


def _best(clauses: Clauses, i: int, kind: Kind, head: HeadPatterns, sets: _Sets) -> Predicate | None:
    """Return the predicate of the first pattern that fits; patterns come longest first."""
    objects = [a.head for a in clauses.arguments(i, kind) if a.slot == "object"] if kind == "verb" else []
    reach = _Reach(clauses, i, objects, sets.measures)
    winner: tuple[Pattern, tuple[int, ...]] | None = None
    instead: tuple[Pattern, tuple[int, ...]] | None = None
    others: list[Pattern] = []
    for pattern in head.beside(reach.forms()):
        taken = reach.match(pattern)
        if taken is not None and pattern.cls.type and _names(clauses, i, taken):
            continue
        if taken is None or not _allowed(clauses.sentence, pattern, objects, taken):
            continue
        if winner is None:
            winner = (pattern, taken)
            continue
        others.append(pattern)
        if instead is None and pattern.cls.type and not winner[0].cls.type:
            instead = (pattern, taken)
        if len(others) >= _OTHERS and (instead is not None or winner[0].cls.type):
            break  # nothing more is kept
    if winner is None:
        return None
    pattern, tokens = winner
    arguments = clauses.arguments(i, kind)

    def mood() -> Mood:
        s = clauses.sentence
        word = answerable_for(s, i, sets.answerable) if kind == "noun" else None
        verb = copula_of(s, word) if word is not None else None  # "was not responsible for the RAID"
        found = mood_of(s, i if verb is None else verb, clauses.words, sets.light)
        none = _no_object(s, tokens, arguments) or any(s.pos[t] == "ADJ" and s.kid(t, "neg") for t in tokens[1:])
        return replace(found, negated=True) if none and not found.negated else found

    return Predicate(i, kind, pattern, tokens, arguments, mood, tuple(others[:_OTHERS]), instead)


def _names(clauses: Clauses, i: int, tokens: Sequence[int]) -> bool:
    """Tell whether the verb gives its object a name or a judgement that the pattern does not take

    ("called the meeting a success", but not "called the raid ILLEGAL").
    """
    s = clauses.sentence
    if s.lemmas[i] not in clauses.words.naming_verbs:
        return False
    judged = [c for c in s.kids(i, "ccomp", "xcomp", "oprd") if s.deps[c] == "oprd" or s.pos[c] in ("NOUN", "ADJ")]
    return bool(judged) and not any(t in judged for t in tokens)


def _no_object(s: Sentence, tokens: Sequence[int], arguments: Sequence[Argument]) -> bool:
    """Tell whether what is done is none at all: "gave NO aid"."""
    nouns = {t for t in tokens[1:] if s.pos[t] == "NOUN"} | {a.head for a in arguments if a.slot == "object"}
    return any(s.words[c].lower() == "no" for n in nouns for c in s.kids(n, "det"))


class _Reach:
    """The words that the chains of one head can take; what may follow the words taken so far is looked for once."""

    def __init__(self, clauses: Clauses, i: int, objects: Sequence[int], measures: frozenset[str]) -> None:
        self._clauses = clauses
        self._head = i
        self._objects = objects
        self._measures, self._openers = measures, clauses.words.clause_openers
        self._after: dict[tuple[int, ...], list[tuple[int, str, str]]] = {}
        self._timely: dict[int, bool] = {}

    def forms(self) -> set[str]:
        """Return the forms of the words that may come next to the head."""
        return {form for _, *forms in self._following((self._head,)) for form in forms}

    def match(self, pattern: Pattern) -> tuple[int, ...] | None:
        """Return the words that the chain of a pattern takes, or None where one is missing."""
        return self._taken(pattern.chain, (self._head,))

    def _taken(self, chain: Sequence[frozenset[str]], tokens: tuple[int, ...]) -> tuple[int, ...] | None:
        """Return `tokens` with those that the rest of the chain takes; of several ways the first that goes to the end.

        "IN addition, they take part IN talks": the first "in" leads nowhere.
        """
        if len(tokens) == len(chain):
            return tokens
        wanted = chain[len(tokens)]
        for c, lemma, word in self._following(tokens):
            if (lemma in wanted or word in wanted) and not self._of_time(c):
                found = self._taken(chain, (*tokens, c))
                if found is not None:
                    return found
        return None

    def _of_time(self, c: int) -> bool:
        known = self._timely.get(c)
        if known is None:
            known = self._timely[c] = _of_time(self._clauses.sentence, c, self._clauses.words)
        return known

    def _following(self, tokens: tuple[int, ...]) -> list[tuple[int, str, str]]:
        """Return the words that may come after `tokens`, each with its lemma and itself in small letters."""
        found = self._after.get(tokens)
        if found is None:
            s, words, lemmas = self._clauses.sentence, self._clauses.low_words, self._clauses.low_lemmas
            below = dict.fromkeys(_dependents(s, tokens, self._objects, self._measures, self._openers))
            linking = self._clauses.words.linking_nouns  # "no doubt have": no doubt is had
            found = [
                (c, lemmas[c], words[c])
                for c in below
                if c not in tokens
                and not (c and s.lemmas[c] in linking and words[c - 1] in linking[s.lemmas[c]] and s.deps[c] != "pobj")
            ]
            self._after[tokens] = found
        return found


def _of_time(s: Sentence, c: int, words: LanguageWords) -> bool:
    """Tell whether a preposition says when ("on Sunday"), so that no pattern may take it."""
    if s.pos[c] != "ADP":
        return False
    heads = s.kids(c, "pobj")
    if s.lemmas[c] == "to" and any(s.kid(o, "nummod") is not None for o in heads):
        return False  # "sentenced TO ten years"
    return any(
        s.pos[o] == "NUM" or form.lower() in words.calendar_words or form.lower() in words.time_nouns
        for o in heads
        for form in (s.words[o], s.lemmas[o])
    )


def _dependents(
    s: Sentence, tokens: Sequence[int], objects: Sequence[int], measures: frozenset[str], openers: frozenset[str]
) -> Iterator[int]:
    """Yield what may continue a chain: dependents of its words, the last word's first, and the head's deep objects."""
    for t in reversed(tokens):
        for c in s.children[t]:
            if s.deps[c] in _CHAIN:
                if s.deps[c] == "advcl" and s.tags[c] != "VB":
                    continue  # "suspended aid after the convoy was ATTACKED": another clause
                yield c
                if s.deps[c] in ("dobj", "pobj", "nsubjpass"):
                    yield from s.kids(c, "conj")
                    yield from _measured(s, c, measures)
                    # "found the officer GUILTY of": an adjective after the noun says what he is found.
                    yield from (k for k in s.kids(c, "amod") if k > c)
                    if s.pos[c] == "PROPN":  # "let the agency INTO": a direction says nothing of a name
                        yield from (k for k in s.kids(c, "prep") if s.words[k].lower() == "into")
                elif s.deps[c] == "compound":
                    yield from s.kids(c, "amod")  # "JOINT air force drills"
                elif s.deps[c] == "prep":
                    yield from shared_objects(s, c)
                elif s.deps[c] in ("xcomp", "ccomp", "acl", "advcl") and c not in tokens:
                    # "agree TO meet", "confident THAT it will", "ask WHY": the word belongs to the clause that follows.
                    yield from (k for k in s.kids(c, "aux", "mark", "advmod") if s.words[k].lower() in openers)
    yield from objects


def _measured(s: Sentence, c: int, measures: frozenset[str]) -> Iterator[int]:
    """Yield the nouns of which `c` is a quantity: "dozens of ARTEFACTS", "$4 million in AID"."""
    if s.lemmas[c] in measures or s.pos[c] in ("NUM", "SYM") or s.kid(c, "nummod", "quantmod") is not None:
        for p in s.kids(c, "prep"):
            if s.lemmas[p] == "of" or (s.lemmas[p] == "in" and s.pos[c] in ("NUM", "SYM")):
                for o in s.kids(p, "pobj"):
                    yield o
                    yield from s.kids(o, "conj")


def _allowed(s: Sentence, p: Pattern, objects: Sequence[int], tokens: Sequence[int]) -> bool:
    """Hold the class's `only_with` and `not_with` against the words that fill the object or the end of the chain."""
    cls = p.cls
    if cls.intransitive and (s.kid(tokens[0], "attr", "acomp") is not None or _has_object(s, tokens)):
        return False
    if cls.subjunctive and any(_finite(s, c) for c in s.kids(tokens[0], "ccomp")):
        return False
    if cls.not_near and any(s.lemmas[k].lower() in cls.not_near for k in s.subtree(tokens[0])):
        return False
    if not cls.only_with and not cls.not_with:
        return True
    heads = {*objects, *chain_objects(s, tokens)}
    heads |= {c for h in heads for c in s.kids(h, "compound", "conj", "amod")}
    lemmas = {s.lemmas[h].lower() for h in heads}
    if cls.not_with and lemmas & cls.not_with:
        return False
    return not cls.only_with or bool(lemmas & cls.only_with)


def _has_object(s: Sentence, tokens: Sequence[int]) -> bool:
    return any(s.kid(t, "dobj") is not None for t in tokens if s.pos[t] == "VERB")


def _finite(s: Sentence, i: int) -> bool:
    """Tell whether clause `i` says what is, not what should be: its verb is finite, and no "should" or "must"."""
    forms = {s.tags[i], *(s.tags[a] for a in s.kids(i, "aux", "auxpass"))}
    return "MD" not in forms and bool(forms & {"VBD", "VBZ", "VBP"})


def chain_objects(s: Sentence, tokens: Sequence[int]) -> tuple[int, ...]:
    """Return what the last preposition of the chain governs ("impose sanctions ON Iran")."""
    for t in reversed(tokens[1:]):
        if s.pos[t] in ("ADP", "SCONJ", "PART"):
            found = tuple(c for c in s.kids(t, "pobj", "pcomp") if c not in tokens)
            if found:
                # "an ultimatum TO A warning of war": the parser makes the name the subject of the participle.
                named = [k for c in found if s.deps[c] == "pobj" and s.tags[c] == "VBG" for k in s.kids(c, "nsubj")]
                return tuple(named) or found
    return ()
