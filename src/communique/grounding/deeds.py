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

from collections.abc import Iterator, Sequence
from dataclasses import replace

from communique.grounding.calendar import parse_day, span
from communique.grounding.dates import MODIFIER, Dated, read_sentence
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
        own = [d for d in found if _belongs(sentence, d, clause_head)]
        if own:
            return _best(sentence, own, clause_head)
        for source in (_from_participle, _from_governor):
            if (given := source(sentence, found, clause_head)) is not None:
                return given
        if len(found) == 1 and _is_main(sentence, clause_head) and _loose(sentence, found[0], clause_head):
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


def _attached(s: Sentence, d: Dated) -> Iterator[int]:
    """Yield the words that govern an expression, nearest first, prepositions left out; stop after the first verb."""
    for j in s.ancestors(d.top):
        if s.pos[j] in ("ADP", "SCONJ") or d.first <= j <= d.last:
            continue
        yield j
        if s.pos[j] in ("VERB", "AUX"):
            return


def _belongs(s: Sentence, d: Dated, head: int) -> bool:
    """Tell whether an expression dates the predicate at `head` by grammar."""
    if d.kind == "deed" and not d.reference:
        if d.first <= head <= d.last:  # the attack of "the 9/11 attacks" itself
            return True
        if s.words[s.heads[d.top]].lower() not in _DURING:  # "condemned the 9/11 attacks" was later
            return False
    if not _usable(s, d):
        return False
    for depth, j in enumerate(_attached(s, d)):
        if j == head or (s.deps[head] in ("auxpass", "aux") and j == s.heads[head]):
            # Inside a noun phrase only an adverbial reaches up to the verb, "the 2015 deal" does not.
            return depth == 0 or s.deps[d.top] not in MODIFIER or _done_by(s, d, head)
        if s.pos[j] in ("NOUN", "PROPN"):
            if s.deps[d.top] in MODIFIER and not _done_by(s, d, head):
                return False
            # "condemned the attack of 3 May", "has ruled since a coup in 2014", but "the attack of 3 May killed ten"
            if _beside(s, d) and not _done_by(s, d, head):
                return False
    return False


_DURING = frozenset({"during", "in", "at", "on", "throughout", "amid", "over"})
_SIDE = frozenset({"since", "after", "before", "until", "following", "despite"})
_TIMES = frozenset("morning afternoon evening night day week weekend month year hours days weeks eve wake".split())
# What a deed does to people and things: the attack that kills is no other deed than the killing.
_DONE = frozenset("kill wound injure destroy damage leave hit claim topple flatten ravage maim displace".split())


def _beside(s: Sentence, d: Dated) -> bool:
    """Tell whether an expression dates a noun that is not the deed: "the raid of 3 May", "since a coup in 2014"."""
    noun = next((j for j in _attached(s, d)), None)
    if noun is None or s.pos[noun] not in ("NOUN", "PROPN") or s.words[noun].lower() in _TIMES:
        return False
    above = s.words[s.heads[noun]].lower() if s.deps[noun] == "pobj" else ""
    return above in _SIDE or (s.words[s.heads[d.top]].lower() == "of" and s.heads[s.heads[d.top]] == noun)


def _done_by(s: Sentence, d: Dated, verb: int) -> bool:
    """ "Thursday's attack killed nine": the day of the subject is that of the verb."""
    subject = s.kid(verb, "nsubj")
    return (
        subject is not None
        and s.lemmas[verb].lower() in _DONE
        and d.interval.precision in ("day", "days")
        and subject in s.ancestors(d.top)
    )


def _loose(s: Sentence, d: Dated, head: int) -> bool:
    """Tell whether an expression may date the main clause though it hangs elsewhere, but on no other verb."""
    if d.kind == "deed" or _beside(s, d):
        return False
    verb = next((j for j in _attached(s, d) if s.pos[j] in ("VERB", "AUX")), None)
    own = {head, *s.ancestors(head), governing_verb(s, head)}
    return s.deps[d.top] not in MODIFIER and _usable(s, d) and (verb is None or verb in own)


def _usable(s: Sentence, d: Dated) -> bool:
    """ "the first meeting since 2019" is not dated by "since": what is counted or compared is not."""
    if d.reference not in ("since", "ever since"):
        return True
    for j in s.ancestors(d.top):
        if s.words[j].lower() in ("first", "last", "only") or s.tags[j] in ("JJS", "RBS"):
            return False
        if s.pos[j] in ("NOUN", "PROPN"):
            marks = [c for c in s.children[j] if s.deps[c] in ("amod", "nummod", "advmod")]
            return not any(
                s.words[c].lower() in ("first", "second", "third", "last", "only") or s.tags[c] in ("JJS", "RBS")
                for c in marks
            )
        if s.pos[j] in ("VERB", "AUX"):
            objects = [c for c in s.children[j] if s.deps[c] in ("dobj", "attr", "nsubj", "nsubjpass")]
            marks = [k for o in objects for k in s.children[o] if k < d.first]
            return not any(s.words[c].lower() in ("first", "last") or s.tags[c] in ("JJS", "RBS") for c in marks)
    return True


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
            own = [d for d in found if _belongs(s, d, child)]
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
            own = [d for d in found if d.interval.end and _belongs(s, d, child)]
            start, end = (parse_day(_best(s, own, child).end) if own else None), parse_day(published)
            if start and end and start <= end:
                return replace(span(start, end).record(""), text=_best(s, own, child).text)
    return None


def _from_governor(s: Sentence, found: Sequence[Dated], head: int) -> DateInterval | None:
    """Return the date of the nearest clause above, as far as it says something of this one."""
    limit = ""
    child = head
    for j in s.ancestors(head):
        relation = s.deps[child]
        if relation in ("relcl", "appos") or (relation == "acl" and s.tags[child] != "VBG"):
            return None
        if s.pos[child] in ("VERB", "AUX"):
            limit = limit or _limit(s, child)
        if s.pos[j] in ("VERB", "AUX") or s.pos[j] == "NOUN":
            own = [d for d in found if _belongs(s, d, j)]
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
