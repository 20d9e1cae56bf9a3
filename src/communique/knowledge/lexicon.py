"""The lexicon: patterns of words, what they code, and how operators compose with what they govern.

A pattern is written as people say it, in lemmas: `break off relation with`, `impose @sanction on|against`,
`hold joint+exercise`, `test of @missile`, `critical of`.

- A verb's or adjective's pattern starts with its head. A noun's head is its last word before the first preposition
  (`air strike`, `show of force`).
- Each further word depends on one of those before it; articles and other words may stand between.
- `a|b` is either word; `@name` any lemma of `[[word]] id = "name"`, also as head.
- `joint+exercise`: the last of the joined words, with the others as its modifiers.

Where several patterns fit, the longer wins, then one whose class has `only_with`, then a user's, then one that codes
an event, then the earlier.

Slots say where a role's actor stands. Of a verb or adjective: `subject`, `object`, `indirect`, `clause`; `chain`, what
the last preposition of the pattern governs; `owner`, the possessor, the adjective of nationality or the "of"/"from"
phrase of the last noun of the pattern ("accept Japan's offer"); `prep:on|against`, what such a preposition governs.
Of a noun: `possessor`, `adjective`, `prep:...`, and `light`, the subject of a support verb (`@light`) that governs it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from communique.errors import KnowledgeError, unknown
from communique.knowledge.codebook import Codebook, CodebookRow, check_type
from communique.knowledge.lexicon_checks import check_cameo, checked_type, opened_lemmas, slots_or
from communique.knowledge.lexicon_schema import ClassEntry, CompositionEntry, ModalEntry, WordEntry
from communique.knowledge.patterns import NO_PATTERNS, HeadPatterns, Kind, Pattern, VerbClass
from communique.knowledge.tables import Located, Tables, validated

_Asked = tuple[str, str, str, str, bool | None]
PREPOSITIONS = frozenset({
    "about", "above", "across", "after", "against", "along", "among", "amid", "around", "as", "at", "before",
    "behind", "between", "beyond", "by", "down", "for", "from", "in", "into", "of", "off", "on", "onto", "out",
    "over", "per", "through", "to", "toward", "towards", "under", "until", "up", "upon", "with", "within", "without",
})  # fmt: skip
# An alternative or a joined word that is not there: "on|", "+exercise".
_GAP = re.compile(r"(?:^|[\s|+])[|+]|[|+@](?:$|\s)")
_MARKS = (frozenset({"to"}), frozenset({"that"}))
_ACTOR = ("subject",)
_RECIPIENT = ("chain", "object", "indirect")
_NOUN_ACTOR = ("possessor", "adjective", "prep:by", "prep:from", "light")
_NOUN_RECIPIENT = ("prep:of|against|on|to|with|toward|towards|at|over",)
_NOUN_RECIPROCAL = ("possessor", "adjective", "prep:between", "prep:among", "prep:of", "prep:by", "prep:with", "light")
_CONTENT = ("clause", "object", "chain")


@dataclass(frozen=True, slots=True)
class Composition:
    """A rule of composition; `type` empty keeps the inner type, `status` empty what grammar gives."""

    id: str
    operator: str
    inner: frozenset[str]
    type: str
    mode: str
    cameo: str
    cameo_of: Mapping[str, str]
    status: str
    when: str
    keep: bool
    parties: Literal["outer", "inner"]
    where: str

    def code(self, inner_cameo: str) -> str:
        """Return the CAMEO code of the result for an inner event with code `inner_cameo`; "" where none is given."""
        for length in range(len(inner_cameo), 1, -1):
            if inner_cameo[:length] in self.cameo_of:
                return self.cameo_of[inner_cameo[:length]]
        return self.cameo or ("" if self.type else inner_cameo)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All patterns by the lemma of their head, the classes, the word sets, and the rules of composition."""

    classes: Mapping[str, VerbClass]
    words: Mapping[str, frozenset[str]]
    modals: Mapping[str, frozenset[str]]
    compositions: tuple[Composition, ...]
    _index: Mapping[tuple[str, str], tuple[Pattern, ...]]
    _all: tuple[Pattern, ...]
    heads: frozenset[str]
    """All lemmas that head a pattern."""
    speaking: frozenset[str]
    """Those of them that head a pattern of speech of no more than two words."""
    _rules: dict[_Asked, Composition | None] = field(default_factory=dict, compare=False, repr=False)
    _heads: dict[tuple[str, str], HeadPatterns] = field(default_factory=dict, compare=False, repr=False)
    _unions: dict[tuple[str, ...], frozenset[str]] = field(default_factory=dict, compare=False, repr=False)
    _prefixed: dict[str, Mapping[str, frozenset[str]]] = field(default_factory=dict, compare=False, repr=False)

    def __len__(self) -> int:
        return len(self._all)

    def __iter__(self) -> Iterator[Pattern]:
        return iter(self._all)

    def patterns(self, kind: Kind, lemma: str) -> tuple[Pattern, ...]:
        """Return the patterns headed by `lemma` in the order in which they are to be tried."""
        return self._index.get((kind, lemma), ())

    def headed(self, kind: Kind, lemma: str) -> HeadPatterns:
        """Return what `patterns` does, made ready for the search; worked out when a lemma is first met."""
        key = (kind, lemma)
        found = self._heads.get(key)
        if found is None:
            if key not in self._index:
                return NO_PATTERNS
            found = self._heads[key] = HeadPatterns(self._index[key])
        return found

    def any_of(self, *names: str) -> frozenset[str]:
        """Return the lemmas of all these word sets together; a set that there is not has none."""
        found = self._unions.get(names)
        if found is None:
            found = self._unions[names] = frozenset().union(*(self.words.get(name, ()) for name in names))
        return found

    def sets(self, prefix: str) -> Mapping[str, frozenset[str]]:
        """Return the word sets whose names begin with `prefix`, by what follows it."""
        found = self._prefixed.get(prefix)
        if found is None:
            named = ((name.removeprefix(prefix), name) for name in self.words if name.startswith(prefix))
            found = self._prefixed[prefix] = {rest: self.words[name] for rest, name in named}
        return found

    def compose(
        self, operator: str, inner_type: str, inner_quad: int, inner_mode: str = "", inner_cameo: str = "",
        own: bool | None = None,
    ) -> Composition | None:  # fmt: skip
        """Return the first rule for `operator` over such an event, or None.

        `own`: whether the inner event's actor is the operator's own, as in "vow to attack"; rules that hold for "own"
        only are skipped where that is not known.
        """
        key = (operator, inner_type, inner_mode, inner_cameo, own)
        if key not in self._rules:
            names = {inner_type, f"{inner_type}/{inner_mode}", "*"}
            if inner_quad:  # a type of another codebook may have none
                names.add("cooperation" if inner_quad in (1, 2) else "conflict")
            names.update(f"cameo:{inner_cameo[:n]}" for n in range(2, len(inner_cameo) + 1))
            holds = ("", "own" if own else "other")
            rules = (
                c for c in self.compositions
                if c.operator == operator and c.when in holds and not names.isdisjoint(c.inner)
            )  # fmt: skip
            self._rules[key] = next(rules, None)
        return self._rules[key]

    def search(self, query: str) -> tuple[CodebookRow, ...]:
        """Return the patterns that hold all words of `query`, and those of the classes that it names."""
        wanted = query.lower().split()
        rows = []
        for pattern in self._all:
            cls = pattern.cls
            lemmas = frozenset().union(*pattern.chain)
            if cls.id == query or all(w in lemmas or w in pattern.text.split() for w in wanted):
                codes = [f"{cls.type}/{cls.mode}".strip("/"), cls.cameo, cls.stance, cls.speech, cls.operator]
                text = f"{pattern.kind} in {cls.id}: {', '.join(c for c in codes if c)}"
                rows.append(CodebookRow("pattern", pattern.text, text, pattern.where))
        return tuple(rows)


