"""The labels of the three tasks, in the order of the model's answers."""

from __future__ import annotations

RELATIONS = (
    "AGREE", "CONSULT", "SUPPORT", "COOPERATE", "AID", "YIELD", "REQUEST", "ACCUSE", "REJECT", "THREATEN",
    "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT",
)  # fmt: skip
STATUSES = ("actual", "planned", "hypothetical", "denied")
STANCES = ("neutral", "a+b", "b+a", "a-b", "b-a")
SWAPPED = {"neutral": "neutral", "a+b": "b+a", "b+a": "a+b", "a-b": "b-a", "b-a": "a-b"}
# PLOVER's two types of giving way are one label in the gold files.
YIELD = {"CONCEDE": "YIELD", "RETREAT": "YIELD"}
# Between these the source's side is often the target's too, so that swapped parties prove nothing.
MUTUAL = frozenset({"AGREE", "CONSULT", "COOPERATE", "SUPPORT"})
