"""One update: ask, write a pack, hold it against what was known, and put it in its place in one step."""

from __future__ import annotations

import csv
import shutil
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from communique.errors import UpdateError
from communique.knowledge import Knowledge, load_knowledge
from communique.update import geonames, wikidata
from communique.update.changes import Changes, changed_bodies, changed_people
from communique.update.web import Web

Row = dict[str, str]
PARTS = ("people", "organisations", "places")
_COLUMNS = {
    "people": ("person", "code", "office", "start", "end", "wikidata"),
    "organisations": ("id", "code", "kind", "sector", "name", "names", "members", "start", "end", "wikidata"),
    "places": ("name", "kind", "country", "admin1", "geonameid", "lat", "lon", "population", "aliases"),
}
_ORIGINS = {
    "people": ("Wikidata, terms of office", "CC0"),
    "organisations": ("Wikidata, organisations", "CC0"),
    "places": ("GeoNames (https://www.geonames.org)", "CC BY 4.0"),
}


@dataclass(frozen=True, slots=True)
class Sources:
    """Where to ask; the addresses are those of the services themselves unless a mirror is named."""

    wikidata: str = "https://query.wikidata.org/sparql"
    geonames: str = "https://download.geonames.org/export/dump"
    parts: Sequence[str] = PARTS
    states: Sequence[str] = ()
    since: int = field(default_factory=lambda: date.today().year - 4)


def update(
    sources: Sources, target: Path, *, web: Web, folders: Iterable[Path] = (),
    say: Callable[[str], None] = lambda line: None,
) -> tuple[Path, Changes]:  # fmt: skip
    """Write the pack of today into the folder `target`; return it with what it changes.

    `folders` are the knowledge that it is held against besides ours; `say` hears of each step. A pack of the same day
    is replaced. Raises UpdateError if a service cannot be asked: then nothing is written.
    """
    folders = tuple(folders)
    known = load_knowledge(folders)
    day = date.today().isoformat()
    beside = target / f".{day}.{uuid.uuid4().hex}"
    try:
        beside.mkdir(parents=True)
        changes = _fill(beside, sources, known, folders, day, web, say)
        _put(beside, target / day)
    except OSError as error:
        raise UpdateError(f"The pack cannot be written to {target} ({error.strerror}). Name another folder.") from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return target / day, changes


def _fill(
    pack: Path, sources: Sources, known: Knowledge, folders: tuple[Path, ...], day: str, web: Web,
    say: Callable[[str], None],
) -> Changes:  # fmt: skip
    book = known.actors
    states = list(sources.states) or [
        e.code for e in book.entities if e.kind == "state" and e.iso2 and e.exists_on(day)
    ]
    people: list[Row] = []
    bodies: list[Row] = []
    told: list[str] = []
    if "people" in sources.parts:
        say(f"asking Wikidata for the offices of {len(states)} states")
        people = list(wikidata.terms(web, sources.wikidata, states, sources.since, book))
        _write(pack, "people", people, day)
    if "organisations" in sources.parts:
        say("asking Wikidata for organisations and their members")
        bodies = list(wikidata.members(web, sources.wikidata, book.entities))
        bodies += wikidata.bodies(web, sources.wikidata, states)
        _write(pack, "organisations", bodies, day)
    if "places" in sources.parts:
        say("fetching the towns of GeoNames")
        iso2 = {e.iso2: e.code for e in book.entities if e.iso2}
        towns = list(geonames.places(web, sources.geonames, known.gazetteer, iso2))
        _write(pack, "places", [row for _, row in towns], day)
        told = [f"{row['country']} {row['kind']}: {row['name']} is {what}" for what, row in towns]
    say("holding it against what was known")
    new = load_knowledge((*folders, pack)).actors  # which validates the pack
    spoken = [(row["code"], row["office"]) for row in people]
    after = [e for e in new.entities if e.where.startswith(pack.as_posix())]
    changes = Changes(
        tuple(changed_people(book, new, spoken, day)), tuple(changed_bodies(book, after, day)), tuple(told)
    )
    (pack / "changes.txt").write_text("".join(f"{line}\n" for line in changes.lines()), encoding="utf-8")
    return changes


def _write(pack: Path, part: str, rows: Iterable[Row], day: str) -> None:
    source, licence = _ORIGINS[part]
    unique = {tuple(row.get(column, "") for column in _COLUMNS[part]): None for row in rows}
    with (pack / f"{part}.csv").open("w", encoding="utf-8", newline="") as file:
        file.write(f"# version: {day}\n# source: {source}, asked on {day}\n# licence: {licence}\n")
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_COLUMNS[part])
        writer.writerows(sorted(unique))


def _put(pack: Path, place: Path) -> None:
    """Give the pack its name in one step; the one of the same day, if any, is set aside before and removed after."""
    old = place.with_name(f".{place.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if place.exists():
        place.rename(old)
    pack.rename(place)
    shutil.rmtree(old, ignore_errors=True)
