"""Which words of a sentence a cue of speech covers, as ranges of words."""

from __future__ import annotations

from collections.abc import Sequence

from communique.coding.context import SentenceContext
from communique.coding.cues import Manner, Ranges
from communique.knowledge.patterns import Pattern
from communique.language.clauses import Kind
from communique.language.tree import Sentence

_KINDS: dict[str, Kind] = {"VERB": "verb", "AUX": "verb", "NOUN": "noun", "PROPN": "noun", "ADJ": "adjective"}
# Deeds that are done with words, and operators by which one takes a stand towards what they govern.
_VERBAL_TYPES = frozenset({"ACCUSE", "REQUEST", "REJECT", "THREATEN"})
_VERBAL_OPERATORS = frozenset({
    "promise", "threaten", "warn", "demand", "urge", "offer", "refuse", "deny", "accuse", "condemn", "praise", "plan",
    "intend", "hope", "fear", "expect", "agree", "report",
})  # fmt: skip
_PUNCTUATION = frozenset(",;:.!?-–—―()[]…") | {"--", "..."}
_CLAUSAL = frozenset({"ROOT", "ccomp", "conj", "advcl", "relcl", "parataxis"})
_OBJECT_TAIL = frozenset({"xcomp", "oprd", "prep", "acomp", "ccomp", "dobj", "dative", "prt", "attr", "acl", "agent"})


def kind_of(s: Sentence, i: int) -> Kind | None:
    """Return the kind of predicate that word `i` may be; a "noun" with a subject is a verb that the tagger missed."""
    kind = _KINDS.get(s.pos[i])
    return "verb" if kind == "noun" and s.deps[i] in _CLAUSAL and s.kid(i, "nsubj") is not None else kind


def speech_pattern(context: SentenceContext, i: int, kind: Kind) -> tuple[Pattern, tuple[int, ...], Manner] | None:
    """Return the pattern of speech at word `i` with the words that it takes, longest first."""
    p = context.predicates.get(i)
    if p is not None:
        hoped = next((o for o in p.others if o.cls.speech == "hope" and len(o.chain) == len(p.pattern.chain)), None)
        if p.cls.speech == "intend" and hoped is not None:
            return hoped, p.tokens, "said"  # "hopes to": an intention as a deed, a hope as a word
        if p.cls.speech:
            return p.pattern, p.tokens, "said"
        other = next((o for o in p.others if o.cls.speech), None)
        if other is not None:
            return other, (i,) if len(other.chain) == 1 else p.tokens, "said"
        if p.cls.type in _VERBAL_TYPES or p.cls.operator in _VERBAL_OPERATORS:
            return p.pattern, p.tokens, "held"
    spoken = context.knowledge.lexicon.headed(kind, context.sentence.lemmas[i].lower()).speech
    plain = next((o for o in spoken if _complements(context, i, o.chain[1:])), None)
    return (plain, (i,), "said") if plain is not None else None


def _complements(context: SentenceContext, i: int, chain: Sequence[frozenset[str]]) -> bool:
    """Tell whether all that a pattern wants beyond its head is the word that opens a clause: "confident that"."""
    if not chain:
        return True
    s, marks = context.sentence, context.words.clause_openers
    openers = {s.words[c].lower() for clause in s.kids(i, "ccomp", "acl", "xcomp") for c in s.children[clause]}
    return len(chain) == 1 and not marks.isdisjoint(chain[0]) and not chain[0].isdisjoint(openers)


def trim(s: Sentence, ranges: Ranges) -> Ranges:
    """Cut punctuation off both ends of each range (quotation marks stay) and drop what is left empty."""
    kept = []
    for first, last in ranges:
        while first <= last and s.words[first] in _PUNCTUATION:
            first += 1
        while last >= first and s.words[last] in _PUNCTUATION:
            last -= 1
        if first <= last:
            kept.append((first, last))
    return tuple(kept)


def clip(s: Sentence, head: int, ranges: Ranges, quoted: Sequence[int]) -> Ranges:
    """Keep what a cue inside a quotation says inside that quotation."""
    if not 0 <= head < len(s) or quoted[head] < 0:
        return ranges
    inside = [i for first, last in ranges for i in range(first, last + 1) if quoted[i] == quoted[head]]
    return trim(s, _joined(inside))


def _joined(words: Sequence[int]) -> Ranges:
    ranges: list[tuple[int, int]] = []
    for i in words:
        if ranges and ranges[-1][1] == i - 1:
            ranges[-1] = (ranges[-1][0], i)
        else:
            ranges.append((i, i))
    return tuple(ranges)


def right_edge(context: SentenceContext, cue: int, clause: int) -> int:
    """Return the last word of a content clause.

    What the parser hangs on the clause but the narrator says is left out: a participle of speech after a comma
    ("said it would go, adding ..."), a further clause of speech with its own subject (", and B said ...").
    """
    s = context.sentence
    last = without_verdict(context, clause, s.rights[clause])
    for j in range(clause + 1, last + 1):
        if j <= cue or s.pos[j] not in ("VERB", "AUX"):
            continue
        start = s.lefts[j]
        comma = start > 0 and (s.words[start] == "," or s.words[start - 1] == "," or s.words[max(start - 2, 0)] == ",")
        if not comma or start <= clause:
            continue
        participle = s.deps[j] == "advcl" and s.tags[j] == "VBG" and s.kid(j, "nsubj", "mark") is None
        clause_of_speech = s.deps[j] == "conj" and s.kid(j, "nsubj") is not None and s.kid(j, "ccomp") is not None
        if (participle or clause_of_speech) and (found := speech_pattern(context, j, "verb")) and found[2] == "said":
            end = start - 1
            while end > clause and (s.words[end] in _PUNCTUATION or s.pos[end] == "CCONJ"):
                end -= 1
            return end
    goes_on = s.heads[cue] == cue and last + 1 < len(s) and s.words[last + 1] in (":", ";")
    return len(s) - 1 if goes_on and not _speaks_again(context, last + 1) else last


