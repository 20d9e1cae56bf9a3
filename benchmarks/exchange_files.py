"""Files in the form of GDELT, ICEWS and POLECAT, generated with the quirks that theirs have; for benchmarks and tests.

Leading zeros in CAMEO codes, numbers of events that come twice, ISO-8859-1, empty columns at the end of a line, a
header with a `Headline` that no row has, the word "None" for what is missing, and one row in ten thousand that cannot
be read.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

_STATES = (
    ("USA", "United States", "US", "2"), ("RUS", "Russian Federation", "RS", "365"), ("CHN", "China", "CH", "710"),
    ("UKR", "Ukraine", "UP", "369"), ("FRA", "France", "FR", "220"), ("DEU", "Germany", "GM", "255"),
    ("GBR", "United Kingdom", "UK", "200"), ("IND", "India", "IN", "750"), ("IRN", "Iran", "IR", "630"),
    ("ISR", "Israel", "IS", "666"), ("TUR", "Turkey", "TU", "640"), ("JPN", "Japan", "JA", "740"),
    ("KOR", "South Korea", "KS", "732"), ("BRA", "Brazil", "BR", "140"), ("CIV", "Cote d'Ivoire", "IV", "437"),
    ("ROM", "Romania", "RO", "360"), ("NGA", "Nigeria", "NI", "475"), ("MEX", "Mexico", "MX", "70"),
)  # fmt: skip
_CODES = (
    ("010", "Make statement", 0.0), ("042", "Make a visit", 1.9), ("043", "Host a visit", 2.8),
    ("040", "Consult", 1.0), ("051", "Praise or endorse", 3.4),
    ("0311", "Express intent to cooperate economically", 5.2),
    ("061", "Cooperate economically", 6.4), ("112", "Accuse", -2.0), ("120", "Reject", -4.0), ("130", "Threaten", -4.4),
    ("141", "Demonstrate or rally", -6.5), ("163", "Impose embargo, boycott, or sanctions", -8.0),
    ("173", "Arrest, detain, or charge with legal action", -5.0), ("190", "Use conventional military force", -10.0),
)  # fmt: skip
_TYPES = ("", "GOV", "MIL", "COP", "BUS", "CVL", "MED", "OPP")
_PLACES = (
    ("Kiev", "Kyyiv, Misto", "UP", "50.4333", "30.5167"),
    ("São Paulo", "São Paulo", "BR", "-23.5333", "-46.6167"),
)
_PLOVER = (
    ("CONSULT", "visit", "4.0", "VERBAL COOPERATION"), ("AGREE", "None", "2.5", "VERBAL COOPERATION"),
    ("ACCUSE", "disapprove", "-2.0", "VERBAL CONFLICT"), ("ASSAULT", "firearms", "-9.5", "MATERIAL CONFLICT"),
    ("PROTEST", "demo", "-6.5", "MATERIAL CONFLICT"), ("AID", "None", "7.5", "MATERIAL COOPERATION"),
)  # fmt: skip
_FIRST = date(2018, 1, 1)


def gdelt1(rows: int, seed: int = 0) -> Iterator[str]:
    """Yield lines of a file of GDELT 1.0: 58 columns, no header."""
    draw = random.Random(seed)
    for n in range(rows):
        day = _FIRST + timedelta(days=n * 30 // max(rows, 1))
        one, other = draw.choice(_STATES), draw.choice(_STATES)
        code, _, score = draw.choice(_CODES)
        sort = draw.choice(_TYPES)
        root = code[:2]
        quad = "1" if root < "06" else "2" if root < "09" else "3" if root < "14" else "4"
        place, adm, fips, lat, lon = draw.choice(_PLACES)
        known = draw.random() < 0.8
        geo = ["4", f"{place}, {adm}, Land", fips, f"{fips}12", lat, lon, "-1044367"] if known else ["0"] + [""] * 6
        number = 700_000_000 + n - (n % 1000 == 7)  # one in a thousand has the number of the one before
        stamp = f"{day:%Y%m%d}" if n % 10_000 != 9_999 else "2018013x"
        share = f"{day.year + ((day.month - 1) * 30 + day.day) / 365:.4f}"
        actors = [*_gdelt_actor(one, sort), *(_gdelt_actor(other, "") if n % 5 else [""] * 10)]
        yield "\t".join([
            str(number), stamp, f"{day:%Y%m}", str(day.year), share, *actors, str(n % 2), code, code[:3], root, quad,
            str(score), "4", "1", "4", "-2.5", *geo, *geo, *geo, f"{day:%Y%m%d}",
            f"https://news{n // 4 % 97}.example.org/world/{n // 4}/story",
        ])  # fmt: skip


def _gdelt_actor(state: tuple[str, str, str, str], sort: str) -> list[str]:
    return [state[0] + sort, state[1].upper(), state[0], "", "", "", "", sort, "", ""]


ICEWS_HEAD = (
    "Event ID\tEvent Date\tSource Name\tSource Sectors\tSource Country\tEvent Text\tCAMEO Code\tIntensity\t"
    "Target Name\tTarget Sectors\tTarget Country\tStory ID\tSentence Number\tPublisher\tCity\tDistrict\t"
    "Province\tCountry\tLatitude\tLongitude"
)


def icews(rows: int, seed: int = 0) -> Iterator[str]:
    """Yield lines of a file of ICEWS: a header, 20 columns."""
    draw = random.Random(seed)
    yield ICEWS_HEAD
    for n in range(rows):
        day = _FIRST + timedelta(days=n * 365 // max(rows, 1))
        one, other = draw.choice(_STATES), draw.choice(_STATES)
        code, text, score = draw.choice(_CODES)
        code = code.lstrip("0") if n % 50 == 3 else code  # a spreadsheet took it for a number
        city, province, _, lat, lon = draw.choice(_PLACES)
        stamp = day.isoformat() if n % 10_000 != 9_999 else "31.12.2018"
        yield "\t".join([
            str(20_000_000 + n // 2 if n % 100 == 1 else 20_000_000 + n), stamp, f"Minister {n % 800}",
            "Government,Executive Office,Elite", one[1], text, code, str(score), f"Citizen ({other[1]})",
            "General Population / Civilian / Social,Social", other[1], str(30_000_000 + n // 3), str(n % 6 + 1),
            "Agência Nacional" if n % 7 == 0 else "Reuters", city, "", province, other[1], lat, lon,
        ])  # fmt: skip


POLECAT_HEAD = (
    "Event ID\tEvent Date\tEvent Type\tEvent Mode\tIntensity\tQuad Code\tContexts\tActor Name\tActor Country\t"
    "Actor COW\tPrimary Actor Sector\tActor Sectors\tActor Title\tActor Name Raw\tWikipedia Actor ID\tRecipient Name\t"
    "Recipient Country\tRecipient COW\tPrimary Recipient Sector\tRecipient Sectors\tRecipient Title\t"
    "Recipient Name Raw\tWikipedia Recipient ID\tPlacename\tCity\tDistrict\tProvince\tCountry\tLatitude\t"
    "Longitude\tGeoNames ID\tRaw Placename\tFeature Type\tSource\tPublication Date\tStory People\t"
    "Story Organizations\tStory Locations\tLanguage\tVersion"
)


def polecat(rows: int, seed: int = 0) -> Iterator[str]:
    """Yield lines of a file of POLECAT: a header with a `Headline` that no row has, 40 columns, some rows with more."""
    draw = random.Random(seed)
    yield POLECAT_HEAD.replace("\tSource\t", "\tHeadline\tSource\t", 1)
    for n in range(rows):
        day = _FIRST + timedelta(days=n * 7 // max(rows, 1))
        one, other = draw.choice(_STATES), draw.choice(_STATES)
        kind, mode, score, quad = draw.choice(_PLOVER)
        city, province, _, lat, lon = draw.choice(_PLACES)
        stamp = day.isoformat() if n % 10_000 != 9_999 else "None"
        cells = [
            f"{day:%Y%m%d}-{n:07d}-{n % 7}", stamp, kind, mode, score, quad, "military;diplomatic" if n % 3 else "None",
            f"Minister {n % 800}", _iso(one[0]), one[3], "GOV", "GOV;ELI", "minister", f"minister {n % 800}", "None",
            "None" if n % 4 == 0 else other[1], "None" if n % 4 == 0 else _iso(other[0]),
            "None" if n % 4 == 0 else other[3], "None" if n % 4 == 0 else "CVL", "None", "None", "None", "None",
            city, city, "None", province, _iso(other[0]), lat, lon, "703448", city, "PPLC", "wire.example.org",
            day.isoformat(), f"Minister {n // 3}", "None", _PLACES[n // 3 % 2][0], "en", "NGEC_coder-Vers001",
        ]  # fmt: skip
        yield "\t".join(cells) + ("\t\t" if n % 20 == 0 else "")


def _iso(code: str) -> str:
    return "ROU" if code == "ROM" else code


MAKERS = {"gdelt1": (gdelt1, "utf-8"), "icews": (icews, "iso-8859-1"), "polecat": (polecat, "iso-8859-1")}


def write(path: Path, name: str, rows: int, seed: int = 0) -> Path:
    """Write a file of `rows` rows in the format `name` and return its path."""
    maker, encoding = MAKERS[name]
    with path.open("w", encoding=encoding, newline="") as out:
        for line in maker(rows, seed):
            out.write(line + "\n")
    return path
