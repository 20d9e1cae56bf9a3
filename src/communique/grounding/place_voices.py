"""Where a report itself is from, as far as its words tell: a local paper writes for those who know which town it is."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from communique.grounding.place_names import Named
from communique.knowledge.gazetteer import Gazetteer, Site
from communique.language.tree import Sentence

MANY = 3
"""Words of a country's public life, beyond the first, that make a report one of its local papers."""
_ABROAD, _STEPS = 6, 4
_TELEPHONE = re.compile(r"(?<!\d)\(? ?([2-9]\d\d) ?\)? ?[-./ ] ?\d{3} ?[-.] ?\d{4}(?!\d)")


def voices(sentences: Sequence[Sentence], gazetteer: Gazetteer) -> dict[str, float]:
    """Return how much a report sounds like a local paper of each country, between 0 and 1; 0 is left out."""
    heard: dict[str, int] = defaultdict(int)
    known = gazetteer.voices
    said = {w.lower() for s in sentences for w in s.words}
    heads = said.intersection(gazetteer.voice_heads)
    if heads:  # "city council", "school board": two words are looked for only where the first of them stands
        for s in sentences:
            said.update(
                f"{w.lower()}_{s.words[i + 1].lower()}" for i, w in enumerate(s.words[:-1]) if w.lower() in heads
            )
    for word in said.intersection(known):
        for country in known[word]:
            heard[country] += 1
    return {country: min(1.0, (count - 1) / MANY) for country, count in heard.items() if count > 1}


def homely(names: Iterable[Named]) -> float:
    """Return how much a report keeps to one country: 1 for one that names one or two, 0 for one that names six."""
    named = {s.country for n in names for s in n.sites[:1] if s.kind == "country" or n.form == "demonym"}
    return min(1.0, max(0.0, (_ABROAD - len(named)) / _STEPS))


def telephones(sentences: Sequence[Sentence], gazetteer: Gazetteer) -> Iterator[tuple[str, tuple[Site, ...]]]:
    """Yield the North American states and provinces of the telephone numbers in a report, and why they are meant."""
    numbered = [s for s in sentences if any(w[0].isdigit() and len(w) > 2 for w in s.words)]
    found = {m[1] for s in numbered for m in _TELEPHONE.finditer(" ".join(s.words))}
    for name in sorted({gazetteer.area_codes[code] for code in found if code in gazetteer.area_codes}):
        sites = tuple(
            s for s in gazetteer.sites(name) if s.country in ("USA", "CAN") and s.kind in ("region", "capital")
        )
        if sites:
            yield f"telephones of {name}", sites