def without_verdict(context: SentenceContext, first: int, last: int) -> int:
    """Leave out what the narrator says of the words at the end: ", a statement that marked a shift"."""
    s = context.sentence
    nouns = context.words.voice_nouns | context.words.hint_nouns
    for j in range(first + 2, last + 1):
        start = s.lefts[j]
        if s.lemmas[j].lower() not in nouns or s.words[start].lower() not in ("a", "an") or s.rights[j] != last:
            continue
        before = [s.words[k] for k in range(max(start - 2, first + 1), start)]
        if s.heads[j] < start and before and (before[-1] == "," or (before[0] == "," and not before[-1][0].isalnum())):
            return start - 1 if before[-1] != "," else start - 2
    return last


def _speaks_again(context: SentenceContext, start: int) -> bool:
    """Tell whether someone else takes the word after word `start`."""
    s = context.sentence
    verbs = (j for j in range(start, len(s)) if s.pos[j] == "VERB" and s.kid(j, "nsubj") is not None)
    return any((found := speech_pattern(context, j, "verb")) is not None and found[2] == "said" for j in verbs)


def before_cue(context: SentenceContext, i: int) -> Ranges:
    """Return what stands around a verb of speech in the sentence it comments on: "..., X said", "..., X said, ...".

    Empty where verb `i` has no such place: the parser marks it by `ccomp` before the verb or by `parataxis`.
    """
    s = context.sentence
    subject = s.kid(i, "nsubj", "nsubjpass", "csubj")
    early = [c for c in s.kids(i, "ccomp", "parataxis", "dep") if c < i and (subject is None or c != subject)]
    if early and ";" in s.words[early[0] : i]:
        return ()  # two sentences in one: "we had worried; they were targeting us"
    if early and s.deps[early[0]] == "ccomp":
        own = (c for c in s.kids(i, "nsubj", "aux", "advmod", "neg") if early[0] < c < i)
        return trim(s, ((s.lefts[i], min([i, *(s.lefts[c] for c in own)]) - 1),))
    mark = s.kid(i, "mark")
    as_clause = s.deps[i] == "advcl" and mark is not None and s.words[mark].lower() == "as"
    parenthetical = s.deps[i] == "parataxis" or (as_clause and s.kid(i, "dobj", "ccomp") is None)
    if parenthetical and subject is not None:
        return clause_around(context, i, (s.lefts[i], s.rights[i]))
    if subject is not None and _set_off(s, i, subject):
        governor = s.heads[i] if s.deps[i] in ("ccomp", "advcl", "dep", "conj", "relcl") else i
        first = s.lefts[governor] if governor != i else 0
        start = min(s.lefts[subject], i)
        return trim(s, ((first, start - 1),)) if first < start - 1 else ()
    return ()


def _set_off(s: Sentence, i: int, subject: int) -> bool:
    """A comma, then subject and verb, then a comma or the end: set off, whatever the parser made of it."""
    start = min(s.lefts[subject], i)
    if start < 2 or s.words[start - 1] != "," or s.kid(i, "ccomp", "xcomp", "dobj") is not None:
        return False
    return s.rights[i] + 1 >= len(s) or s.words[min(i + 1, len(s) - 1)] in (".", ",", ";")


def clause_around(context: SentenceContext, head: int, phrase: tuple[int, int]) -> Ranges:
    """Return the clause that an inserted phrase comments on, without it; the sentence if it stands at its edge."""
    s = context.sentence
    first, last = phrase
    governor = s.heads[head]
    if governor == head:  # the parser made the phrase the sentence: what follows its comma is the clause
        comma = next((k for k in range(head, len(s)) if s.words[k] == ","), len(s) - 1)
        return trim(s, ((comma + 1, len(s) - 1),))
    while s.pos[governor] not in ("VERB", "AUX") and s.heads[governor] != governor:
        governor = s.heads[governor]
    outer = (s.lefts[governor], s.rights[governor])
    edge = any(all(not s.words[k].isalnum() for k in side) for side in (range(first), range(last + 1, len(s))))
    if edge and s.deps[governor] in ("ROOT", "ccomp", "conj", "parataxis"):
        root = governor
        while s.deps[root] in ("conj", "parataxis") and s.heads[root] != root and s.deps[s.heads[root]] != "ccomp":
            root = s.heads[root]
        outer = (s.lefts[root], s.rights[root])
    sides = ((outer[0], min(first - 1, outer[1])), (max(last + 1, outer[0]), outer[1]))
    return trim(s, tuple(r for r in sides if r[0] <= r[1]))


def from_object(context: SentenceContext, i: int, head: int) -> Ranges:
    """Return the object and the complements after it: "[the United States for sending arms]"."""
    s = context.sentence
    end = s.rights[head]
    if s.heads[head] != i and s.heads[s.heads[head]] == i:
        end = max(end, s.rights[s.heads[head]])
    for c in s.children[i]:
        if c > head and s.deps[c] in _OBJECT_TAIL and s.lefts[c] <= end + 2:
            end = max(end, s.rights[c])
    return ((s.lefts[head], without_verdict(context, s.lefts[head], end)),)
