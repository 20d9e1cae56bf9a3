"""What a stance may be about: which predicates take a stand at all, which phrases can be its object, what turns it."""

from __future__ import annotations

from collections.abc import Iterator

from communique.coding.context import SentenceContext
from communique.coding.predicates import Predicate
from communique.knowledge.language import LanguageWords
from communique.language.tree import Sentence

DEMANDING = frozenset({"demand", "ask"})
_WORDS = frozenset({"ACCUSE", "SUPPORT", "REJECT", "REQUEST", "AGREE"})  # types that are done with words
_ENDING = frozenset({"end", "suspend", "cancel"})
_DEEDS_ONLY = frozenset({"fail", "prevent", "reduce"})  # these show a stance only on what another demands or backs
_UNDOING = frozenset({"refuse", "deny", "fail", "prevent", "end", "suspend", "cancel"})
_CHAIN = ("xcomp", "ccomp", "conj")


def asks(s: Sentence) -> bool:
    """Tell whether a sentence is a question, be it a quoted one."""
    return "?" in s.words[-3:] and all(not w.isalnum() for w in s.words[len(s) - s.words[::-1].index("?") :])


def takes_a_stand(p: Predicate) -> bool:
    """Tell whether the doer of `p` shows a stance by it.

    Who fails at something, or averts it, does not oppose it; to leave a thing as it is ("did not remove the mines")
    shows nothing, while words and deeds that are denied ("does not support") are a position that is denied.
    """
    if p.cls.operator in _DEEDS_ONLY or p.mood.asked:
        return False
    return p.cls.stance != "reverse" or bool(p.cls.speech) or not p.mood.negated


def stance_in(p: Predicate) -> str:
    """Return the stance that a word shows: who demands a thing is for it; what one has power to order is a deed."""
    if p.cls.stance or p.cls.speech != "demand" or p.cls.operator == "order":
        return p.cls.stance
    return "support"


def spoken_within(context: SentenceContext, p: Predicate) -> Predicate | None:
    """Return the stance that the pattern of `p` takes as its noun, where it is the position.

    What is given up is one's own ("dropped its opposition to B"); of a passive without an agent only whose the noun is
    can be known ("A's call for B was ignored").
    """
    if p.kind != "verb" or not p.cls.type:
        return None
    s = context.sentence
    for t in p.tokens[1:]:
        q = context.hidden.get(t)
        if q is None or q.kind != "noun" or not stance_in(q) or q.cls.stance == "reverse":
            continue
        if p.cls.type == "CONCEDE" and same_side(context, p, q):
            return q
        if s.deps[t] == "nsubjpass" and not context.roles.actor(p):
            return q
    return None


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
    if p.cls.stance not in ("", "support"):
        return None
    s = context.sentence
    for t in p.tokens[1:]:
        q = context.hidden.get(t)
        if t != head and ((q is not None and turns(q)) or (s.pos[t] == "VERB" and s.kid(t, "neg") is not None)):
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
        return s.lemmas[head].lower() not in context.words.time_nouns
    doubt = context.words.conditional_marks
    if p.cls.type == "THREATEN" or any(s.lemmas[c].lower() in doubt for c in s.kids(head, "mark")):
        return False
    if demanding(p):
        return not _asserts(s, head, context.words)
    if s.words[s.lefts[head]].lower() == "what":
        return True  # "balanced what it called the influence of A"
    return not ((p.cls.operator in _ENDING or not (p.cls.speech or p.cls.operator)) and _finite(s, head))


def clear(context: SentenceContext, head: int, codes: set[str]) -> bool:
    """Tell whether a pronoun at `head` can mean nobody but these.

    "It" is more often a thing than a party, so it must be the subject of the sentence so far; others must be named.
    """
    s = context.sentence
    word = s.words[head].lower()
    if word not in context.words.vague_pronouns or s.deps[head] == "poss":
        return True
    before = [i for i in range(head) if s.pos[i] != "PRON"]
    if s.tags[head] != "PRP" or not codes:
        return False
    if word == "it":
        subjects = [i for i in before if s.deps[i] in ("nsubj", "nsubjpass")]
        return any({a.code for a in context.actors.resolve(i)} == codes for i in subjects)
    return codes <= {a.code for i in before for a in context.actors.at(i).actors if a.code}


def _finite(s: Sentence, i: int) -> bool:
    forms = {s.tags[i], *(s.tags[c] for c in s.kids(i, "aux", "auxpass"))}
    return bool(forms & {"VBD", "VBZ", "VBP", "MD"})


def _asserts(s: Sentence, i: int, words: LanguageWords) -> bool:
    """Tell whether clause `i` says what is: it is finite, and neither duty nor what must not be ("cannot go on")."""
    auxiliaries = s.kids(i, "aux", "auxpass")
    if any({s.lemmas[c].lower(), s.words[c].lower()} & words.duty for c in auxiliaries):
        return False
    if s.kid(i, "neg") is not None and any(s.lemmas[c].lower() in ("can", "could", "may") for c in auxiliaries):
        return False
    # "that A do it": the parser often tags the subjunctive of "they" as a present tense
    return _finite(s, i) and not (s.tags[i] == "VBP" and not auxiliaries)


def denies(s: Sentence, head: int, words: LanguageWords) -> bool:
    """Tell whether the clause at `head` is negated once, itself or in what it leads to: "that B won't expand".

    What a relative or an adverbial clause negates is another matter.
    """
    found = 0
    for i in _clause(s, head, 0):
        found += sum(s.deps[c] == "neg" or s.words[c].lower() in words.plain_negators for c in s.children[i])
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
        if context.sentence.deps[p.head] == "attr" and context.sentence.heads[p.head] in heads:
            return q  # "ceased to be a friend of B"
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
    s = context.sentence
    unknown = not theirs and (s.deps[q.head] == "pcomp" or (q.kind == "noun" and s.kid(q.head, "poss") is None))
    pronoun = s.kid(q.head, "nsubj")  # the name before "denied that it did" may be parsed away
    vague = pronoun is not None and s.words[pronoun].lower() in context.words.vague_pronouns
    return bool(mine & theirs) or unknown or (not mine and vague)
