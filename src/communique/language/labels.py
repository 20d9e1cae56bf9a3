"""Parts of speech and lemmas, worked out once for a word with its tag instead of at each place of a text.

spaCy's attribute ruler and lemmatizer take a quarter of a parse: they look at each word of each sentence anew, though
what they say of it follows from the word, its tag and its relation alone. `Labels` asks the components themselves,
about a text of that one word, and remembers the answer. A rule of several words ("let's") is left to them: a sentence
in which one may hold goes to them whole. So what comes out is what they would have said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, cast

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc, Token

REPLACED = ("attribute_ruler", "lemmatizer")
_KNOWN = frozenset({"LOWER", "TAG", "DEP", "IS_SPACE"})  # all that a rule may ask of a word, if it is to be remembered
_MODES = frozenset({"rule", "lookup"})  # lemmatizers that ask nothing of a word's neighbours
_INFLECTED = ("VERB", "NOUN", "ADJ", "ADV")  # the other parts of speech have the word itself for lemma
_REMEMBERED = 200_000  # words with tag and relation; some fifty megabytes


class Label(NamedTuple):
    """What the ruler says of a word: tag, part of speech, relation, and what the lemmatizer goes by.

    `meets` are the words of rules of several words, (rule, place), that it may be.
    """

    tag: str
    pos: str
    dep: str
    morph: str
    lemma: str
    meets: frozenset[tuple[int, int]]


class Row(NamedTuple):
    """A word's label and its lemma, and what a `Sentence` says of it by both: tag, part of speech, relation, lemma."""

    label: Label
    lemma: str
    said: tuple[str, str, str, str]


Said = Callable[[str, str, str, str, str], tuple[str, str, str, str]]
"""A word, its tag, part of speech, relation and lemma, as the pipeline gives them -> what a `Sentence` says of it."""


class Labels:
    """The attribute ruler and the lemmatizer of a pipeline, remembered."""

    def __init__(self, nlp: Language, said: Said) -> None:
        """Take the two components of `nlp`, which `replaceable` has found fit."""
        from spacy.matcher import Matcher

        self._vocab = nlp.vocab
        self._said = said
        self._ruler = cast(Any, nlp.get_pipe("attribute_ruler"))
        self._lemmatizer = cast(Any, nlp.get_pipe("lemmatizer"))
        _search_faster(self._lemmatizer)
        self._named, self._like = _words_asked_for(self._ruler)
        self._parts = Matcher(nlp.vocab)
        self._lengths: dict[int, int] = {}
        rules = self._ruler.patterns
        for n, tokens in enumerate(t for rule in rules for t in rule["patterns"] if len(t) > 1):
            self._lengths[n] = len(tokens)
            for k, token in enumerate(tokens):
                self._parts.add(f"{n} {k}", [[token]])
        self._irregular: dict[str, set[str]] = {}
        for rule in rules:
            if lemma := rule["attrs"].get("LEMMA"):
                for token in (tokens[rule["index"]] for tokens in rule["patterns"]):
                    for word in _named(token.get("LOWER", "")):
                        self._irregular.setdefault(word, set()).add(str(lemma).lower())
        self._labels: dict[tuple[str, int, int], Label] = {}
        self._rows: dict[tuple[str, int, int], Row] = {}

    def read(self, doc: Doc, words: Sequence[str]) -> tuple[list[Row], list[int]]:
        """Return labels and lemmas of a tagged and parsed sentence of these words, and the head of each word."""
        tags, deps, shifts = doc.to_array(["TAG", "DEP", "HEAD"]).T
        heads = [i + shift for i, shift in enumerate(shifts.view("int64").tolist())]
        keys = list(zip(words, tags.tolist(), deps.tolist(), strict=True))
        found = [row or self._row(*key) for key, row in zip(keys, map(self._rows.get, keys), strict=True)]
        meeting = [i for i, row in enumerate(found) if row.label.meets]
        if meeting and any(self._several(found, i) for i in meeting):
            self._lemmatizer(self._ruler(doc))
            found = [self._row_of(word, self._said_of(t), t.lemma_) for word, t in zip(words, doc, strict=True)]
        return found, heads

    def lemmas_of(self, word: str) -> frozenset[str]:
        """Return `word` in small letters and every lemma that it may be given, whatever its tag."""
        from spacy.tokens import Doc

        found = {word.lower(), *self._irregular.get(word.lower(), ())}
        for token in Doc(self._vocab, words=[word] * len(_INFLECTED), pos=list(_INFLECTED)):
            found.add(self._lemmatizer.lemmatize(token)[0].lower())
        return frozenset(found)

    def _several(self, found: Sequence[Row], at: int) -> bool:
        """Tell whether a rule of several words may hold from word `at`."""
        for n, place in found[at].label.meets:
            here = [row.label for row in found[at : at + self._lengths[n]]]
            if not place and len(here) == self._lengths[n] and all((n, k) in x.meets for k, x in enumerate(here)):
                return True
        return False

    def _row(self, word: str, tag: int, dep: int) -> Row:
        low = word.lower()
        kind = low if low in self._named or self._like(low) or low.isspace() else ""
        label = self._labels.get((kind, tag, dep))
        if label is None:
            doc = self._alone(word, tag, dep)
            meets = [self._vocab.strings[n].split() for n, _, _ in self._parts(doc)]
            said = self._said_of(self._ruler(doc)[0])
            label = self._labels[kind, tag, dep] = said._replace(meets=frozenset((int(n), int(k)) for n, k in meets))
        lemma = label.lemma
        if not lemma:
            token: Any = self._alone(word, tag, dep)[0]
            token.pos_ = label.pos
            token.set_morph(label.morph)
            lemma = self._lemmatizer.lemmatize(token)[0]
        if len(self._rows) >= _REMEMBERED:
            self._rows.clear()
        found = self._rows[word, tag, dep] = self._row_of(word, label, lemma)
        return found

    def _row_of(self, word: str, label: Label, lemma: str) -> Row:
        return Row(label, lemma, self._said(word, label.tag, label.pos, label.dep, lemma))

    def _alone(self, word: str, tag: int, dep: int) -> Doc:
        """Return a text of one word."""
        from spacy.tokens import Doc

        doc = Doc(self._vocab, words=[word])
        doc[0].tag, doc[0].dep = tag, dep
        return doc

    def _said_of(self, token: Token) -> Label:
        return Label(token.tag_, token.pos_, token.dep_, str(token.morph), token.lemma_, frozenset())


