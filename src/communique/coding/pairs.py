"""What holds between two given parties of a sentence, by the patterns alone.

The events of the sentence are coded as ever, with the two parties standing for themselves whoever they are; each
reading is then ranked by how closely it ties the one to the other. So a sentence whose tree is broken, or whose
recipient hangs on a word that no frame foresees, still has a best reading, with a lower rank.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

from communique.coding.context import SentenceContext
from communique.coding.drafts import EventDraft, weight
from communique.coding.events import EventCoder
from communique.knowledge.schemes import Deed
from communique.records import Actor, Span

SOURCE, TARGET = "@source", "@target"


class Tie(IntEnum):
    """How closely a reading ties the source to the target, best first."""

    linked = 0  # the source is an actor, the target a recipient, or both do it together
    reaching = 1  # the source is the actor; the target stands in what the deed is about
    suffering = 2  # the target is the recipient, the actor another or nobody
    turned = 3  # the parties the other way round
    between = 4  # the deed stands on the way from the one to the other
    near = 5  # the deed is said in the same sentence


# Set by trial on the development sentences of PLV, to the nearest quarter.
_COST = {Tie.linked: 0.0, Tie.reaching: 1.0, Tie.suffering: 1.5, Tie.turned: 2.5, Tie.between: 3.0, Tie.near: 3.5}
_GOVERNED = 1.0
_DEPTH = 1.25
_SUBORDINATE = frozenset({"relcl", "acl", "advcl"})


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of what holds between the parties, and how closely it ties them."""

    draft: EventDraft
    tie: Tie
    governed: bool
    depth: int
    distance: int

    @property
    def deed(self) -> Deed:
        """What an annotation scheme asks of the reading."""
        d = self.draft
        inner = d.deed or d.predicate
        return Deed(
            d.type, d.mode, d.cameo, d.status, frozenset({d.predicate.cls.operator} - {""}),
            frozenset({d.predicate.cls.id, inner.cls.id}), "future" in (d.predicate.mood.modality, inner.mood.modality),
            d.deed is not None,
        )  # fmt: skip

    @property
    def rank(self) -> tuple[float, ...]:
        return (
            _COST[self.tie] + _GOVERNED * self.governed + _DEPTH * self.depth, self.distance, -weight(self.draft)
        )  # fmt: skip


def given(source: Sequence[Span], target: Sequence[Span], text: str) -> dict[Span, Actor]:
    """Return the two parties by their spans."""
    found = {}
    for code, spans in ((SOURCE, source), (TARGET, target)):
        for span in spans:
            found[span] = Actor(code, text[span[0] : span[1]], text=text[span[0] : span[1]], span=span)
    return found


def readings(
    context: SentenceContext, coder: EventCoder, source: Sequence[Span], target: Sequence[Span]
) -> list[Reading]:
    """Return the readings of the sentence that `coder` codes, best first.

    `context`, the coder's, was made with `given(source, target, text)`.
    """
    free = {id(d) for d in coder.drafts()}
    found = [_reading(context, d, id(d) not in free, source, target) for d in coder.drafts(governed=True) if d.type]
    return sorted(found, key=lambda r: r.rank)


def _reading(
    context: SentenceContext, d: EventDraft, governed: bool, source: Sequence[Span], target: Sequence[Span]
) -> Reading:
    s = context.sentence
    doers = {a.code for a in d.actors.actors}
    others = {a.code for a in d.recipients.actors}
    head = d.predicate.head
    at_source, at_target = list(_words(context, source)), list(_words(context, target))
    if (SOURCE in doers and TARGET in others) or {SOURCE, TARGET} <= doers:
        tie = Tie.linked
    elif SOURCE in doers and any(t in s.subtree(head) for t in at_target):
        tie = Tie.reaching
    elif TARGET in others:
        tie = Tie.suffering
    elif SOURCE in doers:
        tie = Tie.reaching
    elif TARGET in doers or SOURCE in others:
        tie = Tie.turned
    elif at_source and at_target and head in _path(context, at_source[-1], at_target[-1]):
        tie = Tie.between
    else:
        tie = Tie.near
    away = min((abs(head - i) for i in (*at_source, *at_target)), default=0)
    depth = sum(s.deps[h] in _SUBORDINATE for h in (head, *s.ancestors(head)))
    return Reading(d, tie, governed, depth, away)


def _words(context: SentenceContext, spans: Sequence[Span]) -> Iterator[int]:
    s = context.sentence
    for i in range(len(s)):
        if any(start < s.ends[i] and s.starts[i] < end for start, end in spans):
            yield i


def _path(context: SentenceContext, a: int, b: int) -> set[int]:
    """Return the words on the way from `a` to `b` in the tree."""
    s = context.sentence
    up = [a, *s.ancestors(a)]
    down = [b, *s.ancestors(b)]
    common = next((i for i in up if i in down), None)
    if common is None:
        return set(up) | set(down)
    return set(up[: up.index(common) + 1]) | set(down[: down.index(common) + 1])
