"""What ten years of weekly alignment cost, against one plain GROUP BY over the same file and keys.

usage: python benchmarks/alignment.py [--events N] [--actors N] [--repeats N] [--write]

A store of simulated events (seeded: states in two blocs whose relations change, reports of four events each) is
written once into a temporary folder. Then take turns, `--repeats` times:

align      Store.ties by week and the weekly scores of all dyads in all channels (communique.alignment.scores)
group by   SELECT source, target, week, sum(goldstein), count(*) ... GROUP BY, by DuckDB, over the same Parquet file:
           each pair of doer and other side taken apart in the quickest way found (a join of the two lists takes ten
           times as long)

Exit status 1 where the first takes more than 1.0 times the second plus 2 seconds.
--write puts the table into docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from communique.alignment.scores import dyad_scores
from communique.store import Store
from communique.store import parts as files
from communique.store.shapes import KINDS, schema
from communique.store.written import Written
from speed import PAGE, machine

AT_MOST_TIMES, AT_MOST_SECONDS = 1.0, 2.0
_MARKED = re.compile(r"(<!-- alignment -->\n).*?(<!-- /alignment -->)", re.DOTALL)
_TYPES = np.array(
    ["AGREE", "CONSULT", "SUPPORT", "COOPERATE", "AID", "ACCUSE", "REJECT", "THREATEN", "SANCTION", "ASSAULT"]
)
_QUADS = np.array([1, 1, 1, 2, 2, 3, 3, 3, 4, 4])
_GOLDSTEIN = np.array([4.8, 1.0, 3.5, 6.0, 7.0, -2.0, -4.0, -6.0, -7.0, -9.0])
PLAIN = """
SELECT pair.source, pair.target, week, sum(goldstein), count(*)
FROM (
    SELECT
        date_trunc('week', first_day::DATE) AS week, goldstein,
        unnest(flatten(list_transform(actors, lambda a: list_transform(
            recipients, lambda b: {'source': a.code, 'target': b.code}
        )))) AS pair
    FROM read_parquet($file)
)
GROUP BY ALL
"""


def simulate(folder: Path, events: int, actors: int, seed: int = 1) -> None:
    """Write a store of `events` simulated events of ten years, four to a report."""
    rng = np.random.default_rng(seed)
    codes = np.array([f"S{n:02}" for n in range(actors)])
    with Store.create(folder) as store:
        source, target = rng.integers(actors, size=events), rng.integers(1, actors, size=events)
        target = (source + target) % actors
        day = rng.integers(3653, size=events)
        day.sort()
        friends = (source % 2) == (target % 2)
        kind = np.where(rng.random(events) < np.where(friends, 0.8, 0.35), rng.integers(5, size=events),
                        5 + rng.integers(5, size=events))  # fmt: skip
        days = (np.datetime64("2014-01-01") + day).astype(str)
        report = np.array([f"r{n // 4:07}" for n in range(events)])
        values = {
            "id": [f"e{n:08}" for n in range(events)], "report": report, "type": _TYPES[kind], "quad": _QUADS[kind],
            "goldstein": _GOLDSTEIN[kind], "status": ["actual"] * events, "confidence": rng.uniform(0.5, 1.0, events),
            "seq": np.arange(events) % 4, "published": days, "first_day": days, "last_day": days,
        }  # fmt: skip
        lone = np.arange(events + 1)
        values["actors"] = _lists(lone, codes[source])
        values["recipients"] = _lists(lone, codes[target])
        values["attributed_to"] = _lists(np.zeros(events + 1, dtype=np.int64), codes[:0])
        values["parties"] = pa.ListArray.from_arrays(
            pa.array(2 * lone, pa.int32()), pa.array(np.stack([codes[source], codes[target]], 1).ravel())
        )
        one = np.arange(0, events, 4)
        heads: dict[str, Any] = {
            "id": report[one], "published": days[one], "story": report[one], "text": ["A report."] * len(one),
            "events": np.full(len(one), 4),
        }  # fmt: skip
        tables = {kind: _table(kind, {"events": values, "reports": heads}.get(kind, {})) for kind in KINDS}
        part = files.write_part(store.path / "parts", tables)
        store.writer.commit_parts([Written(part, tuple(heads["id"].tolist()))], [])


def _lists(offsets: Any, codes: Any) -> Any:
    """Return lists of actors of which only the code is set."""
    struct = schema("events").field("actors").type.value_type
    n = len(codes)
    columns = [pa.array(codes) if f.name == "code" else pa.nulls(n, f.type) for f in struct]
    return pa.ListArray.from_arrays(
        pa.array(offsets, pa.int32()), pa.StructArray.from_arrays(columns, fields=list(struct))
    )


def _table(kind: str, values: dict[str, Any]) -> Any:
    rows = len(next(iter(values.values()))) if values else 0
    columns = []
    for field in schema(kind):
        given = values.get(field.name)
        if given is None and pa.types.is_list(field.type):
            columns.append(pa.array([[]] * rows, field.type))
        elif given is None:
            columns.append(pa.nulls(rows, field.type))
        else:
            columns.append(given.cast(field.type) if isinstance(given, pa.Array) else pa.array(given, field.type))
    return pa.Table.from_arrays(columns, schema=schema(kind))


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def run(folder: Path, actors: int, repeats: int) -> tuple[list[float], list[float]]:
    """Return the seconds of each turn of the two."""
    codes = [f"S{n:02}" for n in range(actors)]
    part = next((folder / "parts").glob("*/events.parquet"))

    def align() -> None:
        with Store.open(folder) as store:
            ties = store.ties(codes, period="week")
            dyad_scores(ties, by_period=True)

    def plain() -> None:
        duckdb.connect().sql(PLAIN, params={"file": str(part)}).to_arrow_table()

    found: tuple[list[float], list[float]] = ([], [])
    for _ in range(repeats):
        found[0].append(timed(align))
        found[1].append(timed(plain))
        print(f"align {found[0][-1]:.2f} s, group by {found[1][-1]:.2f} s", file=sys.stderr)
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    options = argparse.ArgumentParser(description="Time weekly alignment beside a plain GROUP BY.")
    options.add_argument("--events", type=int, default=1_000_000)
    options.add_argument("--actors", type=int, default=40)
    options.add_argument("--repeats", type=int, default=5)
    options.add_argument("--write", action="store_true", help="write the result into docs/benchmarks.md")
    chosen = options.parse_args(arguments)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "store"
        simulate(folder, chosen.events, chosen.actors)
        align, plain = run(folder, chosen.actors, chosen.repeats)
    # Each against the plain one of its own turn: what else the machine does slows both.
    over = float(np.median([a - AT_MOST_TIMES * p for a, p in zip(align, plain, strict=True)]))
    rows = [
        "| | median seconds | as a multiple |", "| --- | --- | --- |",
        f"| weekly alignment | {np.median(align):.2f} | {np.median(align) / np.median(plain):.2f} |",
        f"| plain GROUP BY | {np.median(plain):.2f} | 1 |", "",
        f"Alignment takes {over:.2f} s more than the GROUP BY (at most {AT_MOST_SECONDS:.0f}). "
        f"{chosen.events:,} events, "
        f"{chosen.actors} actors, 522 weeks, {chosen.repeats} turns. {machine()}, {date.today().isoformat()}.",
    ]  # fmt: skip
    content = "\n".join(rows)
    print(content)
    if chosen.write:
        page = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(_MARKED.sub(lambda m: f"{m[1]}\n{content}\n\n{m[2]}", page), encoding="utf-8")
    if over > AT_MOST_SECONDS:
        print(f"Weekly alignment takes {over:.2f} s more than a plain GROUP BY.", file=sys.stderr)
    return int(over > AT_MOST_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
