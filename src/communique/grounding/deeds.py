"""When a deed was done: which of a sentence's expressions of time dates it.

The first of these that gives something:

1. an expression governed by its own clause ("met on Friday"), the smallest if several fit into each other;
2. one of the clause that governs it ("met on Friday as he arrived"); after "said on Friday that it attacked" only the
   end of the interval is known, after "agreed on Friday to meet" only its start;
3. the only expression of the sentence, if the deed stands in the main clause;
4. the day of publication, to which a past deed must come up and from which a future one must start: an interval with
   one open end and the precision "unknown". A report does not say more, and a day would be a guess.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from communique.grounding.belonging import belongs, loose
from communique.grounding.calendar import parse_day, span
from communique.grounding.dates import Dated, read_sentence
from communique.grounding.tense import AHEAD, governing_verb, tense_of
from communique.grounding.words import TimeWords
from communique.language.tree import Sentence
from communique.records import DateInterval

_AFTER = ("after", "since", "once", "following")
_BEFORE = ("before", "until", "till")


def event_date(
    sentence: Sentence, clause_head: int, tense: str, published: str, words: TimeWords | None = None
) -> DateInterval:
    """Return when the deed at word `clause_head` (a verb or an event noun) took or takes place.

    `tense` is "past", "present", "future" or "none" (unknown); the clause's own words go before it.
    """
    return date_among(read_sentence(sentence, published, words, tense), sentence, clause_head, tense, published)


def date_among(
    found: Sequence[Dated], sentence: Sentence, clause_head: int, tense: str, published: str
) -> DateInterval:
    """Return what `event_date` does, of the expressions found in the sentence."""
    if found:
        own = [d for d in found if belongs(sentence, d, clause_head)]
        if own:
            return _best(sentence, own, clause_head)
        for source in (_from_participle, _from_governor):
            if (given := source(sentence, found, clause_head)) is not None:
                return given
        if len(found) == 1 and _is_main(sentence, clause_head) and loose(sentence, found[0], clause_head):
            return found[0].interval
        if (bounded := _from_clause_after(sentence, found, clause_head, published)) is not None:
            return bounded
    return undated(_tense(sentence, clause_head, tense), published)


def undated(tense: str, published: str) -> DateInterval:
    """Return what the day of publication alone says: a past deed ends by it, a future one starts from it."""
    d = parse_day(published)
    if d is None:
        return DateInterval()
    return DateInterval(d.isoformat(), "") if tense == "future" else DateInterval("", d.isoformat())


def _tense(s: Sentence, head: int, given: str) -> str:
    own, _ = tense_of(s, head)
    return given if given == "future" or own == "none" else own


def _best(s: Sentence, own: Sequence[Dated], head: int) -> DateInterval:
    """Return the smallest of several intervals if it lies within another, else the nearest to the predicate."""
    known = [d for d in own if d.interval.start or d.interval.end] or own
    closed = [d for d in known if d.interval.start and d.interval.end]
    if len(closed) > 1:
        least = min(closed, key=lambda d: _length(d.interval))
        others = [d for d in closed if d is not least]
        if any(d.interval.start <= least.interval.start and least.interval.end <= d.interval.end for d in others):
            return least.interval
    exact = [d for d in closed if not d.reference] or [d for d in known if not d.reference] or known
    return min(exact, key=lambda d: (min(abs(d.first - head), abs(d.last - head)), d.first)).interval


def _length(interval: DateInterval) -> int:
    start, end = parse_day(interval.start), parse_day(interval.end)
    return (end - start).days if start and end else 10**6


def _from_participle(s: Sentence, found: Sequence[Dated], head: int) -> DateInterval | None:
    """ "Speaking on Thursday, the premier accused ...": the time of a participle before its verb is the verb's."""
    for child in s.kids(head, "advcl"):
        if s.tags[child] == "VBG" and child < head and s.kid(child, "mark", "nsubj") is None:
            own = [d for d in found if belongs(s, d, child)]
            if own:
                return _best(s, own, child)
    return None


def _from_clause_after(s: Sentence, found: Sequence[Dated], head: int, published: str) -> DateInterval | None:
    """ "froze the assets after the council imposed sanctions on 3 May": from that day up to publication."""
    if tense_of(s, head)[0] != "past":
        return None
    for child in s.kids(head, "advcl"):
        mark = s.kid(child, "mark")
        if mark is not None and s.words[mark].lower() in ("after", "once"):
            own = [d for d in found if d.interval.end and belongs(s, d, child)]
            start, end = (parse_day(_best(s, own, child).end) if own else None), parse_day(published)
            if start and end and start <= end:
                return replace(span(start, end).record(""), text=_best(s, own, child).text)
    return None


# Nouns whose infinitive is what is then to be done.
_PURPOSES = frozenset(
    "agreement bid call conference deal decision deadline meeting offer pact plan pledge promise proposal session"
    " summit talk threat vow".split()
)


def _from_governor(s: Sentence, found: Sequence[Dated], head: int) -> DateInterval | None:
    """Return the date of the nearest clause above, as far as it says something of this one."""
    limit = ""
    child = head
    for j in s.ancestors(head):
        relation = s.deps[child]
        ahead = relation == "acl" and s.tags[child] == "VB" and s.lemmas[s.heads[child]].lower() in _PURPOSES
        if relation in ("relcl", "appos") or (relation == "acl" and s.tags[child] != "VBG" and not ahead):
            return None
        if ahead:  # "signed a deal on Monday to free them"
            limit = limit or "start"
        if s.pos[child] in ("VERB", "AUX"):
            limit = limit or _limit(s, child)
        if s.pos[j] in ("VERB", "AUX") or s.pos[j] == "NOUN":
            own = [d for d in found if belongs(s, d, j)]
            if own:
                return _limited(_best(s, own, j), limit)
        child = j
    return None


def _limit(s: Sentence, clause: int) -> str:
    """How the time of a clause is bounded by that of its governor: "end", "start", or "" for the same time."""
    mark = s.kid(clause, "mark", "prep")
    word = s.words[mark].lower() if mark is not None and s.deps[mark] == "mark" else ""
    head = s.words[s.heads[clause]].lower()
    if word in _AFTER or head in _AFTER:
        return "end"
    if word in _BEFORE or head in _BEFORE:
        return "start"
    tense, _ = tense_of(s, clause)
    if s.deps[clause] == "ccomp":
        return "start" if tense == "future" else "end"
    ahead = s.deps[clause] == "advcl" and s.lemmas[s.heads[clause]].lower() in AHEAD and s.tags[clause] == "VB"
    objects = s.kids(s.heads[clause], "dobj") if s.deps[clause] == "advcl" and s.tags[clause] == "VB" else []
    if any(s.lemmas[o].lower() in _PURPOSES for o in objects):  # "signed a deal on Monday to free them"
        return "start"
    if tense == "future" and (s.deps[clause] == "xcomp" or ahead):  # "threatened on Monday to attack"
        return "start"
    return ""


def _limited(interval: DateInterval, limit: str) -> DateInterval:
    if limit == "end":
        return replace(interval, start="", precision="unknown")
    if limit == "start":
        return replace(interval, end="", precision="unknown")
    return interval


def _is_main(s: Sentence, head: int) -> bool:
    verb = governing_verb(s, head)
    while s.deps[verb] == "conj" and s.heads[verb] != verb:
        verb = s.heads[verb]
    return s.heads[verb] == verb
