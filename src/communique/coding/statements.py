"""Statements: who said, thought or wanted what, in whose words.

Cues of speech (`communique.coding.speech`) are joined with the quotations of the report: a quotation belongs to the cue
beside it, else to the one that spoke last in its paragraph, else, at the head of a paragraph, to the last speaker.
Attributions are those of the literature (PARC3, PolNeAR): speech, belief, intention and hope, each with its source.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from communique.coding.context import SentenceContext
from communique.coding.cues import Cue, Manner
from communique.coding.quoted import Assigner, Open, merged, words_inside
from communique.coding.speakers import form_of, voice_of
from communique.coding.speech import find_cues
from communique.language.quotations import Quotation, find_quotations, touching
from communique.language.tree import Sentence
from communique.records import Actor, Quote, Span, Spans

_DOCUMENTS_DO = frozenset({"say", "tell", "claim", "warn", "believe", "expect"})  # a report finds
_BACK = 8  # sentences that are looked back over for who issued "the statement"


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
    speech: str = ""  # what kind of speech or thought the lexicon says the cue is


def code_statements(contexts: Sequence[SentenceContext], text: str) -> list[StatementDraft]:
    """Return the statements of a report in text order; `contexts` are its sentences, in order, cut out of `text`."""
    sentences = [c.sentence for c in contexts]
    quotations = find_quotations(text, sentences)
    gathered = _from_cues(contexts, quotations)
    Assigner(contexts, quotations, gathered).assign()
    bounds = _Bounds(sentences)
    drafts = [_draft(o, sentences, bounds, quotations, text) for o in gathered if any(a < b for a, b in o.content)]
    # "was confident that": verb and adjective are cues of the same words by the same speaker.
    once = {(d.content, d.speaker_spans): d for d in reversed(drafts)}
    return sorted(once.values(), key=lambda d: (d.content[0], d.head))


def _from_cues(contexts: Sequence[SentenceContext], quotations: Sequence[Quotation]) -> list[Open]:
    found = []
    for place, context in enumerate(contexts):
        s = context.sentence
        if not s.parsed:
            continue
        inside = words_inside(s, quotations)
        for cue in find_cues(context, inside):
            nested = _is_nested(s, cue, inside)
            if nested and all(s.words[h].lower() in context.words.first_person for h in cue.speakers):
                continue  # "We hope ...," said X: the words of X already
            before = contexts[max(place - _BACK, 0) : place][::-1]
            speaker = voice_of(context, cue.speakers, speaking=True, before=before)
            aim = bool(cue.content) and s.words[cue.content[0][0]].lower() == "to"
            lifeless = cue.manner == "said" and cue.speech in _DOCUMENTS_DO and not aim
            if not speaker.actors or not (lifeless or _person_or_body(context, cue)):
                continue
            content = [_whole(s.cut(*r), quotations, nested) for r in cue.content]
            if cue.to_paragraph_end:
                content[-1] = (content[-1][0], _paragraph_end(contexts, place))
            words = " ".join(s.words[t] for t in cue.tokens)
            steps = [f"{words!r} matches {cue.pattern!r} of {cue.source}", *speaker.steps]
            addressee = voice_of(context, cue.addressees, speaking=False)
            found.append(Open(context, place, cue, speaker, addressee, merged(content), steps, nested))
    return found


def _person_or_body(context: SentenceContext, cue: Cue) -> bool:
    """Tell whether who holds a view can hold one: a known actor, a name, a pronoun; "the plan requires" holds none."""
    s = context.sentence
    return any(s.pos[h] in ("PROPN", "PRON") or s.tags[h] == "NNS" or context.actors.resolve(h) for h in cue.speakers)


def _is_nested(s: Sentence, cue: Cue, inside: Sequence[int]) -> bool:
    return inside[cue.head] >= 0


def _whole(span: Span, quotations: Sequence[Quotation], nested: bool) -> Span:
    """Take in the whole of each quotation of which the span holds a part; inside a quotation, leave its marks out."""
    start, end = span
    for n in touching(quotations, span):
        q = quotations[n]
        if nested and not q.scare:
            return max(start, q.contents[0][0]), min(end, q.contents[-1][1])
        start, end = min(start, q.span[0]), max(end, q.span[1])
    return start, end


def _paragraph_end(contexts: Sequence[SentenceContext], place: int) -> int:
    end = place
    while end + 1 < len(contexts) and contexts[end + 1].sentence.paragraph == contexts[place].sentence.paragraph:
        end += 1
    return contexts[end].sentence.end


def _draft(
    o: Open, sentences: Sequence[Sentence], bounds: _Bounds, quotations: Sequence[Quotation], text: str
) -> StatementDraft:
    content = tuple(span for span in o.content if span[0] < span[1])
    s = o.context.sentence
    places = {o.place, *(n for c in content for n in range(*bounds.within(c)))}
    touched = tuple(sentences[n].span for n in sorted(places))
    taken = [i for a, b in content for i in range(bisect_right(s.ends, a), bisect_left(s.starts, b))]
    form = form_of(o.context, o.cue, o.speaker, frozenset(taken))
    spans = o.speaker.spans if o.cue.pronoun < 0 else (*o.speaker.spans, s.cut(o.cue.pronoun, o.cue.pronoun))
    return StatementDraft(
        o.context, o.cue.head, o.speaker.actors, spans, o.addressee.actors, o.addressee.spans,
        _quote(content, quotations, text, o.nested), form, content, o.context.spans(o.cue.tokens), touched,
        tuple(o.steps),
        o.cue.pattern, o.cue.source, o.cue.manner, o.cue.speech,
    )  # fmt: skip


class _Bounds:
    """Where the sentences of a report begin and end, to tell which of them a span touches."""

    def __init__(self, sentences: Sequence[Sentence]) -> None:
        self._starts, self._ends = [s.start for s in sentences], [s.end for s in sentences]

    def within(self, span: Span) -> tuple[int, int]:
        """Return the first sentence that the span touches, and the one after the last."""
        return bisect_right(self._ends, span[0]), bisect_left(self._starts, span[1])


def _quote(content: Spans, quotations: Sequence[Quotation], text: str, nested: bool) -> Quote:
    """Return how the words are given: all, some or none of them between quotation marks of their own."""
    marks = [quotations[n].span for n in sorted({n for span in content for n in touching(quotations, span)})]
    if nested:
        marks = [m for m in marks if any(a <= m[0] and m[1] <= b for a, b in content)]
    if not marks:
        return "indirect"
    within = total = 0
    for start, end in content:
        total += sum(map(str.isalnum, text[start:end]))
        within += sum(sum(map(str.isalnum, text[max(a, start) : min(b, end)])) for a, b in marks)
    if not within:
        return "indirect"
    return "direct" if within == total else "mixed"
