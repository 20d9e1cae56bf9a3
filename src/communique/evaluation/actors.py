"""Scores for actors: phrases with a day and perhaps a context, held against the wanted country and sector.

The gold form is that of the test cases of NGEC (Halterman et al. 2023): `country` an ISO 3166-1 alpha-3 code (UNO, EUR,
IGO for organisations) or empty, `sector` one of PLOVER's; each a value or a list of accepted ones, and not asked for
where it is missing or null. NGEC writes HLH for what PLOVER 0.8 calls MED, IGO for every organisation of states but the
UN and the EU, UNK for somebody of whom nothing is known, CVL for a person without any office or body, and JNK for a
phrase that names no actor at all; they are written so in the predictions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from communique.pipeline import Coder

_NGEC_SECTORS = {"MED": "HLH"}
_NO_ACTOR, _UNKNOWN, _PERSON = "JNK", "UNK", "CVL"
_NAMED_IGOS = frozenset({"UNO", "EUR"})
_GENERIC = {"igo": "IGO", "armed": "IMG", "ngo": "NGO", "company": "MNC"}  # those that belong to no state
_FIELDS = ("country", "sector")


@dataclass(frozen=True, slots=True)
class PhraseResult:
    """One phrase with what was wanted and what the program gave."""

    text: str
    wanted: Mapping[str, Any]
    country: str
    sector: str

    @property
    def prediction(self) -> dict[str, str]:
        """The prediction in the gold's form."""
        return {"country": self.country, "sector": self.sector}

    @property
    def right(self) -> bool:
        """Whether every wanted field is right."""
        return all(_fits(self.wanted.get(field), getattr(self, field)) for field in _FIELDS)


def evaluate_actors(coder: Coder, rows: Iterable[Mapping[str, Any]]) -> list[PhraseResult]:
    """Return a result for each gold row; the measure is the share of those that are `right`."""
    results = []
    for row in rows:
        country, sector = code_phrase(coder, row["text"], row.get("date") or "", row.get("context") or "")
        results.append(PhraseResult(row["text"], row, country, sector))
    return results


def code_phrase(coder: Coder, text: str, day: str = "", context: str = "") -> tuple[str, str]:
    """Return (country, sector) of a phrase as the gold file writes them; of several actors those of the first."""
    actors = coder.phrase(text, day, context)
    if not actors:
        return "", _NO_ACTOR if coder.dated(text) else _UNKNOWN
    first = actors[0]
    entity = coder.knowledge.actors.entity(first.code)
    code = first.code
    if entity is not None and code not in _NAMED_IGOS:
        code = _GENERIC.get(entity.kind, code)
    sector = first.sector or (_PERSON if first.person else "")
    return code, _NGEC_SECTORS.get(sector, sector)


def _fits(wanted: Any, given: str) -> bool:
    if wanted is None:
        return True
    return given in (wanted if isinstance(wanted, list) else [wanted])
