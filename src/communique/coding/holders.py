"""Who holds a position: people and bodies that take stands of their own, named so that there is no doubt of them.

What somebody is asked, ordered or helped to do is no stand of theirs, and what a court, a firm or a private person
does or feels is none of the state whose they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from communique.coding.context import SentenceContext
from communique.coding.predicates import Predicate
from communique.coding.roles import Filler
from communique.language.tree import Sentence
from communique.records import Actor, Span

FIRST_PERSON = "first person"  # the slot of a holder who is whoever speaks: "We oppose B"
# Their stands bind nobody but themselves; a body of states that has the sector (the WHO) speaks for more.
_PRIVATE = frozenset({"CVL", "EDU", "MED", "JRN", "BUS", "LAB", "AGR", "JUD", "CRM", "REF"})
_FORCES = frozenset({"MIL", "REB", "PRM", "UAF"})
_IN_DEFENCE = "052"  # CAMEO: defend verbally
_WORDS = frozenset({"", "ACCUSE", "SUPPORT", "REJECT", "REQUEST", "PROTEST"})  # types that are done with words
_PEOPLES = frozenset({"igo", "ethnic"})
_BY_PLACE = ("place", "prep:from")
_ASKING = frozenset({"demand", "urge", "order", "ask"})
_CLAIMING = frozenset({"accuse"})
_FELT = frozenset({"fear", "hope"})
_RAISING = ("xcomp", "conj")


def holders_of(context: SentenceContext, p: Predicate) -> Filler:
    """Return who takes the stand that `p` tells of; nobody where that is only guessed, or asked of them by others."""
    roles, s = context.roles, context.sentence
    found = roles.actor(p) or _beside(context, p)
    if found.slot in _BY_PLACE:
        return Filler()  # "were displaced in A": whose deed it is, is only guessed from where it was done
    if demanded(context, p) or _misread(s, p):
        return Filler()
    if found.slot == "prep:in" and (p.cls.type == "PROTEST" or any(s.heads[s.heads[h]] != p.head for h in found.heads)):
        return Filler()  # "protests in A" are the people's, and of "advocates of change in A" the change is there
    heads = found.heads or tuple(a.head for a in p.arguments if a.slot in ("subject", "possessor"))
    if not any(a.code for a in found.actors) and any(_speaks(context, h) for h in heads):
        return Filler((), heads, FIRST_PERSON)
    if any(s.lemmas[h].lower() in context.words.relational_nouns for h in found.heads):
        return Filler()  # "A's allies" are not A
    if p.cls.operator in _FELT and any(s.lemmas[h].lower() in context.words.voice_nouns for h in found.heads):
        return Filler()  # no report fears or hopes
    if not settled(context, found):
        return Filler()
    return Filler(tuple(a for a in found.actors if a.code and may_hold(a)), found.heads, found.slot)


def _misread(s: Sentence, p: Predicate) -> bool:
    """Tell whether a participle was taken for a past tense: "the plains, HAILED as a cradle of B"."""
    return s.deps[p.head] == "acl" and s.tags[p.head] == "VBD" and s.kid(p.head, "dobj", "agent", "ccomp") is None


def _beside(context: SentenceContext, p: Predicate) -> Filler:
    """Return who holds what a noun or a gerund says, where no slot of its own tells.

    "A, an opponent of B", "A is an opponent of B", "A stopped short of condemning B".
    """
    roles, s = context.roles, context.sentence
    above = s.heads[p.head]
    if p.kind == "noun":
        heads: tuple[int, ...] = ()
        if (
            not p.cls.type
            and s.deps[p.head] == "attr"
            and (s.kid(above, "nsubj") is not None or s.deps[above] == "relcl")
        ):
            heads = context.clauses.subject(above)
        elif not p.cls.type and s.deps[p.head] == "appos":
            heads = (above,)
        found = roles.actors_of(heads)
        if found:
            return Filler(found, heads, "subject")
        return roles.clause_subject(p.head) if p.cls.type in _WORDS and p.cls.stance != "reverse" else Filler()
    if s.deps[p.head] == "pcomp":
        for q in context.predicates.values():
            if above in q.tokens and q.head != p.head:
                return roles.actor(q)
    return Filler()


def may_hold(actor: Actor) -> bool:
    """Tell whether an actor's stand is one of a state, body, party or armed group, or of a politician or official."""
    if actor.kind == "group" and actor.sector in _FORCES:
        return False  # "Arab fighters" are none of all Arab states
    if actor.person and not (actor.sector or actor.office or actor.wikidata):
        return False  # somebody whom only the report knows
    if actor.sector == "SOC":
        return bool(actor.office) or (actor.kind == "ngo" and not actor.person)
    return actor.sector not in _PRIVATE or actor.kind in _PEOPLES


