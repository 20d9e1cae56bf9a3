"""A labelled set of copies and of reports that only look like copies, and how well communique tells them apart.

usage: python tools/story_set.py [--news FILE] [--seed N] [--part all|tuned|held-out] [--families N] [--misses N]

Each family is a report and its copies, made by seeded changes of the sorts in CHANGES, one to three at once. Beside
them stand reports that share much and are no copies. The base texts are our own (story_texts.toml); with --news also
the reports of a JSONL file, those of even number for tuning and those of odd number held out.

All are put in order by day, read (furniture goes), assigned to stories in a store's catalogue, and compared by pairs:
precision is the share of pairs in one story that are labelled so, recall the share of labelled pairs that are in one
story. A report with another one appended is labelled as the story that it begins with; its pairs with the appended one
do not count.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path

import story_texts as texts
from communique.knowledge import load_knowledge
from communique.reading import read_item
from communique.reading.likeness import likeness, told_text
from communique.settings import Settings
from communique.sources.item import RawItem
from communique.store.catalogue import Catalogue

Paragraphs = list[str]


@dataclass(frozen=True)
class Piece:
    """A report of the set: its text, the story that it belongs to, how it was made, and stories it may also be of."""

    text: str
    label: str
    sort: str
    day: str
    also: tuple[str, ...] = ()


@dataclass
class Base:
    """A report that others are made from, and another one for what is appended or put in."""

    rng: random.Random
    paragraphs: Paragraphs
    other: Paragraphs
    other_label: str
    also: list[str] = field(default_factory=list)


# ------------------------------------------------------------------ what is done to copies


def truncated(base: Base, told: Paragraphs) -> Paragraphs:
    """Cut to 30 to 90 percent, within a paragraph or between."""
    words = sum(len(p.split()) for p in told)
    left = int(words * base.rng.uniform(0.3, 0.9))
    kept: Paragraphs = []
    for paragraph in told:
        own = paragraph.split()
        kept.append(" ".join(own[:left]))
        left -= len(own)
        if left <= 0:
            break
    return kept


def reordered(base: Base, told: Paragraphs) -> Paragraphs:
    """Put the paragraphs in another order; in half of the cases the first stays."""
    stays = 1 if base.rng.random() < 0.5 else 0
    rest = told[stays:]
    base.rng.shuffle(rest)
    return told[:stays] + rest


def edited(base: Base, told: Paragraphs) -> Paragraphs:
    """Change, drop or add 2 to 7 percent of the words and correct up to three numbers."""
    rng = base.rng
    share = rng.uniform(0.02, 0.07)
    pool = [w for p in base.other for w in p.split() if w.islower()] or ["also"]
    done: Paragraphs = []
    for paragraph in told:
        words: list[str] = []
        for word in paragraph.split():
            chance = rng.random() / share
            if chance < 0.6:
                words.append(rng.choice(pool))
            elif chance < 0.8:
                words += [word, rng.choice(pool)]
            elif chance >= 1.0:
                words.append(word)
        done.append(" ".join(words))
    for _ in range(rng.randint(0, 3)):
        at = rng.randrange(len(done))
        done[at] = re.sub(r"\b\d+\b", lambda m: str(int(m[0]) + rng.randint(1, 9)), done[at], count=1)
    return done


def updated(base: Base, told: Paragraphs) -> Paragraphs:
    """Put a new paragraph or two in, at most a quarter of the text, at the head in half of the cases."""
    words = sum(len(p.split()) for p in told)
    new: Paragraphs = []
    for paragraph in texts.report(base.rng):
        new.append(" ".join(paragraph.split()[: max(8, words // 4 - sum(len(p.split()) for p in new))]))
        if sum(len(p.split()) for p in new) >= words // 5:
            break
    at = 0 if base.rng.random() < 0.5 else base.rng.randint(1, len(told))
    return told[:at] + new + told[at:]


def cut_inside(base: Base, told: Paragraphs) -> Paragraphs:
    """Leave out a paragraph or a fifth of them, not the first."""
    gone = set(base.rng.sample(range(1, len(told)), max(1, len(told) // 5))) if len(told) > 2 else set()
    return [p for n, p in enumerate(told) if n not in gone]


def appended(base: Base, told: Paragraphs) -> Paragraphs:
    """Let another story follow, a third to nine tenths as long as this one."""
    left = int(_count(told) * base.rng.uniform(0.3, 0.9))
    base.also.append(base.other_label)
    return [*told, " ".join(" ".join(base.other).split()[:left])]


def headings(base: Base, told: Paragraphs) -> Paragraphs:
    """Put headings between the paragraphs, worded otherwise in each copy."""
    done: Paragraphs = []
    for n, paragraph in enumerate(told):
        if n and n % 3 == 0:
            done.append(
                base.rng.choice(["What we know", "The background", "Reactions", "What happens now", "In brief"])
            )
        done.append(paragraph)
    return done


def typeset(base: Base, told: Paragraphs) -> Paragraphs:
    """Other quotes, dashes and spaces, or all in capitals."""
    if base.rng.random() < 0.3:
        return [p.upper() for p in told]
    return [
        re.sub(r'"([^"]*)"', "“\\1”", p).replace("'", "’").replace(" - ", " — ").replace(" ", "  ", 3) for p in told
    ]


# In the order in which they are done: what is put in is not cut away again.
CHANGES: dict[str, Callable[[Base, Paragraphs], Paragraphs]] = {
    "truncated": truncated, "cut inside": cut_inside, "reordered": reordered, "edited": edited, "updated": updated,
    "appended": appended, "headings": headings, "typeset": typeset, "furniture only": lambda base, told: told,
}  # fmt: skip


def furnished(rng: random.Random, told: Paragraphs) -> str:
    """Return a page: another headline, a by-line, share lines and what follows under a report."""
    head = [texts.headline(rng)] if rng.random() < 0.8 else []
    if rng.random() < 0.5:
        head.append(f"By {rng.choice(['Anna', 'Omar', 'Lucia', 'Tom'])} {rng.choice(texts.SURNAMES)}")
    if rng.random() < 0.4:
        head.append(rng.choice(["Share this article", "Listen to this story (4 min)", "Tweet  Email  Print"]))
    if rng.random() < 0.4 and told:
        place = rng.choice(texts.TOWNS).upper()
        told = [f"{place} ({rng.choice(['Reuters', 'AFP', 'AP'])}) - {told[0]}", *told[1:]]
    tail = ["(Reporting by Lena Hart in Oslo; Editing by Tom Reed)"] if rng.random() < 0.3 else []
    if rng.random() < 0.4:
        tail.append(rng.choice(["Sign up to our newsletter", "Read more: What to know", "All rights reserved."]))
    return "\n\n".join([*head, *told, *tail])


# ------------------------------------------------------------------ what only looks like a copy


def forms(rng: random.Random, label: str, day: date) -> Iterator[Piece]:
    """Six reports by one form, each with other facts; two in three are of other days."""
    form = rng.choice(sorted(texts.FORMS))
    for n in range(6):
        yield Piece(furnished(rng, texts.filled(form, rng).split("\n\n")), f"{label}-{n}", f"form: {form}",
                    (day + timedelta(days=n // 2)).isoformat())  # fmt: skip


def rewritten(rng: random.Random, label: str, day: date) -> Iterator[Piece]:
    """Three reports of one event by three hands: the same names and places, other sentences for the most part."""
    about, topic = texts.facts(rng), rng.choice(sorted(texts.FRAMES))
    frames = rng.sample(texts.FRAMES[topic], len(texts.FRAMES[topic]))
    for n in range(3):
        told = [about.fill(f, rng) for f in (*frames[4 * n : 4 * n + 5], *rng.sample(texts.OPENINGS, 3))]
        yield Piece(furnished(rng, told), f"{label}-{n}", "rewritten", day.isoformat())


def same_background(
    rng: random.Random, label: str, day: date, base: Paragraphs, more: Callable[[], Paragraphs]
) -> Iterator[Piece]:
    """A report and a later one that ends with the same background: a quarter to two fifths of it."""
    share = rng.uniform(0.25, 0.4)
    new = more()
    background = _words_of(base, int(share / (1 - share) * _count(new)), last=True)
    yield Piece(furnished(rng, base), f"{label}-0", "background", day.isoformat())
    yield Piece(furnished(rng, new + background), f"{label}-1", "background", (day + timedelta(days=1)).isoformat())


def same_quotation(rng: random.Random, label: str, day: date, more: Callable[[], Paragraphs]) -> Iterator[Piece]:
    """Two reports with the same long quotation, up to half of each."""
    said = texts.quotation(rng)
    for n in range(2):
        told = _words_of(more(), int(len(said.split()) * rng.uniform(1.0, 2.5)))
        at = rng.randint(1, len(told))
        yield Piece(furnished(rng, [*told[:at], said, *told[at:]]), f"{label}-{n}", "quotation", day.isoformat())


def developing(
    rng: random.Random, label: str, day: date, base: Paragraphs, more: Callable[[], Paragraphs]
) -> Iterator[Piece]:
    """A report and what became of it a day later: 60 to 75 percent new, the new part first."""
    early = _words_of(base, max(60, _count(base) // 2))
    new = _words_of(more(), 10**6)
    kept = _words_of(early, int(_count(new) * rng.uniform(0.33, 0.66)))
    yield Piece(furnished(rng, early), f"{label}-0", "developing", day.isoformat())
    yield Piece(furnished(rng, new + kept), f"{label}-1", "developing", (day + timedelta(days=1)).isoformat())


def swapped(rng: random.Random, label: str, day: date, base: Paragraphs) -> Iterator[Piece]:
    """The first paragraphs of a report, and the same words about others: each name and number another one."""
    told = _words_of(base, 120)
    yield Piece(furnished(rng, told), f"{label}-0", "swapped", day.isoformat())
    known: dict[str, str] = {}

    def other(match: re.Match[str]) -> str:
        word = match[0]
        if word not in known:
            known[word] = str(rng.randint(2, 999)) if word[0].isdigit() else rng.choice(texts.SURNAMES + texts.TOWNS)
        return known[word]

    done = [re.sub(r"(?<=[a-z,] )[A-Z]\w+|\b\d+\b", other, p) for p in told]
    yield Piece(furnished(rng, done), f"{label}-1", "swapped", (day + timedelta(days=2)).isoformat())


def _count(told: Paragraphs) -> int:
    return sum(len(p.split()) for p in told)


def _words_of(told: Paragraphs, most: int, *, last: bool = False) -> Paragraphs:
    """Return the first paragraphs, or the last, of `most` words in all."""
    done: Paragraphs = []
    for paragraph in reversed(told) if last else told:
        words = paragraph.split()[: max(0, most - _count(done))]
        if not words:
            break
        done.insert(0, " ".join(words)) if last else done.append(" ".join(words))
    return done


# ------------------------------------------------------------------ the draw


def news_reports(path: Path, part: str) -> list[Paragraphs]:
    """Return reports of a JSONL file, in paragraphs of three sentences: of even number, of odd number, or all."""
    wanted = {"tuned": (0,), "held-out": (1,), "all": (0, 1)}[part]
    found = []
    for n, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        if n % 2 in wanted:
            sentences = re.split(r"(?<=[.!?”]) (?=[A-Z“])", json.loads(line)["text"])
            found.append([" ".join(sentences[at : at + 3]) for at in range(0, len(sentences), 3)])
    return found


def draw(seed: int, families: int, news: Sequence[Paragraphs] = (), *, shuffled: bool = False) -> list[Piece]:
    """Return the set: a family for each of `families` bases, half of them from `news`, and as many look-alikes.

    They come by day, of one day the first tellings first; `shuffled`, in any order.
    """
    rng = random.Random(seed)
    shelf = list(news)
    rng.shuffle(shelf)
    pieces: list[Piece] = []

    def base() -> Paragraphs:
        return shelf.pop() if shelf and rng.random() < 0.6 else texts.report(rng)

    previous, previous_label = texts.report(rng), ""
    for n in range(families):
        told, label = base(), f"family-{n}"
        day = date(2024, 1, 1) + timedelta(days=rng.randrange(300))
        pieces.append(Piece(furnished(rng, told), label, "first", day.isoformat()))
        for _ in range(rng.randint(2, 8)):
            made = Base(rng, told, previous, previous_label)
            sorts = rng.sample(sorted(CHANGES), rng.choice((1, 1, 2, 3)))
            copy = list(told)
            for sort in sorted(sorts, key=list(CHANGES).index):
                copy = CHANGES[sort](made, copy)
            when = day + timedelta(days=rng.choice((0, 0, 0, 1, 2, 30)))
            text = furnished(rng, copy)
            pieces.append(Piece(text, label, " + ".join(sorted(sorts)), when.isoformat(), tuple(made.also)))
        previous, previous_label = told, label
        pieces += _lookalikes(rng, n, day, base)
    rng.shuffle(pieces)
    return pieces if shuffled else sorted(pieces, key=lambda piece: (piece.day, piece.sort != "first"))


def _lookalikes(rng: random.Random, number: int, day: date, base: Callable[[], Paragraphs]) -> Iterator[Piece]:
    label = f"other-{number}"
    more: Callable[[], Paragraphs] = lambda: texts.report(rng)  # noqa: E731
    sort = number % 6
    if sort == 0:
        yield from forms(rng, label, day)
    elif sort == 1:
        yield from rewritten(rng, label, day)
    elif sort == 2:
        yield from same_background(rng, label, day, base(), more)
    elif sort == 3:
        yield from same_quotation(rng, label, day, more)
    elif sort == 4:
        yield from developing(rng, label, day, base(), more)
    else:
        yield from swapped(rng, label, day, base())


# ------------------------------------------------------------------ the measure


@dataclass
class Measured:
    """Pairs that are rightly in one story, wrongly, and missing; and by sort of the two reports."""

    right: int = 0
    wrong: Counter[str] = field(default_factory=Counter)
    missing: Counter[str] = field(default_factory=Counter)
    pairs: Counter[str] = field(default_factory=Counter)
    examples: list[tuple[str, Piece, Piece]] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + self.wrong.total())

    @property
    def recall(self) -> float:
        return self.right / max(1, self.right + self.missing.total())


def assigned(pieces: Sequence[Piece]) -> list[str]:
    """Return the story of each piece, read in their order into one store's catalogue."""
    settings, furniture = Settings(), load_knowledge().furniture
    stories: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        Catalogue.create(Path(folder))
        catalogue = Catalogue.open(Path(folder), write=True)
        known = catalogue.stories()
        for n, piece in enumerate(pieces):
            item = RawItem(piece.text, f"piece {n}", published=piece.day)
            report = read_item(item, furniture=furniture, settings=settings).report
            stories.append(known.assign(f"r{n}", piece.day, likeness(told_text(report))))
            catalogue.commit([], [], known.told([f"r{n}"]))
            known.forget([f"r{n}"])
        catalogue.close()
    return stories


