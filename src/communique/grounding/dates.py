"""When: the expressions of time in a sentence, and the one that dates a deed.

A deed is dated by the first of these that gives something:

1. an expression governed by its own clause ("met on Friday"), the smallest if several fit into each other;
2. one of the clause that governs it ("met on Friday as he arrived"); after "said on Friday that it attacked" only the
   end of the interval is known, after "agreed on Friday to meet" only its start;
3. the only expression of the sentence, if the deed stands in the main clause;
4. the day of publication, to which a past deed must come up and from which a future one must start: an interval with
   one open end and the precision "unknown". A report does not say more, and a day would be a guess.

Where the day of publication is unknown, an expression that counts from it gives an open interval with its text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from communique.grounding.calendar import Tense, parse_day
from communique.grounding.phrases import Phrase, read_phrases
from communique.grounding.setting import Setting
from communique.grounding.tense import governing_verb, tense_of
from communique.grounding.words import MONTHS, TimeWords, builtin_time_words
from communique.language.tree import Sentence
from communique.records import DateInterval, Span

Found = tuple[Span, int, int, DateInterval]
_AHEAD = re.compile(
    r"\b(?:scheduled|planned|slated|set|due|expected|upcoming|forthcoming|postponed|rescheduled|booked|tabled)"
    r"(?: \w+){0,2} (?:for|on|in|to|at|until|by|from)(?: the)? $"
    r"|\bahead of (?:\w+ ){0,5}(?:on|in|for) $|\b(?:upcoming|forthcoming) $"
)
_ADVERBIAL = (
    "npadvmod",
    "tmod",
    "advmod",
    "prep",
    "pobj",
    "pcomp",
    "dobj",
    "attr",
    "dep",
    "advcl",
    "intj",
    "nsubj",
    "oprd",
    "conj",
)
_MODIFIER = ("compound", "nummod", "poss", "amod", "nmod", "quantmod", "det", "appos")
_AFTER = ("after", "since", "once", "following")
_BEFORE = ("before", "until", "till")


@dataclass(frozen=True, slots=True)
class Dated:
    """An expression with its words: `first` to `last`, the topmost of them, and the days it means."""

    first: int
    last: int
    top: int
    interval: DateInterval
    reference: str


def find_dates(sentence: Sentence, published: str, words: TimeWords | None = None) -> tuple[Found, ...]:
    """Return the expressions of time with span, first and last word and interval, in text order.

    `published` is an ISO date or time stamp, or "" if unknown. The tense of the governing verb tells past from future.
    """
    found = _read(sentence, published, words, None)
    return tuple((sentence.cut(d.first, d.last), d.first, d.last, d.interval) for d in found)


def report_dates(
    sentences: Sequence[Sentence], published: str, words: TimeWords | None = None
) -> Iterator[tuple[Found, ...]]:
    """Yield what `find_dates` finds in each sentence of a report."""
    for s in sentences:
        yield find_dates(s, published, words)


def event_date(
    sentence: Sentence, clause_head: int, tense: str, published: str, words: TimeWords | None = None
) -> DateInterval:
    """Return when the deed at word `clause_head` (a verb or an event noun) took or takes place.

    `tense` is "past", "present", "future" or "none" (unknown); the clause's own words go before it.
    """
    found = _read(sentence, published, words, tense)
    if found:
        own = [d for d in found if _belongs(sentence, d, clause_head)]
        if own:
            return _best(sentence, own, clause_head)
        if (governed := _from_governor(sentence, found, clause_head)) is not None:
            return governed
        if len(found) == 1 and _is_main(sentence, clause_head) and _loose(sentence, found[0], clause_head):
            return found[0].interval
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


def _read(s: Sentence, published: str, words: TimeWords | None, given: str | None) -> list[Dated]:
    original = "".join(_spaced(s))
    text = original.lower()
    if len(text) != len(original):  # a capital whose small letter is two characters
        text = "".join(c.lower() if len(c.lower()) == 1 else c for c in original)
    offset, day, words = s.starts[0] if len(s) else 0, parse_day(published), words or builtin_time_words()
    firsts = {start - offset: i for i, start in enumerate(s.starts)}
    lasts = {end - offset: i for i, end in enumerate(s.ends)}

    def words_of(start: int, end: int) -> tuple[int, int]:
        first = firsts.get(start, max((i for c, i in firsts.items() if c <= start), default=0))
        return first, lasts.get(end, min((i for c, i in lasts.items() if c >= end), default=len(s) - 1))

    def setting_at(start: int, end: int) -> Setting:
        first, last = words_of(start, end)
        tense, perfect = _time_at(s, _top(s, first, last), text[:start], given)
        return Setting(day, tense, perfect, "", "", words)

    def free(start: int, end: int) -> bool:
        return (
            s.deps[_top(s, *words_of(start, end))] not in _MODIFIER or s.words[-1] == s.words[words_of(start, end)[1]]
        )

    phrases = read_phrases(text, original, setting_at, free, words)
    found = [_dated(s, p, words_of(p.start, p.end), original) for p in phrases]
    return [d for d in found if not (d.last - d.first < 2 and _no_date(s, d.last, words))]


def _no_date(s: Sentence, i: int, words: TimeWords) -> bool:
    """Tell whether what looks like a month, season or year is a name ("Theresa May", "the Winter Games") or a count."""
    word, head = s.words[i], s.heads[i]
    if word.isdigit():
        counted = s.deps[i] == "nummod" and s.tags[head] == "NNS" and head > i
        return counted and not any(s.deps[c] in ("det", "poss") and c < i for c in s.children[head])
    if word.lower() not in MONTHS and (word.lower() not in words.seasons or not word[0].isupper()):
        return False
    named = [
        c for c in s.children[i] if s.deps[c] == "compound" and s.tags[c] == "NNP" and s.starts[i] == s.ends[c] + 1
    ]
    return bool(named) or (
        s.deps[i] == "compound" and s.tags[head] in ("NNP", "NNPS") and s.tags[i + 1] in ("NNP", "NNPS")
    )


def _spaced(s: Sentence) -> Iterator[str]:
    """Yield the words with single blanks where the text has any white space, so that offsets stay right."""
    reached = s.starts[0] if len(s) else 0
    for word, start, end in zip(s.words, s.starts, s.ends, strict=True):
        yield " " * (start - reached)
        yield word
        reached = end


def _dated(s: Sentence, p: Phrase, at: tuple[int, int], original: str) -> Dated:
    first, last = at
    text = re.sub(r"\s+", " ", original[p.start : p.end]).strip()
    return Dated(first, last, _top(s, first, last), p.days.record(text), p.reference)


def _top(s: Sentence, first: int, last: int) -> int:
    """Return the word of the expression whose head is outside it, a noun or number rather than a word before it."""
    tops = [i for i in range(first, last + 1) if not first <= s.heads[i] <= last or s.heads[i] == i]
    return tops[-1] if tops else first


def _time_at(s: Sentence, top: int, left: str, given: str | None) -> tuple[Tense, bool]:
    """The tense that an expression is read in; one that modifies a noun is past unless its verb is future."""
    if _AHEAD.search(left):
        return "future", False
    tense, perfect = tense_of(s, top)
    if s.deps[top] in ("poss", "compound", "nmod", "amod", "nummod"):
        return ("future" if tense == "future" else "past"), perfect
    if tense == "none" and given in ("past", "present", "future"):
        return _AS_TENSE[given], perfect
    return tense if tense != "none" else "past", perfect


_AS_TENSE: dict[str, Tense] = {"past": "past", "present": "present", "future": "future"}


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
    if not _usable(s, d):
        return False
    for depth, j in enumerate(_attached(s, d)):
        if j == head or (s.deps[head] in ("auxpass", "aux") and j == s.heads[head]):
            # Inside a noun phrase only an adverbial reaches up to the verb, "the 2015 deal" does not.
            return depth == 0 or s.deps[d.top] not in _MODIFIER
        if s.deps[d.top] in _MODIFIER and s.pos[j] in ("NOUN", "PROPN"):
            return False
    return False


def _loose(s: Sentence, d: Dated, head: int) -> bool:
    """Tell whether an expression may date the main clause though it hangs elsewhere, but on no other verb."""
    verb = next((j for j in _attached(s, d) if s.pos[j] in ("VERB", "AUX")), None)
    own = {head, *s.ancestors(head), governing_verb(s, head)}
    return s.deps[d.top] not in _MODIFIER and _usable(s, d) and (verb is None or verb in own)


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


def _best(s: Sentence, own: list[Dated], head: int) -> DateInterval:
    """Return the smallest of several intervals if it lies within another, else the nearest to the predicate."""
    known = [d for d in own if d.interval.start or d.interval.end] or own
    closed = [d for d in known if d.interval.start and d.interval.end]
    if len(closed) > 1:
        least = min(closed, key=lambda d: _length(d.interval))
        others = [d for d in closed if d is not least]
        if any(d.interval.start <= least.interval.start and least.interval.end <= d.interval.end for d in others):
            return least.interval
    exact = [d for d in known if not d.reference] or known
    return min(exact, key=lambda d: (min(abs(d.first - head), abs(d.last - head)), d.first)).interval


def _length(interval: DateInterval) -> int:
    start, end = parse_day(interval.start), parse_day(interval.end)
    return (end - start).days if start and end else 10**6


def _from_governor(s: Sentence, found: list[Dated], head: int) -> DateInterval | None:
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
    if s.deps[clause] == "xcomp" and tense == "future":
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
