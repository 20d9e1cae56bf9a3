"""Hold the program against the held-out reports in evaluation/reports.

usage: python tools/check_reports.py [--part dev|test] [--quiet] [NAME ...]

Each NAME.txt there stands beside NAME.facts.json: `published`, `part` (dev: misses may be studied; test: only its
totals may be, so that they stay a measure), `facts` and `never`. The clauses are those of tools/facts.py and:

date        the record's interval of days lies within [from, to]
context     one of the event's contexts
magnitude   one of the event's numbers
code        some actor of any role has this code
unattributed   true where nobody is given as the source
person, attributed_to_person, place   a part of the name is enough

A rule under `never` holds either `record`, clauses that no record may satisfy, or `record_says`, words that the
sentences of no record may hold. The exit status is 0 whatever is found: this measures, it does not judge.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import communique
from communique.records import to_dict
from facts import ROLES, satisfies

REPORTS = Path(__file__).parent.parent / "evaluation/reports"


def holds(record: Mapping[str, Any], clauses: Mapping[str, Any], text: str) -> bool:
    """Tell whether `record` satisfies every clause. Raises KeyError for an unknown one."""
    ours = {name: wanted for name, wanted in clauses.items() if name in _OURS}
    rest = {name: wanted for name, wanted in clauses.items() if name not in _OURS}
    # Records of other kinds lack the fields that the rest reads (a place, a date), so the kind is asked first.
    if record["kind"] != rest.get("kind", record["kind"]):
        return False
    return all(_OURS[name](record, wanted) for name, wanted in ours.items()) and satisfies(record, rest, text)


def _within(record: Mapping[str, Any], wanted: Sequence[str]) -> bool:
    start, end = record["date"]["start"], record["date"]["end"]
    return bool(start and end and wanted[0] <= start[:10] and end[:10] <= wanted[1])


def _named(record: Mapping[str, Any], roles: Iterable[str], wanted: str) -> bool:
    names = [actor.get(key) or "" for role in roles for actor in record.get(role) or () for key in ("name", "person")]
    return any(wanted.lower() in name.lower() for name in names)


_OURS: dict[str, Callable[[Mapping[str, Any], Any], bool]] = {
    "date": _within,
    "context": lambda record, wanted: wanted in record.get("contexts", ()),
    "magnitude": lambda record, wanted: wanted in (record.get("magnitude") or {}).values(),
    "place": lambda record, wanted: any(wanted.lower() in p["name"].lower() for p in record.get("places") or ()),
    "person": lambda record, wanted: _named(record, [role for role in ROLES if role != "attributed_to"], wanted),
    "attributed_to_person": lambda record, wanted: _named(record, ["attributed_to"], wanted),
    "unattributed": lambda record, wanted: bool(record.get("attributed_to")) != wanted,
    "code": lambda record, wanted: any(a.get("code") == wanted for role in ROLES for a in record.get(role) or ()),
}


def breaks(record: Mapping[str, Any], rule: Mapping[str, Any], text: str) -> bool:
    """Tell whether `record` is one that the `never` rule forbids."""
    if "record" in rule:
        return holds(record, rule["record"], text)
    said = " ".join(text[start:end] for start, end in record["evidence"]["sentence"]).lower().replace("\n", " ")
    return any(words.lower() in said for words in rule["record_says"])


def check(name: str, coder: communique.Coder, *, quiet: bool) -> tuple[str, int, int, int]:
    """Print how the program does on one report; return its part, facts found, facts in all and forbidden records."""
    facts: dict[str, Any] = json.loads((REPORTS / f"{name}.facts.json").read_text(encoding="utf-8"))
    coding = coder((REPORTS / f"{name}.txt").read_text(encoding="utf-8"), published=facts["published"])
    text = coding.report.text
    records = [to_dict(record) for record in coding.records]
    found = 0
    for fact in facts["facts"]:
        got = any(holds(record, clauses, text) for clauses in fact["any"] for record in records)
        found += got
        if not quiet:
            print(f"{name} {fact['id']} {'found  ' if got else 'MISSING'} {fact['what']}")
    broken = [(rule, record) for rule in facts["never"] for record in records if breaks(record, rule, text)]
    for rule, record in () if quiet else broken:
        start, end = record["evidence"]["sentence"][0]
        print(f"{name} {rule['id']} FORBIDDEN {rule['what']}: {record['kind']} {text[start:end][:100]!r}")
    print(f"{name} ({facts['part']}): {found} of {len(facts['facts'])} found, {len(broken)} forbidden")
    return facts["part"], found, len(facts["facts"]), len(broken)


def main() -> int:
    options = argparse.ArgumentParser(description="Hold the program against the reports in evaluation/reports.")
    options.add_argument("names", nargs="*", help="reports to check; all of them where none is named")
    options.add_argument("--part", choices=["dev", "test"], help="only the reports of this part")
    options.add_argument("--quiet", action="store_true", help="print totals only")
    chosen = options.parse_args()
    names = chosen.names or sorted(path.stem for path in REPORTS.glob("*.txt"))
    if chosen.part:
        parts = {n: json.loads((REPORTS / f"{n}.facts.json").read_text(encoding="utf-8"))["part"] for n in names}
        names = [name for name in names if parts[name] == chosen.part]
    coder = communique.load()
    rows = [check(name, coder, quiet=chosen.quiet) for name in names]
    for part in ("dev", "test"):
        of_part = [row for row in rows if row[0] == part]
        if of_part:
            print(_total(part, of_part))
    print(_total("overall", rows))
    return 0


def _total(label: str, rows: Sequence[tuple[str, int, int, int]]) -> str:
    found, facts, forbidden = (sum(column) for column in zip(*(row[1:] for row in rows), strict=True))
    return f"{label}: {found} of {facts} found ({found / facts:.3f}), {forbidden} forbidden"


if __name__ == "__main__":
    raise SystemExit(main())
