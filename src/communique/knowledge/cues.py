"""What the words of a sentence may amount to, before it is parsed: compiled from the patterns of the lexicon.

A pattern can hold only where a word for each of its parts stands in the sentence. That is asked of a set of words, in
any order, so it lets through more than the patterns will find, never less.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass

from communique.knowledge.lexicon import Lexicon
from communique.knowledge.patterns import Pattern

DEED, STANCE, SPOKEN, OPERATOR = 1, 2, 4, 8
"""What a cue tells of: an event, a position, words of somebody's, something that acts on another deed."""
VERB, NOUN, ADJECTIVE = 1, 2, 4
"""As what part of speech the first word of a cue counts."""
ANY = VERB | NOUN | ADJECTIVE
SPEECH = frozenset({"say", "tell", "ask", "claim", "warn", "promise", "demand", "believe", "expect", "hope"})
"""The kinds of speech of the lexicon that make a statement of what is not quoted too: it is said, not only meant."""
_KINDS = {"verb": VERB, "noun": NOUN, "adjective": ADJECTIVE}


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

    def told(self, heads: Iterable[tuple[str, int]], words: Set[str]) -> int:
        """Return all that `heads`, lemmas with their parts of speech, may tell of in a sentence of these `words`."""
        found = 0
        for head, kinds in heads:
            for kind, tells in self.single.get(head, ()):
                if kind & kinds:
                    found |= tells
            seconds = self.longer.get(head)
            if seconds is not None:
                for word in seconds.keys() & words:
                    for cue in seconds[word]:
                        if cue.kind & kinds and cue.tells & ~found and not any(map(words.isdisjoint, cue.rest)):
                            found |= cue.tells
        return found


def compile_cues(lexicon: Lexicon) -> Cues:
    """Return the cues of a lexicon."""
    single: dict[str, dict[int, int]] = {}
    longer: dict[str, dict[str, dict[tuple[frozenset[str], ...], dict[int, int]]]] = {}
    for pattern in lexicon:
        tells, kind = _tells(pattern), _KINDS[pattern.kind]
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
    )


def _tells(pattern: Pattern) -> int:
    c = pattern.cls
    found = DEED if c.type else 0
    found |= STANCE if c.stance or c.speech == "demand" else 0
    found |= SPOKEN if c.speech in SPEECH else 0
    return found | (OPERATOR if c.operator else 0)
