"""What a stance may be about: which predicates take a stand at all, which phrases can be its object, what turns it."""

from __future__ import annotations

from collections.abc import Iterator

from communique.coding.context import SentenceContext
from communique.coding.drafts import VAGUE
from communique.coding.predicates import Predicate
from communique.language.tree import Sentence

DEMANDING = frozenset({"demand", "ask"})
_WORDS = frozenset({"ACCUSE", "SUPPORT", "REJECT", "REQUEST", "AGREE"})  # types that are done with words
_ENDING = frozenset({"end", "suspend", "cancel"})
_DUTY = frozenset({"should", "must", "ought", "shall", "need"})
_OPEN = frozenset({"whether", "if"})  # what is asked or doubted is no object
_DEEDS_ONLY = frozenset({"fail", "prevent", "reduce"})  # these show a stance only on what another demands or backs
_UNDOING = frozenset({"refuse", "deny", "prevent", "end", "suspend", "cancel"})
_NEGATIONS = frozenset({"not", "n't", "n’t", "never", "neither", "nor"})
_CHAIN = ("xcomp", "ccomp", "conj")


def takes_a_stand(p: Predicate) -> bool:
    """Tell whether the doer of `p` shows a stance by it.

    Who fails at something, or averts it, does not oppose it; to leave a thing as it is ("did not remove the mines")
    shows nothing, while words and deeds that are denied ("does not support") are a position that is denied.
    """
    if p.cls.operator in _DEEDS_ONLY or p.mood.asked:
        return False
    return p.cls.stance != "reverse" or bool(p.cls.speech) or not p.mood.negated


def demanding(p: Predicate) -> bool:
    """Tell whether `p` asks for something, so that its stance is on what is asked for."""
    return p.cls.speech in DEMANDING or p.cls.operator in DEMANDING


def turns(q: Predicate) -> bool:
    """Tell whether a word turns the stance on what follows: "end to", "ban on", "lifting of".

    It may be known better as a deed that has no stance of its own.
    """
    if q.cls.stance in ("support", "oppose"):
        return False
    return any(c.stance == "reverse" or c.operator in _ENDING for c in (q.cls, *(o.cls for o in q.others)))


def turned_within(context: SentenceContext, p: Predicate, head: int) -> int | None:
    """Return a word of the pattern itself that turns its stance on what stands at `head`: "demanded a BAN on B"."""
    for t in p.tokens[1:]:
        q = context.hidden.get(t)
        if q is not None and t != head and turns(q):
            return t
    return None


def may_be_object(context: SentenceContext, p: Predicate, head: int) -> bool:
    """Tell whether a stance of `p` may be about what stands at `head`.

    A threat to do something takes no stand on what would be done. What is demanded is a clause of duty ("insisted that
    A leave", "that A should leave"), not one that asserts ("insisted that it had left"). Only things are ended: after
    "concluded that ..." follows a finding. Whether something is so is a question. A pronoun alone says too little, and
    in "the deal, which A feared would fail" it is the clause below that is feared.
    """
    s = context.sentence
    if s.deps[p.head] == "relcl" and head == s.heads[p.head] and s.kid(p.head, "ccomp") is not None:
        return False
    if s.pos[head] not in ("VERB", "AUX"):
        return True
    if p.cls.type == "THREATEN" or any(s.lemmas[c].lower() in _OPEN for c in s.kids(head, "mark")):
        return False
    if demanding(p):
        return not _asserts(s, head)
    return not ((p.cls.operator in _ENDING or not (p.cls.speech or p.cls.operator)) and _finite(s, head))


def clear(context: SentenceContext, head: int, codes: set[str]) -> bool:
    """Tell whether a pronoun at `head` can mean nobody but these: no other state is named before it."""
    s = context.sentence
    if s.words[head].lower() not in VAGUE or s.deps[head] == "poss":
        return True
    named = {a.code for i in range(head) if s.pos[i] != "PRON" for a in context.actors.at(i).actors if a.code}
    return codes <= named and s.tags[head] in ("PRP", "PRP$")