def load_lexicon(tables: Tables, codebook: Codebook, *, own_first: bool = False) -> Lexicon:
    """Build the lexicon from the tables `class`, `word`, `composition` and `modal`.

    `own_first`: the codebook is a user's; its patterns go before ours whatever their length, and no pattern of ours
    takes a word that heads one of them.
    Raises KnowledgeError, with file, line and remedy, for an entry that does not fit its schema or the codebook.
    """
    words = _load_words(tables)
    own = {raw.where for table in ("class", "composition") for raw in tables.get(table, ()) if raw.builtin}
    compositions = _load_compositions(tables, codebook, own)
    operators = {c.operator for c in compositions}
    classes: dict[str, VerbClass] = {}
    found: list[Pattern] = []
    opened: dict[str, frozenset[str]] = {}
    for located in validated(tables, "class", ClassEntry, key=lambda e: e.id):
        cls = _load_class(located, codebook, words, operators)
        classes[cls.id] = cls
        entry = located.entry
        for kind, texts in (("verb", entry.verbs), ("noun", entry.nouns), ("adjective", entry.adjectives)):
            found += [_load_pattern(text, kind, cls, words, opened) for text in texts]  # type: ignore[arg-type]
    found += _without_marks(found)
    if own_first:
        heads = frozenset().union(*(p.chain[0] for p in found if p.where not in own))
        found = [p for p in found if p.where not in own or not any(part & heads for part in p.chain[1:])]
    index: dict[tuple[str, str], list[Pattern]] = {}

    def order(p: Pattern) -> tuple[bool, int, bool, bool, bool]:
        ours = p.where in own
        return own_first and ours, -len(p.chain), not p.cls.only_with, ours, not p.cls.type

    for pattern in sorted(found, key=order):
        for lemma in pattern.chain[0]:
            index.setdefault((pattern.kind, lemma), []).append(pattern)
    modals: dict[str, frozenset[str]] = {}
    for modal in validated(tables, "modal", ModalEntry, key=lambda e: e.id):
        modals[modal.entry.kind] = modals.get(modal.entry.kind, frozenset()) | frozenset(modal.entry.lemmas)
    return Lexicon(
        MappingProxyType(classes), MappingProxyType(words), MappingProxyType(modals), compositions,
        MappingProxyType({key: tuple(patterns) for key, patterns in index.items()}), tuple(found),
        frozenset(lemma for _, lemma in index),
        frozenset(lemma for p in found if p.cls.speech and len(p.chain) < 3 for lemma in p.chain[0]),
    )  # fmt: skip


