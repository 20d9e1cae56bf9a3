"""Whether an expression of time dates a predicate: by what it hangs on, and by what it says."""

from __future__ import annotations

from collections.abc import Iterator

from communique.grounding.dates import MODIFIER, Dated
from communique.grounding.tense import governing_verb
from communique.language.tree import Sentence

_POSTPONE = frozenset("adjourn defer delay extend postpone prolong push put suspend".split())


def attached(s: Sentence, d: Dated) -> Iterator[int]:
    """Yield the words that govern an expression, nearest first, prepositions left out; stop after the first verb."""
    for j in s.ancestors(d.top):
        if s.pos[j] in ("ADP", "SCONJ") or d.first <= j <= d.last:
            continue
        yield j
        if s.pos[j] in ("VERB", "AUX"):
            return


def belongs(s: Sentence, d: Dated, head: int) -> bool:
    """Tell whether an expression dates the predicate at `head` by grammar."""
    if d.kind == "deed" and not d.reference:
        if d.first <= head <= d.last:  # the attack of "the 9/11 attacks" itself
            return True
        # "condemned the 9/11 attacks", "punished A over the annexation of B" were later
        if s.words[s.heads[d.top]].lower() not in _DURING:
            return False
    if not usable(s, d):
        return False
    if d.first <= s.heads[head] <= d.last and s.deps[head] in ("relcl", "advcl", "acl") and _has(s, head, "when"):
        return True  # "last April, when it fired"
    for depth, j in enumerate(attached(s, d)):
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


_DURING = frozenset({"during", "in", "at", "on", "throughout", "amid"})
_SIDE = frozenset({"since", "after", "before", "until", "following", "despite"})
_TIMES = frozenset("morning afternoon evening night day week weekend month year hours days weeks eve wake".split())
# What a deed does to people and things: the attack that kills is no other deed than the killing.
_DONE = frozenset("kill wound injure destroy damage leave hit claim topple flatten ravage maim displace".split())


def _has(s: Sentence, clause: int, word: str) -> bool:
    return any(s.words[c].lower() == word for c in s.children[clause])


def _beside(s: Sentence, d: Dated) -> bool:
    """Tell whether an expression dates a noun that is not the deed: "the raid of 3 May", "since a coup in 2014"."""
    noun = next((j for j in attached(s, d)), None)
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


def loose(s: Sentence, d: Dated, head: int) -> bool:
    """Tell whether an expression may date the main clause though it hangs elsewhere, but on no other verb."""
    if d.kind == "deed" or _beside(s, d):
        return False
    verb = next((j for j in attached(s, d) if s.pos[j] in ("VERB", "AUX")), None)
    own = {head, *s.ancestors(head), governing_verb(s, head)}
    return s.deps[d.top] not in MODIFIER and usable(s, d) and (verb is None or verb in own)


def usable(s: Sentence, d: Dated) -> bool:
    """ "the first meeting since 2019" is not dated by "since": what is counted or compared is not."""
    if d.reference in ("until", "till"):  # "the vote was put off until April" was not in April
        verb = next((j for j in s.ancestors(d.top) if s.pos[j] in ("VERB", "AUX")), None)
        return verb is None or s.lemmas[verb].lower() not in _POSTPONE
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
