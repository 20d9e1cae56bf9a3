"""One update: ask, write a pack, hold it against what was known, and put it in its place in one step."""

from __future__ import annotations

import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from communique.errors import UpdateError
from communique.knowledge import Knowledge, compile_knowledge, load_knowledge
from communique.knowledge.actors import ActorBook
from communique.knowledge.gazetteer import load_gazetteer
from communique.knowledge.tables import Tables, read_folders
from communique.settings import newest_pack
from communique.update import geonames, packs, wikidata
from communique.update.changes import Changes, changed_bodies, changed_people
from communique.update.packs import PARTS, Row
from communique.update.web import Web

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Sources:
    """Where to ask; the addresses are those of the services themselves unless a mirror is named."""

    wikidata: str = "https://query.wikidata.org/sparql"
    geonames: str = "https://download.geonames.org/export/dump"
    parts: Sequence[str] = PARTS
    states: Sequence[str] = ()
    since: int = field(default_factory=lambda: date.today().year - 4)


@dataclass(frozen=True, slots=True)
class _Before:
    """What was known: the newest pack of the target, and the user's folders after it."""

    earlier: Path | None
    folders: tuple[Path, ...]
    known: Knowledge
    tables: Tables
    day: str

    def rows(self, part: str) -> list[Row]:
        return packs.rows_of(self.earlier, part, self.tables)


def update(
    sources: Sources, target: Path, *, web: Web, folders: Iterable[Path] = (), say: Say = lambda line: None,
) -> tuple[Path, Changes]:  # fmt: skip
    """Write a pack of today into the folder `target`; return it with what it changes.

    It holds what the newest pack of `target` had and was not asked for anew, and is held against that one. `folders`
    are the knowledge that is read after a pack; `say` hears of each step, and of how many rows were left out. Raises
    UpdateError if a service cannot be asked: then nothing is written.
    """
    folders = tuple(folders)
    earlier = newest_pack(target)
    read = (earlier, *folders) if earlier else folders
    before = _Before(earlier, folders, load_knowledge(read), read_folders(read), date.today().isoformat())
    beside = target / f".{before.day}.{uuid.uuid4().hex}"
    try:
        packs.begin(beside, earlier, sources.parts)
        towns = _ask(beside, sources, before, web, say)
        say("holding it against what was known")
        changes = _compare(beside, before, towns)
        (beside / packs.CHANGES).write_text("".join(f"{line}\n" for line in changes.lines()), encoding="utf-8")
        return packs.put(beside, target, before.day), changes
    except OSError as error:
        why = error.strerror or error
        raise UpdateError(f"The pack cannot be written to {target} ({why}). Name another folder.") from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _ask(pack: Path, sources: Sources, before: _Before, web: Web, say: Say) -> list[str]:
    """Write the parts that are asked for; return what is told of towns."""
    book, day = before.known.actors, before.day
    states = list(sources.states) or [
        e.code for e in book.entities if e.kind == "state" and e.iso2 and e.exists_on(day)
    ]
    told: list[str] = []
    if "people" in sources.parts:
        say(f"asking Wikidata for the offices of {len(states)} states")
        terms = _usable("people", wikidata.terms(web, sources.wikidata, states, sources.since, book), before, say)
        others = [
            row for row in before.rows("people")
            if row["code"] not in states or "" < row.get("start", "")[:4] < f"{sources.since:04}"
        ]  # fmt: skip
        packs.write(pack, "people", terms, day, others)
    if "organisations" in sources.parts:
        say("asking Wikidata for organisations and their members")
        found = [
            *wikidata.members(web, sources.wikidata, packs.organisations(before.tables)),
            *wikidata.bodies(web, sources.wikidata, states),
        ]
        bodies = _usable("organisations", found, before, say)
        again = {row["id"] for row in bodies if "id" in row}
        others = [r for r in before.rows("organisations") if r.get("code") not in states and r.get("id") not in again]
        packs.write(pack, "organisations", bodies, day, others)
    if "places" in sources.parts:
        say("fetching the towns of GeoNames")
        iso2 = {e.iso2: e.code for e in book.entities if e.iso2}
        # Against what is known without a pack, because this one takes the place of the earlier.
        own = [raw for raw in before.tables.get("place", ()) if before.earlier not in raw.path.parents]
        bare = load_gazetteer({"place": own})
        towns = _usable("places", geonames.places(web, sources.geonames, bare, iso2), before, say)
        others = []
        if sources.states:
            towns = [row for row in towns if row["country"] in states]
            others = [row for row in before.rows("places") if row.get("country") not in states]
        packs.write(pack, "places", towns, day, others)
        for row in towns:
            if what := geonames.difference(row, before.known.gazetteer):
                told.append(f"{row['country']} {row['kind']}: {row['name']} is {what}")
    return told


def _usable(part: str, rows: Iterable[Row | None], before: _Before, say: Say) -> list[Row]:
    """Return the rows that can be used and say how many cannot."""
    offices = {office.id: office.sector for office in before.known.actors.offices.values()}
    found = list(packs.usable(part, rows, offices))
    good = [row for row in found if row is not None]
    if left := len(found) - len(good):
        say(f"left out of {part}: {left} (an end before the start or unknown, a value that is none)")
    return good


def _compare(pack: Path, before: _Before, towns: Sequence[str]) -> Changes:
    """Validate the pack by compiling it, into a folder that is thrown away, and return what it changes."""
    folders = (pack, *before.folders)
    tables = read_folders(folders)
    spoken = {
        (row["code"], row["office"])
        for row in (*before.rows("people"), *packs.rows_of(pack, "people", tables))
        if row.get("office")
    }
    # Its files stay mapped until the book goes, which some systems take for a reason not to remove them yet.
    with tempfile.TemporaryDirectory(dir=pack.parent, prefix=".check-", ignore_cleanup_errors=True) as folder:
        compile_knowledge(folders, Path(folder))
        new, book = ActorBook(Path(folder)), before.known.actors
        after = [e for e in new.entities if e.where.startswith(pack.as_posix())]
        people = changed_people(book, new, spoken, before.day)
        return Changes(tuple(people), tuple(changed_bodies(book, after, before.day)), tuple(towns))
