"""How each task of `communique evaluate` is scored: a gold file -> measures, predictions, what was wrong."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from communique.errors import InputError

if TYPE_CHECKING:
    from communique.coding.verdict import Verdict
    from communique.evaluation.relation import GoldPair
    from communique.pipeline import Coder

_MOST_SAID = 80  # characters


@dataclass(frozen=True, slots=True)
class Scored:
    """What a task gives: measures by name, the predictions in the gold's own form, and a line for each fault.

    `labels` and `matrix` are the confusion matrix of tasks that give one of some labels: a row for each wanted label,
    with how often each label was given, and last how often none was.
    """

    measures: Mapping[str, str]
    predicted: Iterable[Mapping[str, Any]]
    faults: Sequence[str]
    labels: Sequence[str] = ()
    matrix: Sequence[tuple[str, Sequence[int]]] = ()


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
    return Scored({"right": _share(right, len(results))}, predicted, faults)


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
    return Scored(measures, predicted, faults)


def _dates(coder: Coder, gold: Path) -> Scored:
    from communique.evaluation.dates import date_scores

    scores = date_scores(gold, coder.parser, coder.times)
    faults = [
        f"{w.row.sentence} ({w.row.published or 'no day'}): wanted {w.row.text or 'nothing'} "
        f"{w.row.start}..{w.row.end} {w.row.precision}, got "
        + ("; ".join(f"{d.text} {d.start}..{d.end} {d.precision}" for d in w.found) or "nothing")
        for w in scores.wrong
    ]
    return Scored({"right": _share(scores.right, scores.total)}, [], faults)


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
    return Scored(measures, predicted, faults)


def _share(right: int, total: int) -> str:
    return f"{right / total if total else 0.0:.3f}  ({right} of {total})"


def _relation(coder: Coder, gold: Path) -> Scored:
    from communique.evaluation.labels import score
    from communique.evaluation.relation import LABELS, QUADS, parse_relation, quads, relations

    rows = _pairs(gold, parse_relation, "`text`, `source` and `target` as lists of [start, end], `label`")
    verdicts = relations(coder, rows)
    pairs = [(row.label, verdict.label) for row, verdict in zip(rows, verdicts, strict=True)]
    by_quad = score(quads(pairs), list(QUADS))
    return _labelled(rows, verdicts, LABELS, {"quads macro-F1": f"{by_quad.macro_f1:.3f}"})


def _stance(coder: Coder, gold: Path) -> Scored:
    from communique.evaluation.relation import STANCES, parse_stance, stances

    rows = _pairs(gold, parse_stance, "`text`, `a` and `b` as [start, end], `label`")
    return _labelled(rows, stances(coder, rows), STANCES, {})


def _pairs(gold: Path, parse: Callable[[Mapping[str, Any], int], GoldPair], form: str) -> list[GoldPair]:
    rows: list[GoldPair] = []
    for line, row in gold_rows(gold):
        try:
            rows.append(parse(row, len(rows)))
        except (KeyError, TypeError, ValueError) as error:
            cause = f"no field {error}" if isinstance(error, KeyError) else error
            raise InputError(f"{gold}:{line}: {cause}. A line wants {form}.") from error
    return rows


def _labelled(
    rows: Sequence[GoldPair], verdicts: Sequence[Verdict], labels: Sequence[str], more: Mapping[str, str]
) -> Scored:
    from communique.evaluation.labels import confusion, score

    pairs = [(row.label, verdict.label) for row, verdict in zip(rows, verdicts, strict=True)]
    scores = score(pairs, labels)
    wrong = [(v.confidence, r, v) for r, v in zip(rows, verdicts, strict=True) if r.label != v.label]
    faults = [
        f"{confidence:.2f} {r.id}: wanted {r.label}, got {v.label or 'nothing'}{f' ({v.by})' if v.by else ''}: "
        f"{_said(r, r.first)} | {_said(r, r.second)} | {r.text}"
        for confidence, r, v in sorted(wrong, key=lambda w: -w[0])
    ]
    measures = {
        "macro-F1": f"{scores.macro_f1:.3f}",
        "micro-F1": f"{scores.micro_f1:.3f}  ({scores.right} of {scores.total})",
        **more,
        **{
            label: f"{f1:.3f}  (precision {precision:.3f}, recall {recall:.3f}, {count} rows)"
            for label, (precision, recall, f1, count) in scores.by_label.items()
        },
    }
    predicted = [{"id": r.id, "prediction": v.label} for r, v in zip(rows, verdicts, strict=True)]
    return Scored(measures, predicted, faults, labels, confusion(pairs, labels))


def _said(row: GoldPair, spans: Sequence[tuple[int, int]]) -> str:
    return " + ".join(repr(row.text[start:end]) for start, end in spans)


SCORERS: Mapping[str, Callable[[Coder, Path], Scored]] = {
    "actors": _actors, "attribution": _attribution, "dates": _dates, "places": _places,
    "relation": _relation, "stance": _stance,
}  # fmt: skip
"""By the name of the task."""
