"""The learned judge beside the patterns: what it adds where they are silent, and what it decides where they disagree.

It is asked of a sentence only
- where a deed has a doer, and the one it is done to is found by no frame ("open"),
- where as many words fit patterns of different types ("disputed").

Of verbs that no pattern has it is not asked: of the events that it saw there in the news hardly one in ten was right.
Every answer that changes anything is said to be the judge's in the steps of the record.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from communique.coding.context import SentenceContext
from communique.coding.drafts import EventDraft, acceptable, merge
from communique.coding.roles import Filler
from communique.judge import Judge, RelationAnswer
from communique.records import Actor, Considered, Span

# What the judge must be sure of, as probabilities; set on sentences of the news sample (docs/notes/judge.md).
SURE_OF_PARTY = 0.89
SURE_OF_TYPE = 0.97  # of words that fit as well: the order of the lexicon was meant by whoever wrote it
_MOST_ASKED = 1  # questions a sentence: one costs as much as the parse of four
_LONGEST = 38  # words; what a question costs grows with them, and what a long sentence links is seldom two parties
_TYPES = {"YIELD": "CONCEDE"}  # the set that it learned from does not tell CONCEDE from RETREAT


@dataclass(frozen=True, slots=True)
class _Party:
    actors: tuple[Actor, ...]
    heads: tuple[int, ...]


class JudgedEvents:
    """Asks the judge about the events of one sentence."""

    def __init__(self, context: SentenceContext, judge: Judge) -> None:
        self._context = context
        self._judge = judge
        self._asked = 0 if len(context.sentence) <= _LONGEST else _MOST_ASKED

    def events(self, kept: Sequence[EventDraft], all_drafts: Sequence[EventDraft]) -> list[EventDraft]:
        """Return the events of the sentence: `kept` by the patterns, as the judge amends them, and what it adds.

        `all_drafts` are the readings of the patterns, those included of which too little was known.
        """
        found = [self._settled(draft) for draft in kept]
        found += self._completed(kept, all_drafts)
        return merge(found)

    def _settled(self, draft: EventDraft) -> EventDraft:
        """Return the draft with the type that the judge is sure of, where patterns of as many words disagree."""
        rivals = {o.cls.type for o in draft.predicate.others if len(o.chain) == len(draft.predicate.pattern.chain)}
        if draft.deed is not None or not rivals - {draft.type, ""}:
            return draft
        answer = self._ask(draft.actors.actors, draft.recipients.actors)
        if answer is None:
            return draft
        type_, probability = self._best(answer)
        if type_ == draft.type or type_ not in rivals or probability < SURE_OF_TYPE:
            return draft
        lost = Considered(f"{draft.predicate.pattern.text} ({draft.predicate.cls.id})", draft.type, "the judge decided")
        step = self._step(f"of {', '.join(sorted({*rivals, draft.type}))} it is {type_}", probability)
        return replace(
            draft, type=type_, mode="", cameo=self._cameo(type_), steps=(*draft.steps, step),
            considered=(lost, *draft.considered), judged=probability,
        )  # fmt: skip

    def _completed(self, kept: Sequence[EventDraft], all_drafts: Sequence[EventDraft]) -> Iterator[EventDraft]:
        """Yield deeds whose recipient no frame found, with the party that the judge is sure of."""
        have = {d.predicate.head for d in kept if d.recipients}
        for draft in all_drafts:
            p = draft.predicate
            if draft.type == "CONSULT":
                continue  # whom the talks are with, the frames find; what is left is what they are about
            if (
                not any(a.code for a in draft.actors.actors)
                or draft.recipients
                or p.head in have
                or p.kind != "verb"
                or len(draft.actors.actors) > 1
            ):
                continue
            have.add(p.head)
            party = self._other_side(p.head, draft.actors.actors)
            answer = self._ask(draft.actors.actors, party.actors) if party is not None else None
            if party is None or answer is None:
                continue
            type_, probability = self._best(answer)
            if not self._same(type_, draft.type) or probability < SURE_OF_PARTY:
                continue
            filler = Filler(party.actors, party.heads, "judge")
            step = self._step(f"{party.actors[0].text!r} is the other side", probability)
            full = replace(draft, recipients=filler, steps=(*draft.steps, step), judged=probability)
            if acceptable(full):
                yield full

    def _same(self, given: str, type_: str) -> bool:
        return given == type_ or {given, type_} <= {"CONCEDE", "RETREAT"}

    def _other_side(self, head: int, than: Sequence[Actor]) -> _Party | None:
        """Return the first known party after `head` within its clause that belongs to another body than `than`."""
        s, codes = self._context.sentence, {a.code for a in than}
        for i in range(head + 1, s.rights[head] + 1):
            if s.pos[i] == "PRON" or s.lemmas[s.heads[i]].lower() in self._context.words.locative:
                continue
            left = tuple(a for a in self._context.actors.at(i).actors if a.code and a.text and a.code not in codes)
            if left:
                return _Party(left, (i,))
        return None

    def _ask(self, source: Sequence[Actor], target: Sequence[Actor]) -> RelationAnswer | None:
        """Return the judge's answer, None where enough was asked or a party has no words in the sentence."""
        s = self._context.sentence
        sides = [self._spans(side) for side in (source, target)]
        if self._asked >= _MOST_ASKED or not all(sides):
            return None
        self._asked += 1
        return self._judge.relation(self._context.cut(s.span), *sides)

    def _spans(self, side: Sequence[Actor]) -> tuple[Span, ...]:
        """Return where a party stands in the sentence, counted from its beginning."""
        start, end = self._context.sentence.span
        spans = sorted({a.span for a in side if a.text})
        return tuple((a - start, b - start) for a, b in spans if start <= a < b <= end)

    def _best(self, answer: RelationAnswer) -> tuple[str, float]:
        """Return the type that the judge finds likeliest, and how likely it is that this holds at all."""
        label = answer.label
        return _TYPES.get(label, label), answer.probabilities[label] * (1.0 - answer.none)

    def _cameo(self, type_: str) -> str:
        return self._context.knowledge.codebook.default_cameo(type_, "")

    def _step(self, what: str, probability: float) -> str:
        return f"the learned judge ({self._judge.version}): {what} (probability {probability:.2f})"
