"""How often an event such as this one is right: a logistic function of how it was found.

The weights are fitted by `tools/calibrate.py` on events that were judged by hand or whose parties and type a gold file
gives; what they predict on sentences left out stands in docs/benchmarks.md. A record's confidence depends on nothing
but the record and the way it was found.
"""

from __future__ import annotations

import math

from communique.coding.drafts import EventDraft

Features = tuple[float, ...]
NAMES = (
    "always", "longer pattern", "event noun", "no other side", "doer is a pronoun", "doer without a state",
    "other side without a state", "not actual", "composed", "rival pattern", "hinted", "joint", "force",
)  # fmt: skip
# Fitted on 2026-11-28; in the order of NAMES.
WEIGHTS: Features = (1.81, 0.26, -0.77, -0.99, 0.03, -1.39, -0.33, -1.17, 0.27, -0.72, 0.0, -0.7, -0.72)
_LEAST, _MOST = 0.02, 0.98
_FORCE = frozenset({"ASSAULT", "COERCE", "SANCTION", "MOBILIZE", "PROTEST"})


def features(d: EventDraft) -> Features:
    """Return what is known of how an event was found, in the order of NAMES."""
    s = d.context.sentence
    p = d.predicate
    length = len(p.pattern.chain)
    rivals = {o.cls.type for o in p.others if len(o.chain) == length} - {p.cls.type, ""}
    pronouns = [h for h in d.actors.heads if s.tags[h] in ("PRP", "PRP$")]
    return tuple(float(x) for x in (
        1, min(length, 4) - 1, p.kind == "noun", not d.recipients and len(d.actors.actors) < 2, bool(pronouns),
        not any(a.code for a in d.actors.actors), bool(d.recipients) and not any(a.code for a in d.recipients.actors),
        d.status != "actual", d.deed is not None, bool(rivals), d.implicit, len(d.actors.actors) > 1, d.type in _FORCE,
    ))  # fmt: skip


def confidence(d: EventDraft) -> float:
    """Return how often an event found in this way is right, from 0 to 1, to two digits.

    Where the learned judge decided, its own probability is the bound: what it is unsure of nobody else vouches for.
    """
    score = sum(w * x for w, x in zip(WEIGHTS, features(d), strict=True))
    likely = 1.0 / (1.0 + math.exp(-score))
    if d.judged is not None:
        likely = min(likely, d.judged)
    return round(min(max(likely, _LEAST), _MOST), 2)
