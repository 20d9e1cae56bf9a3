"""What words of a report were taken for, for people who ask why: as actor by one stage, as place by another."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from communique.actors.base import NOBODY
from communique.actors.resolve import SentenceActors
from communique.grounding.places import Located
from communique.records import Considered, Meaning, Span


def meanings_of(
    text: str, words: str, actors: Sequence[SentenceActors], located: Iterable[Located]
) -> list[Meaning]:  # fmt: skip
    """Return a meaning for each place of `text` where `words` stand, in any case, in text order.

    `actors` are those of the sentences, `located` the places that were found in them.
    """
    places = list(located)
    wanted = r"\s+".join(map(re.escape, words.split()))
    pattern = re.compile(rf"(?<!\w){wanted}(?!\w)", re.IGNORECASE)
    return [
        _meaning(text, span, sentence, next((p for p in places if _overlap(p.place.span, span)), None))
        for sentence in actors
        for span in _spans(pattern, text, sentence)
    ]


def _spans(pattern: re.Pattern[str], text: str, sentence: SentenceActors) -> Iterator[Span]:
    start, end = sentence.sentence.span
    yield from (m.span() for m in pattern.finditer(text, start, end))


def _meaning(text: str, span: Span, actors: SentenceActors, located: Located | None) -> Meaning:
    s = actors.sentence
    inside = [i for i in range(len(s)) if _overlap((s.starts[i], s.ends[i]), span)]
    # The words themselves, else the phrase that they are a part of: "Lavrov" in "Foreign Minister Lavrov".
    around = dict.fromkeys((*reversed(inside), *(h for i in inside for h in s.ancestors(i))))
    head = next(
        (i for i in around if any(_overlap(a.span, span) for a in actors.at(i).actors)),
        next((i for i in inside if actors.at(i).reason), None),
    )
    found = (
        actors.at(head)
        if head is not None
        else next((x for i in inside if (x := actors.named_beside(i)).actors), NOBODY)
    )
    return Meaning(
        text[span[0] : span[1]], span, s.span, actors=found.actors, reason=found.reason, considered=found.lost,
        place=located.place if located else None, place_reason=located.reason if located else "",
        place_considered=_lost(located) if located else (),
    )  # fmt: skip


def _lost(located: Located) -> tuple[Considered, ...]:
    return tuple(Considered(x.site.label, f"{x.site.kind} ({x.site.where})", x.reason) for x in located.lost)


def _overlap(a: Span, b: Span) -> bool:
    return a[0] < b[1] and b[0] < a[1]
