"""Attribution without a verb of the lexicon: "according to X", "in X's view", "as X put it", "X: ...", and by place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from communique.coding.context import SentenceContext
from communique.coding.cues import Cue
from communique.coding.spoken import clause_around, clip, kind_of
from communique.language.tree import Sentence
from communique.records import Span

_GRAMMAR = "the grammar of attribution"


def phrases(context: SentenceContext, quoted: Sequence[int]) -> Iterator[Cue]:
    """ "According to X", "in X's view", "as X put it"."""
    s, nouns = context.sentence, context.words.viewpoint_nouns
    for i, (word, relation) in enumerate(zip(context.clauses.low_words, s.deps, strict=True)):
        if word == "according":
            to = s.kid(i, "prep")
            whom = s.kid(to, "pobj", "pcomp") if to is not None else None
            if to is not None and whom is not None:
                yield _framing(context, i, (i, to), whom, (s.lefts[i], s.rights[i]), quoted, "according to")
        elif relation == "advcl" and (thing := s.kid(i, "dobj")) is not None and s.words[thing].lower() == "it":
            mark, subject = s.kid(i, "mark"), s.kid(i, "nsubj")
            if mark is not None and subject is not None and s.words[mark].lower() == "as":
                pattern = f"as X {s.words[i]} it"
                yield _framing(context, i, (mark, i, thing), subject, (s.lefts[i], s.rights[i]), quoted, pattern)
        elif relation == "pobj" and s.lemmas[i] in nouns:
            p, whose = s.heads[i], _whose(s, i)
            if whose is not None and s.lemmas[p] in ("in", "by", "to") and s.pos[s.heads[p]] in ("VERB", "AUX"):
                pattern = f"{s.lemmas[p]} X's {s.lemmas[i]}"
                yield _framing(context, p, (p, i), whose, (s.lefts[p], s.rights[p]), quoted, pattern)


def _whose(s: Sentence, i: int) -> int | None:
    """Return the possessor of noun `i`, or what stands after its "of"."""
    of = next((c for c in s.kids(i, "prep") if s.lemmas[c] == "of"), None)
    possessor = s.kid(i, "poss")
    return possessor if possessor is not None or of is None else s.kid(of, "pobj")


def _framing(
    context: SentenceContext, head: int, tokens: tuple[int, ...], whom: int, phrase: tuple[int, int],
    quoted: Sequence[int], pattern: str,
) -> Cue:  # fmt: skip
    content = clip(context.sentence, head, clause_around(context, head, phrase), quoted)
    return Cue(head, tokens, (whom,), (), content, "said", False, "say", "", pattern, _GRAMMAR)


_PREFIX = 9  # words before the colon, at most
_NAME = 3  # ... of a speaker whom no list knows


def colon(context: SentenceContext, quoted: Sequence[int]) -> Cue | None:
    """ "Putin: NATO must withdraw", "WALLACE: Let us start.": a name, a colon, and what it says."""
    s = context.sentence
    at = next((i for i in range(min(len(s), _PREFIX + 1)) if s.words[i] == ":" and quoted[i] < 0), None)
    if not at or at + 1 >= len(s):
        return None
    if any(s.pos[i] in ("VERB", "AUX") and s.tags[i] not in ("VBG", "VBN") for i in range(at)):
        return None
    head = next((i for i in range(at - 1, -1, -1) if s.pos[i] in ("PROPN", "NOUN") and not at > s.heads[i] > i), None)
    if head is None:
        return None
    known = context.actors.resolve(head)
    shouted = all(s.words[i].isupper() or not s.words[i].isalpha() for i in range(at))
    if shouted and any(a.code and not a.person for a in known):
        return None  # a dateline
    # A tagger takes a name at the head of a line for a plural noun.
    name = at <= _NAME and all(s.words[i][0].isupper() or s.pos[i] == "PUNCT" for i in range(at))
    voice = at <= _NAME and s.lemmas[head].lower() in context.words.voice_nouns
    if not (any(a.code or a.person for a in known) or name or voice):
        return None
    if quoted[at + 1] < 0 and not any(s.pos[i] in ("VERB", "AUX") for i in range(at + 1, len(s))):
        return None
    content = ((at + 1, len(s) - 1),)
    return Cue(
        at, (at,), (head,), (), content, "said", True, "say", "", "X: ...", _GRAMMAR, shouted
    )  # fmt: skip


def verb_beside(context: SentenceContext, span: Span, quoted: Sequence[int]) -> tuple[int, tuple[int, ...]] | None:
    """Return the verb that introduces or takes up the quotation at `span`, with its subject: '"...," he boomed.'"""
    s = context.sentence
    verbs = (i for i in range(len(s)) if kind_of(s, i) == "verb" and s.deps[i] not in ("aux", "auxpass"))
    outside = [i for i in verbs if quoted[i] < 0]
    after = next((i for i in outside if s.starts[i] >= span[1]), None)
    if after is not None and context.text[span[0] : span[1]].rstrip("\"”’'»").endswith((",", "?", "!", "…", "...")):
        near = tuple(h for h in _outer_subject(context, after, quoted) if s.starts[h] >= span[1])
        near = near or _between(s, span[1], after)
        if near and (s.start < span[1] or not s.kids(after, "dobj", "ccomp", "xcomp")):
            return after, near
    before = next((i for i in reversed(outside) if s.ends[i] <= span[0]), None)
    if before is not None and context.text[: span[0]].rstrip().endswith((":", ",")):
        near = _outer_subject(context, before, quoted)
        if near:
            return before, near
    return None


def _outer_subject(context: SentenceContext, i: int, quoted: Sequence[int]) -> tuple[int, ...]:
    s = context.sentence
    own = tuple(c for c in s.kids(i, "nsubj") if quoted[c] < 0)
    if not own and s.kid(i, "nsubj") is None:
        own = tuple(c for c in s.kids(i, "dobj") if c > i and i > 0 and quoted[i - 1] >= 0)  # "Why?" asked the premier
    return own or tuple(h for h in context.clauses.subject(i) if quoted[h] < 0)


def _between(s: Sentence, start: int, verb: int) -> tuple[int, ...]:
    """Return the name or noun after the offset `start`, before the verb: the parser may tie it to the quotation."""
    first = next((i for i in range(verb) if s.starts[i] >= start and s.pos[i] in ("PROPN", "NOUN", "PRON")), None)
    if first is None:
        return ()
    while first + 1 < verb and s.pos[first + 1] in ("PROPN", "NOUN") and s.pos[first] != "PRON":
        first += 1
    return (first,)
