"""Corrections of a store as gold for `communique evaluate`."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from communique.cli.scorers import Scored
from communique.errors import InputError
from communique.records import Coding, Record, Report, to_dict

if TYPE_CHECKING:
    from communique.evaluation.proportions import Share
    from communique.settings import Settings
    from communique.store import Correction


def corrections(settings: Settings, gold: Path) -> Scored:
    """Return how often what people judged was right, and of a store what the program gives of it by now.

    Raises InputError for a file that holds no corrections.
    """
    from communique.evaluation.judged import again, judged_of, precision
    from communique.store import Store

    reports: dict[str, Report] = {}
    if gold.is_dir():
        with Store.open(gold) as store:
            lines = store.corrections()
            judged, added = judged_of(lines)
            reports = store.reports({each.report for each in lines})
    else:
        judged, added = judged_of(_read(gold))
    if not judged and not added:
        raise InputError(f"Nothing in {str(gold)!r} was judged. `communique correct` and the page judge records.")
    measures = {("right" if n == "all" else n): _told(share) for n, share in precision(judged).items() if share.number}
    faults = [f"{j.record.id}: judged wrong by {j.who}: {_said(j.record)}" for j in judged if not j.right]
    measures["missed, added by hand"] = str(len(added))
    if reports:
        from communique.pipeline import load

        coder = load(settings=settings)

        def code(report: Report) -> Coding:
            return coder(
                report.text, published=report.published, title=report.title, outlet=report.outlet, url=report.url
            )

        now = again(judged, added, reports, code)
        measures["now: right ones found"] = f"{sum(now.right)} of {len(now.right)}"
        measures["now: wrong ones given"] = f"{sum(now.wrong)} of {len(now.wrong)}"
        faults += [f"{record.id}: not found now: {_said(record)}" for record in now.missed]
        faults += [f"{record.id}: given again: {_said(record)}" for record in now.repeated]
    predicted = [{**to_dict(j.record), "right": j.right} for j in judged]
    return Scored(measures, predicted, faults)


def _read(gold: Path) -> list[Correction]:
    from communique.store.corrections import from_plain

    found = []
    for number, line in enumerate(gold.read_text(encoding="utf-8").split("\n"), 1):
        if line.strip():
            try:
                found.append(from_plain(orjson.loads(line)))
            except (orjson.JSONDecodeError, InputError) as error:
                raise InputError(f"{gold}:{number}: {error}") from None
    return found


def _told(share: Share) -> str:
    value = "–" if math.isnan(share.share) else f"{share.share:.3f}"
    return f"{value}  ({share.right} of {share.number}, 95 % interval {share.low:.3f} to {share.high:.3f})"


def _said(record: Record) -> str:
    plain = to_dict(record)
    roles = ("actors", "recipients", "speakers", "holders", "toward")
    who = {role: [a["code"] or a["text"] for a in plain[role]] for role in roles if plain.get(role)}
    return f"{record.kind} {plain.get('type') or plain.get('stance') or ''} {who}"
