"""The arguments of a predicate: who is the subject of what, through passives, control, conjunction and relatives.

A predicate is a verb, an event noun or an adjective; its arguments are given by the head word of each, under the name
of the slot that they fill: `subject` and `object` are the deep ones (the agent of a passive is its subject),
`indirect`, `prep:with` ..., `possessor`, `adjective` (a modifier that may be a nationality), `clause`.
Nothing here knows what the words mean; that is the lexicon's part.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from communique.knowledge.language import LanguageWords
from communique.language.tree import Sentence

Kind = Literal["verb", "noun", "adjective"]
_SUBJECTS = ("nsubj", "nsubjpass", "csubj", "csubjpass")


@dataclass(frozen=True, slots=True)
class Argument:
    """The word that heads an argument, and the slot that it fills."""

    slot: str
    head: int


def is_passive(s: Sentence, i: int, words: LanguageWords) -> bool:
    """Tell whether verb `i` is passive, reduced relatives ("troops sent by ...") included."""
    if s.kid(i, "auxpass", "nsubjpass", "csubjpass") is not None:
        return True
    if s.tags[i] == "VB" and s.lemmas[i] in words.passive_infinitives and s.lemmas[s.heads[i]] == "be":
        return s.kid(i, "dobj") is None  # "A was to blame for it"
    if s.tags[i] != "VBN":
        return False
    if s.kid(i, "agent") is not None:
        return True
    if s.deps[i] in ("ccomp", "oprd", "xcomp") and s.kid(i, "aux") is None and s.kid(i, "nsubj") is not None:
        return True  # "ordered the men JAILED", "wants the ship released"
    if s.deps[i] == "acl" and s.kid(i, "dobj") is not None and s.lemmas[i] not in words.ditransitive_verbs:
        return False  # "the president, who attended, accused A": a past tense taken for a participle
    if s.deps[i] == "acl" or (s.deps[i] in ("amod", "advcl") and s.kid(i, "dobj") is None):
        return not any(s.lemmas[a] == "have" for a in s.kids(i, "aux"))
    # "was arrested and deported": the second participle shares the auxiliary of the first.
    shares = s.deps[i] == "conj" and s.kid(i, "aux") is None and s.tags[s.heads[i]] == "VBN"
    return shares and is_passive(s, s.heads[i], words)


def shared_objects(s: Sentence, p: int) -> list[int]:
    """Return the object of preposition `p` where it stands after a later verb: "met WITH, and spoke to, A"."""
    last = s.kid(s.heads[p], "conj")
    if last is None or p > last or s.kids(p, "pobj", "pcomp", "prep") or s.pos[last] != "VERB":
        return []
    return s.kids(last, "dobj") or [o for q in s.kids(last, "prep")[:1] for o in s.kids(q, "pobj")]


class Clauses:
    """Answers about the predicates of one sentence; each answer is worked out once."""

    def __init__(self, sentence: Sentence, words: LanguageWords) -> None:
        self.sentence = sentence
        self.words = words
        self.low_words = list(map(str.lower, sentence.words))
        self.low_lemmas = list(map(str.lower, sentence.lemmas))
        self._subjects: dict[int, tuple[int, ...]] = {}
        self._arguments: dict[tuple[int, Kind], tuple[Argument, ...]] = {}

    def arguments(self, i: int, kind: Kind) -> tuple[Argument, ...]:
        """Return the arguments of the predicate at word `i`, nearest slots first."""
        found = self._arguments.get((i, kind))
        if found is None:
            search = self._verb if kind == "verb" else self._noun if kind == "noun" else self._adjective
            found = self._arguments[i, kind] = tuple(search(i))
        return found

    def subject(self, i: int, depth: int = 0) -> tuple[int, ...]:
        """Return the heads of the surface subject of verb `i`, its own or the one it shares; several after "join"."""
        if i not in self._subjects:
            self._subjects[i] = ()  # a broken tree must not recurse for ever
            self._subjects[i] = tuple(self._find_subject(i, depth)) if depth < 12 else ()
        return self._subjects[i]

    def _verb(self, i: int) -> Iterator[Argument]:
        s = self.sentence
        passive = is_passive(s, i, self.words)
        for head in self.subject(i):
            yield Argument("object" if passive else "subject", head)
        for c in s.children[i]:
            dep = s.deps[c]
            if dep == "agent":
                yield from (Argument("subject", p) for p in s.kids(c, "pobj"))
            elif dep in ("dobj", "attr", "oprd"):
                yield Argument("object" if dep == "dobj" else "attribute", self._antecedent(c))
            elif dep in ("dative", "iobj"):
                inner = s.kid(c, "pobj")
                yield Argument("indirect", c if inner is None else inner)
            elif dep == "prep":
                yield from self._preposition(c)
                yield from self._shared_object(i, c)
            elif dep in ("xcomp", "ccomp") or (dep == "advcl" and self._is_asked(i, c)):
                yield Argument("clause", c)
            elif dep == "acomp":
                yield Argument("attribute", c)
        if passive and s.kid(i, "agent") is None and (agent := self._strayed_agent(i)) is not None:
            yield Argument("subject", agent)
        # "to stop the flow", "a pledge that ...": the object of a relative clause is the word it hangs on.
        if s.deps[i] == "relcl" and not passive and not s.kids(i, "dobj") and s.heads[i] not in self.subject(i):
            yield Argument("object", s.heads[i])

    def _is_asked(self, i: int, c: int) -> bool:
        """Tell whether the infinitive at `c` is what the object of verb `i` is asked to do, not an aim of the verb."""
        s = self.sentence
        return (
            s.tags[c] == "VB"
            and s.lemmas[i] in self.words.object_control
            and any(s.words[a].lower() == "to" for a in s.kids(c, "aux"))
            and any(o < c for o in s.kids(i, "dobj", "dative"))
        )

    def _shared_object(self, i: int, p: int) -> Iterator[Argument]:
        """ "Met with, and apologised to, A", "asked for and got arms from A": the object stands after the last verb."""
        s = self.sentence
        last = s.kid(i, "conj")
        if last is None or p > last or s.kids(p, "pobj", "pcomp", "prep"):
            return
        yield from (Argument("prep:" + s.lemmas[p], o) for o in shared_objects(s, p))
        yield from (a for a in self._verb(last) if a.slot.startswith("prep:") and s.kid(last, "dobj") is not None)

    def _strayed_agent(self, i: int) -> int | None:
        """Return the agent of a passive whose "by" the parser hung on a word below ("was accused of lying by A"),

        or took for a preposition of place. It must be a name, or have one before it ("Greek prosecutors").
        """
        s = self.sentence
        for k in s.subtree(i):
            if (
                k > i
                and s.words[k].lower() == "by"
                and s.deps[k] != "agent"
                and (s.heads[k] == i or s.pos[s.heads[k]] in ("NOUN", "VERB", "PROPN"))
            ):
                agent = s.kid(k, "pobj")
                if agent is not None and (
                    s.pos[agent] == "PROPN"
                    or any(s.words[c][:1].isupper() for c in s.kids(agent, "amod", "compound", "nmod", "poss"))
                ):
                    return agent
        return None

    def _antecedent(self, c: int) -> int:
        """Return the noun right before a relative pronoun ("games THAT the state boycotts"), else `c` itself."""
        s = self.sentence
        if s.words[c].lower() not in self.words.relative_pronouns or c == 0:
            return c
        before = c - 1 if s.pos[c - 1] != "PUNCT" or c == 1 else c - 2
        return before if s.pos[before] in ("NOUN", "PROPN") else c

    def _noun(self, i: int) -> Iterator[Argument]:
        s = self.sentence
        for c in s.children[i]:
            dep = s.deps[c]
            if dep == "poss":
                yield Argument("possessor", c)
            elif dep in ("amod", "compound", "nmod", "npadvmod"):
                yield from self._modifier(c)
            elif dep == "prep":
                yield from self._preposition(c)
            elif dep in ("acl", "ccomp"):
                yield Argument("clause", c)
        # "talks and agreements with Iran": a preposition after the last of several nouns belongs to all of them.
        last = i
        while (conj := s.kid(last, "conj")) is not None and s.pos[conj] in ("NOUN", "PROPN"):
            last = conj
            for c in s.kids(last, "prep"):
                yield from self._preposition(c)
        if s.deps[i] == "conj" and s.pos[s.heads[i]] == "NOUN":
            yield from (a for a in self._noun_shared(s.heads[i]))

    def _noun_shared(self, head: int) -> Iterator[Argument]:
        for c in self.sentence.children[head]:
            if self.sentence.deps[c] == "poss":
                yield Argument("possessor", c)
            elif self.sentence.deps[c] in ("amod", "compound", "nmod"):
                yield Argument("adjective", c)

    def _modifier(self, c: int) -> Iterator[Argument]:
        """Yield a modifier and, in "U.S.-led coalition", the word that the participle hangs on."""
        yield Argument("adjective", c)
        if self.sentence.pos[c] in ("VERB", "ADJ") and self.sentence.lemmas[c] not in self.words.own_participles:
            return
        yield from (
            Argument("adjective", inner) for inner in self.sentence.kids(c, "npadvmod", "compound", "nmod", "amod")
        )

    def _adjective(self, i: int) -> Iterator[Argument]:
        s = self.sentence
        head = s.heads[i]
        if s.deps[i] in ("acomp", "attr", "oprd", "conj") or s.pos[head] in ("AUX", "VERB"):
            yield from (Argument("subject", h) for h in self.subject(head))
        elif s.deps[i] in ("amod", "appos") or s.pos[head] in ("NOUN", "PROPN"):
            yield Argument("subject", head)
        for c in s.children[i]:
            if s.deps[c] == "prep":
                yield from self._preposition(c)
            elif s.deps[c] in ("xcomp", "ccomp"):
                yield Argument("clause", c)

    def _preposition(self, p: int) -> Iterator[Argument]:
        s = self.sentence
        if s.words[p].lower() == "according":
            return  # who says it is no party to it
        name = "prep:" + s.lemmas[p]
        for c in s.children[p]:
            if s.deps[c] == "pobj":
                yield Argument(name, c)
            elif s.deps[c] == "pcomp":
                yield Argument("clause", c)
                yield Argument(name, c)
            elif s.deps[c] == "prep":
                yield from self._preposition(c)
                # "out of", "because of", "from across": the inner object serves the outer preposition too.
                yield from (Argument(name, inner) for inner in s.kids(c, "pobj"))
            elif s.deps[c] == "conj" and s.deps[c] in ("prep",):
                yield from self._preposition(c)

    def _find_subject(self, i: int, depth: int) -> Iterator[int]:
        s = self.sentence
        own = s.kids(i, *_SUBJECTS)
        if own:
            # "A as well as B did it" may have two subjects; of other words the first is the subject.
            names = [h for h in own if h < i and s.pos[h] == "PROPN"]
            for head in names if len(names) > 1 else own[:1]:
                yield from self._through_relative(i, head)
            yield from self._in_company(i, own[0])
            return
        dep, head = s.deps[i], s.heads[i]
        if head == i:
            return
        if dep == "conj":
            yield from self._conjoined(i, head, depth)
        elif dep == "acl":
            yield from self._of_noun(i, head, depth)
        elif dep == "relcl":
            # "the deal Russia signed" has its own subject; "a plan to sign" has the one of the plan.
            if s.tags[i] == "VB" and s.pos[head] == "PROPN" and s.heads[head] == head:
                yield from (head, *s.kids(head, "appos"))  # a headline: "A, B to resume flights"
            else:
                yield from ((head,) if s.tags[i] != "VB" else self._of_noun(i, head, depth))
        elif dep == "pcomp":
            yield from self._of_gerund(i, head, depth)
        elif dep in ("xcomp", "ccomp", "advcl", "acomp", "attr", "oprd", "prep", "dep"):
            yield from self._of_governor(i, head, dep, depth)
        elif dep == "amod":
            yield head
        elif dep in ("pobj", "dobj") and s.tags[i] == "VBG" and s.pos[head] == "VERB":
            yield from self.subject(head, depth + 1)

    def _conjoined(self, i: int, head: int, depth: int) -> Iterator[int]:
        s = self.sentence
        if s.pos[head] not in ("VERB", "AUX"):
            if s.pos[head] in ("NOUN", "PROPN") and s.tags[i] in ("VBD", "VBZ", "VBP"):
                yield from (
                    h for h in s.ancestors(i) if s.pos[h] in ("VERB", "AUX") for h in self.subject(h, depth + 1)
                )
            return
        passive = is_passive(s, head, self.words)
        if passive and not is_passive(s, i, self.words) and s.kid(head, "agent") is not None and s.tags[i] == "VBN":
            yield from (p for a in s.kids(head, "agent") for p in s.kids(a, "pobj"))
            return
        yield from self.subject(head, depth + 1)

    def _in_company(self, i: int, own: int) -> Iterator[int]:
        """Yield who does it with the subject: "A, together with B, ...", and the first of a headline's "A, B sign"."""
        s = self.sentence
        for p in s.kids(i, "prep") + s.kids(own, "prep"):
            before = s.words[p - 1].lower() if p else ""
            if own < p < i and s.words[p].lower() == "with" and before in ("together", "along", "jointly"):
                yield from s.kids(p, "pobj")
        for c in s.kids(i, "dep", "npadvmod"):
            if c + 1 < len(s) and c < s.lefts[own] and s.words[c + 1] == "," and s.pos[c] == s.pos[own] == "PROPN":
                yield c

    def _through_relative(self, i: int, own: int) -> Iterator[int]:
        """Yield the subject, or the antecedent if the subject is a relative pronoun."""
        s = self.sentence
        if s.deps[i] in ("relcl", "acl") and s.lemmas[own].lower() in self.words.relative_pronouns:
            yield s.heads[i]
        elif s.deps[i] == "ccomp" and s.lemmas[own].lower() in self.words.relative_pronouns and self._cleft(s.heads[i]):
            yield from s.kids(s.heads[i], "attr")
        elif (
            s.deps[i] == "conj"
            and s.lemmas[own].lower() in self.words.relative_pronouns
            and s.deps[s.heads[i]] == "relcl"
        ):
            yield s.heads[s.heads[i]]
        else:
            yield own

    def _cleft(self, be: int) -> bool:
        """ "It was A that ..."."""
        s = self.sentence
        subject = s.kid(be, "nsubj")
        return s.lemmas[be] == "be" and subject is not None and s.words[subject].lower() == "it"

    def _of_noun(self, i: int, noun: int, depth: int) -> Iterator[int]:
        """A participle or an infinitive that modifies a noun: "troops sent to", "nations backing", "plans to sign"."""
        s = self.sentence
        if s.tags[i] in ("VBG", "VBN"):
            yield noun
            return
        holders = [a.head for a in self._noun(noun) if a.slot in ("possessor", "prep:by", "prep:from")]
        if not holders:
            holders = [a.head for a in self._noun(noun) if a.slot == "adjective"]
            governor = s.heads[noun]
            if s.pos[governor] in ("VERB", "AUX") and s.deps[noun] in ("dobj", "nsubjpass", "attr", "pobj"):
                holders = [*self.subject(governor, depth + 1)] or holders
        yield from holders

    def _of_gerund(self, i: int, preposition: int, depth: int) -> Iterator[int]:
        """A gerund after a preposition: "accused A of doing" (A), "A responded by doing" (A), "attempts at doing"."""
        s = self.sentence
        head = s.heads[preposition]
        if s.pos[head] in ("NOUN", "PROPN"):
            yield from self._of_noun(i, head, depth) if s.pos[head] == "NOUN" else (head,)
            return
        objects = [a.head for a in self._verb(head) if a.slot == "object"]
        if objects and s.lemmas[preposition] in self.words.object_control_prepositions:
            yield from objects
            return
        yield from self.subject(head, depth + 1)
        if s.lemmas[head] in self.words.joining:
            yield from objects

    def _of_governor(self, i: int, head: int, dep: str, depth: int) -> Iterator[int]:
        s = self.sentence
        if s.pos[head] in ("NOUN", "PROPN"):
            yield from self._of_noun(i, head, depth)
            return
        if dep == "xcomp" or (dep in ("ccomp", "advcl") and s.tags[i] == "VB"):
            controlled = s.lemmas[head] in self.words.object_control
            objects = [c for c in s.children[head] if s.deps[c] in ("dobj", "dative") and c < i]
            if controlled and is_passive(s, head, self.words):
                yield from self.subject(head, depth + 1)
                return
            if controlled:
                objects += [
                    p
                    for c in s.kids(head, "prep")
                    for p in s.kids(c, "pobj")
                    if c < i and s.lemmas[c] in ("on", "upon", "to")
                ]
                if objects:
                    yield objects[-1]
                    return
        if s.pos[head] == "ADJ" or (s.tags[head] == "VBN" and s.deps[head] == "acomp"):
            above = s.heads[head]
            yield from (self.subject(above, depth + 1) if s.pos[above] in ("VERB", "AUX") else (above,))
            return
        yield from self.subject(head, depth + 1)
