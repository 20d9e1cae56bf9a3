"""Statements: who said, thought or wanted what, in whose words.

Cues of speech (`communique.coding.speech`) are joined with the quotations of the report: a quotation belongs to the cue
beside it, else to the one that spoke last in its paragraph, else, at the head of a paragraph, to the last speaker.
Attributions are those of the literature (PARC3, PolNeAR): speech, belief, intention and hope, each with its source.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from communique.coding.context import SentenceContext
from communique.coding.speakers import Voice, form_of, voice_of
from communique.coding.speech import Cue, find_cues, verb_beside
from communique.coding.spoken import Manner
from communique.language.quotations import Quotation, find_quotations
from communique.language.tree import Sentence
from communique.records import Actor, Quote, Span, Spans

_BACK = 8  # sentences that are looked back over for who issued "the statement"
_DASHES = frozenset({"-", "--", "–", "—", "―", "~"})
_SIGNATURE = 12  # words that a signature has, at most
_NEAR = 2  # paragraphs over which a quotation without a cue may go on from the last speaker


@dataclass(frozen=True, slots=True)
class StatementDraft:
    """A statement before it is dated and numbered.

    `context` and `head` are the cue's (or the quotation's first word). `content` holds the words said, quotation marks
    and "that" included; `sentences` every sentence that the cue or the content touches. `manner` is "held" where the
    content is only what is spoken of ("criticised the plan"), so that nothing in it is told as so.
    """

    context: SentenceContext
    head: int
    speakers: tuple[Actor, ...]
    speaker_spans: Spans
    recipients: tuple[Actor, ...]
    recipient_spans: Spans
    quote: Quote
    form: str
    content: Spans
    cue: Spans
    sentences: Spans
    steps: tuple[str, ...]
    pattern: str
    source: str
    manner: Manner = "said"


@dataclass(slots=True)
class _Open:
    """A statement while its words are gathered."""

    context: SentenceContext
    place: int
    cue: Cue
    speaker: Voice
    addressee: Voice
    content: list[Span]
    steps: list[str]
    nested: bool


def code_statements(contexts: Sequence[SentenceContext], text: str) -> list[StatementDraft]:
    """Return the statements of a report in text order; `contexts` are its sentences, in order, cut out of `text`."""
    sentences = [c.sentence for c in contexts]
    quotations = find_quotations(text, sentences)
    gathered = _from_cues(contexts, quotations)
    _Assigner(contexts, quotations, gathered).assign()
    drafts = [_draft(o, sentences, quotations, text) for o in gathered if o.content]
    return sorted(drafts, key=lambda d: (d.content[0], d.head))


def _from_cues(contexts: Sequence[SentenceContext], quotations: Sequence[Quotation]) -> list[_Open]:
    found = []
    for place, context in enumerate(contexts):
        s = context.sentence
        inside = _inside(s, quotations)
        for cue in find_cues(context, inside):
            nested = _is_nested(s, cue, inside)
            if nested and all(s.words[h].lower() in context.words.first_person for h in cue.speakers):
                continue  # "We hope ...," said X: the words of X already
            speaker = voice_of(context, cue.speakers, speaking=True, before=contexts[max(place - _BACK, 0) : place][::-1])
            if not speaker.actors or (cue.manner == "held" and not _person_or_body(context, cue)):
                continue
            content = [_whole(s.cut(*r), quotations, nested) for r in cue.content]
            if cue.to_paragraph_end:
                content[-1] = (content[-1][0], _paragraph_end(contexts, place))
            steps = [f"{' '.join(s.words[t] for t in cue.tokens)!r} matches {cue.pattern!r} of {cue.source}", *speaker.steps]
            addressee = voice_of(context, cue.addressees, speaking=False)
            found.append(_Open(context, place, cue, speaker, addressee, _merged(content), steps, nested))
    return found


def _person_or_body(context: SentenceContext, cue: Cue) -> bool:
    """Tell whether who holds a view can hold one: a known actor, a name or a pronoun; "the plan requires" holds none."""
    s = context.sentence
    return any(s.pos[h] in ("PROPN", "PRON") or s.tags[h] == "NNS" or context.actors.resolve(h) for h in cue.speakers)


def _inside(s: Sentence, quotations: Sequence[Quotation]) -> list[int]:
    """Return, for each word of the sentence, the number of the quotation of speech around it, or -1."""
    here = [(n, q.span) for n, q in enumerate(quotations) if not q.scare and _overlap(q.span, s.span) > 0]
    return [next((n for n, (a, b) in here if a <= start < b), -1) for start in s.starts]


def _is_nested(s: Sentence, cue: Cue, inside: Sequence[int]) -> bool:
    return inside[cue.head] >= 0


def _whole(span: Span, quotations: Sequence[Quotation], nested: bool) -> Span:
    """Take in the whole of each quotation of which the span holds a part; inside a quotation, leave its marks out."""
    start, end = span
    for q in quotations:
        if q.span[0] < end and start < q.span[1]:
            if nested and not q.scare:
                return max(start, q.contents[0][0]), min(end, q.contents[-1][1])
            start, end = min(start, q.span[0]), max(end, q.span[1])
    return start, end


def _paragraph_end(contexts: Sequence[SentenceContext], place: int) -> int:
    end = place
    while end + 1 < len(contexts) and contexts[end + 1].sentence.paragraph == contexts[place].sentence.paragraph:
        end += 1
    return contexts[end].sentence.end


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


class _Assigner:
    """Gives the quotations that no cue's clause holds to those who spoke them."""

    def __init__(self, contexts: Sequence[SentenceContext], quotations: Sequence[Quotation], gathered: list[_Open]) -> None:
        self._contexts = contexts
        self._quotations = quotations
        self._gathered = gathered

    def assign(self) -> None:
        for q in self._quotations:
            if not q.spoken or q.first >= len(self._contexts):
                continue
            if any(_overlap(q.span, c) > 0 for o in self._gathered if not o.nested for c in o.content):
                continue
            self._give(q)

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
            self._gathered.append(_Open(context, q.first, cue, before.speaker, Voice(), [q.span], [step], False))

    def _add(self, o: _Open, q: Quotation, why: str) -> None:
        if o.cue.manner == "held" or not o.cue.framed or o.cue.content == ():
            o.content = _merged([*o.content, q.span]) if o.cue.manner == "said" else [q.span]
        else:
            o.content = _merged([*o.content, q.span])
        o.cue = replace(o.cue, manner="said")
        o.steps.append(why)

    def _beside(self, q: Quotation) -> _Open | None:
        """Return the nearest cue of speech in the sentences of the quotation, or the one whose colon announces it."""
        options = [
            o for o in self._gathered
            if not o.nested and o.cue.framed and q.first <= o.place <= q.last and o.cue.speech
            and (not o.content or o.cue.manner == "said")
        ]  # fmt: skip
        if options:
            return min(options, key=lambda o: (bool(o.content), self._distance(o, q)))
        previous = q.first - 1
        s = self._contexts[q.first].sentence
        if previous >= 0 and not self._contexts[q.first].text[s.start : q.span[0]].strip():
            announcing = self._contexts[previous].sentence
            if announcing.words[-1] == ":":
                cues = [o for o in self._gathered if o.place == previous and not o.nested and o.cue.framed]
                return cues[-1] if cues else None
        return None

    def _signed(self, q: Quotation) -> _Open | None:
        """Return a cue made of the dash before a name that signs the quotation: "..." - Jan Novak."""
        for place in range(q.last, min(q.last + 2, len(self._contexts))):
            context = self._contexts[place]
            s = context.sentence
            dash = next((i for i in range(len(s)) if s.starts[i] >= q.span[1]), None)
            if s.paragraph != self._contexts[q.last].sentence.paragraph or dash is None or s.words[dash] not in _DASHES:
                continue
            rest = range(dash + 1, len(s))
            if not rest or len(rest) > _SIGNATURE or any(s.pos[i] in ("VERB", "AUX") for i in rest):
                return None
            name = [i for i in rest if s.pos[i] == "PROPN"]
            speaker = voice_of(context, name[:1] and [_last_of_run(s, name[0])], speaking=True)
            if speaker.actors:
                cue = Cue(dash, (dash,), (), (), (), "said", False, "say", "", '"..." - X', "phrases of attribution")
                self._gathered.append(_Open(context, place, cue, speaker, Voice(), [], list(speaker.steps), False))
                return self._gathered[-1]
        return None

    def _by_place(self, q: Quotation) -> _Open | None:
        """Return a cue made of a verb that no list knows but that stands where a verb of speech does: "...," he boomed."""
        places = range(max(q.first - 1, 0), min(q.last + 2, len(self._contexts)))
        s = self._contexts[q.first].sentence
        for place in sorted(places, key=lambda k: not q.first <= k <= q.last):
            context = self._contexts[place]
            if place < q.first and context.sentence.words[-1] != ":":
                continue
            if place > q.last and context.sentence.paragraph != s.paragraph:
                continue
            found = verb_beside(context, q.span, _inside(context.sentence, self._quotations))
            if found is None or any(o.place == place and o.cue.head == found[0] and o.content for o in self._gathered):
                continue
            speaker = voice_of(context, found[1], speaking=True)
            if speaker.actors:
                cue = Cue(found[0], found[:1], found[1], (), (), "said", True, "say", "", "a verb beside a quotation", "grammar")
                self._gathered.append(_Open(context, place, cue, speaker, Voice(), [], list(speaker.steps), False))
                return self._gathered[-1]
        return None

    def _distance(self, o: _Open, q: Quotation) -> int:
        start, end = o.context.sentence.cut(o.cue.head, o.cue.head)
        return max(q.span[0] - end, start - q.span[1], 0)

    def _last_before(self, q: Quotation) -> _Open | None:
        options = [
            o for o in self._gathered
            if not o.nested and o.content and o.cue.manner == "said" and o.content[0][0] < q.span[0] and o.speaker.actors
        ]  # fmt: skip
        return max(options, key=lambda o: (o.place, o.cue.head)) if options else None


