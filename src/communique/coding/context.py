"""What is known of one sentence when it is coded: its tree, clauses, actors, predicates and roles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from communique.actors.discourse import Discourse
from communique.actors.given import GivenActors
from communique.actors.resolve import SentenceActors
from communique.coding.predicates import Predicate, find_predicates
from communique.coding.roles import Roles
from communique.knowledge import Knowledge
from communique.knowledge.language import LanguageWords
from communique.language.clauses import Clauses
from communique.language.tree import Sentence
from communique.records import Actor, Span, Spans


@dataclass(frozen=True, slots=True)
class SentenceContext:
    """One sentence, ready to be coded."""

    sentence: Sentence
    text: str
    knowledge: Knowledge
    words: LanguageWords
    clauses: Clauses
    actors: SentenceActors
    predicates: dict[int, Predicate]
    hidden: dict[int, Predicate]
    roles: Roles
    discourse: Discourse

    def spans(self, words: Sequence[int]) -> Spans:
        """Return the spans of single words, joined where they stand side by side."""
        s = self.sentence
        found: list[Span] = []
        for i in sorted(set(words)):
            if found and not self.text[found[-1][1] : s.starts[i]].strip() and s.starts[i] - found[-1][1] <= 1:
                found[-1] = (found[-1][0], s.ends[i])
            else:
                found.append((s.starts[i], s.ends[i]))
        return tuple(found)

    def cut(self, span: Span) -> str:
        return self.text[span[0] : span[1]]

    def inner(self, head: int, depth: int = 0) -> list[Predicate]:
        """Return the predicates that a content at `head` amounts to: its own, or those that it leads to."""
        s = self.sentence
        own = self.predicates.get(head)
        found = [own] if own is not None else []
        if own is None and depth < 3:
            if s.pos[head] == "NOUN":
                # "the possibility of talks", "efforts to end the war"
                for c in s.children[head]:
                    if s.deps[c] == "prep" and s.lemmas[c] in ("of", "in", "at"):
                        for p in s.kids(c, "pobj", "pcomp"):
                            found += self.inner(p, depth + 1)
                    elif s.deps[c] == "acl" and s.tags[c] == "VB":
                        found += self.inner(c, depth + 1)
            elif s.pos[head] in ("VERB", "AUX", "ADJ"):
                for c in s.kids(head, "xcomp", "ccomp", "acomp"):
                    found += self.inner(c, depth + 1)
                if s.pos[head] == "VERB" and not found:
                    # "take part in talks", "conduct strikes": the noun under a verb that says nothing itself
                    for c in s.kids(head, "dobj"):
                        found += self.inner(c, depth + 1)
        for c in s.kids(head, "conj"):
            found += self.inner(c, depth + 1) if depth < 3 else []
        return found


def make_context(
    s: Sentence, text: str, knowledge: Knowledge, words: LanguageWords, discourse: Discourse, day: str,
    given: Mapping[Span, Actor] | None = None,
) -> SentenceContext:  # fmt: skip
    """Work out what coding needs of sentence `s` of the report `text`; `discourse` learns of its actors.

    `given` are parties whose spans are known beforehand, as in the gold files of relations.
    """
    clauses = Clauses(s, words)
    at = (s, text, knowledge.actors, words, discourse, day, knowledge.gazetteer)
    actors = SentenceActors(*at) if given is None else GivenActors(*at, given=given)
    predicates, hidden = find_predicates(clauses, knowledge.lexicon) if s.parsed else ({}, {})
    roles = Roles(clauses, actors, knowledge.lexicon, knowledge.gazetteer)
    return SentenceContext(s, text, knowledge, words, clauses, actors, predicates, hidden, roles, discourse)


_DATELINE = 0.5  # less than one mention: a name in the text goes before the town that the report was filed from


def start(dateline: str, knowledge: Knowledge) -> Discourse:
    """Return the memory with which a report is begun: of the state of its dateline, if it has one."""
    discourse = Discourse()
    site = knowledge.gazetteer.best(dateline.title()) if dateline else None
    entity = knowledge.actors.entity(site.country) if site is not None else None
    if entity is not None:
        discourse.weigh(Actor(entity.code, entity.name, entity.kind), _DATELINE)
    return discourse
