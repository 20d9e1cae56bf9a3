"""Build src/communique/knowledge/data/cameo.csv from the published CAMEO tables.

    python tools/build_cameo.py EVENTCODES.tsv GOLDSTEIN.tsv CAMEO_TO_PLOVER.txt > cameo.csv

EVENTCODES: code and description; GOLDSTEIN: code and score; CAMEO_TO_PLOVER: "code: TYPE, mode, contexts # text".
The three are not quite consistent with each other and with PLOVER 0.8; what is corrected, and why, stands below.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

HEAD = """\
# version: 2026.11
# source: CAMEO 1.1b3 event codes and Goldstein scores (Gerner, Schrodt, Yilmaz); PLOVER 0.8 conversion table (OEDA)
# licence: facts; PLOVER is CC BY-SA 4.0, Open Event Data Alliance. Built by tools/build_cameo.py.
"""
# Codes that the table of event codes garbles or lacks, named after the CAMEO manual.
NAMES = {
    "044": "Meet at a third location", "033": "Express intent to provide material aid, not specified below",
    "101": "Demand material cooperation, not specified below",
    "102": "Demand diplomatic cooperation, such as policy support",
    "105": "Demand that target yields, not specified below", "1056": "Demand de-escalation of military engagement",
    "106": "Demand meeting, negotiation", "107": "Demand settling of dispute", "108": "Demand mediation",
    "1213": "Reject judicial cooperation", "1214": "Reject intelligence cooperation",
    "2041": "Use chemical, biological, or radiological weapons",
    "0355": "Express intent to allow international involvement",
}  # fmt: skip
# Where the conversion table uses modes or types that PLOVER 0.8 no longer has, or the manual's text says otherwise.
TYPES = {
    # The manual, SUPPORT: expressions of regret, pardons and amnesties are CONCEDE.
    "055": ("CONCEDE", "", "diplomatic"), "056": ("CONCEDE", "", "diplomatic"),
    # The manual, CONCEDE: easing of administrative restrictions, lifting a curfew. Sanctions are restrictions too.
    "0813": ("CONCEDE", "", "legal"), "0814": ("CONCEDE", "", "legal"), "085": ("CONCEDE", "", "economic"),
    "0842": ("RETREAT", "", "legal"), "0874": ("RETREAT", "withdraw", "military"), "087": ("RETREAT", "", "military"),
    # The manual, SANCTION: court verdicts are `convict`, formal sanctions `discontinue`.
    "116": ("SANCTION", "convict", "legal"), "163": ("SANCTION", "discontinue", "economic"),
    "161": ("SANCTION", "discontinue", "diplomatic"), "162": ("SANCTION", "discontinue", ""),
    "112": ("ACCUSE", "allege", ""), "114": ("ACCUSE", "disapprove", "diplomatic"),
    "1712": ("ASSAULT", "destroy", ""), "175": ("ASSAULT", "", "repression"), "184": ("ASSAULT", "abduct", ""),
    "185": ("ASSAULT", "targeted", ""), "186": ("ASSAULT", "targeted", ""), "182": ("ASSAULT", "beat", ""),
    "183": ("ASSAULT", "explosives", ""), "195": ("ASSAULT", "aerial", "military"),
    "200": ("ASSAULT", "", "military"), "201": ("SANCTION", "expel", "religion_ethnicity"),
    "202": ("ASSAULT", "targeted", ""), "203": ("ASSAULT", "targeted", "religion_ethnicity"),
    "124": ("REJECT", "yield", ""), "1241": ("REJECT", "yield", "legal"), "1242": ("REJECT", "yield", ""),
    "127": ("REJECT", "meet", "diplomatic"), "105": ("REQUEST", "yield", ""), "107": ("REQUEST", "yield", "diplomatic"),
    "132": ("THREATEN", "restrict", ""), "1321": ("THREATEN", "restrict", "rights_freedoms"),
    "1322": ("THREATEN", "restrict", "pro_autocracy"), "133": ("THREATEN", "", ""),
    "139": ("THREATEN", "", "diplomatic"),
    "08": ("CONCEDE", "", ""),
    # PLOVER drops CAMEO 02 as a category but takes in all requests: appeals are REQUEST, under their own codes.
    "02": ("REQUEST", "", ""), "020": ("REQUEST", "", ""),
    "021": ("REQUEST", "assist", ""), "022": ("REQUEST", "assist", "diplomatic"),
    "023": ("REQUEST", "assist", ""), "024": ("REQUEST", "change", "political_institutions"),
    "025": ("REQUEST", "yield", ""), "026": ("REQUEST", "meet", "diplomatic"),
    "027": ("REQUEST", "yield", "diplomatic"), "028": ("REQUEST", "meet", "diplomatic"),
    "018": ("SUPPORT", "", ""), "019": ("SUPPORT", "", "diplomatic"),
}  # fmt: skip
MODES = {
    "pro_autocracy": "", "return": "", "ease": "", "ban": "restrict", "political": "restrict",
    "assassinate": "targeted", "massacre": "targeted", "cleansing": "targeted",
}  # fmt: skip
CONTEXTS = {"humanitarian": "human_security", "democracy": "pro_democracy"}


def main(codes: Path, scores: Path, mapping: Path) -> None:
    goldstein = dict(line.split("\t") for line in scores.read_text().splitlines()[1:])
    names = {}
    for line in codes.read_text(errors="replace").splitlines()[1:]:
        code, name = line.split("\t")
        if len(code) > 1:
            names[code] = " ".join(name.split())
    names |= NAMES
    converted = read_mapping(mapping)
    out = csv.writer(sys.stdout, lineterminator="\n")
    sys.stdout.write(HEAD)
    out.writerow(["code", "name", "goldstein", "type", "mode", "contexts"])
    for code in sorted(names):
        # A code missing from a table takes what its parent has.
        parents = [code[:n] for n in range(len(code), 1, -1)]
        score = next(float(goldstein[p]) for p in parents if p in goldstein)
        found = next((table[p] for p in parents for table in (TYPES, converted) if p in table), ("", "", ""))
        out.writerow([code, names[code].capitalize() if names[code].isupper() else names[code], score, *found])


def read_mapping(path: Path) -> dict[str, tuple[str, str, str]]:
    converted: dict[str, tuple[str, str, str]] = {}
    for line in path.read_text().splitlines():
        code, colon, rest = line.partition(":")
        if not colon or not code.isdigit() or len(code) < 2:
            continue
        cells = [cell.strip() for cell in rest.partition("#")[0].split(",")] + ["", ""]
        mode = MODES.get(cells[1], cells[1])
        contexts = [CONTEXTS.get(c.strip(), c.strip()) for c in cells[2].split(";") if c.strip()]
        converted[code] = (cells[0], mode, ";".join(contexts))
    return converted


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
