"""What a number counts: the noun that it belongs to, and whether that noun is killed, hurt, arrested, or only there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from communique.coding.context import SentenceContext
from communique.knowledge.codebook import Count
from communique.knowledge.quantities import CountWords, QuantityWords
from communique.language.numbers import Quantity
from communique.language.tree import Sentence

_BEFORE_NOUN = ("nummod", "quantmod", "compound", "amod", "nmod", "advmod", "npadvmod", "det", "predet")
_KINDS: tuple[Count, ...] = ("dead", "injured", "arrested")
_REACH = 6  # words of a noun phrase after its number


@dataclass(frozen=True, slots=True)
class Counted:
    """A count of one kind: `at` is the word that makes it one (the verb or noun of harm, else the noun counted).

    `head`: the first of joined nouns, by which "two soldiers and a policeman" are one count. `people`: it counts
    persons. `quality`: only a modifier says so ("twelve WOUNDED soldiers"). `object`: it is done to what is counted.
    """

    kind: Count
    value: float
    at: int
    head: int
    people: bool = True
    quality: bool = False
    object: bool = False


class Counting:
    """Says what the quantities of one sentence count."""

    def __init__(self, context: SentenceContext, words: QuantityWords) -> None:
        self._context = context
        self._s: Sentence = context.sentence
        self._words = words

    def counts(self, q: Quantity) -> Iterator[Counted]:
        """Yield what `q` counts: nothing for a measure, two counts for "no casualties"."""
        s = self._s
        root = self._root(q)
        if q.money:
            yield Counted("money", q.value, root, root, people=False)
            return
        noun = self._noun(q, root)
        node = root if noun is None else noun
        # "dozens of soldiers": it is the dozens that stand in the sentence as the soldiers do elsewhere.
        role = root if q.last + 1 < len(s) and s.words[q.last + 1].lower() == "of" else node
        lemma = s.lemmas[node].lower()
        if self._is_part(q, root) or (noun is not None and self._is_measure(q, noun)):
            return
        if lemma in self._words.casualties:
            if q.value == 0:
                yield from (Counted(kind, 0, node, node) for kind in _KINDS[:2])
            return
        head = self._first(role)
        found = self._harm(q, node, role, head)
        if found is not None:
            yield found
            return
        done = s.deps[head] in ("dobj", "nsubjpass")
        if q.value < 1 or (q.value == 1 and not done) or (noun is None and not self._acts(q, root)):
            return
        if q.member or self._has_size(node, noun):
            people = q.member or noun is None or lemma not in self._words.units
            yield Counted("size", q.value, role, head, people, object=done)

    def is_person(self, noun: int) -> bool:
        """Tell whether a noun stands for people, by the lists or by what they do."""
        lemma = self._s.lemmas[noun].lower()
        return lemma in self._words.people or any(a.sector or a.person for a in self._context.actors.at(noun).actors)

    def _root(self, q: Quantity) -> int:
        inside = range(q.first, q.last + 1)
        return next((i for i in inside if self._s.heads[i] not in inside and self._s.pos[i] != "PUNCT"), q.first)

    def _noun(self, q: Quantity, root: int) -> int | None:
        """Return the noun that is counted, by the tree or, where the parser lost it, by the words that follow."""
        s, after = self._s, q.last + 1
        if after < len(s) and s.words[after].lower() == "of":
            inner = s.kid(after, "pobj")
            return self._end_of_phrase(after + 1) if inner is None else inner
        at = root
        while s.deps[at] in _BEFORE_NOUN and s.heads[at] > q.last:
            at = s.heads[at]
        if at > q.last and s.pos[at] in ("NOUN", "PROPN", "ADJ"):
            return at
        return self._end_of_phrase(after)

    def _end_of_phrase(self, start: int) -> int | None:
        s, found = self._s, None
        for i in range(start, min(start + _REACH, len(s))):
            if s.pos[i] in ("NOUN", "PROPN"):
                found = i
            elif s.pos[i] not in ("ADJ", "DET", "PRON") or (found is not None):
                break
        return found

    def _is_part(self, q: Quantity, root: int) -> bool:
        """Tell whether what is counted is counted already: "including ten children", "of whom ten were children"."""
        s, parts = self._s, self._words.parts
        if q.first >= 1 and any(s.words[i].lower() in parts for i in range(max(0, q.first - 3), q.first)):
            return True
        following = [s.words[i].lower() for i in range(q.last + 1, min(q.last + 3, len(s)))]
        if following[:1] == ["of"] and following[1:] and following[1] in ("them", "whom") and root > 0:
            return q.first > 2 and s.pos[q.first - 1] != "ADP" and s.deps[root] in ("appos", "nsubj", "dep", "conj")
        return False

    def _is_measure(self, q: Quantity, noun: int) -> bool:
        s, words = self._s, self._words
        inside = range(q.last + 1, noun + 1)
        return any(s.lemmas[i].lower() in words.measures or s.words[i] == "%" for i in inside)

    def _first(self, node: int) -> int:
        """Return the first of the nouns that `node` is joined to."""
        s = self._s
        while s.deps[node] in ("conj", "appos") and s.pos[s.heads[node]] in ("NOUN", "PROPN", "NUM", "PRON"):
            node = s.heads[node]
        return node

    def _harm(self, q: Quantity, node: int, role: int, head: int) -> Counted | None:
        person = self.is_person(node)
        bare = q.first <= node <= q.last
        for kind in _KINDS:
            words = self._words.kinds.get(kind)
            if words is None:
                continue
            if self._s.lemmas[node].lower() in words.nouns and not bare:
                return Counted(kind, q.value, node, node)
            at = self._verb(words, node, role, head)
            if at is not None and (person or bare or kind != "arrested") and not self._is_thing(node, bare):
                return Counted(kind, q.value, at, head, person, object=True)
        if self._is_toll(head) or (self._s.lemmas[node].lower() == "life" and self._takes_life(head)):
            return Counted("dead", q.value, self._verb_above(head), head)
        for kind in _KINDS:
            words = self._words.kinds.get(kind)
            at = self._quality(words, node, bare) if words is not None else None
            if at is not None and (person or bare):
                # "twelve dead" says it alone; "twelve wounded soldiers" only says who they are.
                alone = at > node or bare
                return Counted(kind, q.value, at if alone else role, head, quality=not alone)
        return None

    def _is_thing(self, node: int, bare: bool) -> bool:
        """Tell whether what is killed or hurt is no person: "killed a bill", "hurt three banks"."""
        return not bare and self._s.lemmas[node].lower() in self._words.units

    def _verb(self, words: CountWords, node: int, role: int, head: int) -> int | None:
        """Return the verb or noun of harm whose object the counted noun is."""
        s = self._s
        hanging: list[int] = [verb for noun in dict.fromkeys((node, role)) for verb in s.kids(noun, "acl", "relcl")]
        for verb in hanging:
            lemma = s.lemmas[verb]
            reduced = s.deps[verb] == "acl" and s.tags[verb] == "VBN"
            if lemma in words.object and (reduced or self._passive(verb)):
                return verb
            if lemma in words.subject and s.deps[verb] == "relcl":
                return verb
        above = s.heads[head]
        if above == head:
            return None
        dep, lemma = s.deps[head], s.lemmas[above].lower()
        if dep in ("dobj", "nsubjpass", "dep", "oprd") and lemma in words.object:
            return above
        if dep == "nsubj" and lemma in words.subject:
            return above
        if dep == "nsubj" and lemma in words.object and s.tags[above] in ("VBN", "VBD") and not s.kids(above, "dobj"):
            return above  # "12 soldiers killed in ambush"
        if dep == "pobj" and s.words[above].lower() == "of" and s.lemmas[s.heads[above]].lower() in words.nouns:
            return s.heads[above]
        return None

    def _passive(self, verb: int) -> bool:
        return self._s.kid(verb, "auxpass", "nsubjpass") is not None

    def _quality(self, words: CountWords, node: int, bare: bool) -> int | None:
        """Return the word that calls the counted "dead", "wounded", "detained", before or after the noun."""
        s = self._s
        for i in s.kids(node, "amod", "compound"):
            if s.words[i].lower() in words.qualities:
                return i
        following = node + 1
        if following < len(s) and s.words[following].lower() in ("others", "more", "people"):
            following += 1
        if following >= len(s) or s.words[following].lower() not in words.qualities:
            return None
        plain = s.pos[following] == "ADJ" or not s.kids(following, "dobj")
        return following if plain and s.pos[following] != "ADP" else None

    def _is_toll(self, head: int) -> bool:
        """Tell whether a number is where a toll stands: "the death toll rose to 41", "a toll of 41"."""
        s = self._s
        if s.deps[head] != "pobj" or s.words[s.heads[head]].lower() not in ("to", "at", "of"):
            return False
        at = s.heads[head]
        while s.deps[at] == "prep":
            at = s.heads[at]
        nouns = [at, *s.kids(at, "nsubj", "nsubjpass", "dobj")]
        return any(s.lemmas[n].lower() in self._words.tolls for n in nouns)

    def _takes_life(self, head: int) -> bool:
        s = self._s
        return s.deps[head] == "dobj" and s.lemmas[s.heads[head]] in self._words.life_verbs

    def _verb_above(self, i: int) -> int:
        s = self._s
        return next((h for h in s.ancestors(i) if s.pos[h] in ("VERB", "AUX")), i)

    def _acts(self, q: Quantity, root: int) -> bool:
        """Tell whether a bare number stands for those who act or to whom it is done: "5,000 marched", "sent 500".

        "The two" are named before, and what "millions" are poured into something nobody says.
        """
        s = self._s
        if q.first and s.words[q.first - 1].lower() == "the":
            return False
        subject = s.deps[root] in ("nsubj", "nsubjpass")
        exact = s.words[q.first].lower() not in self._words.plurals
        return subject or (exact and s.deps[root] in ("dobj", "agent", "conj")) or self._in_crowd(root)

    def _in_crowd(self, node: int) -> bool:
        """ "a crowd of 5,000"."""
        s = self._s
        above = s.heads[node]
        return s.deps[node] == "pobj" and s.words[above].lower() in ("of", "with") and (
            s.lemmas[s.heads[above]].lower() in self._words.crowds
        )  # fmt: skip

    def _has_size(self, node: int, noun: int | None) -> bool:
        """Tell whether a number of such is a size: people, units, arms; not states, nor "the two leaders"."""
        s, words = self._s, self._context.words
        lemma = s.lemmas[node].lower()
        definite = any(s.words[i].lower() in ("the", "both") for i in s.kids(node, "det", "predet"))
        if lemma in words.state_nouns or (definite and lemma in words.leader_nouns):
            return False
        if noun is None:
            return True
        return lemma in self._words.units or lemma in self._words.people or self.is_person(node)
