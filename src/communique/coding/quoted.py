"""Quotations -> the statements that they belong to, by what stands beside them and who spoke last."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from communique.coding.context import SentenceContext
from communique.coding.cues import Cue
from communique.coding.framing import verb_beside
from communique.coding.speakers import Voice, voice_of
from communique.language.quotations import Quotation, touching
from communique.language.tree import Sentence
from communique.records import Span

_GRAMMAR = "the grammar of attribution"
_DASHES = frozenset({"-", "--", "–", "—", "―", "~"})
_SIGNATURE = 12  # words that a signature has, at most
_AFTER = 100  # sentences behind a quotation in which the cue of words before it may stand, at most
_STRETCH = 256  # characters
_NEAR = 2  # paragraphs over which a quotation without a cue may go on from the last speaker


@dataclass(slots=True)
class Open:
    """A statement while its words are gathered."""

    context: SentenceContext
    place: int
    cue: Cue
    speaker: Voice
    addressee: Voice
    content: list[Span]
    steps: list[str]
    nested: bool


def words_inside(s: Sentence, quotations: Sequence[Quotation]) -> list[int]:
    """Return, for each word of the sentence, the number of the quotation of speech around it, or -1."""
    here = [(n, quotations[n].span) for n in touching(quotations, s.span) if not quotations[n].scare]
    if not here:
        return [-1] * len(s)
    return [next((n for n, (a, b) in here if a <= start < b), -1) for start in s.starts]


class Assigner:
    """Gives the quotations that no cue's clause holds to those who spoke them."""

    def __init__(
        self, contexts: Sequence[SentenceContext], quotations: Sequence[Quotation], gathered: list[Open]
    ) -> None:
        self._contexts = contexts
        self._quotations = quotations
        self._gathered = gathered
        # Each quotation asks for few of the statements: were it for all, a megabyte of quotations would take an hour.
        self._at: dict[int, list[Open]] = defaultdict(list)  # by the place of the cue, without the nested
        self._places: list[int] = []
        self._near: dict[int, list[Open]] = defaultdict(list)  # by the stretch of text in which words stand
        for o in gathered:
            self._note(o)

    def assign(self) -> None:
        for q in self._quotations:
            if q.spoken and q.first < len(self._contexts) and not self._taken(q):
                self._give(q)

    def _note(self, o: Open) -> None:
        """Remember where a statement stands that was gathered."""
        if o.nested:
            return
        if o.place not in self._at:
            insort(self._places, o.place)
        self._at[o.place].append(o)
        for span in o.content:
            self._note_words(o, span)

    def _note_words(self, o: Open, span: Span) -> None:
        for stretch in _stretches(span):
            self._near[stretch].append(o)

    def _new(self, o: Open) -> Open:
        self._gathered.append(o)
        self._note(o)
        return o

    def _taken(self, q: Quotation) -> bool:
        near = (o for stretch in _stretches(q.span) for o in self._near.get(stretch, ()))
        return any(overlap(q.span, c) > 0 for o in near for c in o.content)

    def _give(self, q: Quotation) -> None:
        beside = self._signed(q) or self._beside(q) or self._by_place(q)
        if beside is not None:
            self._add(beside, q, "the quotation stands beside the cue")
            return
        s = self._contexts[q.first].sentence
        before = self._last_before(q)
        if before is None:
            return
        same = before.context.sentence.paragraph == s.paragraph
        starts = not self._contexts[q.first].text[s.start : q.span[0]].strip()
        if same and starts:
            self._add(before, q, "it goes on from the last cue of its paragraph")
        elif starts and 0 < s.paragraph - before.context.sentence.paragraph <= _NEAR:
            context = self._contexts[q.first]
            cue = Cue(0, (), before.cue.speakers, (), (), "said", False, before.cue.speech, before.cue.form, "", "")
            step = f"a quotation without a cue: given to the last speaker, {before.speaker.text!r}"
            self._new(Open(context, q.first, cue, before.speaker, Voice(), [q.span], [step], False))

    def _add(self, o: Open, q: Quotation, why: str) -> None:
        # "told reporters: ..." had its object for content; the quotation takes its place.
        o.content = merged([*o.content, q.span]) if o.cue.manner == "said" else [q.span]
        self._note_words(o, q.span)
        o.cue = replace(o.cue, manner="said")
        o.steps.append(why)

    def _beside(self, q: Quotation) -> Open | None:
        """Return the nearest cue of speech in the sentences of the quotation, or the one whose colon announces it."""
        options = [
            o
            for place in range(q.first, q.last + 1)
            for o in self._at.get(place, ())
            if o.cue.framed and o.cue.speech and (not o.content or o.cue.manner == "said")
        ]
        if options:
            return min(options, key=lambda o: (bool(o.content), self._distance(o, q)))
        previous = q.first - 1
        s = self._contexts[q.first].sentence
        if previous >= 0 and not self._contexts[q.first].text[s.start : q.span[0]].strip():
            announcing = self._contexts[previous].sentence
            if announcing.words[-1] == ":":
                cues = [o for o in self._at.get(previous, ()) if o.cue.framed]
                return cues[-1] if cues else None
        return None

    def _signed(self, q: Quotation) -> Open | None:
        """Return a cue made of the dash before a name that signs the quotation: "..." - Jan Novak."""
        for place in range(q.last, min(q.last + 2, len(self._contexts))):
            context = self._contexts[place]
            s = context.sentence
            dash = next((i for i in range(len(s)) if s.ends[i] > q.span[1]), None)  # "”―" may be one word
            if dash is None or s.words[dash].lstrip("\"”’'»") not in _DASHES:
                continue
            if s.paragraph != self._contexts[q.last].sentence.paragraph:
                continue
            rest = range(dash + 1, len(s))
            if not rest or len(rest) > _SIGNATURE or any(s.pos[i] in ("VERB", "AUX") for i in rest):
                return None
            name = [i for i in rest if s.pos[i] == "PROPN"]
            speaker = voice_of(context, name[:1] and [_last_of_run(s, name[0])], speaking=True)
            if speaker.actors:
                cue = Cue(dash, (dash,), (), (), (), "said", False, "say", "", '"..." - X', _GRAMMAR)
                return self._new(Open(context, place, cue, speaker, Voice(), [], list(speaker.steps), False))
        return None

    def _by_place(self, q: Quotation) -> Open | None:
        """Return a cue made of an unknown verb that stands where a verb of speech does: "...," he boomed."""
        places = range(max(q.first - 1, 0), min(q.last + 2, len(self._contexts)))
        s = self._contexts[q.first].sentence
        for place in sorted(places, key=lambda k: not q.first <= k <= q.last):
            context = self._contexts[place]
            if place < q.first and context.sentence.words[-1] != ":":
                continue
            if place > q.last and context.sentence.paragraph != s.paragraph:
                continue
            found = verb_beside(context, q.span, words_inside(context.sentence, self._quotations))
            if found is None or any(o.cue.head == found[0] and o.content for o in self._at.get(place, ())):
                continue
            speaker = voice_of(context, found[1], speaking=True)
            if speaker.actors:
                pattern = "a verb beside a quotation"
                cue = Cue(found[0], found[:1], found[1], (), (), "said", True, "say", "", pattern, _GRAMMAR)
                return self._new(Open(context, place, cue, speaker, Voice(), [], list(speaker.steps), False))
        return None

    def _distance(self, o: Open, q: Quotation) -> int:
        start, end = o.context.sentence.cut(o.cue.head, o.cue.head)
        return max(q.span[0] - end, start - q.span[1], 0)

    def _last_before(self, q: Quotation) -> Open | None:
        """Return the last statement by its cue of those whose words begin before the quotation.

        Words stand in the sentence of their cue or near it, so one far behind the quotation is not looked for.
        """
        for place in reversed(self._places[: bisect_right(self._places, q.last + _AFTER)]):
            options = [
                o for o in self._at[place] if o.content and o.cue.manner == "said" and o.content[0][0] < q.span[0]
            ]
            if options:
                return max(options, key=lambda o: o.cue.head)
        return None


def _last_of_run(s: Sentence, i: int) -> int:
    while i + 1 < len(s) and s.pos[i + 1] == "PROPN":
        i += 1
    return i


def _stretches(span: Span) -> range:
    return range(span[0] // _STRETCH, max(span[1] - 1, span[0]) // _STRETCH + 1)


def overlap(a: Span, b: Span) -> int:
    return min(a[1], b[1]) - max(a[0], b[0])


def merged(spans: Iterable[Span]) -> list[Span]:
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
