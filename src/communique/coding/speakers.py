"""Who speaks and to whom: noun phrases around a cue -> actors; and the form in which it was said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from communique.actors.mentions import coordinated, core, proper_name
from communique.coding.context import SentenceContext
from communique.coding.speech import Cue
from communique.records import Actor, Span, Spans

_NOMINAL = ("NOUN", "PROPN", "PRON", "NUM", "ADJ", "DET")


@dataclass(frozen=True, slots=True)
class Voice:
    """Actors with the spans that name them, the words in full, and how they were found."""

    actors: tuple[Actor, ...] = ()
    spans: Spans = ()
    text: str = ""
    steps: tuple[str, ...] = ()


def voice_of(context: SentenceContext, heads: Sequence[int], *, speaking: bool) -> Voice:
    """Return the actors at the noun phrases `heads`.

    Whoever speaks is an actor: one that no list knows has an empty code and the words of the noun phrase. Of those
    spoken to only known actors count.
    """
    actors: dict[tuple[str, str, str, str], Actor] = {}
    spans: list[Span] = []
    steps = []
    for head in heads:
        if context.sentence.pos[head] not in _NOMINAL or context.sentence.lemmas[head].lower() in context.words.nobody:
            continue
        found = context.actors.resolve(head)
        if not found and speaking:
            found = (_unknown(context, head),)
        if found:
            spans.append(_phrase(context, head))
            reason = context.actors.reason(head)
            steps.append(f"{'speaker' if speaking else 'spoken to'}: {reason or repr(found[0].text)}")
        for actor in found:
            actors.setdefault((actor.code, actor.person, actor.sector, "" if actor.code else actor.text), actor)
    text = " and ".join(context.cut(span) for span in spans)
    return Voice(tuple(actors.values()), tuple(spans), text, tuple(steps))


def _phrase(context: SentenceContext, head: int) -> Span:
    s = context.sentence
    joined = list(coordinated(s, head))
    first = min(core(s, h)[0] for h in joined)
    if s.pos[head] == "PROPN":
        first = min(first, proper_name(s, head)[0])
    return s.cut(first, max(joined))


def _unknown(context: SentenceContext, head: int) -> Actor:
    s = context.sentence
    person = s.pos[head] == "PROPN" or s.words[head].lower() in ("he", "she", "i")
    first, last = core(s, head)
    if s.pos[head] == "PROPN":
        first = min(first, proper_name(s, head)[0])
    span = s.cut(first, last)
    return Actor("", "", "person" if person else "role", text=context.cut(span), span=span)


def form_of(context: SentenceContext, cue: Cue, taken: frozenset[int]) -> str:
    """Return the form of a statement: by the words of its sentence that are not said in it ("in a call"), else its class."""
    s = context.sentence
    forms = context.words.speech_forms
    for length in (3, 2, 1):
        for i in _near(context, cue, taken, length):
            words = [w for k in range(i, i + length) for w in [s.lemmas[k] if s.pos[k] == "PROPN" else s.lemmas[k].lower()]]
            found = forms.get(" ".join(words))
            if found and s.pos[i + length - 1] in ("NOUN", "PROPN"):
                return found
    return cue.form


def _near(context: SentenceContext, cue: Cue, taken: frozenset[int], length: int) -> Iterator[int]:
    """Yield the places in the cue's own clause where a phrase of `length` words may start."""
    s = context.sentence
    clause = range(s.lefts[cue.head], s.rights[cue.head] + 1) if cue.tokens else range(0)
    for i in clause:
        if i + length <= len(s) and not taken & set(range(i, i + length)):
            yield i