def _without_marks(patterns: Sequence[Pattern]) -> list[Pattern]:
    """Return a reading without its mark of each head with "to" or "that" before a clause ("willing to").

    Such a mark belongs to the verb that follows, not to the head. A bare head that has a pattern already gets none,
    and longer patterns get none either: in "announce plans to meet" it is the plans that the clause belongs to.
    """
    taken = {(p.kind, lemma) for p in patterns if len(p.chain) == 1 for lemma in p.chain[0]}
    return [
        Pattern(p.cls, p.chain[:1], p.kind, p.text, p.where)
        for p in patterns
        if len(p.chain) == 2
        and p.chain[1] in _MARKS
        and (p.cls.operator or p.cls.speech)
        and not p.cls.type
        and all((p.kind, lemma) not in taken for lemma in p.chain[0])
    ]


def _load_words(tables: Tables) -> dict[str, frozenset[str]]:
    entries = {w.entry.id: w for w in validated(tables, "word", WordEntry, key=lambda e: e.id)}
    opened: dict[str, frozenset[str]] = {}

    def open_set(name: str, asked: tuple[str, ...]) -> frozenset[str]:
        if name not in opened:
            located = entries[name]
            lemmas: set[str] = set()
            for lemma in located.entry.lemmas:
                if not lemma.startswith("@"):
                    lemmas.add(lemma)
                    continue
                if lemma[1:] not in entries:
                    raise KnowledgeError(f"{located.where}: word {name!r}: {unknown('word', lemma[1:], entries)}")
                if lemma[1:] in asked:
                    raise KnowledgeError(f"{located.where}: word {name!r} takes in itself. Remove {lemma!r}.")
                lemmas |= open_set(lemma[1:], (*asked, lemma[1:]))
            opened[name] = frozenset(lemmas)
        return opened[name]

    for name in entries:
        open_set(name, (name,))
    return opened


