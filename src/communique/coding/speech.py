"""Cues of speech and thought in one sentence: who is said to say, think or want something, and which words that is.

A cue is a verb, noun or adjective of the lexicon's `speech` classes, "according to", "in X's view", or a colon after a
name. What is between quotation marks is given to cues in `communique.coding.statements`; here the parse speaks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from communique.coding.context import SentenceContext
from communique.coding.cues import Cue, Manner, Ranges
from communique.coding.framing import colon, phrases
from communique.coding.predicates import Predicate, chain_objects
from communique.coding.spoken import before_cue, clip, from_object, kind_of, right_edge, speech_pattern, trim
from communique.coding.unsaid import unsaid, written_to
from communique.knowledge.patterns import Pattern
from communique.language.clauses import Kind
from communique.language.mood import Mood
from communique.language.tree import Sentence

# Classes of speech whose object names the one spoken to, so that it is no content.
_TELLING = frozenset({"tell", "ask"})
# These take no clause before them or around them: "they plan" is no aside.
_WANTING = frozenset({"", "demand", "intend"})


def find_cues(context: SentenceContext, quoted: Sequence[int]) -> tuple[Cue, ...]:
    """Return the cues of the sentence in text order; `quoted[i]` numbers the quotation around word i, -1 for none."""
    found: dict[int, Cue] = {}
    for cue in (*phrases(context, quoted), *_predicates(context, quoted)):
        found.setdefault(cue.head, cue)
    named = colon(context, quoted)
    if named is not None and not any(c.content and c.head < named.head for c in found.values()):
        found[named.head] = named
    return tuple(_without_doubles(context, [found[i] for i in sorted(found)]))


# -- words of the lexicon ---------------------------------------------------------------------------------------


def _predicates(context: SentenceContext, quoted: Sequence[int]) -> Iterator[Cue]:
    s, speaking = context.sentence, context.knowledge.lexicon.speaking
    for i, lemma in enumerate(context.clauses.low_lemmas):
        if lemma not in speaking and i not in context.predicates:
            continue
        kind = kind_of(s, i)
        if kind is None or (kind == "verb" and s.deps[i] in ("aux", "auxpass")):
            continue
        matched = speech_pattern(context, i, kind)
        if matched is None:
            continue
        pattern, tokens, manner = matched
        if kind == "verb":
            cue = _verb(context, i, pattern, tokens, manner, quoted)
        else:
            cue = _other(context, i, kind, pattern, tokens, manner)
        if cue is not None:
            yield cue


def _verb(
    context: SentenceContext, i: int, pattern: Pattern, tokens: tuple[int, ...], manner: Manner, quoted: Sequence[int]
) -> Cue | None:
    s = context.sentence
    speakers = _subject(context, i)
    saying = s.tags[tokens[-1]] == "VBG" and any(s.words[t].lower() == "as" for t in tokens[1:])
    passive = s.kid(i, "nsubjpass") is not None and s.kid(i, "agent") is None
    if pattern.cls.actor[:1] == ("object",) and (not passive or any(s.tags[c] == "MD" for c in s.kids(i, "aux"))):
        return None
    if saying or pattern.cls.actor[:1] == ("object",):
        # "quoted A as saying", "A is convinced that": the object said so, or believes it
        speakers = tuple(a.head for a in context.clauses.arguments(i, "verb") if a.slot == "object") or speakers
    speech = pattern.cls.speech
    rejecting = pattern.cls.operator in ("deny", "refuse") or pattern.cls.type == "REJECT"
    content, addressees, clausal = _verb_content(context, i, tokens, speech, rejecting)
    content, addressees = clip(s, i, content, quoted), tuple(a for a in addressees if a not in speakers)
    if not speakers or (not content and manner == "held") or (content and not _says_something(s, content)):
        return None
    if _to_come(s, i) or _ascribed(context, i):
        return None
    in_marks = any(quoted[k] >= 0 for a, b in content for k in range(a, b + 1))  # which somebody did say
    told = clausal and speech and s.kid(i, "neg") is None and (in_marks or not unsaid(context, i, pattern, tokens))
    manner = "said" if told else "held"
    return Cue(
        i, _with_auxiliaries(context, tokens), speakers, addressees, content, manner, bool(speech), speech,
        pattern.cls.form, pattern.text, f"{pattern.cls.id} ({pattern.where})", pronoun=_relative(context, i),
    )  # fmt: skip


def _to_come(s: Sentence, i: int) -> bool:
    """ "Urged A to condemn": what someone is asked, or means, to say is no word of theirs yet."""
    auxiliaries = s.kids(i, "aux")
    infinitive = s.tags[i] == "VB" and s.deps[i] in ("xcomp", "ccomp", "advcl", "acl", "conj")
    return infinitive and bool(auxiliaries) and not any(s.tags[c] == "MD" for c in auxiliaries)


def _ascribed(context: SentenceContext, i: int) -> bool:
    """ "A, believed to be dead": it is not A who believes it."""
    s = context.sentence
    infinitive = any(c > i and s.kid(c, "aux") is not None for c in s.kids(i, "xcomp"))
    return infinitive and s.lemmas[i] in context.words.ascribing_verbs and s.kid(i, "dobj", "agent") is None


def _relative(context: SentenceContext, i: int) -> int:
    s = context.sentence
    return next((c for c in s.kids(i, "nsubj") if s.words[c].lower() in context.words.relative_pronouns), -1)


def _verb_content(
    context: SentenceContext, i: int, tokens: tuple[int, ...], speech: str, rejecting: bool
) -> tuple[Ranges, tuple[int, ...], bool]:
    """Return the words said, the heads of those spoken to, and whether the content is a clause."""
    s = context.sentence
    told = s.kids(i, "nsubjpass") if speech == "tell" else ()  # "A was told by B that ..."
    objects = [c for c in (*s.kids(i, "dobj", "dative", "iobj"), *told) if c not in tokens]
    chained = chain_objects(s, tokens)
    receivers = (
        *_receivers(context, i, tokens),
        *written_to(context, i),
        *(chained if s.lemmas[tokens[-1]] == "to" else ()),
    )
    clauses = [c for t in tokens for c in s.kids(t, "ccomp") if c > i]
    impersonal = [c for c in clauses if c in tokens and s.kid(c, "nsubjpass") is not None]  # "let it be KNOWN that"
    clause = next((c for c in clauses if c not in impersonal), next(iter(clauses), None))
    if clause is None and not rejecting:  # "made the claim that ..."
        clause = next((c for t in tokens if t != i for c in s.kids(t, "acl") if s.kid(c, "mark") is not None), None)
    if clause is None:  # "wrote in a letter that ..."
        letters = (o for c in s.kids(i, "prep") if c > i for o in s.kids(c, "pobj") if _document(context, o))
        below = (c for o in letters for c in s.kids(o, "acl", "ccomp", "relcl"))
        clause = next((c for c in below if s.words[s.lefts[c]] == "that"), None)
    if clause is not None:
        return trim(s, ((s.lefts[clause], right_edge(context, i, clause)),)), (*objects, *receivers), True
    around = before_cue(context, i) if speech not in _WANTING else ()
    if around:
        return around, (*objects, *receivers), True
    infinitive = next((c for t in tokens for c in s.kids(t, "xcomp") if c > i), None)
    wanted = next((c for c in s.kids(i, "dobj") if c > i and (c not in tokens or rejecting)), None)
    if infinitive is not None and (wanted is None or speech == "tell"):
        start = s.lefts[chained[0]] if chained and chained[0] < infinitive else s.lefts[infinitive]
        return trim(s, ((start, right_edge(context, i, infinitive)),)), (*objects, *receivers, *chained), True
    head = wanted if wanted is not None else next((c for c in chained if c > i), None)
    if head is None or (speech in _TELLING and infinitive is None):
        return (), (*objects, *receivers), False
    people = (head,) if infinitive is not None else ()
    return trim(s, from_object(context, i, head)), (*people, *receivers), False


def _document(context: SentenceContext, i: int) -> bool:
    lemma = context.sentence.lemmas[i].lower()
    return lemma in context.words.voice_nouns or lemma in context.words.speech_forms


def _receivers(context: SentenceContext, i: int, tokens: tuple[int, ...]) -> tuple[int, ...]:
    s = context.sentence
    to = (c for c in s.kids(i, "prep", "dative") if s.lemmas[c] == "to" and c not in tokens)
    return tuple(p for c in to for p in s.kids(c, "pobj"))


def _subject(context: SentenceContext, i: int) -> tuple[int, ...]:
    """Return the heads of the deep subject; "adding" inside what is said ("said ..., adding ...") has the speaker's."""
    s = context.sentence
    heads = tuple(a.head for a in context.clauses.arguments(i, "verb") if a.slot == "subject")
    if s.deps[i] == "pcomp" and s.lemmas[s.heads[i]] == "as":  # "quoted A as saying"
        heads = tuple(s.kids(s.heads[s.heads[i]], "dobj")) or heads
    if s.tags[i] == "VBG" and s.deps[i] == "advcl" and s.kid(i, "nsubj") is None:
        for h in s.ancestors(i):
            governor = s.heads[h]
            if s.deps[h] == "ccomp" and h < i and governor < h and speech_pattern(context, governor, "verb"):
                return context.clauses.subject(governor) or heads
    return tuple(_cleft(context, h) for h in heads if not _expletive(context, h))


