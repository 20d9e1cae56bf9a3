"""Build data/actors/leaders/people.csv from lists of leaders. Run by hand: --reference DIR.

DIR holds leaders/reign_leaders_1950_2021.csv (REIGN, public domain), leaders/wikidata_heads_2022.csv (Wikidata, CC0)
and leaders/heads_2026-08-22.json (Wikipedia and Wikidata). REIGN gives surnames and months; full names and spellings
come from tools/leader_names.csv, which is our own. Whoever REIGN lists governed in fact (`leader`).
"""

from __future__ import annotations

import argparse
import calendar
import csv
import json
import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
DATA = ROOT / "src/communique/knowledge/data/actors"
FIELDS = ["person", "aliases", "surname", "code", "sector", "office", "start", "end", "wikidata", "leader"]
STATES = {  # REIGN's abbreviations where the number or name does not find the state
    "GFR": "DEU", "GMY": "DEU", "GDR": "DDR", "CZE": "CSK", "CZR": "CZE", "YUG": "YUG", "SER": "SRB", "DRV": "VNM",
    "RVN": "VDR", "YAR": "YEM", "YPR": "YMD", "RUS": "RUS", "USR": "SUN", "XKX": "XKX", "CHN": "CHN", "TAW": "TWN",
}  # fmt: skip
OFFICES = (  # words of a Wikidata position -> office, first hit wins
    ("vice president", "vice-president"), ("supreme leader", "supreme-leader"), ("executive yuan", "prime-minister"),
    ("prime minister", "prime-minister"), ("premier of", "prime-minister"), ("taoiseach", "prime-minister"),
    ("chief minister", "prime-minister"), ("council of ministers", "prime-minister"), ("chancellor", "chancellor"),
    ("monarch", "king"), ("king", "king"), ("emir", "king"), ("sultan", "king"), ("emperor", "king"),
    ("druk gyalpo", "king"), ("ngwenyama", "king"), ("governor-general", "governor"), ("pope", "pope"),
    ("prince", "prince"), ("captain regent", "captain-regent"), ("presidential council", "president"),
    ("president", "president"), ("military leader", "president"), ("o le ao", "president"), ("yang di", "king"),
)  # fmt: skip
BODIES = {"european_union": "EUR", "african_union": "AFU"}
# Titles that REIGN or Wikidata add to a name, and entries that are no person.
NOISE = re.compile(
    r"\s*\((?:[^)]*)\)?|^(?:King|Queen|Pope) (?=\w+ [IVX]+$)| of [A-Z]\w+(?: [A-Z]\w+)*$|, Prince of .*$"
)
NO_PERSON = re.compile(r"Council|Junta|Government|^Q\d+$", re.I)
Rules = dict[str, list[tuple[str, str]]]  # code -> governing offices, each with its first day


def state_codes() -> tuple[dict[str, str], dict[str, str], Rules]:
    """Return codes by Correlates of War number and by name, and each code's governing offices with their first days."""
    by_number: dict[str, str] = {}
    by_name: dict[str, str] = {}
    rules: Rules = {}
    lines = [ln for ln in (DATA / "states.csv").read_text(encoding="utf-8").splitlines() if not ln.startswith("#")]
    for row in csv.DictReader(lines):
        for name in (row["name"], *row["names"].split(";"), row["iso2"]):
            by_name.setdefault(name, row["code"])
        if not row["id"]:
            if row["cow"]:
                by_number.setdefault(row["cow"], row["code"])
            rules[row["code"]] = [(r.partition("@")[0], r.partition("@")[2]) for r in row["rule"].split(";") if r]
    return by_number, by_name, rules


def governing_office(rules: Rules, code: str, day: str) -> str:
    """Return the office that governs `code` in fact on `day`."""
    found = "leader"
    for office, start in rules.get(code, ()):
        if not start or start <= day:
            found = office
    return found


def full_names() -> dict[tuple[str, str], str]:
    """Return our full names by (code, name in REIGN)."""
    path = ROOT / "tools/leader_names.csv"
    lines = [ln for ln in path.read_text(encoding="utf-8").splitlines() if not ln.startswith("#")]
    return {(row["code"], row["reign"]): row["person"] for row in csv.DictReader(lines)}


