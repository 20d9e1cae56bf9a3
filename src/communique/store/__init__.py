"""The store: records kept in a folder of Parquet parts under an SQLite catalogue, asked through DuckDB.

with Store.open_or_create("archive") as store:
    store.writer.add(codings, failures, inputs=inputs)
with Store.open("archive") as store:
    for event in store.query("events", Filters(dyad=("RUS", "CHN"), since="2022-02")):
        ...
"""

from communique.store.corrections import Correction
from communique.store.filters import Filters, Vocabulary
from communique.store.judgements import Draw, Drawn
from communique.store.ledger import Damage, Input, LedgerLine, LedgerSum, Outcome, Summary
from communique.store.merged import MergedEvent
from communique.store.paged import Page
from communique.store.rows import ReportSummary
from communique.store.search import Found
from communique.store.settling import Judged, Standing
from communique.store.store import Store
from communique.store.ties import CHANNELS, PERIODS, Stances, Ties
from communique.store.writer import Added, Writer

__all__ = [
    "CHANNELS",
    "PERIODS",
    "Added",
    "Correction",
    "Damage",
    "Draw",
    "Drawn",
    "Filters",
    "Found",
    "Input",
    "Judged",
    "LedgerLine",
    "LedgerSum",
    "MergedEvent",
    "Outcome",
    "Page",
    "ReportSummary",
    "Stances",
    "Standing",
    "Store",
    "Summary",
    "Ties",
    "Vocabulary",
    "Writer",
]