def _cleft(context: SentenceContext, h: int) -> int:
    """ "It was Macron who said ...": Macron."""
    s = context.sentence
    verb = s.heads[s.heads[h]]
    if s.words[h].lower() not in context.words.relative_pronouns or s.lemmas[verb] != "be":
        return h
    named = s.kid(verb, "attr")
    return h if named is None else named


def _expletive(context: SentenceContext, h: int) -> bool:
    """ "It is said that": no speaker; "it" counts only where it stands for someone."""
    s = context.sentence
    return s.deps[h] == "expl" or (s.words[h].lower() in ("it", "there") and not context.actors.resolve(h))


def _with_auxiliaries(context: SentenceContext, tokens: tuple[int, ...]) -> tuple[int, ...]:
    s = context.sentence
    return tuple(sorted({*tokens, *(c for c in s.kids(tokens[0], "aux", "neg", "prt"))}))


def _other(
    context: SentenceContext, i: int, kind: Kind, pattern: Pattern, tokens: tuple[int, ...], manner: Manner
) -> Cue | None:
    """A noun of speech ("the claim that") or an adjective ("confident that")."""
    s = context.sentence
    clause = next((c for c in s.kids(i, "acl", "ccomp", "xcomp") if c > i and not _bare_participle(s, c)), None)
    p = context.predicates.get(i) or Predicate(i, kind, pattern, tokens, context.clauses.arguments(i, kind), Mood)
    clausal = clause is not None and s.deps[clause] != "relcl"
    if clause is not None:
        content: Ranges = ((s.lefts[clause], s.rights[clause]),)
    else:
        about = (c for c in s.kids(i, "prep") if s.lemmas[c] in context.words.content_prepositions and c not in tokens)
        objects = chain_objects(s, tokens) or tuple(o for c in about for o in s.kids(c, "pobj", "pcomp"))
        content = tuple((s.lefts[o], s.rights[o]) for o in objects[:1])
    speakers = _owner(context, p) if kind == "noun" else tuple(a.head for a in p.arguments if a.slot == "subject")
    speakers = tuple(h for h in speakers if not _expletive(context, h))
    if not speakers or not content or (kind == "noun" and not clausal):
        return None
    return Cue(
        i, tokens, speakers, (), trim(s, content), "said" if clausal else "held", False, pattern.cls.speech,
        pattern.cls.form, pattern.text, f"{pattern.cls.id} ({pattern.where})",
    )  # fmt: skip