def _finite(s: Sentence, i: int) -> bool:
    forms = {s.tags[i], *(s.tags[c] for c in s.kids(i, "aux", "auxpass"))}
    return bool(forms & {"VBD", "VBZ", "VBP", "MD"})


def _asserts(s: Sentence, i: int) -> bool:
    """Tell whether clause `i` says what is: it is finite, and neither duty nor what must not be ("cannot go on")."""
    auxiliaries = s.kids(i, "aux", "auxpass")
    if any(s.lemmas[c].lower() in _DUTY or s.words[c].lower() in _DUTY for c in auxiliaries):
        return False
    if s.kid(i, "neg") is not None and any(s.lemmas[c].lower() in ("can", "could", "may") for c in auxiliaries):
        return False
    # "that A do it": the parser often tags the subjunctive of "they" as a present tense
    return _finite(s, i) and not (s.tags[i] == "VBP" and not auxiliaries)


def denies(s: Sentence, head: int) -> bool:
    """Tell whether the clause at `head` is negated once, itself or in what it leads to: "that B won't expand".

    What a relative or an adverbial clause negates is another matter.
    """
    found = 0
    for i in _clause(s, head, 0):
        found += sum(s.deps[c] == "neg" or s.words[c].lower() in _NEGATIONS for c in s.children[i])
        for noun in s.kids(i, "nsubj", "nsubjpass", "dobj", "attr"):
            found += any(s.words[c].lower() == "no" for c in s.kids(noun, "det"))
    return found % 2 == 1


def _clause(s: Sentence, i: int, depth: int) -> Iterator[int]:
    yield i
    for c in s.kids(i, *_CHAIN) if depth < len(s) else ():
        if s.pos[c] in ("VERB", "AUX", "ADJ"):
            yield from _clause(s, c, depth + 1)


def negated_above(context: SentenceContext, i: int) -> bool:
    """Tell whether what governs the clause at `i` is negated: "is NOT willing to back", "it is NOT true that"."""
    s = context.sentence
    if s.deps[i] == "ccomp" and s.lemmas[s.heads[i]] in context.words.truth_adjectives | {"be"}:
        truth = s.heads[i] if s.lemmas[s.heads[i]] != "be" else s.kid(s.heads[i], "acomp", "attr")
        if truth is not None and s.lemmas[truth] in context.words.truth_adjectives:
            return any(s.deps[c] == "neg" for h in (truth, s.heads[truth]) for c in s.children[h])
    while s.deps[i] == "xcomp" and s.heads[i] != i:
        i = s.heads[i]
        above = s.heads[i] if s.deps[i] == "acomp" else i
        for h in {i, above}:
            if any(s.deps[c] == "neg" or s.lemmas[c].lower() in ("neither", "nor") for c in s.children[h]):
                return True
    return False


def undoing(context: SentenceContext, p: Predicate) -> Predicate | None:
    """Return what refuses, denies or gives up the stance of `p`: "REFUSED to recognise B", "DROPPED its opposition"."""
    for q in context.predicates.values():
        if q.head == p.head or q.cls.operator not in _UNDOING:
            continue
        heads = [h for slot in q.cls.content for h in context.roles.heads(q, slot)]
        if any(inner.head == p.head for h in heads for inner in context.inner(h)):
            return q
    return None


def undone_below(context: SentenceContext, p: Predicate) -> bool:
    """Tell whether `p` only undoes a stance of the same holder, which is then the position."""
    if p.cls.operator not in _UNDOING:
        return False
    return any(
        q.cls.stance in ("support", "oppose") and undoing(context, q) is p and same_side(context, p, q)
        for q in context.predicates.values()
        if q.head != p.head
    )


def same_side(context: SentenceContext, p: Predicate, q: Predicate) -> bool:
    """Tell whether both are done by the same: "A refused to back B", "A dropped its opposition"."""
    mine, theirs = ({a.code for a in context.roles.actor(x).actors} for x in (p, q))
    return bool(mine & theirs) or (not theirs and q.kind == "noun" and context.sentence.kid(q.head, "poss") is None)
