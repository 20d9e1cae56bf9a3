"""Contexts: what an event is about, by the words of its clause, the kind of deed, and who takes part.

PLOVER leaves open over which stretch of a text a context is read, and allows several. Ours belongs to the event: its
clause, its parties and the phrases that hang on them. The clauses of other events are theirs, and so is what is only
added to a party after a comma ("Iran, which has nuclear weapons, ..."). Where the clause shows nothing, the rest of
the sentence is asked that no other event has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from communique.coding.context import SentenceContext
from communique.coding.drafts import EventDraft
from communique.knowledge.contexts import ContextRule, Shown
from communique.language.tree import Sentence
from communique.records import Actor

_CLAUSES = ("relcl", "advcl", "ccomp", "conj", "parataxis", "acl", "xcomp", "pcomp")
_STATES = ("state", "territory", "igo", "bloc")


def with_contexts(context: SentenceContext, drafts: Sequence[EventDraft]) -> list[EventDraft]:
    """Return the events of a sentence with their contexts, in the codebook's order."""
    if not drafts:
        return []
    s, book = context.sentence, context.knowledge.codebook.shown
    shown = book.shown(s.words, _singular(s))
    scopes: list[set[int]] = [_scope(s, d, drafts) for d in drafts] if shown else [set() for _ in drafts]
    others: set[int] = set().union(*scopes)
    found = []
    for draft, scope in zip(drafts, scopes, strict=True):
        told = _told(shown, scope)
        if not told and shown:
            told = _told(shown, set(range(len(s))) - others)
        ruled = (rule.context for rule in book.rules if _holds(rule, draft))
        found.append(replace(draft, contexts=book.ordered((*draft.contexts, *told, *ruled))))
    return found


def _singular(s: Sentence) -> tuple[str, ...]:
    """Return the lemmas, names of peoples in the singular: the parser leaves names as they stand."""
    if "NNPS" not in s.tags:
        return s.lemmas
    return tuple(m.removesuffix("s") if tag == "NNPS" else m for m, tag in zip(s.lemmas, s.tags, strict=True))


def _told(shown: Sequence[Shown], scope: set[int]) -> list[str]:
    return [c for first, end, contexts in shown if first in scope and end - 1 in scope for c in contexts]


def _scope(s: Sentence, draft: EventDraft, drafts: Sequence[EventDraft]) -> set[int]:
    """Return the words of an event's clause without those of other events' clauses and of asides on its parties."""
    own = _own(draft)
    above = {x for i in own for x in (i, *s.ancestors(i))}
    top = _clause(s, draft.predicate.head)
    words = set(s.subtree(top))
    for other in drafts:
        if other is draft or other.triggers == draft.triggers:
            continue
        head = _clause(s, other.predicate.head)
        if head != top and head in words and head not in above and s.deps[head] in _CLAUSES and not own & _own(other):
            words -= set(s.subtree(head))
    for i in sorted(words):
        if s.deps[i] in ("relcl", "appos") and i not in above and _is_aside(s, i):
            words -= set(s.subtree(i))
    return words | own


def _own(draft: EventDraft) -> set[int]:
    return {draft.predicate.head, *draft.triggers, *((draft.deed.head,) if draft.deed else ())}


def _clause(s: Sentence, head: int) -> int:
    """Return the verb of the clause in which a word stands: itself, or the next verb above."""
    return next((h for h in (head, *s.ancestors(head)) if s.pos[h] in ("VERB", "AUX")), head)


def _is_aside(s: Sentence, i: int) -> bool:
    """Tell whether a clause on a noun is set off by a comma and so says more of the noun, not of the deed."""
    first = s.lefts[i]
    return s.deps[i] == "relcl" and first > 0 and s.words[first - 1] == ","


def _holds(rule: ContextRule, draft: EventDraft) -> bool:
    if rule.events and draft.type not in rule.events and f"{draft.type}/{draft.mode}" not in rule.events:
        return False
    if rule.actors and rule.actors.isdisjoint(_sectors(draft.actors.actors)):
        return False
    if rule.recipients and rule.recipients.isdisjoint(_sectors(draft.recipients.actors)):
        return False
    return not rule.between or len(_states(draft)) > 1


def _sectors(actors: Sequence[Actor]) -> set[str]:
    """Return the sectors of those who are a state's or a state; armed groups of their own are none."""
    return {a.sector for a in actors if a.sector or a.kind in _STATES}


def _states(draft: EventDraft) -> set[str]:
    """Return the states and organisations of states that take part themselves, or by their governments."""
    parties = (*draft.actors.actors, *draft.recipients.actors)
    return {a.code for a in parties if a.code and a.kind in _STATES and a.sector in ("", "GOV", "MIL")}