def only_fights(p: Predicate, holders: Filler) -> bool:
    """Tell whether a word for speaking in somebody's defence only tells how forces defend a place."""
    return p.cls.cameo == _IN_DEFENCE and bool(holders) and all(a.sector in _FORCES for a in holders.actors)


def _speaks(context: SentenceContext, head: int) -> bool:
    """Tell whether the words at `head` mean who speaks: "we", "my country"."""
    s, first = context.sentence, context.words.first_person
    if s.words[head].lower() in first:
        return True
    owner = s.kid(head, "poss")
    return owner is not None and s.words[owner].lower() in first and s.lemmas[head] in context.words.state_nouns


def of_speaker(holders: Filler, speakers: Sequence[Actor], word: str, span: Span) -> Filler:
    """Return whoever speaks as the holder, at the word for it: "We oppose B," A said; nobody where it is not known."""
    known = tuple(replace(a, text=word, span=span) for a in speakers if a.code and may_hold(a))
    return Filler(known, holders.heads, FIRST_PERSON)


def settled(context: SentenceContext, found: Filler) -> bool:
    """Tell whether there is no doubt whom the words mean.

    "It" and "they" may be anything: they are settled where they mean the subject of the sentence so far and nobody else
    is named in between, or, "it" alone, that of the sentence before where this one names nobody else first. "The
    government" is so where the sentence, or the subject of the one before, names the state.
    """
    s, meanings, vague = context.sentence, context.words.pronouns, context.words.vague_pronouns
    wanted = {a.code for a in found.actors}
    pronouns = [h for h in found.heads if s.words[h].lower() in vague]
    persons = [h for h in found.heads if meanings.get(s.words[h].lower()) == "one person"]
    if any(s.deps[h] == "poss" for h in persons):
        return _of_subject(context, found)
    if persons and not _nearest(context, min(persons), found):
        return False
    if not found.heads or len(pronouns) < len(found.heads):
        return all(named(context, h, wanted) for h in found.heads)
    first = min(pronouns)
    between: set[str] = set()
    alone: set[str] = set()
    for i in range(first - 1, -1, -1):
        codes = {a.code for a in context.actors.resolve(i) if a.code} if s.words[i].lower() not in vague else set()
        if s.deps[i] in ("nsubj", "nsubjpass") and codes == wanted:
            return not between or _tells(s, i, first)
        between |= codes - wanted
        alone |= codes & wanted
    if between or meanings.get(s.words[first].lower()) != "one body":
        return False
    if alone:
        return True
    return any({a.code for a in group} == wanted for group in context.discourse.subjects(s.index - 1))


def _nearest(context: SentenceContext, pronoun: int, found: Filler) -> bool:
    """Tell whether no other name was the last subject before "he" or "she": "Jan Novak said that she ..."."""
    s = context.sentence
    wanted = {a.person for a in found.actors}
    subjects = [i for i in range(pronoun) if s.deps[i] in ("nsubj", "nsubjpass") and s.pos[i] == "PROPN"]
    if not subjects:
        return True
    return any(wanted & {a.person for a in context.actors.resolve(i)} for i in subjects) or any(
        a.code and not a.person for a in context.actors.resolve(subjects[-1])
    )


def _of_subject(context: SentenceContext, found: Filler) -> bool:
    """Tell whether "his" is of a person who is a subject of this sentence or of the one before."""
    wanted = {(a.code, a.person) for a in found.actors}
    index = context.sentence.index
    groups = (g for at in (index, index - 1) for g in context.discourse.subjects(at))
    return any(wanted <= {(a.code, a.person) for a in group} for group in groups)


def _tells(s: Sentence, subject: int, pronoun: int) -> bool:
    """Tell whether the pronoun stands in what its subject says or does, not in a phrase or clause about another."""
    verb, at = s.heads[subject], s.heads[pronoun]
    while at != s.heads[at] and at != verb:
        if s.deps[at] not in ("ccomp", "xcomp", "conj", "dobj", "acomp"):
            return False
        at = s.heads[at]
    return at == verb