def replaceable(nlp: Language) -> bool:
    """Tell whether `Labels` may stand for the attribute ruler and the lemmatizer of a pipeline.

    They must be its last components, as spaCy ships them; the rules may ask for nothing but a word in small letters,
    its tag and its relation, and the lemmatizer may ask for nothing around a word.
    """
    if tuple(nlp.pipe_names[-2:]) != REPLACED:
        return False
    ruler: Any = nlp.get_pipe("attribute_ruler")
    lemmatizer: Any = nlp.get_pipe("lemmatizer")
    fit = getattr(lemmatizer, "mode", "") in _MODES and not getattr(lemmatizer, "overwrite", True)
    tokens = [token for rule in ruler.patterns for one in rule["patterns"] for token in one]
    return fit and all(token.keys() <= _KNOWN and _readable(token.get("LOWER", "")) for token in tokens)


def _search_faster(lemmatizer: Any) -> None:
    """Make sets of the word lists that a lemmatizer by rules looks forms up in: it asks only whether one is there."""
    if lemmatizer.lookups.has_table("lemma_index"):
        table = lemmatizer.lookups.get_table("lemma_index")
        for pos in list(table):
            table[pos] = frozenset(table[pos])


def _readable(asked: Any) -> bool:
    return isinstance(asked, str) or (isinstance(asked, dict) and asked.keys() <= {"IN", "REGEX"})


def _words_asked_for(ruler: Any) -> tuple[frozenset[str], Any]:
    """Return the words that the rules name, and a search for those that they describe."""
    named: set[str] = set()
    described: list[str] = []
    for token in (token for rule in ruler.patterns for one in rule["patterns"] for token in one):
        asked = token.get("LOWER", "")
        named.update(_named(asked))
        if isinstance(asked, dict) and "REGEX" in asked:
            described.append(f"(?:{asked['REGEX']})")
    return frozenset(named), re.compile("|".join(described)).search if described else (lambda word: None)


def _named(asked: Any) -> tuple[str, ...]:
    """Return the words that a rule names."""
    return (asked,) if isinstance(asked, str) else tuple(asked.get("IN", ()))
