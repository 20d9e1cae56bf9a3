"""What is parsed of a report: what can hold a record, and what those sentences need of others.

Most of a general archive is sport, markets, recipes and weather. To parse and code a sentence costs some 25 times what
it costs to look at its words, so a report is first looked at as words (`communique.coding.sightings`). One that speaks
of known actors and their deeds throughout is parsed whole. Of any other a sentence is parsed if

- its words may make a pattern of the lexicon that tells of a deed, a stance or words said, with the parts of speech
  that the tagger gives them, and there is somebody in it whom that could be told of;
- it holds a part of a quotation and words around it;
- one of these needs it: it introduces somebody by name who is named there, or it may say who "he" or "they" are.

All words come from the knowledge: a user's folders and codebooks count as ours do. Nothing here reads a parse.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from communique.coding.sightings import Seen, Sightings, names_of
from communique.knowledge.cues import ANY_DEED, SPOKEN, STANCE
from communique.language.choice import Choice, Cut, Forms
from communique.language.quotations import find_quotations
from communique.language.tree import unparsed

WHOLE = 0.25
"""Share of sentences with a known actor and a deed from which a report is parsed whole (docs/notes/gate.md)."""
_SHORT = 5
"""Sentences up to which a report is parsed whole: little is gained, and each tells who the others mean."""
_BEFORE_OBJECT = frozenset({"IN", "TO", "VB", "VBD", "VBG", "VBN", "VBP", "VBZ"})
_BACK = 4  # sentences: a pronoun looks back over two, and where it finds another one, that looks back too


def choose(text: str, sightings: Sightings, cuts: Sequence[Cut], forms: Forms) -> Choice | None:
    """Return what to parse of the sentences `cuts` of the report `text`, None for all of them."""
    seen = [sightings.look(cut, forms) for cut in cuts]
    short = len(seen) <= _SHORT and any(s.tells and (s.known or s.office or s.role or s.refers) for s in seen)
    if short or sum(s.known and bool(s.tells & ANY_DEED) for s in seen) >= WHOLE * len(seen):
        return None
    return _Partly(text, sightings, cuts, seen)


class _Partly:
    """A report of which a part is parsed."""

    def __init__(self, text: str, sightings: Sightings, cuts: Sequence[Cut], seen: Sequence[Seen]) -> None:
        self._sightings = sightings
        self._seen = seen
        self._edge, self._inside = _quoted(text, cuts)
        self._names = names_of(seen)
        self._introduced = _introductions(self._names)
        self._coded = self._with_code()
        self._aimed: Collection[int] = ()  # sentences with a deed to an "it", known when all are tagged
        self._stated = next((i for i, s in enumerate(seen) if s.body), len(seen))
        open_ = (i for i in range(len(seen)) if i not in self._edge)
        self.tagged: Collection[int] = [i for i in open_ if self._holds(i, seen[i].tells)]

    def parsed(self, tags: Mapping[int, Sequence[str]]) -> Collection[int]:
        """Return the places of the sentences to parse, in text order."""
        told = {i: self._told(i, found) for i, found in tags.items()}
        held = [i for i, found in told.items() if self._holds(i, found)]
        self._aimed = {i for i in held if told[i] & ANY_DEED and self._aims(i, tags[i])}
        return sorted(self._with_needed({*self._edge, *held}))

    def _told(self, i: int, tags: Sequence[str]) -> int:
        """Return what the tagged sentence may tell of."""
        s = self._seen[i]
        coded = [*s.coded, *(run.stop - 1 for run in s.runs if s.words[run.stop - 1] in self._coded)]
        coded += s.pronouns if self._he_with_code(i) else ()
        if s.office or s.role or s.refers:
            coded += [run.start for run in s.runs if self._sightings.town(s.words[run.start : run.stop])] + [*s.placed]
        return self._sightings.told(s, tags, coded, self._parties(i))

    def _parties(self, i: int) -> Sequence[int]:
        """Return where the sentence's parties stand, a surname at its head among them: "Rossi said ..."."""
        s = self._seen[i]
        headed = bool(s.runs) and s.runs[0] == range(1) and self._names[i][:1] == (s.words[:1],)
        return (0, *s.parties) if headed and s.parties[:1] != (0,) else s.parties

    def _he_with_code(self, i: int) -> bool:
        """Tell whether "he" or "she" may be somebody of a known state or body."""
        return self._seen[i].personal and any(self._person_with_code(j) for j in range(max(i - _BACK, 0), i))

    def _aims(self, i: int, tags: Sequence[str]) -> bool:
        """Tell whether something may be done to an "it": "against it", "accused them"."""
        return any(tags[k - 1] in _BEFORE_OBJECT for k in self._seen[i].things if k)

    def _holds(self, i: int, tells: int) -> bool:
        """Tell whether sentence `i` may hold a record if its words tell of `tells`."""
        s = self._seen[i]
        if tells & SPOKEN and (s.known or s.office or s.role or s.refers or s.pronoun or s.titled or self._named(i)):
            return True
        if tells & STANCE and s.first_person and i in self._inside:
            return True
        return bool(tells & (ANY_DEED | STANCE)) and self._has_code(i)

    def _named(self, i: int) -> bool:
        """Tell whether a sentence names a person whom no list has, in full, or one who was so named."""
        return any(len(name) > 1 or name[-1] in self._introduced for name in self._names[i])

    def _has_code(self, i: int) -> bool:
        """Tell whether somebody of a known state or body may be meant in sentence `i`."""
        s = self._seen[i]
        if s.known or any(name[-1] in self._coded for name in self._names[i]):
            return True
        if (s.of_state or s.refers) and self._stated <= i:
            return True
        if self._he_with_code(i):
            return True
        return (s.office or s.role or s.refers) and any(self._sightings.town(name) for name in self._names[i])

    def _person_with_code(self, i: int) -> bool:
        s = self._seen[i]
        return s.known or s.office or s.personal or any(name[-1] in self._coded for name in self._names[i])

    def _with_code(self) -> set[str]:
        """Return the last words of the names that stand in a sentence with a state or body."""
        return {name[-1] for s, names in zip(self._seen, self._names, strict=True) if s.body for name in names}

    def _with_needed(self, core: set[int]) -> set[int]:
        """Return sentences with those that tell who is named, or meant by a pronoun, in them."""
        kept = set(core)
        waiting = sorted(core)
        while waiting:
            i = waiting.pop()
            for j in (*self._introducing(i), *self._antecedents(i)):
                if j not in kept:
                    kept.add(j)
                    waiting.append(j)
        return kept

    def _introducing(self, i: int) -> Iterator[int]:
        """Yield the sentences before that introduce those whom sentence `i` names."""
        for name in self._names[i]:
            for word in name:
                yield from (j for j in self._introduced.get(word, ()) if j < i)

    def _antecedents(self, i: int) -> Iterable[int]:
        """Return the sentences before that may say whom a pronoun, or "the country", means, where nobody is named."""
        s = self._seen[i]
        if not (s.pronoun or s.refers) or ((s.known or self._named(i)) and i not in self._aimed):
            return ()
        return [j for j in range(max(i - _BACK, 0), i) if self._may_be_meant(j, s)]

    def _may_be_meant(self, i: int, by: Seen) -> bool:
        s = self._seen[i]
        if by.personal and (s.person or s.office or s.personal or self._named(i)):
            return True
        return (by.impersonal or by.refers) and (s.known or s.office or s.role or s.refers)


def _introductions(names: Sequence[Sequence[tuple[str, ...]]]) -> dict[str, list[int]]:
    """Return the sentences in which a name stands in full, by its last word."""
    found: dict[str, list[int]] = {}
    for i, here in enumerate(names):
        for name in here:
            if len(name) > 1:
                found.setdefault(name[-1], []).append(i)
    return found


def _quoted(text: str, cuts: Sequence[Cut]) -> tuple[set[int], set[int]]:
    """Return the sentences that stand partly in a quotation, and those that stand in one altogether."""
    bare = [unparsed(i, cut.paragraph, cut.words, cut.starts) for i, cut in enumerate(cuts)]
    edge: set[int] = set()
    inside: set[int] = set()
    for q in find_quotations(text, bare):
        for i in range(q.first, min(q.last + 1, len(cuts))):
            start, end = cuts[i].span
            (inside if q.span[0] <= start and end <= q.span[1] else edge).add(i)
    return edge, inside - edge