def compared(pieces: Sequence[Piece], stories: Sequence[str]) -> Measured:
    """Compare all pairs that are in one story or labelled so."""
    found = Measured()
    together: defaultdict[str, list[int]] = defaultdict(list)
    for n, (piece, story) in enumerate(zip(pieces, stories, strict=True)):
        together[f"story {story}"].append(n)
        together[f"label {piece.label}"].append(n)
    pairs = {pair for group in together.values() for pair in combinations(group, 2)}
    for i, j in sorted(pairs):
        one, other = pieces[i], pieces[j]
        if one.label in other.also or other.label in one.also:
            continue
        wanted, given = one.label == other.label, stories[i] == stories[j]
        sort = one.sort if other.sort == "first" else other.sort if one.sort == "first" else "two copies"
        found.pairs[sort] += wanted
        if wanted and given:
            found.right += 1
        elif given:
            found.wrong[" / ".join(sorted((one.sort, other.sort)))] += 1
            found.examples.append(("wrong", one, other))
        else:
            found.missing[sort] += 1
            found.examples.append(("missing", one, other))
    return found


def main() -> int:
    options = argparse.ArgumentParser(description="Tell copies from look-alikes in a labelled set.")
    options.add_argument("--news", type=Path, default=None, help="JSONL file of reports to make families of as well")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--part", choices=("all", "tuned", "held-out"), default="all", help="of --news")
    options.add_argument("--families", type=int, default=200)
    options.add_argument("--shuffled", action="store_true", help="in any order, copies before what they copy as well")
    options.add_argument("--misses", type=int, default=0, metavar="N", help="print N pairs that were taken wrongly")
    chosen = options.parse_args()
    pieces = draw(chosen.seed, chosen.families, news_reports(chosen.news, chosen.part) if chosen.news else (),
                  shuffled=chosen.shuffled)  # fmt: skip
    found = compared(pieces, assigned(pieces))
    print(f"{len(pieces)} reports, {found.pairs.total()} pairs of copies:", end=" ")
    print(f"precision {found.precision:.4f}, recall {found.recall:.4f}")
    for name, counts in (("wrong", found.wrong), ("missing", found.missing)):
        for sort, number in counts.most_common(25):
            print(f"  {name} {number}{f' of {found.pairs[sort]}' if name == 'missing' else ''}: {sort}")
    for name, one, other in found.examples[: chosen.misses]:
        print(f"\n=== {name}\n--- {one.sort}, {one.day}\n{one.text}\n--- {other.sort}, {other.day}\n{other.text}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
