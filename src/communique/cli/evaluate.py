"""`communique evaluate`: score the program against a gold file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from communique.cli import render
from communique.cli import text as say
from communique.cli.options import Knowledge, settings_of
from communique.errors import InputError

if TYPE_CHECKING:
    from communique.pipeline import Coder

_MOST_WRONG = 40
_MOST_SAID = 80  # characters


class Task(StrEnum):
    """What is scored."""

    actors = "actors"
    attribution = "attribution"
    dates = "dates"
    places = "places"


def evaluate(
    task: Annotated[Task, typer.Argument(help="What is scored.")],
    gold: Annotated[Path, typer.Argument(metavar="GOLD", help="The gold file: one JSON object a line; dates: CSV.")],
    predictions: Annotated[
        Path | None, typer.Option(metavar="OUT", help="Write what was predicted, one JSON object a line.")
    ] = None,
    wrong: Annotated[bool, typer.Option("--wrong", help="List what was wrong.")] = False,
    knowledge: Knowledge = None,
) -> None:
    """Score the program against a gold file.

    Prints the measures of the task (explained in the documentation, under *Benchmarks*), each with its counts.
    `actors`: the share of phrases whose country and sector are right. `places`: recall, accuracy within 161 km of those
    found, and their product. `dates`: the share of phrases whose interval is right. `attribution`: F1 of the characters
    inside what is said, and of attributions.

    Examples:

    - `communique evaluate actors phrases.jsonl --wrong`

    - `communique evaluate places places.jsonl --predictions out.jsonl`
    """
    from communique.pipeline import load

    if not gold.is_file():
        form = "a CSV table of dates" if task is Task.dates else "a file with one JSON object a line"
        raise InputError(f"No gold file {str(gold)!r}. Give {form}.")
    if predictions is not None and task is Task.dates:
        raise InputError("A table of dates has no predictions to write. Use --wrong.")
    coder = load(settings=settings_of(knowledge))
    measures, rows, faults = _SCORERS[task](coder, gold)
    if predictions is not None:
        predictions.write_text("".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows), encoding="utf-8")
    console = render.console()
    grid = Table.grid(padding=(0, 2))
    for name, value in measures.items():
        grid.add_row(name, value)
    render.show(console, grid)
    for line in faults[:_MOST_WRONG] if wrong else ():
        console.print(say.clean(line), markup=False, highlight=False, soft_wrap=True)
    if wrong and len(faults) > _MOST_WRONG:
        where = "" if task is Task.dates else "; --predictions has all that was predicted"
        console.print(f"... and {len(faults) - _MOST_WRONG} more{where}.", style="dim")


Scored = tuple[Mapping[str, str], Iterable[Mapping[str, Any]], list[str]]
"""Measures by name, the predictions in the gold's form, and a line for each fault."""


def gold_rows(path: Path) -> list[tuple[int, dict[str, Any]]]:
    """Return the objects of a JSONL file with their lines; raises InputError with the line for one that is none."""
    rows = []
    # Not `splitlines`: a line separator (U+2028) inside a JSON string ends no line.
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise InputError(f"{path}:{number}: {error.msg}. Write one JSON object a line.") from None
        if not isinstance(row, dict) or not isinstance(row.get("text"), str):
            raise InputError(f"{path}:{number}: the object has no field 'text'. See the form of the gold files.")
        rows.append((number, row))
    return rows


def _actors(coder: Coder, gold: Path) -> Scored:
    from communique.evaluation.actors import evaluate_actors

    results = evaluate_actors(coder, [row for _, row in gold_rows(gold)])
    right = sum(r.right for r in results)
    faults = [
        f"{r.text!r}: wanted {r.wanted.get('country')} {r.wanted.get('sector')}, "
        f"got {r.country or '-'} {r.sector or '-'}"
        for r in results
        if not r.right
    ]
    predicted = [{"id": r.wanted.get("id", n), "prediction": r.prediction} for n, r in enumerate(results)]
    return {"right": _share(right, len(results))}, predicted, faults


def _attribution(coder: Coder, gold: Path) -> Scored:
    from communique.evaluation.attribution import attributions_of, missed, parse_attribution, score, to_prediction

    wanted = []
    for line, row in gold_rows(gold):
        try:
            wanted.append((line, row, [parse_attribution(a) for a in row["attributions"]]))
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise InputError(
                f"{gold}:{line}: a line wants `text` and `attributions` with `source`, `cue` and `content`, "
                f"each a list of [start, end] ({error})."
            ) from error
    pairs, predicted, faults = [], [], []
    for number, (line, row, attributions) in enumerate(wanted):
        found = attributions_of(coder.statements(row["text"]))
        pairs.append((attributions, found))
        predicted.append({"id": row.get("id", number), "prediction": [to_prediction(a) for a in found]})
        at = f"{gold.name}:{line}"
        faults += [f"{at}: missed {said[:_MOST_SAID]!r}" for said in missed(row["text"], attributions, found)]
    scores = score(pairs)
    measures = {
        f"{name} {what}": f"{getattr(part, what):.3f}"
        for name, part in (("content", scores.content), ("attributions", scores.attributions))
        for what in ("precision", "recall", "f1")
    }
    return measures, predicted, faults


def _dates(coder: Coder, gold: Path) -> Scored:
    from communique.evaluation.dates import date_scores

    scores = date_scores(gold, coder.parser, coder.times)
    faults = [
        f"{w.row.sentence} ({w.row.published or 'no day'}): wanted {w.row.text or 'nothing'} "
        f"{w.row.start}..{w.row.end} {w.row.precision}, got "
        + ("; ".join(f"{d.text} {d.start}..{d.end} {d.precision}" for d in w.found) or "nothing")
        for w in scores.wrong
    ]
    return {"right": _share(scores.right, scores.total)}, [], faults


def _places(coder: Coder, gold: Path) -> Scored:
    from communique.evaluation.places import distance_km, misses, points_of, read_gold, score, to_prediction

    texts = list(read_gold(gold))
    found = [points_of(coder.places(t.text, t.published)) for t in texts]
    scores = score((t.points, p) for t, p in zip(texts, found, strict=True))
    measures = {
        "recall": f"{scores.recall:.3f}  ({scores.found} of {scores.gold})",
        "accuracy@161km": f"{scores.accuracy:.3f}  ({scores.near} of {scores.found})",
        "product": f"{scores.product:.3f}",
    }
    faults = [
        f"{t.id}: {t.text[wanted.span[0] : wanted.span[1]]!r} wanted at {wanted.lat:.2f} {wanted.lon:.2f}, "
        + (f"put at {put.lat:.2f} {put.lon:.2f} ({put.name}, {distance_km(wanted, put):.0f} km)" if put else "missed")
        for t, given in zip(texts, found, strict=True)
        for wanted, put in misses(t.points, given)
    ]
    predicted = [{"id": t.id, "prediction": to_prediction(p)} for t, p in zip(texts, found, strict=True)]
    return measures, predicted, faults


def _share(right: int, total: int) -> str:
    return f"{right / total if total else 0.0:.3f}  ({right} of {total})"


_SCORERS = {Task.actors: _actors, Task.attribution: _attribution, Task.dates: _dates, Task.places: _places}
