"""What the words of a sentence may amount to, before it is parsed: compiled from the patterns of the lexicon.

A pattern can hold only where a word for each of its parts stands in the sentence. That is asked of a set of words, in
any order, so it lets through more than the patterns will find, never less.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass

from communique.knowledge.codebook import Codebook
from communique.knowledge.lexicon import Lexicon
from communique.knowledge.patterns import Pattern

DEED, DEED_TO, STANCE, SPOKEN, OPERATOR = 1, 2, 4, 8, 16
"""What a cue tells of: an event, one that needs another side, a position, words of somebody's, something that acts on
another deed."""
VERB, NOUN, ADJECTIVE, SAID_OF = 1, 2, 4, 8
"""As what part of speech the first word of a cue counts; SAID_OF: a verb whose object speaks ("was quoted as saying").
"""
ANY = VERB | NOUN | ADJECTIVE | SAID_OF
ANY_DEED = DEED | DEED_TO
SPEECH = frozenset({"say", "tell", "ask", "claim", "warn", "promise", "demand", "believe", "expect", "hope"})
"""The kinds of speech of the lexicon that make a statement of what is not quoted too: it is said, not only meant."""
_KINDS = {"verb": VERB, "noun": NOUN, "adjective": ADJECTIVE}


Fits = Callable[[tuple[frozenset[str], ...]], bool]


@dataclass(frozen=True, slots=True)
class Cue:
    """What patterns with one head ask for beside it, and what they tell of."""

    rest: tuple[frozenset[str], ...]
    kind: int
    tells: int


@dataclass(frozen=True, slots=True)
class Cues:
    """All cues by the lemma of their head: those of one word as (kind, what it tells of), and others by second word."""

    single: Mapping[str, tuple[tuple[int, int], ...]]
    longer: Mapping[str, Mapping[str, tuple[Cue, ...]]]
    heads: frozenset[str]

    def told(self, heads: Iterable[tuple[str, int]], words: Set[str], fits: Fits = lambda parts: True) -> int:
        """Return all that `heads`, lemmas with their parts of speech, may tell of in a sentence of these `words`.

        `fits` may look closer at the words that a pattern asks for beside its head.
        """
        found = 0
        for head, kinds in heads:
            for kind, tells in self.single.get(head, ()):
                if kind & kinds:
                    found |= tells
            seconds = self.longer.get(head)
            if seconds is not None:
                for word in seconds.keys() & words:
                    for cue in seconds[word]:
                        if not (cue.kind & kinds and cue.tells & ~found) or any(map(words.isdisjoint, cue.rest)):
                            continue
                        if fits((frozenset((word,)), *cue.rest)):
                            found |= cue.tells
        return found


def compile_cues(lexicon: Lexicon, codebook: Codebook) -> Cues:
    """Return the cues of a lexicon; the codebook says which of its types need another side."""
    single: dict[str, dict[int, int]] = {}
    longer: dict[str, dict[str, dict[tuple[frozenset[str], ...], dict[int, int]]]] = {}
    for pattern in lexicon:
        tells, kind = _tells(pattern, codebook), _kind(pattern)
        first, *rest = pattern.chain
        for head in first if tells else ():
            if not rest:
                known = single.setdefault(head, {})
                known[kind] = known.get(kind, 0) | tells
            for second in rest[0] if rest else ():
                beside = longer.setdefault(head, {}).setdefault(second, {}).setdefault(tuple(rest[1:]), {})
                beside[kind] = beside.get(kind, 0) | tells
    return Cues(
        {head: tuple(known.items()) for head, known in single.items()},
        {
            head: {
                second: tuple(Cue(rest, kind, tells) for rest, kinds in cues.items() for kind, tells in kinds.items())
                for second, cues in seconds.items()
            }
            for head, seconds in longer.items()
        },
        frozenset((*single, *longer)),
    )


def _tells(pattern: Pattern, codebook: Codebook) -> int:
    c = pattern.cls
    known = codebook.types.get(c.type)
    found = STANCE if c.stance or c.speech == "demand" else 0
    if c.type:
        two = "recipient" in c.needs or (known is not None and known.requires_recipient)
        found |= DEED_TO if two and not c.reciprocal else DEED
    found |= SPOKEN if c.speech in SPEECH else 0
    return found | (OPERATOR if c.operator else 0)


def _kind(pattern: Pattern) -> int:
    of_object = pattern.kind == "verb" and pattern.cls.speech and pattern.cls.actor[:1] == ("object",)
    return SAID_OF if of_object else _KINDS[pattern.kind]