def _bare_participle(s: Sentence, c: int) -> bool:
    return s.tags[c] in ("VBN", "VBG") and s.kid(c, "aux", "mark", "nsubj", "nsubjpass") is None


def _owner(context: SentenceContext, p: Predicate) -> tuple[int, ...]:
    """Return the heads of the one whose claim, view or demand a noun is; its own modifiers tell it best."""
    s = context.sentence
    possessor = s.kids(p.head, "poss")
    if possessor:
        return tuple(possessor[:1])
    by = [o for c in s.kids(p.head, "prep") if s.lemmas[c] in ("by", "from") for o in s.kids(c, "pobj")]
    if by:
        return tuple(by[:1])
    filled = context.roles.actor(p)
    if filled.heads:
        return filled.heads
    verb = s.heads[p.head]
    if s.deps[p.head] == "dobj" and s.lemmas[verb] in context.knowledge.lexicon.words.get("light", frozenset()):
        return context.clauses.subject(verb)
    return ()


# -- one attribution, one cue -----------------------------------------------------------------------------------


def _without_doubles(context: SentenceContext, cues: Sequence[Cue]) -> Iterator[Cue]:
    """Leave out a noun whose content is that of the verb over it ("said in a statement that ...")."""
    s = context.sentence
    for cue in cues:
        above = set(s.ancestors(cue.head))
        double = any(
            other is not cue and other.head in above and other.content and cue.content
            and other.content[0] == cue.content[0] and s.pos[cue.head] == "NOUN"
            for other in cues
        )  # fmt: skip
        if not double:
            yield cue


def _says_something(s: Sentence, content: Ranges) -> bool:
    """ "Knows it", "said so", "did this": a content of pronouns alone tells nothing."""
    empty = ("PRON", "DET", "ADV", "PUNCT", "PART", "SCONJ")
    return any(s.pos[i] not in empty for a, b in content for i in range(a, b + 1))
