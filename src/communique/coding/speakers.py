"""Who speaks and to whom: noun phrases around a cue -> actors; and the form in which it was said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from communique.actors.mentions import coordinated, core, proper_name
from communique.coding.context import SentenceContext
from communique.coding.cues import Cue
from communique.records import Actor, Span, Spans

_MEMORY = 6  # sentences back in which a document may have been named
_NOMINAL = ("NOUN", "PROPN", "PRON", "NUM", "ADJ", "DET")


@dataclass(frozen=True, slots=True)
class Voice:
    """Actors with the spans that name them, the words in full, how they were found, and the document they speak by."""

    actors: tuple[Actor, ...] = ()
    spans: Spans = ()
    text: str = ""
    steps: tuple[str, ...] = ()
    form: str = ""


def voice_of(
    context: SentenceContext, heads: Sequence[int], *, speaking: bool, before: Sequence[SentenceContext] = ()
) -> Voice:
    """Return the actors at the noun phrases `heads`; `before` are the sentences so far, the last one first.

    Whoever speaks is an actor: one that no list knows has an empty code and the words of the noun phrase. Of those
    spoken to only known actors count. "The statement" speaks for those who issued the one named last.
    """
    actors: dict[tuple[str, str, str, str], Actor] = {}
    spans: list[Span] = []
    steps = []
    form = ""
    for head in heads:
        if context.sentence.pos[head] not in _NOMINAL or context.sentence.lemmas[head].lower() in context.words.nobody:
            continue
        found = _without_denied(context, head, context.actors.resolve(head))
        if speaking and context.sentence.words[head].lower() == "it":
            issued, its_form = _issued_before(before)
            found, form = (_named_by(context, head, issued), its_form) if issued else (found, form)
        if not found and speaking:
            found, form = _authors(context, head, before)
            found = found or (_unknown(context, head),)
        if found:
            spans.append(_phrase(context, head))
            reason = context.actors.reason(head)
            steps.append(f"{'speaker' if speaking else 'spoken to'}: {reason or repr(found[0].text)}")
        for actor in found:
            actors.setdefault((actor.code, actor.person, actor.sector, "" if actor.code else actor.text), actor)
    text = " and ".join(context.cut(span) for span in spans)
    return Voice(tuple(actors.values()), tuple(spans), text, tuple(steps), form)


def _without_denied(context: SentenceContext, head: int, found: tuple[Actor, ...]) -> tuple[Actor, ...]:
    """ "A, but not B, said": B is none of the speakers."""
    s = context.sentence
    denied = [c for c in s.kids(head, "conj") if any(s.words[k].lower() == "not" for k in s.kids(c, "neg"))]
    out = {(a.code, a.person) for c in denied for a in context.actors.at(c).actors}
    return tuple(a for a in found if (a.code, a.person) not in out)


def _issued_before(before: Sequence[SentenceContext]) -> tuple[tuple[Actor, ...], str]:
    """ "A and B issued a joint statement. IT said ...": who issued the document that the sentence before ends on."""
    for earlier in before[:1]:
        t = earlier.sentence
        for i in reversed(range(len(t))):
            if (
                t.deps[i] == "dobj"
                and t.heads[t.heads[i]] == t.heads[i]
                and _form_at(earlier, range(t.lefts[i], i + 1))
            ):
                issuers = tuple(a for a in _issuers(earlier, i) if a.code or a.person)
                return issuers, _form_at(earlier, range(t.lefts[i], i + 1))
    return (), ""


def _named_by(context: SentenceContext, head: int, actors: Sequence[Actor]) -> tuple[Actor, ...]:
    span = context.sentence.cut(head, head)
    return tuple(replace(a, text=context.cut(span), span=span) for a in actors)


def _phrase(context: SentenceContext, head: int) -> Span:
    s = context.sentence
    joined = coordinated(s, head)
    first = min(core(s, h)[0] for h in joined)
    if s.pos[head] == "PROPN":
        first = min(first, proper_name(s, head)[0])
    return s.cut(first, max(joined))


def _authors(context: SentenceContext, head: int, before: Sequence[SentenceContext]) -> tuple[tuple[Actor, ...], str]:
    """Return who issued the document at `head`, and its form, where it was named with its authors shortly before."""
    s = context.sentence
    lemma = s.lemmas[head].lower()
    if lemma in context.words.speech_forms:  # "a tweet by A said"
        by = [o for c in s.kids(head, "prep") if s.lemmas[c] == "by" for o in s.kids(c, "pobj")]
        if known := tuple(a for o in by for a in context.actors.resolve(o) if a.code or a.person):
            return known, _form_at(context, range(s.lefts[head], head + 1))
    known_before = any(s.words[c].lower() in context.words.pointing for c in s.kids(head, "det"))
    if lemma not in context.words.voice_nouns or not known_before:
        return (), ""
    span = s.cut(*core(s, head))
    for earlier in (context, *before[:_MEMORY]):
        t = earlier.sentence
        for i in reversed(range(len(t) if earlier is not context else head)):
            if t.lemmas[i].lower() == lemma and t.pos[i] == "NOUN":
                found = earlier.actors.at(i).actors or earlier.actors.holders_of(i) or _issuers(earlier, i)
                known = tuple(replace(a, text=context.cut(span), span=span) for a in found if a.code or a.person)
                if known:
                    first, last = core(t, i)
                    return known, _form_at(earlier, range(first, last + 1))
    return (), ""


def _issuers(context: SentenceContext, i: int) -> tuple[Actor, ...]:
    """ "A and B issued a statement", "in a statement, A said"."""
    s = context.sentence
    if s.deps[i] not in ("dobj", "pobj", "nsubjpass"):
        return ()
    verb = next((h for h in s.ancestors(i) if s.pos[h] == "VERB"), None)
    if verb is None:
        return ()
    heads = [a.head for a in context.clauses.arguments(verb, "verb") if a.slot == "subject"]
    return tuple(a for h in heads for a in context.actors.resolve(h))


def _unknown(context: SentenceContext, head: int) -> Actor:
    s = context.sentence
    person = s.pos[head] == "PROPN" or s.words[head].lower() in ("he", "she", "i")
    first, last = core(s, head)
    if s.pos[head] == "PROPN":
        first = min(first, proper_name(s, head)[0])
    span = s.cut(first, last)
    return Actor("", "", "person" if person else "role", text=context.cut(span), span=span)


def form_of(context: SentenceContext, cue: Cue, speaker: Voice, taken: frozenset[int]) -> str:
    """Return the form of a statement: by words of its clause that are not said in it ("in a call"), else its class."""
    s = context.sentence
    clause = range(s.lefts[cue.head], s.rights[cue.head] + 1) if cue.tokens else range(0)
    form = _form_at(context, [i for i in clause if i not in taken]) or speaker.form or cue.form
    return form if form in context.words.speech_forms.values() else ""


def _form_at(context: SentenceContext, places: Sequence[int]) -> str:
    """Return the form that the longest known phrase within these words stands for; the phrase ends in a noun."""
    s = context.sentence
    there = set(places)
    nouns = [i for i in places if s.pos[i] in ("NOUN", "PROPN")]
    for length in (3, 2, 1):
        for last in nouns:
            phrase = range(last - length + 1, last + 1)
            if not there.issuperset(phrase):
                continue
            words = " ".join(s.lemmas[k] if s.pos[k] == "PROPN" else s.lemmas[k].lower() for k in phrase)
            if found := context.words.speech_forms.get(words):
                return found
    return ""