def reign_rows(path: Path, by_number: dict[str, str], rules: Rules) -> Iterator[dict[str, str]]:
    """Yield the tenures of REIGN; a tenure ends on the day before the next begins if that is in the same month."""
    names = full_names()
    with path.open(encoding="utf-8", errors="replace") as file:
        rows = [r for r in csv.DictReader(file) if r["syear"]]
    for row, following in zip(rows, [*rows[1:], None], strict=True):
        if NO_PERSON.search(row["leader"]):
            continue
        start = f"{int(row['syear']):04d}-{int(row['smonth'] or 1):02d}-{int(row['sdate'] or 1):02d}"
        code = STATES.get(row["stateabb"]) or by_number.get(row["ccode"], "")
        if not code:
            continue
        end = ""
        if row["eyear"]:
            year, month = int(row["eyear"]), int(row["emonth"] or 12)
            day = calendar.monthrange(year, month)[1]
            after = following if following and following["stateabb"] == row["stateabb"] else None
            if after and after["smonth"] and (int(after["syear"]), int(after["smonth"])) == (year, month):
                day = max(int(after["sdate"] or 1), 1)
            end = f"{year:04d}-{month:02d}-{day:02d}"
        reign = NOISE.sub("", row["leader"]).strip()
        person = names.get((code, row["leader"])) or names.get((code, reign)) or _turned(reign)
        if end and end < start:
            end = start
        yield {
            "person": person, "aliases": "", "surname": "", "code": code, "sector": "GOV",
            "office": governing_office(rules, code, start), "start": start, "end": end, "wikidata": "", "leader": "y",
        }  # fmt: skip


def _turned(name: str) -> str:
    """Return "Duvalier, Francois" as "Francois Duvalier"; names without a comma as they are."""
    last, comma, first = name.partition(", ")
    return f"{first} {last}" if comma else name


def office_of(position: str) -> str:
    lower = position.lower()
    return next((office for words, office in OFFICES if words in lower), "")


def wikidata_rows(path: Path, by_name: dict[str, str]) -> Iterator[dict[str, str]]:
    """Yield the tenures of the 2022 snapshot: years only; an open end is left to what later lists say."""
    countries = {
        "People's Republic of China": "CHN", "Kingdom of Denmark": "DNK", "Kingdom of the Netherlands": "NLD",
        "Republic of Ireland": "IRL", "Federated States of Micronesia": "FSM", "The Gambia": "GMB",
        "Vatican City": "VAT",
        "Republic of Abkhazia": "GEO", "South Ossetia": "GEO", "Transnistria": "MDA", "Somaliland": "SOM",
        "Turkish Republic of Northern Cyprus": "CYP", "Sahrawi Arab Democratic Republic": "MAR",
        "Republic of Artsakh": "AZE", "Republika Srpska": "BIH",
    }  # fmt: skip
    with path.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            code = countries.get(row["country"]) or by_name.get(row["country"], "")
            office, label = office_of(row["positionLabel"]), NOISE.sub("", row["officeholderLabel"]).strip()
            if not (code and office) or NO_PERSON.search(label):
                continue
            if "co-prince" in row["positionLabel"].lower() or (
                office == "king" and label in _COMMON_MONARCHS and code != "GBR"
            ):
                continue
            yield {
                "person": label.replace('"Brave" ', ""), "aliases": "", "surname": "", "code": code, "sector": "GOV",
                "office": office, "start": row["start_year"], "end": row["end_year"],
                "wikidata": row["officeholder"], "leader": "",
            }  # fmt: skip


_COMMON_MONARCHS = ("Elizabeth II", "Charles III")


def snapshot_rows(path: Path, by_name: dict[str, str]) -> Iterator[dict[str, str]]:
    """Yield the tenures of the 2026 snapshot."""
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    for key, country in content["countries"].items():
        code = BODIES.get(key) or by_name.get(country["country"]["iso_code"], "")
        for position in country["positions"].values():
            holder = position.get("current_holder") or {}
            office = office_of(position.get("title_en", ""))
            if not (code and holder.get("name_en") and office) or (
                office == "king" and holder["name_en"] == "Charles III" and code != "GBR"
            ):
                continue
            yield {
                "person": holder["name_en"], "aliases": "", "surname": "", "code": code, "sector": "GOV",
                "office": office, "start": holder.get("since") or "", "end": "",
                "wikidata": holder.get("wikidata_id") or "", "leader": "",
            }  # fmt: skip


Row = dict[str, str]


