"""Scores for actors: phrases with a day and perhaps a context, held against the wanted country and sector.

The gold form is that of the test cases of NGEC (Halterman et al. 2023): `country` an ISO 3166-1 alpha-3 code (UNO, EUR,
IGO for organisations) or empty, `sector` one of PLOVER's; each a value or a list of accepted ones, and not asked for
where it is missing or null. NGEC writes HLH for what PLOVER 0.8 calls MED, IGO for every organisation of states but the
UN and the EU, UNK for somebody of whom nothing is known, CVL for a person without any office or body, and JNK for a
phrase that names no actor at all; they are written so in the predictions.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from communique.errors import InputError
from communique.knowledge.actors import ActorBook
from communique.knowledge.phrases import without_accents
from communique.knowledge.spelling import alike
from communique.pipeline import Coder

_NGEC_SECTORS = {"MED": "HLH"}
_NO_ACTOR, _UNKNOWN, _PERSON = "JNK", "UNK", "CVL"
_NAMED_IGOS = frozenset({"UNO", "EUR"})
_GENERIC = {"igo": "IGO", "armed": "IMG", "ngo": "NGO", "company": "MNC"}  # those that belong to no state
_FIELDS = ("country", "sector")
_NUMERAL = re.compile(r"[ivx]+")
_NOT_LETTERS = re.compile(r"[^a-z]+")


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
        return "", _UNKNOWN if coder.somebody(text) else _NO_ACTOR
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


@dataclass(frozen=True, slots=True)
class HolderResult:
    """One row of a table of office holders with whom the program names; `given` is empty for nobody."""

    code: str
    office: str
    day: str
    person: str
    given: str

    @property
    def right(self) -> bool:
        """Whether both names are one person's: they share the family name, whatever the spelling of the rest.

        An empty `person` says that nobody is expected. Names without Latin letters have to be the same as written.
        """
        (wanted, one), (given, other) = _name_words(self.person), _name_words(self.given)
        if not given or not wanted:
            return self.given.strip() == self.person.strip()
        if one and other and one != other:
            return False
        return given[-1] in wanted or wanted[-1] in given or len(set(given) & set(wanted)) > 1


def evaluate_holders(book: ActorBook, path: Path) -> list[HolderResult]:
    """Return a result for each row of a CSV table with the columns `code`, `office`, `day` and `person`.

    Lines that begin with "#" are left out. Raises InputError for a table that lacks a column.
    """
    lines = [line for line in path.read_text(encoding="utf-8").split("\n") if not line.startswith("#")]
    rows = csv.DictReader(lines)
    if missing := {"code", "office", "day", "person"} - set(rows.fieldnames or ()):
        raise InputError(f"{path} has no column {min(missing)!r}. The table has code, office, day and person.")
    results = []
    for row in rows:
        holder = book.office_holder(row["code"], row["office"], row["day"])
        given = holder.person if holder else ""
        results.append(HolderResult(row["code"], row["office"], row["day"], row["person"], given))
    return results


def _name_words(name: str) -> tuple[list[str], str]:
    """Return the words of a name that tell people apart, without accents and articles, and a monarch's numeral."""
    words = [alike(w) for w in _NOT_LETTERS.sub(" ", without_accents(name).lower().replace("'", "")).split()]
    numeral = words[-1] if len(words) > 1 and _NUMERAL.fullmatch(words[-1]) else ""
    told = [w for w in words if w not in ("al", "el", "bin", "jr", "sr", numeral)]
    return told or words, numeral
