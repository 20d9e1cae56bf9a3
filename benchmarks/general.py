"""An archive of general news, of which one report in five is about politics.

The other four are made of our own texts in `general/*.txt`: articles on sport, markets, science, health, films,
cooking, courts, traffic and so on. A report is a few of them run together, cut by paragraphs, with other surnames and
numbers, and as long as a report of the political ones drawn at random; so four fifths of the words are theirs too.
Seeded: the same archive each time.

An article begins with a line `## topic | people: First Last, ...`; each line after it is a paragraph.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from communique.sources.item import RawItem

FOLDER = Path(__file__).parent / "general"
SHARE = 5
"""One report in so many is about politics."""
_NUMBER = re.compile(r"(?<![\d.,:/-])\d{2,3}(?![\d.,:/-])")
_SURNAMES = (
    "Abbott Adler Barlow Becker Bianchi Blake Borg Bowen Brandao Bruun Calder Castellano Conti Corrigan Dahl "
    "Dalton Dietz Dupont Easton Eriksen Falk Farrell Ferreira Fonseca Gallo Garside Gruber Haas Hartley Hobbs "
    "Holm Ishida Jansen Jarvis Keane Keller Kimura Kovac Lacey Lang Larsen Lombardi Lunn Maddox Marin Mercer "
    "Moreau Nash Nilsen Nowak Oakley Okafor Olivier Palmer Pereira Petit Quigley Ramos Renner Rossi Rowe Sato "
    "Schuster Sharma Sloane Soto Tanner Thorne Urban Vance Varga Vogel Wahl Weston Whelan Wirth Yates Zeman"
).split()


@dataclass(frozen=True, slots=True)
class Article:
    """One of our texts: its topic, the surnames of its people, its paragraphs."""

    topic: str
    surnames: tuple[str, ...]
    paragraphs: tuple[str, ...]


def read_articles(path: Path) -> list[Article]:
    """Return the articles of a file."""
    found = []
    for part in path.read_text(encoding="utf-8").split("## ")[1:]:
        head, *paragraphs = [line.strip() for line in part.splitlines() if line.strip()]
        topic, _, people = head.partition("| people:")
        surnames = tuple(name.split()[-1] for name in people.split(","))
        found.append(Article(topic.strip(), surnames, tuple(paragraphs)))
    return found


def general_reports(articles: Sequence[Article], lengths: Sequence[int], seed: int) -> Iterator[str]:
    """Yield one text for each of `lengths`, which are in words."""
    for number, length in enumerate(lengths):
        rng = random.Random(f"{seed} {number}")
        pool = rng.sample(articles, len(articles))
        paragraphs: list[str] = []
        words = 0
        while words < length:
            article = pool.pop() if pool else rng.choice(articles)
            for paragraph in _varied(article, rng):
                if words >= length:
                    break
                paragraphs.append(paragraph)
                words += len(paragraph.split())
        yield "\n\n".join(paragraphs)


def _varied(article: Article, rng: random.Random) -> Iterator[str]:
    """Yield the paragraphs of an article with other surnames and numbers; now and then one is left out."""
    others = dict(zip(article.surnames, rng.sample(_SURNAMES, len(article.surnames)), strict=True))
    for place, paragraph in enumerate(article.paragraphs):
        if not place or rng.random() < 0.85:
            yield _renumbered(_renamed(paragraph, others), rng)


def _renamed(text: str, others: Mapping[str, str]) -> str:
    return re.sub("|".join(rf"\b{re.escape(name)}\b" for name in others), lambda m: others[m[0]], text)


def _renumbered(text: str, rng: random.Random) -> str:
    return _NUMBER.sub(lambda m: str(rng.randint(10 ** (len(m[0]) - 1), 10 ** len(m[0]) - 1)), text)


def archive(politics: Sequence[RawItem], files: Sequence[Path] = (), seed: int = 5) -> list[RawItem]:
    """Return the reports on politics among four times as many on everything else, shuffled.

    `files` are the texts of the others, by default all that we have.
    """
    articles = [article for path in files or sorted(FOLDER.glob("*.txt")) for article in read_articles(path)]
    rng = random.Random(seed)
    texts = [item.content for item in politics if isinstance(item.content, str)]
    lengths = [rng.choice([len(text.split()) for text in texts]) for _ in range((SHARE - 1) * len(texts))]
    days = [item.published for item in politics]
    others = [
        RawItem(text, f"general {n}", f"general-{n}", published=rng.choice(days))
        for n, text in enumerate(general_reports(articles, lengths, seed))
    ]
    mixed = [*politics, *others]
    rng.shuffle(mixed)
    return mixed
