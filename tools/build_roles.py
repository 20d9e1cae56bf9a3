"""Build data/actors/phoenix/roles.csv from the Phoenix agents dictionary. Run by hand: --reference DIR.

The Phoenix dictionaries are facts under the MIT licence (Open Event Data Alliance, 2014); CAMEO agent codes become
PLOVER sectors, and forms that our own roles.csv or offices.toml have are left to those.
"""

from __future__ import annotations

import argparse
import csv
import re
from collections.abc import Iterator
from pathlib import Path

DATA = Path(__file__).parent.parent / "src/communique/knowledge/data/actors"
SECTORS = {
    "MED": "JRN", "HLH": "MED", "INS": "REB", "SEP": "REB", "MUS": "REL", "CHR": "REL", "HIN": "REL", "BUD": "REL",
    "JEW": "REL", "CTH": "REL", "PRO": "REL", "ENV": "SOC", "HRI": "SOC", "NGO": "SOC", "DEV": "", "RAD": "REB",
    "PPL": "CVL", "IMG": "REB", "MOD": "",
}  # fmt: skip
KNOWN = set("COP GOV JUD LEG MIL PRM PTY REB SPY UAF UNK AGR BUS CRM CVL EDU ELI JRN LAB MED REF OPP REL SOC".split())
# Words that a sentence uses for other things more often than for actors, or that say nothing of who is meant.
DROPPED = set(
    "man men woman women person people group side party line house home office board body center centre council "
    "committee unit force power post staff state republic nation country city town village retired former ex ships "
    "ship boat plane aircraft jet tank missile bomb weapon vehicle car truck bus train office building headquarters "
    "press media news program programme project plan fund bureau court bench bar chamber cell band ring wing arm "
    "section division department agency institute institution commission mission union league front movement "
    "campaign rally mother father son daughter brother sister wife husband child children baby boy girl friend "
    "neighbor neighbour family relative guest host guard watch club society association federation organization "
    "organisation network system service services business company firm industry market bank shop store factory "
    "plant boss head chief leader member official source expert player star fan team captain general major private "
    "secretary official representative delegate delegation envoy minister ministry president premier king queen "
    "cabinet bargainer general public majority minority executive judge lawyer doctor nurse medic medical hospital "
    "school college university academy library art arts artist author actor actress singer writer poet painter "
    "dancer book newspaper magazine journal radio television web internet website satellite station channel show "
    "film movie pilot driver rider runner worker labor labour employee farm field land water "
    "fire heart hand foot eye ear mouth nose face agent arms army air navy police force corps base camp".split()
)


def forms(path: Path) -> Iterator[tuple[str, str]]:
    """Yield (form, CAMEO agent code) of each line, substitution sets written out."""
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        match = re.match(r"\s*([^#\[{]+?)\s*(?:\{([^}]*)\})?\s*\[~([A-Z]+)\]", line)
        if not match:
            continue
        phrase, plural, code = match.groups()
        for person in ("MAN", "WOMAN", "PERSON") if "!PERSON!" in phrase else ("",):
            for minister in ("MINISTER", "MINISTRY") if "!MINIST!" in phrase else ("",):
                text = phrase.replace("!PERSON!", person).replace("!MINIST!", minister + "_")
                yield re.sub(r"[\s_]+", " ", text).strip().lower(), code
        for text in (plural or "").split(","):
            if text.strip():
                yield re.sub(r"[\s_]+", " ", text).strip().lower(), code


def sectors(code: str) -> list[str]:
    """Return the PLOVER sectors of a CAMEO agent code of several three-letter parts, the first being the primary."""
    parts = [code[i : i + 3] for i in range(0, len(code), 3)]
    mapped = [SECTORS.get(part, part) for part in parts]
    known = list(dict.fromkeys(part for part in mapped if part in KNOWN))
    if known[:1] == ["REL"] and any(p in ("UAF", "REB") for p in known):
        known = [*known[1:], "REL"]
    return known


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reference", type=Path, required=True, help="the folder with phoenix/Phoenix.agents.txt")
    reference = parser.parse_args().reference
    rows: dict[str, list[str]] = {}
    for form, code in forms(reference / "phoenix/Phoenix.agents.txt"):
        found = sectors(code)
        clean = re.fullmatch(r"[a-z][a-z'\-. ]{2,60}", form) and not form.endswith((" of", " for", " minist", " and"))
        joined = " and " in form or " with " in form
        if clean and found and not joined and form not in DROPPED and len(form.split()) <= 6:
            rows.setdefault(form, found)
    head = [
        "# version: 2026-11",
        "# source: derived by tools/build_roles.py from Phoenix.agents.txt of the CAMEO project and the Open Event "
        "Data Alliance (2014), with CAMEO agent codes mapped to PLOVER sectors",
        "# licence: MIT (c) 2014 Open Event Data Alliance",
        "# about: Words for people by what they do, with PLOVER sectors. Do not edit: correct them in ../roles.csv.",
    ]
    with (DATA / "phoenix/roles.csv").open("w", encoding="utf-8", newline="") as out:
        out.write("\n".join(head) + "\n")
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["form", "sector", "sectors"])
        for form, found in sorted(rows.items()):
            writer.writerow([form, found[0], ";".join(found[1:])])
    print(f"{len(rows)} roles")


if __name__ == "__main__":
    main()