def named(context: SentenceContext, head: int, codes: set[str]) -> bool:
    """Tell whether a common noun at `head` ("the government") is of a state that is named close by."""
    s = context.sentence
    if s.kid(head, "nummod") is not None:
        return True  # "the two countries" are those who act together
    if s.pos[head] != "NOUN" or any(s.words[i][:1].isupper() for i in s.subtree(head) if i <= head and i > 0):
        return True
    if any(s.pos[c] in ("PRON", "PROPN") or s.tags[c] == "PRP$" for c in s.kids(head, "poss")):
        return True
    capitals = [i for i in range(len(s)) if s.words[i][:1].isupper()]
    near = {a.code for i in capitals for a in (*context.actors.at(i).actors, *context.actors.modifier(i))}
    if codes <= near:
        return True
    return any(codes <= {a.code for a in group} for group in context.discourse.subjects(s.index - 1))


def demanded(context: SentenceContext, p: Predicate) -> bool:
    """Tell whether what `p` tells of is what somebody is asked, ordered, helped or allowed to do, or ought to do.

    "Urged A to try to seize B", "called for A to back B", "A must support B".
    """
    s = context.sentence
    at = p.head
    if p.mood.modality == "necessary":
        return True
    if p.kind != "verb" and s.pos[s.heads[at]] in ("VERB", "AUX"):
        at = s.heads[at]
    if s.deps[at] == "acl" and s.deps[s.heads[at]] == "dobj" and s.kid(s.heads[s.heads[at]], "neg") is not None:
        return True  # "extracted no promise from A to back B"
    tasked = s.deps[at] == "pcomp" and s.lemmas[s.heads[at]] == "with"
    if tasked and s.lemmas[s.heads[s.heads[at]]] in context.words.tasking_verbs:
        return True  # "the police are charged with halting B"
    for _ in range(len(s)):
        above = s.heads[at]
        auxiliaries = s.kids(at, "aux")
        if any(s.words[c].lower() in context.words.duty for a in auxiliaries for c in (a, *s.kids(a, "aux"))):
            return True
        if above == at or s.deps[at] not in (*_RAISING, "ccomp", "advcl", "acl"):
            return False
        infinitive = s.tags[at] == "VB" and any(s.words[c].lower() == "to" for c in s.kids(at, "aux"))
        if infinitive and s.kid(at, "nsubj") is not None:
            return True
        if s.deps[at] != "conj" and _asks(context, at, above, infinitive=infinitive):
            return True
        if s.deps[at] not in _RAISING and not (s.deps[at] == "advcl" and s.tags[at] == "VBG"):
            return False
        at = above
    return False


def _asks(context: SentenceContext, clause: int, above: int, *, infinitive: bool) -> bool:
    """Tell whether the word above a clause asks its object to do what the clause says, or demands that it be done."""
    s, words = context.sentence, context.words
    if infinitive and s.pos[above] in ("VERB", "AUX") and s.lemmas[above] in words.object_control:
        asked = [c for c in s.kids(above, "dobj", "dative", "nsubjpass", "prep") if c < clause]
        if asked and s.deps[clause] != "advcl":
            return True
        if any(s.deps[c] in ("dobj", "nsubjpass") for c in asked):
            return True
    q = context.predicates.get(above) or context.hidden.get(above)
    # What others hope or fear that somebody will do is told of no stand of theirs either.
    wished = q is not None and q.cls.operator in _FELT and q.cls.stance != ""
    demands = q is not None and (q.cls.speech == "demand" or q.cls.operator in _ASKING or wished)
    if not demands or q is None or s.deps[clause] == "advcl":
        return False
    own = {a.code for a in context.roles.actor(q).actors}
    heads = context.clauses.subject(clause)
    return not infinitive and not own & {a.code for h in heads for a in context.actors.resolve(h)}


def accuser(context: SentenceContext, p: Predicate) -> tuple[Actor, ...]:
    """Return who accuses somebody of the stand: "A accused B of opposing C" tells what A claims of B."""
    s = context.sentence
    if s.deps[p.head] != "pcomp":
        return ()
    verb = s.heads[s.heads[p.head]]
    q = context.predicates.get(verb)
    return context.roles.actor(q).actors if q is not None and q.cls.operator in _CLAIMING else ()