def _last_of_run(s: Sentence, i: int) -> int:
    while i + 1 < len(s) and s.pos[i + 1] == "PROPN":
        i += 1
    return i


def _overlap(a: Span, b: Span) -> int:
    return min(a[1], b[1]) - max(a[0], b[0])


def _draft(o: _Open, sentences: Sequence[Sentence], quotations: Sequence[Quotation], text: str) -> StatementDraft:
    content = tuple(o.content)
    s = o.context.sentence
    touched = tuple(t.span for t in sentences if t is s or any(_overlap(t.span, c) > 0 for c in content))
    taken = [i for i in range(len(s)) if any(_overlap(s.cut(i, i), c) > 0 for c in content)]
    form = form_of(o.context, o.cue, o.speaker, frozenset(taken))
    spans = o.speaker.spans if o.cue.pronoun < 0 else (*o.speaker.spans, s.cut(o.cue.pronoun, o.cue.pronoun))
    return StatementDraft(
        o.context, o.cue.head, o.speaker.actors, spans, o.addressee.actors, o.addressee.spans,
        _quote(content, quotations, text), form, content, o.context.spans(o.cue.tokens), touched, tuple(o.steps),
        o.cue.pattern, o.cue.source, o.cue.manner,
    )  # fmt: skip


def _quote(content: Spans, quotations: Sequence[Quotation], text: str) -> Literal["direct", "indirect", "mixed"]:
    """Return how the words are given: all, some or none of them between quotation marks."""
    within = total = 0
    for start, end in content:
        for i in range(start, end):
            if text[i].isalnum():
                total += 1
                within += any(q.span[0] <= i < q.span[1] for q in quotations if _overlap(q.span, (start, end)) > 0)
    if not within:
        return "indirect"
    return "direct" if within == total else "mixed"