def _load_compositions(tables: Tables, codebook: Codebook, own: set[str]) -> tuple[Composition, ...]:
    rules = []
    for located in validated(tables, "composition", CompositionEntry, key=lambda e: e.id):
        entry = located.entry
        if entry.any_codebook:
            continue
        label = f"{located.where}: composition {entry.id!r}"
        check_type(codebook.types, entry.type, entry.mode, label)
        for name in entry.inner:
            if name.startswith("cameo:"):
                check_cameo(codebook, name[6:], label)
            elif name not in ("cooperation", "conflict", "*"):
                type, _, mode = name.partition("/")
                check_type(codebook.types, type, mode, label)
        for code in (entry.cameo, *entry.cameo_of.values()):
            check_cameo(codebook, code, label)
        rules.append(Composition(
            entry.id, entry.operator, frozenset(entry.inner), entry.type, entry.mode, entry.cameo,
            MappingProxyType(dict(entry.cameo_of)), entry.status, entry.when, entry.keep, entry.parties, located.where,
        ))  # fmt: skip
    # A user's rules come first, so that they can overrule ours.
    return tuple(sorted(rules, key=lambda rule: rule.where in own))


def _load_class(
    located: Located[ClassEntry], codebook: Codebook, words: Mapping[str, frozenset[str]], operators: set[str]
) -> VerbClass:
    entry = located.entry
    label = f"{located.where}: class {entry.id!r}"
    check_type(codebook.types, entry.type, entry.mode, label)
    check_cameo(codebook, entry.cameo, label)
    for context in entry.contexts:
        if context not in codebook.contexts:
            raise KnowledgeError(f"{label}: {unknown('context', context, codebook.contexts, most=40)}")
    if entry.operator and entry.operator not in operators:
        hint = unknown("operator", entry.operator, operators, most=50)
        raise KnowledgeError(f"{label}: {hint} A new one needs a [[composition]] entry.")
    if not (entry.type or entry.stance or entry.speech or entry.operator):
        raise KnowledgeError(f"{label}: it says nothing. Give it a type, a stance, speech or an operator.")
    if not (entry.verbs or entry.nouns or entry.adjectives):
        raise KnowledgeError(f"{label}: it has no patterns. Add verbs, nouns or adjectives.")
    cameo = entry.cameo or (codebook.default_cameo(entry.type, entry.mode) if entry.type else "")
    noun_actor = _NOUN_RECIPROCAL if entry.reciprocal else _NOUN_ACTOR
    return VerbClass(
        entry.id, entry.type, entry.mode, cameo, entry.contexts, entry.stance, entry.speech, entry.form,
        entry.operator, entry.reciprocal,
        actor=slots_or(entry.actor, _ACTOR),
        recipient=slots_or(entry.recipient, _RECIPIENT),
        noun_actor=slots_or(entry.noun_actor, noun_actor),
        noun_recipient=slots_or(entry.noun_recipient, _NOUN_RECIPIENT),
        content=slots_or(entry.content, _CONTENT),
        needs=entry.needs,
        only_with=opened_lemmas(entry.only_with, words, label),
        not_with=opened_lemmas(entry.not_with, words, label),
        intransitive=entry.intransitive,
        to_person=entry.to_person,
        subjunctive=entry.subjunctive,
        doers=frozenset(entry.doers),
        not_near=opened_lemmas(entry.not_near, words, label),
        also=tuple(checked_type(name, codebook, label) for name in entry.also),
        where=located.where,
    )  # fmt: skip


def _load_pattern(
    text: str, kind: Kind, cls: VerbClass, words: Mapping[str, frozenset[str]], opened: dict[str, frozenset[str]]
) -> Pattern:
    """Return the pattern that `text` writes; `opened` remembers the lemmas of each part over all patterns."""
    label = f"{cls.where}: class {cls.id!r}: pattern {text!r}"
    groups = text.split()
    if not groups or _GAP.search(text):
        raise KnowledgeError(f"{label}: a word is missing. Write lemmas, as in 'impose @sanction on|against'.")
    if text != text.lower():
        raise KnowledgeError(f"{label}: capital letters. Write lemmas in small letters.")
    if kind == "noun":
        # "air strike on": the head is the last word before the first preposition, its modifiers follow it.
        end = next((i for i, g in enumerate(groups) if i and g.split("|")[0] in PREPOSITIONS), len(groups))
        groups = [groups[end - 1], *groups[: end - 1], *groups[end:]]
    chain = []
    for group in groups:
        *modifiers, head = group.split("+")
        for part in (head, *modifiers):
            if part not in opened:
                opened[part] = opened_lemmas((part,), words, label)
            chain.append(opened[part])
    return Pattern(cls, tuple(chain), kind, text, cls.where)
