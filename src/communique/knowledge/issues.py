"""The issues of world politics, what it means to support each, and the words that name them.

An issue is named in a noun phrase by

- `cues`: words in a row ("security guarantee"), each as a lemma or as written;
- `cues_all`: sets of words that are all in the phrase, in any order ("nato" and "enlargement|expansion"). A set is
  written as a list; `a|b` is either, an alternative may be several words, `@taiwan` stands for the words of `[[word]]`;
- `cues_near`: cues that name the issue only where one of its `about` codes is spoken of ("independence", Taiwan);
- `cues_against`: cues in a row for what the issue is against ("climate change"): who opposes that is for the issue.

Hyphens count for nothing. A cue in capitals (START, WHO) needs a capital in the text, so that "who" is no organisation.
Of several issues the one with the most words matched is the most specific, and a child goes before its parent.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from pydantic import ConfigDict, Field

from communique.errors import KnowledgeError
from communique.knowledge.phrases import cut_words
from communique.knowledge.tables import Entry, Tables, validated

_HYPHENS = frozenset({"-", "–", "‑"})
_LIKE = 0.7  # of two names: less is another
WIDEST = 6
WIDEST_IN_PHRASE = 14
"""So many words may lie between those of a `cues_all` set, in running text and in a phrase that is given whole."""


class IssueEntry(Entry):
    """An issue as it stands in a file; see the module for the cues. `since` and `until` are ISO dates or years."""

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    name: str
    support: str = Field(min_length=3)
    aliases: tuple[str, ...] = ()
    cues: tuple[str, ...] = ()
    cues_all: tuple[tuple[str, ...], ...] = ()
    cues_near: tuple[str, ...] = ()
    cues_against: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    parent: str = ""
    since: str = ""
    until: str = ""


class Words(Entry):
    """A named set of words, shared with the lexicon, whose schema may have more fields."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str
    lemmas: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue: `support` says what a holder who supports it wants; `depth` is 0 for one without parent."""

    id: str
    name: str
    support: str
    aliases: tuple[str, ...]
    cues: tuple[str, ...]
    about: tuple[str, ...]
    actors: tuple[str, ...]
    parent: str
    since: str
    until: str
    depth: int
    where: str


Row = tuple[str, ...]
"""One word of a cue as it must be matched."""


@dataclass(frozen=True, slots=True)
class _Cue:
    """Words that must be there: each element lists alternatives, each of those words in a row."""

    issue: Issue
    parts: tuple[tuple[Row, ...], ...]
    in_row: bool
    near: bool
    against: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """An issue found in words `first` to `last` (not included), `weight` words of which matched."""

    first: int
    last: int
    weight: float
    issue: Issue


class IssueBook:
    """All issues, by id and by the words that name them."""

    def __init__(self, issues: Mapping[str, Issue], cues: Iterable[_Cue]) -> None:
        self.issues = issues
        self._order = {id_: n for n, id_ in enumerate(issues)}
        self._by_word: dict[str, list[_Cue]] = {}
        for cue in cues:
            # A cue can only match where its rarest looking part has a word; the first part is as good as any.
            for alternative in cue.parts[0]:
                self._by_word.setdefault(alternative[0].lower(), []).append(cue)

    def __len__(self) -> int:
        return len(self.issues)

    def __iter__(self) -> Iterator[Issue]:
        return iter(self.issues.values())

    def get(self, id_: str) -> Issue | None:
        """Return the issue with that id, or None."""
        return self.issues.get(id_)

    def ancestors(self, id_: str) -> tuple[Issue, ...]:
        """Return the issues above, nearest first."""
        found: list[Issue] = []
        issue = self.issues.get(id_)
        while issue is not None and issue.parent:
            issue = self.issues[issue.parent]
            found.append(issue)
        return tuple(found)

    def of_phrase(self, words: Sequence[str], lemmas: Sequence[str], near: Collection[str] = ()) -> tuple[Issue, ...]:
        """Return the issues that a noun phrase names, the most specific first.

        `near` are codes of actors spoken of with it: they open `cues_near`, and favour issues about those actors.
        """
        best: dict[str, float] = {}
        for match in self._matches(words, lemmas, near, widest=WIDEST_IN_PHRASE):
            best[match.issue.id] = max(best.get(match.issue.id, 0.0), match.weight)
        ranked = sorted(best, key=lambda i: (-best[i], -self.issues[i].depth, self._order[i]))
        return tuple(self.issues[i] for i in self._children_first(ranked))

    def is_against(self, issue: Issue, words: Sequence[str], lemmas: Sequence[str], at: int) -> bool:
        """Tell whether the word at `at` belongs to what `issue` is against: who opposes that supports the issue."""
        forms = [(word, word.lower(), lemma.lower()) for word, lemma in zip(words, lemmas, strict=True)]
        for k in range(max(at - WIDEST, 0), at + 1):
            keys = dict.fromkeys(forms[k][1:])
            cues = (cue for key in keys for cue in self._by_word.get(key, ()) if cue.against and cue.issue is issue)
            if any(k + _at(cue.parts[0][0], forms, k) > at for cue in cues):
                return True
        return False

    def _children_first(self, ranked: Sequence[str]) -> Iterator[str]:
        """Yield the ids in order, but each that lies below a better one right before it."""
        above = {i: {a.id for a in self.ancestors(i)} for i in ranked}
        given: set[str] = set()
        for i in ranked:
            below = [j for j in ranked if i in above[j] and j not in given]
            for j in sorted(below, key=lambda j: -self.issues[j].depth):
                given.add(j)
                yield j
            if i not in given:
                given.add(i)
                yield i

    def find(
        self, words: Sequence[str], lemmas: Sequence[str], near: Collection[str] = ()
    ) -> tuple[tuple[int, int, Issue], ...]:
        """Return (first word, word after the last, issue) in running text, the most specific where two overlap."""
        found: list[Match] = []
        matches = self._matches(words, lemmas, near, widest=WIDEST)
        for match in sorted(
            matches, key=lambda m: (-m.weight, -m.issue.depth, m.last - m.first, m.first, self._order[m.issue.id])
        ):
            if all(match.last <= f.first or f.last <= match.first for f in found):
                found.append(match)
        return tuple((m.first, m.last, m.issue) for m in sorted(found, key=lambda m: m.first))

    def search(self, query: str, most: int = 20) -> tuple[Issue, ...]:
        """Return the issues that a person may mean by `query`, best first; empty if nothing is like it."""
        wanted = query.strip().lower()
        words = wanted.replace("-", " ").split()
        scored = []
        for n, (issue, names, text) in enumerate(self._told):
            if wanted in names:
                score = 4.0
            elif words and all(w in " ".join(names) for w in words):
                score = 3.0
            elif words and all(w in text for w in words):
                score = 2.0
            else:
                score = max(_likeness(wanted, name) for name in names)
            if score:
                scored.append((-score, issue.depth, n, issue))
        return tuple(issue for *_, issue in sorted(scored, key=lambda s: s[:3])[:most])

    @cached_property
    def _told(self) -> tuple[tuple[Issue, list[str], str], ...]:
        """Each issue with its names and all that is said of it, in lower case."""
        found = []
        for issue in self:
            names = [issue.id, issue.id.replace("-", " "), issue.name.lower(), *(a.lower() for a in issue.aliases)]
            text = " ".join((*names, *(c.lower() for c in issue.cues), issue.support.lower()))
            found.append((issue, list(dict.fromkeys(names)), text))
        return tuple(found)

    def _matches(
        self, words: Sequence[str], lemmas: Sequence[str], near: Collection[str], widest: int
    ) -> Iterator[Match]:
        at = [i for i, w in enumerate(words) if w not in _HYPHENS]
        forms = [(words[i], words[i].lower(), lemmas[i].lower()) for i in at]
        for k, (_, lower, lemma) in enumerate(forms):
            for key in (lower, lemma) if lower != lemma else (lower,):
                for cue in self._by_word.get(key, ()):
                    if cue.near and not set(cue.issue.about) & set(near):
                        continue
                    hit = _match(cue, forms, k, widest)
                    if hit:
                        first, last, weight = hit
                        bonus = 0.5 if near and set(cue.issue.about) & set(near) else 0.0
                        yield Match(
                            at[first], at[last - 1] + 1, weight + bonus + (0.75 if cue.near else 0.0), cue.issue
                        )


Form = tuple[str, str, str]


def _likeness(wanted: str, name: str) -> float:
    """Return how like two names are, 0 where that is less than `_LIKE`."""
    if 2 * min(len(wanted), len(name)) < _LIKE * (len(wanted) + len(name)):  # however alike the letters
        return 0.0
    alike = difflib.SequenceMatcher(None, wanted, name)
    found = alike.ratio() if alike.quick_ratio() >= _LIKE else 0.0
    return found if found >= _LIKE else 0.0


def _match(cue: _Cue, forms: Sequence[Form], k: int, widest: int) -> tuple[int, int, float] | None:
    """Match `cue` with its first part at word `k`; return first word, word after the last, words matched."""
    if cue.in_row:
        length = _at(cue.parts[0][0], forms, k)
        return (k, k + length, float(length)) if length else None
    first = max((_at(a, forms, k) for a in cue.parts[0]), default=0)
    if not first:
        return None
    used = set(range(k, k + first))
    for part in cue.parts[1:]:
        spots = [
            (abs(i - k), i, n)
            for i in range(max(0, k - widest), min(len(forms), k + widest))
            if i not in used
            for a in part
            if (n := _at(a, forms, i))
        ]
        if not spots:
            return None
        _, i, n = min(spots, key=lambda s: (s[0], -s[2]))
        used |= set(range(i, i + n))
    if max(used) - min(used) > widest + 2:
        return None
    # Words that come together from several sides say more than as many in a row.
    return min(used), max(used) + 1, len(used) + 0.5 * (len(cue.parts) - 1)


def _at(words: Row, forms: Sequence[Form], i: int) -> int:
    """Return how many words match from word `i` on, 0 if not all do."""
    if i + len(words) > len(forms):
        return 0
    for wanted, (word, lower, lemma) in zip(words, forms[i:], strict=False):
        if wanted.isupper():
            if word.upper() != wanted or not word[0].isupper():
                return 0
        elif wanted not in (lower, lemma):
            return 0
    return len(words)


def load_issues(tables: Tables) -> IssueBook:
    """Return the issue catalogue; raises KnowledgeError for an unknown parent, a circle, or an unknown `@word`."""
    located = validated(tables, "issue", IssueEntry, key=lambda e: e.id)
    sets = {w.entry.id: w.entry.lemmas for w in validated(tables, "word", Words, key=lambda w: w.id)} if located else {}
    entries = {item.entry.id: item.entry for item in located}
    where = {item.entry.id: item.where for item in located}
    issues: dict[str, Issue] = {}
    cues: list[_Cue] = []
    for id_, e in entries.items():
        issue = issues[id_] = Issue(
            e.id, e.name, e.support, e.aliases, (*e.cues, *e.cues_against, *(" + ".join(c) for c in e.cues_all)),
            e.about, e.actors,
            e.parent, e.since, e.until, _depth(id_, entries, where), where[id_],
        )  # fmt: skip
        rows = [(c, False) for c in (*e.cues, *e.aliases, *e.cues_against)] + [(c, True) for c in e.cues_near]
        for text, near in rows:
            against = text in e.cues_against  # an alias may be one too
            cues += [_Cue(issue, ((words,),), True, near, against) for words in _expand(text, sets, where[id_])]
        for group in e.cues_all:
            parts = tuple(tuple(_expand_word(part, sets, where[id_])) for part in group)
            cues.append(_Cue(issue, parts, False, False))
    return IssueBook(issues, cues)


def _depth(id_: str, entries: Mapping[str, IssueEntry], where: Mapping[str, str]) -> int:
    seen = [id_]
    while parent := entries[seen[-1]].parent:
        if parent not in entries:
            raise KnowledgeError(
                f"{where[seen[-1]]}: issue {seen[-1]!r}: no issue {parent!r} to be its parent. Correct the id."
            )
        if parent in seen:
            raise KnowledgeError(f"{where[id_]}: issue {id_!r} is its own ancestor. Correct one of the parents.")
        seen.append(parent)
    return len(seen) - 1


def _expand(text: str, sets: Mapping[str, tuple[str, ...]], where: str) -> Iterator[Row]:
    """Yield every way to write a cue in a row whose words may have alternatives ("sanction on @russia")."""
    ways: list[Row] = [()]
    for word in text.split():
        ways = [w + tail for w in ways for tail in _expand_word(word, sets, where)]
    yield from dict.fromkeys(ways)


def _expand_word(word: str, sets: Mapping[str, tuple[str, ...]], where: str) -> list[Row]:
    found: list[Row] = []
    for alternative in word.split("|"):
        if alternative.startswith("@"):
            if alternative[1:] not in sets:
                raise KnowledgeError(f"{where}: no [[word]] {alternative!r}. Define it or write the words themselves.")
            found += [_cut(w) for w in sets[alternative[1:]]]
        else:
            found.append(_cut(alternative))
    return found


def _cut(text: str) -> Row:
    words = (w for w in cut_words(text) if w not in _HYPHENS)
    return tuple(w if w.isupper() and len(w) > 1 else w.lower() for w in words)
