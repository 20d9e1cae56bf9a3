"""How far the phrase goes that a stance is about, and the issues that it names."""

from __future__ import annotations

from communique.coding.context import SentenceContext
from communique.coding.objects import turns
from communique.coding.predicates import Predicate
from communique.knowledge.issues import Issue
from communique.language.tree import Sentence
from communique.records import Span

_MAX_EXPRESSION = 30  # words; a longer noun phrase is cut, as evidence should stay readable


def extent(context: SentenceContext, head: int, outer: Predicate) -> tuple[int, int]:
    """Return first and last word of the phrase: its subtree and a clause that explains it ("the stance that ..."),

    up to the next predicate that has a stance of its own in the same clause.
    """
    s = context.sentence
    below = s.subtree(head)
    first, last = max(below.start, outer.head + 1) if outer.head < head else below.start, below.stop - 1
    if last + 1 < len(s) and s.words[last + 1].lower() == "that":
        last = s.rights[s.heads[last + 1]] if s.heads[last + 1] > last else last
    for c in s.kids(head, "conj"):  # each of several things has a position of its own
        if s.pos[c] in ("NOUN", "PROPN") and not context.actors.at(c).actors and not one_name(s, head, c):
            last = min(last, s.lefts[c] - 1)
    if s.pos[head] in ("VERB", "AUX"):  # under what circumstances is another matter too
        for c in s.kids(head, "advcl"):
            if c > head and s.kid(c, "mark") is not None:
                last = min(last, s.lefts[c] - 1)
    if s.lemmas[s.heads[head]] == "with":  # "rows with A over B"
        topics = context.words.topic_prepositions
        last = min([last, *(s.lefts[c] - 1 for c in s.kids(head, "prep") if s.lemmas[c] in topics and c > head)])
    for i in range(head + 1, last + 1):
        stop = i in context.predicates and context.predicates[i].cls.stance in ("support", "oppose")
        if stop and s.deps[i] == "conj":
            last = i - 1
            break
    for i in range(first, last + 1):  # what a relative clause adds is another matter
        if s.deps[i] == "ccomp" and s.deps[s.heads[i]] == "acl" and s.lefts[i] > head:
            last = min(last, s.lefts[i] - 1)  # so is what somebody sets out to say: "efforts to show that ..."
        if s.deps[i] == "relcl" and s.lefts[i] > head and s.kids(i, "nsubj", "nsubjpass", "dobj", "prep"):
            last = min(last, s.lefts[i] - 1)
    while last > head and s.pos[last] in ("PUNCT", "CCONJ"):
        last -= 1
    return first, min(last, first + _MAX_EXPRESSION) if last - first > _MAX_EXPRESSION else last


def phrase(context: SentenceContext, head: int, outer: Predicate) -> Span:
    """Return the span of the phrase at `head`, with the preposition after it where the issue lies in that."""
    first, last = extent(context, head, outer)
    s = context.sentence
    longer = extended(context, head, outer, last)
    if longer > last and _named(context, head, first, longer)[:1] != _named(context, head, first, last)[:1]:
        last = longer
    while first < last and s.pos[first] in ("PUNCT", "DET"):
        first += 1
    return s.cut(first, last)


def one_name(s: Sentence, head: int, joined: int) -> bool:
    """Tell whether two words are one name: "the Belt and Road"."""
    return s.pos[head] == s.pos[joined] == "PROPN" and s.kid(head, "det") is not None and s.kid(joined, "det") is None


def issues(context: SentenceContext, head: int, outer: Predicate) -> tuple[Issue, ...]:
    """Return the issues that the phrase at `head` names, the most specific first; "the idea that" names none yet."""
    first, last = extent(context, head, outer)
    s = context.sentence
    q = context.predicates.get(head) or context.hidden.get(head)
    if s.pos[head] == "NOUN" and (q is None or q.cls.operator == "consider"):
        clauses = [c for c in s.kids(head, "acl") if s.kid(c, "mark") is not None]
        last = min([last, *(s.lefts[c] - 1 for c in clauses if s.lefts[c] > head)])
    return _named(context, head, first, extended(context, head, outer, last))


def extended(context: SentenceContext, head: int, outer: Predicate, last: int) -> int:
    """Return the last word with a preposition that follows: "rejected A's claim TO B", "blamed A FOR the raid".

    The parser often ties it to the verb. One that says of a stance of its own ("for opposing B") is another matter.
    """
    s = context.sentence
    above = s.heads[head]
    if s.pos[above] == "ADP":
        above = s.heads[above]
    for c in s.kids(above, "prep"):
        end = s.rights[c]
        if c != last + 1 or s.pos[above] not in ("VERB", "AUX") or outer.head not in (above, *s.ancestors(above)):
            continue
        if s.lemmas[c].lower() not in context.words.subject_prepositions or s.kid(c, "pobj") is None:
            continue
        stands = [context.predicates.get(i) or context.hidden.get(i) for i in range(c, end + 1)]
        if not any(q is not None and (q.cls.stance or turns(q)) for q in stands):
            return end
    return last


def _named(context: SentenceContext, head: int, first: int, last: int) -> tuple[Issue, ...]:
    s = context.sentence
    near = {a.code for i in range(first, last + 1) for a in context.actors.at(i).actors if a.code}
    near |= {a.code for a in context.actors.holders_of(head)}
    # "non-A forces", "an anti-A alliance": the phrase names what it is not, or is against
    against = context.words.opposing_prefixes
    kept = {i for i in range(len(s)) if not (i > 1 and s.words[i - 1] in "-‑–" and s.words[i - 2].lower() in against)}
    words = [w if i in kept else "" for i, w in enumerate(s.words)]
    lemmas = [w if i in kept else "" for i, w in enumerate(s.lemmas)]
    return context.knowledge.issues.of_phrase(words[first : last + 1], lemmas[first : last + 1], near)
