"""Codings to a part on the disk: what any number of workers do at once, for the one writer to make visible."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from communique.records import Coding
from communique.store import parts as files
from communique.store.faults import reported
from communique.store.parts import PARTS, Part
from communique.store.rows import Rows, to_rows, to_tables


@dataclass(frozen=True, slots=True)
class Written:
    """A part on the disk that no transaction names yet, with the ids of its reports in order.

    `unfit` says of reports that no file can hold (half a surrogate pair in them) why, by id; they are not in the part,
    and there is no part where they were all. `skipped` says why some that are in it were not coded.
    """

    part: Part | None = None
    reports: tuple[str, ...] = ()
    unfit: Mapping[str, str] = field(default_factory=dict)
    skipped: Mapping[str, str] = field(default_factory=dict)


def write_codings(store: Path, codings: Iterable[tuple[Coding, str]]) -> Written:
    """Write codings, each with its story, as one part of the store in the folder `store`.

    The store's writer makes it visible (`Writer.commit`); a part that it never hears of is swept when the store is next
    opened for writing. Codings are taken one by one and not held. Raises StoreError; then nothing is left on the disk.
    """
    rows: list[Rows] = []
    reports: list[str] = []
    unfit: dict[str, str] = {}
    skipped: dict[str, str] = {}
    for coding, story in codings:
        try:
            rows.append(to_rows(coding, story))
        except TypeError as error:
            unfit[coding.report.id] = str(error)
        else:
            reports.append(coding.report.id)
            if coding.skipped:
                skipped[coding.report.id] = coding.skipped
    with reported(store, "write to"):
        part = files.write_part(store / PARTS, to_tables(rows)) if reports else None
    return Written(part, tuple(reports), unfit, skipped)
