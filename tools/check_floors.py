"""Measure accuracy and hold it against evaluation/floors.json.

usage: python tools/check_floors.py [--shared FOLDER]

demo_*  our own list of facts (evaluation/demo-facts.json) about the report that ships with the program; always there.
seed_*  the list of facts in FOLDER/seed, where that folder is; else its floors are named and passed over.

Both follow the rule of tools/facts.py: a fact is found when one record satisfies every clause of one of its
alternatives. Exit status 1 if a measure is below its floor or above its ceiling.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import communique
from communique import demo
from communique.records import to_dict
from facts import Measured, measure

ROOT = Path(__file__).parent.parent
FLOORS = ROOT / "evaluation/floors.json"
_RESULT = re.compile(r"facts: (\d+) of (\d+) found, (\d+) forbidden")


def demo_measures() -> dict[str, int]:
    """Return `demo_facts_found` and `demo_forbidden`; name what is missing."""
    coder = communique.load()
    report = next(path for path in demo.files() if path.name == "singapore-2018.txt")
    coding = coder(report.read_text(encoding="utf-8"), published=demo.PUBLISHED[report.name])
    facts: dict[str, Any] = json.loads((ROOT / "evaluation/demo-facts.json").read_text(encoding="utf-8"))
    measured: Measured = measure(facts, coding.report.text, [to_dict(r) for r in coding.records])
    for line in measured.lines:
        print(f"  {line}")
    return {"demo_facts_found": measured.found, "demo_forbidden": measured.forbidden}


def seed_measures(seed: Path) -> dict[str, int]:
    """Return `seed_facts_found` and `seed_forbidden` as the checker in `seed` counts them."""
    code = [sys.executable, "-c", "import sys; from communique.cli.main import main; sys.exit(main())"]
    coded = subprocess.run(
        [*code, "code", str(seed / "report.txt"), "--published", "2022-02-04", "--format", "jsonl"],
        stdout=subprocess.PIPE, check=True,
    )  # fmt: skip
    checked = subprocess.run(
        [sys.executable, str(seed / "check.py")], input=coded.stdout, stdout=subprocess.PIPE, check=False
    )
    printed = checked.stdout.decode("utf-8")
    print("\n".join(f"  {line}" for line in printed.splitlines() if not line.startswith("found")))
    result = _RESULT.search(printed)
    if result is None:
        raise SystemExit(f"{seed / 'check.py'} printed no result. Run it by hand to see why.")
    return {"seed_facts_found": int(result[1]), "seed_forbidden": int(result[3])}


def held(measures: dict[str, int], floors: dict[str, Any]) -> bool:
    """Print each measure with its bound; return whether all hold. A bound without a measure is passed over."""
    good = True
    for side, fits in (("at_least", int.__ge__), ("at_most", int.__le__)):
        for name, bound in floors[side].items():
            if name not in measures:
                print(f"{name}: not measured here")
                continue
            fine = fits(measures[name], bound)
            good = good and fine
            print(f"{name}: {measures[name]} ({side.replace('_', ' ')} {bound}){'' if fine else '  BROKEN'}")
    return good


def main() -> int:
    options = argparse.ArgumentParser(description="Measure accuracy and hold it against evaluation/floors.json.")
    options.add_argument("--shared", type=Path, default=ROOT / "../shared", help="folder that may hold seed/")
    seed = options.parse_args().shared / "seed"
    measures = demo_measures()
    if (seed / "check.py").is_file():
        measures |= seed_measures(seed)
    else:
        print(f"no {seed}: its floors are passed over")
    return 0 if held(measures, json.loads(FLOORS.read_text(encoding="utf-8"))) else 1


if __name__ == "__main__":
    sys.exit(main())