def merged(rows: list[Row], known: list[Row]) -> list[Row]:
    """Return the built tenures without those that our own list `known` covers, and with the names that others give.

    A surname takes the full name that a snapshot or our list has for the same state; an open tenure ends where the
    next holder of the same office begins.
    """
    full: dict[tuple[str, str], Row] = {}
    for row in [*(r for r in rows if not r["leader"]), *known]:
        full.setdefault((row["code"], plain(row.get("surname") or row["person"].split()[-1])), row)
        full.setdefault((row["code"], plain(row["person"])), row)
    for row in rows:
        keys = (plain(row["person"]), plain(row["person"].split()[-1]))
        found = next((full[row["code"], key] for key in keys if (row["code"], key) in full), None)
        if found and row["leader"] and _near(row, found):
            row["person"], row["wikidata"] = found["person"], found.get("wikidata", "")
            row["surname"] = found.get("surname", "")
    kept: list[Row] = []
    for row in rows:
        if not any(_covered(row, other) for other in known) and not any(_same_tenure(row, other) for other in kept):
            kept.append(row)
    for row in kept:
        if not row["end"]:
            later = [r["start"] for r in [*kept, *known] if _succeeds(r, row)]
            row["end"] = min(later, default="")
    return kept


def _succeeds(other: Row, row: Row) -> bool:
    """Return whether `other` is a later tenure of the same office by someone else."""
    same = other["code"] == row["code"] and other["office"] == row["office"] and other["person"] != row["person"]
    return same and _day(other["start"], "01-01") > _day(row["start"], "01-01")


def _covered(row: Row, ours: Row) -> bool:
    """Return whether our own list has this tenure: the office at that time, or the person as who governed then."""
    same_office = ours["office"] == row["office"]
    same_person = plain(ours["person"]) == plain(row["person"])
    wanted = same_office or (same_person and bool(row["leader"]))
    return ours["code"] == row["code"] and wanted and _overlap(row, ours) > 45


def _same_tenure(row: Row, other: Row) -> bool:
    same = row["code"] == other["code"] and row["office"] == other["office"]
    return same and plain(row["person"]) == plain(other["person"]) and _overlap(row, other) > 45


def plain(name: str) -> str:
    """Return a name in small letters without accents, hyphens and apostrophes."""
    text = unicodedata.normalize("NFKD", name.lower())
    return "".join(c for c in text if c.isalnum() or c == " ").replace("  ", " ")


def _near(row: Row, other: Row) -> bool:
    """Return whether two tenures lie so close that a shared surname means the same person."""
    first, second = int(row["start"][:4]), int(other["start"][:4] or 0)
    end = int(row["end"][:4]) if row["end"] else 2022
    return first - 6 <= second <= end + 6


def _overlap(row: Row, other: Row) -> int:
    start = max(_day(row["start"], "01-01"), _day(other["start"], "01-01"))
    end = min(_day(row["end"], "12-31") or "2027-01-01", _day(other["end"], "12-31") or "2027-01-01")
    return (date.fromisoformat(end) - date.fromisoformat(start)).days if start < end else 0


def _day(value: str, rest: str) -> str:
    return value if len(value) in (0, 10) else f"{value}-{rest}"


def own_rows() -> list[Row]:
    """Return the rows of people.csv, which is edited by hand and goes before all other lists."""
    lines = [ln for ln in (DATA / "people.csv").read_text(encoding="utf-8").splitlines() if not ln.startswith("#")]
    return [{"wikidata": "", **row} for row in csv.DictReader(lines)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reference", type=Path, required=True, help="the folder that holds leaders/")
    folder = parser.parse_args().reference / "leaders"
    by_number, by_name, rules = state_codes()
    rows = [
        *reign_rows(folder / "reign_leaders_1950_2021.csv", by_number, rules),
        *wikidata_rows(folder / "wikidata_heads_2022.csv", by_name),
        *snapshot_rows(folder / "heads_2026-08-22.json", by_name),
    ]
    rows = merged(rows, own_rows())
    with (DATA / "leaders/people.csv").open("w", encoding="utf-8", newline="") as out:
        out.write(
            "# version: 2026-11\n"
            "# source: built by tools/build_people.py from REIGN (C. Bell 2016; leaders 1950-2021), Wikidata (heads of "
            "state and government 2022) and Wikipedia and Wikidata (2026-08-22), full names from our own list\n"
            "# licence: REIGN: public domain; Wikidata: CC0\n"
            "# about: Heads of state and government by date. Do not edit: correct them in ../people.csv.\n"
        )
        writer = csv.DictWriter(out, FIELDS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"{len(rows)} tenures")


if __name__ == "__main__":
    main()
